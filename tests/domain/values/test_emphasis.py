"""Asterisks round words of a title set them in italics; every other asterisk stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.values.emphasis import emphasised, marked


@pytest.mark.parametrize(
    ("typed", "plain", "italic"),
    [
        ("Reading *Beloved* in Practice", "Reading Beloved in Practice", ["Beloved"]),
        ("*The Body Keeps the Score*", "The Body Keeps the Score", ["The Body Keeps the Score"]),
        ("*Beloved* and *Jazz*", "Beloved and Jazz", ["Beloved", "Jazz"]),
        ("*Beloved*'s mothers", "Beloved's mothers", ["Beloved"]),
        ("(*Beloved*)", "(Beloved)", ["Beloved"]),
        ('"*Beloved*" and after', '"Beloved" and after', ["Beloved"]),
        ("A reading: *O que é isto?*", "A reading: O que é isto?", ["O que é isto?"]),
        ("*ספר* and more", "ספר and more", ["ספר"]),
    ],
)
def test_a_pair_close_around_words_sets_them_in_italics(
    typed: str, plain: str, italic: list[str]
) -> None:
    found = emphasised(typed)
    assert found.plain == plain
    assert [plain[begin:end] for begin, end in found.italics] == italic
    assert not found.loose


@pytest.mark.parametrize(
    "typed",
    ["2 * 3", "2*3*4", "*", "**", "Ethics*", "*Ethics", "Ethics* and *Law", "**Ethics**",
     "***Ethics***", "* Ethics *", "a *b*c", "a*b* c", "=*\u0338=*", "Ethics (*)", "*\t*"],
)  # fmt: skip
def test_what_is_no_pair_stays_as_it_is_typed_and_is_told(typed: str) -> None:
    found = emphasised(typed)
    assert (found.plain, found.italics, found.loose) == (typed, (), True)


def test_an_asterisk_after_a_backslash_is_meant() -> None:
    found = emphasised(r"Ethics\* of *Reading\** \ and \n")
    assert found.plain == r"Ethics* of Reading* \ and \n"
    assert [found.plain[begin:end] for begin, end in found.italics] == ["Reading*"]
    assert not found.loose


def test_a_footnote_after_italics_is_told_apart() -> None:
    found = emphasised("*Beloved* revisited*")
    assert (found.plain, found.italics, found.loose) == ("Beloved revisited*", ((0, 7),), True)


@given(st.text(st.sampled_from("ab *\\\u0338'(\u05d0"), max_size=24))
def test_no_letter_is_lost_and_what_is_composed_stays_so(typed: str) -> None:
    found = emphasised(typed)
    dropped = str.maketrans("", "", "*\\")
    assert found.plain.translate(dropped) == typed.translate(dropped)
    if unicodedata.is_normalized("NFC", typed):
        assert unicodedata.is_normalized("NFC", found.plain)
    if typed == typed.strip():
        assert found.plain == found.plain.strip()
    for begin, end in found.italics:
        words = found.plain[begin:end]
        assert words
        assert words == words.strip()


def test_marks_come_back_where_they_stood() -> None:
    typed = "A *b c* d *e*"
    found = emphasised(typed)
    assert marked(found.plain, found.italics, "*", "*") == typed
