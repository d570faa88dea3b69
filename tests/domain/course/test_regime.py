"""Regimes: figures carry their evidence, and words their dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from claims import REGIME

from cecert.domain.course.regime import Figure, RuleSource, StatementTemplate


@pytest.mark.parametrize(
    ("term", "years"),
    [
        (None, 7),
        (Figure(3, RuleSource.PRIMARY, "s"), 3),
        (Figure(10, RuleSource.PRIMARY, "s"), 10),
        (Figure(3, RuleSource.SECONDARY, "s"), 7),
        (Figure(10, RuleSource.UNVERIFIED, "s"), 10),
    ],
)
def test_records_are_kept_seven_years_at_least_where_the_term_is_not_primary(
    term: Figure | None, years: int
) -> None:
    assert replace(REGIME, retention_years=term).retained_years == years


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"code": 10}, "code 10 is not 1 to 9 or 64 to 255"),
        ({"code": 256}, "code 256 is not 1 to 9 or 64 to 255"),
        ({"required_elements": frozenset({"lunch"})}, "no certificate shows lunch"),
        ({"expected_elements": frozenset({"lunch"})}, "no certificate shows lunch"),
        ({"hour_minutes": Figure(61, RuleSource.PRIMARY, "s")}, "an hour of 61 minutes"),
        ({"hour_minutes": Figure(29, RuleSource.PRIMARY, "s")}, "an hour of 29 minutes"),
    ],
)
def test_a_regime_that_cannot_be_is_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        replace(REGIME, **changes)  # type: ignore[arg-type]  # the fields of the table


def test_words_hold_from_their_first_day_to_their_last() -> None:
    words = StatementTemplate(
        "w", "x", date(2020, 1, 1), date(2020, 12, 31), RuleSource.PRIMARY, "s"
    )
    assert [words.effective_on(day) for day in (
        date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1),
    )] == [False, True, True, False]  # fmt: skip
    with pytest.raises(ValueError, match="effective to 2019-01-01, before its from 2020-01-01"):
        replace(words, effective_to=date(2019, 1, 1))


def test_a_statement_is_found_by_name_and_day() -> None:
    assert REGIME.statement_named("invented", date(2020, 1, 1)) is REGIME.statements[0]
    assert REGIME.statement_named("other", date(2020, 1, 1)) is None
