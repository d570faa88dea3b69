"""Reports in a real browser: read by people, answered, printed, and hostile to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from report_samples import (
    MADE,
    TEMPLATES,
    WHOLE,
    collected,
    collection,
    issued,
    row,
    visits,
)
from sampled import sampled

from cecert.adapters.collect_files.overrides import read_overrides
from cecert.adapters.reports import Commands, collection_report
from cecert.domain.evidence.collection import Collection

pytestmark = pytest.mark.system
PHONE, DESKTOP, NARROW = (390, 844), (1280, 900), (320, 640)
SCHEMES = ("light", "dark")


def page_of(found: Collection) -> bytes:
    """Return the report of few people, which is one page."""
    return b"".join(collection_report(found, TEMPLATES, Commands()))


class Show(Protocol):
    def __call__(
        self, content: bytes, size: tuple[int, int] = DESKTOP, *, script: bool = True
    ) -> Page: ...


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Show]:
    opened = []

    def shown(content: bytes, size: tuple[int, int] = DESKTOP, *, script: bool = True) -> Page:
        path = tmp_path / "report.html"
        path.write_bytes(content)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script
        )
        opened.append(context)
        page = context.new_page()
        page.on("request", lambda request: _refuse(request.url, path))
        page.goto(path.as_uri())
        return page

    yield shown
    for each in opened:
        each.close()


def _refuse(url: str, path: Path) -> None:
    assert url == path.as_uri() or url.startswith("blob:"), f"the report asks for {url}"


@pytest.mark.parametrize(
    ("size", "scheme"),
    sampled(product((DESKTOP, NARROW), SCHEMES), [(DESKTOP, "light"), (NARROW, "dark")]),
)
@pytest.mark.parametrize("kind", MADE)
def test_axe_finds_nothing(show: Show, kind: str, size: tuple[int, int], scheme: str) -> None:
    page = show(MADE[kind](), size)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW])
def test_nothing_is_wider_than_the_page(show: Show, kind: str, size: tuple[int, int]) -> None:
    page = show(MADE[kind](), size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("kind", MADE)
def test_no_value_of_a_file_becomes_markup(show: Show, kind: str) -> None:
    page = show(MADE[kind]())
    assert "owned" not in page.title()
    assert page.locator("script").count() == 1
    assert page.locator("[onload], x").count() == 0
    expect(page.get_by_text('"><svg onload').first).to_be_visible()


def test_who_is_only_not_proven_present_is_told_apart_from_who_gets_nothing(show: Show) -> None:
    # Google Meet has first and last times alone; that is no finding against anybody.
    hidden = [
        replace(each, stay=replace(each.stay, gaps_shown=False))
        for each in (*visits("In Between", WHOLE), *visits("Not Early", WHOLE))
    ]
    rows = (
        *visits("In Between", WHOLE, WHOLE)[1:], *visits("Met Plain", WHOLE, WHOLE),
        *visits("Not Early", WHOLE, (-3, 100))[1:], *hidden,
    )  # fmt: skip
    names = ("In Between", "Met Plain", "Not Early")
    page = show(page_of(collection(names, rows)))
    expect(page.locator(".headline")).to_have_text(
        "1 of 3 people can have their certificate now. 1 needs proof from another source, "
        "and 1 cannot get one."
    )
    expect(page.locator("#unproven h3")).to_contain_text("In Between")
    expect(page.locator("#next")).to_contain_text("Find other proof for 1 person")
    expect(page.locator("#next")).to_contain_text(
        "cecert override segment PARTICIPANT SESSION START END --by NAME --why REASON "
        "--overrides overrides.toml --evidence completions.evidence.json"
    )


def test_on_a_narrow_screen_no_label_of_the_axis_touches_the_next(show: Show) -> None:
    page = show(collected(), PHONE)
    edges = page.eval_on_selector_all(
        ".card .panel:first-child .axis-line text",
        "all => all.map(each => each.getBoundingClientRect()).filter(each => each.width)"
        ".map(each => [each.left, each.right])",
    )
    first = sorted(edges[:5])  # 1 p.m., 2, break, 3, 4:15
    assert all(before[1] < after[0] for before, after in pairwise(first))


def test_on_a_narrow_screen_a_digest_takes_few_lines(show: Show) -> None:
    page = show(collected(), PHONE)
    box = page.locator("td.mono").first.bounding_box()
    assert box is not None
    assert box["height"] < 120


@pytest.mark.parametrize("kind", MADE)
def test_every_link_leads_somewhere_and_no_id_stands_twice(show: Show, kind: str) -> None:
    page = show(MADE[kind]())
    ids = page.eval_on_selector_all("[id]", "all => all.map(each => each.id)")
    targets = page.eval_on_selector_all("a[href]", "all => all.map(each => each.hash.slice(1))")
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)


def test_counts_add_up_and_each_state_is_said_in_words(show: Show) -> None:
    page = show(collected())
    expect(page.locator(".headline")).to_have_text(
        "4 of 13 people can have their certificate now. 3 need your decision, 1 was not found in "
        "the reports, 2 still owe a fee, a camera note, an evaluation or an attestation, and 3 "
        "cannot get one."
    )
    for word in ("MET", "NOT MET", "NO EVIDENCE", "REVIEW", "FEE UNPAID", "NO CANDIDATE"):
        assert page.locator(".state", has_text=word).count(), word


def test_the_drawing_says_in_words_what_it_draws(show: Show) -> None:
    page = show(collected())
    drawn = page.get_by_role(
        "img", name=re.compile("Absent 2:40 p.m. to 4:15 p.m., .* over the limit")
    )
    assert drawn.count()
    for text in (
        "8 min late, allowed", "3 min early, allowed", "no leave time", "no connection",
        "19 min absent in all", "13 min absent at the start", "“Chance Equal”?",
    ):  # fmt: skip
        assert page.locator("svg text", has_text=text).count(), text


def answer(page: Page, number: int, label: str, why: str) -> None:
    card = page.locator(f"[data-question='{number}']")
    card.get_by_label(label, exact=True).check()
    card.locator("textarea").fill(why)


def test_answers_become_an_overrides_file_that_collect_reads(show: Show, tmp_path: Path) -> None:
    before = (
        '[[override]]\nkind = "alias"\nparticipant = "p"\nalias = "a"\nby = "x"\n'
        'at = 2020-11-01T00:00:00\nwhy = "w"'
    )
    page = show(collected(Commands(overrides="o/decided.toml", overrides_text=before)))
    why = 'she wrote: "it\'s me" \\ ümläut'
    for number in (1, 2, 3):
        answer(page, number, "Yes", why)
    page.get_by_label("Your name, for the record").fill("M. Example")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save decided.toml").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    kinds = [each.kind.value for each in read_overrides(path, ZoneInfo("America/New_York"))]
    assert kinds == ["alias", "link", "decision", "link", "link"]
    assert {each.why for each in read_overrides(path, ZoneInfo("UTC"))[1:]} == {why}


def test_an_answer_without_a_reason_or_a_name_is_refused_with_focus_on_what_is_missing(
    show: Show,
) -> None:
    page = show(collected())
    save, status = (
        page.get_by_role("button", name="Save overrides.toml"),
        page.get_by_role("status"),
    )
    save.click()
    expect(status).to_have_text("No question is answered yet.")
    page.locator("[data-question='2']").get_by_label("No", exact=True).check()
    expect(status).to_have_text("1 of 3 answered.")
    save.click()
    expect(status).to_have_text("Question 2 needs a reason.")
    expect(page.locator("[data-question='2'] textarea")).to_be_focused()
    page.locator("[data-question='2'] textarea").fill("he said so")
    save.click()
    expect(status).to_have_text("Give your name, for the record.")
    expect(page.get_by_label("Your name, for the record")).to_be_focused()


def test_without_script_each_answer_is_a_command(show: Show) -> None:
    page = show(collected(), script=False)
    expect(page.get_by_role("button")).to_have_count(0)
    command = page.get_by_text(
        re.compile("cecert override link chanceequal@example.org day1.csv:91")
    )
    expect(command.first).to_be_visible()


def test_a_command_is_copied(show: Show) -> None:
    page = show(collected())
    page.get_by_role("button", name="Copy").first.click()
    # The clipboard answers when it likes; where it refuses, the command is selected.
    page.wait_for_function(
        "() => String(getSelection()).startsWith('cecert collect')"
        " || [...document.querySelectorAll('button')].some((each) => each.textContent === 'Copied')"
    )


def test_when_nothing_is_left_to_decide_the_next_step_is_to_issue(show: Show) -> None:
    name = "Met Plain"
    rows = tuple(visits(name, WHOLE, WHOLE))
    page = show(page_of(collection((name,), rows)))
    expect(page.locator(".headline")).to_have_text(
        "All 1 people can have their certificate now. Nothing is left to decide."
    )
    expect(page.get_by_role("link", name="Issue 1 certificate")).to_be_visible()


def test_over_five_questions_all_but_the_first_are_closed(show: Show) -> None:
    names = tuple(f"Equal {each}" for each in ("Abel", "Bell", "Cole", "Dorn", "Egan", "Finn"))
    rows = tuple(row(each, "", day, WHOLE, 7) for each in names for day in (0, 1))
    page = show(page_of(collection(names, rows)))
    expect(page.locator("details.card")).to_have_count(5)
    page.locator("details.card").nth(2).get_by_role("heading").click()
    expect(page.locator("details.card").nth(2).locator("textarea")).to_be_visible()


def test_it_prints_on_landscape_pages_without_controls(show: Show) -> None:
    page = show(collected())
    page.emulate_media(media="print")
    expect(page.get_by_role("button").first).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_batch_report_says_who_got_what_who_did_not_and_which_mails_need_somebody(
    show: Show,
) -> None:
    page = show(issued())
    expect(page.locator(".headline")).to_have_text(
        "6 of 10 people have their certificate. 1 needs your decision, 1 still owes an evaluation "
        "or a fee, and 2 cannot get one."
    )
    expect(page.get_by_text("22 days are left.")).to_be_visible()
    for word in ("REFUSED", "BOUNCED", "UNCERTAIN"):
        expect(page.locator("#mails .state", has_text=word)).to_be_visible()
    expect(page.get_by_text("Deferred: next try")).to_be_visible()
    expect(page.get_by_text("Refused: see above")).to_be_visible()
    expect(page.locator("#issued tbody tr")).to_have_count(6)


def test_a_connection_of_nobodys_is_offered_to_every_registrant(show: Show) -> None:
    page = show(collected(Commands(course_option="--course two")), PHONE)
    offered = page.locator("details.assign").first
    offered.locator("summary").click()
    expect(offered.locator("option")).to_have_count(14)  # the 13, and the words that ask
    command = offered.locator("pre")
    expect(command).to_contain_text(" -- PARTICIPANT day1.csv:90")
    offered.locator("select").select_option(label="Met Late (metlate@example.org)")
    expect(command).to_have_text(
        "cecert override link --by NAME --why REASON --course two "
        "-- metlate@example.org day1.csv:90"
    )
    offered.locator("select").select_option(index=0)
    expect(command).to_contain_text(" -- PARTICIPANT day1.csv:90")


def test_each_question_ends_with_the_commands_that_answer_it(show: Show) -> None:
    page = show(collected(Commands(course_option="--course two")))
    for card in page.locator("[data-question]").all():
        commands = card.locator("details.commands")
        expect(commands.locator("pre").first).to_be_hidden()
        commands.locator("summary").click()
        for each in commands.locator("pre").all():
            expect(each).to_contain_text("--course two")
            expect(each).to_be_visible()


def test_what_folds_shows_that_it_does(show: Show) -> None:
    page = show(collected())
    drawn = "each => getComputedStyle(each, '::before').content"
    for each in page.locator("summary").all():
        assert each.evaluate(drawn) not in {"none", "normal"}


def test_commands_of_a_question_take_its_whole_width(show: Show) -> None:
    page = show(collected())
    card, commands = page.locator(".card").first, page.locator(".card .commands").first
    outer, inner = card.bounding_box(), commands.bounding_box()
    assert outer is not None
    assert inner is not None
    assert inner["width"] > 0.9 * outer["width"]
