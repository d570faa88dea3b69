"""What the trust file covers, from the approvals and regimes of an office."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from claims import APPROVAL, REGIME

from cecert.domain.course.regime import TokenProvider
from cecert.domain.trust.build import credit_scopes


def test_an_approval_older_than_the_tokens_calendar_covers_from_its_first_day() -> None:
    # A school accredited in 1919; the token counts days from 1970 (docs/spec/token.md W2).
    old = replace(APPROVAL, valid_from=date(1919, 7, 1), valid_to=None)
    regime = replace(REGIME, token_provider=TokenProvider.NOTHING)
    (scope,) = credit_scopes((old,), {"invented": regime})[64]
    assert (scope.provider, scope.first, scope.last) == ("", date(1970, 1, 1), date.max)


def test_an_approval_covers_its_own_days_under_its_own_number() -> None:
    (scope,) = credit_scopes((APPROVAL,), {"invented": REGIME})[64]
    assert (scope.provider, scope.first, scope.last) == (
        "7",
        APPROVAL.valid_from,
        APPROVAL.valid_to,
    )
