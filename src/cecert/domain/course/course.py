"""Courses: one scheduled offering with its sessions and the credit it offers.

Times are aware and local to the course's zone; dates printed and in the token are
the civil dates there, never converted. Self-study and hybrid courses are completed by each
person on a day of their own, which is the credit date (`Course.completed`). Of a conference
each person gets credit for the sessions attended (`Course.attended_in`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from cecert.argument_types import typed
from cecert.domain.course.credit_line import CreditLine, CreditPeriod, CreditTotal, Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.license_rule import LicenseRule
from cecert.domain.course.session import Session, at_once
from cecert.domain.values.emphasis import Stretch
from cecert.errors import WrongValueError

__all__ = [
    "ATTENDANCE_CODE",
    "AttendanceRule",
    "AttestationText",
    "CertificatePolicy",
    "CoSponsor",
    "Course",
    "Instructor",
    "NamePolicy",
]


ATTENDANCE = "attendance"
"""The credential type of people who ask for none; it claims no approval."""

ATTENDANCE_CODE = 4
"""Its number in the token (docs/spec/token.md W2)."""

TITLE_CHARACTERS, TITLE_BYTES = 160, 200
"""The token's limits for a course's title (docs/spec/token.md W2)."""

MOST_SESSION_DATES, MOST_CREDITS = 60, 6
"""The token's limits for distinct session dates and for credit lines (docs/spec/token.md W2)."""


@dataclass(frozen=True, slots=True)
class Instructor:
    """Somebody who teaches the course. Threads may share it.

    Attributes:
        name: As printed.
        credentials: As printed after the name: `Ph.D., LICSW`; "" for none.
    """

    name: str
    credentials: str = ""

    @property
    def printed(self) -> str:
        """`Joan Lesser, Ph.D., LICSW`."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


@dataclass(frozen=True, slots=True)
class CoSponsor:
    """A second organisation on the course, and what it answers for. Threads may share it.

    Attributes:
        name: As printed.
        role: What it answers for, in words.
    """

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class AttendanceRule:
    """The provider's own tolerance, in seconds, inclusive; no board's rule. Threads may share it.

    Source: docs/spec/attendance.md.

    Attributes:
        late_join: The longest that somebody may join after the start.
        early_leave: The longest that somebody may leave before the end.
        gap_each: The longest single absence between.
        absent_total: The most that may be missed of a session in all.
        jitter: A gap of at most so long is a reconnect, which breaks no limit.
        jitter_total: Where such gaps are longer together, they count as absence.
    """

    late_join: int
    early_leave: int
    gap_each: int
    absent_total: int
    jitter: int
    jitter_total: int

    @typed
    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 0:
                raise WrongValueError(f"{name} = {getattr(self, name)} is negative")


@dataclass(frozen=True, slots=True)
class AttestationText:
    """What participants attest to: the statement's words, and which version of them.

    Threads may share it.

    Attributes:
        version: What the provider calls these words, as `2020-1`.
        text: The words.
    """

    version: str
    text: str


class CertificatePolicy(Enum):
    """Whether a person's credit lines share one certificate. Threads may share it."""

    COMBINED = "combined"
    PER_CREDENTIAL = "per-credential"


class NamePolicy(Enum):
    """What a full name proves that is unique in the registrations and in the reports.

    Threads may share it.
    """

    SURE = "sure"
    """The connection is that person's."""
    POSSIBLE = "possible"
    """A person must look at it."""


