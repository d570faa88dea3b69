"""Scripts: what is missing is named by its script, with a font that has it."""

from __future__ import annotations

import unicodedata

import pytest

from cecert.adapters.render.text.scripts import SCRIPT_FONTS, font_advice, letters_of, script_in


@pytest.mark.parametrize(
    ("name", "script", "file"),
    [
        ("សុខ", "Khmer", "NotoSerifKhmer-Regular.ttf"),
        ("გიორგი", "Georgian", "NotoSerifGeorgian-Regular.ttf"),
        ("王小明", "Chinese", "NotoSerifCJK-Regular.ttc"),
        ("김민수", "Korean", "NotoSerifCJK-Regular.ttc"),
        ("ꀀꀁ", "Yi", "NotoSansYi-Regular.ttf"),
    ],
)
def test_advice_names_a_font_of_the_letters_own_script(name: str, script: str, file: str) -> None:
    assert letters_of(name, name[0]) == f"{script} letters"
    advice = font_advice(name, name[0])
    assert advice.startswith(f"cecert fonts add {script.casefold()} takes {file} ")


def test_an_ideograph_is_of_the_language_of_the_letters_beside_it() -> None:
    found = [script_in(name, name[0]) for name in ("山田", "山田 はなこ", "金 민수")]
    assert [each.name for each in found if each] == ["Chinese", "Japanese", "Korean"]


@pytest.mark.parametrize("character", ["\N{RAINBOW}", "\N{MATHEMATICAL SCRIPT CAPITAL J}", "\x00"])
def test_what_is_of_no_script_with_a_font_is_named_itself(character: str) -> None:
    assert letters_of(f"Sam {character}", character).startswith(f"U+{ord(character):04X} ")
    assert font_advice(character, character).startswith("name a font that has it under fonts")


@pytest.mark.parametrize("word", SCRIPT_FONTS)
def test_the_sample_of_a_script_is_in_letters_of_it(word: str) -> None:
    script = SCRIPT_FONTS[word]
    scripts = {script_in(script.sample, each) for each in script.sample}
    assert scripts == {script}
    assert all(unicodedata.category(each)[0] == "L" for each in script.sample)
