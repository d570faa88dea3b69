"""Font programs: what is put together is read back by a library, glyph by glyph."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from certificate_samples import HARD_NAME, ROOT, certificate
from certificate_samples import renderer as fresh_renderer
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.pdf.outlines import charstring, font_program
from cecert.adapters.render.pdf.text_fonts import FontUse
from cecert.adapters.render.text.faces import FaceShelf

FACES = ("EBGaramond-Italic", "Newsreader-Light", "NotoNaskhArabic-Regular")


def read(program: bytes) -> Any:  # noqa: ANN401  # the library's font
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(program), None)
    return fonts[0]


def widths(program: bytes) -> dict[int, int]:
    """Return the advance of each glyph but the first by its CID, as the program says it."""
    font, found = read(program), {}
    for name in font.charset[1:]:
        glyph = font.CharStrings[name]
        glyph.draw(RecordingPen())
        found[int(name.removeprefix("cid"))] = glyph.width
    return found


def listed(entries: Any) -> dict[int, int]:  # noqa: ANN401  # pypdf's array
    """Return the widths of a W array by CID."""
    return {
        first + index: round(float(width))
        for first, row in zip(entries[::2], entries[1::2], strict=True)
        for index, width in enumerate(row)
    }


@pytest.mark.parametrize("name", FACES)
def test_a_program_holds_what_harfbuzz_draws(name: str) -> None:
    (face,) = FaceShelf(ROOT / "fonts").chain(name, [])
    glyphs = sorted(face.characters)[:300]
    # Runs of numbers, one of them longer than a run can be told, and gaps between.
    numbers = [*range(0x20, 0x24), *range(0x100, 0x100 + len(glyphs) - 5), 0xFB01]
    drawn = {n: charstring(face, each) for n, each in zip(numbers, glyphs, strict=True)}
    font = read(font_program("CECERA+Face", drawn))
    assert font.charset == [".notdef", *(f"cid{n:05}" for n in numbers)]
    for glyph, cid in zip(glyphs, font.charset[1:], strict=True):
        read_back, wanted = RecordingPen(), RecordingPen()
        font.CharStrings[cid].draw(read_back)
        face.hb_font.draw_glyph_with_pen(glyph, wanted)
        assert points(read_back) == points(wanted)


def points(pen: RecordingPen) -> list[tuple[str, Any]]:
    return [(verb, at) for verb, at in pen.value if verb in {"moveTo", "curveTo"}]


def fonts_that_disagree(pdf: bytes) -> list[str]:
    """Return the fonts whose glyphs have other widths in the document than in themselves."""
    fonts: Any = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # pypdf's values
    found = []
    for name, font in fonts.items():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        program = descendant["/FontDescriptor"]["/FontFile3"].get_data()
        if listed(descendant["/W"]) != widths(program):
            found.append(name)
    return found


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
def test_the_document_gives_every_glyph_the_width_its_program_gives_it(
    renderer: CertificateRenderer, layout: str
) -> None:
    drawn = renderer.draw(replace(certificate(HARD_NAME), layout=layout))
    assert fonts_that_disagree(drawn.pdf) == []


def test_narrow_glyphs_are_seen_to_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FontUse, "widths", lambda _: "[32[10]]")
    assert len(fonts_that_disagree(fresh_renderer().draw(certificate()).pdf)) > 3


def test_the_same_text_has_the_same_code_whatever_was_drawn_before(
    renderer: CertificateRenderer,
) -> None:
    first = renderer.draw(certificate()).pdf
    renderer.draw(certificate(HARD_NAME))
    assert renderer.draw(certificate()).pdf == first
