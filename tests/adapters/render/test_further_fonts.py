"""Fonts of the provider: Chinese, Japanese and Korean names, and the files that are refused.

The font is made here, a box a letter, because real ones have megabytes. Real ones, each
configured alone (DroidSansFallbackFull.ttf for Chinese, ipam.ttf for Japanese,
NanumMyeongjo.ttf for Korean, HanaMinA.ttf for forms by selector), drew such names on
2026-11-24: they were validated, read back and looked at.
"""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any

import certificate_samples
import page
import pytest
from certificate_samples import ISSUED, ROOT, certificate, sealer
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTCollection, TTFont
from further_fonts import LETTERS, NAMES, made
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import inks
from cecert.adapters.render.text.faces import FaceShelf
from cecert.errors import ConfigurationError


@pytest.fixture(scope="module")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> CertificateRenderer:
    font = made(tmp_path_factory.mktemp("fonts") / "Boxes.ttf")
    return certificate_samples.renderer(extra_fonts=[font], seal_room=sealer().room)


def test_two_forms_of_one_letter_are_two_glyphs(drawer: CertificateRenderer) -> None:
    usual, second = (
        next(
            ink
            for ink in inks(drawer.pages(certificate(name), specimen=False)[0])
            if ink.what == "recipient name"
        )
        for name in ("\u738b\u660e", "\u738b\U000e0101\u660e")
    )
    (one, _), (other, _) = usual.shaped.runs[0].glyphs, second.shaped.runs[0].glyphs
    assert one.id != other.id
    assert (one.text, other.text) == ("\u738b", "\u738b\U000e0101")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (
            "\u738b\ufe00\u660e",
            "holds U+738B CJK UNIFIED IDEOGRAPH-738B in the form of U+FE00 VARIATION SELECTOR-1",
        ),
        ("Ana\U000e0101 Ruiz", "holds U+0061 LATIN SMALL LETTER A in the form of U+E0101"),
        ("\ufe00Ana", "holds U+FE00 VARIATION SELECTOR-1"),
        ("\u738b\U000e0101\ufe00", "holds U+FE00 VARIATION SELECTOR-1"),
    ],
)
def test_a_form_no_font_has_is_refused_and_never_drawn_as_another(
    drawer: CertificateRenderer, name: str, problem: str
) -> None:
    (fault,) = drawer.faults(certificate(name))
    assert fault.place == f"{name}: recipient name"
    assert fault.problem.startswith(problem)
    assert fault.problem.endswith("which no font here has")
    assert ("HanaMinA.ttf" in fault.remedy) == ("in the form of" in problem)


def test_a_font_of_many_weights_is_embedded_in_the_one_that_is_drawn(
    drawer: CertificateRenderer,
) -> None:
    reader = PdfReader(BytesIO(drawer.draw(certificate(NAMES["Chinese"])).pdf))
    size: Any = reader.trailer["/Size"]
    descriptors: list[Any] = [reader.get_object(number) for number in range(1, size)]
    programs = [
        each["/FontFile3"].get_data()
        for each in descriptors
        if hasattr(each, "get") and "Boxes" in each.get("/FontName", "")
    ]
    drawn = [glyph_boxes(program) for program in programs]
    assert drawn == [[(100, 0, 900, 400 + 20 * (1 + LETTERS.index(each))) for each in "王小明"]]


def glyph_boxes(program: bytes) -> list[object]:
    """Return the bounds of each glyph of a CFF font but the first."""
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(program), None)
    glyphs: Any = fonts[0].CharStrings
    return [glyphs[name].calcBounds(glyphs) for name in fonts[0].charset[1:]]


def test_a_font_of_postscript_outlines_is_drawn(tmp_path: Path) -> None:
    font = made(tmp_path / "boxes.otf", outlines="CFF")
    drawer = certificate_samples.renderer(extra_fonts=[font], seal_room=sealer().room)
    pdf = sealer().seal(drawer.draw(certificate(NAMES["Chinese"])), ISSUED)
    assert page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_A_3U).is_compliant
    assert NAMES["Chinese"] in PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_a_font_that_cannot_be_embedded_is_refused_with_the_name_of_one_that_can(
    tmp_path: Path,
) -> None:
    bare = tmp_path / "bare.ttf"
    bare.write_bytes(made(tmp_path / "whole.ttf").read_bytes().replace(b"loca", b"nope", 1))
    collection = TTCollection()
    collection.fonts = [TTFont(made(tmp_path / "boxes.ttf"))]
    collection.save(tmp_path / "boxes.ttc")
    none = tmp_path / "picture.ttf"
    none.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(ConfigurationError) as refused:
        FaceShelf(ROOT / "fonts", [bare, tmp_path / "boxes.ttc", none])
    found = [(Path(each.value).name, each.problem) for each in refused.value.faults]
    assert found == [
        ("bare.ttf", "is no font with outlines: it has neither glyf and loca nor CFF"),
        ("boxes.ttc", "is a collection of fonts; take one font out of it"),
        ("picture.ttf", "is no font"),
    ]
    for fault in refused.value.faults:
        for works in (
            "for Chinese DroidSansFallbackFull.ttf (Debian: fonts-droid-fallback)",
            "for Japanese ipam.ttf (fonts-ipafont-mincho)",
            "for Korean NanumMyeongjo.ttf (fonts-nanum)",
        ):
            assert works in fault.remedy


def test_a_letter_no_font_has_is_told_where_to_name_one_that_has_it() -> None:
    (fault,) = certificate_samples.renderer().faults(certificate("王小明"))
    assert fault.remedy.startswith("cecert fonts add chinese takes NotoSerifCJK-Regular.ttc")
    assert fault.remedy.endswith("in Debian from fonts-noto-cjk")


@pytest.mark.parametrize("name", ["\uae40\ubbfc\uc218", "\u304c"], ids=["Korean", "Japanese"])
def test_a_syllable_is_never_drawn_as_the_letters_it_comes_apart_into(
    name: str, tmp_path: Path
) -> None:
    parts = sorted(set(unicodedata.normalize("NFD", name)))
    font = made(tmp_path / "Parts.ttf", letters=parts)
    (fault,) = certificate_samples.renderer(extra_fonts=[font]).faults(certificate(name))
    assert fault.problem.startswith(f"holds U+{ord(name[0]):04X} ")
