"""What somebody chose in a form, as a credential type: plainly, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.assets import asset_folder
from cecert.adapters.office_files import read_regimes
from cecert.domain.course.credential_choices import CredentialChoices, parts_of

REGIMES = read_regimes(asset_folder("templates") / "regimes")
CHOICES = CredentialChoices.of(REGIMES)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ny-social-work", "ny-social-work"),
        ("Social work (ASWB ACE)", "aswb-ace"),
        ("social work  (aswb ace)", "aswb-ace"),
        ("NY Social Work", "ny-social-work"),
        ("New York social worker CE credit", "ny-social-work"),
        ("Psychologist (APA)", "apa-psychology"),
        ("NBCC", "nbcc"),
        ("CSWE-accredited school", "cswe-social-work"),
        ("Certificate of attendance", "attendance"),
        # Several have these words, or none has all of them.
        ("Social work", ""),
        ("Social work (Ohio)", ""),
        ("not APA", ""),
        ("New York", ""),
        ("NY psychologist", ""),
        ("CE credit", ""),
        ("by", ""),
        ("", ""),
    ],
)
def test_a_choice_is_one_type_or_none(said: str, meant: str) -> None:
    assert CHOICES.likely(said) == meant


@pytest.mark.parametrize("each", sorted(REGIMES))
def test_each_type_is_plainly_said_by_its_id_and_its_label(each: str) -> None:
    assert CHOICES.plainly(each) == CHOICES.plainly(REGIMES[each].label.upper()) == each


def test_words_that_say_a_type_are_not_plainly_it() -> None:
    assert CHOICES.plainly("NY Social Work") == ""


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("New York, social work", ["New York, social work"]),
        ("nbcc, ny-social-work", ["nbcc", "ny-social-work"]),
        ("nbcc;New York, social work;", ["nbcc", "New York, social work"]),
        ("nbcc\r\naswb-ace", ["nbcc", "aswb-ace"]),
        ("nbcc, something", ["nbcc, something"]),
        (" ; ", []),
    ],
)
def test_a_comma_parts_only_what_is_a_choice_by_itself(cell: str, parts: list[str]) -> None:
    assert parts_of(cell, CHOICES.plainly) == parts


@given(st.lists(st.sampled_from(sorted(REGIMES)), min_size=1, max_size=4, unique=True))
def test_choices_joined_in_any_way_are_those_choices(ids: list[str]) -> None:
    for between in (";", "; ", "\n", ", "):
        assert parts_of(between.join(ids), CHOICES.plainly) == ids


@given(st.text(max_size=60))
def test_nothing_is_ever_a_type_that_does_not_exist(said: str) -> None:
    assert CHOICES.likely(said) in {"", *REGIMES}
