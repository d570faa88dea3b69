"""Verifiers of before open what is made today, and answer as the ones of today or as before."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from verifiers import OLD, VECTORS, Answer, by_javascript, by_old_python

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


def wrong(found: list[Answer]) -> list[tuple[str, Answer]]:
    """Return what is neither the answer of today nor the one of before."""
    return [
        (case["name"], answer)
        for case, answer in zip(DOCUMENT["cases"], found, strict=True)
        if answer != AS_BEFORE.get(case["name"], (case["expect"], case["warnings"]))
    ]


def test_the_python_of_before_answers_every_vector() -> None:
    assert wrong(list(by_old_python(DOCUMENT))) == []


def test_the_page_of_before_answers_every_vector(page: Page) -> None:
    assert wrong(by_javascript(page, DOCUMENT)) == []


def test_whoever_kept_a_list_of_a_clock_ahead_takes_the_one_issued_again(page: Page) -> None:
    name = "a list 60 days ahead was kept, and the list issued again comes"
    (case,) = (each for each in DOCUMENT["cases"] if each["name"] == name)
    alone = {**DOCUMENT, "cases": [case]}
    assert list(by_old_python(alone)) == by_javascript(page, alone) == [("REVOKED", [])]
