"""Courses: one scheduled offering with its sessions and the credit it offers.

Times are aware and local to the course's zone; dates printed and in the token are
the civil dates there, never converted. How a course is held is said in a board's words:
"online" is no answer to it, live and interactive is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from cecert.domain.course.credit_line import CreditLine, Requirements
from cecert.domain.course.license_rule import LicenseRule

__all__ = [
    "ATTENDANCE_CODE",
    "DELIVERIES",
    "HELD",
    "AttendanceRule",
    "AttestationText",
    "Break",
    "CertificatePolicy",
    "CoSponsor",
    "Course",
    "CourseFormat",
    "CreditLine",
    "Instructor",
    "NamePolicy",
    "Session",
    "delivery_phrase",
]


class CourseFormat(Enum):
    """A format boards accept, by the name `course.toml` uses."""

    LIVE_INTERACTIVE_WEBINAR = "live-interactive-webinar"
    LIVE_IN_PERSON = "live-in-person"
    LIVE_TELECONFERENCE = "live-teleconference"

    @property
    def phrase(self) -> str:
        """The one phrase that is printed for the format."""
        return _PHRASES[self]

    @property
    def delivery(self) -> int:
        """The format's number in the token (docs/spec/token.md W2, body 7)."""
        return 1 if self is CourseFormat.LIVE_IN_PERSON else 2


def delivery_phrase(delivery: int) -> str:
    """Write how a course was held as far as a token tells: what its formats are called.

    >>> delivery_phrase(2)
    'Live interactive webinar or teleconference'
    """
    return DELIVERIES[delivery]


DELIVERIES = {
    1: "Live in-person course",
    2: "Live interactive webinar or teleconference",
    3: "Self-study",
    4: "Hybrid, live and self-study",
}
"""How a course was held, by its number in the token."""


HELD = (1, 2)
"""Deliveries that take place on the session dates: in person, live online."""

_PHRASES = {
    CourseFormat.LIVE_INTERACTIVE_WEBINAR: "Live interactive webinar",
    CourseFormat.LIVE_IN_PERSON: "Live in-person course",
    CourseFormat.LIVE_TELECONFERENCE: "Live interactive teleconference",
}

REFUSED_FORMATS = {
    "self-study": "is refused until the format has a completion date per person",
    "self-study-recorded": "is refused until the format has a completion date per person",
    "self-study-reading": "is refused until the format has a completion date per person",
    "online": "does not say whether people could talk to the instructor while it was held",
    "hybrid": "mixes live and self-study hours, which boards count apart",
}
"""What people write and no certificate may say, with the reason."""


ATTENDANCE = "attendance"
"""The credential type of people who ask for none; it claims no approval."""

ATTENDANCE_CODE = 4
"""Its number in the token (docs/spec/token.md W2)."""

TITLE_CHARACTERS, TITLE_BYTES = 160, 200
"""The token's limits for a course's title (docs/spec/token.md W2)."""

MOST_SESSION_DATES, MOST_CREDITS = 12, 6
"""The token's limits for distinct session dates and for credit lines (docs/spec/token.md W2)."""


@dataclass(frozen=True, slots=True)
class Break:
    """Time in a session that earns no credit; aware instants."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"break ends {self.end:%H:%M}, not after its start {self.start:%H:%M}")


@dataclass(frozen=True, slots=True)
class Session:
    """One continuous meeting of a course.

    Attributes:
        id: As people name it: `day-1`.
        start, end: Aware instants in the course's zone.
        breaks: In time order, within the session, not overlapping.
        began, ended: Start and end in UTC, made with it: every connection is held against them.
    """

    id: str
    start: datetime
    end: datetime
    breaks: tuple[Break, ...] = ()
    began: datetime = field(init=False, repr=False, compare=False)
    ended: datetime = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError(f"session {self.id}: times without a zone")
        if self.end <= self.start:
            raise ValueError(f"session {self.id} ends {self.end}, not after its start {self.start}")
        edge = self.start
        for pause in self.breaks:
            if pause.start < edge or pause.end > self.end:
                raise ValueError(
                    f"session {self.id}: break {pause.start:%H:%M} to {pause.end:%H:%M} "
                    "overlaps another or leaves the session"
                )
            edge = pause.end
        object.__setattr__(self, "began", self.start.astimezone(UTC))
        object.__setattr__(self, "ended", self.end.astimezone(UTC))

    @property
    def day(self) -> date:
        """The civil date it starts on, at the course."""
        return self.start.date()

    @property
    def creditable(self) -> timedelta:
        """Its length without breaks, in elapsed time (a clock change inside counts truly)."""
        breaks = sum((_elapsed(each.start, each.end) for each in self.breaks), timedelta())
        return _elapsed(self.start, self.end) - breaks


def _elapsed(start: datetime, end: datetime) -> timedelta:
    # Aware datetimes of one ZoneInfo subtract as wall clocks; UTC subtracts as time.
    return end.astimezone(_UTC) - start.astimezone(_UTC)


_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Instructor:
    """Who teaches, with credentials as printed after the name: `Ph.D., LICSW`."""

    name: str
    credentials: str = ""

    @property
    def printed(self) -> str:
        """`Joan Lesser, Ph.D., LICSW`."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


