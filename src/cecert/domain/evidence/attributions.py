"""Connections with everybody they may belong to: of many, each is put together when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from cecert.domain.evidence.connections import Connection
from cecert.domain.evidence.directory import CONTRADICTION
from cecert.domain.evidence.rows import Rows
from cecert.domain.values.quick_making import quickly_made

__all__ = ["Attribution", "Attributions", "Candidate"]


@quickly_made
@dataclass(frozen=True, slots=True)
class Candidate:
    """A participant to whom a connection belongs, surely or possibly.

    Attributes:
        participant: Identity.
        sure: Whether it decides; else it only raises the question.
        why: By what, for the explanation: `e-mail address`.
    """

    participant: str
    sure: bool
    why: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Attribution:
    """A connection and everybody it may belong to; nobody means it is in the pool."""

    connection: Connection
    claims: tuple[Candidate, ...] = ()

    @property
    def sure_of(self) -> str:
        """The one participant it surely belongs to, or ""."""
        return next((each.participant for each in self.claims if each.sure), "")

    @property
    def is_identified(self) -> bool:
        """Whether something in it identifies somebody, though maybe it names another, too."""
        return any(each.sure or each.why.startswith(CONTRADICTION) for each in self.claims)


class Attributions(Sequence[Attribution]):
    """The rows of all reports with everybody they may belong to, each made when it is asked for.

    Attributes:
        rows: The rows.
    """

    def __init__(
        self,
        rows: Rows,
        claims: Sequence[tuple[Candidate, ...]],
        changed: Mapping[int, tuple[Candidate, ...]] | None = None,
    ) -> None:
        """Take the rows, and whose they are.

        Args:
            rows: The rows.
            claims: Whose the rows are, by the number of who they show.
            changed: Whose some rows are all the same, by their numbers.
        """
        self.rows = rows
        self._claims = claims
        self._changed = changed or {}

    @classmethod
    def of(cls, attributions: Sequence[Attribution]) -> Attributions:
        """Return attributions that were made one by one."""
        if isinstance(attributions, Attributions):
            return attributions
        rows = Rows((tuple(each.connection for each in attributions),))
        return cls(rows, (), dict(enumerate(each.claims for each in attributions)))

    def claims(self, number: int) -> tuple[Candidate, ...]:
        """Return everybody whom a row may belong to."""
        changed = self._changed.get(number) if self._changed else None
        return self._claims[self.rows.who(number)] if changed is None else changed

    def changed(self, claims: Mapping[int, tuple[Candidate, ...]]) -> Attributions:
        """Return the same rows, some of them with other claims."""
        return Attributions(self.rows, self._claims, {**self._changed, **claims})

    def by_participant(self) -> RowsOfPeople:
        """Return the rows by whom they may belong to."""
        return RowsOfPeople(self.rows, self._claims, self._changed)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, number: int) -> Attribution: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Attribution]: ...
    def __getitem__(self, number: int | slice) -> Attribution | Sequence[Attribution]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        return self.at(number if number >= 0 else len(self) + number)

    def several(self, numbers: Sequence[int]) -> list[Attribution]:
        """Return some rows by their numbers, from 0."""
        claims = map(self.claims, numbers)
        return [*map(Attribution, self.rows.several(numbers), claims)]

    def at(self, number: int) -> Attribution:
        """Return a row by its number, from 0."""
        return Attribution(self.rows[number], self.claims(number))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of every sequence that is compared


class RowsOfPeople:
    """The numbers of rows by whom they may belong to: a hundred thousand in one array."""

    def __init__(
        self,
        rows: Rows,
        claims: Sequence[tuple[Candidate, ...]],
        changed: Mapping[int, tuple[Candidate, ...]],
    ) -> None:
        """Sort the rows, as `Attributions` has them."""
        self._numbers, self._begins = rows.by_who()
        self._shown: dict[str, int | list[int]] = {}
        self._changed: dict[str, list[int]] = {}
        self._elsewhere = changed.keys()
        for who, found in enumerate(claims):
            for each in dict.fromkeys(it.participant for it in found) if found else ():
                held = self._shown.setdefault(each, who)
                if held != who:  # several names, or addresses, are somebody's
                    self._shown[each] = [*(held if isinstance(held, list) else [held]), who]
        for number, found in changed.items():
            for each in dict.fromkeys(it.participant for it in found):
                self._changed.setdefault(each, []).append(number)

    def of(self, participant: str) -> Sequence[int]:
        """Return the numbers of the rows that may be somebody's, in their order."""
        shown = self._shown.get(participant, ())
        if isinstance(shown, int) and not self._elsewhere:
            return self._of_whom(shown)
        whos = (shown,) if isinstance(shown, int) else shown
        found = [
            number for who in whos for number in self._of_whom(who) if number not in self._elsewhere
        ]
        return sorted([*found, *self._changed.get(participant, ())])

    def _of_whom(self, who: int) -> Sequence[int]:
        return self._numbers[self._begins[who] : self._begins[who + 1]]
