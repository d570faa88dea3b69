"""Phrases of a certificate: the hours of a course, its sessions, format, categories, number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from cecert.domain.certificate.certificate import Certificate, CourseSnapshot
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import (
    NO_NUMBER,
    WEEKDAYS,
    clock_phrase,
    course_hours,
    credit_phrase,
    dates_phrase,
    day_phrase,
    hours_figure,
    hours_phrase,
    named_clock,
)

__all__ = [
    "UNBROKEN",
    "approval_heading",
    "approval_number",
    "approval_of_another",
    "approval_words",
    "category_split",
    "changes_within",
    "credit_words",
    "format_phrase",
    "hours_of_course",
    "hours_words",
    "issue_day",
    "replaces_words",
    "session_parts",
    "session_phrases",
    "short_session_phrases",
    "sums_nothing",
]


_ZONES = {
    "America/New_York": "Eastern Time", "America/Detroit": "Eastern Time",
    "America/Chicago": "Central Time", "America/Denver": "Mountain Time",
    "America/Phoenix": "Mountain Time", "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time", "Pacific/Honolulu": "Hawaii Time",
    "America/Puerto_Rico": "Atlantic Time",
}  # fmt: skip


def hours_of_course(lines: Sequence[CreditLine]) -> Decimal:
    """Return the course's hours: the largest credit line, never a sum.

    Source: docs/spec/token.md W2, body 4.
    """
    return max(each.hours for each in lines)


def hours_words(lines: Sequence[CreditLine]) -> str:
    """Write the hours of a course with their unit: `6 contact hours`."""
    return course_hours([(each.hours, each.unit) for each in lines])


def sums_nothing(lines: Sequence[CreditLine]) -> bool:
    """Say whether several lines count the same instruction, so that nobody may add them."""
    return sum(bool(each.approver or each.basis) for each in lines) > 1


def issue_day(certificate: Certificate) -> str:
    """Write the day of issue, by the calendar of the provider: `November 29, 2026`."""
    zone = ZoneInfo(certificate.provider.timezone)
    return day_phrase(certificate.issued_at.astimezone(zone).date())


UNBROKEN = "\N{NON-BREAKING HYPHEN}"
"""In the number of a certificate that another one names."""


def replaces_words(certificate_id: CertificateId) -> str:
    """Write what a corrected certificate prints of the one it replaces.

    The number has non-breaking hyphens. Verifiers of before require that a page names no
    certificate but its own, and know a number by its hyphens: they pass over this one.
    """
    return f"Replaces certificate {certificate_id.text.replace('-', UNBROKEN)}"


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
    sessions shows. A session over midnight or over a change of the clock has a line of its
    own, with both dates and both abbreviations, and so has one of a conference, with its
    title. Where each person has a day of completion, a last line says it.
    """
    return _session_phrases(course, partial(_zone_phrase, course.timezone))


def short_session_phrases(course: CourseSnapshot) -> list[str]:
    """Write `session_phrases` with the abbreviation of the zone alone, for a long list.

    `Thursday, September 3, 2020, 9:00 to 11:00 a.m. EDT`. A zone that has no letters of its
    own is named in full.
    """

    def zone(instant: datetime) -> str:
        name = instant.tzname() or ""
        return name if name.isalpha() else _zone_phrase(course.timezone, instant)

    return _session_phrases(course, zone)


_Zone = Callable[[datetime], str]
"""Names the zone of an instant."""


def _session_phrases(course: CourseSnapshot, zone: _Zone) -> list[str]:
    if any(each.title for each in course.sessions):
        lines = [
            f"{each.title}: {_session_line([times], zone)}"
            for each, times in zip(course.sessions, _local(course), strict=True)
        ]
    else:
        lines = [_session_line(group, zone) for group in _groups(course)]
    if course.completed_on is None:
        return lines
    return [*lines, f"Self-study completed {day_phrase(course.completed_on)}"]


def _groups(course: CourseSnapshot) -> list[list[tuple[datetime, datetime]]]:
    """Return the sessions that share a line, in the course's own time."""
    return [list(group) for _, group in groupby(_local(course), key=_same_line)]


def _local(course: CourseSnapshot) -> list[tuple[datetime, datetime]]:
    zone = ZoneInfo(course.timezone)
    return [(each.start.astimezone(zone), each.end.astimezone(zone)) for each in course.sessions]


def _same_line(times: tuple[datetime, datetime]) -> tuple[str, str]:
    start, end = times
    own = f"{start}" if changes_within(start, end) else ""
    return clock_phrase(start, end) + own, start.tzname() or ""


