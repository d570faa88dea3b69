"""Credit requests: a credit a course asks for, with the office and the course that ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cecert.domain.course.approval import Approval
from cecert.domain.course.course import AttendanceRule, CoSponsor, Instructor
from cecert.domain.course.credit_line import Category, Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.course.regime import Regime
from cecert.domain.course.session import Session
from cecert.domain.course.statement import WriteStatement
from cecert.domain.values.findings import Finding, Severity

__all__ = ["Authority", "CreditOffer", "CreditRequest", "Offering"]


@dataclass(frozen=True, slots=True)
class Authority:
    """What the office may claim, and how its claims are put into words.

    Attributes:
        provider: Who answers for the courses.
        signatories: Who signs their certificates.
        approvals: All the office holds, of whatever credential type.
        regimes: What each board says, by its id, which is the credential type.
        write: Fills a statement's template in.
        program: What of the provider offers the courses, as its statements call it:
            `Program of Professional Education`; "" for nothing.
    """

    provider: Provider
    signatories: tuple[Signatory, ...]
    approvals: tuple[Approval, ...]
    regimes: Mapping[str, Regime]
    write: WriteStatement
    program: str = ""


@dataclass(frozen=True, slots=True)
class CreditOffer:
    """A credit as the course asks for it.

    Attributes:
        credential: The credential type, a regime's id.
        hours: As declared.
        requirements: What a participant must have done for it.
        categories: What of the hours is of which kind; often none.
        awarded_by: The organisation that awards it, "" for the provider.
        states: Two letters of each state whose licensees it is for; () where the regime
            itself says which.
    """

    credential: str
    hours: Decimal
    requirements: Requirements
    categories: tuple[Category, ...] = ()
    awarded_by: str = ""
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offering:
    """What of a course bears on its credit.

    Attributes:
        presented_by: The organisation that conducts the course.
        format: How it is held.
        sessions: In time order.
        location: `Zoom`, `Seelye Hall`, or "".
        instructors: Who teaches, in order.
        co_sponsors: Further organisations on the course.
        attendance_rule: Limits for attendance, None where the file has none.
        study_minutes: What the material takes besides the sessions.
        completed_on: The day on which somebody completes the course, where each has their own.
        file: Where it is written, for the findings' places.
    """

    presented_by: str
    format: CourseFormat
    sessions: tuple[Session, ...]
    location: str = ""
    instructors: tuple[Instructor, ...] = ()
    co_sponsors: tuple[CoSponsor, ...] = ()
    attendance_rule: AttendanceRule | None = None
    study_minutes: int = 0
    completed_on: date | None = None
    file: str = "course.toml"

    @property
    def days(self) -> tuple[date, ...]:
        """The distinct session dates and that of completion, ascending."""
        own = {self.completed_on} if self.completed_on else set()
        return tuple(sorted({each.day for each in self.sessions} | own))

    @property
    def minutes(self) -> Decimal:
        """Scheduled minutes of all sessions less breaks, and those of study."""
        study = timedelta(minutes=self.study_minutes)
        return _minutes(sum((each.creditable for each in self.sessions), study))

    @property
    def tolerated_minutes(self) -> Decimal:
        """Minutes a person may miss in all and still attend every session in full."""
        rule = self.attendance_rule
        absent = rule.absent_total * len(self.sessions) if rule else 0
        return _minutes(timedelta(seconds=absent))


def _minutes(span: timedelta) -> Decimal:
    return Decimal(int(span.total_seconds())) / 60


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """One credit offer with all that bears on it.

    Attributes:
        offer: The credit.
        offering: The course.
        authority: The office.
        regime: Of the credit's credential type.
    """

    offer: CreditOffer
    offering: Offering
    authority: Authority
    regime: Regime

    def error(self, about: str, message: str) -> Finding:
        """Return the error *message* about a key of the credit, "" for the credit itself."""
        return Finding(Severity.ERROR, self._place(about), message)

    def warning(self, about: str, message: str) -> Finding:
        """Return the warning *message* about a key of the credit."""
        return Finding(Severity.WARNING, self._place(about), message)

    def _place(self, about: str) -> str:
        return f"{self.offering.file}: credit[{self.offer.credential}]{about and '.' + about}"
