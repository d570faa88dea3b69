"""A year's activities: how many people a board's credit went to, activity and session alike.

Counted are certificates that stand, by their credit date; a person counts once in each row.
A profession is that of the credit: who has credit of two counts in both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cecert.domain.certificate.certificate import (
    Certificate,
    CertificateState,
    CourseSnapshot,
    SessionTimes,
)
from cecert.domain.certificate.phrases import session_phrases
from cecert.domain.certificate.transcript import Period
from cecert.domain.course.credit_line import CreditLine
from cecert.errors import InputError
from cecert.ports import Clock, Event, Ledger

__all__ = ["Activity", "AnnualReport", "Headcount", "SessionCount", "annual_report"]


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people there were.

    Attributes:
        participants: In all, with whatever certificate.
        credited: With the credit that is reported.
        professions: With a credit of each profession, "" for attendance alone.
    """

    participants: int
    credited: int
    professions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SessionCount:
    """One session of an activity.

    Attributes:
        when: In words, as certificates have it.
        day: On which it started.
        title: Of a conference's; else "".
        people: Who was there.
    """

    when: str
    day: date
    title: str
    people: Headcount


@dataclass(frozen=True, slots=True)
class Activity:
    """One course with its people.

    Attributes:
        course: As on the newest certificate.
        line: The credit, as on the newest certificate that has it.
        hours: Least and most that somebody was credited with.
        days: The session dates, ascending.
        credit_dates: First and last.
        people: Who was there.
        sessions: In time order.
    """

    course: CourseSnapshot
    line: CreditLine
    hours: tuple[Decimal, Decimal]
    days: tuple[date, ...]
    credit_dates: tuple[date, date]
    people: Headcount
    sessions: tuple[SessionCount, ...]


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The activities of a period in which a credit was given.

    Attributes:
        credential: The credential type.
        activities: In order of their last credit date.
    """

    credential: str
    activities: tuple[Activity, ...]

    @property
    def professions(self) -> tuple[str, ...]:
        """The professions of all of them, in alphabetical order, attendance alone last."""
        found = {each for activity in self.activities for each in activity.people.professions}
        return tuple(sorted(found, key=lambda each: (not each, each)))


def annual_report(
    credential: str, days: tuple[date, date], ledger: Ledger, clock: Clock, actor: str
) -> AnnualReport:
    """Count a period's activities in which a credit was given, and enter that it was asked.

    Args:
        credential: The credential type.
        days: First and last day of the period, by credit date.
        ledger: Is read, and takes the event.
        clock: Tells when.
        actor: Who asks.

    Raises:
        InputError: If the period ends before it begins, or the credit was given to nobody in
            it.
    """
    period = Period(*days)
    courses: defaultdict[str, list[Certificate]] = defaultdict(list)
    for entry in ledger.walk_days(*days):
        if entry.state is CertificateState.STANDING:
            courses[entry.certificate.course.id].append(entry.certificate)
    found = [
        _activity(each, credential)
        for each in courses.values()
        if any(_has(certificate, credential) for certificate in each)
    ]
    if not found:
        raise InputError(
            f"no credit of {credential} has its date in the period {period.phrase}",
            hint="the credit date counts: that of the last session, or of completion",
        )
    found.sort(key=lambda each: (each.credit_dates[1], each.course.id))
    reason = f"annual report {credential} {period.phrase}, {len(found)} activities"
    ledger.add_event(Event("exported", clock.now(), None, actor, reason))
    return AnnualReport(credential, tuple(found))


def _lines(certificate: Certificate, credential: str) -> list[CreditLine]:
    return [each for each in certificate.credit_lines if each.credential == credential]


def _has(certificate: Certificate, credential: str) -> bool:
    return bool(_lines(certificate, credential))


def _activity(certificates: Sequence[Certificate], credential: str) -> Activity:
    newest_first = sorted(certificates, key=lambda each: each.issued_at, reverse=True)
    lines = [line for each in newest_first for line in _lines(each, credential)]
    hours = [each.hours for each in lines]
    dates = [each.credit_date for each in certificates]
    return Activity(
        course=newest_first[0].course,
        line=lines[0],
        hours=(min(hours), max(hours)),
        days=tuple(sorted({s.start.date() for e in certificates for s in e.course.sessions})),
        credit_dates=(min(dates), max(dates)),
        people=_people(certificates, credential),
        sessions=tuple(_sessions(newest_first, credential)),
    )


def _sessions(certificates: Sequence[Certificate], credential: str) -> Iterator[SessionCount]:
    """Yield each session with those whose certificate names it: of a conference not all."""
    there: defaultdict[SessionTimes, list[Certificate]] = defaultdict(list)
    for each in certificates:
        for session in each.course.sessions:
            there[session].append(each)
    for session, those in sorted(there.items(), key=lambda each: each[0].start):
        one = replace(those[0].course, sessions=(session,), completed_on=None)
        (when,) = session_phrases(one)
        prefix = f"{session.title}: " if session.title else ""
        yield SessionCount(
            when=when.removeprefix(prefix),
            day=session.start.date(),
            title=session.title,
            people=_people(those, credential),
        )


def _people(certificates: Sequence[Certificate], credential: str) -> Headcount:
    professions: defaultdict[str, set[str]] = defaultdict(set)
    for each in certificates:
        for line in each.credit_lines:
            professions[each.recipient.participant].add(line.profession)
    counted: Counter[str] = Counter()
    for theirs in professions.values():
        counted.update(theirs - {""} or {""})
    having = {e.recipient.participant for e in certificates if _has(e, credential)}
    return Headcount(len(professions), len(having), dict(counted))
