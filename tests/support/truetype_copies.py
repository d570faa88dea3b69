"""Copies of the shipped faces for engines that read TrueType only, as reportlab does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

__all__ = ["truetype_copies"]

WITHIN = 1.0
"""Units by which a quadratic curve may differ from the cubic one."""


def truetype_copies(faces: Iterable[Path], folder: Path) -> Path:
    """Write a `.ttf` of each of *faces* into *folder*, and return it."""
    for face in faces:
        with TTFont(face, recalcTimestamp=False) as font:
            _turn(font)
            font.save(folder / f"{face.stem}.ttf")
    return folder


def _turn(font: TTFont) -> None:
    drawn = font.getGlyphSet()
    glyphs = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, WITHIN, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    font.sfntVersion = "\0\1\0\0"
    font["maxp"].tableVersion = 0x00010000
    for counter in (
        "maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
        "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
    ):  # fmt: skip
        setattr(font["maxp"], counter, 1 if counter == "maxZones" else 0)
    font["post"].formatType = 3.0
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphs, table.glyphOrder = glyphs, font.getGlyphOrder()
