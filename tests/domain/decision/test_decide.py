"""Awards and denials: figures are those of docs/spec/inputs.md 0 (two days, six hours)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Requirements
from cecert.domain.course.license_rule import LicenseRule
from cecert.domain.decision.decide import Award, Denial, ShortfallKind, decide
from cecert.domain.people.person import License
from cecert.testing import sample_course, sample_record

SOCIAL_WORK = ("ny-social-work",)


def only(decisions: tuple[Award | Denial, ...]) -> Award | Denial:
    (decision,) = decisions
    return decision


def kinds(decision: Award | Denial) -> list[ShortfallKind]:
    assert isinstance(decision, Denial)
    return [each.kind for each in decision.shortfalls]


def course_asking(**requirements: object) -> Course:
    course = sample_course()
    asked = replace(course.requirements, **requirements)  # type: ignore[arg-type]
    lines = tuple(replace(line, requirements=asked) for line in course.credit_lines)
    return replace(course, requirements=asked, credit_lines=lines)


def test_a_full_record_earns_every_credit_it_asks_for_in_its_order() -> None:
    asked = ("apa-psychology", "ny-social-work", "ma-social-work")
    decisions = decide(sample_record(credentials=asked), sample_course())
    assert [each.credential for each in decisions if isinstance(each, Award)] == list(asked)


def test_a_record_that_asks_for_nothing_asks_for_attendance() -> None:
    decision = only(decide(sample_record(credentials=()), sample_course()))
    assert isinstance(decision, Award)
    assert decision.credential == "attendance"


def test_day_one_of_two_earns_nothing() -> None:
    decision = only(
        decide(
            sample_record(credentials=SOCIAL_WORK, attended=frozenset({"day-1"})), sample_course()
        )
    )
    assert isinstance(decision, Denial)
    assert kinds(decision) == [ShortfallKind.ATTENDANCE]
    figures = dict(decision.shortfalls[0].figures)
    assert figures == {"session": "day-2", "date": "2020-10-29", "attended": "1", "sessions": "2"}
    assert "no partial credit" in decision.shortfalls[0].sentence


def test_each_session_missed_is_a_shortfall_of_its_own() -> None:
    record = sample_record(credentials=SOCIAL_WORK, attended=frozenset())
    assert kinds(only(decide(record, sample_course()))) == [ShortfallKind.ATTENDANCE] * 2


def test_a_denial_lists_everything_that_is_missing() -> None:
    record = sample_record(
        credentials=("ny-mental-health",),
        attended=frozenset(),
        visible=None,
        evaluation=None,
        attestation=None,
        fee_paid=False,
        role="staff",
        review="two people joined from one device",
    )
    # What is not offered is for no licences, and a live course has nobody's own day.
    assert set(kinds(only(decide(record, course_asking(post_test=Decimal(80)))))) == set(
        ShortfallKind
    ) - {
        ShortfallKind.LICENSE,
        ShortfallKind.COMPLETION,
        ShortfallKind.APPROVAL,
        ShortfallKind.HOURS,
    }


@pytest.mark.parametrize(
    ("lack", "kind"),
    [
        ({"visible": False}, ShortfallKind.VISIBILITY),
        ({"visible": None}, ShortfallKind.VISIBILITY),
        ({"evaluation": None}, ShortfallKind.EVALUATION),
        ({"attestation": None}, ShortfallKind.ATTESTATION),
        ({"fee_paid": False}, ShortfallKind.FEE),
        ({"fee_paid": None}, ShortfallKind.FEE),
        ({"role": "host"}, ShortfallKind.ROLE),
        ({"review": "is this Ana?"}, ShortfallKind.REVIEW_PENDING),
    ],
)
def test_each_requirement_denies_alone(lack: dict[str, object], kind: ShortfallKind) -> None:
    record = replace(sample_record(credentials=SOCIAL_WORK), **lack)  # type: ignore[arg-type]
    decision = only(decide(record, sample_course()))
    assert kinds(decision) == [kind]
    assert isinstance(decision, Denial)
    assert decision.shortfalls[0].sentence.endswith(".")


@pytest.mark.parametrize(
    "not_asked", ["visible", "evaluation", "attestation", "fee"], ids=lambda name: f"no {name}"
)
def test_what_the_course_does_not_ask_for_denies_nothing(not_asked: str) -> None:
    course = course_asking(**{not_asked: False})
    lacking = {"fee": "fee_paid"}.get(not_asked, not_asked)
    record = sample_record(credentials=SOCIAL_WORK, **{lacking: None})
    assert isinstance(only(decide(record, course)), Award)


@pytest.mark.parametrize(
    ("score", "passes"), [(None, False), ("79.99", False), ("80", True), ("100", True)]
)
def test_a_post_test_passes_from_its_mark_on(score: str | None, passes: bool) -> None:
    record = sample_record(
        credentials=SOCIAL_WORK, post_test=None if score is None else Decimal(score)
    )
    decision = only(decide(record, course_asking(post_test=Decimal(80))))
    assert isinstance(decision, Award) is passes


def test_the_failing_score_and_the_mark_are_both_said() -> None:
    record = sample_record(credentials=SOCIAL_WORK, post_test=Decimal("72.5"))
    decision = only(decide(record, course_asking(post_test=Decimal(80))))
    assert isinstance(decision, Denial)
    assert decision.shortfalls[0].sentence == "Your post-test has 72.5 per cent; 80 per cent pass."


def test_an_instructor_earns_credit_where_the_course_says_so() -> None:
    record = sample_record(credentials=SOCIAL_WORK, role="instructor")
    course = course_asking(roles=frozenset({"instructor"}))
    assert isinstance(only(decide(record, course)), Award)


def test_a_credit_line_can_ask_for_less_than_the_course() -> None:
    course = sample_course()
    lines = tuple(
        replace(line, requirements=Requirements()) if line.credential == "attendance" else line
        for line in course.credit_lines
    )
    record = sample_record(credentials=("attendance", "ny-social-work"), fee_paid=None)
    attendance, social_work = decide(record, replace(course, credit_lines=lines))
    assert isinstance(attendance, Award)
    assert kinds(social_work) == [ShortfallKind.FEE]


def test_requirements_are_met_on_the_day_of_the_last_one_at_the_course() -> None:
    # 03:30 UTC on 1 November is still 31 October, 23:30, in New York.
    record = sample_record(
        credentials=SOCIAL_WORK,
        evaluation=datetime(2020, 11, 1, 3, 30, tzinfo=UTC),
        attestation=date(2020, 10, 30),
    )
    decision = only(decide(record, sample_course()))
    assert isinstance(decision, Award)
    assert decision.requirements_met_on == date(2020, 10, 31)


def test_requirements_are_never_met_before_the_last_session() -> None:
    record = sample_record(
        credentials=SOCIAL_WORK, evaluation=date(2020, 10, 1), attestation=date(2020, 10, 29)
    )
    decision = only(decide(record, sample_course()))
    assert isinstance(decision, Award)
    assert decision.requirements_met_on == date(2020, 10, 29)
    assert decision.notes == (
        "the evaluation is dated 2020-10-01, before the first session on 2020-10-22",
    )


def test_a_denial_without_a_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without a reason"):
        Denial(sample_record(), sample_course(), "ny-social-work", ())


@given(
    attended=st.frozensets(st.sampled_from(["day-1", "day-2", "day-3"])),
    visible=st.sampled_from([True, False, None]),
    fee_paid=st.sampled_from([True, False, None]),
    evaluated=st.booleans(),
    attested=st.booleans(),
    review=st.sampled_from(["", "open"]),
    role=st.sampled_from(["", "participant", "staff", "host", "instructor"]),
)
def test_nobody_is_awarded_with_anything_missing(  # noqa: PLR0917
    attended: frozenset[str],
    visible: bool | None,
    fee_paid: bool | None,
    evaluated: bool,
    attested: bool,
    review: str,
    role: str,
) -> None:
    record = sample_record(
        credentials=SOCIAL_WORK,
        attended=attended,
        visible=visible,
        fee_paid=fee_paid,
        evaluation=date(2020, 10, 30) if evaluated else None,
        attestation=date(2020, 10, 30) if attested else None,
        review=review,
        role=role,
    )
    complete = (
        {"day-1", "day-2"} <= attended
        and visible is True
        and fee_paid is True
        and evaluated
        and attested
        and not review
        and role in {"", "participant"}
    )
    assert isinstance(only(decide(record, sample_course())), Award) is complete


ELSEWHERE = (License("CT", "LCSW", "12"),)


def course_for(rule: LicenseRule) -> Course:
    return replace(sample_course(), license_rules=(("ny-social-work", rule),))


def test_a_licence_that_a_credit_is_not_for_is_told_and_denies_nothing() -> None:
    record = sample_record(credentials=SOCIAL_WORK, licenses=ELSEWHERE)
    award = only(decide(record, course_for(LicenseRule(("NY",)))))
    assert isinstance(award, Award)
    assert award.notes == (
        (
            "New York, social work: this credit is for licences of New York; the licence here is "
            "CT LCSW 12"
        ),
    )


def test_it_denies_where_the_regime_says_so() -> None:
    record = sample_record(credentials=SOCIAL_WORK, licenses=ELSEWHERE)
    denial = only(decide(record, course_for(LicenseRule(("NY",), denies=True))))
    assert kinds(denial) == [ShortfallKind.LICENSE]
    assert isinstance(denial, Denial)
    assert denial.shortfalls[0].figures == (("licenses", "CT LCSW 12"),)
    assert denial.shortfalls[0].sentence.endswith("the licence here is CT LCSW 12.")


@pytest.mark.parametrize(
    ("licenses", "jurisdiction"),
    [
        ((License("CT", "LCSW", "1"),), "Connecticut"),
        ((License("CT", "LCSW", "1"), License("VT", "LICSW", "2")), "Connecticut and Vermont"),
        ((License("CT", "LCSW", "1"), License("NY", "LCSW", "2")), "Connecticut"),
        ((License("NY", "LCSW", "2"),), "New York"),
        ((), "New York"),
    ],
)
def test_a_credit_of_several_states_is_that_of_the_persons_licence(
    licenses: tuple[License, ...], jurisdiction: str
) -> None:
    rule = LicenseRule(of_credit=True).of_states(("CT", "VT"))
    course = course_for(rule)
    general = replace(course.credit_lines[0], states=("CT", "VT"), general="New York")
    course = replace(course, credit_lines=(general,))
    award = only(decide(sample_record(credentials=SOCIAL_WORK, licenses=licenses), course))
    assert isinstance(award, Award)
    named = bool(rule.counting(licenses, award.course.credit_date))
    # Where it is none of theirs, what the regime itself calls it is printed.
    assert award.line.jurisdiction == jurisdiction
    assert award.line.label == "New York, social work" + (f" ({jurisdiction})" if named else "")
    assert bool(award.notes) == (not named)
