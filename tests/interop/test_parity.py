"""Python and JavaScript give the same outcome, on the vectors and on thousands of mutations."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from verifiers import ROOT, VECTORS, VERIFIER, Answer, by_javascript, opened, verified

from cecert.adapters.document_reader.content import content_of
from cecert.adapters.document_reader.process import ReadingLimits
from cecert.domain.cose.digits import bytes_of_digits, digits_of_bytes

pytestmark = pytest.mark.system
DOCUMENT = json.loads(VECTORS.read_text(encoding="utf-8"))
PUBLIC = ROOT / "../shared/qr_vectors.json"
MUTATIONS = 5000
OTHERS = "0123456789x\u0661 "
"""Characters put in the place of a digit."""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    # A file is a secure context, so WebCrypto is there.
    html = tmp_path_factory.mktemp("page") / "verifier.html"
    html.write_text(f"<!doctype html><script>{VERIFIER.read_text('utf-8')}</script>", "utf-8")
    opened = browser.new_page()
    opened.goto(html.as_uri())
    yield opened
    opened.close()


def test_every_vector_has_its_outcome_in_the_browser(page: Page) -> None:
    found = by_javascript(page, DOCUMENT)
    wrong = [
        (case["name"], case["expect"], case["warnings"], answer)
        for case, answer in zip(DOCUMENT["cases"], found, strict=True)
        if answer != (case["expect"], case["warnings"])
    ]
    assert wrong == []
    assert len(found) > 160


_LINKS = """
(pdfs) => pdfs.map((each) => cecertVerifier.linksIn(
  new TextDecoder("latin1").decode(cecertVerifier.fromHex(each))))
"""


def test_the_link_in_a_pdf_is_found_in_the_browser_and_by_python(page: Page) -> None:
    pdfs = DOCUMENT["pdfs"]
    links = [[] if each["link"] is None else [each["link"]] for each in pdfs]
    assert page.evaluate(_LINKS, [each["pdf"] for each in pdfs]) == links
    found = [content_of(bytes.fromhex(each["pdf"]), ReadingLimits()) for each in pdfs]
    assert [each["token_texts"] for each in found] == links
    assert len(pdfs) == 9


def test_two_codes_in_the_bytes_of_a_pdf_are_two_links(page: Page) -> None:
    first, second = (f"https://verify.example.edu/#1{digit * 300}" for digit in "12")
    pdf = f"({first}) junk#12 <{second}>\n{first}".encode().hex()
    assert page.evaluate(_LINKS, [pdf]) == [[first, second]]


GENUINE = next(each for each in DOCUMENT["cases"] if each["name"] == "genuine, P-256")
SCHOOL = opened(DOCUMENT, GENUINE)


def by_python(case: dict[str, Any]) -> Answer:
    found = verified(case, SCHOOL)
    return found.outcome.value, [each.value for each in found.warnings]


def mutated() -> Iterator[str]:
    """Return the token changed in digits, in bytes, cut, doubled and wrapped."""
    chance = random.Random(20201105)  # the same in every run
    prefix, _, digits = GENUINE["text"].partition("#1")
    token = bytes_of_digits(digits)
    for number in range(2 * MUTATIONS):
        kind = number % 5
        if kind == 0:
            changed = bytearray(token)
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            yield f"{prefix}#1{digits_of_bytes(bytes(changed))}"
        elif kind == 1:
            at, other = chance.randrange(len(digits)), chance.choice(OTHERS)
            if other != digits[at]:
                yield f"{prefix}#1{digits[:at]}{other}{digits[at + 1 :]}"
        elif kind == 2:
            yield GENUINE["text"][: chance.randrange(len(GENUINE["text"]))]
        elif kind == 3:
            noise = bytes(chance.randrange(256) for _ in range(chance.randrange(430)))
            yield f"{prefix}#1{digits_of_bytes(token[: chance.randrange(100)] + noise)}"
        else:
            start, end = sorted(chance.sample(range(len(token)), 2))
            yield f"{prefix}#1{digits_of_bytes(token[:start] + token[end:])}"


def test_thousands_of_mutations_have_one_outcome_and_it_is_never_valid(page: Page) -> None:
    cases = [{**GENUINE, "text": text} for text in islice(mutated(), MUTATIONS)]
    python = [by_python(each) for each in cases]
    javascript = by_javascript(page, {**DOCUMENT, "cases": cases})
    different = [
        (case["text"], one, other)
        for case, one, other in zip(cases, python, javascript, strict=True)
        if one != other
    ]
    assert different == []
    outcomes = Counter(outcome for outcome, _ in python)
    assert outcomes.keys() <= {
        "MALFORMED", "TRUNCATED", "TOO_LARGE", "NO_TOKEN", "UNKNOWN_KEY", "BAD_SIGNATURE",
        "ALG_NOT_ALLOWED", "ALG_KEY_MISMATCH", "UNSUPPORTED_VERSION",
    }  # fmt: skip
    assert len(cases) == MUTATIONS
    assert min(outcomes[each] for each in ("MALFORMED", "TRUNCATED", "BAD_SIGNATURE")) > 50


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
