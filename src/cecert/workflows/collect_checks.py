"""What keeps files from being used together: every fault, before anything is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CANDIDATE_ROLES
from cecert.domain.evidence.attendance import required_time
from cecert.domain.evidence.clock_checks import likely_zones, zone_shift
from cecert.domain.evidence.collection import HELD_PURPOSES, Registrant, Report
from cecert.domain.evidence.matching import Attribution, Directory, lost_links
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.evidence.rulings import sessions_of
from cecert.domain.evidence.suggestions import Suggestion
from cecert.domain.people.person import folded_email
from cecert.domain.values.wording import day_phrase
from cecert.errors import Fault

__all__ = [
    "course_faults",
    "override_faults",
    "registration_faults",
    "report_faults",
    "unclaimed_reports",
]


def registration_faults(registrants: Sequence[Registrant], course: Course) -> Iterator[Fault]:
    """Name everybody who is registered twice, and registrations without a candidate."""
    seen: dict[str, Registrant] = {}
    for each in registrants:
        if (first := seen.setdefault(each.identity, each)) is not each:
            yield Fault(
                each.place,
                each.identity,
                f"is registered twice: {first.name} at {first.place}, {each.name} here",
                "keep one of the two rows",
            )
    roles = CANDIDATE_ROLES.union(
        course.requirements.roles, *(each.requirements.roles for each in course.credit_lines)
    )
    if registrants and not any(each.role in roles for each in registrants):
        file = registrants[0].place.rpartition(": ")[0] or "registrations"
        found = ", ".join(sorted({each.role for each in registrants}))
        yield Fault(
            file,
            "",
            f"no row is a candidate: their roles are {found}",
            "leave role empty for participants",
        )


def unclaimed_reports(
    reports: Sequence[Report], pool: Sequence[Attribution], hints: Sequence[Suggestion]
) -> Iterator[Fault]:
    """Name reports in which no connection is, or may be, anybody's who registered.

    Args:
        reports: All that were given.
        pool: The connections that nobody claims.
        hints: Whose some of them may be all the same.
    """
    hinted = {row.mark for each in hints for row in each.connections}
    nobodys = {each.connection.mark for each in pool} - hinted
    for report in reports:
        if all(each.mark in nobodys for each in report.connections):
            yield Fault(
                report.file.name,
                "",
                "no row of this attendance report belongs to anybody who registered",
                "is it another course's, or are its names and addresses others than those "
                "registered?",
            )


def report_faults(reports: Sequence[Report], course: Course) -> Iterator[Fault]:
    """Name reports that fit no session, are read in the wrong zone, or contradict another."""
    for report in reports:
        yield from _clock_faults(report, course)
    yield from _contradictions(reports)


def _clock_faults(report: Report, course: Course) -> Iterator[Fault]:
    name = report.file.name
    if not report.connections:
        yield Fault(name, report.file.found, "has no row that is a connection", _EMPTY)
        return
    shift = None if report.zone_stated else zone_shift(report.connections, course.sessions)
    if shift is not None:
        zones = likely_zones(shift, ZoneInfo(course.timezone), course.sessions[0].start)
        asked = f"--timezone {zones[0]}" if zones else "--timezone with the zone it was exported in"
        yield Fault(
            name,
            "",
            f"ZONE_SUSPECT: its times fit the sessions only if they are moved by {_hours(shift)}",
            f"say {asked}",
        )
    elif not any(sessions_of(each.stay, course.sessions) for each in report.connections):
        first = min(each.stay.joined[0] for each in report.connections)
        local = first.astimezone(ZoneInfo(course.timezone))
        yield Fault(
            name,
            "",
            "has nothing from 30 minutes before to 120 minutes after any session; "
            f"its first connection is of {day_phrase(local.date())}, {local:%H:%M:%S}",
            "is it of another meeting?",
        )


_EMPTY = "an empty report is no proof of absence: export it again"


def _hours(shift: timedelta) -> str:
    minutes = int(shift.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    length = f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{length} {'later' if minutes > 0 else 'earlier'}"


def _contradictions(reports: Sequence[Report]) -> Iterator[Fault]:
    seen: dict[str, Report] = {}
    for each in reports:
        if not each.occurrence:
            continue
        first = seen.setdefault(each.occurrence, each)
        if first is not each and _marks(first) != _marks(each):
            yield Fault(
                each.file.name,
                "",
                f"is another export of the meeting that {first.file.name} reports, with other rows",
                "keep the later of the two",
            )


def _marks(report: Report) -> frozenset[str]:
    return frozenset(each.mark for each in report.connections)


def course_faults(
    reports: Sequence[Report], course: Course, now: datetime | None = None
) -> Iterator[Fault]:
    """Name sessions that no report is of: nobody may be called absent for lack of a file.

    Args:
        reports: All that were given.
        course: The course.
        now: For saying that a session is still ahead; None where nobody asks the clock.
    """
    given = {each.file.name: _sessions_in(each, course) for each in reports}
    told = "; ".join(
        f"{name} is of {', '.join(ids) or 'no session'}" for name, ids in given.items()
    )
    for session in course.sessions:
        if not any(session.id in ids for ids in given.values()):
            ahead = now is not None and now < session.end
            over = f"{day_phrase(session.end.date())}, {session.end:%H:%M}"
            yield Fault(
                f"session {session.id}",
                "",
                f"no report has a connection on {day_phrase(session.day)}; {told}",
                f"it is still ahead: collect when it is over, after {over}, with the reports of "
                "all sessions"
                if ahead
                else "give its report with --attendance",
            )


def _sessions_in(report: Report, course: Course) -> tuple[str, ...]:
    found = {
        each.id for row in report.connections for each in sessions_of(row.stay, course.sessions)
    }
    return tuple(each.id for each in course.sessions if each.id in found)


def override_faults(
    overrides: Sequence[Override],
    course: Course,
    directory: Directory,
    attributions: Sequence[Attribution],
) -> Iterator[Fault]:
    """Name overrides that are about nobody, no session, no row or no time."""
    lost = lost_links(attributions, overrides)
    for each in overrides:
        if each.participant and not directory.knows(each.participant):
            yield Fault(each.place, each.participant, "is nobody who registered", _WHO)
        yield from _session_faults(each, course)
        if each in lost and not each.inputs:
            yield Fault(each.place, each.connection, "is no row of any report", "FILE:LINE")
    yield from _alias_faults(overrides)


def _session_faults(override: Override, course: Course) -> Iterator[Fault]:
    sessions = {each.id: each for each in course.sessions}
    if not override.session:
        return
    if override.kind is OverrideKind.DECISION and override.session in HELD_PURPOSES:
        return
    if (session := sessions.get(override.session)) is None:
        yield Fault(override.place, override.session, f"is no session: {', '.join(sessions)}")
    elif override.period is not None and not required_time(session, override.period):
        yield Fault(override.place, override.session, "has no required time in this period")


def _alias_faults(overrides: Sequence[Override]) -> Iterator[Fault]:
    aliases: dict[str, Override] = {}
    for each in overrides:
        if each.kind is OverrideKind.ALIAS:
            first = aliases.setdefault(folded_email(each.alias), each)
            if first.participant != each.participant:
                yield Fault(each.place, each.alias, f"is already {first.participant}'s alias")


_WHO = "a participant's id, else the address as registered"
