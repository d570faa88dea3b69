"""The rosette: the picture of the seal, in vector operators that need no font."""

from __future__ import annotations

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen

from cecert.adapters.render.layout.ornament import Motif, circle, colour, number, ring
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.text.faces import Face
from cecert.adapters.render.text.shaping import Shaped, Style

__all__ = ["FINE", "outlined", "plain_rosette", "rosette"]

_Point = tuple[float, float]

FINE = 250
"""Units of an em in outlines: a hair's breadth in a seal, and what the face is drawn on."""


def rosette(size: float, setting: LayoutContext, word: str, style: Style) -> Motif:
    """Return the classic rosette with a word in its middle.

    Args:
        size: Edge of its square, in points.
        setting: Whose layout has the colours.
        word: What it says.
        style: Of the word.
    """
    half = size / 2
    shaped = style.shaped(word)
    width = (shaped.width - style.tracking) * style.size
    height = shaped.top * style.size
    parts: list[Motif | str] = [
        f"{colour(setting.layout.colours['gold'], 'RG')} .22 w",
        ring(half - 3, 3, 60, 3),
        ring(half - 17.5, 11, 14, 14),
        f".6 w {circle(0, 0, half - 30)} h S",
        colour(style.colour, "rg"),
        outlined(shaped, -width / 2, -height / 2, style.size, "f"),
    ]
    return Motif.joined(parts).placed(f"1 0 0 1 {number(half)} {number(half)}")


def plain_rosette(size: float, setting: LayoutContext) -> Motif:
    """Return the modern rosette in a square of *size*; it holds no word."""
    stroke = f"{colour(setting.layout.colours['accent'], 'RG')} .28 w"
    half = number(size / 2)
    return Motif.joined([stroke, ring(13.5, 5.5, 16, 7)]).placed(f"1 0 0 1 {half} {half}")


def outlined(shaped: Shaped, x: float, y: float, size: float, paint: str) -> str:
    """Return the outlines of a line of text, each glyph in its own units and painted.

    Args:
        shaped: The line.
        x: Where its baseline begins, in points.
        y: Its baseline.
        size: Points.
        paint: The operator that paints a path: `f` fills, `S` strokes.
    """
    parts: list[str] = []
    for run in shaped.runs:
        scale = size / FINE
        for glyph in run.glyphs:
            place = f"{number(x + glyph.dx * size)} {number(y + glyph.dy * size)}"
            path = _path(run.face, glyph.id)
            parts.append(f"q {scale:.6f} 0 0 {scale:.6f} {place} cm\n{path} {paint} Q")
            x += glyph.advance * size
    return "\n".join(parts)


def _path(face: Face, glyph: int) -> str:
    """Return a glyph's outline in 1/`FINE` em."""
    pen = _Pen()
    scale = FINE / face.units
    face.hb_font.draw_glyph_with_pen(glyph, TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    return "\n".join(pen.parts)


class _Pen(BasePen):  # type: ignore[misc]  # the library has no hints
    """Writes what HarfBuzz draws as path operators."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def _moveTo(self, point: _Point) -> None:  # noqa: N802  # the library's name
        self._write("m", point)

    def _lineTo(self, point: _Point) -> None:  # noqa: N802
        self._write("l", point)

    def _curveToOne(self, *points: _Point) -> None:  # noqa: N802
        self._write("c", *points)

    def _closePath(self) -> None:  # noqa: N802
        self.parts.append("h")

    def _write(self, operator: str, *points: _Point) -> None:
        self.parts.append(f"{' '.join(f'{round(x)} {round(y)}' for x, y in points)} {operator}")
