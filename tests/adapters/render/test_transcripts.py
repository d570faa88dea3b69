"""Transcripts on paper: rows that are never split, heads on every page, nothing that meets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from boxes import overlap
from certificate_samples import HARD_NAME
from further_fonts import NAMES, made
from papers import ROOT, papers
from pypdf import PdfReader
from transcript_samples import (
    Enrolled,
    enrolled,
    issuer,
    replaced_and_revoked,
    transcript_renderer,
    with_row,
)

from cecert.adapters.render.layout.page import Box, Ink, Page, inks
from cecert.domain.certificate.certificate import Paper
from cecert.domain.certificate.transcript import Period, Transcript
from cecert.domain.people.person import License
from cecert.domain.values.wording import hours_figure
from cecert.errors import DrawingError
from cecert.office.papers.transcript_pdf import listed_codes, proofread
from cecert.workflows.verify.verify import verify

FRAME = 34.2
"""Of the inner rule, in points from the edges of the sheet."""


@pytest.fixture(scope="module")
def sixty() -> Enrolled:
    one = enrolled(60)
    replaced_and_revoked(one)
    return one


def pages_of(transcript: Transcript, paper: Paper = Paper.LETTER) -> tuple[Page, ...]:
    return transcript_renderer().pages(transcript, listed_codes(transcript), issuer(paper))


def lines_of(page: Page, what: str) -> list[str]:
    return [each.shaped.text.strip() for each in inks(page) if each.what == what]


def test_sixty_courses_stand_each_in_one_row_below_the_heads_of_their_page(
    sixty: Enrolled,
) -> None:
    pages = pages_of(sixty.transcript)
    rows = [number for page in pages for number in lines_of(page, "certificate id")]
    assert rows == [str(each.certificate.id) for each in sixty.transcript.rows]
    for place, page in enumerate(pages, 1):
        assert lines_of(page, "table head")[-3:] == ["Completed", "Course", "Hours, for each board"]
        foot = lines_of(page, "foot")
        assert f"Page {place} of {len(pages)}" in foot
        assert str(listed_codes(sixty.transcript).number) in foot
    said = [text for page in pages for text in lines_of(page, "note") if " more cert" in text]
    assert said[0] == "58 more certificates from page 2 on"
    assert said[-1].endswith(f" on page {len(pages)}")


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("count", [1, 3, 13])
def test_nothing_meets_and_nothing_leaves_the_frame(count: int, paper: Paper) -> None:
    one = enrolled(count, HARD_NAME, (License("NY", "LMSW", "012345"),) * 1)
    transcript = replace(one.transcript, period=Period(date(2020, 9, 30), date(2020, 12, 31)))
    for page in pages_of(transcript, paper):
        inside = Box(FRAME, FRAME, page.width - FRAME, page.height - FRAME)
        boxes = [(each, each.box) for each in inks(page) if each.shaped.text.strip()]
        for ink, box in boxes:
            assert box.left >= inside.left, ink.shaped.text
            assert box.right - 3 <= inside.right, ink.shaped.text  # a last space may reach out
            assert inside.bottom <= box.bottom, ink.shaped.text
            assert box.top <= inside.top, ink.shaped.text
        meeting = [
            (one_.shaped.text, other.shaped.text)
            for (one_, first), (other, second) in combinations(boxes, 2)
            if overlap(_tight(one_, first), _tight(other, second), 0.8)
        ]
        assert meeting == []


def _tight(ink: Ink, box: Box) -> Box:
    """Return a box without the space at the end of its line."""
    text = ink.shaped.text
    space = ink.width * (len(text) - len(text.rstrip())) / max(len(text), 1)
    return Box(box.left, box.bottom, box.right - space, box.top)


def test_totals_are_those_of_each_credential_and_each_row_says_its_own(sixty: Enrolled) -> None:
    pages = pages_of(sixty.transcript)
    figures = [text for page in pages for text in lines_of(page, "total")]
    for each in sixty.transcript.totals:
        assert hours_figure(each.hours) in figures
    hours = [text for page in pages for text in lines_of(page, "hours")]
    lines = [line for row in sixty.transcript.rows for line in row.certificate.credit_lines]
    assert hours == [hours_figure(line.hours) for line in lines]
    uncounted = [text for page in pages for text in lines_of(page, "state")]
    assert uncounted.count("Not counted in the totals") == 2
    assert {"Replaced", "Revoked"} <= set(uncounted)


def tags(node: Any) -> Iterator[Any]:  # noqa: ANN401  # objects of pypdf
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from tags(found)


def test_a_list_over_pages_is_one_tagged_table_with_heads_on_each_and_links(
    sixty: Enrolled,
) -> None:
    pdf = sixty.sealed()
    reader = PdfReader(BytesIO(pdf))
    found = list(tags(reader.root_object["/StructTreeRoot"]))
    tables = [each for each in found if each["/S"] == "/Table"]
    assert len(tables) == 2  # the totals, and the list
    heads = [each for each in tags(tables[1]) if each["/S"] == "/TH"]
    assert len(heads) == 3 * len(reader.pages)
    assert {str(each["/A"]["/Scope"]) for each in heads} == {"/Column"}
    clicked = [
        each.get_object()
        for page in reader.pages
        for each in page.get("/Annots", [])
        if each.get_object()["/Subtype"] == "/Link"
    ]
    codes = [each.text for each in listed_codes(sixty.transcript).codes]
    assert [each["/A"]["/URI"] for each in clicked] == codes
    assert all(each["/Contents"] for each in clicked)
    attached = reader.attachments["cecert-transcript.txt"][0].decode()
    assert attached == listed_codes(sixty.transcript).text
    assert "@" not in attached
    assert b"example.org" not in pdf  # nobody's address


@pytest.mark.parametrize("name", ["محمد عبد الله", NAMES["Chinese"], NAMES["Korean"]])
def test_names_of_other_scripts_are_drawn_and_read_back(name: str, tmp_path: Path) -> None:
    one = enrolled(1, name, ())
    font = made(tmp_path / "Boxes.ttf")
    pdf = one.sealed(renderer=transcript_renderer(font))
    checked = verify(pdf, one.school.verifier(papers().process))
    assert [each.code for each in checked.checks[:3]] == ["GENUINE", "INTACT", "SAME"]


def test_a_letter_that_no_face_has_and_a_row_that_lies_are_refused(sixty: Enrolled) -> None:
    one = enrolled(1, "Ana Ruiz", ())
    own = one.transcript.rows[0].certificate
    odd = with_row(one.transcript, 0, recipient=replace(own.recipient, name="\u738b\u660e"))
    with pytest.raises(DrawingError) as refused:
        one.sealed(odd)
    assert "U+738B" in str(refused.value)
    long = replace(sixty.transcript, rows=sixty.transcript.rows * 9)
    with pytest.raises(DrawingError, match="needs more than 50 pages"):
        transcript_renderer().draw(long, listed_codes(long), issuer())
    drawing = transcript_renderer().draw(one.transcript, listed_codes(one.transcript), issuer())
    proofread(drawing, one.transcript)
    with pytest.raises(DrawingError, match="not what was certified"):
        proofread(drawing, with_row(one.transcript, 0, course=replace(own.course, title="Other")))


def test_words_wider_than_their_column_are_set_smaller_and_then_broken() -> None:
    one = enrolled(1, "Ana Ruiz", ())
    own = one.transcript.rows[0].certificate
    title = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle"
    course = replace(own.course, title=title, title_italics=())
    (page,) = pages_of(with_row(one.transcript, 0, course=course))
    assert "".join(lines_of(page, "course title")) == title


def test_the_words_are_all_used() -> None:
    said = (ROOT / "templates" / "transcripts" / "en.toml").read_text("utf-8")
    keys = re.findall(r"^((?:alt_)?transcript\w*) =", said, re.MULTILINE)
    source = "".join(
        each.read_text("utf-8") for each in (ROOT / "src/cecert/adapters/render").rglob("*.py")
    )
    computed = {"transcript_replaced_means", "transcript_revoked_means"}
    unused = [each for each in keys if not re.search(f"[\"']{each}[\"']", source)]
    assert set(unused) <= computed
