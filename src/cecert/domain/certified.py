"""What a certificate's token must claim: the record, as QR-TOKEN W2 has it."""

from __future__ import annotations

from cecert.domain.certificates import Certificate
from cecert.domain.tokens import Claims, Credit
from cecert.domain.wording import hours_of_course

__all__ = ["certified_claims"]


def certified_claims(certificate: Certificate) -> Claims:
    """Return the claims of *certificate*.

    Raises:
        TokenError: If one breaks the token's limits.
    """
    lines = certificate.credit_lines
    return Claims(
        issued_at=int(certificate.issued_at.timestamp()),
        certificate_id=certificate.id,
        recipient=certificate.recipient.name,
        title=certificate.course.title,
        session_dates=certificate.course.days,
        hours=int(hours_of_course(lines) * 100),
        credits=tuple(
            Credit(each.code, each.token_provider or None, each.hundredths) for each in lines
        ),
        status=(certificate.slot.list_id, certificate.slot.index),
        delivery=certificate.course.format.delivery,
        replaces=certificate.supersedes,
    )
