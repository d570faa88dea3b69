"""Python and JavaScript give the same outcome, on the vectors and on mutations of a token."""

from __future__ import annotations

import json
from typing import Any

import pytest
from parity import DOCUMENT, GENUINE, REFUSALS, agreed, by_python
from pdf_cases import script
from playwright.sync_api import Page
from verifiers import LOG_VECTORS, ROOT, Answer, by_javascript, opened, verified

from cecert.adapters.document_reader.content import content_of
from cecert.adapters.document_reader.process import ReadingLimits
from cecert.domain.trust.codec import KeysetInvalidError

pytestmark = pytest.mark.system
PUBLIC = ROOT / "../shared/qr_vectors.json"


def test_every_vector_has_its_outcome_in_the_browser(page: Page) -> None:
    found = by_javascript(page, DOCUMENT)
    wrong = [
        (case["name"], case["expect"], case["warnings"], answer)
        for case, answer in zip(DOCUMENT["cases"], found, strict=True)
        if answer != (case["expect"], case["warnings"])
    ]
    assert wrong == []
    assert len(found) > 160


def test_every_vector_of_the_log_has_its_outcome_in_the_browser_and_by_python(page: Page) -> None:
    document = json.loads(LOG_VECTORS.read_text(encoding="utf-8"))
    cases = document["cases"]
    expected = [(each["name"], each["expect"], each["warnings"]) for each in cases]
    names = [each["name"] for each in cases]
    found = by_javascript(page, document)
    assert [(name, *each) for name, each in zip(names, found, strict=True)] == expected
    python = [_python_of_the_log(document, each) for each in cases]
    assert [(name, *each) for name, each in zip(names, python, strict=True)] == expected
    assert len(cases) > 35


def _python_of_the_log(document: dict[str, Any], case: dict[str, Any]) -> Answer:
    try:
        trust = opened(document, case)
    except KeysetInvalidError:
        return "KEYSET_INVALID", []
    found = verified(case, trust)
    return found.outcome.value, [each.value for each in found.warnings]


_LINKS = """
async (pdfs) => {
  const found = [];
  for (const each of pdfs) found.push((await cecertPdf.read(cecertVerifier.fromHex(each))).tokens);
  return found;
}
"""


def test_the_link_in_a_pdf_is_found_in_the_browser_and_by_python(page: Page) -> None:
    pdfs = DOCUMENT["pdfs"]
    links = [[] if each["link"] is None else [each["link"]] for each in pdfs]
    page.add_script_tag(content=script("qr.js", "pdf.js"))
    assert page.evaluate(_LINKS, [each["pdf"] for each in pdfs]) == links
    found = [content_of(bytes.fromhex(each["pdf"]), ReadingLimits()) for each in pdfs]
    assert [each["token_texts"] for each in found] == links
    assert len(pdfs) == 9


SAMPLE = 250


def test_a_sample_of_mutations_has_one_outcome_and_it_is_never_valid(page: Page) -> None:
    outcomes = agreed(page, SAMPLE)
    assert outcomes.keys() <= REFUSALS
    assert outcomes.total() == SAMPLE
    assert min(outcomes[each] for each in ("MALFORMED", "TRUNCATED", "BAD_SIGNATURE")) > 5


@pytest.mark.shared
def test_the_public_vectors_verify_in_the_browser(page: Page) -> None:
    published = json.loads(PUBLIC.read_text(encoding="utf-8"))
    cases = [{**GENUINE, "text": each["url"]} for each in published["vectors"]]
    found = by_javascript(page, {**DOCUMENT, "cases": cases})
    assert found == [by_python(each) for each in cases]
    # The keys are the vectors'; dates and credits of some are not the school's.
    assert {outcome for outcome, _ in found} <= {
        "VALID", "VALID_STATUS_UNKNOWN", "CREDIT_NOT_AUTHORISED", "ISSUED_IN_FUTURE",
    }  # fmt: skip
    assert found.count(("BAD_SIGNATURE", [])) == 0
