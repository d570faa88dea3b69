"""Dates and times as platforms write them, and the one order in which a file means them.

`10/11/2020` does not say which is the month. One stamp of a file with a value over 12
says it for all of them; without one the operator must, and the error shows both
readings. ISO dates and named months need no order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from cecert.domain.evidence import DateOrder, OrderKnownBy
from cecert.errors import AmbiguousDateError, Fault, InputError

__all__ = ["Stamp", "Stamps", "parse_stamp"]

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009\u3000", " "))
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NUMBERS = re.compile(
    r"(?P<a>\d{1,4})(?P<s>[./-])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<c>\d{1,4})\.?(?P<rest>.*)"
)
_CJK_DATE = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일](?P<rest>.*)")
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]+,\s*)?(?P<m>[^\W\d]{3,})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})"
    r"(?P<rest>.*)"
)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+,\s*)?(?P<d>\d{1,2})\.?(?:\s+de)?[ -](?P<m>[^\W\d]{3,})\.?(?:\s+de)?[ -]"
    r"(?P<y>\d{4})(?P<rest>.*)"
)
_TIME = re.compile(
    r"[\s,T]*(?:\b(?:à|at|um|kl\.?|a las|às|alle|o|om)\s+)?"
    r"(?P<before>上午|下午|午前|午後|오전|오후)?\s?"
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*"
    r"(?P<after>(?:[AaPp]\.?\s?[Mm]\.?)|上午|下午|午前|午後|오전|오후)?\s*(?:Uhr|h)?\s*"
    r"(?P<zone>Z|(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|GMT|UTC)?\s*"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier janv januar enero ene janeiro gennaio gen januari",
            "feb february février févr fev februar febrero fevereiro febbraio februari",
            "mar march mars märz marzo março maart mrt",
            "apr april avril avr abril abr aprile",
            "may mai mayo maio maggio mag mei",
            "jun june juin juni junio junho giugno giu",
            "jul july juillet juil juli julio julho luglio lug",
            "aug august août aout agosto ago augustus",
            "sep sept september septembre septiembre setembro set settembre",
            "oct october octobre oktober okt octubre outubro out ottobre ott",
            "nov november novembre noviembre novembro",
            "dec december décembre déc dezember dez diciembre dic dezembro dicembre",
        ),
        1,
    )
    for name in names.split()
}
_AFTERNOON = ("p", "下午", "午後", "오후")
_NOT_A_TIME = frozenset({"", "-", "--", "---", "na", "n/a", "null", "none"})
_ORDERS = (DateOrder.MDY, DateOrder.DMY)
_CENTURY = 2000
_LONGEST = 80
_NOON = 12
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""An instant as machines write it (RFC 3339): its order is no question."""
_YEARS = range(1990, 2101)
_FURTHEST = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp's figures, before their order is known.

    Attributes:
        figures: Day, month and year as they stand; year, month, day where the order is
            sure; None for a time of day alone.
        named: The month is named.
        order: The order that is sure, None where it is not.
        clock: Hour, minute, second.
        resolution: Seconds to which it is exact: 1, 60.
        offset: From UTC, None where not stated.
        timed: It has a time of day; else it is a date alone.
    """

    figures: tuple[int, int, int] | None
    order: DateOrder | None
    named: bool
    clock: tuple[int, int, int]
    resolution: int
    offset: timedelta | None
    timed: bool = True

    def at(self, order: DateOrder) -> datetime | None:
        """Return the moment it means in an order, None where it is none there.

        A time of day alone is on 1 January 1.
        """
        try:
            year, month, day = self._date(self.order or order)
            moment = datetime(year, month, day, *self.clock)  # noqa: DTZ001 - a local time
        except ValueError:
            return None
        if self.offset is None:
            return moment
        return moment.replace(tzinfo=UTC if not self.offset else timezone(self.offset))

    def _date(self, order: DateOrder) -> tuple[int, int, int]:
        if self.figures is None:
            return 1, 1, 1
        first, second, third = self.figures
        if order is DateOrder.YMD:
            return _year(first), second, third
        if order is DateOrder.MDY:
            return _year(third), first, second
        return _year(third), second, first


def _year(figure: int) -> int:
    year = figure if figure > 99 else figure + _CENTURY  # noqa: PLR2004 - two digits
    if year not in _YEARS:
        raise ValueError(f"{year} is no year of a meeting")
    return year


def parse_stamp(text: str) -> Stamp | None:
    """Return the figures of a stamp, None for what is none.

    >>> parse_stamp("Mar 28, 2020 08:07:27").figures
    (2020, 3, 28)
    >>> parse_stamp("4/13/2022, 7:56:32 PM").at(DateOrder.MDY)
    datetime.datetime(2022, 4, 13, 19, 56, 32)
    """
    return _parsed(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> Stamp | None:
    plain = " ".join(_MARKS.sub("", text).translate(_SPACES).split())
    found = _numeric(plain) or _named(plain) or (None, None, False, plain)
    figures, order, named, rest = found
    if figures is not None and not rest.strip():
        return Stamp(figures, order, named, (0, 0, 0), 60, None, timed=False)
    if (clock := _TIME.fullmatch(rest)) is None or (hour := _hour(clock)) is None:
        return None
    second, offset = clock["s"], _offset(clock["zone"])
    if offset is not None and abs(offset) >= _FURTHEST:
        return None
    return Stamp(
        figures,
        order,
        named,
        (hour, int(clock["m"]), int(second or 0)),
        60 if second is None else 1,
        offset,
    )


_Date = tuple[tuple[int, int, int], DateOrder | None, bool, str]


def _numeric(text: str) -> _Date | None:
    if found := _CJK_DATE.fullmatch(text):
        year, month, day = (int(each) for each in found.group(1, 2, 3))
        return (year, month, day), DateOrder.YMD, False, found["rest"]
    if (found := _NUMBERS.fullmatch(text)) is None:
        return None
    first, second, third = found["a"], found["b"], found["c"]
    figures = int(first), int(second), int(third)
    if len(first) == 4:  # noqa: PLR2004 - a year
        return figures, DateOrder.YMD, False, found["rest"]
    if len(first) > 2 or len(third) not in {2, 4}:  # noqa: PLR2004
        return None
    return figures, None, False, found["rest"]


def _named(text: str) -> _Date | None:
    if (found := _MONTH_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)) is None:
        return None
    if (month := _MONTHS.get(found["m"].casefold())) is None:
        return None
    return (int(found["y"]), month, int(found["d"])), DateOrder.YMD, True, found["rest"]


def _hour(clock: re.Match[str]) -> int | None:
    hour, half = int(clock["h"]), (clock["before"] or clock["after"] or "").casefold()
    later = half.startswith(_AFTERNOON)
    if half and 1 <= hour <= _NOON:
        return hour % _NOON + (_NOON if later else 0)
    # Some programs write 13:30 PM, and 0:30 AM.
    if half and later is not (hour > _NOON):
        return None
    return hour


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    figures = zone.removeprefix("GMT").removeprefix("UTC").strip()
    if figures in {"", "Z"}:
        return timedelta()
    sign = -1 if figures[0] == "-" else 1
    hours, _, minutes = figures[1:].partition(":")
    if not minutes and len(hours) > 2:  # noqa: PLR2004 - +0530
        hours, minutes = hours[:-2], hours[-2:]
    return sign * timedelta(hours=int(hours), minutes=int(minutes or 0))


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
        self._first: dict[DateOrder, tuple[int, str] | None] = dict.fromkeys(_ORDERS)
        self._doubtful: tuple[int, str] | None = None
        self._loose = self._named = self._year_first = False

    def read(self, text: str, line: int, column: str = "") -> datetime | None:
        """Return the moment a cell means, None for a blank one or for what is none.

        What is none is a fault, told with all others when the file has been read.
        """
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
        return moment

    def need(self, text: str, line: int, column: str) -> datetime | None:
        """Read a cell that must hold a moment: a blank one is a fault, too."""
        moment = self.read(text, line, column)
        if moment is None and text.casefold() in _NOT_A_TIME:
            self.fault(line, column, "", "is empty")
        return moment

    def ends(self, join: str, leave: str, line: int) -> tuple[datetime | None, datetime | None]:
        """Read the two ends of a connection; times without a date may pass midnight."""
        start, end = self.need(join, line, "join time"), self.read(leave, line, "leave time")
        if start is None or end is None or self.dated(leave):
            return start, end
        passed = end.time() < start.time()
        return start, end + timedelta(days=1) if passed else end

    def resolution_of(self, text: str) -> int:
        """Return to how many seconds a stamp is exact."""
        stamp = parse_stamp(text)
        return 1 if stamp is None else stamp.resolution

    def dated(self, text: str) -> bool:
        """Say whether a stamp has a date."""
        stamp = parse_stamp(text)
        return stamp is not None and stamp.figures is not None

    def fault(self, line: int, column: str, text: str, problem: str) -> None:
        """Note what is wrong with a row."""
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
        meant = {order: stamp.at(order) for order in _ORDERS}
        if not any(meant.values()) and stamp.at(DateOrder.YMD) is None:
            return  # a fault, and no proof of an order
        self._loose = True
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
        if stated is DateOrder.YMD:
            return stated, OrderKnownBy.STATED
        possible = [each for each in _ORDERS if self._first[each] is None]
        if stated is not None:
            if stated not in possible:
                self._contradicted(stated)
            return stated, OrderKnownBy.STATED
        if not possible:
            self._contradictory()
        if len(possible) == 1:
            return possible[0], OrderKnownBy.A_VALUE_OVER_12
        if self._doubtful is None:
            return None, OrderKnownBy.THE_SAME
        raise self._ambiguous(*self._doubtful)

    def _sure(self) -> tuple[DateOrder | None, OrderKnownBy]:
        if self._named:
            return None, OrderKnownBy.NAMED_MONTH
        if self._year_first:
            return DateOrder.YMD, OrderKnownBy.YEAR_FIRST
        return None, OrderKnownBy.NOTHING

    def _contradicted(self, stated: DateOrder) -> None:
        line, text = self._first[stated] or (0, "")
        fault = Fault(f"{self.name}: line {line}", text, f"is no date in the order {stated.value}")
        raise InputError(
            f"{self.name} is not in the order {stated.value}",
            (fault,),
            hint="leave --date-order out, or state another",
        )

    def _contradictory(self) -> None:
        faults = tuple(
            Fault(
                f"{self.name}: line {found[0]}", found[1], f"is no date in the order {each.value}"
            )
            for each, found in self._first.items()
            if found is not None
        )
        raise InputError(
            f"{self.name} has dates in two orders",
            faults,
            hint="two exports may have been pasted together; export the report again",
        )

    def _ambiguous(self, line: int, text: str) -> AmbiguousDateError:
        stamp = parse_stamp(text)
        meant: Mapping[str, datetime | None] = (
            {} if stamp is None else {each.value: stamp.at(each) for each in _ORDERS}
        )
        told = " or ".join(f"{moment:%Y-%m-%d} ({order})" for order, moment in meant.items())
        fault = Fault(f"{self.name}: line {line}", text, f"is ambiguous: it is {told}")
        return AmbiguousDateError(
            f"AMBIGUOUS_DATE: no date in {self.name} tells the order of day and month",
            (fault,),
            orders=tuple(meant),
            hint="say it with --date-order MDY or --date-order DMY",
        )
