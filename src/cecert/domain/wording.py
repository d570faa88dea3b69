"""Wording: the phrases that certificate, mail, verify page and report share.

One fact has one phrase, so that what a board compares reads the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from cecert.domain.certificates import CourseSnapshot
from cecert.domain.credit_lines import CreditLine

__all__ = [
    "approval_number",
    "category_split",
    "clock_phrase",
    "dates_phrase",
    "day_phrase",
    "format_phrase",
    "hours_figure",
    "hours_of_course",
    "joined",
    "session_phrases",
]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZONES = {
    "America/New_York": "Eastern Time", "America/Detroit": "Eastern Time",
    "America/Chicago": "Central Time", "America/Denver": "Mountain Time",
    "America/Phoenix": "Mountain Time", "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time", "Pacific/Honolulu": "Hawaii Time",
    "America/Puerto_Rico": "Atlantic Time",
}  # fmt: skip


def hours_figure(hours: Decimal) -> str:
    """Write hours as a figure without needless zeros.

    >>> [hours_figure(Decimal(each)) for each in ("6.00", "5.50", ".75", "10", "100")]
    ['6', '5.5', '0.75', '10', '100']
    """
    text = f"{hours:.2f}"
    return text.rstrip("0").rstrip(".")


def hours_of_course(lines: Sequence[CreditLine]) -> Decimal:
    """Return the course's hours: the largest credit line, never a sum (QR-TOKEN W2, body 4)."""
    return max(each.hours for each in lines)


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
    '9:00 a.m. to 12:00 p.m.'
    """
    first, last = _half(start), _half(end)
    opening = f"{start.hour % 12 or 12}:{start:%M}"
    closing = f"{end.hour % 12 or 12}:{end:%M} {last}"
    return f"{opening} to {closing}" if first == last else f"{opening} {first} to {closing}"


def _half(instant: datetime) -> str:
    return "a.m." if instant.hour < 12 else "p.m."  # noqa: PLR2004


def format_phrase(course: CourseSnapshot) -> str:
    """Write how the course was held, and where: `Live interactive webinar on Zoom`."""
    if not course.location:
        return course.format.phrase
    where = "at" if course.format.delivery == 1 else "on"
    return f"{course.format.phrase} {where} {course.location}"


def session_phrases(course: CourseSnapshot) -> list[str]:
    """Write when the sessions met: one line where times are equal, else one line each.

    `Thursdays, October 22 and 29, 2020, 1:00 to 4:15 p.m. Eastern Time (EDT)`. The
    abbreviation is the zone's on that date, so that a clock change between two
    sessions shows.
    """
    zone = ZoneInfo(course.timezone)
    local = [(each.start.astimezone(zone), each.end.astimezone(zone)) for each in course.sessions]
    groups = [list(group) for _, group in groupby(local, key=_same_line)]
    return [_session_line(group, course.timezone) for group in groups]


def _same_line(times: tuple[datetime, datetime]) -> tuple[str, str]:
    return clock_phrase(*times), times[0].tzname() or ""


def _session_line(group: Sequence[tuple[datetime, datetime]], timezone: str) -> str:
    start, end = group[0]
    weekdays = list(dict.fromkeys(_WEEKDAYS[each.weekday()] for each, _ in group))
    named = weekdays[0] + ("s" if len(group) > 1 else "") if len(weekdays) == 1 else ""
    dates = dates_phrase([each.date() for each, _ in group])
    zone = _ZONES.get(timezone, timezone.rsplit("/", maxsplit=1)[-1].replace("_", " ") + " time")
    prefix = f"{named}, " if named else ""
    return f"{prefix}{dates}, {clock_phrase(start, end)} {zone} ({start.tzname()})"


def category_split(line: CreditLine) -> str:
    """Write a line's subject split: `2 ethics, 3.5 clinical`; "" if there is none."""
    return ", ".join(f"{hours_figure(each.hours)} {each.code}" for each in line.categories)


def approval_number(line: CreditLine) -> str:
    """Write number and approval period: `No. 0169, 2018-2027`; "" if there is no number."""
    if not line.number:
        return "No number issued" if line.number_none_issued else ""
    if line.valid_from is None or line.valid_to is None:
        return f"{line.number_label} {line.number}"
    period = f"{line.valid_from.year}\N{EN DASH}{line.valid_to.year}"
    return f"{line.number_label} {line.number}, {period}"
