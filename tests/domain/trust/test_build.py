"""Building the trust file: scopes from approvals, and a sequence that never goes down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.office_files import read_regimes
from cecert.domain.certificate.token_claims import uncovered_lines
from cecert.domain.course.approval import Approval
from cecert.domain.decision.decide import Award, decide
from cecert.domain.trust.build import build_trust_file, credit_scopes
from cecert.domain.trust.trust_file import Scope, TrustFile
from cecert.testing import FakeSigner, MemoryOffice, sample_course, sample_provider, sample_record
from cecert.workflows.issue.issue import issue

REGIMES = read_regimes(Path(__file__).parents[3] / "templates" / "regimes")
ROOT = FakeSigner("root").public_key
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
ALWAYS = Scope("", "Attendance", date(1970, 1, 1), date.max)


def approval(credential: str, **changes: Any) -> Approval:  # noqa: ANN401  # its fields
    found = Approval(credential, "Smith College SSW", "#0169", date(2020, 1, 1), date(2022, 12, 31))
    return replace(found, **changes)


def built(now: datetime = NOW, **changes: Any) -> TrustFile:  # noqa: ANN401  # its parts
    parts: dict[str, Any] = {
        "hosts": ("verify.example.edu",),
        "link_prefixes": ("https://verify.example.edu/#",),
        "status_bases": ("https://verify.example.edu/status/",),
        "keys": (),
        "seals": (),
        "root": ROOT,
    }
    return build_trust_file(sample_provider(), {}, now=now, **(parts | changes))


def test_attendance_is_covered_without_any_approval() -> None:
    assert credit_scopes([], REGIMES) == {4: (ALWAYS,)}


@pytest.mark.parametrize(
    ("given_", "code", "provider"),
    [
        # docs/spec/token.md W2, body 5: the number as listed without '#', the sponsor's name,
        # nothing
        (approval("ny-social-work"), 1, "0169"),
        (approval("apa-psychology", number="", holder="Amego Prepare"), 3, "Amego Prepare"),
        (approval("ma-social-work", number=""), 2, ""),
    ],
)
def test_an_approval_is_covered_by_what_the_token_carries(
    given_: Approval, code: int, provider: str
) -> None:
    label = REGIMES[given_.credential].label
    scope = Scope(provider, label, date(2020, 1, 1), date(2022, 12, 31))
    assert credit_scopes([given_], REGIMES) == {code: (scope,), 4: (ALWAYS,)}


def test_approvals_that_follow_one_another_each_keep_their_days() -> None:
    renewed = approval("ny-social-work", valid_from=date(2023, 1, 1), valid_to=None)
    first, second = credit_scopes([approval("ny-social-work"), renewed], REGIMES)[1]
    assert (first.last, second.first, second.last) == (
        date(2022, 12, 31), date(2023, 1, 1), date.max,
    )  # fmt: skip


def test_what_no_regime_knows_is_not_covered() -> None:
    assert set(credit_scopes([approval("xx-astrology")], REGIMES)) == {4}


def test_the_sequence_is_the_instant_of_signing() -> None:
    trust = built()
    assert trust.sequence == trust.issued_at == int(NOW.timestamp())
    assert trust.refresh_by - trust.issued_at == 400 * 86_400
    assert (trust.issuer, trust.name) == (sample_provider().id, sample_provider().name)


@given(st.integers(-(10**9), 10**9))
def test_a_wrong_clock_never_takes_the_sequence_down(seconds: int) -> None:
    before = built()
    after = built(NOW + timedelta(seconds=seconds), previous=before)
    assert after.sequence > before.sequence
    assert after.issued_at == int(NOW.timestamp()) + seconds


def test_a_certificate_is_uncovered_where_one_session_date_is() -> None:
    office = MemoryOffice()
    record = sample_record(credentials=("ny-social-work", "apa-psychology"))
    awards = [each for each in decide(record, sample_course()) if isinstance(each, Award)]
    certificate = issue(awards, office.desk()).issued[0].certificate
    trust = office.trust()
    assert uncovered_lines(certificate, trust) == ()
    ny, apa = certificate.credit_lines
    # The sessions are October 22 and 29.
    short = (replace(trust.credits[1][0], last=date(2020, 10, 28)),)
    assert uncovered_lines(certificate, replace(trust, credits={**trust.credits, 1: short})) == (
        ny,
    )
    assert uncovered_lines(certificate, replace(trust, credits={})) == (ny, apa)


def test_the_lower_form_is_issued_since_the_first_trust_file_that_says_so() -> None:
    first = built()
    assert first.low_s_since == first.issued_at
    second = built(NOW + timedelta(days=30), previous=first)
    assert second.low_s_since == first.issued_at
    before = replace(first, low_s_since=None)
    third = built(NOW + timedelta(days=30), previous=before)
    assert third.low_s_since == third.issued_at


def test_the_prefixes_of_its_links_are_published() -> None:
    assert built().link_prefixes == ("https://verify.example.edu/#",)
