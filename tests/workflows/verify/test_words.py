"""Words that programs read differently: what differs, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from certificate_samples import HARD_NAME, HARD_TITLE, certificate, renderer
from hypothesis import given
from hypothesis import strategies as st
from papers import papers

from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.token.claims import Claims
from cecert.ports import PdfContent
from cecert.workflows.verify.verify import verify
from cecert.workflows.verify.words import compared


@cache
def certified() -> Claims:
    found = verify(papers().certificate.token_url, papers().verifier).verification.claims
    assert found is not None
    return found


@cache
def printed_lines() -> tuple[str, ...]:
    content = papers().verifier.pdf_reader.read(papers().pdf)
    assert isinstance(content, PdfContent)
    return tuple(content.lines)


def claims(name: str) -> Claims:
    return replace(certified(), recipient=name)


def lines(name: str) -> list[str]:
    return [name if each == "Ana Ruiz" else each for each in printed_lines()]


def code(certified: str, *printed: str, sealed: bool = False) -> str:
    check, _ = compared([lines(each) for each in printed], claims(certified), sealed=sealed)
    return check.code


@pytest.mark.parametrize(
    ("certified", "printed"),
    [
        ("Margaret O\u2019Connell", "Margaret O9Connell"),
        ("Jos\u00e9 Ruiz", "Jos\x01 Ruiz"),
        ("Griffith Efle", "Gri\ufb03th E\u6900\u6901e"),
        ("\u017b\u00f3\u0142kiewska", "kiewska"),
    ],
)
def test_letters_that_get_lost_are_neither_the_same_nor_different(
    certified: str, printed: str
) -> None:
    assert code(certified, printed) == "NOT_CHECKED"
    assert code(certified, printed, sealed=True) == "TEXT_MISMATCH"
    assert code(certified, printed, certified) == "SAME"


@pytest.mark.parametrize(
    ("certified", "printed"),
    [
        ("Ana Ruiz", "Eva Ruiz"),
        ("Ana Ruiz", "Ana Ruiz, Ph.D."),
        ("Jos\u00e9 Ruiz", "Jos\u00e9 Ruiz, Ph.D."),
        ("Jos\u00e9 Ruiz", "Joan Ruiz"),
    ],
)
def test_other_letters_are_different(certified: str, printed: str) -> None:
    assert code(certified, printed) == "TEXT_MISMATCH"
    assert code(certified, printed, printed) == "TEXT_MISMATCH"


@given(st.text(st.characters(codec="ascii", categories=["Lu", "Ll"]), min_size=1, max_size=20))
def test_plain_letters_are_the_same_only_if_they_are(name: str) -> None:
    assert code("Ana Bell", name) == ("SAME" if name == "Ana Bell" else "TEXT_MISMATCH")


def test_without_any_line_nothing_is_compared() -> None:
    assert compared([[], []], claims("Ana"), sealed=False)[0].code == "NOT_CHECKED"


def test_a_certificate_of_two_pages_says_it_on_the_first_and_on_both() -> None:
    drawn = certificate(HARD_NAME, HARD_TITLE, lines=6)
    content = papers().verifier.pdf_reader.read(renderer().draw(drawn).pdf)
    assert isinstance(content, PdfContent)
    first, second = content.page_lines
    for reading in (first, first + second):
        assert compared([reading], certified_claims(drawn), sealed=False)[0].code == "SAME"
    # By which the second page is known to belong to the first.
    assert any(str(drawn.id) in line for line in second)
