"""The record of a verified token, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cecert.domain.token.claims import Claims, Credit
from cecert.domain.token.shown_record import SAME_HOURS, record_lines
from cecert.domain.values.certificate_id import CertificateId
from cecert.testing import MemoryOffice

TRUST = MemoryOffice().trust()
CLAIMS = Claims(
    issued_at=1_604_588_400,
    certificate_id=CertificateId(bytes(10)),
    recipient="Ana Ruiz",
    title="MBT",
    session_dates=(date(2020, 10, 22),),
    hours=600,
    credits=(Credit(1, "0199", 600),),
    status=(0, 0),
)


def labels(claims: Claims) -> list[str]:
    return [label for label, _ in record_lines(claims, TRUST)]


def test_a_short_token_has_the_lines_every_certificate_has() -> None:
    assert labels(CLAIMS) == [
        "Name", "Course", "Course dates", "Hours", "Credit", "Issued by", "Certificate",
        "Issued on",
    ]  # fmt: skip


def test_optional_claims_have_lines_of_their_own() -> None:
    full = replace(CLAIMS, delivery=1, instructor="Joan Lesser", replaces=CertificateId(b"x" * 10))
    assert dict(record_lines(full, TRUST)) | {
        "Format": "Live, in person",
        "Instructor": "Joan Lesser",
        "Replaces certificate": str(full.replaces),
    } == dict(record_lines(full, TRUST))


def test_equal_hours_are_said_not_to_add_up_and_unequal_ones_are_not() -> None:
    equal = replace(CLAIMS, credits=(Credit(1, "0199", 600), Credit(2, None, 600)))
    unequal = replace(CLAIMS, credits=(Credit(1, "0199", 600), Credit(2, None, 500)))
    assert ("", SAME_HOURS) in record_lines(equal, TRUST)
    assert ("", SAME_HOURS) not in record_lines(unequal, TRUST)


def test_a_credit_nobody_lists_is_shown_by_its_number() -> None:
    other = replace(CLAIMS, credits=(Credit(64, None, 600),))
    assert dict(record_lines(other, TRUST))["Credit"] == (
        "credit code 64: 6.00 hours, no provider number is used"
    )
