"""Ornament: guilloche band, ring and swelled rule, as vector operators.

Each is one small curve, held once and placed again and again in a turned or moved
coordinate system. All of it is an artifact: no reader announces it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from zlib import crc32

from cecert.adapters.render.layout.page import Box, Drawn, Form

__all__ = [
    "Curve", "Motif", "band", "circle", "colour", "filled", "frame", "number", "outlined_box",
    "polyline", "ring", "surrounded", "swelled_rule",
]  # fmt: skip

Curve = Callable[[float], tuple[float, float, float, float]]
"""A parameter to x, y and their derivatives."""


@dataclass(frozen=True, slots=True)
class Motif:
    """Operators, and the forms they place."""

    operators: str
    forms: tuple[Form, ...] = ()

    def placed(self, matrix: str) -> Motif:
        """Return it in another coordinate system."""
        return Motif(f"q {matrix} cm\n{self.operators}\nQ", self.forms)

    @classmethod
    def joined(cls, parts: Sequence[Motif | str]) -> Motif:
        """Return one motif that draws all *parts* in turn."""
        motifs = [cls(part) if isinstance(part, str) else part for part in parts]
        forms = dict.fromkeys(form for each in motifs for form in each.forms)
        return cls("\n".join(each.operators for each in motifs), tuple(forms))

    def drawn(self, box: Box) -> Drawn:
        """Return the motif as an item of a page, which draws within *box*."""
        return Drawn(self.operators.encode("ascii"), box, self.forms)


def _form(operators: str, box: Box) -> Form:
    data = operators.encode("ascii")
    return Form(f"O{crc32(data):08x}", box, data)


PERIOD = 23
"""Points after which a band repeats."""

_KAPPA = 0.5523  # control points of a quarter circle


def number(value: float) -> str:
    """Write a length as PDF does, to a thousandth of a point.

    >>> [number(each) for each in (1.0, 0.5, -0.0001, 12.3456)]
    ['1', '.5', '0', '12.346']
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    if text in {"-0", ""}:
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _fine(value: float) -> str:
    """Write a curve's length to a hundredth of a point, which is finer than a hair's breadth."""
    return number(round(value, 2))


