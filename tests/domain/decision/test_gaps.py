"""Gaps: what only the person can close, and nothing where that would not help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cecert.domain.course.license_rule import LicenseRule
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import ShortfallKind, decide
from cecert.domain.decision.gaps import CLOSABLE, Gaps, gaps_of
from cecert.domain.evidence.standing import MISSING, State, prospect
from cecert.domain.people.person import License
from cecert.testing import sample_course, sample_record

DONE = date(2020, 10, 30)
LACKING = sample_record(evaluation=None)


def gaps(record: CompletionRecord, rule: LicenseRule | None = None) -> Gaps | None:
    course = sample_course()
    if rule is not None:
        line = replace(course.credit_lines[0], states=rule.states)
        rules = ((course.credit_lines[0].credential, rule),)
        course = replace(course, license_rules=rules, credit_lines=(line, *course.credit_lines[1:]))
    return gaps_of(decide(record, course))


def names(record: CompletionRecord) -> tuple[str, ...]:
    found = gaps(record)
    return () if found is None else found.names


def test_who_has_earned_all_lacks_nothing() -> None:
    assert gaps(sample_record()) is None


def test_what_is_missing_is_named_once_for_all_credits_in_one_order() -> None:
    record = replace(
        LACKING, credentials=("ma-social-work", "ny-social-work"), attestation=None, fee_paid=None
    )
    assert names(record) == ("evaluation", "attestation", "fee")


def test_each_credit_counts_alone() -> None:
    assert names(replace(LACKING, credentials=("nbcc", "ny-social-work"))) == ("evaluation",)


@pytest.mark.parametrize(
    "changes",
    [
        {"review": "was she there?"},
        {"attended": frozenset({"day-1"})},
        {"role": "staff"},
        {"visible": False},
        {"visible": None},
        {"credentials": ("nbcc",)},
    ],
    ids=["in review", "absent", "staff", "camera off", "camera not noted", "not offered"],
)
def test_who_lacks_anything_besides_is_asked_for_nothing(changes: dict[str, object]) -> None:
    assert gaps(replace(LACKING, **changes)) is None  # type: ignore[arg-type]  # real fields


def test_what_was_handed_in_and_is_looked_at_is_not_asked_for() -> None:
    assert gaps(replace(LACKING, held=frozenset({"evaluation"}))) is None


def test_a_sentence_promises_no_certificate_for_one_gap_of_several() -> None:
    found = gaps(LACKING)
    assert found is not None
    assert found.sentences == ("We have not received your course evaluation.",)


def test_a_licence_is_asked_for_only_of_who_has_none() -> None:
    rule = LicenseRule(("CT",), of_credit=True, denies=True)
    found = gaps(sample_record(licenses=()), rule)
    assert found is not None
    assert found.names == ("license",)
    assert found.sentences == ("This credit is for licensees, and we have no license of yours.",)
    assert gaps(sample_record(licenses=(License("NY", "LMSW", "12"),)), rule) is None


def test_every_kind_of_gap_has_a_mark_for_the_reports() -> None:
    assert set(CLOSABLE) <= set(MISSING)


@pytest.mark.parametrize(
    ("kinds", "state", "word"),
    [
        ([ShortfallKind.LICENSE], State.WAITING, "LICENCE MISSING"),
        ([ShortfallKind.EVALUATION, ShortfallKind.FEE], State.WAITING, None),
        ([ShortfallKind.ROLE, ShortfallKind.EVALUATION], State.DENIED, "NO CANDIDATE"),
        ([ShortfallKind.ATTENDANCE], State.DENIED, "NOT MET"),
        ([ShortfallKind.REVIEW_PENDING, ShortfallKind.ATTENDANCE], State.REVIEW, "REVIEW"),
    ],
)
def test_where_somebody_stands_follows_from_what_is_missing(
    kinds: list[ShortfallKind], state: State, word: str | None
) -> None:
    found, said = prospect(sample_record(), kinds)
    assert found is state
    assert word is None or said == word
