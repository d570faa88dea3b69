"""Nothing overlaps, nothing leaves the sheet, nothing is set under a floor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import partial
from io import BytesIO
from itertools import pairwise, product
from typing import Any

import certificate_samples
import pytest
from certificate_samples import HARD_NAME, HARD_TITLE, certificate, equal_sessions, uneven_sessions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from sampled import sampled
from shipped import REGIMES
from sound_pages import CLIPPED, assert_sound, collisions, outside, rules

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.ladder import rungs
from cecert.adapters.render.layout.page import Box, Element, Page, inks
from cecert.adapters.render.text.breaking import LEAST_LONE_WORD, broken
from cecert.adapters.render.text.faces import FaceShelf
from cecert.adapters.render.text.layout_file import load_layout
from cecert.domain.certificate.certificate import Certificate, Paper, SessionTimes
from cecert.domain.people.person import License
from cecert.errors import DrawingError, Fault

LAYOUTS = ["classic/1", "modern/1"]
LONG = 60
"""Letters of a name that always find room."""


def within(characters: int, size: int, text: str) -> str:
    """Cut a text to what a token holds of it."""
    return text.encode()[:size].decode(errors="ignore")[:characters].strip()


words = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéłşğŻÅÑ"), min_size=1, max_size=14)
names = st.lists(words, min_size=1, max_size=8).map(" ".join).map(partial(within, 80, 120))
titles = st.lists(words, min_size=1, max_size=24).map(" ".join).map(partial(within, 160, 200))
sessions = st.one_of(
    st.integers(1, 12).map(equal_sessions), st.integers(1, 12).map(uneven_sessions)
)
certificates = st.builds(
    lambda paper, layout, *facts: replace(certificate(*facts), paper=paper, layout=layout),
    st.sampled_from(list(Paper)),
    st.sampled_from(LAYOUTS),
    names,
    titles,
    st.integers(0, 6),
    sessions,
)
Held = Callable[[int], list[SessionTimes]]


def under_a_logo() -> CertificateRenderer:
    logo = BytesIO()
    Image.new("L", (300, 300), 90).save(logo, "PNG")
    return certificate_samples.renderer(logo=logo.getvalue())


def pages_of(renderer: CertificateRenderer, drawn: Certificate) -> tuple[Page, ...]:
    return renderer.pages(drawn, specimen=False)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=certificates)
def test_no_two_texts_overlap_and_nothing_leaves_the_sheet(
    renderer: CertificateRenderer, drawn: Certificate
) -> None:
    faults = renderer.faults(drawn)
    # Eighty wide letters may be too wide for two lines, or part where no two lines hold them.
    assert all("is too wide at the least size allowed" in each.problem for each in faults)
    assert not faults or len(drawn.recipient.name) > LONG or len(drawn.course.title) > 2 * LONG
    if not faults:
        assert_sound(drawn, pages_of(renderer, drawn))


@pytest.mark.parametrize("lines", range(7))
@pytest.mark.parametrize("days", [1, 2, 4, 12])
@pytest.mark.parametrize("held", [equal_sessions, uneven_sessions])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_ordinary_and_hard_certificates_are_drawn(
    renderer: CertificateRenderer, lines: int, days: int, held: Held, layout: str
) -> None:
    for name, title in (("Ana Ruiz", "Grief"), (HARD_NAME, HARD_TITLE)):
        drawn = replace(certificate(name, title, lines, held(days)), layout=layout)
        assert renderer.faults(drawn) == ()
        assert_sound(drawn, pages_of(renderer, drawn))


def sizes_of(page: Page, what: str) -> set[float]:
    return {ink.size for ink in inks(page) if ink.what == what}


def test_a_usual_name_stands_on_one_line_at_the_layouts_size(
    renderer: CertificateRenderer,
) -> None:
    (page,) = pages_of(renderer, certificate())
    assert sizes_of(page, "recipient name") == {38}
    assert sizes_of(page, "course title") == {19}


def test_a_longer_name_shrinks_before_it_wraps(renderer: CertificateRenderer) -> None:
    (page,) = pages_of(renderer, certificate("Maximiliane Featherstonehaugh-Cholmondeley"))
    (ink,) = [each for each in inks(page) if each.what == "recipient name"]
    assert 28 <= ink.size < 38
    assert ink.width <= 0.88 * (792 - 2 * 48.2)


def test_a_name_of_seventy_letters_stands_on_two_balanced_lines(
    renderer: CertificateRenderer,
) -> None:
    (page,) = pages_of(renderer, certificate(HARD_NAME, HARD_TITLE))
    first, second = [each for each in inks(page) if each.what == "recipient name"]
    assert first.size == second.size == 28
    assert min(first.width, second.width) / max(first.width, second.width) > 0.75


def test_a_name_no_size_holds_is_an_error_with_its_widths(renderer: CertificateRenderer) -> None:
    (fault,) = renderer.faults(certificate("W" * 80))
    assert fault.place == f"{'W' * 80}: recipient name"
    assert fault.problem == ("is too wide at the least size allowed: needs 1763 pt, has 612 pt")


def test_a_title_too_long_for_its_lines_is_told_the_width_they_need(
    renderer: CertificateRenderer,
) -> None:
    title = ("Wwwwwwwww Mmmmmmm " * 12)[:160].strip()
    (fault,) = renderer.faults(replace(certificate(title=title), layout="modern/1"))
    needed, available = (int(each) for each in re.findall(r"(\d+) pt", fault.problem))
    assert available == 556
    assert available < needed < 700


def test_statements_that_need_more_room_move_to_page_two_all_together(
    renderer: CertificateRenderer,
) -> None:
    first, second = pages_of(renderer, certificate(HARD_NAME, HARD_TITLE, lines=6))
    on_first = " ".join(ink.shaped.text for ink in inks(first))
    on_second = " ".join(ink.shaped.text for ink in inks(second))
    assert "Statements of approval are on page 2." in on_first
    assert "Page 1 of 2" in on_first
    assert "is recognized by" not in on_first
    assert on_second.count("is recognized by") == 4
    assert HARD_NAME in on_second
    assert "Page 2 of 2" in on_second


def test_twelve_sessions_at_different_times_are_counted_first_and_listed_on_page_two(
    renderer: CertificateRenderer,
) -> None:
    first, second = pages_of(renderer, certificate(sessions=uneven_sessions(12)))
    on_first = " ".join(ink.shaped.text for ink in inks(first))
    assert "12 sessions, September 3, 2020 to November 8, 2020" in on_first
    assert sum("September" in ink.shaped.text for ink in inks(second)) >= 3


def structure(elements: tuple[object, ...]) -> list[object]:
    return [
        (each.role, structure(each.kids)) if each.role.startswith("T") else each.role
        for each in elements
        if isinstance(each, Element)
    ]


def test_the_credit_lines_are_a_table_with_header_cells(renderer: CertificateRenderer) -> None:
    (page,) = pages_of(renderer, certificate(lines=3))
    (table,) = [each for each in structure(page.body) if isinstance(each, tuple)]
    row: object = ("TR", [("TD", [])] * 5)
    head: object = ("THead", [("TR", [("TH", [])] * 5)])
    assert table == ("Table", [head, ("TBody", [row, row, row])])


LONG_UNITS = [
    "continuing education credits", "hours of attendance", "continuing education contact hours",
]  # fmt: skip


def unit_of(page: Page) -> str:
    return " ".join(ink.shaped.text.strip() for ink in inks(page) if ink.what == "unit")


@pytest.mark.parametrize("unit", LONG_UNITS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lines", [1, 4, 6])
def test_a_long_unit_stands_on_several_lines_under_its_hours(
    renderer: CertificateRenderer, unit: str, layout: str, lines: int
) -> None:
    for name, title in (("Ana Ruiz", "Grief"), (HARD_NAME, HARD_TITLE)):
        drawn = certificate(name, title, lines=lines)
        credit = [replace(each, unit=unit) for each in drawn.credit_lines]
        drawn = replace(drawn, credit_lines=tuple(credit), layout=layout)
        assert renderer.faults(drawn) == ()
        pages = pages_of(renderer, drawn)
        assert_sound(drawn, pages)
        assert unit_of(pages[0]) == " ".join([unit] * lines)


def rows_of(page: Page) -> list[Box]:
    """Return what lies between two rules of the table."""
    found = sorted((each for each in rules(page) if each.right - each.left > 300),
                   key=lambda each: -each.top)  # fmt: skip
    return [Box(low.left, low.top, low.right, high.bottom) for high, low in pairwise(found)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_unit_stands_in_the_row_of_its_hours(
    renderer: CertificateRenderer, layout: str
) -> None:
    for lines in range(1, 7):
        drawn = certificate(HARD_NAME, HARD_TITLE, lines=lines)
        credit = [replace(each, unit=LONG_UNITS[0]) for each in drawn.credit_lines]
        drawn = replace(drawn, credit_lines=tuple(credit), layout=layout)
        for page in pages_of(renderer, drawn):
            for row in rows_of(page)[1:]:
                held = [ink for ink in inks(page) if row.bottom < ink.y < row.top]
                assert [each.what for each in held].count("hours") == 1
                units = [each.shaped.text.strip() for each in held if each.what == "unit"]
                assert " ".join(units) == LONG_UNITS[0]


def test_a_unit_with_a_word_wider_than_any_column_is_named(
    renderer: CertificateRenderer,
) -> None:
    drawn = certificate(lines=1)
    line = replace(drawn.credit_lines[0], unit="Psychotherapeutenkammerfortbildungspunkte")
    for layout in LAYOUTS:
        (fault,) = renderer.faults(replace(drawn, credit_lines=(line,), layout=layout))
        assert fault.place == "Ana Ruiz: unit of type-0"
        assert "is too wide at the least size allowed" in fault.problem


@pytest.mark.parametrize("layout", LAYOUTS)
def test_hours_of_attendance_have_a_unit_that_stays_on_the_sheet(
    renderer: CertificateRenderer, layout: str
) -> None:
    drawn = replace(certificate(lines=0), layout=layout)
    (line,) = drawn.credit_lines
    long = replace(line, unit=f"{'hours of attendance and discussion ' * 8}".strip())
    (fault,) = renderer.faults(replace(drawn, credit_lines=(long,)))
    assert fault.place == "Ana Ruiz: unit of attendance"


def test_a_word_too_wide_for_one_rung_may_stand_on_another(renderer: CertificateRenderer) -> None:
    short, long = (
        "Hochschulweiterbildungsgesellschaft",
        "Hochschulweiterbildungsgesellschaftsleitung",
    )
    for layout, word in zip(LAYOUTS, (long, short), strict=True):
        drawn = replace(certificate(lines=1), layout=layout)
        line = replace(drawn.credit_lines[0], approver=word, awarded_by="Example Prepare")
        drawn = replace(drawn, credit_lines=(line,))
        assert renderer.faults(drawn) == ()
        pages = pages_of(renderer, drawn)
        assert len(pages) == 2
        assert_sound(drawn, pages)


def test_statements_no_pages_hold_are_an_error_about_the_credit_lines(
    renderer: CertificateRenderer,
) -> None:
    drawn = certificate(lines=3)
    words = "This program is approved. " * 100
    lines = [replace(each, statement=words) for each in drawn.credit_lines]
    for layout in LAYOUTS:
        (fault,) = renderer.faults(replace(drawn, credit_lines=tuple(lines), layout=layout))
        assert fault.place == "Ana Ruiz: credit lines"
        assert fault.value == "type-0, type-1, type-2"
        assert "leave no room on the page at the least sizes allowed" in fault.problem


TOO_MUCH = " ".join(["Wonderful Mammoth"] * 80)
TEXTS_OF_A_LINE = {
    "unit": "unit", "profession": "profession", "jurisdiction": "jurisdiction",
    "awarded_by": "awarding body", "approver": "approver", "number": "approval number",
    "statement": "statement",
}  # fmt: skip


@pytest.mark.parametrize(("key", "field"), TEXTS_OF_A_LINE.items())
def test_the_one_text_that_is_too_much_is_named(
    renderer: CertificateRenderer, key: str, field: str
) -> None:
    drawn = replace(certificate(lines=3), layout="modern/1")
    first, *others = drawn.credit_lines
    text = TOO_MUCH * 4 if key == "statement" else TOO_MUCH
    changed: dict[str, Any] = {key: text}
    long = replace(first, **changed)
    (fault,) = renderer.faults(replace(drawn, credit_lines=(long, *others)))
    assert fault.place == f"Ana Ruiz: {field} of type-0"


def test_a_persons_own_facts_are_named_where_they_are_too_much(
    renderer: CertificateRenderer,
) -> None:
    course = certificate(title=HARD_TITLE, lines=6)
    for count in (40, 41):  # what the course's others share is not taken for their fault
        many = tuple(License("New York", "LCSW-R", f"{n:09}") for n in range(count))
        drawn = replace(course, recipient=replace(course.recipient, licenses=many))
        assert [each.place for each in renderer.faults(drawn)] == ["Ana Ruiz: licenses"]


def specimen_faults(renderer: CertificateRenderer, drawn: Certificate) -> tuple[Fault, ...]:
    try:
        renderer.draw_specimen(drawn)
    except DrawingError as error:
        return error.faults
    return ()


def spoilt(value: object, bad: str, path: str = "") -> Iterator[tuple[str, object]]:
    """Return *value* again and again, each time with another of its texts spoilt."""
    if isinstance(value, str):
        yield path, f"{value}{bad}"
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            for where, other in spoilt(each, bad, f"{path}[{place}]"):
                yield where, (*value[:place], other, *value[place + 1 :])
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            for where, other in spoilt(getattr(value, each.name), bad, f"{path}.{each.name}"):
                with suppress(ValueError):
                    yield where, replace(value, **{each.name: other})


BAD = [" \N{GRINNING FACE}", "W" * 150, f" {TOO_MUCH}"]
CLASSIC, MODERN = LAYOUTS
SPOILT = sampled(
    product(BAD, LAYOUTS, [0, 2]),
    # Each of sixty texts that are too much is tried on every rung of two pages.
    [
        *product(BAD[:1], LAYOUTS, [0, 2]),
        (BAD[1], CLASSIC, 0),
        (BAD[1], MODERN, 2),
        (BAD[2], CLASSIC, 0),
    ],
)


@pytest.mark.parametrize(("bad", "layout", "lines"), SPOILT)
def test_whatever_text_is_bad_a_fault_says_so_and_nothing_breaks(
    renderer: CertificateRenderer, bad: str, layout: str, lines: int
) -> None:
    whole = replace(certificate(lines=lines), layout=layout)
    refused = 0
    for where, other in spoilt(whole, bad):
        if where == ".layout" or "timezone" in where or where == ".token_url":
            continue
        assert isinstance(other, Certificate)
        if faults := renderer.faults(other):
            refused += 1
            assert all(each.place.startswith(other.recipient.name) for each in faults)
        else:
            assert all(outside(page, CLIPPED) == [] for page in pages_of(renderer, other))
        # What only a real certificate shows, a specimen may be drawn without.
        assert specimen_faults(renderer, other) in {(), tuple(faults)}, where
    assert refused > 8


def test_a_column_that_holds_no_more_facts_is_an_error(renderer: CertificateRenderer) -> None:
    drawn = certificate()
    many = tuple(f"Instructor Number {n}, Ph.D." for n in range(30))
    course = replace(drawn.course, instructors=many)
    (fault,) = renderer.faults(replace(drawn, course=course, layout="modern/1"))
    assert fault.place == "Ana Ruiz: instructors"
    assert "no room in their column" in fault.problem


def test_sessions_too_many_for_the_column_leave_the_rest_of_the_page_as_it_is() -> None:
    drawn = replace(certificate(lines=3, sessions=uneven_sessions(6)), layout="modern/1")
    (page,) = pages_of(under_a_logo(), drawn)
    assert sizes_of(page, "recipient name") == {44}
    assert "is recognized by" in " ".join(ink.shaped.text for ink in inks(page))
    assert sum("September" in ink.shaped.text for ink in inks(page)) >= 4


def test_a_specimen_of_two_pages_says_so_on_both(renderer: CertificateRenderer) -> None:
    for layout in LAYOUTS:
        pages = renderer.pages(replace(certificate(lines=6), layout=layout), specimen=True)
        for page in pages:
            assert any("specimen" in ink.shaped.text.casefold() for ink in inks(page))
            assert collisions(page) == []


def dates_in(text: str) -> set[date]:
    """Return the dates of 2020 that *text* writes: `September 3, 10 and 17, 2020` is three."""
    found = set()
    for month, days in re.findall(r"(September|October|November) ((?:\d+(?:, | and )?)+)", text):
        number = {"September": 9, "October": 10, "November": 11}[month]
        found |= {date(2020, number, int(day)) for day in re.findall(r"\d+", days) if int(day) < 31}
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("held", [equal_sessions, uneven_sessions])
def test_the_hardest_certificate_is_drawn_under_a_logo_too(layout: str, held: Held) -> None:
    drawer = under_a_logo()
    for days in (4, 12):
        drawn = replace(certificate(HARD_NAME, HARD_TITLE, 6, held(days)), layout=layout)
        assert drawer.faults(drawn) == ()
        pages = pages_of(drawer, drawn)
        assert_sound(drawn, pages)
        said = " ".join(ink.shaped.text for page in pages for ink in inks(page))
        assert len(set(drawn.course.days) & dates_in(said)) == days


@pytest.mark.parametrize(("layout", "floor"), [("classic", 0.8), ("modern", 0.42)])
def test_white_never_shrinks_under_the_designs_floor(layout: str, floor: float) -> None:
    root = certificate_samples.ROOT
    shelf = FaceShelf(root / "fonts")
    figures = load_layout(root / "templates" / "layouts" / f"{layout}.toml", shelf, "").figures
    tried = list(rungs(figures, 4))
    assert min(each.white for each in tried) == floor
    assert all(each.white == floor for each in tried if each.floors)


BOARD = " and its Office of the Professions, Albany, Division of Licensing Services"
FULLEST = [
    ("classic/1", Paper.LETTER, HARD_TITLE, ""),
    ("classic/1", Paper.A4, HARD_TITLE, ""),
    ("modern/1", Paper.LETTER, HARD_TITLE, BOARD[:60]),
]
FULL_TO_THE_FLOORS = [
    ("classic/1", Paper.A4, ("Wonderful Mammoth " * 9)[:160].strip(), "", (24, 14.5)),
    ("modern/1", Paper.LETTER, HARD_TITLE, BOARD, (28, 15.5)),
]


def full(layout: str, paper: Paper, title: str, board: str) -> Certificate:
    drawn = certificate(HARD_NAME, title, 6, uneven_sessions(4))
    lines = [replace(each, approver=f"{each.approver}{board}") for each in drawn.credit_lines]
    return replace(drawn, layout=layout, paper=paper, credit_lines=tuple(lines))


@pytest.mark.parametrize(("layout", "paper", "title", "board"), FULLEST)
def test_facts_run_in_on_a_full_page_and_its_hours_still_stand_alone(
    layout: str, paper: Paper, title: str, board: str
) -> None:
    drawer, drawn = under_a_logo(), full(layout, paper, title, board)
    assert_sound(drawn, pages_of(drawer, drawn))
    page = PdfReader(BytesIO(drawer.draw(drawn).pdf)).pages[0]
    lines = [line.strip() for line in page.extract_text().splitlines()]
    assert "Social work, Massachusetts" in " ".join(" ".join(lines).split())
    assert (lines.count("6"), lines.count("5.5")) == (3, 3)


@pytest.mark.parametrize(("layout", "paper", "title", "board", "sizes"), FULL_TO_THE_FLOORS)
def test_name_and_title_go_to_their_floors_before_a_page_is_refused(
    layout: str, paper: Paper, title: str, board: str, sizes: tuple[float, float]
) -> None:
    drawer, drawn = under_a_logo(), full(layout, paper, title, board)
    first, second = pages_of(drawer, drawn)
    assert sizes_of(first, "recipient name") == {sizes[0]}
    assert sizes_of(first, "course title") == {sizes[1]}
    assert_sound(drawn, (first, second))


@pytest.mark.parametrize("layout", ["classic", "modern"])
def test_no_shipped_credit_leaves_a_short_word_alone_on_its_line(layout: str) -> None:
    path = certificate_samples.ROOT / "templates" / "layouts" / f"{layout}.toml"
    read = load_layout(path, FaceShelf(certificate_samples.ROOT / "fonts"))
    table, second = read.figures["table"], read.figures["page2"]
    tried = [(rung.step, table, "facts_columns" if rung.moved else "columns")
             for rung in rungs(read.figures, 8)]  # fmt: skip
    tried += [(step, second, "columns") for step in second["step"]]
    alone = set()
    for (step, figures, columns), regime in product(tried, REGIMES.values()):
        style = read.styles["cell"].at(step["facts"])
        measure = step.get(columns, figures[columns])[1] - figures["gutter"]
        *before, last = broken(regime.jurisdiction, style, measure)
        if before and " " not in last and style.width(last) < LEAST_LONE_WORD * measure:
            alone.add((regime.jurisdiction, last))
    assert not alone
