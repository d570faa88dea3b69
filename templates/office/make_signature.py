"""Draw `signature.png`, the stand-in signature of a new office: a line of loops, nobody's hand.

python templates/office/make_signature.py
"""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 630, 135, 4
INK = (29, 53, 87, 255)


def stroke() -> list[tuple[float, float]]:
    """Return the points of the line: loops that shrink to the right, then a flourish."""
    points = []
    for step in range(1601):
        at = step / 1600
        size = 26 + 30 * math.exp(-((at / 0.07) ** 2)) + 18 * math.exp(-(((at - 0.46) / 0.05) ** 2))
        size *= 1 - max(0.0, at - 0.8) * 5
        x = 46 + 540 * at + 0.62 * size * math.sin(at * 75)
        y = 74 - size * math.cos(at * 75) - 26 * (at - 0.5)
        points.append((x * SCALE, y * SCALE))
    return points


def main() -> None:
    """Draw it four times as large, and shrink it, for smooth edges."""
    picture = Image.new("RGBA", (WIDTH * SCALE, HEIGHT * SCALE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    points = stroke()
    for place, (start, end) in enumerate(pairwise(points)):
        width = SCALE * (1.6 + 1.9 * math.sin(place / 21) ** 2)
        pen.line((*start, *end), fill=INK, width=round(width))
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    # A palette of sixteen blues: the picture goes into every certificate.
    small.quantize(16, method=Image.Quantize.FASTOCTREE).save(
        Path(__file__).with_name("signature.png"), optimize=True
    )


if __name__ == "__main__":
    main()