@dataclass(frozen=True, slots=True)
class Course:
    """One course as it is offered once. Threads may share it.

    Attributes:
        id: Never changes; certificate ids hang on it.
        title: As printed.
        presented_by: The organisation that conducts it.
        format: How it is held.
        location: `Zoom`, `Seelye Hall`, or "".
        timezone: IANA name of the zone its times are local to.
        instructors: Who teaches, in order.
        sessions: In time order, not overlapping, ids unique; none of self-study.
        credit_lines: The credit offered, one line per credential type.
        requirements: What every participant must have done.
        attendance_rule: Limits for `collect`, None where the file has none.
        attestation: The statement that participants attest to, None where none is kept.
        unique_name: What a full name alone proves of a connection, in `collect`.
        delivery_days: Days after the last session by which certificates are due.
        certificate_policy: One certificate per person, or one per credential type.
        level, audience, objectives, co_sponsors: As the course page gives them.
        license_rules: The licences its credit is for, by credential type, where that is known.
        study_minutes: What the material takes besides the sessions; more than 0 where each
            person completes the course on a day of their own.
        credit_periods: Where they do, the credit of each day, resolved as of it; `credit_lines`
            are those of the latest. Else ().
        completed_on: The day on which the person completed it whose course this is.
        credit_totals: Of a conference, the credit of each sum that sessions have; else ().
        closes_at: The end of the whole conference, of which this is what somebody attended.
        title_italics: Stretches of the title that are set in italics.
        remind_until: The last day on which people are reminded, None for the day on which
            certificates are due.
    """

    id: str
    title: str
    presented_by: str
    format: CourseFormat
    timezone: str
    instructors: tuple[Instructor, ...]
    sessions: tuple[Session, ...]
    credit_lines: tuple[CreditLine, ...]
    requirements: Requirements
    location: str = ""
    level: str = ""
    audience: str = ""
    objectives: tuple[str, ...] = ()
    co_sponsors: tuple[CoSponsor, ...] = ()
    attendance_rule: AttendanceRule | None = None
    attestation: AttestationText | None = None
    unique_name: NamePolicy = field(default=NamePolicy.POSSIBLE)
    delivery_days: int = 30
    certificate_policy: CertificatePolicy = field(default=CertificatePolicy.COMBINED)
    license_rules: tuple[tuple[str, LicenseRule], ...] = ()
    study_minutes: int = 0
    credit_periods: tuple[CreditPeriod, ...] = ()
    completed_on: date | None = None
    credit_totals: tuple[CreditTotal, ...] = ()
    closes_at: datetime | None = None
    title_italics: tuple[Stretch, ...] = ()
    remind_until: date | None = None

    @typed
    def __post_init__(self) -> None:
        _refuse_twice("session", [each.id for each in self.sessions])
        _refuse_twice("credit", [each.credential for each in self.credit_lines])
        self._refuse_wrong_format()
        _refuse_unknown_zone(self.timezone)
        if self.remind_until and self.sessions and self.remind_until < self.sessions[-1].day:
            raise WrongValueError(f"remind_until, {self.remind_until}, is before the last session")
        days = len(self.days) + (self.format.dated_by_person and not self.completed_on)
        if days > MOST_SESSION_DATES:
            raise WrongValueError(f"{days} session dates, {MOST_SESSION_DATES} fit the token")
        for before, after in zip(self.sessions, self.sessions[1:], strict=False):
            conference = self.format is CourseFormat.CONFERENCE
            if after.start < (before.start if conference else before.end):
                ended = "" if conference else " has ended"
                raise WrongValueError(
                    f"session {after.id} starts before session {before.id}{ended}"
                )

    def _refuse_wrong_format(self) -> None:
        own, self_study = self.format.dated_by_person, self.format is CourseFormat.SELF_STUDY
        persons = self.completed_on is not None or self.closes_at is not None
        offers = bool(self.credit_lines) or persons
        if not (self.sessions or self_study) or not offers:
            raise WrongValueError(
                "a course has at least one session and offers at least one credit"
            )
        conference = self.format is CourseFormat.CONFERENCE
        for each in self.sessions:
            if conference != bool(each.title) or conference != (each.hours is not None):
                told = "needs" if conference else "is of no conference, and has no"
                raise WrongValueError(f"session {each.id} {told} title and hours")
        if self_study and self.sessions:
            raise WrongValueError(
                "self-study has no sessions; where there are some, it is a hybrid"
            )
        if self_study and any(each.credential == ATTENDANCE for each in self.credit_lines):
            raise WrongValueError("nobody attends self-study: it offers no attendance credit")
        if own and not self.study_minutes:
            raise WrongValueError(
                "study_minutes is missing: how long the material takes, besides the sessions"
            )
        if self.study_minutes and not own:
            raise WrongValueError("study_minutes are for self-study and hybrid courses alone")
        tests = [each.requirements.post_test for each in self.credit_lines]
        if own and None in tests:
            raise WrongValueError(
                "post_test is missing, the pass mark: nothing else shows that somebody studied"
            )

    def completed(self, on: date | None) -> Course:
        """Return the course as somebody completed it, with the credit there was on that day.

        It is this one where nobody has a day of their own, or the day is not known.
        """
        if on is None or not self.format.dated_by_person:
            return self
        lines = {each.line.credential: each.line for each in self.credit_periods if each.holds(on)}
        offered = [each.credential for each in self.credit_lines]
        own = tuple(lines[each] for each in offered if each in lines)
        return replace(self, completed_on=on, credit_lines=own)

    @property
    def is_one_for_all(self) -> bool:
        """Whether all who complete it complete the same: no day, no sessions of their own."""
        return not self.format.dated_by_person and self.format is not CourseFormat.CONFERENCE

    def attended_in(self, ids: Collection[str]) -> Course:
        """Return of a conference what somebody attended, with the credit for that.

        It is this one where there is no such part: of every other course, and of a
        conference where nothing was attended, or two sessions at once.

        Args:
            ids: Of the sessions attended in full.
        """
        if self.format is not CourseFormat.CONFERENCE:
            return self
        mine = tuple(each for each in self.sessions if each.id in ids)
        if not mine or at_once(mine):
            return self
        hours = sum((each.hours for each in mine if each.hours), Decimal())
        lines = {
            each.line.credential: each.line for each in self.credit_totals if each.hours == hours
        }
        offered = [each.credential for each in self.credit_lines]
        own = tuple(lines[each] for each in offered if each in lines)
        return replace(self, sessions=mine, credit_lines=own, closes_at=self.closing)

    @property
    def closing(self) -> datetime:
        """When nothing of it is to come any more, for anybody: certificates wait for it."""
        return self.closes_at or max([self.ends_at, *(each.end for each in self.sessions)])

    @property
    def is_open(self) -> bool:
        """Whether it has no date before somebody has completed it: self-study of nobody."""
        return not self.sessions and self.completed_on is None

    @property
    def days(self) -> tuple[date, ...]:
        """The distinct session dates at the course and that of completion, ascending."""
        own = {self.completed_on} if self.completed_on else set()
        return tuple(sorted({each.day for each in self.sessions} | own))

    @property
    def asks_to_attest(self) -> bool:
        """Whether anybody must attest attendance for a certificate of it."""
        asked = (self.requirements, *(each.requirements for each in self.credit_lines))
        return any(each.attestation for each in asked)

    @property
    def credit_date(self) -> date:
        """The date of the last session or of completion, which decides the licensing cycle.

        Raises:
            WrongValueError: If it is open: each person has a date of their own.
        """
        if self.is_open:
            raise WrongValueError(f"course {self.id} has a credit date for each person alone")
        if self.completed_on is None:
            return self.sessions[-1].day
        return self.days[-1]

    @property
    def ends_at(self) -> datetime:
        """The end of the last session, or the day of completion; nothing is issued before it.

        Raises:
            WrongValueError: As `credit_date`.
        """
        if self.completed_on is None and self.sessions:
            return self.sessions[-1].end
        begins = datetime.combine(self.credit_date, time(), ZoneInfo(self.timezone))
        return max(begins, self.sessions[-1].end) if self.sessions else begins

    @property
    def reminded_until(self) -> date:
        """The last day on which somebody is reminded of what is missing."""
        return self.remind_until or self.due_on

    @property
    def due_on(self) -> date:
        """The last day for certificates to arrive without being overdue."""
        return self.credit_date + timedelta(days=self.delivery_days)

    @property
    def creditable(self) -> timedelta:
        """Scheduled time of all sessions without breaks, and that of study."""
        study = timedelta(minutes=self.study_minutes)
        return sum((each.creditable for each in self.sessions), study)

    def credit_for(self, credential: str) -> CreditLine | None:
        """Return the credit line for a credential type, or None if not offered."""
        lines = (each for each in self.credit_lines if each.credential == credential)
        return next(lines, None)

    def licenses_for(self, credential: str) -> LicenseRule | None:
        """Return the licences that a credential type is for, None where nothing is known."""
        return dict(self.license_rules).get(credential)


def _refuse_unknown_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise WrongValueError(f"there is no time zone {name[:80]!r}") from error


def _refuse_twice(what: str, ids: list[str]) -> None:
    if twice := [each for each, count in Counter(ids).items() if count > 1]:
        raise WrongValueError(f"{what} {', '.join(twice)} stands there twice")
