"""Certificates: the frozen snapshot of everything one certificate says.

Nothing printed is looked up again after issue: a provider that moves, a statement
that changes, a course that is deleted alter no certificate that was issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from cecert.argument_types import typed
from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.people.person import License
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.emphasis import Stretch
from cecert.domain.values.quick_making import quickly_made
from cecert.errors import WrongValueError

__all__ = [
    "REVOCATION_REASONS",
    "Certificate",
    "CertificateState",
    "CourseSnapshot",
    "Paper",
    "Recipient",
    "SessionTimes",
    "StatusSlot",
]


class Paper(Enum):
    """Sheet of a certificate, landscape. Threads may share it."""

    LETTER = "letter"
    A4 = "a4"


class CertificateState(Enum):
    """Whether a certificate stands; the other two are final. Threads may share it."""

    STANDING = "standing"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


REVOCATION_REASONS = (
    "issued-in-error",
    "wrong-person",
    "evidence-false",
    "approval-withdrawn",
    "requested-by-holder",
)
"""Why a certificate can be revoked; the class stands in the event, never in public."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The participant a certificate names. Threads may share it.

    Attributes:
        participant: Identity in the ledger: the registrar's id, else the folded e-mail.
        name: As printed.
        licenses: As printed.
    """

    participant: str
    name: str
    licenses: tuple[License, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When a session started and ended. Threads may share it.

    Attributes:
        start, end: Aware, with the course's offset that day.
        title: As printed, of a session of a conference; else "".
        title_italics: Stretches of the title that are set in italics.
    """

    start: datetime
    end: datetime
    title: str = ""
    title_italics: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseSnapshot:
    """What a certificate says of its course. Threads may share it.

    Attributes:
        id: The course's.
        title: As printed.
        presented_by: The organisation that conducted it.
        format: How it was held.
        location: `Zoom`, `Seelye Hall`, or "".
        level: As the course page gives it, "" for none.
        timezone: IANA name of the zone that its times are local to.
        instructors: With their credentials, as printed, in order.
        co_sponsors: Names, in order.
        sessions: In time order.
        delivery_days: Days after the last session, or completion, by which certificates are due.
        completed_on: The day on which the person completed it, where each has their own.
        title_italics: Stretches of the title that are set in italics.
    """

    id: str
    title: str
    presented_by: str
    format: CourseFormat
    location: str
    level: str
    timezone: str
    instructors: tuple[str, ...]
    co_sponsors: tuple[str, ...]
    sessions: tuple[SessionTimes, ...]
    delivery_days: int
    completed_on: date | None = None
    title_italics: tuple[Stretch, ...] = ()

    @classmethod
    @typed
    def of(cls, course: Course) -> CourseSnapshot:
        """Freeze what *course* says today."""
        return cls(
            id=course.id,
            title=course.title,
            presented_by=course.presented_by,
            format=course.format,
            location=course.location,
            level=course.level,
            timezone=course.timezone,
            instructors=tuple(each.printed for each in course.instructors),
            co_sponsors=tuple(each.name for each in course.co_sponsors),
            sessions=tuple(
                SessionTimes(each.start, each.end, each.title, each.title_italics)
                for each in course.sessions
            ),
            delivery_days=course.delivery_days,
            completed_on=course.completed_on,
            title_italics=course.title_italics,
        )

    @property
    def days(self) -> tuple[date, ...]:
        """The distinct session dates at the course and that of completion, ascending."""
        own = {self.completed_on} if self.completed_on else set()
        return tuple(sorted({each.start.date() for each in self.sessions} | own))

    @property
    def due_on(self) -> date:
        """The last day for the certificate to arrive without being overdue."""
        return max(self.days) + timedelta(days=self.delivery_days)


@dataclass(frozen=True, slots=True)
class StatusSlot:
    """Where a certificate's status stands in the published lists (docs/spec/token.md W7).

    Threads may share it.

    Attributes:
        list_id: The list's number, from 0.
        index: The slot in it, from 0; a list has 131,072.
    """

    list_id: int
    index: int


@quickly_made
@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything one certificate says, frozen at issue. Threads may share it.

    Attributes:
        id: Printed, in the token, and the ledger's key.
        revision: 0 for the first; a correction counts up.
        provider: Who answers for the course, as it was called then.
        recipient: Whom it names.
        course: What it says of the course.
        credit_lines: At least one; `attendance` alone makes a certificate of attendance.
        credit_date: Date of the last session, or of completion; it decides the licensing cycle.
        requirements_met_on: When the last requirement was met, never before `credit_date`.
        issued_at: Issue instant, UTC, whole seconds; equals the token's.
        signatories: Who signs, as printed, in order.
        layout: Layout and its version, as `classic/1`.
        paper: Sheet.
        slot: Where its status stands in the published lists.
        token_url: What the QR code holds and the attachment carries.
        verify_host: Printed beside the QR code: what the address bar must read.
        retain_until: Nothing of it is deleted before this day.
        supersedes: The certificate it corrects, None for a first issue.
        evidence: `collected` where a `collect` run vouches for the row, `by hand` else.
    """

    id: CertificateId
    revision: int
    provider: Provider
    recipient: Recipient
    course: CourseSnapshot
    credit_lines: tuple[CreditLine, ...]
    credit_date: date
    requirements_met_on: date
    issued_at: datetime
    signatories: tuple[Signatory, ...]
    layout: str
    paper: Paper
    slot: StatusSlot
    token_url: str
    verify_host: str
    retain_until: date
    supersedes: CertificateId | None = None
    evidence: str = "by hand"

    @typed
    def __post_init__(self) -> None:
        if not self.credit_lines:
            raise WrongValueError(f"certificate {self.id} has no credit line")
        if self.issued_at.utcoffset() is None or self.issued_at.microsecond:
            raise WrongValueError(
                f"certificate {self.id} issued at {self.issued_at}, not a UTC second"
            )

    @property
    def claims_approval(self) -> bool:
        """False for a certificate of attendance, which shows no approver at all."""
        return any(each.approver or each.basis for each in self.credit_lines)

    @property
    def names_awarders(self) -> bool:
        """Whether lines say who awards them: not where it is the provider for every line."""
        return any(each.awarded_by != self.provider.name for each in self.credit_lines)
