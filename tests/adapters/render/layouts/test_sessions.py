"""Sessions on paper: a few and many, in each layout, under a logo and on a letterhead."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import combinations

import pytest
from boxes import overlap
from certificate_samples import certificate, equal_sessions, renderer, uneven_sessions
from letterhead_samples import letterhead
from PIL import Image, ImageDraw
from pypdf import PdfReader
from shipped import LAYOUTS

from cecert.adapters.render import CertificateRenderer, read_letterhead
from cecert.adapters.render.layout.page import Element, Page, inks
from cecert.domain.certificate.certificate import Certificate, SessionTimes
from cecert.domain.certificate.phrases import session_phrases, short_session_phrases
from cecert.domain.certificate.printed_text import differences
from cecert.domain.certificate.token_claims import certified_claims

MANY = {"at equal times": equal_sessions, "no two alike": uneven_sessions}


def logo(width: int, height: int) -> bytes:
    """Return a disc, or a line of signs, in ink on white."""
    drawn = Image.new("RGB", (width, height), "white")
    if width == height:
        ImageDraw.Draw(drawn).ellipse((4, 4, width - 4, height - 4), fill="#1D3557")
    else:
        ImageDraw.Draw(drawn).rectangle((4, 4, width - 4, height - 4), fill="#1D3557")
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def of(sessions: Sequence[SessionTimes], layout: str, lines: int = 3) -> Certificate:
    drawn = certificate(lines=lines, sessions=sessions)
    return replace(drawn, layout=f"{layout}/1")


def said(page: Page) -> str:
    return " ".join(" ".join(line.shaped.text for line in inks(page)).split())


def stands_clear(page: Page) -> bool:
    """Say whether no line of text leaves the page or touches another element's."""
    lines = [(number, line.box) for number, element in enumerate(page.body)
             for line in inks(Page(0, 0, (), (element,)))]  # fmt: skip
    inside = all(box.left >= 18 and box.bottom >= 18 and box.right <= page.width - 18
                 and box.top <= page.height - 18 for _, box in lines)  # fmt: skip
    return inside and not any(
        overlap(first, second)
        for (one, first), (other, second) in combinations(lines, 2)
        if one != other
    )


@pytest.mark.parametrize("size", [(300, 300), (900, 180)], ids=["disc", "line"])
@pytest.mark.parametrize("lines", [1, 3, 4])
def test_six_sessions_under_a_logo_stand_two_to_a_line_on_one_page(
    size: tuple[int, int], lines: int
) -> None:
    drawn = of(uneven_sessions(6), "modern", lines)
    (page,) = renderer(logo=logo(*size)).pages(drawn, specimen=False)
    words = said(page)
    assert all(each in words for each in short_session_phrases(drawn.course))
    assert "6 sessions, listed below the title" in words
    found = [line for line in inks(page) if line.what == "sessions"]
    assert [len({line.y for line in found}), len({line.x for line in found})] == [3, 2]
    assert stands_clear(page)


