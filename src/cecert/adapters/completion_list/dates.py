"""Dates in a column: ISO as they should be, else in the one order the column admits.

`10/11/2020` is a date in October or in November. One cell cannot tell, a column often
can: where one of its dates has a 22 in it, there is one reading for all. Where there is
more than one, nobody guesses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

__all__ = ["DateColumn", "ListDateOrder", "read_dates"]

Moment = date | datetime


FIRST_YEAR = 1970
"""No certificate's evidence is older; spreadsheets write 1900 for an empty date."""


class ListDateOrder(Enum):
    """The order of day, month and year, by its name in `--date-order`."""

    MDY = "month/day/year"
    DMY = "day/month/year"
    YMD = "year/month/day"


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A column as it was read.

    Attributes:
        moments: One a cell: the date, the aware date-time, or None.
        problems: One a cell: what is wrong with it, or "".
        order: The order it was read in, None where all is ISO.
        local: Some cell gave a time without an offset; it was taken as the course's.
    """

    moments: tuple[Moment | None, ...]
    problems: tuple[str, ...]
    order: ListDateOrder | None = None
    local: bool = False


_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_LOOSE = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})"
    r"(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(?:([AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")
_NO_DATE = "is not a date such as 2020-10-30, or 2020-10-30T09:00:00-04:00"


def read_dates(cells: Sequence[str], zone: ZoneInfo) -> DateColumn:
    """Read a column of dates.

    Args:
        cells: Texts without outer spaces; "" is no date and no fault.
        zone: The course's; a time without an offset is taken as local there.
    """
    exact = [_iso(each, zone) for each in cells]
    loose = [
        None if not text or found else _readings(text, zone)
        for text, found in zip(cells, exact, strict=True)
    ]
    orders = [order for order in ListDateOrder if all(order in each for each in loose if each)]
    order = _only(orders, [each for each in loose if each])
    moments = [
        found or (readings or {}).get(order) if order else found
        for found, readings in zip(exact, loose, strict=True)
    ]
    problems = [_problem(each, orders, order) for each in loose]
    local = any(
        isinstance(each, datetime) and _without_offset(text)
        for text, each in zip(cells, moments, strict=True)
    )
    return DateColumn(tuple(moments), tuple(problems), order if any(loose) else None, local)


def _without_offset(text: str) -> bool:
    return not _OFFSET.search(text)


def _iso(text: str, zone: ZoneInfo) -> Moment | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        if len(text) == len("2020-10-30"):
            day = date.fromisoformat(text)
            return day if day.year >= FIRST_YEAR else None
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year < FIRST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _readings(text: str, zone: ZoneInfo) -> dict[ListDateOrder, Moment]:
    """Return the date in each order in which *text* is one."""
    if not (found := _LOOSE.fullmatch(text)):
        return {}
    first, _, second, third = found.group(1, 2, 3, 4)
    parts = {
        ListDateOrder.MDY: (third, first, second),
        ListDateOrder.DMY: (third, second, first),
        ListDateOrder.YMD: (first, second, third),
    }
    if len(first) < _FULL_YEAR:
        del parts[ListDateOrder.YMD]  # nobody writes 20/10/30; everybody in Europe writes 30.10.20
    days = {order: _day(*each) for order, each in parts.items()}
    return {order: _at(day, found, zone) for order, day in days.items() if day and _clock(found)}


_FULL_YEAR = 4


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in {2, _FULL_YEAR} or len(month) > 2 or len(day) > 2:  # noqa: PLR2004
        return None
    century = 0 if len(year) == _FULL_YEAR else 2000
    try:
        read = date(century + int(year), int(month), int(day))
    except ValueError:
        return None
    return read if read.year >= FIRST_YEAR else None


def _clock(found: re.Match[str]) -> time | None:
    hour, minute, second, half = found.group(5, 6, 7, 8)
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004
            return None
        hours = hours % 12 + (12 if half in "Pp" else 0)
    try:
        return time(hours, int(minute or 0), int(second or 0))
    except ValueError:
        return None


def _at(day: date, found: re.Match[str], zone: ZoneInfo) -> Moment:
    clock = _clock(found)
    return datetime.combine(day, clock or time(), zone) if found.group(5) else day


def _only(
    orders: Sequence[ListDateOrder], loose: Sequence[dict[ListDateOrder, Moment]]
) -> ListDateOrder | None:
    # 10/10/2020 is one day in either order.
    read = {tuple(each[order] for each in loose): order for order in reversed(orders)}
    return next(iter(read.values())) if len(read) == 1 else None


def _problem(
    readings: dict[ListDateOrder, Moment] | None,
    orders: Sequence[ListDateOrder],
    order: ListDateOrder | None,
) -> str:
    if readings is None or (order and readings):
        return ""
    if not readings:
        return _NO_DATE
    if orders:
        meant = " or ".join(f"{readings[each]:%Y-%m-%d}" for each in orders)
        return f"is ambiguous: it is {meant}, and no date of the column tells which"
    return "is in another order of day and month than other dates of the column"
