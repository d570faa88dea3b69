"""Text that may stand on a certificate, and names that lie about their letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.values.text import markup_problems, mixed_script_words, script_of, text_problems


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz",
        "O\u2019Connell-Hughes, LICSW",
        "Nu\u00f1ez",
        "\u0410\u043d\u043d\u0430 \u041a\u0430\u0440\u0435\u043d\u0438\u043d\u0430",
        "\u674e\u5c0f\u9f99",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian with a non-joiner
        "\u0915\u094d\u200d\u0937",  # Devanagari: the joiner follows a mark
        "\U0001d4d0",  # letters beyond the first plane
    ],
)
def test_names_of_people_pass(text: str) -> None:
    assert text_problems(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" Ana", "has a space at its end or beginning"),
        ("Ana\u00a0", "has a space at its end or beginning"),
        ("Nun\u0303ez", "is not in Unicode's composed form (NFC)"),
        ("Ana\x00", "holds U+0000 a control character or unassigned"),
        ("Ana\nRuiz", "holds U+000A a control character or unassigned"),
        ("Ana\u200b", "holds U+200B ZERO WIDTH SPACE"),
        ("Ana\u202eRuiz", "holds U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("Ana\u2066Ruiz", "holds U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("Ana\u2028Ruiz", "holds U+2028 LINE SEPARATOR"),
        ("Ana\ue000", "holds U+E000 a control character or unassigned"),
        ("Ana\ud800", "holds U+D800 a control character or unassigned"),
        ("Ana\u0378", "holds U+0378 a control character or unassigned"),
        ("An\u200da", "holds U+200D ZERO WIDTH JOINER"),  # Latin needs none
        ("\u200d\u0915", "holds U+200D ZERO WIDTH JOINER"),  # nothing before it
        ("\u0915\u200d", "holds U+200D ZERO WIDTH JOINER"),  # nothing after it
        ("\u0915\u200d\u0627", "holds U+200D ZERO WIDTH JOINER"),  # two scripts
    ],
)
def test_what_makes_text_lie_is_named(text: str, problem: str) -> None:
    assert problem in text_problems(text)


def test_each_problem_is_told_once() -> None:
    assert text_problems(" a\u200b\u200b") == [
        "has a space at its end or beginning",
        "holds U+200B ZERO WIDTH SPACE",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Ruiz", []),
        ("\u0410na Ruiz", ["\u0410na"]),  # Cyrillic A
        ("Ana-\u0420aul", ["\u0420aul"]),  # Cyrillic Er; a hyphen parts words
        ("\u0410\u043d\u0430 Ruiz", []),  # two words, each of one script
        ("\u30e9\u30fc\u30e1\u30f3\u5927\u597d\u304d", []),  # Japanese writes in three
        ("\uae40\uc11d\uc9c4", []),
        ("3M", []),
        ("a\u00aa", []),  # an ordinal indicator is of no script
    ],
)
def test_words_of_two_scripts_are_found(text: str, words: list[str]) -> None:
    assert mixed_script_words(text) == words


@given(st.characters())
def test_every_character_has_a_script_or_none(character: str) -> None:
    assert script_of(character) == script_of(character).upper()
    assert not mixed_script_words(character)


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    text_problems(text)
    mixed_script_words(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("O&#039;Brien", "O'Brien"), ("O&#x27;Brien", "O'Brien"), ("O&apos;Brien", "O'Brien"),
        ("Ren&eacute;e", "Ren\u00e9e"), ("Ana&nbsp;Ruiz", "Ana Ruiz"),
        ("Ana Ruiz&nbsp;", "Ana Ruiz"),
        ("Marriage &amp; Family", "Marriage & Family"), ("O&amp;#039;Brien", "O'Brien"),
        ("<em>Ethics</em> in Practice", "Ethics in Practice"), ("Ana<br/>Ruiz", "Ana Ruiz"),
        ("<P>Ana</P><p class='x'>Ruiz</p>", "Ana Ruiz"), ("&lt;b&gt;Ana&lt;/b&gt;", "Ana"),
        ('<span style="color: red">Ana</span> Ruiz', "Ana Ruiz"),
        ("Ana <!-- x --> Ruiz", "Ana Ruiz"), ("Ana&nbsp Ruiz", "Ana Ruiz"),
        ("O&#39 Brien", "O' Brien"),
    ],
)  # fmt: skip
def test_markup_of_a_web_page_is_named_with_what_it_may_have_been(text: str, plain: str) -> None:
    assert markup_problems(text) == [f"holds markup; is it {plain!r}?"]
    assert markup_problems(plain) == []


def test_markup_around_nothing_is_markup() -> None:
    assert markup_problems("&nbsp;<br>") == ["holds markup and nothing else"]


@pytest.mark.parametrize(
    "text",
    [
        "Q&A; with Ana", "R&D", "AT&T; and others", "Marriage & Family", "Care <18 and >65",
        "The <self> in therapy", "Ana <ana@example.org>", "a < b > c", "&;", "&#;", "&#xZZ;", "<>",
        "Ruiz & Sons;", "<3", "Q&ampere", "Cause &not effect", "Ana <!-- x", "Ana --> x",
    ],
)  # fmt: skip
def test_signs_that_a_page_uses_too_are_no_markup(text: str) -> None:
    assert markup_problems(text) == []


@given(st.text("&#x039;<>/aembr p", max_size=40))
def test_what_is_proposed_never_holds_an_element_or_is_the_text_itself(text: str) -> None:
    for each in markup_problems(text):
        assert each.startswith("holds markup")
        assert repr(text) not in each
