"""Phrases of approval: what stands above who approved, and what below."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cecert.domain.certificate.phrases import approval_heading, approval_words, category_split
from cecert.domain.course.credit_line import Category, CreditLine
from cecert.testing import sample_course

USUAL, _, PSYCHOLOGY, ATTENDANCE = sample_course().credit_lines
DEEMED = replace(USUAL, basis="258 CMR 31.04(2)(a)")
SPONSOR = replace(PSYCHOLOGY, approver_label="Sponsor approved by")


@pytest.mark.parametrize(
    ("lines", "heading"),
    [
        ((USUAL,), "Approved by"),
        ((USUAL, PSYCHOLOGY, ATTENDANCE), "Approved by"),
        ((ATTENDANCE,), "Approved by"),
        ((SPONSOR,), "Sponsor approved by"),
        ((SPONSOR, ATTENDANCE), "Sponsor approved by"),
        ((DEEMED,), "Deemed approved under"),
        ((USUAL, DEEMED, SPONSOR), "Approval"),
    ],
)
def test_a_heading_is_what_all_lines_have_in_common(
    lines: tuple[CreditLine, ...], heading: str
) -> None:
    assert approval_heading(lines) == heading


def test_below_a_heading_of_all_each_line_says_its_own() -> None:
    heading = approval_heading((USUAL, DEEMED, SPONSOR))
    assert [approval_words(each, heading) for each in (USUAL, DEEMED, SPONSOR, ATTENDANCE)] == [
        USUAL.approver,
        "Deemed approved under 258 CMR 31.04(2)(a)",
        "Sponsor approved by American Psychological Association",
        "",
    ]
    assert approval_words(DEEMED, "Deemed approved under") == "258 CMR 31.04(2)(a)"
    assert approval_words(SPONSOR, "Sponsor approved by") == "American Psychological Association"


def test_fields_of_study_are_called_so() -> None:
    fields = (Category("Accounting", Decimal(4)), Category("Taxes", Decimal(2)))
    line = replace(USUAL, categories=fields, category_label="Fields of study")
    assert category_split(line) == "Fields of study: 4 Accounting, 2 Taxes"
    assert category_split(replace(USUAL, category_label="Field of study")) == ""
