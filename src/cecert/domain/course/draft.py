"""A course that a program puts together, before anything of it was checked.

It says what a `course.toml` says, as values: a learning system has its courses in a database.
What it may claim is resolved from the office's approvals (`Office.resolve_course`), by the
same checks, and every finding names its place as in a file: `course: session[2].start`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from cecert.domain.course.course import (
    AttendanceRule,
    AttestationText,
    CertificatePolicy,
    CoSponsor,
    Instructor,
    NamePolicy,
)
from cecert.domain.course.credit_line import Category, Requirements
from cecert.domain.course.formats import CourseFormat

__all__ = ["BreakDraft", "CourseDraft", "CreditDraft", "SessionDraft"]


NO_REQUIREMENTS = Requirements()
"""Asks nothing but that all sessions are attended in full."""


@dataclass(frozen=True, slots=True)
class BreakDraft:
    """A break of a session. Threads may share it.

    Attributes:
        start, end: Local to the course's time zone, without an offset.
    """

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A continuous meeting of a course, unchecked. Threads may share it.

    Attributes:
        id: Letters A-Z, digits and `-_.`.
        start, end: Local to the course's time zone, without an offset.
        breaks: In it.
        title: Its own, of a conference; italics between asterisks.
        hours: Hours of credit that it alone gives, of a conference.
    """

    id: str
    start: datetime
    end: datetime
    breaks: tuple[BreakDraft, ...] = ()
    title: str = ""
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CreditDraft:
    """Hours of one credential type. Threads may share it.

    Attributes:
        credential: A regime's id.
        hours: Hours as they are to be printed, in the regime's unit.
        categories: How they split.
        awarded_by: The organisation that awards it, where several may; else "".
        states: States it counts in, by their letters or in full.
        requirements: What it asks instead of what the course asks, None for the same.
    """

    credential: str
    hours: Decimal
    categories: tuple[Category, ...] = ()
    awarded_by: str = ""
    states: tuple[str, ...] = ()
    requirements: Requirements | None = None


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """A course offering, unchecked. Threads may share it.

    Attributes:
        id: Never changes; certificate ids hang on it.
        title: As printed; italics between asterisks.
        presented_by: The organisation on the course.
        format: How it is given.
        timezone: IANA name.
        sessions: In order; () of self-study.
        credits: What it offers.
        instructors, co_sponsors: Who teaches, who gives it too.
        requirements: What every credit asks of a participant.
        location, level, audience, objectives: As printed, "" and () for none.
        study_minutes: Minutes of self-study, None without.
        remind_until: Last day on which people are reminded of what they lack, None for none.
        attestation: What participants attest to, None for nothing.
        attendance: Seconds that are forgiven, None for what cecert allows.
        unique_name: What a full name alone proves.
        delivery_days: Days in which certificates are due, 1 to 365.
        certificates: One for all credits, or one each.
        per_session: Whether each session attended in full is credited, of a conference.
    """

    id: str
    title: str
    presented_by: str
    format: CourseFormat
    timezone: str
    sessions: tuple[SessionDraft, ...]
    credits: tuple[CreditDraft, ...]
    instructors: tuple[Instructor, ...] = ()
    co_sponsors: tuple[CoSponsor, ...] = ()
    requirements: Requirements = NO_REQUIREMENTS
    location: str = ""
    level: str = ""
    audience: str = ""
    objectives: tuple[str, ...] = ()
    study_minutes: int | None = None
    remind_until: date | None = None
    attestation: AttestationText | None = None
    attendance: AttendanceRule | None = None
    unique_name: NamePolicy = NamePolicy.POSSIBLE
    delivery_days: int = 30
    certificates: CertificatePolicy = CertificatePolicy.COMBINED
    per_session: bool = False

    def document(self) -> dict[str, object]:
        """Return what the course's file would say, as TOML is parsed."""
        return {
            "course": self._table(),
            "instructor": [_plain(asdict(each)) for each in self.instructors],
            "session": [_plain(asdict(each)) for each in self.sessions],
            "credit": [_credit(each) for each in self.credits],
            "co_sponsor": [_plain(asdict(each)) for each in self.co_sponsors],
            "requirements": self._requirements(),
            **({"attestation": _plain(asdict(self.attestation))} if self.attestation else {}),
        }

    def _table(self) -> dict[str, object]:
        names = (
            "id", "title", "presented_by", "format", "study_minutes", "location", "level",
            "audience", "timezone", "remind_until", "objectives",
        )  # fmt: skip
        return _plain({each: getattr(self, each) for each in names})

    def _requirements(self) -> dict[str, object]:
        return {
            **_asked(self.requirements),
            "delivery_days": self.delivery_days,
            "certificates": self.certificates.value,
            **({"partial": "per-session"} if self.per_session else {}),
            **(
                {"attendance": {**asdict(self.attendance), "unique_name": self.unique_name.value}}
                if self.attendance
                else {}
            ),
        }


def _credit(credit: CreditDraft) -> dict[str, object]:
    table = asdict(credit)
    del table["requirements"]
    asked = {"requirements": _asked(credit.requirements)} if credit.requirements else {}
    return {**_plain(table), **asked}


def _asked(requirements: Requirements) -> dict[str, object]:
    return {**_plain(asdict(requirements)), "roles": sorted(requirements.roles)}


def _plain(table: Mapping[str, object]) -> dict[str, object]:
    """Return a table as a file has it: without what is left out, Enums by their values."""
    return {name: _value(each) for name, each in table.items() if each is not None and each != ""}


def _value(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case tuple() | list():
            return [_value(each) for each in value]
        case dict():
            return _plain(value)
        case _:
            return value
