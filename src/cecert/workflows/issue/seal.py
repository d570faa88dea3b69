"""Sealing: a draft is signed, drawn, compared word by word with its record, and then sealed."""

from __future__ import annotations

from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.certificate.misprints import misprints
from cecert.errors import DrawingError, Fault
from cecert.workflows.issue.compose import Draft, signed
from cecert.workflows.issue.desk import IssuingDesk

__all__ = ["sealed_draft"]


def sealed_draft(draft: Draft, slot: StatusSlot, desk: IssuingDesk) -> tuple[Certificate, bytes]:
    """Return the certificate of *draft* as it is issued now, and its sealed document.

    Its words on the page are those of the record: they are compared as they were drawn.

    Args:
        draft: The certificate as it was tried out.
        slot: Its slot in the status list.
        desk: The office's.

    Raises:
        DrawingError: If what was drawn says anything else than the record, or the page was
            laid out anew and does not fit; nothing was sealed.
        SealError: If it cannot be sealed.
    """
    certificate = signed(draft.certificate, slot, desk)
    drawing = draft.page.draw(certificate)
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
    return certificate, desk.sealer.seal(drawing, certificate.issued_at)
