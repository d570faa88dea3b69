"""The approval a page names is the token's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cecert.domain.certificate.printed_text import credit_differences
from cecert.domain.token.claims import Claims, Credit
from cecert.domain.values.certificate_id import CertificateId

CLAIMS = Claims(
    issued_at=0,
    certificate_id=CertificateId(bytes(10)),
    recipient="Ana Ruiz",
    title="MBT",
    session_dates=(date(2020, 10, 22),),
    hours=600,
    credits=(Credit(1, "0169", 600), Credit(2, None, 600), Credit(3, "Amego Prepare", 600)),
    status=(0, 0),
)


@pytest.mark.parametrize(
    "lines",
    [
        ["social workers #0169.", "Amego Prepare is approved"],
        ["No. 0169, 2018\u20132027", "sponsored by Amego", "Prepare"],
        ["0169", "AMEGO", "Amego  Prepare"],
    ],
)
def test_approvals_are_found_however_the_page_breaks_its_lines(lines: list[str]) -> None:
    assert credit_differences(lines, CLAIMS) == ()


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ([], ["0169", "Amego Prepare"]),
        (["#0170", "Amego Prepare"], ["0169"]),
        (["101690", "10169", "01695", "Amego Prepare"], ["0169"]),
        (["0169", "Amigo Prepare"], ["Amego Prepare"]),
    ],
)
def test_another_approval_is_told(lines: list[str], missing: list[str]) -> None:
    found = credit_differences(lines, CLAIMS)
    assert [(each.fact, each.certified) for each in found] == [("approval", m) for m in missing]


def test_a_certificate_of_attendance_names_none() -> None:
    attendance = replace(CLAIMS, credits=(Credit(4, None, 600),))
    assert credit_differences(["anything"], attendance) == ()
