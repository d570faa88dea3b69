"""What a verified token says, as the lines a person compares with the paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from cecert.domain.token.claims import Claims, Credit
from cecert.domain.token.verify import STATUS_OUTCOMES, Outcome
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.wording import dates_phrase, day_phrase

__all__ = ["SHOWN", "instant_phrase", "record_lines"]

SHOWN = STATUS_OUTCOMES | {
    Outcome.TEXT_MISMATCH,
    Outcome.CODE_ONLY,
    Outcome.SEAL_MISSING,
    Outcome.SEAL_BROKEN,
    Outcome.SEAL_UNKNOWN,
}
"""Outcomes whose record is shown. With any other it could have been written by anybody."""

SAME_HOURS = "The same hours count under each line. They are not added up."

_FORMATS = {
    1: "Live, in person",
    2: "Live, interactive, online",
    3: "Self-study",
    4: "In person and online",
}


def record_lines(claims: Claims, trust: TrustFile) -> tuple[tuple[str, str], ...]:
    """Return label and value of every line of the record, in the order of the verify page."""
    return tuple(_lines(claims, trust))


def _lines(claims: Claims, trust: TrustFile) -> Iterator[tuple[str, str]]:
    yield "Name", claims.recipient
    yield "Course", claims.title
    yield "Course dates", dates_phrase(claims.session_dates)
    yield "Hours", hours(claims.hours)
    for credit in claims.credits:
        yield "Credit", _credit(credit, claims, trust)
    if len(claims.credits) > 1 and {each.hundredths for each in claims.credits} == {claims.hours}:
        yield "", SAME_HOURS
    if claims.delivery is not None:
        yield "Format", _FORMATS[claims.delivery]
    if claims.instructor is not None:
        yield "Instructor", claims.instructor
    yield "Issued by", trust.name
    yield "Certificate", str(claims.certificate_id)
    yield "Issued on", instant_phrase(claims.issued_at)
    if claims.replaces is not None:
        yield "Replaces certificate", str(claims.replaces)


def _credit(credit: Credit, claims: Claims, trust: TrustFile) -> str:
    scope = trust.scope_of(credit.code, credit.provider, claims.session_dates[-1])
    label = trust.label_of(credit.code) if scope is None else scope.label
    number = credit.provider or "no provider number is used"
    return f"{label}: {hours(credit.hundredths)} hours, {number}"


def hours(hundredths: int) -> str:
    """Write hundredths of an hour with both decimals, as the verify page does.

    >>> hours(600), hours(75)
    ('6.00', '0.75')
    """
    return f"{Decimal(hundredths) / 100:.2f}"


def instant_phrase(second: int) -> str:
    """Write an instant in words.

    >>> instant_phrase(1604588400)
    'November 5, 2020, 15:00 UTC'
    """
    instant = datetime.fromtimestamp(second, UTC)
    return f"{day_phrase(instant.date())}, {instant:%H:%M} UTC"
