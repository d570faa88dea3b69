"""Composing: everything a certificate says, put together and signed into its token."""

from __future__ import annotations

from datetime import datetime

from cecert.domain.certificate.certificate import Certificate, CourseSnapshot, Recipient, StatusSlot
from cecert.domain.certificate.phrases import hours_of_course
from cecert.domain.course.course import Course
from cecert.domain.token.claims import Claims, Credit, sign_token, token_url
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.certificate_id import CertificateId, derive_certificate_id
from cecert.domain.values.durations import years_after
from cecert.errors import Fault
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.plan import Planned

__all__ = ["Composer", "certificate_id_of", "claims_of", "compose", "uncovered_credits"]


def certificate_id_of(planned: Planned, desk: IssuingDesk, revision: int = 0) -> CertificateId:
    """Return the id that this certificate has, today and in every later run."""
    return derive_certificate_id(
        desk.id_key,
        provider_id=desk.provider.id,
        course_id=planned.course.id,
        participant_id=planned.record.identity,
        credential_types=[line.credential for line in planned.lines],
        revision=revision,
    )


def compose(
    planned: Planned, desk: IssuingDesk, slot: StatusSlot, evidence: str = "by hand"
) -> Certificate:
    """Put together what one certificate says, and sign its token.

    Raises:
        TokenError: If a claim breaks the token's limits.
    """
    return Composer(desk, evidence).compose(planned, slot)


class Composer:
    """Puts the certificates of a batch together; those of one course share its snapshot."""

    def __init__(self, desk: IssuingDesk, evidence: str) -> None:
        self._desk = desk
        self._evidence = evidence
        self._course: Course | None = None
        self._snapshot: CourseSnapshot

    def compose(self, planned: Planned, slot: StatusSlot) -> Certificate:
        """Put together what the certificate says, and sign its token.

        Raises:
            TokenError: If a claim breaks the token's limits.
        """
        desk, record, lines = self._desk, planned.record, planned.lines
        issued_at = desk.clock.now().replace(microsecond=0)
        certificate_id = certificate_id_of(planned, desk)
        claims = claims_of(planned, certificate_id, issued_at, slot)
        token = sign_token(claims, desk.token_signer)
        years = max(line.retention_years for line in lines)
        return Certificate(
            id=certificate_id,
            revision=0,
            provider=desk.provider,
            recipient=Recipient(record.identity, record.name, record.licenses),
            course=self._frozen(planned.course),
            credit_lines=lines,
            credit_date=planned.course.credit_date,
            requirements_met_on=max(award.requirements_met_on for award in planned.awards),
            issued_at=issued_at,
            signatories=desk.signatories,
            layout=desk.layout,
            paper=desk.paper,
            slot=slot,
            token_url=token_url(desk.verify_prefix, token),
            verify_host=desk.verify_host,
            retain_until=years_after(planned.course.credit_date, years),
            evidence=self._evidence,
        )

    def _frozen(self, course: Course) -> CourseSnapshot:
        if course is not self._course:
            self._course, self._snapshot = course, CourseSnapshot.of(course)
        return self._snapshot


def claims_of(
    planned: Planned, certificate_id: CertificateId, issued_at: datetime, slot: StatusSlot
) -> Claims:
    """Return what the token claims (docs/spec/token.md W2)."""
    course, lines = planned.course, planned.lines
    return Claims(
        issued_at=int(issued_at.timestamp()),
        certificate_id=certificate_id,
        recipient=planned.record.name,
        title=course.title,
        session_dates=course.days,
        hours=int(hours_of_course(lines) * 100),
        credits=tuple(
            Credit(line.code, line.token_provider or None, line.hundredths) for line in lines
        ),
        status=(slot.list_id, slot.index),
        delivery=course.format.delivery,
    )


def uncovered_credits(
    course: Course, trust: TrustFile, kid: bytes, now: datetime
) -> tuple[Fault, ...]:
    """Say which credits of *course* a token signed with *kid* at *now* could not prove.

    What verifies nowhere must not be issued: a key outside its window, a credit the
    signed trust file does not list for every session date.
    """
    signing = [each for each in trust.keys_with(kid) if each.signs_tokens_at(int(now.timestamp()))]
    if not signing:
        return (
            Fault(
                "trust file", kid.hex(), f"lists no token key of ours that signs on {now:%Y-%m-%d}"
            ),
        )
    codes = {code for each in signing for code in each.codes}
    return tuple(
        Fault(
            f"trust file: {line.credential}",
            line.token_provider,
            "is not covered on every session date",
        )
        for line in course.credit_lines
        if line.code not in codes
        or any(trust.scope_of(line.code, line.token_provider, day) is None for day in course.days)
    )
