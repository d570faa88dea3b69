"""Scans of signatures, made here: paper in uneven light, a shadow, dust, noise and JPEG."""

from __future__ import annotations

import random
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

INK = (40, 60, 110)
HAND = (
    ((30, 85), (35, 20), (52, 20), (54, 84)), ((54, 84), (70, 20), (86, 20), (90, 84)),
    ((90, 84), (104, 44), (118, 60), (120, 84)), ((120, 84), (140, 50), (150, 120), (128, 122)),
    ((128, 122), (140, 90), (170, 84), (190, 84)), ((250, 40), (190, 10), (190, 110), (240, 84)),
    ((240, 84), (262, 44), (262, 80), (270, 84)), ((270, 84), (284, 50), (290, 84), (312, 82)),
)  # fmt: skip
"""Strokes in a box of 340 by 130, their letters on a line at 84, one descender."""

LINE, DESCENDER, TOP = 84, 122, 30


def signature(scale: int = 4) -> Image.Image:
    """Return the mask of a hand."""
    mask = Image.new("L", (340 * scale, 130 * scale), 0)
    pen = ImageDraw.Draw(mask)
    for curve in HAND:
        for step in range(81):
            x, y = _at(curve, step / 80)
            half = scale * 0.75
            box = (x * scale - half, y * scale - half, x * scale + half, y * scale + half)
            pen.ellipse(box, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(scale / 4))


def _at(curve: tuple[tuple[int, int], ...], t: float) -> tuple[float, float]:
    points: list[tuple[float, float]] = [(float(x), float(y)) for x, y in curve]
    while len(points) > 1:
        points = [
            ((1 - t) * x + t * to_x, (1 - t) * y + t * to_y)
            for (x, y), (to_x, to_y) in pairwise(points)
        ]
    return points[0]


def scan(  # what makes one scan another
    *,
    ink: tuple[int, int, int] = INK,
    paper: tuple[int, int, int] = (206, 200, 188),
    shadow: float = 0.35,
    noise: int = 10,
    quality: int = 60,
    size: tuple[int, int] = (1700, 700),
    edges: bool = True,
) -> bytes:
    """Return a JPEG of a signature on paper.

    Args:
        ink: Its colour.
        paper: Colour of the paper in full light.
        shadow: What the darkest corner lacks of that light.
        noise: Spread of the grain, in levels.
        quality: Of the JPEG.
        size: Pixels.
        edges: Whether the dark bed of the scanner shows at two sides.
    """
    chance = random.Random(3)  # dust
    light = Image.new("L", (64, 32))
    light.putdata([
        round(255 * (1 - shadow * (x / 64) * (0.4 + 0.6 * y / 32)))
        for y in range(32)
        for x in range(64)
    ])  # fmt: skip
    light = light.resize(size, Image.Resampling.BICUBIC)
    sheet = Image.merge("RGB", [light.point([v * c // 255 for v in range(256)]) for c in paper])
    hand = signature()
    sheet.paste(ink, ((size[0] - hand.width) // 2, (size[1] - hand.height) // 2), hand)
    grain = [Image.effect_noise(size, noise) for _ in range(3)]
    pairs = zip(sheet.split(), grain, strict=True)
    sheet = Image.merge("RGB", [ImageChops.add(one, other, 1, -128) for one, other in pairs])
    pen = ImageDraw.Draw(sheet)
    for _ in range(40):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        pen.ellipse((x, y, x + 2, y + 2), fill=(120, 115, 110))
    if edges:
        pen.rectangle((0, 0, size[0], 9), fill=(70, 68, 66))
        pen.rectangle((0, 0, 6, size[1]), fill=(90, 88, 86))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=quality)
    return out.getvalue()
