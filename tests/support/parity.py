"""The same tokens asked of Python and of JavaScript in a browser, thousands of them."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from verifiers import VECTORS, VERIFIER, Answer, by_javascript, opened, verified

from cecert.domain.cose.digits import bytes_of_digits, digits_of_bytes

__all__ = ["DOCUMENT", "GENUINE", "REFUSALS", "agreed", "by_python", "page"]

DOCUMENT = json.loads(VECTORS.read_text(encoding="utf-8"))
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


GENUINE = next(each for each in DOCUMENT["cases"] if each["name"] == "genuine, P-256")
SCHOOL = opened(DOCUMENT, GENUINE)


def by_python(case: dict[str, Any]) -> Answer:
    found = verified(case, SCHOOL)
    return found.outcome.value, [each.value for each in found.warnings]


def mutated() -> Iterator[str]:
    """Yield the token changed in digits, in bytes, cut, filled and shortened, without an end."""
    chance = random.Random(20201105)  # the same in every run
    prefix, _, digits = GENUINE["text"].partition("#1")
    token = bytes_of_digits(digits)
    for number in count():
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


def agreed(page: Page, wanted: int) -> Counter[str]:
    """Return how often each outcome is that of so many mutations, the same in both.

    Raises:
        AssertionError: If the two differ on one, which is named.
    """
    cases = [{**GENUINE, "text": text} for text in islice(mutated(), wanted)]
    python = [by_python(each) for each in cases]
    javascript = by_javascript(page, {**DOCUMENT, "cases": cases})
    for case, one, other in zip(cases, python, javascript, strict=True):
        assert one == other, (case["text"], one, other)
    return Counter(outcome for outcome, _ in python)


REFUSALS = {
    "MALFORMED", "TRUNCATED", "TOO_LARGE", "NO_TOKEN", "UNKNOWN_KEY", "BAD_SIGNATURE",
    "ALG_NOT_ALLOWED", "ALG_KEY_MISMATCH", "UNSUPPORTED_VERSION",
}  # fmt: skip
"""What a mutation may come to; never to a certificate."""
