"""Outlines of fewer curves: what a letter needs at the sizes it is printed in.

A typeface drawn for posters has serifs of a dozen curves each. Here every contour gets
the cheapest chain of lines and curves that starts and ends on points of the original,
keeps its tangents there and nowhere leaves it by more than is allowed; its points then
stand on a grid. Nothing is kinked that was not: a joint keeps both its directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from fontTools.pens.basePen import BasePen

Piece = tuple[complex, ...]
"""A line (2 points) or a cubic curve (4)."""

LONGEST_SPAN = 12
"""Pieces of the original that one piece may replace."""

MOST_FAILURES = 3
"""Longer spans are not tried once so many have failed."""

SAMPLES = 6
ROUNDS = 4
LINE_COST, STRAIGHT_COST, CURVE_COST = 3.2, 2.2, 7.5
"""Bytes of a piece in a charstring; a horizontal or vertical direction saves one."""


@dataclass(frozen=True)
class Allowed:
    """What an outline may change by, in 1/1000 em.

    Attributes:
        curve, line: How far a curve, or a line, may leave the original.
        grid: What coordinates are multiples of.
    """

    curve: float
    line: float
    grid: int


class PiecesPen(BasePen):  # type: ignore[misc]  # the library has no hints
    """Collects what is drawn as contours of pieces."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.contours: list[list[Piece]] = []
        self._at = self._start = 0j

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # the library's name
        self._at = self._start = complex(*point)
        self.contours.append([])

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._to(complex(*point))

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._to(*(complex(*each) for each in points))

    def _closePath(self) -> None:  # noqa: N802
        self._to(self._start)

    def _to(self, *points: complex) -> None:
        if any(point != self._at for point in points):
            self.contours[-1].append((self._at, *points))
        self._at = points[-1]


def fitted(contour: Sequence[Piece], allowed: Allowed) -> list[Piece]:
    """Return a closed contour in as few bytes as *allowed* lets it."""
    start = min(range(len(contour)), key=lambda index: _straightness(contour, index))
    turned = [*contour[start:], *contour[:start]]
    chain = _cheapest(turned, allowed)
    return [tuple(_on_grid(point, allowed.grid) for point in piece) for piece in chain]


def _straightness(contour: Sequence[Piece], index: int) -> float:
    return (_leaving(contour[index]) * _arriving(contour[index - 1]).conjugate()).real


def _cheapest(contour: Sequence[Piece], allowed: Allowed) -> list[Piece]:
    """Return the chain of pieces that costs least (dynamic programming over its points)."""
    count = len(contour)
    best: list[tuple[float, int, Piece]] = [(0.0, 0, ())] + [(1e9, 0, ())] * count
    for start in range(count):
        samples = [contour[start][0]]
        failures = 0
        for end in range(start + 1, min(count, start + LONGEST_SPAN) + 1):
            samples += _sampled(contour[end - 1])
            span = contour[start:end]
            piece = _line(samples, allowed.line) or _curve(span, samples, allowed.curve)
            if not piece:
                failures += 1
                if failures > MOST_FAILURES:
                    break
            elif (cost := best[start][0] + _cost(piece)) < best[end][0]:
                best[end] = (cost, start, piece)
    return _walked_back(best)


def _walked_back(best: Sequence[tuple[float, int, Piece]]) -> list[Piece]:
    found, place = [], len(best) - 1
    while place:
        _, place, piece = best[place]
        found.append(piece)
    return found[::-1]


def _line(samples: Sequence[complex], allowed: float) -> Piece | None:
    first, last = samples[0], samples[-1]
    if first == last or any(_off_line(each, first, last) > allowed for each in samples):
        return None
    return first, last


def _off_line(point: complex, first: complex, last: complex) -> float:
    along = last - first
    share = ((point - first) * along.conjugate()).real / abs(along) ** 2
    return abs(point - first - min(1.0, max(0.0, share)) * along)


