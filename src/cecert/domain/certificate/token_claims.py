"""The token of a certificate: it claims what the record says, as docs/spec/token.md W2 has it.

This is the only place that makes claims of a certificate: what is issued, corrected,
previewed and audited claims the same.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import hours_of_course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.token.claims import Claims, Credit, TokenSigner, sign_token, token_url
from cecert.domain.trust.trust_file import TrustFile

__all__ = ["certified_claims", "uncovered_lines", "with_token"]


def certified_claims(certificate: Certificate, *, specimen: bool = False) -> Claims:
    """Return the claims of *certificate*.

    Args:
        certificate: The record.
        specimen: Whether it certifies nothing, and says so.

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
        credits=_credits(lines),
        status=(certificate.slot.list_id, certificate.slot.index),
        delivery=certificate.course.format.delivery,
        replaces=certificate.supersedes,
        specimen=specimen,
    )


@lru_cache(maxsize=64)  # all certificates of a course have the same
def _credits(lines: tuple[CreditLine, ...]) -> tuple[Credit, ...]:
    return tuple(
        [Credit(each.code, each.token_provider or None, each.hundredths) for each in lines]
    )


def with_token(
    certificate: Certificate, prefix: str, signer: TokenSigner, *, specimen: bool = False
) -> Certificate:
    """Return *certificate* with what its QR code holds: all it claims, signed.

    Args:
        certificate: The record; what it has for a token is not looked at.
        prefix: What precedes the token's digits: `https://verify.example.edu/#`.
        signer: Signs.
        specimen: Whether it certifies nothing, and says so.

    Raises:
        TokenError: If a claim breaks the token's limits, or the token is too large.
    """
    claims = certified_claims(certificate, specimen=specimen)
    token = sign_token(claims, signer)
    return replace(certificate, token_url=token_url(prefix, token, claims.version))


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
