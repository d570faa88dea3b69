"""Licences: which a credit is for, and what is said where it is for others."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.license_rule import Exclusion, LicenseRule
from cecert.domain.people.person import License

DAY = date(2022, 10, 29)
MASSACHUSETTS = LicenseRule(("MA",), ("LICSW", "LCSW", "Licensed Social Worker"))
CONNECTICUT = License("CT", "LCSW", "12")
NEW_YORK = License("NY", "PSY", "7")
APART = LicenseRule(excluded=(Exclusion("NY", date(2021, 1, 1), "a rule"),))
OTHERS = LicenseRule(of_credit=True).of_states(("CT", "VT"))


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("MA", "LICSW"),
        ("MA", "licsw"),
        ("MA", "L.I.C.S.W."),
        ("MA", "LCSW, Ph.D."),
        ("MA", "Licensed social worker"),
    ],
)
def test_a_licence_it_is_for_says_nothing(state: str, title: str) -> None:
    assert MASSACHUSETTS.problem([License(state, title, "1")], DAY) == ""


def test_one_licence_that_counts_is_enough() -> None:
    assert MASSACHUSETTS.problem([CONNECTICUT, License("MA", "LCSW", "1")], DAY) == ""


def test_another_state_and_another_title_are_told_with_the_licences_that_are_there() -> None:
    assert MASSACHUSETTS.problem([CONNECTICUT, License("MA", "LMHC", "9")], DAY) == (
        "is for licences of Massachusetts (LICSW, LCSW, Licensed Social Worker); "
        "the licences here are CT LCSW 12 and MA LMHC 9"
    )


def test_of_another_state_alone_no_titles_are_listed() -> None:
    told = "is for licences of Massachusetts; the licence here is CT LCSW 12"
    assert MASSACHUSETTS.problem([CONNECTICUT], DAY) == told


def test_a_state_where_it_does_not_count_is_told_from_its_day_on() -> None:
    assert APART.problem([NEW_YORK], DAY) == (
        "alone does not count in New York since 2021 (a rule); the licence here is NY PSY 7"
    )
    assert APART.problem([NEW_YORK], date(2020, 12, 31)) == ""
    assert APART.problem([License("NJ", "PSY", "7")], DAY) == ""


def test_who_holds_no_licence_is_asked_only_where_the_credit_is_of_a_state() -> None:
    assert MASSACHUSETTS.problem([], DAY) == ""
    assert OTHERS.problem([], DAY) == (
        "is for licences of Connecticut and Vermont; there is no licence here"
    )


@pytest.mark.parametrize("state", ["", "Massachusetts", "ma", "XX"])
def test_what_is_no_state_is_refused(state: str) -> None:
    with pytest.raises(ValueError, match="is not the two letters of a state"):
        LicenseRule((state,))
    with pytest.raises(ValueError, match="is not the two letters of a state"):
        LicenseRule(excluded=(Exclusion(state, None, "s"),))


LICENSES = st.lists(
    st.builds(
        License,
        jurisdiction=st.sampled_from(["MA", "NY", "CT", "VT"]),
        title=st.sampled_from(["LCSW", "LMSW", "PSY"]),
        number=st.just("1"),
    ),
    max_size=4,
)
RULES = st.builds(
    LicenseRule,
    states=st.lists(st.sampled_from(["MA", "NY", "CT"]), max_size=2).map(tuple),
    titles=st.lists(st.sampled_from(["LCSW", "LMSW"]), max_size=2).map(tuple),
    excluded=st.sampled_from([(), APART.excluded]),
    of_credit=st.booleans(),
)


@given(RULES, LICENSES)
def test_something_is_said_exactly_where_licences_are_there_and_none_counts(
    rule: LicenseRule, licenses: list[License]
) -> None:
    said = bool(rule.problem(licenses, DAY))
    assert said == (not rule.counting(licenses, DAY) if licenses else rule.of_credit)
