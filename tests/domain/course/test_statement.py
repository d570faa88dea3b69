"""Statements: figures in words must be the figures of the facts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from claims import APPROVAL
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.statement import (
    STATEMENT_FIELDS,
    contradictions,
    missing_wording,
    statement_fields,
    unplaced_figures,
)

SIX = [Decimal(6)]


@pytest.mark.parametrize(
    "statement",
    [
        # Statements as they are (docs/spec/regulations.md 3).
        "an approved provider of continuing education for licensed social workers #0169.",
        "in accordance with 258 CMR 31.00 in the Commonwealth of Massachusetts.",
        (
            "Amego, provider #0169, is approved. ACE provider approval period: 5/8/2025-5/8/2028. "
            "Social workers completing this course receive 6 continuing education credits."
        ),
        "an Approved Continuing Education Provider, ACEP No. 0169. Programs that do not qualify",
        "for 6.00 Social Work Continuing Education hours for relicensure",
        "Education Law 7710, 8 NYCRR 74.10, since 2015",
    ],
)
def test_statements_that_agree_with_the_facts(statement: str) -> None:
    assert contradictions(statement, "0169", SIX) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("provider #0161", "says number 0161, the approval's is 0169"),
        ("No. SW-0169", "says number SW-0169, the approval's is 0169"),
        ("Provider Number: 169", "says number 169, the approval's is 0169"),
        ("ACEP No. 6323", "says number 6323, the approval's is 0169"),
        ("16 hours", "says 16 hours, the credit has 6"),
        ("3 continuing education credits", "says 3 hours, the credit has 6"),
        ("5.5 CEs", "says 5.5 hours, the credit has 6"),
    ],
)
def test_statements_that_drifted(statement: str, problem: str) -> None:
    assert contradictions(statement, "0169", SIX) == [problem]


@pytest.mark.parametrize(
    ("statement", "figures"),
    [
        ("in accordance with 258 CMR 31.00, Education Law 7710, \N{SECTION SIGN} 74.10(h)", []),
        ("approval period: 5/8/2025-5/8/2028, since 2015; provider #0169; 6 contact hours", []),
        ("licensed social workers 0161", ["0161"]),
        ("licensed social workers 0169", []),
        ("Regulation 258, CMR, 31.00", ["258"]),
    ],
)
def test_figures_that_nobody_can_place_are_found(statement: str, figures: list[str]) -> None:
    assert unplaced_figures(statement, "0169") == figures


def test_a_number_where_none_is_issued_is_a_contradiction() -> None:
    assert contradictions("APA #12", "", SIX) == ["says number 12, the approval's is none"]


def test_fixed_words_bear_another_apostrophe_and_nothing_else() -> None:
    fixed = ["Department's Board approves."]
    assert (
        missing_wording("The Department\N{RIGHT SINGLE QUOTATION MARK}s  Board approves.", []) == []
    )
    assert (
        missing_wording("x Department\N{RIGHT SINGLE QUOTATION MARK}s\nBoard approves.", fixed)
        == []
    )
    assert missing_wording("Departments Board approves.", fixed) == fixed


def test_the_fields_of_a_statement_are_all_text() -> None:
    more = {"program": "Program of Professional Education", "format": "live-in-person"}
    fields = statement_fields(
        APPROVAL, Decimal("5.50"), "School", "Presenter", co_sponsored=True, more=more
    )
    assert tuple(fields) == STATEMENT_FIELDS
    assert fields["hours"] == "5.5"
    assert (fields["number"], fields["number_plain"]) == ("#7", "7")
    assert (fields["valid_from"], fields["valid_to"]) == ("1/1/2019", "12/31/2021")
    assert fields["co_sponsored"] == "yes"


def test_what_an_approval_lacks_is_no_field() -> None:
    bare = replace(APPROVAL, number="", valid_to=None)
    fields = statement_fields(bare, Decimal(6), "School", "Presenter", co_sponsored=False)
    assert set(STATEMENT_FIELDS) - set(fields) == {
        "number", "number_plain", "valid_to", "co_sponsored", "program", "format",
    }  # fmt: skip


@given(st.decimals("0.01", 999, places=2), st.sampled_from(["hours", "contact hours", "credits"]))
def test_the_credits_own_hours_never_contradict_it(hours: Decimal, unit: str) -> None:
    assert contradictions(f"for {hours:.2f} {unit}", "", [hours]) == []


@given(st.text(max_size=80))
def test_any_text_can_be_compared(text: str) -> None:
    assert isinstance(contradictions(text, "0169", SIX), list)
