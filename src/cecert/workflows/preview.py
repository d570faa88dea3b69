"""Previewing: what a course's certificate would look like, with nothing in it that verifies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from cecert.domain.certificate.certificate import (
    Certificate,
    CourseSnapshot,
    Paper,
    Recipient,
    StatusSlot,
)
from cecert.domain.certificate.specimen import NOBODY
from cecert.domain.certificate.token_claims import with_token
from cecert.domain.cose.cose import Algorithm, CoseKey
from cecert.domain.course.course import ATTENDANCE, CertificatePolicy, Course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.provider import Provider, Signatory, signatories_of
from cecert.domain.people.person import License
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import Fault, TokenError
from cecert.ports import Renderer

__all__ = ["PreviewDesk", "drawing_findings", "preview_certificate"]

SHORT_NAME = "Ana Ruiz"
LONG_NAME = "Maximiliana Wilhelmina Featherstonehaugh-Cholmondeley-Alvarez"
LONG_LICENSES = (License("NY", "LCSW-R", "012345678"), License("MA", "LICSW", "012345678"))
"""Of a person for whom a certificate must have room too."""


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

    Args:
        course: The course.
        name: Whose name is printed.
        desk: How certificates of the office look, today.
        licenses: Printed below the name.

    Raises:
        TokenError: If the name or the title breaks the token's limits.
    """
    return _certificate(course, _offered(course), Recipient("specimen", name, licenses), desk)


def _certificate(
    course: Course, lines: tuple[CreditLine, ...], recipient: Recipient, desk: PreviewDesk
) -> Certificate:
    unsigned = Certificate(
        id=NOBODY,
        revision=0,
        provider=desk.provider,
        recipient=recipient,
        course=CourseSnapshot.of(course),
        credit_lines=lines,
        credit_date=course.credit_date,
        requirements_met_on=course.credit_date,
        issued_at=desk.now.replace(microsecond=0),
        signatories=signatories_of(desk.signatories, [each.credential for each in lines]),
        layout=desk.layout,
        paper=desk.paper,
        slot=StatusSlot(0, 0),
        token_url=desk.verify_prefix,
        verify_host=desk.verify_host,
        retain_until=course.credit_date,
    )
    return with_token(unsigned, desk.verify_prefix, _Nobody(), specimen=True)


def _offered(course: Course) -> tuple[CreditLine, ...]:
    approved = tuple(each for each in course.credit_lines if each.credential != ATTENDANCE)
    return approved or course.credit_lines


def drawing_findings(
    course: Course, desk: PreviewDesk, renderer: Renderer, file: str
) -> tuple[Finding, ...]:
    """Return what keeps certificates of *course* from being drawn, by drawing some of nobody.

    An error is what keeps everybody's from being drawn; a warning, what leaves no room for a
    long name with two licences.

    Args:
        course: The course.
        desk: The office's.
        renderer: What will draw them.
        file: The course's file, for the findings' places.
    """
    short = Recipient("specimen", SHORT_NAME)
    long = Recipient("specimen", LONG_NAME, LONG_LICENSES)
    found: dict[Finding, None] = {}
    for lines in _sets_of_lines(course):
        errors = _faults(course, lines, short, desk, renderer)
        for fault in errors:
            found[_finding(Severity.ERROR, file, short, fault)] = None
        for fault in () if errors else _faults(course, lines, long, desk, renderer):
            finding = _finding(Severity.WARNING, file, long, fault)
            message = f"for a name like {LONG_NAME}: {finding.message}"
            found[replace(finding, message=message)] = None
    return tuple(found)


def _sets_of_lines(course: Course) -> Iterator[tuple[CreditLine, ...]]:
    """Return the credit that certificates of *course* carry: the fullest, and attendance alone."""
    if course.certificate_policy is CertificatePolicy.COMBINED:
        yield course.credit_lines
    for line in course.credit_lines:
        if course.certificate_policy is not CertificatePolicy.COMBINED or not line.approver:
            yield (line,)


def _faults(
    course: Course,
    lines: tuple[CreditLine, ...],
    recipient: Recipient,
    desk: PreviewDesk,
    renderer: Renderer,
) -> tuple[Fault, ...]:
    try:
        return tuple(renderer.faults(_certificate(course, lines, recipient, desk)))
    except TokenError as error:
        return (Fault("the code", "", str(error), error.hint),)


def _finding(severity: Severity, file: str, recipient: Recipient, fault: Fault) -> Finding:
    field = fault.place.removeprefix(f"{recipient.name}: ")
    message = str(fault).removeprefix(f"{fault.place}: ").strip()
    return Finding(severity, f"{file}: {field}", message)


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
