"""The record of a verified token, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.office_files.regime_files import read_regimes
from cecert.domain.course.regime import NumberPolicy, TokenProvider
from cecert.domain.token.claims import Claims, Credit
from cecert.domain.token.shown_record import REGISTERED, Recorded, record_lines
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import MONTHS, NOT_A_SUM, day_phrase, possible_days
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
        "Issued",
    ]  # fmt: skip


def test_optional_claims_have_lines_of_their_own() -> None:
    full = replace(CLAIMS, delivery=1, instructor="Joan Lesser", replaces=CertificateId(b"x" * 10))
    assert dict(record_lines(full, TRUST)) | {
        "Format": "Live in-person course or conference",
        "Instructor": "Joan Lesser",
        "Replaces certificate": str(full.replaces),
    } == dict(record_lines(full, TRUST))


def test_several_credits_are_said_not_to_add_up_and_attendance_is_none() -> None:
    equal = replace(CLAIMS, credits=(Credit(1, "0199", 600), Credit(2, None, 600)))
    unequal = replace(CLAIMS, credits=(Credit(1, "0199", 600), Credit(2, None, 500)))
    attended = replace(CLAIMS, credits=(Credit(1, "0199", 600), Credit(4, None, 600)))
    assert ("", NOT_A_SUM) in record_lines(equal, TRUST)
    assert ("", NOT_A_SUM) in record_lines(unequal, TRUST)
    assert ("", NOT_A_SUM) not in record_lines(attended, TRUST)


def test_a_credit_nobody_lists_is_shown_by_its_number() -> None:
    other = replace(CLAIMS, credits=(Credit(64, None, 600),))
    assert dict(record_lines(other, TRUST))["Credit"] == "credit code 64: 6 hours"


@pytest.mark.parametrize(
    ("code", "provider", "words"),
    [
        (1, "0199", "6 contact hours, No. 0199"),
        (2, None, "6 CE hours, no number issued"),
        (3, "Example Prepare", "6 CE credits, awarded by Example Prepare, no number issued"),
        (4, None, "6 hours of attendance"),
        (5, "1234", "6 continuing education credits, ACE provider 1234"),
        (6, "7777", "6 clock hours, ACEP No. 7777"),
        (64, "77", "6 hours, 77"),
    ],
)
def test_a_credit_is_called_as_certificates_call_it(
    code: int, provider: str | None, words: str
) -> None:
    claims = replace(CLAIMS, credits=(Credit(code, provider, 600),))
    assert dict(record_lines(claims, TRUST))["Credit"].endswith(f": {words}")


def test_the_registry_s_words_are_those_of_the_shipped_regimes() -> None:
    shipped = read_regimes(Path(__file__).parents[3] / "templates" / "regimes")
    for regime in shipped.values():
        names = REGISTERED[regime.code]
        assert names.unit == regime.unit
        assert names.none_issued is (regime.number_policy is NumberPolicy.NONE_ISSUED)
        if regime.token_provider is TokenProvider.NUMBER:
            assert names.number == regime.number_label
    assert REGISTERED.keys() == {each.code for each in shipped.values()}


LATE = replace(CLAIMS, issued_at=int(datetime(2026, 11, 30, 0, 43, tzinfo=UTC).timestamp()))


def test_the_day_of_issue_is_the_provider_s_or_every_day_it_may_be() -> None:
    assert dict(record_lines(LATE, TRUST, None, "America/New_York"))["Issued"] == (
        "November 29, 2026"
    )
    assert dict(record_lines(LATE, TRUST))["Issued"] == (
        "November 29 or 30, 2026, whichever the paper says: "
        "it was signed on November 30, 2026, 00:43 UTC"
    )


ZONES = sorted(available_timezones())


@given(st.sampled_from(ZONES), st.integers(40_000_000, 7_000_000_000))
def test_no_zone_prints_a_day_that_is_not_named(zone: str, second: int) -> None:
    instant = datetime.fromtimestamp(second, UTC)
    day = instant.astimezone(ZoneInfo(zone)).date()
    told = possible_days(instant)
    assert day_phrase(day) in told or (
        f" {day.day}" in told and told.startswith(MONTHS[day.month - 1]) and f"{day.year}" in told
    )


def test_what_the_provider_s_own_record_has_is_told_in_its_place() -> None:
    by = CertificateId(b"y" * 10)
    own = Recorded("6 CE units", ("Ours: 6 CE units",), "Webinar", "May 1, 2021", by)
    told = dict(record_lines(CLAIMS, TRUST, own))
    assert told["Hours"] == "6 CE units"
    assert (told["Credit"], told["Format"], told["Issued"]) == (
        "Ours: 6 CE units", "Webinar", "May 1, 2021",
    )  # fmt: skip
    assert told["Replaced by certificate"] == str(by)
