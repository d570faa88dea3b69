"""When an evaluation or an attestation may be dated: not before the course was over.

"I attended all sessions in full" cannot be attested before they are. Evaluations are
handed out in the last minutes, so theirs may be a little earlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course

__all__ = ["EARLIER", "Earliest", "earliest", "too_early", "why_early"]

EARLIER = {"evaluation": timedelta(minutes=15), "attestation": timedelta()}
"""How long before the end of the last session each may be dated."""


@dataclass(frozen=True, slots=True)
class Earliest:
    """From when on something may be dated.

    Attributes:
        at: The first instant.
        day: The first day, for what is dated by a day alone.
        zone: The course's.
    """

    at: datetime
    day: date
    zone: ZoneInfo

    def is_after(self, moment: date | datetime) -> bool:
        """Say whether something is dated before the course was over.

        Args:
            moment: A date, or an aware date-time. A date-time at midnight, at the course, is
                the day alone: so `collect` and spreadsheets write one. The last day may be
                after the end, so it passes.
        """
        if isinstance(moment, datetime):
            local = moment.astimezone(self.zone)
            if local.time() != time():
                return moment < self.at
            moment = local.date()
        return moment < self.day


def earliest(what: str, course: Course) -> Earliest:
    """Return from when on an evaluation or an attestation of *course* may be dated."""
    zone, end = ZoneInfo(course.timezone), course.ends_at
    return Earliest(end - EARLIER[what], end.astimezone(zone).date(), zone)


Row = TypeVar("Row")


def too_early(what: str, course: Course, moments: Mapping[Row, date | datetime]) -> list[Row]:
    """Return the rows dated before *course* was over, in their order.

    Args:
        what: `evaluation` or `attestation`, which may be early by different margins.
        course: The course, as these people completed it; of an open one none is too early.
        moments: What each row is dated: a date, or an aware date-time.
    """
    if course.is_open:
        return []
    first = earliest(what, course)
    return [row for row, moment in moments.items() if first.is_after(moment)]


def why_early(what: str, moment: date | datetime, course: Course, done: str = "") -> str:
    """Say with both dates how something is dated too early, as the end of a sentence.

    Args:
        what: `evaluation` or `attestation`, which may be early by different margins.
        moment: A date, or an aware date-time.
        course: The course, as the person completed it.
        done: By what it was completed, with the day, where that is known.
    """
    zone = ZoneInfo(course.timezone)
    told = moment.astimezone(zone) if isinstance(moment, datetime) else moment
    dated = f"{told:%Y-%m-%d %H:%M}" if isinstance(told, datetime) else f"{told}"
    margin = int(EARLIER[what].total_seconds()) // 60
    before = f"more than {margin} minutes before" if margin else "before"
    end = course.ends_at.astimezone(zone)
    if course.completed_on and course.completed_on == end.date():
        before, ended = "before", done or f"the course was completed on {end:%Y-%m-%d}"
    else:
        ended = f"the last session ended on {end:%Y-%m-%d at %H:%M}"
    return f"dated {dated}, {before} {ended}{_swapped(told, end)}"


LATEST = timedelta(days=90)
"""After a course: a date that would lie in it with day and month swapped may be swapped."""


def _swapped(told: date | datetime, end: datetime) -> str:
    """Say what a date would be with day and month swapped, where that is after the course."""
    try:
        swapped = date(told.year, told.day, told.month)
    except ValueError:
        return ""
    if told.day == told.month or not end.date() <= swapped <= end.date() + LATEST:
        return ""
    return f"; with day and month swapped it would be {swapped}"
