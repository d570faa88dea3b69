"""Where many people stand, without holding each of them.

Most stand where others do, and what is said of it is held once. Whose a standing is, is put
together with it when somebody asks.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import overload

from cecert.domain.decision.gaps import Gaps
from cecert.domain.evidence.collection import Participant
from cecert.domain.evidence.standing import Standing, State

__all__ = ["Chosen", "Standings", "Stood", "states_of"]

_Found = tuple[State, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], Gaps | None]
"""What a standing says besides whose it is, in the order of its fields."""


class Standings(Sequence[Standing]):
    """Standings in an order, each put together when it is asked for."""

    def __init__(
        self,
        people: Sequence[Participant],
        found: Sequence[_Found],
        made: Mapping[int, Standing] | None = None,
    ) -> None:
        """Take where people stand.

        Args:
            people: Who they are.
            found: Where each of them stands.
            made: Standings that are held as a whole, by number.
        """
        self._made = made or {}
        self._people = people
        self._found = found

    @classmethod
    def of(cls, standings: Sequence[Standing]) -> Standings:
        """Return standings that were put together one by one."""
        if isinstance(standings, Standings):
            return standings
        stood = Stood(len(standings))
        for number, each in enumerate(standings):
            stood.put(number, each)
        return stood.standings([each.participant for each in standings])

    def by_state(self) -> Mapping[State, Sequence[Standing]]:
        """Return everybody by where they stand; every state is a key."""
        numbers = {state: array("L") for state in State}
        for number, each in enumerate(self._found):
            numbers[each[0]].append(number)
        return {state: Chosen(self, found) for state, found in numbers.items()}

    def in_order(self, place: Callable[[Standing], tuple[str, ...]]) -> Chosen:
        """Return all of them in the order of what *place* says of each."""
        places = [place(each) for each in self]
        return Chosen(self, array("L", sorted(range(len(self)), key=places.__getitem__)))

    def gaps(self) -> Iterator[Gaps]:
        """Go through what only people themselves can do."""
        return (gaps for *_, gaps in self._found if gaps is not None)

    def state(self, number: int) -> State:
        """Return where somebody stands, by the number."""
        return self._found[number][0]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Standing]:
        return map(self.__getitem__, range(len(self._found)))

    @overload
    def __getitem__(self, number: int) -> Standing: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Standing]: ...
    def __getitem__(self, number: int | slice) -> Standing | Sequence[Standing]:
        if isinstance(number, slice):
            return Chosen(self, array("L", range(*number.indices(len(self)))))
        return self._made.get(number) or Standing(self._people[number], *self._found[number])


class Chosen(Sequence[Standing]):
    """Some of all standings, in an order of their own."""

    def __init__(self, standings: Standings, numbers: array[int]) -> None:
        """Take all standings, and the numbers of some."""
        self._standings = standings
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Standing]:
        return map(self._standings.__getitem__, self._numbers)

    def states(self) -> Iterator[State]:
        """Go through where they stand, and put nobody's standing together."""
        return map(self._standings.state, self._numbers)

    @overload
    def __getitem__(self, place: int) -> Standing: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Standing]: ...
    def __getitem__(self, place: int | slice) -> Standing | Sequence[Standing]:
        if isinstance(place, slice):
            return Chosen(self._standings, self._numbers[place])
        return self._standings[self._numbers[place]]


def states_of(standings: Sequence[Standing]) -> Iterator[State]:
    """Go through the states of some standings."""
    if isinstance(standings, Chosen):
        return standings.states()
    return (each.state for each in standings)


class Stood:
    """Takes where people stand, one after the other."""

    def __init__(self, people: int, *, whole: bool = False) -> None:
        """Take how many they are, and whether each standing is held as a whole."""
        self._whole = whole
        self._made: dict[int, Standing] = {}
        self._found: list[_Found | None] = [None] * people
        self._known: dict[tuple[object, ...], _Found] = {}

    def put(self, number: int, it: Standing) -> None:
        """Take where somebody stands, by the number."""
        if self._whole:
            self._made[number] = it
        found = it.state, it.word, it.owes, it.said, it.credentials, it.gaps
        shared = it.gaps is None and not it.said
        self._found[number] = self._known.setdefault(found[:-1], found) if shared else found

    def standings(self, people: Sequence[Participant]) -> Standings:
        """Return the standings of everybody, all of whom were taken."""
        found = [each for each in self._found if each is not None]
        return Standings(people, found, self._made)
