"""Verifiers of before open what is made today, and answer as the ones of today or as before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from verifiers import OLD, VECTORS, Answer, by_javascript, by_old_python, verified

from cecert import Office
from cecert.adapters.keys.signatures import check_signature
from cecert.cli import main
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.cose.low_s import is_low
from cecert.domain.token.outcome import Warning_
from cecert.domain.trust.codec import open_trust_file

pytestmark = pytest.mark.system
DOCUMENT = json.loads(VECTORS.read_text(encoding="utf-8"))

AS_BEFORE: dict[str, Answer] = {
    # They had no eye on the time of a trust file or a list.
    "this clock a year behind, and before the trust file": ("ISSUED_IN_FUTURE", []),
    "the trust file 301 seconds ahead": ("VALID", []),
    "a stolen key whose published list is of a time to come": ("VALID_STATUS_UNKNOWN", []),
    "a list 301 seconds ahead": ("VALID", []),
    "a list 60 days ahead": ("VALID", []),
    "a list 60 days ahead says revoked": ("REVOKED", []),
    "a list 60 days ahead was kept": ("VALID", []),
    "a list 60 days ahead and the true one": ("VALID", []),
    "a list 60 days ahead was kept, the true one comes": ("VALID", ["STATUS_ROLLBACK"]),
    "the list issued again was kept, the one ahead comes": ("REVOKED", ["STATUS_ROLLBACK"]),
    # Nor on how far a list went back.
    "rolled back by a day and a second": ("VALID", ["STATUS_ROLLBACK"]),
    "rolled back by two days": ("VALID", ["STATUS_ROLLBACK"]),
    "a later list whose sequence is lower": ("VALID", ["STATUS_ROLLBACK"]),
    # They counted no hours against dates.
    "signed: 2881 hundredths on one date, in person": ("VALID", []),
    "signed: 2881 hundredths on one date, live": ("VALID", []),
    "signed: 5761 hundredths on two dates, live": ("VALID", []),
    "signed: 34561 hundredths on twelve dates, in person": ("VALID", []),
    "signed: an hour beyond all numbers, live": ("VALID", []),
    # They knew one version, and say of a later one that it is later.
    **dict.fromkeys(
        (
            "13 dates in version 2",
            "13 dates in version 2, a stolen key",
            "60 dates in version 2",
            "61 dates in version 2",
            "37441 hundredths on 13 dates",
        ),
        ("UNSUPPORTED_VERSION", []),
    ),
    # They pass over the labels of later, whatever stands there.
    "the higher form, low s since before": ("VALID", []),
    # They let a next root be named, and let it sign nothing.
    "a next root is named": ("VALID", []),
    "label 67 is text": ("VALID", []),
    "label 68 is no list": ("VALID", []),
    "label 68 has a number": ("VALID", []),
    "label 70 is no list": ("VALID", []),
    "label 70 has a short digest": ("VALID", []),
    "label 70 names a seal alone": ("VALID", []),
}

OF_THE_PAGE: dict[str, Answer] = {
    "white space as Python has it around": ("MALFORMED", []),
}


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    html = tmp_path_factory.mktemp("page") / "verifier.html"
    script = (OLD / "verifier.js").read_text("utf-8")
    html.write_text(f"<!doctype html><script>{script}</script>", "utf-8")
    opened = browser.new_page()
    opened.goto(html.as_uri())
    yield opened
    opened.close()


def of_any_link(answer: Answer) -> Answer:
    """Leave out where a link leads: each of the old ones read odd links in its own way."""
    outcome, warnings = answer
    return outcome, [each for each in warnings if each != "HOST_MISMATCH"]


def wrong(found: list[Answer], as_before: dict[str, Answer]) -> list[tuple[str, Answer]]:
    """Return what is neither the answer of today nor the one of before."""
    today = {each["name"]: (each["expect"], each["warnings"]) for each in DOCUMENT["cases"]}
    expected = {**today, **as_before}
    assert expected.keys() == today.keys()
    return [
        (name, answer)
        for name, answer in zip(today, found, strict=True)
        if of_any_link(answer) != of_any_link(expected[name])
    ]


def test_the_python_of_before_answers_every_vector() -> None:
    assert wrong(list(by_old_python(DOCUMENT)), AS_BEFORE) == []


def test_the_page_of_before_answers_every_vector(page: Page) -> None:
    assert wrong(by_javascript(page, DOCUMENT), AS_BEFORE | OF_THE_PAGE) == []


def test_whoever_kept_a_list_of_a_clock_ahead_takes_the_one_issued_again(page: Page) -> None:
    name = "a list 60 days ahead was kept, and the list issued again comes"
    (case,) = (each for each in DOCUMENT["cases"] if each["name"] == name)
    alone = {**DOCUMENT, "cases": [case]}
    assert list(by_old_python(alone)) == by_javascript(page, alone) == [("REVOKED", [])]


def office_of_five(folder: Path, *acts: str) -> dict[str, Any]:
    """Return what an office of today publishes, and the links that it prints, as vectors.

    Args:
        folder: Where the office is made.
        acts: What is done with its keys after they issued, as is typed after `keys`.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CECERT_KEY_PASSPHRASE", "correct horse battery")
        config = ["--config", str(folder / "cecert.toml")]
        assert main(["init", str(folder)]) == 0
        assert main(["keys", "init", *config]) == 0
        lists = [str(folder / "course.toml"), str(folder / "completions.csv")]
        assert main(["issue", *lists, *config]) == 0
        for act in acts:
            assert main(["keys", *act.split(), *config]) == 0
        assert main(["publish", str(folder / "www"), *config]) == 0
    with Office.open(folder / "cecert.toml") as office:
        trust, links = office.trust(), [each.certificate for each in office.ledger.entries()]
    (trust_file,) = (folder / "www" / "trust").glob("*.cose")
    case = {
        "trust": "office", "now": trust.issued_at + 60, "kept": None, "reattested": "",
        "reattested_list": None,
    }  # fmt: skip
    return {
        "root": trust.root.thumbprint.hex(),
        "trusts": {"office": trust_file.read_bytes().hex()},
        "cases": [
            {
                **case,
                "text": each.token_url,
                "served": [(folder / f"www/status/{each.slot.list_id}.st").read_bytes().hex()],
            }
            for each in links
        ],
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return office_of_five(tmp_path_factory.mktemp("published") / "office")


def test_the_verifiers_of_before_open_a_trust_file_whose_retired_keys_have_ended(
    page: Page, tmp_path: Path
) -> None:
    found = office_of_five(tmp_path / "office", "rotate", "rotate")
    trust = open_trust_file(bytes.fromhex(found["trusts"]["office"]), check_signature)
    ended = [each for each in trust.keys if each.not_after - each.not_before < 86_400]
    assert [each.state.name for each in ended] == ["RETIRED"] * 4
    answers: list[Answer] = [("VALID", [])] * 5
    assert list(by_old_python(found)) == by_javascript(page, found) == answers


def test_the_verifiers_of_before_open_a_trust_file_whose_withdrawn_seal_is_vouched_for(
    page: Page, tmp_path: Path
) -> None:
    found = office_of_five(tmp_path / "office", "compromise seal-1")
    trust = open_trust_file(bytes.fromhex(found["trusts"]["office"]), check_signature)
    assert [each.reattested is not None for each in trust.seals] == [True, False]
    answers: list[Answer] = [("VALID", [])] * 5
    assert list(by_old_python(found)) == by_javascript(page, found) == answers


def test_what_an_office_of_today_publishes_is_valid_with_the_verifiers_of_before(
    page: Page, published: dict[str, Any]
) -> None:
    data = bytes.fromhex(published["trusts"]["office"])
    trust = open_trust_file(data, check_signature)
    assert trust.low_s_since == trust.issued_at
    assert trust.link_prefixes is not None
    answers: list[Answer] = [("VALID", [])] * 5
    assert list(by_old_python(published)) == by_javascript(page, published) == answers
    found = [verified(each, trust) for each in published["cases"]]
    assert [each.outcome.value for each in found] == ["VALID"] * 5
    assert trust.logs, "which they pass over, and which is not at hand here"
    assert {each.warnings for each in found} == {(Warning_.LOG_UNKNOWN,)}
    tokens = [bytes_of_digits(each["text"].partition("#1")[2]) for each in published["cases"]]
    assert all(is_low(each[-64:]) for each in tokens)
