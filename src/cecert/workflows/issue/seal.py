"""Sealing: a certificate is drawn, its words are compared with the record, and then sealed."""

from __future__ import annotations

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.misprints import misprints
from cecert.errors import DrawingError, Fault
from cecert.workflows.issue.desk import IssuingDesk

__all__ = ["sealed_document"]


def sealed_document(certificate: Certificate, desk: IssuingDesk) -> bytes:
    """Draw and seal *certificate*, whose words on the page are those of the record.

    Raises:
        DrawingError: If it cannot be drawn, or what was drawn says anything else than the
            record; nothing was sealed.
        SealError: If it cannot be sealed.
    """
    drawing = desk.renderer.draw(certificate)
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
    return desk.sealer.seal(drawing, certificate.issued_at)
