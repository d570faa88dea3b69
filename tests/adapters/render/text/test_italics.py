"""Words in italics on pages: in every layout, on one line or broken, and nowhere but in the ink."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from certificate_samples import certificate, equal_sessions
from pypdf import PdfReader
from shipped import LAYOUTS

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import Ink, Page, inks
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.misprints import SPOKEN, misprints
from cecert.domain.values.emphasis import emphasised

LONG = (
    "Beyond *Motivational Interviewing: Helping People Change and Grow* (4th edition) and "
    "*The Body Keeps the Score* in Supervision: *Việt Nam* and after"
)


def titled(typed: str, layout: str, lines: int = 3) -> Certificate:
    title = emphasised(typed)
    drawn = certificate(title=title.plain, lines=lines)
    course = replace(drawn.course, title_italics=title.italics)
    return replace(drawn, course=course, layout=f"{layout}/1")


def italic(line: Ink) -> str:
    runs = [each for each in line.shaped.runs if each.face.name == "EBGaramond-Italic"]
    return " ".join("".join(glyph.text for glyph in run.glyphs) for run in runs)


def title_of(pages: tuple[Page, ...], what: str = "course title") -> tuple[str, str]:
    lines = [line for line in inks(pages[0]) if line.what == what]
    said = "".join(line.shaped.text for line in lines)
    return said, " ".join(filter(None, (italic(line) for line in lines)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_title_has_its_italics(renderer: CertificateRenderer, layout: str) -> None:
    pages = renderer.pages(titled("Reading *Beloved* in Practice", layout), specimen=False)
    assert title_of(pages) == ("Reading Beloved in Practice", "Beloved")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_italics_go_on_where_a_line_ends(renderer: CertificateRenderer, layout: str) -> None:
    drawn = titled(LONG, layout, lines=6)
    said, slanted = title_of(renderer.pages(drawn, specimen=False))
    assert said == drawn.course.title
    words = [e for part in LONG.split("*")[1::2] for e in part.split(" ")]
    assert slanted.split() == words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_second_page_has_them_too(renderer: CertificateRenderer, layout: str) -> None:
    drawn = titled(LONG, layout, lines=5)
    long = tuple(replace(e, statement=f"{e.statement} {e.statement}") for e in drawn.credit_lines)
    _, second = renderer.pages(replace(drawn, credit_lines=long), specimen=False)
    assert "Motivational" in title_of((second,))[1]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_sessions_title_has_them(renderer: CertificateRenderer, layout: str) -> None:
    title = emphasised("On *Beloved*")
    first, second = equal_sessions(2)
    named = replace(first, title=title.plain, title_italics=title.italics)
    drawn = certificate(sessions=[named, replace(second, title="Closing")])
    (page,) = renderer.pages(replace(drawn, layout=f"{layout}/1"), specimen=False)
    slanted = [line for line in inks(page) if line.shaped.text.startswith("On Beloved: Thursday")]
    assert [italic(line) for line in slanted] == ["Beloved"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_file_says_of_itself_is_plain(renderer: CertificateRenderer, layout: str) -> None:
    drawn = titled("Reading *Beloved* in Practice", layout)
    drawing = renderer.draw(drawn)
    words = "Reading Beloved in Practice"
    assert misprints(drawing.pages, drawn) == ()
    assert {e.text for e in drawing.pages[0] if e.what == f"{SPOKEN}course title"} == {words}
    document = PdfReader(BytesIO(drawing.pdf))
    assert document.metadata is not None
    assert words in str(document.metadata.title)
    assert words in document.pages[0].extract_text().splitlines()
    for mark in ("*", "\ue000", "\ue001"):
        assert mark not in "".join(page.extract_text() for page in document.pages)
        assert mark.encode("utf-16-be").hex().upper().encode() not in drawing.pdf


def test_a_title_of_before_keeps_its_asterisks(renderer: CertificateRenderer) -> None:
    drawn = certificate(title="Reading *Beloved* in Practice")
    pages = renderer.pages(drawn, specimen=False)
    assert title_of(pages) == ("Reading *Beloved* in Practice", "")


def test_a_word_that_the_italics_lack_stands_upright_whole(renderer: CertificateRenderer) -> None:
    drawn = titled("*Beloved סודות ואמת* after", "classic")
    pages = renderer.pages(drawn, specimen=False)
    said, slanted = title_of(pages)
    assert said == "Beloved סודות ואמת after"
    assert slanted.strip() == "Beloved"
    assert renderer.upright_letter("סודות", "classic/1") == "\u05e1"
    assert renderer.upright_letter("Beloved", "classic/1") == ""


def test_italics_beside_larger_letters_are_set_larger(renderer: CertificateRenderer) -> None:
    faces = {}
    for layout in LAYOUTS:
        (page,) = renderer.pages(titled("On *Beloved*", layout), specimen=False)
        (line,) = [line for line in inks(page) if line.what == "course title"]
        faces[layout] = line.shaped.runs[-1].face
    assert faces["modern"].cap_height > faces["classic"].cap_height
    assert faces["modern"].units < faces["classic"].units


def test_the_white_after_a_leaning_letter_is_read_back_as_none(
    renderer: CertificateRenderer,
) -> None:
    drawn = titled("Wolf (*Half of a Yellow Self*), *Wolf*!", "modern")
    words = PdfReader(BytesIO(renderer.draw(drawn).pdf)).pages[0].extract_text()
    assert "Wolf (Half of a Yellow Self), Wolf!" in words.splitlines()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_leaning_letter_stands_clear_of_a_tall_sign_after_it(
    renderer: CertificateRenderer, layout: str
) -> None:
    advances = {}
    for typed in ("(*Self*)", "(*Self*,)", "(*Self* )"):
        (page,) = renderer.pages(titled(typed, layout), specimen=False)
        (line,) = [line for line in inks(page) if line.what == "course title"]
        run = line.shaped.runs[1]
        advances[typed] = run.glyphs[3].advance - run.face.metrics(run.glyphs[3].id)[0]
        assert run.face.overhang(run.glyphs[3].id) > 0.1
    assert advances["(*Self*)"] == pytest.approx(0.09)
    assert advances["(*Self*,)"] == advances["(*Self* )"] == pytest.approx(0, abs=0.01)
