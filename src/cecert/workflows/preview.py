"""Previewing: what a course's certificate would look like, with nothing in it that verifies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

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
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.provider import Provider, Signatory, signatories_of
from cecert.domain.course.session_credit import fullest
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.domain.people.person import License
from cecert.domain.values.findings import Finding, Severity
from cecert.domain.values.wording import several_places
from cecert.errors import Fault, TokenError
from cecert.ports import Renderer

__all__ = ["PreviewDesk", "drawing_findings", "list_drawing_findings", "preview_certificate"]

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
    course = _completed(course, desk)
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


def _completed(course: Course, desk: PreviewDesk) -> Course:
    """Return a course as completed today, or on the last day on which it earned credit.

    Of a conference it is the most that somebody can attend.
    """
    if course.format is CourseFormat.CONFERENCE:
        return course.attended_in({each.id for each in fullest(course.sessions)})
    if not course.format.dated_by_person or course.completed_on:
        return course
    latest = max(course.credit_periods, key=lambda each: each.first)
    today = desk.now.astimezone(ZoneInfo(course.timezone)).date()
    return course.completed(max(latest.first, min(today, latest.last or today)))


def _offered(course: Course) -> tuple[CreditLine, ...]:
    """Return what a specimen of a course carries: all that it offers but attendance.

    Where each credit has a certificate of its own, that is the one of the longest statement.
    """
    approved = tuple(each for each in course.credit_lines if each.credential != ATTENDANCE)
    if course.certificate_policy is CertificatePolicy.COMBINED or not approved:
        return approved or course.credit_lines[:1]
    return (max(approved, key=lambda each: len(each.statement)),)


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


def list_drawing_findings(
    course: Course,
    records: Sequence[CompletionRecord],
    desk: PreviewDesk,
    renderer: Renderer,
    file: str,
) -> tuple[Finding, ...]:
    """Return what keeps certificates of a list's people from being drawn, by drawing them.

    An error is what keeps somebody's own from being drawn: of the credit they ask for, earned
    or not yet. What keeps several from it is one, with their rows. The longest name is tried
    besides on a page of every credit the course offers, and what leaves no room there is a
    warning.

    Args:
        course: The course.
        records: Its people.
        desk: The office's.
        renderer: What will draw them.
        file: The list, for the findings' places.
    """
    wanted = [(_asked_lines(each, course), each) for each in records]
    # Those who ask for the same follow one another: what they share is set once.
    wanted.sort(key=lambda each: [line.credential for line in each[0]])
    whose: dict[Finding, set[str]] = {}
    for lines, record in wanted:
        for fault in _faults_of(course, _certificates_of(course, lines), record, desk, renderer):
            finding = _finding(Severity.ERROR, "", Recipient("specimen", record.name), fault)
            whose.setdefault(finding, set()).add(_row(record))
    rows = dict.fromkeys(map(_row, records))
    found = dict.fromkeys(
        replace(
            finding, place=f"{file}: {several_places([e for e in rows if e in own])}{finding.place}"
        )
        for finding, own in whose.items()
    )
    longest = max(records, key=_length, default=None)
    if longest is not None and not found:
        every = tuple(_sets_of_lines(course))
        for fault in _faults_of(course, every, longest, desk, renderer):
            of_row, recipient = f"{file}: {_row(longest)}", Recipient("specimen", longest.name)
            finding = _finding(Severity.WARNING, of_row, recipient, fault)
            message = f"with every credit the course offers: {finding.message}"
            found[replace(finding, message=message)] = None
    return tuple(found)


def _row(record: CompletionRecord) -> str:
    return record.place or record.name


def _length(record: CompletionRecord) -> tuple[int, int]:
    return len(record.name), sum(len(each.printed) for each in record.licenses)


def _asked_lines(record: CompletionRecord, course: Course) -> tuple[CreditLine, ...]:
    lines = {
        each.credential: each.line
        if isinstance(each, Award)
        else course.credit_for(each.credential)
        for each in decide(record, course)
    }
    return tuple(
        line for each in course.credit_lines if (line := lines.get(each.credential)) is not None
    )


def _certificates_of(
    course: Course, lines: tuple[CreditLine, ...]
) -> tuple[tuple[CreditLine, ...], ...]:
    if course.certificate_policy is CertificatePolicy.COMBINED:
        return (lines,) if lines else ()
    return tuple((each,) for each in lines)


def _faults_of(
    course: Course,
    certificates: Iterable[tuple[CreditLine, ...]],
    record: CompletionRecord,
    desk: PreviewDesk,
    renderer: Renderer,
) -> Iterator[Fault]:
    recipient = Recipient("specimen", record.name, record.licenses)
    for lines in certificates:
        yield from _faults(course, lines, recipient, desk, renderer)


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
