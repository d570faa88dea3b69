"""What a certificate's token must claim: the record, as docs/spec/token.md W2 has it."""

from __future__ import annotations

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import hours_of_course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.token.claims import Claims, Credit
from cecert.domain.trust.trust_file import TrustFile

__all__ = ["certified_claims", "uncovered_lines"]


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


def uncovered_lines(certificate: Certificate, trust: TrustFile) -> tuple[CreditLine, ...]:
    """Return the credit lines of *certificate* that *trust* does not cover on every date.

    A trust file that leaves out an approval unmakes what was issued under it.
    """
    return tuple(
        line
        for line in certificate.credit_lines
        if any(
            trust.scope_of(line.code, line.token_provider, day) is None
            for day in certificate.course.days
        )
    )
