"""The connections of all reports in packed columns: each is made again when it is asked for.

A hundred thousand of them take three megabytes so. What many have in common is held once, and a
column has its number: who is shown, the two bounds of an instant, the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.connections import Connection

__all__ = ["ConnectionTable", "Kept", "Said"]

Value = TypeVar("Value")

Bounds = tuple[datetime, datetime]
"""Earliest and latest instant."""

Said = tuple[str, str, str, tuple[Any, ...]]
"""What a row says of whose it is: display name, address, platform id, and all that few say."""

_FEW = (
    "account", "registrant_id", "further_emails", "possible_emails", "further_names", "licenses",
)  # fmt: skip
_few_of = attrgetter(*_FEW)
_NOTHING_MORE = ("", "", (), (), (), ())

_REGISTRANT = _FEW.index("registrant_id")
_WAITING = 4
"""Where it stands in what is common to many that they were in the waiting room."""


class _Numbered(Generic[Value]):
    """Values that many rows have in common, each once, by number from 0."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._known: dict[Value, int] = {}

    def number(self, value: Value) -> int:
        found = self._known.get(value)
        if found is None:
            found = self._known[value] = len(self.values)
            self.values.append(value)
        return found


class ConnectionTable:
    """Connections by numbers from 0, in the order in which they are put here.

    Attributes:
        whos: The number of who is shown, of each: the same for rows that say the same of it.
        marks: Their marks.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self.whos, self.marks = array("I"), array("Q")
        self._joined, self._left = array("I"), array("I")
        self._lines, self._forms = array("I"), array("I")
        self._said: _Numbered[Said] = _Numbered()
        self._bounds: _Numbered[Bounds | None] = _Numbered()
        self._common: _Numbered[tuple[Any, ...]] = _Numbered()

    def kept(self, connections: Iterable[Connection]) -> Kept:
        """Put connections here, and return them in their order."""
        begun = len(self)
        for each in connections:
            self._put(each)
        return Kept(self, range(begun, len(self)))

    def _put(self, it: Connection) -> None:
        stay = it.stay
        few = _few_of(it)
        self.whos.append(
            self._said.number(
                (it.shown_name, it.email, it.platform_id,
                 _NOTHING_MORE if few == _NOTHING_MORE else few)
            )
        )  # fmt: skip
        self.marks.append(int(it.mark, 16))
        self._joined.append(self._bounds.number(stay.joined))
        self._left.append(self._bounds.number(stay.left))
        self._lines.append(stay.line)
        named = None if stay.shown_name == it.shown_name else stay.shown_name
        self._forms.append(
            self._common.number(
                (stay.file, it.sha256, it.role, stay.sure, stay.waiting, stay.gaps_shown,
                 stay.within, named)
            )
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.marks)

    @property
    def said(self) -> Sequence[Said]:
        """What is said of everybody who is shown, by number."""
        return self._said.values

    def ids(self, who: int) -> tuple[str, str]:
        """Return what the platform calls somebody who is shown, and their registration."""
        _, _, platform_id, few = self.said[who]
        return platform_id, few[_REGISTRANT]

    def connection(self, row: int) -> Connection:
        """Return a connection, made again: equal to the one that was put here."""
        name, email, platform_id, few = self._said.values[self.whos[row]]
        _, sha256, role, *_ = self._common.values[self._forms[row]]
        made = _NEW(Connection)
        _name_of(made, name)
        _email_of(made, email)
        _id_of(made, platform_id)
        _stay_of(made, self.stay(row))
        _digest_of(made, sha256)
        _role_of(made, role)
        _mark_of(made, f"{self.marks[row]:016x}")
        account, registrant, further, possible, names, licenses = few
        _account_of(made, account)
        _registrant_of(made, registrant)
        _further_of(made, further)
        _possible_of(made, possible)
        _names_of(made, names)
        _licenses_of(made, licenses)
        return made

    def stay(self, row: int) -> Stay:
        """Return when a connection was, likewise."""
        file, _, _, sure, waiting, gaps_shown, within, named = self._common.values[self._forms[row]]
        made = _NEW(Stay)
        bounds = self._bounds.values
        _joined_of(made, bounds[self._joined[row]])
        _left_of(made, bounds[self._left[row]])
        _sure_of(made, sure)
        _waiting_of(made, waiting)
        _file_of(made, file)
        _line_of(made, self._lines[row])
        _shown_of(made, self._said.values[self.whos[row]][0] if named is None else named)
        _gaps_of(made, gaps_shown)
        _within_of(made, within)
        return made

    def certain(self, row: int) -> tuple[float, float] | None:
        """Return when a connection surely began and ended, in seconds since 1970.

        None for a waiting room, and for one without a leave.
        """
        bounds = self._bounds.values
        joined, left = bounds[self._joined[row]], bounds[self._left[row]]
        if joined is None or left is None or self._common.values[self._forms[row]][_WAITING]:
            return None
        return _seconds(joined[1]), _seconds(left[0])

    def by_time(self, rows: Iterable[int]) -> Iterator[list[int]]:
        """Go through rows by when they were joined, those of one time together.

        These are in the order of file, line and digest.
        """
        bounds, forms, lines = self._bounds.values, self._common.values, self._lines
        together: dict[int, list[int]] = {}
        for row in rows:
            together.setdefault(self._joined[row], []).append(row)

        def place(row: int) -> tuple[str, int, str]:
            file, digest = forms[self._forms[row]][:2]
            return file, lines[row], digest

        for joined in sorted(together, key=lambda number: bounds[number] or ()):
            yield sorted(together.pop(joined), key=place)


class Kept(Sequence[Connection]):
    """Some connections of a table, one after the other.

    Attributes:
        table: The table.
        rows: Their numbers in it.
    """

    def __init__(self, table: ConnectionTable, rows: range) -> None:
        """Take the table, and which of its rows."""
        self.table = table
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Connection: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Connection]: ...
    def __getitem__(self, place: int | slice) -> Connection | Sequence[Connection]:
        if isinstance(place, slice):
            return Kept(self.table, self.rows[place])
        return self.table.connection(self.rows[place])

    def __iter__(self) -> Iterator[Connection]:
        return map(self.table.connection, self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of every sequence that is compared


# Both were checked when they were read first.
_NEW = object.__new__

(_joined_of, _left_of, _sure_of, _waiting_of, _file_of, _line_of, _shown_of, _gaps_of,
 _within_of) = (
    getattr(Stay, each).__set__
    for each in ("joined", "left", "sure", "waiting", "file", "line", "shown_name", "gaps_shown",
                 "within")
)  # fmt: skip
(_name_of, _email_of, _id_of, _stay_of, _digest_of, _role_of, _mark_of, _account_of,
 _registrant_of, _further_of, _possible_of, _names_of, _licenses_of) = (
    getattr(Connection, each).__set__
    for each in ("shown_name", "email", "platform_id", "stay", "sha256", "role", "mark", *_FEW)
)  # fmt: skip


# Thousands come and go in the same second of a meeting.
@lru_cache(maxsize=8_192)
def _seconds(instant: datetime) -> float:
    return instant.timestamp()
