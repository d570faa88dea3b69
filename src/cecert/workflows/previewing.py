"""Previewing: what a course's certificate would look like, with nothing in it that verifies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cecert.domain.certificates import (
    Certificate,
    CourseSnapshot,
    Paper,
    Provider,
    Recipient,
    Signatory,
    StatusSlot,
)
from cecert.domain.cose import Algorithm, CoseKey
from cecert.domain.courses import ATTENDANCE, Course
from cecert.domain.credit_lines import CreditLine
from cecert.domain.people import License
from cecert.domain.specimens import NOBODY
from cecert.domain.tokens import Claims, Credit, sign_token, token_url
from cecert.domain.wording import hours_of_course

__all__ = ["PreviewDesk", "preview_certificate"]


@dataclass(frozen=True, slots=True)
class PreviewDesk:
    """What a preview needs of the office: no key and no ledger.

    Attributes:
        provider, signatories, layout, paper, verify_prefix, verify_host: As the
            issuing desk's.
        now: UTC.
    """

    provider: Provider
    signatories: tuple[Signatory, ...]
    layout: str
    paper: Paper
    verify_prefix: str
    verify_host: str
    now: datetime


def preview_certificate(
    course: Course, name: str, desk: PreviewDesk, licenses: tuple[License, ...] = ()
) -> Certificate:
    """Return what the renderer draws as a specimen: every credit line the course offers.

    Its token is of the true size, signed by nobody, and says that it is a specimen.

    Raises:
        TokenError: If the name or the title breaks the token's limits.
    """
    lines = _offered(course)
    issued_at = desk.now.replace(microsecond=0)
    claims = Claims(
        issued_at=int(issued_at.timestamp()),
        certificate_id=NOBODY,
        recipient=name,
        title=course.title,
        session_dates=course.days,
        hours=int(hours_of_course(lines) * 100),
        credits=tuple(
            Credit(line.code, line.token_provider or None, line.hundredths) for line in lines
        ),
        status=(0, 0),
        delivery=course.format.delivery,
        specimen=True,
    )
    return Certificate(
        id=NOBODY,
        revision=0,
        provider=desk.provider,
        recipient=Recipient("specimen", name, licenses),
        course=CourseSnapshot.of(course),
        credit_lines=lines,
        credit_date=course.credit_date,
        requirements_met_on=course.credit_date,
        issued_at=issued_at,
        signatories=desk.signatories,
        layout=desk.layout,
        paper=desk.paper,
        slot=StatusSlot(0, 0),
        token_url=token_url(desk.verify_prefix, sign_token(claims, _Nobody())),
        verify_host=desk.verify_host,
        retain_until=course.credit_date,
    )


def _offered(course: Course) -> tuple[CreditLine, ...]:
    approved = tuple(each for each in course.credit_lines if each.credential != ATTENDANCE)
    return approved or course.credit_lines


class _Nobody:
    """Signs with 64 zero bytes, which no key ever does."""

    @property
    def public_key(self) -> CoseKey:
        """A key that nobody has."""
        return CoseKey(Algorithm.ED25519, bytes(32))

    def sign(self, message: bytes) -> bytes:
        """Return nothing that verifies."""
        del message
        return bytes(64)
