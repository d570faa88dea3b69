"""Codes: whatever stands for whatever, the map says so, and mostly it is the common one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf._cmap import _parse_to_unicode
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from cecert.adapters.render.pdf.text_fonts import Codes, common_map


def told(cmap: bytes) -> dict[int, str]:
    """Return what a library reads out of a map."""
    stream = DecodedStreamObject()
    stream.set_data(cmap)
    font = DictionaryObject({NameObject("/ToUnicode"): stream})
    found, _ = _parse_to_unicode(font)
    return {ord(code): text for code, text in found.items() if isinstance(code, str)}


def test_a_character_is_its_own_code_and_its_second_glyph_has_a_private_one() -> None:
    codes = Codes()
    assert [codes.free("S"), codes.free("S"), codes.free("Ạ")] == [0x53, 0xE053, 0x1EA0]
    assert codes.free("ffi") == 0xFB03
    assert codes.are_common


def test_what_no_common_code_is_left_for_is_told_by_the_fonts_own_map() -> None:
    codes = Codes()
    texts = ["क्ष", "語", "\U00020b9f", "fi", "fi", "Ω", "Ạ", "Ạ"]
    found = [codes.free(text) for text in texts]
    assert found == [0xE900, 0xE901, 0xE902, 0xFB01, 0xE903, 0xE904, 0x1EA0, 0xE905]
    assert not codes.are_common
    assert [told(codes.map())[each] for each in found] == texts


def test_the_common_map_gives_no_code_a_zero() -> None:
    found = told(common_map())
    assert found[0x41] == "A"
    assert found[0xE041] == "A"
    assert found[0x1EA0] == "Ạ"
    assert found[0xFB04] == "ffl"
    assert "\0" not in found.values()


def test_a_font_that_is_continued_keeps_its_codes_and_leaves_the_first_as_it_was() -> None:
    base = Codes()
    base.free("A")
    own = Codes(base)
    assert own.free("A") == 0xE041
    assert own.free("語") == 0xE900
    assert base.free("A") == 0xE041
    assert base.are_common


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=40))
def test_no_two_glyphs_have_one_code_and_every_code_is_read_back(texts: list[str]) -> None:
    texts = [each for each in texts if "\0" not in each and each.isprintable()]
    codes = Codes()
    found = [codes.free(each) for each in texts]
    assert len(set(found)) == len(found)
    read = told(codes.map())
    assert [read[each] for each in found] == texts
