"""The report of many people in a real browser, from the disk: index, search, pages of people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from report_samples import HOSTILE, store_pages
from sampled import sampled

pytestmark = pytest.mark.system
PHONE, DESKTOP = SIZES = (390, 844), (1280, 900)
PEOPLE = 405


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_pages(tmp_path_factory.mktemp("batch"), PEOPLE)


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    opened = context.new_page()
    opened.on("request", lambda request: _refuse(request.url, report.parent))
    opened.goto(report.as_uri())
    yield opened
    context.close()


def _refuse(url: str, folder: Path) -> None:
    assert url.startswith(folder.as_uri()), f"the report asks for {url}"


def _pages(report: Path) -> list[Path]:
    return [report, report.with_suffix("") / "001.html", report.with_suffix("") / "003.html"]


# Of the pages of 200 people, which take the longest, one has either size in one scheme.
LOOKED_AT = [(1, DESKTOP, "dark"), (1, PHONE, "light"), *product((0, 2), SIZES, ("light", "dark"))]
IN_EVERY_RUN = [(0, DESKTOP, "light"), (2, DESKTOP, "dark"), (2, PHONE, "light")]


@pytest.mark.parametrize(
    ("which", "size", "scheme"),
    sampled(LOOKED_AT, IN_EVERY_RUN),
)
def test_axe_finds_nothing(
    page: Page, report: Path, which: int, size: tuple[int, int], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(_pages(report)[which].as_uri())
    if not which:
        page.locator("#find").fill("many")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_somebody_is_found_by_parts_of_the_name_and_opened_where_they_stand(page: Page) -> None:
    page.get_by_label("Part of a name or an address").fill("UNICA zoe")
    expect(page.locator("#found-status")).to_have_text("1 person found.")
    expect(page.locator("#found .note")).to_have_text("zonica@example.org. No certificate. Page 3")
    page.locator("#found a").click()
    expect(page).to_have_title(
        "Mentalization Based Treatment: attendance and certificates, page 3 of 3"
    )
    expect(page.locator(":target")).to_contain_text("Zo\u00eb \u00danica")
    expect(page.locator(":target .said")).to_contain_text("you left at")


def test_of_many_found_the_first_stand_there_and_the_count_is_told(page: Page) -> None:
    page.locator("#find").fill("many")
    expect(page.locator("#found-status")).to_have_text(
        "400 people found; the first 50 stand here. Type more of the name."
    )
    assert page.locator("#found li").count() == 50


def test_everybody_in_one_state_is_found_by_it(page: Page) -> None:
    page.get_by_label("Where they stand").select_option(label="Not found in the reports")
    expect(page.locator("#found-status")).to_have_text("1 person found.")
    expect(page.locator("#found a")).to_have_text("Never There")


def test_a_name_that_looks_like_markup_is_a_name(page: Page) -> None:
    page.locator("#find").fill("onload")
    expect(page.locator("#found a")).to_have_text(f"Met Plain {HOSTILE}")
    assert "owned" not in page.title()
    assert page.locator("[onload], x").count() == 0


def test_the_table_of_pages_has_everybody_in_the_order_of_names(page: Page, report: Path) -> None:
    assert page.locator("#pages tbody tr").count() == 3
    names = []
    for number in (1, 2, 3):
        page.goto((report.with_suffix("") / f"{number:03d}.html").as_uri())
        names += page.locator(".row h3 bdi").all_inner_texts()
    assert len(names) == PEOPLE
    assert names[-1] == "Zo\u00eb \u00danica"  # behind Many, as Zoe would


def test_a_page_turns_to_the_next_and_back_to_the_index(page: Page, report: Path) -> None:
    page.get_by_role("link", name="2", exact=True).click()
    turn = page.get_by_role("navigation", name="Pages, at the top")
    turn.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    page.get_by_role("link", name="All people: index and search").first.click()
    assert page.url == report.as_uri()


def test_a_question_is_asked_in_the_index_and_its_people_lead_there(
    page: Page, report: Path
) -> None:
    expect(page.locator("#decision [data-question]")).to_have_count(1)
    page.locator("#find").fill("open ended")
    page.locator("#found a").click()
    page.locator(":target").get_by_role("link", name="Question 1").click()
    assert page.url == f"{report.as_uri()}#q1"


def test_a_connection_of_nobodys_is_offered_to_everybody(page: Page) -> None:
    assign = page.locator("details.assign").first
    assign.locator("summary").click()
    expect(assign.locator("option")).to_have_count(PEOPLE + 1)
    assign.locator("select").select_option("zonica@example.org")
    expect(assign.locator("pre")).to_contain_text("zonica@example.org")


def test_without_a_script_the_table_leads_to_everybody(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(report.as_uri())
    expect(opened.locator("#find")).to_be_hidden()
    expect(opened.get_by_text("The search needs a script.")).to_be_visible()
    expect(opened.locator("#pages tbody a")).to_have_count(3)
    context.close()