@lru_cache(maxsize=256)
def colour(value: str, operator: str) -> str:
    """Write a colour operator: `rg` fills, `RG` strokes."""
    channels = (int(value[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return f"{' '.join(number(each) for each in channels)} {operator}"


def _curve(curve: Curve, start: float, end: float, pieces: int) -> str:
    step = (end - start) / pieces
    x, y, dx, dy = curve(start)
    parts = [f"{_fine(x)} {_fine(y)} m"]
    for index in range(1, pieces + 1):
        to_x, to_y, to_dx, to_dy = curve(start + index * step)
        third = step / 3
        points = (x + dx * third, y + dy * third, to_x - to_dx * third, to_y - to_dy * third)
        parts.append(f"{' '.join(map(_fine, (*points, to_x, to_y)))} c")
        x, y, dx, dy = to_x, to_y, to_dx, to_dy
    return "\n".join(parts)


def _wave(amplitude: float, period: float, phase: float) -> Curve:
    def at(x: float) -> tuple[float, float, float, float]:
        angle = 2 * pi * x / period + phase
        return x, amplitude * sin(angle), 1.0, amplitude * cos(angle) * 2 * pi / period

    return at


def _turn(share: float) -> str:
    angle = 2 * pi * share
    return f"{cos(angle):.7f} {sin(angle):.7f} {-sin(angle):.7f} {cos(angle):.7f} 0 0 cm"


def band(length: float, amplitude: float, inner: float, width: float) -> Motif:
    """Return a band along the x axis from 0 on, centred on it; lengths in points.

    Six lines of *amplitude* whose phases are 60 degrees apart, and two of *inner* at
    twice the frequency, in opposition. All bands place one form, stretched by a hair.

    Args:
        length: From end to end.
        amplitude: Of six lines, whose phases are 60 degrees apart.
        inner: Of two lines in opposition, at twice the frequency.
        width: Of the line.
    """
    periods = round(length / PERIOD)
    lines = [_wave(amplitude, PERIOD, index * pi / 3) for index in range(6)]
    lines += [_wave(inner, PERIOD / 2, phase) for phase in (0, pi)]
    curves = (_curve(line, 0, PERIOD, 4 if n < 6 else 8) for n, line in enumerate(lines))  # noqa: PLR2004
    form = _form("\n".join(f"{each} S" for each in curves), Box(-1, -6, PERIOD + 1, 6))
    stretched = f"{length / periods / PERIOD:.6f} 0 0 1 0 0 cm"
    again = f"/{form.name} Do 1 0 0 1 {PERIOD} 0 cm\n"
    return Motif(f"q {number(width)} w {stretched}\n{again * periods}Q", (form,))


def ring(mean: float, amplitude: float, lobes: int, turns: int) -> Motif:
    """Return the line r = mean + amplitude cos(lobes t) round the origin.

    Args:
        mean: Its middle radius, in points.
        amplitude: How far it goes in and out, in points.
        lobes: How often it does on one turn.
        turns: How many such lines there are, each turned a little further.
    """

    def at(t: float) -> tuple[float, float, float, float]:
        r, dr = mean + amplitude * cos(lobes * t), -amplitude * lobes * sin(lobes * t)
        return r * cos(t), r * sin(t), dr * cos(t) - r * sin(t), dr * sin(t) + r * cos(t)

    lobe = _curve(at, 0, 2 * pi / lobes, 4 if lobes > 40 else 8)  # noqa: PLR2004
    most = mean + amplitude + 1
    form = _form(f"{lobe} S", Box(-most, -most, most, most))
    once = f"/{form.name} Do {_turn(1 / lobes)}\n"
    return Motif(f"q\n{(once * lobes + _turn(1 / lobes / turns) + chr(10)) * turns}Q", (form,))


def circle(x: float, y: float, radius: float) -> str:
    """Return the path of a circle.

    Args:
        x: Of its centre, in points.
        y: Of its centre.
        radius: In points.
    """
    k = _KAPPA * radius
    quarters = [
        (radius, k, k, radius, 0, radius),
        (-k, radius, -radius, k, -radius, 0),
        (-radius, -k, -k, -radius, 0, -radius),
        (k, -radius, radius, -k, radius, 0),
    ]
    parts = [f"{number(x + radius)} {number(y)} m"]
    for points in quarters:
        moved = (point + (y if odd % 2 else x) for odd, point in enumerate(points))
        parts.append(f"{' '.join(map(number, moved))} c")
    return "\n".join(parts)


def filled(box: Box, fill: str) -> str:
    """Return a rectangle filled with a colour."""
    sides = (box.left, box.bottom, box.right - box.left, box.top - box.bottom)
    return f"{colour(fill, 'rg')}\n{' '.join(map(number, sides))} re f"


def outlined_box(box: Box, weight: float, stroke: str) -> Drawn:
    """Return the outline of a rectangle.

    Args:
        box: The rectangle.
        weight: Of the line, in points.
        stroke: Its colour, `#RRGGBB`.
    """
    sides = (box.left, box.bottom, box.right - box.left, box.top - box.bottom)
    operators = f"{colour(stroke, 'RG')} {number(weight)} w {' '.join(map(number, sides))} re S"
    return Drawn(operators.encode("ascii"), box)


DIRECTIONS = 72
"""In which the outline of a logo is moved outward."""


def surrounded(outline: Sequence[tuple[float, float]], box: Box, by: float) -> Drawn:
    """Return white round the hull of an outline.

    Args:
        outline: Points, 1 being the width and height of *box*.
        box: Where what it surrounds stands, in points.
        by: How wide the white is, in points.
    """
    width, height = box.right - box.left, box.top - box.bottom
    points = [(box.left + x * width, box.bottom + y * height) for x, y in outline]
    turns = [2 * pi * each / DIRECTIONS for each in range(DIRECTIONS)]
    reach = [max(x * cos(turn) + y * sin(turn) for x, y in points) + by for turn in turns]
    # Where the tangents of two neighbouring directions meet.
    apart = sin(2 * pi / DIRECTIONS)
    corners = []
    for one, after, turn, next_turn in zip(
        reach, reach[1:] + reach[:1], turns, turns[1:] + turns[:1], strict=True
    ):
        x = (one * sin(next_turn) - after * sin(turn)) / apart
        y = (after * cos(turn) - one * cos(next_turn)) / apart
        corners.append(f"{number(x)} {number(y)}")
    path = f"{corners[0]} m\n" + "\n".join(f"{each} l" for each in corners[1:])
    return Drawn(f"{colour('#FFFFFF', 'rg')}\n{path} h f".encode("ascii"), box.widened(by))


def polyline(x: float, y: float, to_x: float, to_y: float, width: float, stroke: str) -> str:
    """Return the operators of a straight rule.

    Args:
        x: Where it begins, in points.
        y: Where it begins.
        to_x: Where it ends.
        to_y: Where it ends.
        width: Of the line, in points.
        stroke: Its colour, `#RRGGBB`.
    """
    ends = f"{number(x)} {number(y)} m {number(to_x)} {number(to_y)} l S"
    return f"{colour(stroke, 'RG')} {number(width)} w {ends}"


@lru_cache(maxsize=16)  # a page that is tried on many rungs has one frame
def frame(width: float, height: float, line: str, guilloche: str) -> Motif:
    """Return the classic frame of a sheet: rules, band, corners.

    Source: docs/spec/certificate-design.md 1, 6.

    Args:
        width: Of the sheet, in points.
        height: Of the sheet.
        line: Colour of the rules, `#RRGGBB`.
        guilloche: Colour of band and corners.
    """
    parts = [colour(line, "RG")]
    for inset, weight in ((18, 1.1), (20.4, 0.35), (32, 0.35), (34.2, 0.7)):
        sides = (inset, inset, width - 2 * inset, height - 2 * inset)
        parts.append(f"{number(weight)} w {' '.join(map(number, sides))} re S")
    corners = [_corner(x, y) for x in (26.2, width - 26.2) for y in (26.2, height - 26.2)]
    return Motif.joined([*parts, colour(guilloche, "RG"), *_sides(width, height), *corners])


def _sides(width: float, height: float) -> list[Motif]:
    across, along = band(width - 64, 4.5, 1.9, 0.22), band(height - 64, 4.5, 1.9, 0.22)
    return [
        across.placed("1 0 0 1 32 26.2"),
        across.placed(f"1 0 0 1 32 {number(height - 26.2)}"),
        along.placed("0 1 -1 0 26.2 32"),
        along.placed(f"0 1 -1 0 {number(width - 26.2)} 32"),
    ]


def _corner(x: float, y: float) -> Motif:
    square = f".35 w {number(x - 5.8)} {number(y - 5.8)} 11.6 11.6 re S .22 w"
    return Motif.joined([square, ring(3.3, 1.7, 8, 3).placed(f"1 0 0 1 {number(x)} {number(y)}")])


def swelled_rule(x: float, y: float, fill: str, length: float = 150) -> str:
    """Return the lens with its diamond, lying along the x axis.

    Args:
        x: Of its centre, in points.
        y: Of its centre.
        fill: Its colour, `#RRGGBB`.
        length: From tip to tip, in points.
    """
    half, third = number(length / 2), number(length / 6)
    lens = (
        f"-{half} 0 m -{third} 1.333 {third} 1.333 {half} 0 c "
        f"{third} -1.333 -{third} -1.333 -{half} 0 c f"
    )
    return "\n".join([
        f"q 1 0 0 1 {number(x)} {number(y)} cm {colour(fill, 'rg')}", lens,
        "1 1 1 rg", _diamond(4.2), colour(fill, "rg"), _diamond(2.2), "Q",
    ])  # fmt: skip


def _diamond(half: float) -> str:
    side = number(half)
    return f"{number(-half)} 0 m 0 {side} l {side} 0 l 0 {number(-half)} l f"
