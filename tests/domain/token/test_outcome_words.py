"""The words of verification: every outcome has them, and they never contradict it."""

from __future__ import annotations

import pytest

from cecert.domain.token.checks import Check, CheckKind, status_check, token_check, unasked
from cecert.domain.token.outcome_words import check_words, page_words, warning_words, words_of
from cecert.domain.token.shown_record import SHOWN, instant_phrase
from cecert.domain.token.verify import STATUS_OUTCOMES, Outcome, Verification, Warning_, exit_status

FIELDS = {
    "issuer": "Example College", "school": "the school", "as_of": "today", "id": "3K50",
    "detail": "the detail",
}  # fmt: skip


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_headline_a_sentence_and_advice(outcome: Outcome) -> None:
    words = words_of(outcome, FIELDS)
    assert words.headline.split()[0].rstrip(",.").isupper()
    for text in (words.sentence, words.advice, words.on_page or words.advice):
        assert text.endswith((".", "\u201d."))
    assert "{" not in f"{words.headline}{words.sentence}{words.advice}{words.on_page}"


def test_only_a_valid_certificate_is_called_valid_and_never_without_a_time() -> None:
    said = {each for each in Outcome if words_of(each, FIELDS).headline.startswith("VALID")}
    assert said == {Outcome.VALID}
    assert "as of today" in words_of(Outcome.VALID, FIELDS).headline


def test_what_was_not_checked_or_read_is_not_called_bad() -> None:
    for outcome in (each for each in Outcome if exit_status(each) in {6, 7}):
        words = words_of(outcome, FIELDS)
        assert words.headline.startswith(("NOT READ", "NOT CHECKED"))
        assert "not authentic" not in f"{words.headline} {words.sentence}".lower()


def test_an_unknown_key_is_never_called_forged() -> None:
    words = words_of(Outcome.UNKNOWN_KEY, FIELDS)
    said = f"{words.headline} {words.sentence} {words.advice} {words.on_page}"
    assert "not by the provider this trust file describes" in said
    assert "forged" not in said
    assert "NOT AUTHENTIC" not in said


def test_the_page_has_words_for_every_answer() -> None:
    assert set(page_words()) == {each.value for each in Outcome}
    for outcome in page_words():
        words = words_of(Outcome[outcome], FIELDS)
        advice = page_words()[outcome]["advice"].format_map(FIELDS)
        assert advice == (words.on_page or words.advice)


@pytest.mark.parametrize("warning", Warning_)
def test_every_warning_has_a_sentence(warning: Warning_) -> None:
    assert len(warning_words(warning)) > 20


def test_the_record_is_shown_only_where_its_signer_is_known() -> None:
    assert STATUS_OUTCOMES < SHOWN
    assert not SHOWN & {Outcome.BAD_SIGNATURE, Outcome.BAD_CLAIMS, Outcome.KEY_REVOKED}


def test_each_check_has_one_code_and_its_words() -> None:
    good = [Check(each).code for each in CheckKind]
    assert good == ["GENUINE", "INTACT", "SAME", "NOT_REVOKED"]
    assert unasked(CheckKind.SEAL, "why").code == "NOT_CHECKED"
    assert Check(CheckKind.SEAL, Outcome.SEAL_BROKEN).code == "SEAL_BROKEN"
    assert "not as it was sealed" in check_words(Check(CheckKind.SEAL, Outcome.SEAL_BROKEN))
    assert "not one of ours" in check_words(Check(CheckKind.TOKEN, Outcome.BAD_SIGNATURE))


def test_a_genuine_token_is_genuine_whatever_became_of_the_certificate() -> None:
    for outcome in STATUS_OUTCOMES:
        assert token_check(Verification(outcome)).code == "GENUINE"
    assert status_check(Verification(Outcome.VALID)).code == "NOT_REVOKED"
    assert status_check(Verification(Outcome.REVOKED)).code == "REVOKED"
    assert status_check(Verification(Outcome.BAD_SIGNATURE)).code == "NOT_CHECKED"
    assert token_check(Verification(Outcome.BAD_SIGNATURE)).code == "BAD_SIGNATURE"


def test_an_instant_is_told_in_the_provider_s_zone_or_as_one_of_utc() -> None:
    assert instant_phrase(0) == "January 1, 1970, 00:00 UTC"
    assert instant_phrase(0, "America/New_York") == "December 31, 1969, 7:00 p.m. EST"
