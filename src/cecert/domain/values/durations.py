"""Lengths of time: to the second in evidence, in words when read out, in years of the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

__all__ = ["MOST_HUNDREDTHS", "SHORTEST_HOUR", "exact", "spoken", "years_after"]

MINUTE, HOUR = 60, 3600

SHORTEST_HOUR = 50
"""Minutes of the shortest hour of credit that any board we know accepts."""

MOST_HUNDREDTHS = 24 * MINUTE * 100 // SHORTEST_HOUR
"""Hundredths of an hour of credit that a date can hold."""


# Few lengths are told of many people.
@lru_cache(maxsize=4_096)
def exact(seconds: int) -> str:
    """Write *seconds* without rounding.

    >>> [exact(each) for each in (38, 60, 601, 10800)]
    ['38 s', '1 min 0 s', '10 min 1 s', '3 h 0 min 0 s']
    """
    minutes, rest = divmod(seconds, MINUTE)
    if seconds < MINUTE:
        return f"{rest} s"
    if seconds < HOUR:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min {rest} s"


@lru_cache(maxsize=4_096)
def spoken(seconds: int) -> str:
    """Write *seconds* as one says it, zero parts left out.

    >>> [spoken(each) for each in (0, 1, 300, 530, 3660)]
    ['0 seconds', '1 second', '5 minutes', '8 minutes 50 seconds', '1 hour 1 minute']
    """
    hours, rest = divmod(seconds, HOUR)
    parts = ((hours, "hour"), (rest // MINUTE, "minute"), (rest % MINUTE, "second"))
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count]
    return " ".join(said) or "0 seconds"


def years_after(day: date, years: int) -> date:
    """Return the day that is *years* whole years after *day*.

    What began on 29 February is a year old on 1 March, where there is no such day: on
    28 February a year is not over yet. What is kept so long is then kept long enough, and
    an approval that ends the day before lasts no day longer than it was granted for.

    >>> years_after(date(2020, 2, 29), 3).isoformat(), years_after(date(2020, 2, 29), 4).isoformat()
    ('2023-03-01', '2024-02-29')

    Raises:
        ValueError: If the calendar ends before.
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or no calendar any more: the next line says which
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)
