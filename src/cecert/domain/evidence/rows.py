"""The rows of all reports, each once, by time, and what is asked of all of them.

A row is made where it is asked for; when, where and who is shown stands in columns.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import Any, overload

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.connection_table import ConnectionTable, Kept
from cecert.domain.evidence.connections import Connection
from cecert.domain.people.note_takers import is_note_taker

__all__ = ["Rows"]

Place = Callable[[Stay], tuple[Any, ...]]
"""Returns the sessions of a stay."""


class Rows(Sequence[Connection]):
    """Connections in an order, by numbers from 0.

    Attributes:
        firsts: The first row of everybody who is shown, in the order of the rows.
    """

    def __init__(self, parts: Sequence[Sequence[Connection]]) -> None:
        """Take the rows of each report, and order nothing yet."""
        self._table, self._parts = _put_together(parts)
        self._order = array("I", chain.from_iterable(self._parts))
        self._codes: dict[tuple[Any, ...], int] = {}
        self._placed = array("I")
        self.firsts = self._first_shown()

    @classmethod
    def by_time(cls, parts: Sequence[Sequence[Connection]], place: Place) -> Rows:
        """Return the rows of reports by time, each once: two exports of one meeting repeat them.

        Args:
            parts: The rows of each report.
            place: Says which sessions a row is of.
        """
        rows = cls(parts)
        rows._put(place)
        rows._order = array("I", rows._distinct())
        rows.firsts = rows._first_shown()
        return rows

    def _put(self, place: Place) -> None:
        """Note in which sessions each row was."""
        stay, codes = self._table.stay, self._codes
        self._placed = array("I", [0]) * len(self._table)
        for row in self._order:
            self._placed[row] = codes.setdefault(place(stay(row)), len(codes))

    def _distinct(self) -> Iterator[int]:
        # Two rows of one mark joined at the same time: only those are held against each other.
        marks = self._table.marks
        for together in self._table.by_time(self._order):
            seen: set[int] = set()
            for each in together:
                if marks[each] not in seen:
                    seen.add(marks[each])
                    yield each

    def _first_shown(self) -> array[int]:
        shown = bytearray(self.people)
        firsts = array("I")
        for number, who in enumerate(self.whos()):
            if not shown[who]:
                shown[who] = 1
                firsts.append(number)
        return firsts

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, number: int) -> Connection: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Connection]: ...
    def __getitem__(self, number: int | slice) -> Connection | Sequence[Connection]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        return self._table.connection(self._order[number])

    def several(self, numbers: Iterable[int]) -> Iterator[Connection]:
        """Go through some rows by their numbers."""
        return map(self._table.connection, map(self._order.__getitem__, numbers))

    @property
    def people(self) -> int:
        """How many numbers there are for who is shown."""
        return len(self._table.said)

    def who(self, number: int) -> int:
        """Return the number of who a row shows: the same for rows that say the same of it."""
        return self._table.whos[self._order[number]]

    def whos(self) -> Iterator[int]:
        """Go through the numbers of who the rows show, in their order."""
        return map(self._table.whos.__getitem__, self._order)

    def by_who(self) -> tuple[array[int], array[int]]:
        """Return the numbers of the rows by who they show, and where those of each begin.

        Those of the next begin where they end.
        """
        begins = array("I", [0]) * (self.people + 1)
        for who in self.whos():
            begins[who + 1] += 1
        begins = array("I", accumulate(begins))
        numbers, next_ = array("I", [0]) * len(self), begins[:]
        for number, who in enumerate(self.whos()):
            numbers[next_[who]] = number
            next_[who] += 1
        return numbers, begins

    def shown_name(self, number: int) -> str:
        """Return the display name of a row."""
        return self._table.said[self.who(number)][0]

    def programs_in(self, part: int) -> list[str]:
        """Return the names of programs that take notes in a report, each once, in its order."""
        said, programs = self._table.said, self.programs
        named = (said[who][0] for who in self._shown_in(part) if who in programs)
        return list(dict.fromkeys(named))

    @cached_property
    def programs(self) -> frozenset[int]:
        """The numbers of those who are shown and are programs that take notes."""
        said = enumerate(self._table.said)
        return frozenset(who for who, (name, *_) in said if is_note_taker(name))

    def ids_in(self, part: int) -> Iterator[str]:
        """Go through the platform's and the registration's ids in a report, in its order."""
        return (each for who in self._shown_in(part) for each in self._table.ids(who) if each)

    def _shown_in(self, part: int) -> Iterable[int]:
        """Go through those who are shown in a report, each once."""
        rows = self._parts[part]
        return dict.fromkeys(self._table.whos[rows.start : rows.stop])

    def sessions_in(self, part: int) -> set[str]:
        """Return the ids of the sessions that some row of a report is of."""
        rows = self._parts[part]
        codes = set(self._placed[rows.start : rows.stop])
        return {each.id for found, code in self._codes.items() if code in codes for each in found}

    @property
    def placed(self) -> bool:
        """Whether it is known which sessions a row is of."""
        return bool(self._placed)

    @cached_property
    def _found(self) -> list[tuple[Any, ...]]:
        return list(self._codes)

    def sessions(self, number: int) -> tuple[Any, ...]:
        """Return the sessions that a row is of."""
        return self._found[self._placed[self._order[number]]]

    def _in(self, session: str) -> Iterator[int]:
        of = [any(each.id == session for each in found) for found in self._codes]
        placed = self._placed
        return (row for row in self._order if of[placed[row]])

    def marks_in(self, session: str) -> list[str]:
        """Return the marks of the rows of a session, in their order."""
        return [f"{self._table.marks[row]:016x}" for row in self._in(session)]

    def certain_in(self, session: str) -> Iterator[tuple[float, float]]:
        """Go through when rows of a session surely began and ended: seconds since 1970.

        Waiting rooms are left out, and rows without a leave.
        """
        found = map(self._table.certain, self._in(session))
        return (each for each in found if each is not None)


def _put_together(
    parts: Sequence[Sequence[Connection]],
) -> tuple[ConnectionTable, Sequence[range]]:
    """Return the one table that has the rows of all reports, and which of its rows are whose."""
    kept = [each for each in parts if isinstance(each, Kept)]
    table = kept[0].table if kept else ConnectionTable()
    if len(kept) < len(parts) or any(each.table is not table for each in kept):
        table = ConnectionTable()
        kept = [table.kept(each) for each in parts]
    return table, [each.rows for each in kept]
