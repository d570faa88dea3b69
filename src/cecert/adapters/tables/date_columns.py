"""The one order in which a file, or a column of a list, means its dates and times.

`10/11/2020` is a date in October or in November. One cell cannot tell, but one with a value
over 12 says it for all of them. An export has one program's dates, so its order is found for
the whole file, and without proof the operator must say it; a list has columns that people
filled, so each column has its own, and its doubtful cells are named with both readings.
Where there is more than one order, nobody guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cecert.adapters.tables.dates import ORDERS, Stamp, parse_stamp
from cecert.domain.evidence.export import DateOrder, OrderKnownBy
from cecert.errors import AmbiguousDateError, Fault, InputError

__all__ = ["DateColumn", "Stamps", "read_dates"]

_NOT_A_TIME = frozenset({"", "-", "--", "---", "na", "n/a", "null", "none"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""An instant as machines write it (RFC 3339): its order is no question."""


class _Known(NamedTuple):
    """A stamp that was read: in a long report thousands of people share a second."""

    moment: datetime | None
    dated: bool
    resolution: int


_MOST_KNOWN = 16_384
"""Stamps that are kept: as many as a meeting of four hours has seconds."""


class Stamps:
    """Reads the stamps of one file in one order, and finds out whether it is the order.

    A reader asks for each stamp in turn and never for the order. Where the order turns
    out to be another, the file is read again.

    Attributes:
        order: The order in which it reads.
        faults: Cells that are no stamp, and whatever else a reader finds wrong.
        offsets: Offsets from UTC that stamps state.
        bare: Some stamp states none.
    """

    def __init__(self, name: str, order: DateOrder = DateOrder.MDY) -> None:
        """Read the stamps of the file *name* in *order*."""
        self.name = name
        self.order = order
        self.faults: list[Fault] = []
        self.offsets: set[timedelta] = set()
        self.bare = False
        self._first: dict[DateOrder, tuple[int, str] | None] = dict.fromkeys(DateOrder)
        self._dotted = True
        self._noted: set[tuple[tuple[int, int, int], bool]] = set()
        self._doubtful: tuple[int, str] | None = None
        self._loose = self._named = self._year_first = False
        self._known: dict[str, _Known] = {}

    def read(self, text: str, line: int, column: str = "") -> datetime | None:
        """Return the moment a cell means, None for a blank one or for what is none.

        What is none is a fault, told with all others when the file has been read.

        Args:
            text: The cell.
            line: Of the file, for faults.
            column: Its name, for faults; "" names none.
        """
        if (known := self._known.get(text)) is not None:
            return known.moment  # what is to be noted of it was noted where it stood first
        if text.casefold() in _NOT_A_TIME:
            return None
        stamp = parse_stamp(text)
        if stamp is None:
            self.fault(line, column, text, "is not a date and time")
            return None
        self._note(stamp, line, text)
        moment = stamp.at(self.order)
        if moment is None and not any(stamp.at(each) for each in DateOrder):
            self.fault(line, column, text, "is a day or an hour that does not exist")
        elif len(self._known) < _MOST_KNOWN:
            self._known[text] = _Known(moment, stamp.figures is not None, stamp.resolution)
        return moment

    def need(self, text: str, line: int, column: str) -> datetime | None:
        """Read a cell that must hold a moment: a blank one is a fault, too.

        Args:
            text: The cell.
            line: Of the file, for faults.
            column: Its name, for faults; "" names none.
        """
        moment = self.read(text, line, column)
        if moment is None and text.casefold() in _NOT_A_TIME:
            self.fault(line, column, "", "is empty")
        return moment

    def ends(self, join: str, leave: str, line: int) -> tuple[datetime | None, datetime | None]:
        """Read the two ends of a connection; times without a date may pass midnight.

        Args:
            join: The cell of the earlier end.
            leave: Of the later one, which may be blank.
            line: Of the file, for faults.
        """
        start, end = self.need(join, line, "join time"), self.read(leave, line, "leave time")
        if start is None or end is None or self.dated(leave):
            return start, end
        passed = end.time() < start.time()
        return start, end + timedelta(days=1) if passed else end

    def resolution_of(self, text: str) -> int:
        """Return to how many seconds a stamp is exact."""
        if (known := self._known.get(text)) is not None:
            return known.resolution
        stamp = parse_stamp(text)
        return 1 if stamp is None else stamp.resolution

    def dated(self, text: str) -> bool:
        """Say whether a stamp has a date."""
        if (known := self._known.get(text)) is not None:
            return known.dated
        stamp = parse_stamp(text)
        return stamp is not None and stamp.figures is not None

    def fault(self, line: int, column: str, text: str, problem: str) -> None:
        """Note what is wrong with a row.

        Args:
            line: Of the file.
            column: Its name, "" for the whole row.
            text: What stands there.
            problem: What is wrong with it; it continues a sentence.
        """
        where = f"{self.name}: line {line}" + (f", column {column}" if column else "")
        self.faults.append(Fault(where, text, problem))

    def _note(self, stamp: Stamp, line: int, text: str) -> None:
        if stamp.offset is not None:
            self.offsets.add(stamp.offset)
        elif stamp.timed and stamp.figures is not None:
            self.bare = True
        if stamp.order is not None:
            self._named |= stamp.named
            self._year_first |= not (stamp.named or _INSTANT.fullmatch(text.strip()))
            return
        if stamp.figures is None:
            return
        if (stamp.figures, stamp.dotted) in self._noted:
            return  # a date says the same of its order however often it stands there
        meant = {order: stamp.at(order) for order in DateOrder}
        if not any(meant.values()):
            return  # a fault, and no proof of an order
        self._noted.add((stamp.figures, stamp.dotted))
        self._loose = True
        self._dotted &= stamp.dotted
        for order, moment in meant.items():
            if moment is None and self._first[order] is None:
                self._first[order] = (line, text)
        if self._doubtful is None and meant[DateOrder.MDY] != meant[DateOrder.DMY]:
            self._doubtful = (line, text)

    def settled(self, stated: DateOrder | None) -> tuple[DateOrder | None, OrderKnownBy]:
        """Return the order of the file's dates, and how it is known.

        Args:
            stated: What the operator says, None for nothing.

        Raises:
            AmbiguousDateError: If both orders are possible and mean different days.
            InputError: If the file contradicts itself, or what the operator says.
        """
        if not self._loose:
            return self._sure()
        possible = [each for each in ORDERS if self._first[each] is None]
        if stated is not None:
            if self._first[stated] is not None:
                self._contradicted(stated)
            return stated, OrderKnownBy.STATED
        if not possible:
            self._contradictory()
        if len(possible) == 1:
            return possible[0], OrderKnownBy.A_VALUE_OVER_12
        if self._doubtful is None:
            return None, OrderKnownBy.THE_SAME
        if self._dotted:
            return DateOrder.DMY, OrderKnownBy.DOTS
        raise self._ambiguous(*self._doubtful)

    def _sure(self) -> tuple[DateOrder | None, OrderKnownBy]:
        if self._named:
            return None, OrderKnownBy.NAMED_MONTH
        if self._year_first:
            return DateOrder.YMD, OrderKnownBy.YEAR_FIRST
        return None, OrderKnownBy.NOTHING

    def _contradicted(self, stated: DateOrder) -> None:
        line, text = self._first[stated] or (0, "")
        remedy = f"it may be another order of dates{self._others()}"
        problem = f"is no date in the order {stated.value}"
        fault = Fault(f"{self.name}: line {line}", text, problem, remedy)
        raise InputError(
            f"{self.name} is not in the order {stated.value}",
            (fault,),
            hint="leave --date-order out, or state another",
        )

    def _others(self) -> str:
        fitting = [f"--date-order {each.value}" for each in DateOrder if not self._first[each]]
        return f": {' or '.join(fitting)}" if fitting else ""

    def _contradictory(self) -> None:
        faults = tuple(
            Fault(
                f"{self.name}: line {found[0]}", found[1], f"is no date in the order {each.value}"
            )
            for each, found in self._first.items()
            if found is not None and each in ORDERS
        )
        raise InputError(
            f"{self.name} has dates in two orders",
            faults,
            hint="two exports may have been pasted together; export the report again",
        )

    def _ambiguous(self, line: int, text: str) -> AmbiguousDateError:
        stamp = parse_stamp(text)
        meant: Mapping[str, datetime | None] = (
            {} if stamp is None else {each.value: stamp.at(each) for each in ORDERS}
        )
        told = " or ".join(f"{moment:%Y-%m-%d} ({order})" for order, moment in meant.items())
        fault = Fault(f"{self.name}: line {line}", text, f"is ambiguous: it is {told}")
        return AmbiguousDateError(
            f"AMBIGUOUS_DATE: no date in {self.name} tells the order of day and month",
            (fault,),
            orders=(*meant, *([] if self._first[DateOrder.YMD] else [DateOrder.YMD.value])),
            hint="say it with --date-order MDY or --date-order DMY",
        )


