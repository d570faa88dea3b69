"""Reports in a real browser: read by people, answered, printed, and hostile to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from ledger_entries import entry_for
from playwright.sync_api import Browser, Page, expect

from cecert.adapters.collect_files.overrides import read_overrides
from cecert.adapters.reports import Commands, IssueOutcome, batch_report, collection_report
from cecert.domain.course.course import AttendanceRule, Course, Session
from cecert.domain.decision.decide import Denial, decide
from cecert.domain.evidence.attendance import AttendanceStatus, Stay
from cecert.domain.evidence.collection import Collection, Done, Registrant, Report, SourceRecord
from cecert.domain.evidence.matching import Connection
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.mail.message import MailState
from cecert.domain.values.intervals import Interval
from cecert.testing import sample_course, sample_record
from cecert.workflows.collect.collect import Gathered, collect
from cecert.workflows.collect.lists import Lists

TEMPLATES = Path(__file__).parents[3] / "templates"
PHONE, DESKTOP, NARROW = (390, 844), (1280, 900), (320, 640)
HOSTILE = '"><script>document.title="owned"</script><b>'


def course() -> Course:
    return replace(sample_course(), attendance_rule=AttendanceRule(600, 300, 300, 900, 60, 300))


def row(
    name: str, email: str, day: int, minutes: tuple[int, int | None], line: int, **about: object
) -> Connection:
    start = course().sessions[day].start.astimezone(UTC)
    first = start + timedelta(minutes=minutes[0])
    last = None if minutes[1] is None else start + timedelta(minutes=minutes[1])
    left = None if last is None else (last, last)
    stay = Stay((first, first), left, file=f"day{day + 1}.csv", line=line, shown_name=name, **about)  # type: ignore[arg-type]
    return Connection(name, email, "", stay, role="guest")


WHOLE = (-3, 200)


def address(name: str) -> str:
    letters = re.sub("[^a-z]", "", name.casefold()) or "x"
    return f"{letters}@example.org"


def visits(name: str, *days: tuple[int, int | None]) -> list[Connection]:
    return [row(name, address(name), day, each, 40 + day) for day, each in enumerate(days)]


STATES = (
    *(visits("Met Plain", WHOLE, WHOLE)), *(visits("Met Late", (8, 200), (-3, 192))),
    *(visits("Not Early", WHOLE, (-3, 100))), *(visits("Not Ever", WHOLE)),
    *(visits("Open Ended", (-3, None), WHOLE)), *(visits("Owes Fee", WHOLE, WHOLE)),
    *(visits("Owes More", WHOLE, WHOLE)), *(visits("By Decision", (12, 200), WHOLE)),
    *(visits("No Candidate", WHOLE, WHOLE)), *(visits("Jitter Man", WHOLE)),
    row("Jitter Man", address("Jitter Man"), 1, (-3, 30), 60),
    row("Jitter Man", address("Jitter Man"), 1, (31, 200), 61),
    *(visits("In Pieces", WHOLE)),
    *(row("In Pieces", address("In Pieces"), 1, each, 70 + each[0])
      for each in ((-3, 20), (25, 40), (45, 60), (65, 80), (84, 200))),
    row("Waits Long", address("Waits Long"), 0, (-3, 12), 80, waiting=True),
    *(visits("Waits Long", (13, 200), WHOLE)),
    row(HOSTILE, "", 0, WHOLE, 90), row("Chance Equal", "", 0, WHOLE, 91),
    row("Chance Equal", "", 1, WHOLE, 92), row("iPhone", "", 1, (101, 200), 93),
)  # fmt: skip
NAMES = (
    "Met Plain", "Met Late", "Not Early", "Not Ever", "Open Ended", "Owes Fee", "Owes More",
    "By Decision", "Jitter Man", "In Pieces", "Waits Long", "Chance Equal", "No Candidate",
)  # fmt: skip
AT = datetime(2020, 10, 30, 13, tzinfo=UTC)


def decision(kind: OverrideKind = OverrideKind.DECISION, **about: object) -> Override:
    made: dict[str, object] = {"by": HOSTILE, "at": AT, "why": f"ticket {HOSTILE}"}
    return Override(kind, **(made | about))  # type: ignore[arg-type] # by kind


def collection(names: tuple[str, ...] = NAMES, rows: tuple[Connection, ...] = STATES) -> Collection:
    people = tuple(
        Registrant(
            f"{name} {HOSTILE}" if name == "Met Plain" else name, address(name),
            fee_paid=name != "Owes Fee", role="staff" if name == "No Candidate" else "",
            place=f"reg.csv: row {place}",
        )
        for place, name in enumerate(names, 2)
    )  # fmt: skip
    done = tuple(Done(address(name), AT, noted=True) for name in names if name != "Owes More")
    kept = SourceRecord("day1.csv", "ab" * 32, "attendance", "zoom", 9)
    start = course().sessions[0].start.astimezone(UTC)
    overrides: tuple[Override, ...] = ()
    if names == NAMES:
        period = Interval(start, start + timedelta(minutes=195))
        overrides = (
            decision(
                participant=address("By Decision"),
                session="day-1",
                reference="sheet",
                status=AttendanceStatus.MET,
            ),
            decision(OverrideKind.ACTUAL_WINDOW, session="day-1", period=period),
        )
    gathered = Gathered(
        people, (Report(kept, rows),), Lists(done, done, (), done), overrides, (kept,), ("a note",)
    )
    return collect(course(), gathered)


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


def collected(commands: Commands | None = None) -> bytes:
    return collection_report(collection(), TEMPLATES, commands or Commands())


def issued() -> bytes:
    course_ = course()
    entries = [
        entry_for(sample_record(name=f"Holder {letter}", email=f"{letter}@example.org"), slot=place)
        for place, letter in enumerate("abcdef", 1)
    ]
    states = (
        MailState.SENT,
        MailState.QUEUED,
        MailState.FAILED,
        MailState.UNCERTAIN,
        MailState.BOUNCED,
    )
    mails = {
        entry.certificate.id: replace(
            entry.mail, state=state, reply="550 5.1.1 no such user", attempts=1
        )
        for entry, state in zip(entries, states, strict=False)
    }
    nobody = sample_record(participant_id="")
    denied = [
        replace(nobody, name=f"Denied {HOSTILE}"[:70], email="w@example.org", attended=frozenset()),
        replace(nobody, name="Asked About", email="x@example.org", review="day-1: to be decided"),
        replace(nobody, name="Owes Much", email="y@example.org", fee_paid=False, evaluation=None),
        replace(nobody, name="Staff Member", email="z@example.org", role="staff"),
    ]
    denials = [each for it in denied for each in decide(it, course_) if isinstance(each, Denial)]
    outcome = IssueOutcome(
        course_, entries, denials, datetime(2020, 11, 6, 21, 31, tzinfo=UTC), mails, ("withheld",)
    )
    return batch_report(outcome, TEMPLATES)


MADE = {"collect": collected, "issue": issued}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "narrow"])
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
    expect(page.get_by_text('"><script>').first).to_be_visible()


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
    page = show(collection_report(collection(names, rows), TEMPLATES, Commands()))
    expect(page.locator(".headline")).to_have_text(
        "1 of 3 people can have their certificate now. 1 needs proof from another source, "
        "and 1 cannot get one."
    )
    expect(page.locator("#unproven h3")).to_contain_text("In Between")
    expect(page.locator("#next")).to_contain_text("Find other proof for 1 person")
    expect(page.locator("#next")).to_contain_text(
        "cecert override segment PARTICIPANT SESSION START END --why REASON "
        "--overrides overrides.toml"
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
        "4 of 13 people can have their certificate now. 3 need your decision, 2 still owe a fee, "
        "a camera note, an evaluation or an attestation, and 4 cannot get one."
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
    assert page.evaluate("String(window.getSelection())").startswith("cecert collect") or (
        page.get_by_role("button", name="Copied").count() == 1
    )


def test_the_same_collection_gives_the_same_bytes() -> None:
    assert collected() == collected()


def many(count: int) -> bytes:
    names = tuple(
        "Many " + "".join(chr(ord("a") + int(digit)) for digit in str(each))
        for each in range(count)
    )
    rows = tuple(each for name in names[:-2] for each in visits(name, WHOLE, WHOLE))
    rows += tuple(row(name, "", day, WHOLE, 900 + day) for name in names[-2:] for day in (0, 1))
    return collection_report(collection(names, rows), TEMPLATES, Commands())


def test_a_course_of_four_hundred_people_folds_and_shows_shares(show: Show) -> None:
    page = show(many(400))
    expect(page.locator(".proportion > span")).to_have_count(2)
    expect(page.get_by_text("390 more rows")).to_be_visible()
    assert page.locator(".row").count() == 400
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".row").last).to_be_visible()


def test_when_nothing_is_left_to_decide_the_next_step_is_to_issue(show: Show) -> None:
    name = "Met Plain"
    rows = tuple(visits(name, WHOLE, WHOLE))
    page = show(collection_report(collection((name,), rows), TEMPLATES, Commands()))
    expect(page.locator(".headline")).to_have_text(
        "All 1 people can have their certificate now. Nothing is left to decide."
    )
    expect(page.get_by_role("link", name="Issue 1 certificate")).to_be_visible()


def test_over_five_questions_all_but_the_first_are_closed(show: Show) -> None:
    names = tuple(f"Equal {each}" for each in ("Abel", "Bell", "Cole", "Dorn", "Egan", "Finn"))
    rows = tuple(row(each, "", day, WHOLE, 7) for each in names for day in (0, 1))
    page = show(collection_report(collection(names, rows), TEMPLATES, Commands()))
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


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2020, 12, 1, 12, tzinfo=UTC), "They were due 3 days ago."),
        (datetime(2020, 11, 27, 12, tzinfo=UTC), "1 day is left."),
    ],
)
def test_a_batch_in_which_everybody_has_theirs_says_so(at: datetime, told: str) -> None:
    outcome = IssueOutcome(course(), [entry_for(sample_record())], [], at)
    text = batch_report(outcome, TEMPLATES).decode()
    assert "All 1 people have their certificate. Nothing is left to issue." in text
    assert told in text
    assert "Nothing is left to do." in text


def test_sessions_of_other_hours_share_one_scale() -> None:
    zone = ZoneInfo("America/New_York")
    morning = Session(
        "m", datetime(2020, 10, 22, 9, tzinfo=zone), datetime(2020, 10, 22, 12, tzinfo=zone)
    )
    plan = replace(course(), sessions=(morning, course().sessions[1]))
    start = morning.start.astimezone(UTC)
    stay = Stay((start,) * 2, (start + timedelta(hours=3),) * 2, file="day1.csv", line=3)
    rows = (
        Connection("Met Plain", address("Met Plain"), "", stay),
        *visits("Met Plain", (0, 0), WHOLE)[1:],
    )
    people = (Registrant("Met Plain", address("Met Plain")),)
    gathered = Gathered(people, (Report(SourceRecord("f", "s", "attendance", "zoom", 1), rows),))
    text = collection_report(collect(plan, gathered), TEMPLATES, Commands()).decode()
    assert "9 a.m." in text
    assert "12 p.m." in text
