"""Everybody in a collection: up to a few thousand as they were judged, of more each on demand.

What stands behind a person is large, and follows from the connections, which are kept anyway. Of
a large meeting whoever is asked for after that is judged again; a table of everybody asks for no
more than was told of them.
"""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Protocol, overload

from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Participant, Registrant

__all__ = ["KEPT", "People", "Waiting"]

KEPT = 5_000
"""People of the largest collection that keeps them as they were judged."""


Told = tuple[tuple[str, ...], tuple[str, ...], AttendanceStatus, str]
"""The codes of somebody's sessions, which of them were attended, the status, and why."""


class Waiting(Protocol):
    """Where pieces wait until they are asked for."""

    def put_all(self, pieces: Sequence[bytes]) -> list[int]:
        """Let pieces wait, and return their places."""
        ...

    def get(self, place: int) -> bytes:
        """Return the piece at a place."""
        ...


class People(Sequence[Participant]):
    """Participants in the registrations' order; who is not kept is judged once more when asked."""

    def __init__(
        self,
        registrants: Sequence[Registrant],
        judged: Callable[[int], Participant],
        waiting: Waiting | None = None,
    ) -> None:
        """Take who is registered, and what judges them.

        Args:
            registrants: Everybody, in order.
            judged: Returns a participant by the number; always the same for the same number.
            waiting: Where waits what was told of those who are not kept; None to keep everybody.
        """
        self._registrants = registrants
        self._judged = judged
        self._waiting = waiting
        self._kept: dict[int, Participant] = {}
        self._asked: dict[int, Participant] = {}
        self._places = array("Q", [0]) * len(registrants)

    def take(self, judged: Sequence[tuple[int, Participant]]) -> None:
        """Take people as judged, by number; everybody is taken before anybody is asked for."""
        self._asked.update(each for each in judged if each[1].review)
        rest = [each for each in judged if not each[1].review]
        if self._waiting is None or len(self) <= KEPT:
            self._kept.update(rest)
            return
        places = self._waiting.put_all([_told(person) for _, person in rest])
        for (number, _), place in zip(rest, places, strict=True):
            self._places[number] = place

    @property
    def kept(self) -> int:
        """How many are held as they were judged."""
        return len(self._kept) + len(self._asked)

    @property
    def in_review(self) -> tuple[Participant, ...]:
        """Those about whom a person is asked, in order; they are all kept."""
        return tuple(self._asked[each] for each in sorted(self._asked))

    def __len__(self) -> int:
        return len(self._registrants)

    @overload
    def __getitem__(self, number: int) -> Participant: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Participant]: ...
    def __getitem__(self, number: int | slice) -> Participant | Sequence[Participant]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        place = number if number >= 0 else len(self) + number
        found = self._kept.get(place) or self._asked.get(place)
        if found is not None:
            return found
        if not 0 <= place < len(self):
            raise IndexError(number)
        return _ToldOf(self, place)

    def registrant(self, number: int) -> Registrant:
        """Return who somebody is, as registered."""
        return self._registrants[number]

    def whole(self, number: int) -> Participant:
        """Return somebody as judged, once more."""
        return self._judged(number)

    def told(self, number: int) -> Told:
        """Return what was told of somebody who is not kept."""
        assert self._waiting is not None  # noqa: S101 - else everybody is kept
        packed = self._waiting.get(self._places[number])
        codes, attended, status, why = marshal.loads(packed)  # noqa: S302 - it is our own
        return codes, attended, AttendanceStatus(status), why

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of every sequence that is compared


def _told(person: Participant) -> bytes:
    return marshal.dumps((person.codes, person.attended, person.status.value, person.why))


class _ToldOf(Participant):
    """Somebody of whom is known what was told; what stands behind it is judged when asked for."""

    __slots__ = ("_known", "_number", "_people")
    _known: Told
    _number: int
    _people: People

    def __init__(self, people: People, number: int) -> None:
        _SET(self, "_people", people)
        _SET(self, "_number", number)

    @property
    def codes(self) -> tuple[str, ...]:
        return self._known[0]

    @property
    def status(self) -> AttendanceStatus:
        return self._known[2]

    @property
    def why(self) -> str:
        return self._known[3]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a field that is not known yet
        if name == "_known":
            _SET(self, name, self._people.told(self._number))
        elif name == "registrant":
            _SET(self, name, self._people.registrant(self._number))
        elif name == "identity":
            _SET(self, name, self.registrant.identity)
        elif name == "attended":
            _SET(self, name, self._known[1])
        elif name == "review":
            _SET(self, name, "")  # else the person is kept
        elif name in Participant.__slots__:
            whole = self._people.whole(self._number)
            for each in Participant.__slots__:
                _SET(self, each, getattr(whole, each))
        else:
            raise AttributeError(name)
        return object.__getattribute__(self, name)


_SET = object.__setattr__
