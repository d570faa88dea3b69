"""Dates and times as platforms write them: what figures stand there, and in which order.

`10/11/2020` does not say which is the month, so what a stamp means is asked with an order.
ISO dates and named months need none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from cecert.domain.evidence.export import DateOrder

__all__ = ["ORDERS", "Stamp", "parse_stamp"]

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009\u3000", " "))
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NUMBERS = re.compile(
    r"(?P<a>\d{1,4})(?P<s>[./-])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<c>\d{1,4})\.?(?P<rest>.*)"
)
_DOTTED = re.compile(r"\d{1,2}\.")
_CJK_DATE = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일](?P<rest>.*)")
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]+,\s*)?(?P<m>[^\W\d]{3,})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<y>\d{4}|'?\d{2}(?!\d|:))"
    r"(?P<rest>.*)"
)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+,\s*)?(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?(?:\s+(?:de|of))?[ /-]"
    r"(?P<m>[^\W\d]{3,})\.?(?:\s+de)?,?[ /-](?P<y>\d{4}|'?\d{2}(?!\d|:))(?P<rest>.*)"
)
_TIME = re.compile(
    # Of a text whose blanks are single.
    r"[\s,T]*(?:\b(?:à|at|um|kl\.?|a las|às|alle|o|om)\s)?"
    r"(?P<before>上午|下午|午前|午後|오전|오후)?\s?"
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d{1,9})?)?\s?"
    r"(?P<after>(?:[AaPp]\.?\s?[Mm]\.?)|上午|下午|午前|午後|오전|오후)?\s?(?:Uhr|h)?\s?"
    r"(?P<zone>Z|(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|GMT|UTC)?\s?"
)
_FRACTION = re.compile(r"[.,](\d{1,9})")
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
ORDERS = (DateOrder.MDY, DateOrder.DMY)
"""In either of which day and month may stand."""

_AFTERNOON = ("p", "下午", "午後", "오후")
_CENTURY = 2000
_DIGITS = 6
_CENTURY_OF_NOBODY = 100
"""Years below it have two digits, or are none: 0001 is not 2001."""
_LONGEST = 80
_NOON = 12
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
        microsecond: What it states beyond whole seconds, which attendance does not count.
        dotted: Dots stand between its figures: whoever writes so writes the day first.
    """

    figures: tuple[int, int, int] | None
    order: DateOrder | None
    named: bool
    clock: tuple[int, int, int]
    resolution: int
    offset: timedelta | None
    timed: bool = True
    microsecond: int = 0
    dotted: bool = False

    def at(self, order: DateOrder) -> datetime | None:
        """Return the whole second it means in an order, None where it is none there.

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

    @property
    def is_dated(self) -> bool:
        """Whether it is a day that exists in some order; a list has no bare times."""
        # Nobody writes 20/10/30; everybody in Europe writes 30.10.20.
        orders = ORDERS if self.order is None else (self.order,)
        return self.figures is not None and any(self.at(each) for each in orders)

    def moment(self, order: DateOrder | None, zone: ZoneInfo) -> date | datetime | None:
        """Return the date or the aware date-time it means, None where it is none.

        Args:
            order: Of figures that may be in either; None where that is not known.
            zone: Where a time without an offset is local.
        """
        known = self.order or order
        moment = None if known is None else self.at(known)
        if moment is None:
            return None
        if not self.timed:
            return moment.date()
        # What `collect` wrote is compared with this to the microsecond.
        exact = moment.replace(microsecond=self.microsecond)
        return exact if exact.tzinfo else exact.replace(tzinfo=zone)

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


@lru_cache(maxsize=1_024)
def _parsed(text: str) -> Stamp | None:
    bare = text if text.isascii() else _MARKS.sub("", text).translate(_SPACES)
    plain = " ".join(bare.split())
    found = _numeric(plain) or _named(plain) or (None, None, False, plain)
    figures, order, named, rest = found
    dotted = figures is not None and order is None and _DOTTED.match(plain) is not None
    if figures is not None and not rest.strip():
        return Stamp(figures, order, named, (0, 0, 0), 60, None, timed=False, dotted=dotted)
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
        microsecond=0 if second is None else _microsecond(rest, clock.end("s")),
        dotted=dotted,
    )


_Date = tuple[tuple[int, int, int], DateOrder | None, bool, str]


def _numeric(text: str) -> _Date | None:
    if not text.isascii() and (found := _CJK_DATE.fullmatch(text)):
        year, month, day = (int(each) for each in found.group(1, 2, 3))
        return (year, month, day), DateOrder.YMD, False, found["rest"]
    if (found := _NUMBERS.fullmatch(text)) is None:
        return None
    first, second, third = found["a"], found["b"], found["c"]
    figures = int(first), int(second), int(third)
    if any(len(each) == 4 and int(each) < _CENTURY_OF_NOBODY for each in (first, third)):  # noqa: PLR2004
        return None
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
    year = int(found["y"].removeprefix("'"))
    year += _CENTURY if year < _CENTURY_OF_NOBODY and len(found["y"]) < 4 else 0  # noqa: PLR2004
    return (year, month, int(found["d"])), DateOrder.YMD, True, found["rest"]


def _hour(clock: re.Match[str]) -> int | None:
    hour, half = int(clock["h"]), (clock["before"] or clock["after"] or "").casefold()
    later = half.startswith(_AFTERNOON)
    if half and 1 <= hour <= _NOON:
        return hour % _NOON + (_NOON if later else 0)
    # Some programs write 13:30 PM, and 0:30 AM.
    if half and later is not (hour > _NOON):
        return None
    return hour


def _microsecond(text: str, end: int) -> int:
    """Return what follows the seconds that end there."""
    found = _FRACTION.match(text, end)
    return 0 if found is None else int(found[1].ljust(_DIGITS, "0")[:_DIGITS])


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
