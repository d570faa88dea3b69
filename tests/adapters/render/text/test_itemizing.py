"""Itemizing: signs beside letters of another script are drawn, in a face that has them."""

from __future__ import annotations

import pytest
from certificate_samples import ROOT, certificate
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import inks
from cecert.adapters.render.text.faces import Face, FaceShelf
from cecert.adapters.render.text.itemizing import pieces_of

FALLBACKS = (
    "EBGaramond-SemiBold", "NotoSerifHebrew-Regular", "NotoNaskhArabic-Regular",
    "NotoSerifDevanagari-Regular", "NotoSerifThai-Regular",
)  # fmt: skip
WORDS = ("Ana", "محمد", "דנה", "สมชาย", "प्रिया", "Ελένη", "Анна")
SIGNS = "()[]\"'-\N{EN DASH}\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}.,/& 2"
SHELF = FaceShelf(ROOT / "fonts")
CHAINS = {face: SHELF.chain(face, FALLBACKS) for face in ("Cormorant-SemiBold", "Newsreader-Light")}


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
@pytest.mark.parametrize(
    "name",
    ["Ahmed (محمد)", "Dana (דנה) Levi", "محمد-علی", "(สมชาย)", "“דנה”", "O'דנה", "ใจดี-Smith"],
)  # fmt: skip
def test_a_name_with_signs_beside_another_script_is_drawn(
    renderer: CertificateRenderer, name: str, layout: str
) -> None:
    assert renderer.missing_glyph(name, layout) == ""
    assert not renderer.faults(certificate(name))


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_both_brackets_of_a_pair_are_of_one_face(chain: tuple[Face, ...]) -> None:
    for word in WORDS:
        for opening, closing in ("()", "[]", "\u201c\u201d"):
            found = {
                sign: piece.face.name
                for piece in pieces_of(f"{opening}{word}{closing}", chain)
                for sign in piece.text
            }
            assert found[opening] == found[closing]


def test_a_sign_between_letters_of_a_face_that_has_it_is_of_that_face() -> None:
    chain = CHAINS["Cormorant-SemiBold"]
    maqaf = pieces_of("(דנה\N{HEBREW PUNCTUATION MAQAF}לוי)", chain)
    assert [each.face.name for each in maqaf if "\N{HEBREW PUNCTUATION MAQAF}" in each.text] == [
        "NotoSerifHebrew-Regular"
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, *SIGNS]), min_size=1, max_size=8).map("".join))
def test_words_of_shipped_scripts_are_drawn_with_any_signs_and_lose_none(text: str) -> None:
    for chain in CHAINS.values():
        pieces = pieces_of(text, chain)
        assert sorted("".join(each.text for each in pieces)) == sorted(text)
        assert not [each for each in pieces if each.face.lacks(each.text)]


def test_marks_and_joiners_stay_with_their_letters() -> None:
    for chain in CHAINS.values():
        for name in ("(شَهْرَزاد)", "(می\u200cنو)", "\u201cכֹּהֵם\u201d"):
            letters = [each for each in pieces_of(name, chain) if len(each.text) > 1]
            assert "".join(each.text for each in letters) == name[1:-1]


def test_the_brackets_of_a_hebrew_name_in_an_english_line_stand_round_it(
    renderer: CertificateRenderer,
) -> None:
    (page,) = renderer.pages(certificate("Dana (דנה) Levi"), specimen=False)
    (ink,) = [each for each in inks(page) if each.what == "recipient name"]
    shown = "".join(glyph.text for run in ink.shaped.runs for glyph in run.glyphs)
    assert shown == f"Dana ({'דנה'[::-1]}) Levi"