def changes_within(start: datetime, end: datetime) -> bool:
    """Say whether a session ends on another date than it started on, or on a clock set anew.

    Both are aware, local to the course. Who ends at midnight ends on the day that is over then.
    """
    last_day = (end - datetime.resolution).date()
    return start.date() != last_day or start.tzname() != end.tzname()


def session_parts(course: CourseSnapshot) -> list[tuple[tuple[date, ...], str, str]]:
    """Return dates, time and zone of the sessions of each line of `session_phrases`.

    `1:00 to 4:15 p.m.` is a time, `Eastern Time (EDT)` a zone.
    """
    return [
        (
            tuple(start.date() for start, _ in group),
            clock_phrase(*group[0]),
            _zone_phrase(course.timezone, group[0][0]),
        )
        for group in _groups(course)
    ]


def _zone_phrase(timezone: str, instant: datetime) -> str:
    usual = timezone.rsplit("/", maxsplit=1)[-1].replace("_", " ") + " time"
    return f"{_ZONES.get(timezone, usual)} ({instant.tzname()})"


def _session_line(group: Sequence[tuple[datetime, datetime]], zone: _Zone) -> str:
    start, end = group[0]
    if changes_within(start, end):
        return " to ".join(f"{_moment(e)} {zone(e)}" for e in (start, end))
    weekdays = list(dict.fromkeys(WEEKDAYS[each.weekday()] for each, _ in group))
    named = weekdays[0] + ("s" if len(group) > 1 else "") if len(weekdays) == 1 else ""
    dates = dates_phrase([each.date() for each, _ in group])
    prefix = f"{named}, " if named else ""
    return f"{prefix}{dates}, {clock_phrase(start, end)} {zone(start)}"


def _moment(instant: datetime) -> str:
    weekday = WEEKDAYS[instant.weekday()]
    return f"{weekday}, {day_phrase(instant.date())}, {named_clock(instant)}"


def category_split(line: CreditLine) -> str:
    """Write a line's subject split: `2 ethics, 3.5 clinical`; "" if there is none."""
    split = ", ".join(f"{hours_figure(each.hours)} {each.code}" for each in line.categories)
    return f"{line.category_label}: {split}" if split and line.category_label else split


APPROVED_BY, DEEMED, APPROVAL = "Approved by", "Deemed approved under", "Approval"


def approval_heading(lines: Sequence[CreditLine]) -> str:
    """Return what stands above who approved *lines*, or the rule by which they are approved.

    It is what all of them have in common; where they differ, each says its own
    (`approval_words`).
    """
    labels = {_approval_label(each) for each in lines if each.approver or each.basis}
    if len(labels) > 1:
        return APPROVAL
    return labels.pop() if labels else APPROVED_BY


def approval_words(line: CreditLine, heading: str) -> str:
    """Return who approved a line, or by which rule it is, below *heading*; "" for attendance."""
    words, label = line.basis or line.approver, _approval_label(line)
    return words if not words or label in {heading, APPROVED_BY} else f"{label} {words}"


def approval_of_another(line: CreditLine, provider: str, heading: str) -> str:
    """Write who awards a line, where that is not *provider*, and who approved them.

    `Example Prepare, approved by American Psychological Association`.

    Args:
        line: The line.
        provider: Whose approvals need no name.
        heading: What stands above (`approval_heading`).
    """
    if not line.awarded_by or line.awarded_by == provider:
        return approval_words(line, heading)
    words, label = line.basis or line.approver, _approval_label(line)
    approved = f"{label[0].lower()}{label[1:]} {words}" if words else ""
    return ", ".join(each for each in (line.awarded_by, approved) if each)


def _approval_label(line: CreditLine) -> str:
    return DEEMED if line.basis else line.approver_label or APPROVED_BY


def approval_number(line: CreditLine) -> str:
    """Write number and approval period: `No. 0169, 2018-2027`; "" if there is no number.

    A period within one year is that year: `Approval No. 886512345-1, 2020`.
    """
    if not line.number:
        return NO_NUMBER if line.number_none_issued else ""
    if line.valid_from is None or line.valid_to is None:
        return f"{line.number_label} {line.number}"
    years = dict.fromkeys((line.valid_from.year, line.valid_to.year))
    period = "\N{EN DASH}".join(map(str, years))
    return f"{line.number_label} {line.number}, {period}"


def credit_words(line: CreditLine, provider: str) -> str:
    """Write a credit line in one line: label, hours, unit, who awards it, number.

    `New York, social work: 6 contact hours, No. 0169, 2018-2027`. Who awards it is named
    where it is not *provider*.
    """
    awarder = line.awarded_by if line.awarded_by != provider else ""
    return credit_phrase(
        line.label,
        hours_phrase(line.hours, line.unit),
        category_split(line),
        f"awarded by {awarder}" if awarder else "",
        approval_number(line),
    )
