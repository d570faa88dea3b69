"""The report of many people: as many pages as they need, each made when it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from report_samples import LAST, TEMPLATES, many_people, store_pages

from cecert.adapters.reports import Commands, collection_pages, collection_report
from cecert.adapters.reports.svg import Drawings
from cecert.domain.evidence.overrides import Ruling
from cecert.domain.evidence.standing import standings_of


def further(folder: Path) -> list[str]:
    return sorted(each.name for each in (folder / "completions.report").glob("*"))


def test_two_hundred_people_are_one_page_and_one_more_makes_pages(tmp_path: Path) -> None:
    found = many_people(200)
    page = store_pages(tmp_path, 200)
    assert page.read_bytes() == b"".join(collection_report(found, TEMPLATES, Commands()))
    assert not (tmp_path / "completions.report").exists()
    store_pages(tmp_path, 201)
    assert further(tmp_path) == ["001.html", "002.html"]


def test_fewer_people_leave_no_page_of_those_before(tmp_path: Path) -> None:
    store_pages(tmp_path, 405)
    assert further(tmp_path) == ["001.html", "002.html", "003.html"]
    before = (tmp_path / "completions.report" / "002.html").read_bytes()
    store_pages(tmp_path, 210)
    assert further(tmp_path) == ["001.html", "002.html"]
    assert (tmp_path / "completions.report" / "002.html").read_bytes() != before
    store_pages(tmp_path, 20)
    assert not (tmp_path / "completions.report").exists()


def test_everybody_is_in_the_search_and_on_the_page_that_it_names(tmp_path: Path) -> None:
    text = store_pages(tmp_path, 405).read_text("utf-8")
    found = re.search(
        r'<script type="application/json" id="people">(.*?)</script>', text, re.DOTALL
    )
    assert found is not None
    known = json.loads(found[1])
    assert known["folder"] == "completions.report"
    assert len(known["people"]) == 405
    pages = {
        number: (tmp_path / "completions.report" / f"{number:03d}.html").read_text("utf-8")
        for number in (1, 2, 3)
    }
    for name, _, number, _, anchor, *_ in known["people"]:
        assert pages[number].count(f'id="{anchor}"') == 1, name
    assert [each[0] for each in known["people"]][-1] == LAST


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Ruling]:
    rulings: list[Ruling] = []
    draw = Drawings.drawing

    def counted(self: Drawings, ruling: Ruling, *, low: bool) -> object:
        rulings.append(ruling)
        return draw(self, ruling, low=low)

    monkeypatch.setattr(Drawings, "drawing", counted)
    return rulings


def test_nobody_is_drawn_before_their_page_is_written(drawn: list[Ruling]) -> None:
    found = many_people(405)
    pages = collection_pages(found, TEMPLATES, Commands(), standings_of(found), "c.report")
    rest: Iterator[tuple[str, Iterator[bytes]]] = pages.further
    asked = len(drawn)
    assert asked == 1  # of the question, which stands in the index
    _, first = next(rest)
    assert len(b"".join(first)) > 100_000
    assert len(drawn) == asked + 200 * 2
    _, second = next(rest)
    assert b"row" in b"".join(second)
    assert len(drawn) == asked + 400 * 2


def test_a_list_of_any_name_links_to_its_pages() -> None:
    found = many_people(201)
    pages = collection_pages(
        found, TEMPLATES, Commands(), standings_of(found), "M\u00e4rz #1.report"
    )
    index = b"".join(pages.page).decode()
    assert 'href="M%C3%A4rz%20%231.report/001.html"' in index
    _, first = next(pages.further)
    assert 'href="../M%C3%A4rz%20%231.report.html"' in b"".join(first).decode()
