"""Codes at the size we print, from the smallest to the fullest, read from poor scans."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from cecert.adapters.document_reader.pictures import codes_of_picture
from cecert.adapters.document_reader.process import ReadingLimits
from cecert.adapters.render.qr import POINTS, symbol
from cecert.domain.cose.digits import digits_of_bytes

LIMITS = ReadingLimits()
PREFIX = "https://verify.example.edu/#1"
SIZES = range(170, 421, 10)
"""Bytes of a token: the shortest is near 170, a longer one than 420 is not issued."""

PRINTER, SCANNER, INCH = 600, 200, 72
MARGIN = 40
"""Pixels of white paper around the scanned symbol."""


def printed(url: str) -> Image.Image:
    """Return a symbol as a laser printer sets it: black or white, modules of uneven width."""
    modules, picture = symbol(url)
    edge = round(POINTS / INCH * PRINTER)
    bits = Image.frombytes("1", (modules, modules), picture, "raw", "1;I")
    return bits.convert("L").resize((edge, edge), Image.Resampling.NEAREST)


def scanned(url: str) -> Image.Image:
    edge = round(POINTS / INCH * SCANNER)
    seen = printed(url).resize((edge, edge), Image.Resampling.BILINEAR)
    paper = Image.new("L", (edge + 2 * MARGIN, edge + 2 * MARGIN), 255)
    paper.paste(seen, (MARGIN, MARGIN))
    return paper


def saved(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned(image: Image.Image) -> Image.Image:
    return image.rotate(7, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def codes() -> list[str]:
    chance = random.Random(420)  # the same in every run
    return [PREFIX + digits_of_bytes(chance.randbytes(size)) for size in SIZES]


# docs/spec/token.md M3; at least 95 % at 200 dpi is what was promised.
@pytest.mark.parametrize(
    "degrade",
    [
        saved,
        lambda image: saved(turned(image)),
        lambda image: saved(image, "JPEG", quality=30),
        lambda image: saved(image.convert("1", dither=Image.Dither.NONE)),
    ],
    ids=["clean", "rotated", "JPEG 30", "1-bit"],
)
def test_at_least_nineteen_of_twenty_codes_are_read(
    degrade: Callable[[Image.Image], bytes],
) -> None:
    urls = codes()
    read = [
        codes_of_picture(degrade(scanned(url)), LIMITS)["pages"][0]["codes"] == [url]
        for url in urls
    ]
    assert sum(read) >= 0.95 * len(urls)


def test_the_sizes_are_those_that_are_printed() -> None:
    edges = {symbol(url)[0] for url in codes()}
    assert (min(edges), max(edges)) == (65, 85)
    # Millimetres of a module: never under 0.42 (docs/spec/token.md W4).
    assert POINTS / INCH * 25.4 / max(edges) > 0.42