@dataclass(frozen=True, slots=True)
class CoSponsor:
    """A second organisation on the course, and what it answers for."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class AttendanceRule:
    """The provider's own tolerance, in seconds, inclusive; no board's rule.

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

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 0:
                raise ValueError(f"{name} = {getattr(self, name)} is negative")


@dataclass(frozen=True, slots=True)
class AttestationText:
    """What participants attest to: the statement's words, and which version of them."""

    version: str
    text: str


class CertificatePolicy(Enum):
    """Whether a person's credit lines share one certificate."""

    COMBINED = "combined"
    PER_CREDENTIAL = "per-credential"


class NamePolicy(Enum):
    """What a full name proves that is unique in the registrations and in the reports."""

    SURE = "sure"
    """The connection is that person's."""
    POSSIBLE = "possible"
    """A person must look at it."""


@dataclass(frozen=True, slots=True)
class Course:
    """One course as it is offered once.

    Attributes:
        id: Never changes; certificate ids hang on it.
        title: As printed.
        presented_by: The organisation that conducts it.
        format: How it is held.
        location: `Zoom`, `Seelye Hall`, or "".
        timezone: IANA name of the zone its times are local to.
        instructors: Who teaches, in order.
        sessions: In time order, not overlapping, ids unique.
        credit_lines: The credit offered, one line per credential type.
        requirements: What every participant must have done.
        attendance_rule: Limits for `collect`, None where the file has none.
        attestation: The statement that participants attest to, None where none is kept.
        unique_name: What a full name alone proves of a connection, in `collect`.
        delivery_days: Days after the last session by which certificates are due.
        certificate_policy: One certificate per person, or one per credential type.
        level, audience, objectives, co_sponsors: As the course page gives them.
        license_rules: The licences its credit is for, by credential type, where that is known.
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

    def __post_init__(self) -> None:
        _refuse_twice("session", [each.id for each in self.sessions])
        _refuse_twice("credit", [each.credential for each in self.credit_lines])
        if not self.sessions or not self.credit_lines:
            raise ValueError("a course has at least one session and offers at least one credit")
        if len(self.days) > MOST_SESSION_DATES:
            raise ValueError(f"{len(self.days)} session dates, {MOST_SESSION_DATES} fit the token")
        for before, after in zip(self.sessions, self.sessions[1:], strict=False):
            if after.start < before.end:
                raise ValueError(f"session {after.id} starts before session {before.id} has ended")

    @property
    def days(self) -> tuple[date, ...]:
        """The distinct session dates at the course, ascending."""
        return tuple(sorted({each.day for each in self.sessions}))

    @property
    def asks_to_attest(self) -> bool:
        """Whether anybody must attest attendance for a certificate of it."""
        asked = (self.requirements, *(each.requirements for each in self.credit_lines))
        return any(each.attestation for each in asked)

    @property
    def credit_date(self) -> date:
        """The date of the last session, which decides the licensing cycle."""
        return self.sessions[-1].day

    @property
    def ends_at(self) -> datetime:
        """The end of the last session; nothing is issued before it."""
        return self.sessions[-1].end

    @property
    def due_on(self) -> date:
        """The last day for certificates to arrive without being overdue."""
        return self.credit_date + timedelta(days=self.delivery_days)

    @property
    def creditable(self) -> timedelta:
        """Scheduled time of all sessions without breaks."""
        return sum((each.creditable for each in self.sessions), timedelta())

    def credit_for(self, credential: str) -> CreditLine | None:
        """Return the credit line for a credential type, or None if not offered."""
        lines = (each for each in self.credit_lines if each.credential == credential)
        return next(lines, None)

    def licenses_for(self, credential: str) -> LicenseRule | None:
        """Return the licences that a credential type is for, None where nothing is known."""
        return dict(self.license_rules).get(credential)


def _refuse_twice(what: str, ids: list[str]) -> None:
    if twice := [each for each, count in Counter(ids).items() if count > 1]:
        raise ValueError(f"{what} {', '.join(twice)} stands there twice")
