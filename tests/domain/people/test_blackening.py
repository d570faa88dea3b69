"""Others are blacked out wherever somebody wrote of them, and the person never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.people.blackening import BLACK, Blackening


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ana Ruiz called", f"{BLACK} called"),
        ("ANA  RUIZ's phone", f"{BLACK}'s phone"),
        ("Ms. Ruiz's phone, not ruiz", f"Ms. {BLACK}'s phone, not ruiz"),
        ("write to ana@example.org.", f"write to {BLACK}."),
        ("licence 099123, not 0991234", f"licence {BLACK}, not 0991234"),
        ("Ana Ruizova", "Ana Ruizova"),
        ("Ana Ruiz-Holub stays", "Ana Ruiz-Holub stays"),
        ("at 17 on April 3, 2020", "at 17 on April 3, 2020"),
        ("Jose\N{COMBINING ACUTE ACCENT} Li", f"{BLACK} Li"),
    ],
)
def test_names_addresses_and_numbers_are_found_as_whole_words(text: str, said: str) -> None:
    names = ["Ana Ruiz", "April Li, LICSW", "José B. Ng"]
    signs = ["ana@example.org", "099123", "17", "2020", ""]
    assert Blackening(names, signs, ["Ana Ruiz-Holub", "rosa@example.org"]).text(text) == said


def test_a_namesake_s_name_is_the_person_s_own() -> None:
    black = Blackening(["Ana Ruiz"], ["other@example.org"], ["Ana Ruiz", "ana@example.org"])
    assert black.text("Ana Ruiz, other@example.org") == f"Ana Ruiz, {BLACK}"


def test_all_texts_of_a_document_are_gone_through() -> None:
    black = Blackening(["Ben Okafor"], [], [])
    document = {"why": ["by Ben Okafor", 1, None, {"Ben Okafor": True}]}
    assert black.value(document) == {"why": [f"by {BLACK}", 1, None, {BLACK: True}]}


def test_nobody_else_blacks_out_nothing() -> None:
    assert Blackening([], [], ["Ana Ruiz"]).text("Ana Ruiz and Ben") == "Ana Ruiz and Ben"


NAMES = st.from_regex(r"[A-Z][a-zé]{2,8} [A-Z][a-z]{2,8}(?:-[A-Z][a-z]{2,8})?", fullmatch=True)


@given(st.lists(NAMES, min_size=1, max_size=4), NAMES, st.text("ab ,.;", max_size=9))
def test_no_other_name_is_left_whatever_stands_around(
    others: list[str], own: str, between: str
) -> None:
    black = Blackening(others, [], [own])
    told = black.text(f" {between} ".join(others))
    assert not [each for each in others if f" {each} " in f" {told} " and each != own]
    assert black.text(own) == own
