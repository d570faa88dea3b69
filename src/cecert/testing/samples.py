"""A sample course and sample people: a seminar of two afternoons, six hours, four credit lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cecert.argument_types import typed
from cecert.domain.course.course import ATTENDANCE, CoSponsor, Course, Instructor
from cecert.domain.course.credit_line import CreditLine, Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.course.session import Break, Session
from cecert.domain.decision.completion_record import CompletionRecord

__all__ = ["sample_course", "sample_provider", "sample_record", "sample_signatory"]

_ZONE = ZoneInfo("America/New_York")
_ASKED = Requirements(visible=True, evaluation=True, attestation=True, fee=True)
_APPROVED = (date(2018, 1, 1), date(2027, 12, 31))


def sample_provider() -> Provider:
    """Return an invented school of social work."""
    return Provider(
        id="example-ssw",
        name="Example College School for Social Work",
        office="Office of Professional Education",
        address="1 Elm Street, Northampton MA 01060",
        email="ce@example.edu",
        phone="413.555.0100",
        timezone="America/New_York",
    )


def sample_signatory() -> Signatory:
    """Return who signs for it; there is no signature picture."""
    return Signatory("Maria Example", "Manager of Professional Education")


def sample_course() -> Course:
    """Return the seminar: it asks for camera, evaluation, attestation and fee."""
    return Course(
        id="mbt-2020-10",
        title="Mentalization Based Treatment",
        presented_by=sample_provider().name,
        format=CourseFormat.LIVE_INTERACTIVE_WEBINAR,
        timezone="America/New_York",
        instructors=(Instructor("Joan Lesser", "Ph.D., LICSW"),),
        sessions=(_afternoon("day-1", 22), _afternoon("day-2", 29)),
        credit_lines=(_new_york(), _massachusetts(), _psychology(), _attendance()),
        requirements=_ASKED,
        location="Zoom",
        level="intermediate",
        co_sponsors=(CoSponsor("Example Prepare", "psychology CE sponsor"),),
    )


def _afternoon(session_id: str, day: int) -> Session:
    def at(hour: int, minute: int) -> datetime:
        return datetime(2020, 10, day, hour, minute, tzinfo=_ZONE)

    return Session(session_id, at(13, 0), at(16, 15), (Break(at(14, 30), at(14, 45)),))


_LINE = CreditLine(
    credential=ATTENDANCE,
    code=4,
    hours=Decimal(6),
    unit="hours of attendance",
    profession="",
    jurisdiction="",
    label="Attendance",
    requirements=_ASKED,
    retention_years=7,
)


def _attendance() -> CreditLine:
    return _LINE


def _new_york() -> CreditLine:
    return replace(
        _LINE,
        credential="ny-social-work",
        code=1,
        unit="contact hours",
        profession="Social work",
        jurisdiction="New York",
        label="New York, social work",
        awarded_by=sample_provider().name,
        approver="New York State Education Department's State Board for Social Work",
        number="0199",
        token_provider="0199",
        valid_from=_APPROVED[0],
        valid_to=_APPROVED[1],
        statement=(
            "Example College School for Social Work is recognized by the New York State Education "
            "Department's State Board for Social Work as an approved provider of continuing "
            "education for licensed social workers #0199."
        ),
    )


def _massachusetts() -> CreditLine:
    return replace(
        _LINE,
        credential="ma-social-work",
        code=2,
        unit="CE hours",
        profession="Social work",
        jurisdiction="Massachusetts",
        label="Massachusetts, social work",
        awarded_by=sample_provider().name,
        approver="Council on Social Work Education (accredited school)",
        number_none_issued=True,
        valid_from=_APPROVED[0],
        statement=(
            "Courses offered by Example College School for Social Work, a school accredited by the "
            "Council on Social Work Education, are awarded continuing education credits in "
            "accordance with 258 CMR 31.00 in the Commonwealth of Massachusetts."
        ),
    )


def _psychology() -> CreditLine:
    return replace(
        _LINE,
        credential="apa-psychology",
        code=3,
        unit="CE credits",
        profession="Psychology",
        jurisdiction="APA sponsor credit",
        label="Psychology (APA sponsor)",
        awarded_by="Example Prepare",
        approver="American Psychological Association",
        number_none_issued=True,
        token_provider="Example Prepare",
        valid_from=_APPROVED[0],
        valid_to=_APPROVED[1],
        statement=(
            "This program is co-sponsored by Example College School for Social Work and Example "
            "Prepare. Example Prepare is approved by the American Psychological Association to "
            "sponsor continuing education for psychologists. Example Prepare maintains "
            "responsibility for this program and its content."
        ),
    )


@typed
def sample_record(**changes: Any) -> CompletionRecord:  # noqa: ANN401  # fields of the record
    """Return the record of somebody who has done everything, with *changes*.

    >>> sample_record(name="Rosa Núñez").name
    'Rosa Núñez'
    """
    record = CompletionRecord(
        name="Ana Ruiz",
        email="ana.ruiz@example.org",
        credentials=("ny-social-work",),
        attended=frozenset({"day-1", "day-2"}),
        visible=True,
        evaluation=date(2020, 10, 30),
        attestation=date(2020, 10, 30),
        fee_paid=True,
    )
    return replace(record, **changes)
