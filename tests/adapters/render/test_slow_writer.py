"""The engine and a writer made of library calls must agree on every kind of certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import certificate_samples
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from certificate_samples import HARD_NAME, HARD_TITLE, certificate, uneven_sessions
from PIL import Image, ImageChops, ImageFilter
from pypdf import PdfReader
from slow_writer import SlowWriter

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.words import heading
from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.domain.course.provider import Signatory

PICTURES = ("signature.png", "colours.png")


NEAR = 0.25
"""Points. pdfium takes the whole thousandths of a glyph's width, and a line has many glyphs."""

LEAST_SEEN = 45
"""Levels of grey."""


def picture(mode: str) -> bytes:
    """Return a picture with more colours than a palette holds, clear towards its right."""
    image = Image.linear_gradient("L").resize((300, 90))
    if mode == "RGBA":
        image = Image.merge("RGBA", (image, image.rotate(180), image.point([0] * 256), image))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def drawer() -> CertificateRenderer:
    pictures = {"signature.png": picture("L"), "colours.png": picture("RGBA")}
    return certificate_samples.renderer(pictures=pictures, logo=picture("RGBA"))


def kinds() -> Iterator[Certificate]:
    """Return certificates of every kind: lines, pages, scripts, sheets, pictures."""
    yield certificate("Ana Ruiz", lines=0)
    yield certificate("Zoë Ågren", lines=1)
    yield certificate("Nguyễn Thị Ánh")
    yield certificate("دانيال Cohen דניאל", licenses=())
    yield certificate("श्रीमती लक्ष्मी क्षत्रिय")
    yield certificate("สมชาย ใจดี", HARD_TITLE, 6, uneven_sessions(12))
    yield replace(certificate("Ελένη Παππά", lines=6), paper=Paper.A4)
    yield certificate(HARD_NAME, HARD_TITLE, 5, uneven_sessions(4))


CASES = [
    pytest.param(
        replace(drawn, layout=layout), specimen, id=f"{layout[:-2]}-{number}-{specimen}",
        # Each kind in one of the layouts; in both where time is given.
        marks=() if number % 2 == place else pytest.mark.slow,
    )
    for place, layout in enumerate(("classic/1", "modern/1"))
    for number, drawn in enumerate(kinds())
    for specimen in ((False, True) if number == 1 else (False,))
]  # fmt: skip


@pytest.mark.parametrize(("drawn", "specimen"), CASES)
def test_both_writers_agree(
    drawer: CertificateRenderer, drawn: Certificate, *, specimen: bool
) -> None:
    people = [Signatory(f"Person {number}", "Dean", each) for number, each in enumerate(PICTURES)]
    drawn = replace(drawn, signatories=tuple(people))
    pages = drawer.pages(drawn, specimen=specimen)
    fast = (drawer.draw_specimen(drawn) if specimen else drawer.draw(drawn)).pdf
    about = drawer._about(
        drawn, heading(drawn, drawer._layout(drawn.layout).words), specimen=specimen
    )
    slow = SlowWriter(pages, drawer._pictures).document(about.title, about.author, about.token)
    ours, theirs = PdfReader(BytesIO(fast)), PdfReader(BytesIO(slow))
    assert spoken(ours) == spoken(theirs)
    assert attached(ours) == attached(theirs)
    assert forms(ours) == forms(theirs)
    assert [each.mediabox for each in ours.pages] == [each.mediabox for each in theirs.pages]
    with pypdfium2.PdfDocument(fast) as first, pypdfium2.PdfDocument(slow) as second:
        for number in range(len(pages)):
            assert_same_places(first[number], second[number])
            # The seal, which only the engine has, is drawn as a field.
            drawn_twice = (pixels(first[number]), pixels(second[number]))
            assert greatest_difference(*drawn_twice) < LEAST_SEEN


def spoken(reader: PdfReader) -> list[Any]:
    """Return what a screen reader says: roles, words, header cells, marks, page by page."""
    root: Any = reader.trailer["/Root"]
    (document,) = root["/StructTreeRoot"]["/K"]
    kids = [each.get_object() for each in document.get_object()["/K"]]
    return [element(each) for each in kids if each["/S"] != "/Form"]  # the field of the seal


def element(node: Any) -> Any:  # noqa: ANN401  # a structure element
    scope = node.get("/A", {}).get("/Scope")
    kids = [each if isinstance(each, int) else element(each.get_object()) for each in node["/K"]]
    return (node["/S"], node.get("/Alt"), node.get("/ActualText"), scope, kids)


def attached(reader: PdfReader) -> tuple[Any, ...]:
    (file,) = reader.attachments.values()
    metadata: Any = reader.metadata
    return (metadata.title, metadata.author, file)


def forms(reader: PdfReader) -> Counter[bytes]:
    """Return the decoded drawings that pages place."""
    found: Any = reader.pages[0]["/Resources"]["/XObject"]  # type: ignore[index]  # a dictionary
    drawings = [each.get_object() for each in found.values()]
    return Counter(each.get_data() for each in drawings if each["/Subtype"] == "/Form")


def assert_same_places(ours: pypdfium2.PdfPage, theirs: pypdfium2.PdfPage) -> None:
    """Assert that each character stands where the other has it, as far as a reader can tell."""
    left = list(letters(theirs))
    for letter, x, y in letters(ours):
        near = [
            each
            for each in left
            if each[0] == letter and abs(each[1] - x) < NEAR and abs(each[2] - y) < NEAR
        ]
        assert near, (chr(letter), x, y)
        left.remove(near[0])
    assert left == []


def letters(page: pypdfium2.PdfPage) -> Iterator[tuple[int, float, float]]:
    words = page.get_textpage()
    for index in range(words.count_chars()):
        x, y = pdfium.c_double(), pdfium.c_double()
        generated = pdfium.FPDFText_IsGenerated(words, index)
        letter = pdfium.FPDFText_GetUnicode(words, index)
        if generated == 1 or chr(letter).isspace():
            continue
        pdfium.FPDFText_GetCharOrigin(words, index, x, y)
        yield letter, round(x.value, 2), round(y.value, 2)


def pixels(page: pypdfium2.PdfPage) -> Image.Image:
    """Draw a page, softened, so that a quarter of a point is no difference and a letter is."""
    drawn: Image.Image = page.render(scale=1.5, may_draw_forms=False).to_pil()
    return drawn.convert("L").filter(ImageFilter.BoxBlur(3))


def greatest_difference(ours: Image.Image, theirs: Image.Image) -> int:
    counts = ImageChops.difference(ours, theirs).histogram()
    return max(level for level, count in enumerate(counts) if count)


def test_another_name_is_a_difference_that_is_seen(drawer: CertificateRenderer) -> None:
    drawn = []
    for name in ("Ana Ruiz", "Ana Ruis"):
        pdf = drawer.draw(replace(certificate(name), layout="modern/1")).pdf
        with pypdfium2.PdfDocument(pdf) as document:
            drawn.append(pixels(document[0]))
    assert greatest_difference(*drawn) > LEAST_SEEN