_WORDS: Mapping[DateOrder, str] = {
    DateOrder.MDY: "month/day/year",
    DateOrder.DMY: "day/month/year",
    DateOrder.YMD: "year/month/day",
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
_NO_DATE = "is not a date such as 2020-10-30, or 2020-10-30T09:00:00-04:00"
_OTHER_ORDER = "is in another order of day and month than other dates of the column"


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A column of a list as it was read.

    Attributes:
        moments: One a cell: the date, the aware date-time, or None.
        problems: One a cell: what is wrong with it, or "".
        order: The order it was read in, None where no date needs one.
        local: Some cell gave a time without an offset; it was taken as the course's.
    """

    moments: tuple[date | datetime | None, ...]
    problems: tuple[str, ...]
    order: DateOrder | None = None
    local: bool = False

    def notes(self, column: str, zone: ZoneInfo) -> Iterator[str]:
        """Yield how the column of this name was read, where that was no matter of course."""
        if self.order:
            yield f"column {column}: dates read as {_WORDS[self.order]} ({self.order.name})"
        if self.local:
            yield f"column {column}: times without an offset read as {zone.key}"


def read_dates(cells: Sequence[str], zone: ZoneInfo) -> DateColumn:
    """Read a column of dates.

    Args:
        cells: Texts without outer spaces; "" is no date and no fault.
        zone: The course's; a time without an offset is taken as local there.
    """
    stamps = [parse_stamp(each) if each else None for each in cells]
    dated = [each if each is not None and each.is_dated else None for each in stamps]
    loose = [each for each in dated if each is not None and each.order is None]
    possible = [order for order in ORDERS if all(each.at(order) for each in loose)]
    # 10/10/2020 is one day in either order.
    meant = {tuple(each.at(order) for each in loose): order for order in reversed(possible)}
    if len(possible) > 1 and all(each.dotted for each in loose):
        possible, meant = [DateOrder.DMY], {(): DateOrder.DMY}
    order = next(iter(meant.values())) if loose and len(meant) == 1 else None
    moments = tuple([None if each is None else each.moment(order, zone) for each in dated])
    problems = tuple(
        _problem(each, moment, possible) if cell else ""
        for cell, each, moment in zip(cells, dated, moments, strict=True)
    )
    local = any(
        each.timed and each.offset is None
        for each, moment in zip(dated, moments, strict=True)
        if each is not None and moment is not None
    )
    if not loose and any(map(_is_year_first, dated, cells)):
        order = DateOrder.YMD
    return DateColumn(moments, problems, order, local)


def _is_year_first(stamp: Stamp | None, cell: str) -> bool:
    return stamp is not None and not (stamp.named or _ISO.match(cell))


def _problem(
    stamp: Stamp | None, moment: date | datetime | None, possible: Sequence[DateOrder]
) -> str:
    if moment is not None:
        return ""
    if stamp is None:
        return _NO_DATE
    if not possible:
        return _OTHER_ORDER
    meant = " or ".join(f"{stamp.at(each):%Y-%m-%d}" for each in possible)
    return f"is ambiguous: it is {meant}, and no date of the column tells which"
