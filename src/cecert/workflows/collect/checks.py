"""What keeps files from being used together: every fault, before anything is judged.

Two reports with a meeting's number and start are held against each other, and refused where
they differ. Most have neither. But who is in two reports of one session at the same time was
hardly there twice, and where that is so of half of the people, the two report one meeting:
one of them is older, or was changed. Nothing is refused then, because a school may well run
one session on two platforms; a person is told, and looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.course.session import Session
from cecert.domain.decision.completion_record import CANDIDATE_ROLES
from cecert.domain.evidence.attendance import required_time
from cecert.domain.evidence.clock_checks import likely_zones, zone_shift
from cecert.domain.evidence.collection import Registrant, Report
from cecert.domain.evidence.matching import Attribution, Connection, Directory, Rows, lost_links
from cecert.domain.evidence.overrides import HELD_PURPOSES, Override, OverrideKind
from cecert.domain.evidence.rulings import sessions_of
from cecert.domain.evidence.suggestions import Suggestion
from cecert.domain.people.person import folded_email
from cecert.domain.values.intervals import Interval, Span
from cecert.domain.values.wording import day_phrase
from cecert.errors import Fault
from cecert.workflows.collect.lost_zeros import lost_zeros, told_zeros

__all__ = [
    "course_faults",
    "double_exports",
    "override_faults",
    "registration_faults",
    "report_faults",
    "unclaimed_reports",
]

LEAST_PEOPLE, SHARE = 2, 0.5
"""People in two reports at once, and their share of the smaller, that make them one meeting's."""

_EMPTY = "an empty report is no proof of absence: export it again"

_WHO = "a participant's id, else the address as registered"


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
    reports: Sequence[Report], course: Course, rows: Rows, now: datetime | None = None
) -> Iterator[tuple[str, Fault]]:
    """Yield the sessions that no report is of: nobody may be called absent for lack of a file.

    Args:
        reports: All that were given.
        course: The course.
        rows: Their rows.
        now: For saying that a session is still ahead; None where nobody asks the clock.
    """
    given = {each.file.name: _sessions_in(part, course, rows) for part, each in enumerate(reports)}
    told = "; ".join(
        f"{name} is of {', '.join(ids) or 'no session'}" for name, ids in given.items()
    )
    among = f"; {told}" if told else ""
    for session in course.sessions:
        if not any(session.id in ids for ids in given.values()):
            ahead = now is not None and now < session.end
            over = f"{day_phrase(session.end.date())}, {session.end:%H:%M}"
            remedy = (
                f"it is still ahead: collect when it is over, after {over}, with the reports of "
                "all sessions"
                if ahead
                else "give its report with --attendance"
            )
            problem = f"no report has a connection on {day_phrase(session.day)}{among}"
            yield session.id, Fault(f"session {session.id}", "", problem, remedy)


def _sessions_in(part: int, course: Course, rows: Rows) -> tuple[str, ...]:
    found = rows.sessions_in(part)
    return tuple(each.id for each in course.sessions if each.id in found)


def override_faults(
    overrides: Sequence[Override],
    course: Course,
    directory: Directory,
    attributions: Sequence[Attribution],
) -> Iterator[Fault]:
    """Name overrides that are about nobody, no session, no row or no time.

    Args:
        overrides: All that were given.
        course: Its sessions are those there are.
        directory: Knows who is registered.
        attributions: The rows of all reports, with whose they are.
    """
    lost = lost_links(attributions, overrides)
    for each in overrides:
        if each.participant and not directory.knows(each.participant):
            near = lost_zeros((each.participant,), directory)
            remedy = told_zeros(near) if near else _WHO
            yield Fault(each.place, each.participant, "is nobody who registered", remedy)
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


def double_exports(reports: Sequence[Report], course: Course, rows: Rows) -> Iterator[str]:
    """Name every two reports that seem to be of one meeting and have other rows.

    Args:
        reports: All that were given.
        course: The course.
        rows: Their rows.
    """
    of = [rows.sessions_in(part) for part in range(len(reports))]
    for (one, mine_of), (other, theirs_of) in combinations(zip(reports, of, strict=True), 2):
        # Most reports are of a session of their own, and their rows need not be looked at.
        for session in course.sessions if mine_of & theirs_of else ():
            mine, theirs = (_rows_in(each, session, course) for each in (one, other))
            if _is_part(mine, theirs):
                continue
            people, at_once = _people(mine), _people(theirs)
            both = [each for each in people if each in at_once and people[each] & at_once[each]]
            if len(both) >= max(LEAST_PEOPLE, SHARE * min(len(people), len(at_once))):
                yield (
                    f"{one.file.name} and {other.file.name} look like two exports of one meeting "
                    f"on {session.id}: {len(both)} people are in both at the same time, and the "
                    "rows differ. Both were counted together; if one is older or was changed, "
                    "collect again without it"
                )


def _rows_in(report: Report, session: Session, course: Course) -> list[Connection]:
    """Return the rows of a report that are presence in a session."""
    return [
        each
        for each in report.connections
        if not each.stay.waiting and session in sessions_of(each.stay, course.sessions)
    ]


def _is_part(mine: Sequence[Connection], theirs: Sequence[Connection]) -> bool:
    """Say whether one report has all rows of the other: then it only was made earlier."""
    marks, others = {each.mark for each in mine}, {each.mark for each in theirs}
    return marks <= others or others <= marks


def _people(rows: Sequence[Connection]) -> Mapping[str, Span]:
    pieces: Mapping[str, list[Interval]] = defaultdict(list)
    for each in rows:
        key = each.platform_id or each.email or each.shown_name
        pieces[key.casefold()] += each.stay.certain.intervals
    return {key: Span.union(held) for key, held in pieces.items()}
