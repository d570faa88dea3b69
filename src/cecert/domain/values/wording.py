"""Wording: the phrases that certificate, mail, verify page and report share.

One fact has one phrase, so that what a board compares reads the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

__all__ = [
    "HOURS",
    "MONTHS",
    "NOT_A_SUM",
    "NO_NUMBER",
    "NO_NUMBER_INSIDE",
    "WEEKDAYS",
    "being_written",
    "clock_phrase",
    "counted",
    "course_hours",
    "credit_phrase",
    "dates_phrase",
    "day_phrase",
    "either",
    "hours_figure",
    "hours_phrase",
    "joined",
    "moment_phrase",
    "named_clock",
    "other_format",
    "possible_days",
    "several_places",
    "spoken_clock",
]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

NO_NUMBER = "No number issued"
"""Said of an approval whose approver gives none, where it stands by itself."""

NO_NUMBER_INSIDE = "no number issued"
"""The same inside a line."""

NOT_A_SUM = "Each line counts the same instruction for a different board; do not add them."
"""Said wherever a certificate's credit lines are listed, if there are several."""


def hours_figure(hours: Decimal) -> str:
    """Write hours as a figure without needless zeros.

    >>> [hours_figure(Decimal(each)) for each in ("6.00", "5.50", ".75", "10", "100")]
    ['6', '5.5', '0.75', '10', '100']
    """
    text = f"{hours:.2f}"
    return text.rstrip("0").rstrip(".")


def hours_phrase(hours: Decimal, unit: str) -> str:
    """Write hours with the unit that stands below them on the certificate.

    >>> hours_phrase(Decimal("6.00"), "contact hours")
    '6 contact hours'
    """
    return f"{hours_figure(hours)} {unit}"


def course_hours(lines: Sequence[tuple[Decimal, str]]) -> str:
    """Write the hours of a course: those of the largest credit line, never a sum.

    The lines are hours and unit. Only a unit that all of them share is named, for one
    board's word is not another's.

    >>> course_hours([(Decimal(6), "contact hours")])
    '6 contact hours'
    >>> course_hours([(Decimal(6), "contact hours"), (Decimal("5.5"), "CE credits")])
    '6 hours'
    """
    units = {unit for _, unit in lines}
    return hours_phrase(max(hours for hours, _ in lines), units.pop() if len(units) == 1 else HOURS)


HOURS = "hours"
"""The unit where none is known, or several are."""


def credit_phrase(label: str, *facts: str) -> str:
    """Write one credit line of a certificate as a line of text.

    >>> credit_phrase("New York, social work", "6 contact hours", "", "No. 0169")
    'New York, social work: 6 contact hours, No. 0169'
    >>> credit_phrase("Massachusetts, social work", "6 CE hours", NO_NUMBER)
    'Massachusetts, social work: 6 CE hours, no number issued'
    """
    told = (each if each != NO_NUMBER else NO_NUMBER_INSIDE for each in facts if each)
    return f"{label}: {', '.join(told)}"


def day_phrase(day: date) -> str:
    """Write a date with its month in words.

    >>> day_phrase(date(2020, 10, 9))
    'October 9, 2020'
    """
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def possible_days(instant: datetime) -> str:
    """Write the days that an instant is on, by the calendars of all zones of the world.

    >>> possible_days(datetime(2026, 11, 30, 0, 43, tzinfo=UTC))
    'November 29 or 30, 2026'
    >>> possible_days(datetime(2026, 12, 31, 11, 30, tzinfo=UTC))
    'December 30, 2026, December 31, 2026 or January 1, 2027'
    """
    offsets = (_WESTERNMOST, timedelta(), _EASTERNMOST)
    days = list(dict.fromkeys((instant.astimezone(UTC) + each).date() for each in offsets))
    *others, last = days
    if {(each.year, each.month) for each in days} != {(last.year, last.month)}:
        return f"{', '.join(map(day_phrase, others))} or {day_phrase(last)}"
    figures = f"{', '.join(str(each.day) for each in others)} or {last.day}"
    return f"{MONTHS[last.month - 1]} {figures}, {last.year}"


