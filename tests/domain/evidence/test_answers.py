"""What an answer to "do you attest?" says: only a plain yes is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.evidence.answers import Said, plain_word, said_by, says

STATEMENT = "I was there for the whole of both evenings, and nobody answered for me."

NO_LEADS = (
    "No", "N", "NO.", "Nope", "Never", "Nein", "Non", "Não", "Nao", "Nee", "いいえ", "False",
    "Disagree", "I do not", "I don\u2019t", "I did not", "I didn't", "I cannot", "I can't",
    "Ich nicht", "Je ne", "Yo no", "Eu não", "Io non", "Ik niet",
)  # fmt: skip
NO_WHOLE = (
    "I do not attest", "I did NOT attend", "I can't certify this", "I disagree", "Not attested",
    "Ich bestätige nicht", "Ich bestätige das nicht", "Ich stimme nicht zu", "Nicht anwesend",
    "Je n\u2019atteste pas", "Je ne certifie pas", "Je refuse", "Pas d\u2019accord",
    "No confirmo", "No estoy de acuerdo", "Não confirmo", "Não concordo", "Non confermo",
    "Non sono d\u2019accordo", "Ik bevestig dit niet", "Ik ga niet akkoord", "同意しません",
    "証明しません", "出席していない", "Unchecked", "0", "☐", "n", "no", "false",
)  # fmt: skip
YES_LEADS = (
    "Yes", "Y", "Sure, yes", "I attest", "I certify", "I agree", "Yes, I attest", "Ja", "Oui",
    "Sí", "Si", "Sì", "Sim", "はい", "Ich bestätige", "J'atteste", "Confirmo", "Concordo",
    "Attesto", "Ik bevestig", "同意します", STATEMENT,
)  # fmt: skip
TURNS = (
    "but I missed part", "except for the first hour", "though not all of it",
    "that I did NOT attend", "aber nicht die ganze Zeit", "mais pas tout", "pero no todo",
    "mas não tudo", "ma non tutto", "maar niet alles", "でも全部ではありません", "mostly",
    "I think", "for one of two evenings", "not",
)  # fmt: skip
BLANKS = st.text(st.sampled_from(" \t\n\u00a0\u200b\u3000\ufeff\u200e"), max_size=6)
ENDS = st.sampled_from(["", ".", "!", ",", " .", ";", " -", "!!"])


@st.composite
def decorated(draw: st.DrawFn, words: st.SearchStrategy[str]) -> str:
    text = draw(words)
    shaped = (text, text.upper(), text.lower(), text.title(), text.swapcase())
    return draw(BLANKS) + draw(st.sampled_from(shaped)) + draw(ENDS) + draw(BLANKS)


@given(decorated(st.sampled_from(NO_WHOLE)))
def test_no_wording_of_no_ever_attests(answer: str) -> None:
    assert says(answer, STATEMENT) in {Said.NO, Said.UNCLEAR}


@pytest.mark.parametrize("answer", NO_WHOLE)
def test_a_no_as_people_write_it_is_a_no(answer: str) -> None:
    assert says(answer, STATEMENT) is Said.NO


@given(decorated(st.sampled_from(NO_LEADS)), st.sampled_from(["", *YES_LEADS, *TURNS]))
def test_what_begins_with_a_no_never_attests_whatever_follows(lead: str, rest: str) -> None:
    assert says(f"{lead} {rest}", STATEMENT) is not Said.YES


@given(decorated(st.sampled_from(YES_LEADS)), st.sampled_from(TURNS))
def test_a_yes_that_takes_something_back_is_a_question(lead: str, turn: str) -> None:
    assert says(f"{lead}, {turn}", STATEMENT) is not Said.YES


@given(BLANKS)
def test_a_blank_never_attests(cell: str) -> None:
    assert says(cell, STATEMENT) is Said.BLANK


@given(st.text(max_size=40), st.sampled_from(["not", "NOT", "nicht", "never", "ne pas", "non"]))
def test_no_text_with_a_negation_in_it_attests(text: str, negation: str) -> None:
    assert says(f"{text} {negation} {text}") is not Said.YES


@pytest.mark.parametrize(
    "answer",
    [
        "Yes", "yes.", " YES ", "Y", "true", "TRUE", "1", "x", "X", "✓", "✔\ufe0f", "☑", "Checked",
        "I attest", "I certify", "I agree", "Yes, I attest", "Yes - I do", "I hereby certify.",
        "I attest that I attended both sessions in full", "Yes, I was present throughout",
        "Ja", "Ja, ich bestätige", "Ich stimme zu", "Oui", "J\u2019atteste", "Oui, je certifie",
        "Sí", "Si", "Sí, confirmo", "Estoy de acuerdo", "Sim", "Sim, concordo", "Sì",
        "Sono d\u2019accordo", "Ja, ik bevestig", "Akkoord", "はい", "はい、同意します",
        "\uff39\uff25\uff33", STATEMENT, STATEMENT.upper(), f"Yes, {STATEMENT}",
        f"I attest that {STATEMENT}", STATEMENT.removesuffix("."),
    ],
)  # fmt: skip
def test_a_plain_yes_of_a_known_form_attests(answer: str) -> None:
    assert says(answer, STATEMENT) is Said.YES


@pytest.mark.parametrize(
    "answer",
    ["Mostly", "Yes?", "Yes ...", "Yes*", "yes/no", "I think so", "Yes, 90%", "2", "OK", "?", "✗",
     "I attest that I attended the first session", "I attended", "y\u0336e\u0336s\u0336",
     "Yes, but I missed part", "I attest that I was not late", "Yes " * 600],
)  # fmt: skip
def test_what_cannot_be_told_is_a_question(answer: str) -> None:
    assert says(answer, STATEMENT) is Said.UNCLEAR


def test_several_answers_count_only_if_they_agree() -> None:
    assert said_by([]) is Said.BLANK
    assert said_by([Said.YES, Said.BLANK, Said.YES]) is Said.YES
    assert said_by([Said.YES, Said.NO]) is Said.UNCLEAR
    assert said_by([Said.NO, Said.BLANK]) is Said.NO
    assert said_by([Said.YES, Said.UNCLEAR]) is Said.UNCLEAR


@pytest.mark.parametrize("word", ["no", "N", "Nein", "non", "não", "nee", "いいえ", "0", "FALSE"])
def test_a_cell_that_says_no_is_no(word: str) -> None:
    assert plain_word(word) is False


@pytest.mark.parametrize("cell", ["", "maybe", "no idea", "yes, mostly", "x", "2", "-"])
def test_a_cell_that_says_more_or_less_than_yes_and_no_is_neither(cell: str) -> None:
    assert plain_word(cell) is None
