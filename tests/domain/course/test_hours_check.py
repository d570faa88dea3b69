"""Steps and least credit: rounded down and refused where that was read, told where it was not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from claims import OFFER, REGIME, authorised
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.authorisation import Authorised
from cecert.domain.course.credit_line import Category
from cecert.domain.course.regime import Increment, Minimum, RuleSource
from cecert.domain.values.findings import Severity

STEPS = (Decimal(1), Decimal("0.5"), Decimal("0.2"))


def offered(
    hours: str, *, evidence: RuleSource = RuleSource.PRIMARY, least: str = "", **more: object
) -> Authorised:
    regime = replace(REGIME, increment=Increment(STEPS, evidence, "a page"))
    if least:
        regime = replace(regime, minimum=Minimum(Decimal(least), evidence, "a page"))
    offer = replace(OFFER, hours=Decimal(hours), **more)  # type: ignore[arg-type]  # fields of it
    return authorised(regime=regime, offer=offer)


def messages(result: Authorised) -> list[str]:
    return [each.message for each in result.findings]


@pytest.mark.parametrize(
    ("declared", "credited"), [("5.75", "5.6"), ("5.55", "5.5"), ("5.19", "5"), ("1.99", "1.8")]
)
def test_hours_between_two_steps_are_rounded_down(declared: str, credited: str) -> None:
    result = offered(declared)
    assert result.line
    assert result.line.hours == Decimal(credited)
    assert messages(result) == [
        (
            f"{declared} hours are rounded down to {credited}: credit is given in steps of 1, 0.5 "
            "or 0.2 (a page)"
        )
    ]


@given(st.integers(1, 600))
def test_rounding_takes_the_least_away_that_a_step_can(hundredths: int) -> None:
    hours = Decimal(hundredths) / 100
    rounded = Increment(STEPS, RuleSource.PRIMARY, "").rounded(hours)
    assert 0 <= hours - rounded < Decimal("0.2")
    if rounded:
        assert Increment(STEPS, RuleSource.PRIMARY, "").steps_of(rounded)


def test_hours_in_a_step_are_as_they_were() -> None:
    for hours in ("6", "5.5", "5.4"):
        result = offered(hours)
        assert result.findings == ()
        assert result.line
        assert result.line.hours == Decimal(hours)


def test_less_than_a_step_is_an_error() -> None:
    result = offered("0.19")
    assert result.line is None
    assert "0.19 hours are less than a step of 1, 0.5 or 0.2 (a page)" in messages(result)


@pytest.mark.parametrize("evidence", [RuleSource.SECONDARY, RuleSource.UNVERIFIED])
def test_steps_that_nobody_has_read_only_warn(evidence: RuleSource) -> None:
    result = offered("0.75", evidence=evidence, least="1")
    assert result.line
    assert result.line.hours == Decimal("0.75")
    assert [each.severity for each in result.findings] == [Severity.WARNING] * 2
    assert messages(result) == [
        (
            "0.75 hours are not in steps of 1, 0.5 or 0.2; that rests on "
            f"{evidence.value} evidence: a page"
        ),
        (
            "0.75 hours are below the least credit, 1; that rests on "
            f"{evidence.value} evidence: a page"
        ),
    ]


def test_less_than_the_least_credit_is_refused_where_it_was_read() -> None:
    result = offered("0.8", least="1")
    assert result.line is None
    assert messages(result) == ["0.8 hours are below the least credit, 1 (a page)"]
    assert offered("1", least="1").findings == ()


def test_what_is_rounded_below_the_least_is_refused() -> None:
    assert offered("1.19", least="1.1").line is None


def test_fields_of_study_have_all_hours_and_one_step_with_the_whole() -> None:
    regime = replace(
        REGIME, field_of_study=True, increment=Increment(STEPS, RuleSource.PRIMARY, "p")
    )

    def split(*parts: str) -> Authorised:
        fields = tuple(Category(f"Field {n}", Decimal(each)) for n, each in enumerate(parts))
        return authorised(regime=regime, offer=replace(OFFER, categories=fields))

    for parts in (("6",), ("4.5", "1.5"), ("4.4", "1.6")):
        assert split(*parts).findings == ()
    assert split().line is None
    assert "its fields of study have 5 of 6 hours" in "".join(messages(split("3", "2")))
    assert "they are not in one step with the whole" in "".join(
        messages(split("4.5", "1.3", "0.2"))
    )
    one, two = split("6").line, split("4", "2").line
    assert one
    assert two
    assert (one.category_label, two.category_label) == ("Field of study", "Fields of study")
