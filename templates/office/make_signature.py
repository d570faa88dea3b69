"""Draw `signature.png`, the stand-in signature of a new office: nobody's hand.

    python templates/office/make_signature.py

Each stroke is a curve through a few points (Catmull-Rom), thicker where the pen goes down.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 630, 135, 4
INK = (29, 53, 87, 255)
STEPS = 40

Point = tuple[float, float]

STROKES: tuple[tuple[Point, ...], ...] = (
    # A capital M, and small letters that run out into a line.
    ((30, 96), (40, 108), (52, 84), (66, 40), (76, 22), (78, 44), (76, 92), (90, 58), (112, 26),
     (120, 30), (114, 72), (116, 98), (132, 92), (146, 74), (158, 70), (150, 88), (156, 97),
     (172, 82), (180, 72), (182, 94), (194, 76), (204, 74), (204, 92), (216, 92), (230, 72),
     (232, 94), (226, 122), (214, 126), (222, 104), (250, 84)),
    # A capital C.
    ((342, 34), (334, 22), (312, 28), (290, 56), (286, 86), (304, 100), (336, 92), (354, 74),
     (362, 74), (360, 94), (374, 92), (384, 74), (390, 74), (388, 96), (404, 76), (414, 73),
     (412, 92), (428, 66), (440, 34), (434, 70), (438, 95), (454, 84), (462, 74), (462, 95),
     (476, 78), (486, 75), (486, 95), (502, 84), (560, 70), (606, 74)),
    # The cross of a t, and the dot of an i.
    ((420, 60), (436, 57), (458, 55)),
    ((466, 58), (468, 59)),
)  # fmt: skip


def curve(points: tuple[Point, ...]) -> list[Point]:
    """Return a smooth line through *points*."""
    ends = (points[0], *points, points[-1])
    return [
        spline(ends[place : place + 4], step / STEPS)
        for place in range(len(ends) - 3)
        for step in range(STEPS)
    ] + [points[-1]]


def spline(four: tuple[Point, ...], at: float) -> Point:
    """Return the point *at* (0 to 1) between the second and third of *four*."""
    x, y = (
        0.5
        * (
            2 * b
            + (c - a) * at
            + (2 * a - 5 * b + 4 * c - d) * at**2
            + (3 * b - a - 3 * c + d) * at**3
        )
        for a, b, c, d in zip(*four, strict=True)
    )
    return x, y


def main() -> None:
    """Draw it four times as large, and shrink it, for smooth edges."""
    picture = Image.new("RGBA", (WIDTH * SCALE, HEIGHT * SCALE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    for points in STROKES:
        width = 2.0
        for start, end in pairwise(curve(points)):
            down = (end[1] - start[1]) / (abs(end[0] - start[0]) + abs(end[1] - start[1]) + 0.01)
            width += 0.06 * (2.3 + 1.3 * down - width)
            x, y, radius = end[0] * SCALE, end[1] * SCALE, width * SCALE / 2
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=INK)
            pen.line((start[0] * SCALE, start[1] * SCALE, x, y), fill=INK, width=round(2 * radius))
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    # A palette of sixteen blues: the picture goes into every certificate.
    small.quantize(16, method=Image.Quantize.FASTOCTREE).save(
        Path(__file__).with_name("signature.png"), optimize=True
    )


if __name__ == "__main__":
    main()
