"""The rosette: the picture of the seal, in vector operators that need no font."""

from __future__ import annotations

from cecert.adapters.render.ornament import Motif, circle, colour, number, ring
from cecert.adapters.render.setting import Setting
from cecert.adapters.render.shaping import Shaped
from cecert.adapters.render.styles import Style

__all__ = ["outlined", "plain_rosette", "rosette"]


def rosette(size: float, setting: Setting, word: str, style: Style) -> Motif:
    """Return the classic rosette in a square of *size* with a *word* in its middle."""
    half = size / 2
    shaped = style.shaped(word)
    width = (shaped.width - style.tracking) * style.size
    height = shaped.top * style.size
    parts: list[Motif | str] = [
        f"{colour(setting.colour('gold'), 'RG')} .22 w",
        ring(half - 3, 3, 60, 3),
        ring(half - 17.5, 11, 14, 14),
        f".6 w {circle(0, 0, half - 30)} h S",
        colour(style.colour, "rg"),
        f"{outlined(shaped, -width / 2, -height / 2, style.size)}\nf",
    ]
    return Motif.joined(parts).placed(f"1 0 0 1 {number(half)} {number(half)}")


def plain_rosette(size: float, setting: Setting) -> Motif:
    """Return the modern rosette in a square of *size*; it holds no word."""
    stroke = f"{colour(setting.colour('accent'), 'RG')} .28 w"
    half = number(size / 2)
    return Motif.joined([stroke, ring(13.5, 5.5, 16, 7)]).placed(f"1 0 0 1 {half} {half}")


def outlined(shaped: Shaped, x: float, y: float, size: float) -> str:
    """Return the outlines of a line of text as one path."""
    parts: list[str] = []
    for run in shaped.runs:
        for glyph in run.glyphs:
            pen = _Pen(x + glyph.dx * size, y + glyph.dy * size, size / run.face.units)
            run.face.hb_font.draw_glyph_with_pen(glyph.id, pen)
            parts += pen.parts
            x += glyph.advance * size
    return "\n".join(parts)


class _Pen:
    """Writes what HarfBuzz draws as path operators."""

    def __init__(self, x: float, y: float, scale: float) -> None:
        self.x, self.y, self.scale = x, y, scale
        self.parts: list[str] = []
        self._at = (0.0, 0.0)

    def _point(self, point: tuple[float, float]) -> str:
        x, y = self.x + point[0] * self.scale, self.y + point[1] * self.scale
        return f"{number(round(x, 2))} {number(round(y, 2))}"

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # the pen protocol's name
        self._at = point
        self.parts.append(f"{self._point(point)} m")

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._at = point
        self.parts.append(f"{self._point(point)} l")

    def curveTo(  # noqa: N802
        self, one: tuple[float, float], two: tuple[float, float], end: tuple[float, float]
    ) -> None:
        self._at = end
        self.parts.append(f"{self._point(one)} {self._point(two)} {self._point(end)} c")

    def qCurveTo(self, middle: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        one = _between(self._at, middle, 2 / 3)
        self.curveTo(one, _between(end, middle, 2 / 3), end)

    def closePath(self) -> None:  # noqa: N802
        self.parts.append("h")


def _between(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
