"""Python and the page's script give the same answer to files, good and altered in each way."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certificate_samples import certificate, renderer
from golden_pages import KINDS
from papers import papers
from pdf_cases import ASKED, PDF_VECTORS, by_node, expected, pdf_of, python_answer, script, stated
from playwright.sync_api import Browser

from cecert.adapters.site.maker import _lean
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.token_claims import with_token

pytestmark = pytest.mark.system
DOCUMENT = json.loads(PDF_VECTORS.read_text(encoding="utf-8"))
CASES = DOCUMENT["cases"]
NAMES = (
    "Nguy\u1ec5n Th\u1ecb Minh Ch\u00e2u",
    "\u05e8\u05d5\u05ea \u05db\u05d4\u05df\u05be\u05dc\u05d5\u05d9",
    "\u03a6\u03ce\u03c4\u03b7\u03c2 \u0395\u03c5\u03c3\u03c4\u03b1\u03b8\u03af\u03bf\u03c5",
    "\u0410\u043d\u043d\u0430 \u041f\u0435\u0442\u0440\u043e\u0432\u0430",
    "Aoife N\u00ed Fhl\u00e1tharta-Offield",
)

LONG = "Mentalization Based Treatment for Adolescents: Foundations, Practice and Supervision"


def stated_case(case: dict[str, Any], pdf: bytes) -> dict[str, Any]:
    return {
        "status": case["status"], "trust": case["trust"], "pdf": b64encode(pdf).decode(),
    }  # fmt: skip


def mutants(pdf: bytes, count: int) -> Iterator[bytes]:
    """Yield so many files with one bit, one byte or a few bytes other than those of *pdf*."""
    chance = random.Random(20201105)  # the same in every run
    for number in range(count):
        at = chance.randrange(len(pdf))
        if number % 3 == 0:
            yield pdf[:at] + bytes([pdf[at] ^ 1 << chance.randrange(8)]) + pdf[at + 1 :]
        elif number % 3 == 1:
            yield pdf[:at] + pdf[at + chance.randint(1, 40) :]
        else:
            yield pdf[:at] + chance.randbytes(chance.randint(1, 9)) + pdf[at:]


def drawn() -> Iterator[Certificate]:
    """Yield certificates of every layout, and names of every script that is shipped."""
    for name in (
        "classic-letter",
        "classic-sixty-dates",
        "modern-corrected",
        "modern-sessions-beside",
    ):
        yield KINDS[name]()
    yield from (certificate(each) for each in NAMES)
    yield certificate("Margaret O\u2019Connell-Hughes, LICSW", LONG, lines=6)


def test_every_file_has_its_answer_by_the_page_and_by_python() -> None:
    pdfs = [pdf_of(DOCUMENT, each) for each in CASES]
    genuine = pdfs[0]
    altered = list(mutants(genuine, 25))
    inks = renderer()
    signed = [with_token(each, "https://v.example/#", papers().school.token) for each in drawn()]
    pages = [inks.draw(each).pdf for each in signed]
    usual = CASES[0]
    files = [stated_case(case, pdf) for case, pdf in zip(CASES, pdfs, strict=True)]
    files += [stated_case(usual, each) for each in [*altered, *pages]]
    found = by_node(DOCUMENT, files)
    named = [each["name"] for each in CASES]
    vectors, rest = found[: len(CASES)], found[len(CASES) :]
    wrong = [
        (name, answer, expected(case))
        for name, answer, case in zip(named, vectors, CASES, strict=True)
        if answer != expected(case)
    ]
    assert wrong == []
    assert len(CASES) >= 40
    assert {each["outcome"] for each in rest[: len(altered)]}.isdisjoint({"VALID"})
    # Of every layout and script the words are read as they were certified.
    read = [each["answers"][0]["checks"]["text"] for each in rest[len(altered) :]]
    assert read == ["SAME"] * len(pages)
    # And what Python answers today is what is written down.
    for case in CASES[::20]:
        assert python_answer(DOCUMENT, case) == case["expect"], case["name"]


def test_some_files_have_the_same_answer_in_chromium(browser: Browser, tmp_path: Path) -> None:
    # A file is a secure context, so WebCrypto is there.
    html = tmp_path / "verifier.html"
    # As the page has it, without its spaces.
    html.write_text(f"<!doctype html><script>{_lean(script())}</script>", "utf-8")
    page = browser.new_page()
    page.goto(html.as_uri())
    some = CASES[::8]
    asked = [stated_case(each, pdf_of(DOCUMENT, each)) for each in some]
    found = page.evaluate(ASKED, {"document": stated(DOCUMENT), "cases": asked})
    page.close()
    assert found == [expected(each) for each in some]
