"""A font of a provider, made here: a box a letter, because real ones have megabytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

NAMES = {"Chinese": "王小明", "Japanese": "山田 はなこ", "Korean": "김민수"}
LETTERS = sorted({each for name in NAMES.values() for each in name} - {" "})
FORMS = [(0x738B, 0xE0101, "u738B.second"), (0x5C0F, 0xFE00, None)]
"""Forms by base and selector; None is the usual one, said to be meant."""


def made(path: Path, *, outlines: str = "TrueType", letters: Sequence[str] = LETTERS) -> Path:
    """Make a font whose letters are boxes, each of another height."""
    glyphs = [".notdef", *(f"u{ord(each):04X}" for each in letters), "u738B.second"]
    forms = FORMS if letters is LETTERS else []
    builder = FontBuilder(1000, isTTF=outlines == "TrueType")
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(each): f"u{ord(each):04X}" for each in letters}, uvs=forms)
    if outlines == "TrueType":
        builder.setupGlyf(
            {name: boxed(index, TTGlyphPen(None)) for index, name in enumerate(glyphs)}
        )
    else:
        drawn = {
            name: boxed(index, T2CharStringPen(1000, None)) for index, name in enumerate(glyphs)
        }
        builder.setupCFF("Boxes", {}, drawn, {})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    if outlines == "TrueType":
        builder.setupFvar([("wght", 100, 100, 900, "Weight")], [])
    builder.save(path)
    return path


def boxed(index: int, pen: TTGlyphPen | T2CharStringPen) -> object:
    top = 400 + 20 * index
    pen.moveTo((100, 0))
    for corner in ((100, top), (900, top), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph() if isinstance(pen, TTGlyphPen) else pen.getCharString()
