"""A name that a report or a form spells otherwise is a hint; a short form or a title is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.evidence.spellings import is_spelled_otherwise, spelled_otherwise


@pytest.mark.parametrize(
    ("shown", "registered"),
    [
        ("Abdullah Rahman", "Abdulah Rahman"), ("Anna Ruiz", "Ana Ruiz"),
        ("Jon Smith", "John Smith"), ("Rahman, Abdullah", "Abdulah Rahman"),
        ("Grace Nakamura", "grace nakamura"), ("Nakamura, Grace", "GRACE NAKAMURA"),
        ("Susan Müller", "Susan Mueller"), ("José Núñez", "Jose Nunez"),
        ("Dr. Abdullah Rahman, LCSW (he/him)", "Abdulah Rahman"),
    ],
)  # fmt: skip
def test_another_spelling_is_seen(shown: str, registered: str) -> None:
    assert is_spelled_otherwise(shown, registered)


@pytest.mark.parametrize(
    ("shown", "registered"),
    [
        ("Sue Müller", "Susan Müller"), ("Ana M. Ruiz", "Ana Ruiz"), ("A. Ruiz", "Ana Ruiz"),
        ("ana ruiz", "Ana Ruiz"), ("ANA RUIZ", "ana ruiz"), ("Susan Mueller", "Susan Müller"),
        ("Lindqvist, Tobias | Riverbend Clinic", "Tobias Lindqvist"), ("iPhone", "Ana Ruiz"),
        ("Tobi Lindqvist", "Tobias Lindqvist"), ("Ana", "Anna Ruiz"), ("Front Desk", "Ana Ruiz"),
        ("Kathryn Lee", "Catherine Lee"), ("Ana Ruizz's Otter.ai", "Ana Ruiz"), ("", "Ana Ruiz"),
    ],
)  # fmt: skip
def test_what_is_no_other_spelling_gives_no_hint(shown: str, registered: str) -> None:
    assert not is_spelled_otherwise(shown, registered)


def test_each_spelling_is_told_once_with_its_first_place() -> None:
    names = [("Abdullah Rahman", "a:2"), ("Abdulah Rahman", "a:3"), ("Abdullah Rahman", "b:2")]
    assert list(spelled_otherwise("Abdulah Rahman", names)) == [("Abdullah Rahman", "a:2")]


@given(st.text(max_size=40))
def test_a_name_is_no_other_spelling_of_itself_in_any_case(name: str) -> None:
    assert not is_spelled_otherwise(name, name)