def _curve(span: Sequence[Piece], samples: Sequence[complex], allowed: float) -> Piece | None:
    """Fit one curve to *samples* by least squares, moving their parameters between rounds."""
    if len(span) == 1:
        return span[0]
    leaving, arriving = _leaving(span[0]), _arriving(span[-1])
    lengths = [*accumulate((abs(b - a) for a, b in pairwise(samples)), initial=0.0)]
    places = [each / lengths[-1] for each in lengths]
    for _ in range(ROUNDS):
        piece = _least_squares(samples, places, leaving, arriving, lengths[-1])
        places = [_nearest(piece, each, place) for each, place in zip(samples, places, strict=True)]
        off = max(abs(_at(piece, p) - s) for s, p in zip(samples, places, strict=True))
        if off <= allowed:
            return piece
        if off > 6 * allowed:
            return None
    return None


def _least_squares(
    samples: Sequence[complex],
    places: Sequence[float],
    leaving: complex,
    arriving: complex,
    length: float,
) -> Piece:
    """Return the curve with these end tangents whose handles fit best."""
    first, last = samples[0], samples[-1]
    aa = bb = ab = ar = br = 0.0
    cosine = (leaving * -arriving.conjugate()).real
    for sample, u in zip(samples, places, strict=True):
        v = 1 - u
        one, two = 3 * v * v * u, 3 * v * u * u
        rest = sample - first * (v * v * v + one) - last * (two + u * u * u)
        aa, bb, ab = aa + one * one, bb + two * two, ab + one * two * cosine
        ar += one * (rest * leaving.conjugate()).real
        br += two * (rest * -arriving.conjugate()).real
    determinant = aa * bb - ab * ab
    begin = end = 0.0
    if abs(determinant) > 1e-9:  # noqa: PLR2004  # else the tangents are parallel
        begin = (ar * bb - br * ab) / determinant
        end = (aa * br - ab * ar) / determinant
    if not all(0.01 * length < each < 2 * length for each in (begin, end)):
        begin = end = length / 3
    return first, first + leaving * begin, last - arriving * end, last


def _nearest(piece: Piece, sample: complex, place: float) -> float:
    """Return the parameter one step of Newton's nearer to a sample."""
    slope = _slope(piece, place)
    if not slope:
        return place
    ahead = ((_at(piece, place) - sample) * slope.conjugate()).real / abs(slope) ** 2
    return min(1.0, max(0.0, place - ahead))


def _at(piece: Piece, u: float) -> complex:
    if len(piece) == 2:  # noqa: PLR2004  # a line
        return piece[0] + (piece[1] - piece[0]) * u
    a, b, c, d = piece
    v = 1 - u
    return v * v * v * a + 3 * v * v * u * b + 3 * v * u * u * c + u * u * u * d


def _slope(piece: Piece, u: float) -> complex:
    a, b, c, d = piece
    v = 1 - u
    return 3 * (v * v * (b - a) + 2 * v * u * (c - b) + u * u * (d - c))


def _sampled(piece: Piece) -> list[complex]:
    count = 2 if len(piece) == 2 else SAMPLES  # noqa: PLR2004
    return [_at(piece, step / count) for step in range(1, count + 1)]


def _leaving(piece: Piece) -> complex:
    to = next(each for each in piece[1:] if each != piece[0])
    return (to - piece[0]) / abs(to - piece[0])


def _arriving(piece: Piece) -> complex:
    back = next(each for each in piece[-2::-1] if each != piece[-1])
    return (piece[-1] - back) / abs(piece[-1] - back)


def _cost(piece: Piece) -> float:
    if len(piece) == 2:  # noqa: PLR2004
        along = piece[1] - piece[0]
        return STRAIGHT_COST if not along.real or not along.imag else LINE_COST
    return CURVE_COST - _is_straight(_leaving(piece)) - _is_straight(_arriving(piece))


def _is_straight(direction: complex) -> bool:
    return min(abs(direction.real), abs(direction.imag)) < 0.02  # noqa: PLR2004


def _on_grid(point: complex, grid: int) -> complex:
    return complex(round(point.real / grid) * grid, round(point.imag / grid) * grid)
