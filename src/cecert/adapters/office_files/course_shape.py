"""`course.toml` as it is written: its tables and keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainValidator

from cecert.adapters.office_files.shapes import Shape
from cecert.adapters.office_files.values import (
    Count,
    Flag,
    Hours,
    Identifier,
    LocalTime,
    Name,
    OptionalDay,
    Paragraph,
    Percent,
    Words,
    Zone,
    choice,
    read_name,
    whole,
)
from cecert.domain.course.course import (
    TITLE_BYTES,
    TITLE_CHARACTERS,
    CertificatePolicy,
    NamePolicy,
)
from cecert.domain.course.formats import REFUSED_FORMATS, CourseFormat
from cecert.domain.values.emphasis import emphasised

__all__ = ["CourseShape", "CreditShape", "RequirementsShape", "SessionShape"]


def _title(value: object) -> str:
    typed = read_name(value)
    text = emphasised(typed).plain
    if len(text) > TITLE_CHARACTERS or len(text.encode()) > TITLE_BYTES:
        raise ValueError(
            f"has {len(text)} characters and {len(text.encode())} bytes in UTF-8; the "
            f"certificate's code holds {TITLE_CHARACTERS} and {TITLE_BYTES}"
        )
    return typed


_ROLES = ("instructor", "staff", "host")


def _role(value: object) -> str:
    if value not in _ROLES:
        raise ValueError(f"is not one of {', '.join(_ROLES)}")
    return str(value)


PER_SESSION = "per-session"


def _partial(value: object) -> str:
    if value != PER_SESSION:
        raise ValueError(f"is not {PER_SESSION}; left out, all sessions are attended or nothing is")
    return PER_SESSION


class CourseTable(Shape):
    """`[course]`: what it is called, who gives it, where, and by when certificates are due."""

    id: Identifier
    title: Annotated[str, PlainValidator(_title)]
    presented_by: Name
    format: Annotated[
        CourseFormat, choice(CourseFormat, lambda each: REFUSED_FORMATS.get(each, ""))
    ]
    study_minutes: Annotated[int, whole(1, 100_000)] | None = None
    location: Words = ""
    level: Words = ""
    audience: Words = ""
    timezone: Zone
    remind_until: OptionalDay = None
    objectives: list[Words] = Field(default=[])


class InstructorShape(Shape):
    """`[[instructor]]`: a person who teaches."""

    name: Name
    credentials: Words = ""


class BreakShape(Shape):
    """An entry of `breaks`."""

    start: LocalTime
    end: LocalTime


class SessionShape(Shape):
    """`[[session]]`: a continuous meeting, in the local time of the course."""

    id: Identifier
    start: LocalTime
    end: LocalTime
    breaks: list[BreakShape] = Field(default=[])
    title: Name | None = None
    hours: Hours | None = None


class CategoryShape(Shape):
    """An entry of `categories`."""

    code: Name
    hours: Hours


class CreditRequirementsShape(Shape):
    """`[credit.requirements]`: what overrides the course's."""

    visible: Flag | None = None
    evaluation: Flag | None = None
    attestation: Flag | None = None
    fee: Flag | None = None
    post_test: Percent | None = None
    roles: list[Annotated[str, PlainValidator(_role)]] | None = None


class CreditShape(Shape):
    """`[[credit]]`: hours of one credential type."""

    credential: Identifier
    hours: Hours
    categories: list[CategoryShape] = Field(default=[])
    awarded_by: Words = ""
    states: list[Name] = Field(default=[])
    state: Name | None = None
    requirements: CreditRequirementsShape = CreditRequirementsShape()


class CoSponsorShape(Shape):
    """`[[co_sponsor]]`: an organisation that gives the course too."""

    name: Name
    role: Words = ""


class AttestationShape(Shape):
    """`[attestation]`: what participants attest to, and which version of the words."""

    version: Name
    text: Paragraph


class AttendanceShape(Shape):
    """`[requirements.attendance]`: seconds, and what a full name alone proves."""

    late_join: Count
    early_leave: Count
    gap_each: Count
    absent_total: Count
    jitter: Count
    jitter_total: Count
    unique_name: Annotated[NamePolicy, choice(NamePolicy)] = NamePolicy.POSSIBLE


class RequirementsShape(Shape):
    """`[requirements]`: what every credit asks of a participant."""

    visible: Flag = False
    evaluation: Flag = False
    attestation: Flag = False
    fee: Flag = False
    post_test: Percent | None = None
    roles: list[Annotated[str, PlainValidator(_role)]] = Field(default=[])
    partial: Annotated[str, PlainValidator(_partial)] = ""
    delivery_days: Annotated[int, whole(1, 365)] = 30
    certificates: Annotated[CertificatePolicy, choice(CertificatePolicy)] = (
        CertificatePolicy.COMBINED
    )
    attendance: AttendanceShape | None = None


class CourseShape(Shape):
    """A whole `course.toml`: its tables."""

    course: CourseTable
    instructors: list[InstructorShape] = Field(default=[], alias="instructor")
    sessions: list[SessionShape] = Field(default=[], alias="session")
    credits: list[CreditShape] = Field(alias="credit")
    co_sponsors: list[CoSponsorShape] = Field(default=[], alias="co_sponsor")
    requirements: RequirementsShape = RequirementsShape()
    attestation: AttestationShape | None = None
