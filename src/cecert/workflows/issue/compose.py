"""Composing: everything a certificate says, put together and tried out, then signed and sealed.

A certificate is put together once. With the last slot there is and a signature of zeros
it is as large as it can be: its token is held against the limits and its pages are set.
What is issued is that draft with a slot, an instant and a signature of its own: it is
drawn, compared word by word with its record, and then sealed.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from cecert.domain.certificate.certificate import Certificate, CourseSnapshot, Recipient, StatusSlot
from cecert.domain.certificate.misprints import misprints
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.cose.cose import SIGNATURE_SIZE, CoseKey
from cecert.domain.course.course import Course
from cecert.domain.course.provider import signatories_of
from cecert.domain.token.claims import Claims, sign_token, token_url
from cecert.domain.values.certificate_id import derive_certificate_id
from cecert.domain.values.durations import years_after
from cecert.errors import DrawingError, Fault
from cecert.ports import Drawing, LaidOut, Renderer
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.plan import Planned

__all__ = [
    "LAST_SLOT",
    "Composer",
    "Draft",
    "drawn",
    "sealed_draft",
    "sealed_in_turn",
    "signed",
    "tried_out",
]

_CREDENTIAL = attrgetter("credential")

# The highest index has the longest encoding: a token that fits with it fits with any.
LAST_SLOT = StatusSlot(0, 0x1FFFF)
"""What a draft has for a slot."""

AT_A_TIME = 8
"""Documents for each that is sealed at once, before the next are drawn."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate that can be drawn, as it was tried out.

    Attributes:
        certificate: With the last slot, a link as long as its token's, and the trial's instant.
        claims: What that token claims.
        page: As it was laid out, or what lays it out again: of a large batch not all is kept.
    """

    certificate: Certificate
    claims: Claims
    page: LaidOut

    def light(self, renderer: Renderer) -> Draft:
        """Return the same draft without its pages: they are laid out again when it is drawn."""
        return replace(self, page=renderer)


class Composer:
    """Puts the certificates of a batch together; those of one course share its snapshot."""

    def __init__(self, desk: IssuingDesk, evidence: str) -> None:
        self._desk = desk
        self._evidence = evidence
        self._now = desk.clock.now().replace(microsecond=0)
        self._course: Course | None = None
        self._snapshot: CourseSnapshot
        self._credit_date: date

    def compose(self, planned: Planned) -> Certificate:
        """Put together what the certificate says, as of the batch's begin; it has no token yet.

        Its id is the same whenever this is issued again.
        """
        desk, record, course, lines = self._desk, planned.record, planned.course, planned.lines
        snapshot, years = self._frozen(course), max([line.retention_years for line in lines])
        met_on = max([award.requirements_met_on for award in planned.awards])
        certificate_id = derive_certificate_id(
            desk.id_key,
            provider_id=desk.provider.id,
            course_id=course.id,
            participant_id=planned.identity,
            credential_types=map(_CREDENTIAL, lines),
            revision=0,
        )
        return Certificate(
            id=certificate_id,
            revision=0,
            provider=desk.provider,
            recipient=Recipient(planned.identity, record.name, record.licenses),
            course=snapshot,
            credit_lines=lines,
            credit_date=self._credit_date,
            requirements_met_on=met_on,
            issued_at=self._now,
            signatories=signatories_of(desk.signatories, [each.credential for each in lines]),
            layout=desk.layout,
            paper=desk.paper,
            slot=LAST_SLOT,
            token_url=desk.verify_prefix,
            verify_host=desk.verify_host,
            retain_until=years_after(self._credit_date, years),
            evidence=self._evidence,
        )

    def _frozen(self, course: Course) -> CourseSnapshot:
        if course is not self._course:
            self._course, self._snapshot = course, CourseSnapshot.of(course)
            self._credit_date = course.credit_date
        return self._snapshot


def tried_out(certificate: Certificate, desk: IssuingDesk) -> Draft | tuple[Fault, ...]:
    """Return *certificate* as a draft, or what keeps it from being drawn.

    Args:
        certificate: As it was composed, in the last slot; it has no token yet.
        desk: The office's.

    Raises:
        TokenError: If a claim breaks the token's limits, or the token is too large.
    """
    claims = certified_claims(certificate)
    token = sign_token(claims, _BlankSigner(desk.token_signer.public_key))
    url = _blank_url(desk.verify_prefix, claims.version, len(token))
    trial = replace(certificate, token_url=url)
    page = desk.renderer.lay_out(trial)
    return page if isinstance(page, tuple) else Draft(trial, claims, page)


@lru_cache(maxsize=512)  # of one text for all certificates whose tokens are as long
def _blank_url(prefix: str, version: str, size: int) -> str:
    """Return a link as long as that of a token of *size* bytes: pages have room for its code."""
    return token_url(prefix, bytes(size), version)


@dataclass(frozen=True, slots=True)
class _BlankSigner:
    """Signs a trial's token with zeros: as long as a real one, and worth nothing."""

    public_key: CoseKey

    def sign(self, message: bytes) -> bytes:
        del message
        return bytes(SIGNATURE_SIZE)


