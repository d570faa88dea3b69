"""What boards ask besides hours: renewed approvals, states, rules that deem, time statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from claims import APPROVAL, OFFER, REGIME, authorised

from cecert.domain.course.authorisation import Authorised
from cecert.domain.course.license_rule import Exclusion, LicenseRule
from cecert.domain.course.provider import Signatory, signatories_of
from cecert.domain.course.regime import RuleSource, TimeStatement

BEFORE = replace(APPROVAL, valid_from=date(2018, 1, 1), valid_to=date(2020, 10, 25))
AFTER = replace(APPROVAL, valid_from=date(2020, 10, 26), valid_to=date(2023, 10, 25))


def errors(result: Authorised) -> list[str]:
    assert result.line is None
    return [each.message for each in result.findings if each.severity.value == "error"]


def test_two_approvals_that_follow_one_another_cover_a_course_across_the_renewal() -> None:
    for both in ((BEFORE, AFTER), (AFTER, BEFORE)):
        result = authorised(approvals=both)
        assert result.findings == ()
        assert result.line
        assert (result.line.valid_from, result.line.valid_to) == (
            date(2018, 1, 1), date(2023, 10, 25),
        )  # fmt: skip


def test_a_session_between_two_approvals_is_covered_by_neither() -> None:
    late = replace(AFTER, valid_from=date(2020, 10, 30))
    assert "not on session date 2020-10-29" in errors(authorised(approvals=(BEFORE, late)))[0]


def test_a_lapse_between_two_approvals_is_in_no_period_that_is_printed() -> None:
    late = replace(AFTER, valid_from=date(2020, 10, 27))
    (told,) = errors(authorised(approvals=(BEFORE, late)))
    assert "in force between 2020-10-25 and 2020-10-27" in told
    early = replace(AFTER, valid_from=date(2020, 10, 24), valid_to=date(2023, 10, 23))
    assert authorised(approvals=(BEFORE, early)).findings == ()


def test_a_renewal_under_another_number_is_no_one_approval() -> None:
    renumbered = replace(AFTER, number="#SW-7")
    (told,) = errors(authorised(approvals=(BEFORE, renumbered)))
    assert told.endswith("another number, and a certificate names one")


def test_each_of_two_approvals_is_checked_by_itself() -> None:
    unchecked = replace(BEFORE, checked_on=None)
    messages = [each.message for each in authorised(approvals=(unchecked, AFTER)).findings]
    assert messages == ["nobody has checked this approval with the approver"]


def test_an_approval_that_covers_all_is_taken_alone() -> None:
    whole = replace(APPROVAL, valid_from=date(2019, 1, 1), valid_to=date(2021, 12, 31))
    result = authorised(approvals=(BEFORE, whole, AFTER))
    assert result.line
    assert result.line.valid_from == date(2019, 1, 1)


OTHER_STATES = replace(
    REGIME,
    licenses=LicenseRule(of_credit=True, excluded=(Exclusion("NY", date(2015, 1, 1), "a rule"),)),
)


def test_a_credit_of_several_states_names_them() -> None:
    (told,) = errors(authorised(regime=OTHER_STATES))
    assert told.startswith("are missing: name the states")
    result = authorised(regime=OTHER_STATES, offer=replace(OFFER, states=("CT", "VT")))
    assert result.findings == ()
    assert result.licenses
    assert result.licenses.states == ("CT", "VT")


def test_a_state_that_does_not_take_it_warns() -> None:
    result = authorised(regime=OTHER_STATES, offer=replace(OFFER, states=("CT", "NY")))
    assert result.line
    assert [each.message for each in result.findings] == ["NY does not take it alone (a rule)"]


def test_a_credit_of_one_board_names_no_states() -> None:
    (told,) = errors(authorised(offer=replace(OFFER, states=("CT",))))
    assert told == "invented is for no states that a course names"


def test_a_rule_that_deems_and_a_label_are_on_the_line() -> None:
    line = authorised(regime=replace(REGIME, basis="1 Utopia 3", approver_label="Sponsor of")).line
    assert line
    assert (line.basis, line.approver_label) == ("1 Utopia 3", "Sponsor of")


def test_a_time_statement_follows_the_statement_and_its_figures_contradict_nothing() -> None:
    time = TimeStatement("An hour has 50 minutes.", RuleSource.PRIMARY, "a page")
    result = authorised(regime=replace(REGIME, time_statement=time))
    assert result.findings == ()
    assert result.line
    assert result.line.statement.endswith("#7. An hour has 50 minutes.")
    hearsay = replace(time, evidence=RuleSource.UNVERIFIED)
    (told,) = authorised(regime=replace(REGIME, time_statement=hearsay)).findings
    assert told.message == "the time statement's wording rests on unverified evidence: a page"


@pytest.mark.parametrize("number", ["SW-0169", "#SW-0169", "sw-0169"])
def test_a_number_with_letters_is_placed_wherever_it_stands(number: str) -> None:
    # Today's numbers of New York; the statement has it with and without a word before it.
    approval = replace(APPROVAL, number=number)
    for text in ("{holder} {number}.", "{holder}, provider {number_plain}, is approved."):
        result = authorised(approvals=(replace(approval, statement=f"Words of {text}"),))
        assert result.findings == (), text


OURS = Signatory("Mary", "Manager")
THEIRS = Signatory("Alex", "Director", organisation="Prepare", credentials=("apa",))


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        (["ny"], [OURS]),
        (["apa"], [THEIRS]),
        (["ny", "apa"], [OURS, THEIRS]),
    ],
)
def test_who_is_named_for_a_credential_type_signs_it_alone(
    credentials: list[str], expected: list[Signatory]
) -> None:
    assert list(signatories_of((OURS, THEIRS), credentials)) == expected


def test_without_anybody_named_all_sign() -> None:
    assert signatories_of((OURS, OURS), ["ny"]) == (OURS, OURS)