_WESTERNMOST, _EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)
"""Offsets of the zones that are last and first to have a new day."""


def joined(parts: Sequence[str]) -> str:
    """Join as in a sentence.

    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def either(parts: Sequence[str]) -> str:
    """Join words as a choice, as every list of them is joined.

    >>> either(["an evaluation"]), either(["an evaluation", "a test", "a fee"])
    ('an evaluation', 'an evaluation, a test or a fee')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


MOST_PLACES = 6
"""Places that a line names; it says how many more there are."""


def several_places(places: Sequence[str]) -> str:
    """Write rows of a list in one phrase, of many the first ones.

    >>> several_places(["row 2", "row 5"]), several_places([f"row {n}" for n in range(2, 30)])[-24:]
    ('row 2 and row 5', 'row 6, row 7 and 22 more')
    """
    if len(places) > MOST_PLACES:
        places = [*places[:MOST_PLACES], f"{len(places) - MOST_PLACES} more"]
    return joined(places)


def counted(count: int, one: str) -> str:
    """Return how many of a thing there are, its word with an s where they are not one.

    >>> counted(1, "certificate"), counted(0, "denial")
    ('1 certificate', '0 denials')
    """
    return f"{count} {one}{'' if count == 1 else 's'}"


def being_written(file: object) -> str:
    """Say that a command waits for another one that writes the same file."""
    return f"another command writes {file}: waiting"


def other_format(found: object, known: Sequence[int]) -> str:
    """Say, as the end of a sentence about a file, that its format is none that is known.

    >>> other_format(9, (1, 2))
    'is of format 9, this cecert reads 1 and 2'
    """
    return f"is of format {found!r}, this cecert reads {joined([str(each) for each in known])}"


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
    closing = named_clock(end)
    if _half(start) == _half(end) and not {_named(start), _named(end)} - {""}:
        return f"{start.hour % 12 or 12}:{start:%M} to {closing}"
    return f"{named_clock(start)} to {closing}"


def named_clock(instant: datetime) -> str:
    """Write a time of day for the record: noon and midnight by their names.

    >>> named_clock(datetime(2020, 10, 22, 12)), named_clock(datetime(2020, 10, 22, 0, 30))
    ('noon', '12:30 a.m.')
    """
    return _named(instant) or f"{instant.hour % 12 or 12}:{instant:%M} {_half(instant)}"


def _named(instant: datetime) -> str:
    """Return `noon` or `midnight`, which 12:00 with a.m. or p.m. leaves in doubt; else ""."""
    return {(12, 0): "noon", (0, 0): "midnight"}.get((instant.hour, instant.minute), "")


def spoken_clock(instant: datetime) -> str:
    """Write a time of day as it is said.

    >>> spoken_clock(datetime(2020, 10, 22, 14, 7)), spoken_clock(datetime(2020, 10, 22, 0, 0))
    ('2:07 p.m.', '12:00 a.m.')
    """
    return f"{instant.hour % 12 or 12}:{instant.minute:02d} {_half(instant)}"


def moment_phrase(instant: datetime, timezone: str = "") -> str:
    """Write an instant in words, as clocks of a zone show it; in UTC where none is known.

    >>> moment_phrase(datetime(2020, 11, 5, 16, 0, tzinfo=UTC), "America/New_York")
    'November 5, 2020, 11:00 a.m. EST'
    >>> moment_phrase(datetime(2020, 11, 5, 16, 0, tzinfo=UTC))
    'November 5, 2020, 16:00 UTC'
    """
    if not timezone:
        instant = instant.astimezone(UTC)
        return f"{day_phrase(instant.date())}, {instant:%H:%M} UTC"
    local = instant.astimezone(ZoneInfo(timezone))
    return f"{day_phrase(local.date())}, {spoken_clock(local)} {local.tzname()}"


def _half(instant: datetime) -> str:
    return "a.m." if instant.hour < 12 else "p.m."  # noqa: PLR2004
