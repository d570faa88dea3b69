"""A specimen: a certificate of nothing, to try out the mail account and its look."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cecert.domain.certificate.certificate import (
    Certificate,
    CourseSnapshot,
    Paper,
    Recipient,
    SessionTimes,
    StatusSlot,
)
from cecert.domain.course.course import ATTENDANCE
from cecert.domain.course.credit_line import CreditLine, Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.provider import Provider
from cecert.domain.values.certificate_id import CertificateId

__all__ = ["specimen_certificate"]

NOBODY = CertificateId(bytes(10))
"""No key ever derives it."""


def specimen_certificate(
    provider: Provider, layout: str, verify_host: str, now: datetime
) -> Certificate:
    """Return a certificate that certifies an hour to nobody.

    Args:
        provider: The office's.
        layout: The office's, as `classic/1`.
        verify_host: The office's.
        now: UTC; the course ended an hour before it.
    """
    now = now.replace(microsecond=0)
    end = now.astimezone(ZoneInfo(provider.timezone)) - timedelta(hours=1)
    return Certificate(
        id=NOBODY,
        revision=0,
        provider=provider,
        recipient=Recipient("specimen", "Test Recipient"),
        course=_course(provider, end),
        credit_lines=(_LINE,),
        credit_date=end.date(),
        requirements_met_on=end.date(),
        issued_at=now,
        signatories=(),
        layout=layout,
        paper=Paper.LETTER,
        slot=StatusSlot(0, 0),
        token_url=f"https://{verify_host}/",
        verify_host=verify_host,
        retain_until=end.date(),
    )


def _course(provider: Provider, end: datetime) -> CourseSnapshot:
    return CourseSnapshot(
        id="specimen",
        title="A course that was never held",
        presented_by=provider.name,
        format=CourseFormat.LIVE_INTERACTIVE_WEBINAR,
        location="",
        level="",
        timezone=provider.timezone,
        instructors=("Nobody",),
        co_sponsors=(),
        sessions=(SessionTimes(end - timedelta(hours=1), end),),
        delivery_days=30,
    )


_LINE = CreditLine(
    credential=ATTENDANCE,
    code=4,
    hours=Decimal(1),
    unit="hours of attendance",
    profession="",
    jurisdiction="",
    label="Attendance",
    requirements=Requirements(),
    retention_years=7,
)
