"""Wording: the phrases that certificate, mail, verify page and report share.

One fact has one phrase, so that what a board compares reads the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

__all__ = ["clock_phrase", "dates_phrase", "day_phrase", "hours_figure", "joined"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def hours_figure(hours: Decimal) -> str:
    """Write hours as a figure without needless zeros.

    >>> [hours_figure(Decimal(each)) for each in ("6.00", "5.50", ".75", "10", "100")]
    ['6', '5.5', '0.75', '10', '100']
    """
    text = f"{hours:.2f}"
    return text.rstrip("0").rstrip(".")


def day_phrase(day: date) -> str:
    """Write a date with its month in words.

    >>> day_phrase(date(2020, 10, 9))
    'October 9, 2020'
    """
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def joined(parts: Sequence[str]) -> str:
    """Join as in a sentence.

    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def dates_phrase(days: Sequence[date]) -> str:
    """Write several dates, each month and year once.

    >>> dates_phrase([date(2020, 10, 22), date(2020, 10, 29)])
    'October 22 and 29, 2020'
    >>> dates_phrase([date(2020, 10, 29), date(2020, 11, 5), date(2021, 1, 7)])
    'October 29 and November 5, 2020, and January 7, 2021'
    """
    years = []
    for year, in_year in groupby(days, key=lambda day: day.year):
        months = [
            f"{MONTHS[month - 1]} {joined([str(day.day) for day in in_month])}"
            for month, in_month in groupby(in_year, key=lambda day: day.month)
        ]
        years.append(f"{joined(months)}, {year}")
    return years[0] if len(years) == 1 else f"{', '.join(years[:-1])}, and {years[-1]}"


def clock_phrase(start: datetime, end: datetime) -> str:
    """Write a span of one day on the 12-hour clock.

    >>> clock_phrase(datetime(2020, 10, 22, 13), datetime(2020, 10, 22, 16, 15))
    '1:00 to 4:15 p.m.'
    >>> clock_phrase(datetime(2020, 10, 22, 9), datetime(2020, 10, 22, 12))
    '9:00 a.m. to noon'
    >>> clock_phrase(datetime(2020, 10, 22, 22), datetime(2020, 10, 23))
    '10:00 p.m. to midnight'
    """
    closing = _clock(end)
    if _half(start) == _half(end) and not {_named(start), _named(end)} - {""}:
        return f"{start.hour % 12 or 12}:{start:%M} to {closing}"
    return f"{_clock(start)} to {closing}"


def _clock(instant: datetime) -> str:
    return _named(instant) or f"{instant.hour % 12 or 12}:{instant:%M} {_half(instant)}"


def _named(instant: datetime) -> str:
    """Return `noon` or `midnight`, which 12:00 with a.m. or p.m. leaves in doubt; else ""."""
    return {(12, 0): "noon", (0, 0): "midnight"}.get((instant.hour, instant.minute), "")


def _half(instant: datetime) -> str:
    return "a.m." if instant.hour < 12 else "p.m."  # noqa: PLR2004