def test_sessions_that_the_column_holds_stay_in_it() -> None:
    for count in (2, 4):
        drawn = of(uneven_sessions(count), "modern")
        (page,) = renderer(logo=logo(300, 300)).pages(drawn, specimen=False)
        assert not [line for line in inks(page) if line.what == "sessions"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sessions_with_titles_of_uneven_length_have_a_line_each(
    renderer: CertificateRenderer, layout: str
) -> None:
    titles = ("Opening Keynote: Attachment", "Grief", "Ethics of Record Keeping",
              "Grief in Families and What Comes After It", "Closing Panel")  # fmt: skip
    sessions = [replace(e, title=t) for e, t in zip(uneven_sessions(5), titles, strict=True)]
    drawn = of(sessions, layout, lines=2)
    (page,) = renderer.pages(drawn, specimen=False)
    lines = [
        line for line in inks(page) if line.shaped.text.strip() in session_phrases(drawn.course)
    ]
    assert [len(lines), len({line.y for line in lines})] == [5, 5]
    assert stands_clear(page)


def test_sessions_over_midnight_do_not_run_together_in_the_column(
    renderer: CertificateRenderer,
) -> None:
    night = [replace(each, end=each.start + timedelta(hours=13)) for each in equal_sessions(2)]
    drawn = of(night, "modern")
    (page,) = renderer.pages(drawn, specimen=False)
    found = [line.shaped.text.strip() for line in inks(page) if line.what == "sessions"]
    assert found == session_phrases(drawn.course)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", MANY)
def test_sixty_dates_are_all_there_and_clear_of_one_another(
    renderer: CertificateRenderer, layout: str, kind: str
) -> None:
    drawn = of(MANY[kind](60), layout)
    pages = renderer.pages(drawn, specimen=False)
    assert len(pages) == (1 if kind == "at equal times" else 2)
    assert all(map(stands_clear, pages))
    words = " ".join(map(said, pages))
    both = zip(session_phrases(drawn.course), short_session_phrases(drawn.course), strict=True)
    assert all(full in words or short in words for full, short in both)
    document = PdfReader(BytesIO(renderer.draw(drawn).pdf))
    lines = [line for page in document.pages for line in page.extract_text().splitlines()]
    assert differences(lines, certified_claims(drawn)) == ()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sixty_sessions_beside_statements_on_the_second_page(
    renderer: CertificateRenderer, layout: str
) -> None:
    drawn = of(uneven_sessions(40), layout, lines=4)
    long = replace(drawn.credit_lines[1], statement=f"{drawn.credit_lines[1].statement} " * 4)
    lines = (drawn.credit_lines[0], replace(long, statement=long.statement.strip()))
    pages = renderer.pages(replace(drawn, credit_lines=lines), specimen=False)
    assert all(map(stands_clear, pages))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sessions_beyond_what_two_pages_hold_are_refused_by_name(
    renderer: CertificateRenderer, layout: str
) -> None:
    (fault,) = renderer.faults(of(uneven_sessions(150), layout))
    assert fault.place == "Ana Ruiz: sessions"
    assert "leave no room on the second page at the least size allowed" in fault.problem


def test_a_list_of_sessions_is_a_list_for_who_listens(renderer: CertificateRenderer) -> None:
    _, second = renderer.pages(of(uneven_sessions(60), "modern"), specimen=False)
    (found,) = [each for each in second.body if each.role == "L"]
    items = [each for each in found.kids if isinstance(each, Element)]
    assert [each.role for each in items] == ["LI"] * 60


RECTANGLES = """
unit = "pt"
recipient_name = { left = 96, top = 150, width = 600, height = 50 }
course_title = { left = 96, top = 210, width = 600, height = 34 }
dates = { left = 96, top = 250, width = 600, height = 32 }
credits = { left = 60, top = 290, width = 672, height = 140 }
certificate_id = { left = 470, top = 540, width = 130, height = 14 }
qr = { left = 610, top = 462, width = 120, height = 120 }
"""


def test_a_letterhead_has_every_date_and_names_no_page_that_it_has_not() -> None:
    drawn = of(uneven_sessions(60), "classic", lines=1)
    made = read_letterhead(letterhead({}, words=True), "w.pdf", tomllib.loads(RECTANGLES))
    drawer = renderer(letterhead=made)
    (page,) = drawer.pages(drawn, specimen=False)
    assert "60 sessions: September 3, 9, 15, 21 and 27, October 3" in said(page)
    assert "page 2" not in said(page)
    document = PdfReader(BytesIO(drawer.draw(drawn).pdf))
    lines = document.pages[0].extract_text().splitlines()
    assert differences(lines, certified_claims(drawn)) == ()
    few = replace(drawn, course=replace(drawn.course, sessions=tuple(uneven_sessions(2))))
    (page,) = drawer.pages(few, specimen=False)
    assert all(each in said(page) for each in session_phrases(few.course))