def signed(draft: Draft, slot: StatusSlot, desk: IssuingDesk) -> Certificate:
    """Return the certificate of *draft* as it is issued now in a *slot*, with its token signed.

    Args:
        draft: The certificate as it was tried out.
        slot: Where its status will stand.
        desk: Has the clock and the token's key.

    Raises:
        TokenError: If the token is too large.
    """
    now = desk.clock.now().replace(microsecond=0)
    status = (slot.list_id, slot.index)
    claims = replace(draft.claims, issued_at=int(now.timestamp()), status=status)
    version = claims.version
    url = token_url(desk.verify_prefix, sign_token(claims, desk.token_signer), version)
    return replace(draft.certificate, slot=slot, issued_at=now, token_url=url)


def drawn(draft: Draft, slot: StatusSlot, desk: IssuingDesk) -> tuple[Certificate, Drawing]:
    """Return the certificate of *draft* as it is issued now, and its drawing, to be sealed.

    Its words on the page are those of the record: they are compared as they were drawn.

    Args:
        draft: The certificate as it was tried out.
        slot: Its slot in the status list.
        desk: The office's.

    Raises:
        DrawingError: If what was drawn says anything else than the record, or the page was
            laid out anew and does not fit; nothing was sealed.
    """
    certificate = signed(draft, slot, desk)
    drawing = draft.page.draw(certificate)
    _require_its_words(drawing, certificate)
    return certificate, drawing


def drawn_anew(certificate: Certificate, renderer: Renderer) -> Drawing:
    """Return the drawing of a certificate whose token is signed, as `drawn` makes it of its draft.

    The words it printed are compared here, and are not part of what is returned: it goes to
    another process.

    Args:
        certificate: As it is issued.
        renderer: The office's.

    Raises:
        DrawingError: As `drawn` does.
    """
    page = renderer.lay_out(certificate)
    if isinstance(page, tuple):
        raise DrawingError(f"certificate {certificate.id} cannot be drawn", page)
    drawing = page.draw(certificate)
    _require_its_words(drawing, certificate)
    return replace(drawing, pages=())


def _require_its_words(drawing: Drawing, certificate: Certificate) -> None:
    if found := misprints(drawing.pages, certificate):
        faults = tuple(
            Fault(each.fact, each.printed, f"is drawn where the record says {each.certified!r}")
            for each in found
        )
        raise DrawingError(
            f"certificate {certificate.id} of {certificate.recipient.name} was drawn with other"
            " words than its record's; it was not sealed",
            faults,
            hint="run the command again; if it says so again, report it as a fault of cecert",
        )


def sealed_draft(draft: Draft, slot: StatusSlot, desk: IssuingDesk) -> tuple[Certificate, bytes]:
    """Return the certificate of *draft* as it is issued now, and its sealed document.

    Args:
        draft: The certificate as it was tried out.
        slot: Its slot in the status list.
        desk: The office's.

    Raises:
        DrawingError: As `drawn` does.
        SealError: If it cannot be sealed.
    """
    certificate, drawing = drawn(draft, slot, desk)
    return certificate, desk.sealer.seal(drawing, certificate.issued_at)


def sealed_in_turn(
    drawings: Iterator[tuple[Certificate, Drawing]], desk: IssuingDesk
) -> Iterator[tuple[Certificate, bytes]]:
    """Yield certificates with their sealed documents, in the order of their drawings.

    Several are sealed at once where the desk says so: whoever stamps them answers slowly.

    Args:
        drawings: Each with its certificate, drawn when it is asked for.
        desk: The office's.

    Raises:
        DrawingError: As `drawn` does.
        SealError: If one cannot be sealed.
    """

    def sealed(each: tuple[Certificate, Drawing]) -> tuple[Certificate, bytes]:
        return each[0], desk.sealer.seal(each[1], each[0].issued_at)

    if desk.at_once == 1:
        yield from map(sealed, drawings)
        return
    with ThreadPoolExecutor(desk.at_once) as pool:
        while some := list(islice(drawings, AT_A_TIME * desk.at_once)):
            yield from pool.map(sealed, some)
