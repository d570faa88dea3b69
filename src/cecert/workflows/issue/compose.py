"""Composing: everything a certificate says, put together and tried out, then signed.

A certificate is put together once. With the last slot there is and a signature of zeros
it is as large as it can be: its token is held against the limits and its pages are set.
What is issued is that draft with a slot, an instant and a signature of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cecert.domain.certificate.certificate import Certificate, CourseSnapshot, Recipient, StatusSlot
from cecert.domain.certificate.token_claims import with_token
from cecert.domain.cose.cose import SIGNATURE_SIZE, CoseKey
from cecert.domain.course.course import Course
from cecert.domain.course.provider import signatories_of
from cecert.domain.values.certificate_id import derive_certificate_id
from cecert.domain.values.durations import years_after
from cecert.errors import Fault
from cecert.ports import LaidOut
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.plan import Planned

__all__ = ["LAST_SLOT", "Composer", "Draft", "signed", "tried_out"]

# The highest index has the longest encoding: a token that fits with it fits with any.
LAST_SLOT = StatusSlot(0, 0x1FFFF)
"""What a draft has for a slot."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate that can be drawn, as it was tried out.

    Attributes:
        certificate: With the last slot, a token that nobody signed, and the trial's instant.
        page: As it was laid out.
    """

    certificate: Certificate
    page: LaidOut


class Composer:
    """Puts the certificates of a batch together; those of one course share its snapshot."""

    def __init__(self, desk: IssuingDesk, evidence: str) -> None:
        self._desk = desk
        self._evidence = evidence
        self._course: Course | None = None
        self._snapshot: CourseSnapshot

    def compose(self, planned: Planned) -> Certificate:
        """Put together what the certificate says, as of now; it has no token yet.

        Its id is the same whenever this is issued again.
        """
        desk, record, course, lines = self._desk, planned.record, planned.course, planned.lines
        certificate_id = derive_certificate_id(
            desk.id_key,
            provider_id=desk.provider.id,
            course_id=course.id,
            participant_id=planned.identity,
            credential_types=[line.credential for line in lines],
            revision=0,
        )
        credit_date, years = course.credit_date, max([line.retention_years for line in lines])
        return Certificate(
            id=certificate_id,
            revision=0,
            provider=desk.provider,
            recipient=Recipient(planned.identity, record.name, record.licenses),
            course=self._frozen(course),
            credit_lines=lines,
            credit_date=credit_date,
            requirements_met_on=max([award.requirements_met_on for award in planned.awards]),
            issued_at=desk.clock.now().replace(microsecond=0),
            signatories=signatories_of(desk.signatories, [each.credential for each in lines]),
            layout=desk.layout,
            paper=desk.paper,
            slot=LAST_SLOT,
            token_url=desk.verify_prefix,
            verify_host=desk.verify_host,
            retain_until=years_after(credit_date, years),
            evidence=self._evidence,
        )

    def _frozen(self, course: Course) -> CourseSnapshot:
        if course is not self._course:
            self._course, self._snapshot = course, CourseSnapshot.of(course)
        return self._snapshot


def tried_out(certificate: Certificate, desk: IssuingDesk) -> Draft | tuple[Fault, ...]:
    """Return *certificate* as a draft, or what keeps it from being drawn.

    Raises:
        TokenError: If a claim breaks the token's limits, or the token is too large.
    """
    trial = replace(certificate, slot=LAST_SLOT)
    trial = with_token(trial, desk.verify_prefix, _BlankSigner(desk.token_signer.public_key))
    page = desk.renderer.lay_out(trial)
    return page if isinstance(page, tuple) else Draft(trial, page)


@dataclass(frozen=True, slots=True)
class _BlankSigner:
    """Signs a trial's token with zeros: as long as a real one, and worth nothing."""

    public_key: CoseKey

    def sign(self, message: bytes) -> bytes:
        del message
        return bytes(SIGNATURE_SIZE)


def signed(certificate: Certificate, slot: StatusSlot, desk: IssuingDesk) -> Certificate:
    """Return *certificate* as it is issued now in a *slot*, with its token signed.

    Args:
        certificate: As it was composed; its instant and its token are a trial's.
        slot: Where its status will stand.
        desk: Has the clock and the token's key.

    Raises:
        TokenError: If a claim breaks the token's limits, or the token is too large.
    """
    issued = replace(certificate, slot=slot, issued_at=desk.clock.now().replace(microsecond=0))
    return with_token(issued, desk.verify_prefix, desk.token_signer)
