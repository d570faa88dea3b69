"""Pictures: a logo or signature as a provider has it, made fit for print."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from cecert.errors import ConfigurationError, Fault

__all__ = ["PrintPicture", "print_picture"]

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
"""Beyond these a file is taken for a mistake or a bomb."""

PRINT_DPI = 450


@dataclass(frozen=True, slots=True)
class PrintPicture:
    """A picture as PDF holds it.

    Attributes:
        width, height: Pixels.
        colours: 1 for grey, 3 for RGB.
        data: Deflated rows, each with its PNG predictor.
        alpha: The same of its transparency, or None if it is opaque.
    """

    width: int
    height: int
    colours: int
    data: bytes
    alpha: bytes | None


def print_picture(data: bytes, name: str, points: tuple[float, float]) -> PrintPicture:
    """Read a PNG or JPEG that is printed no larger than *points*.

    Raises:
        ConfigurationError: If it is no such picture, or is too large to be honest.
    """
    if len(data) > MOST_BYTES:
        raise _refused(name, f"has {len(data):,} bytes, at most {MOST_BYTES:,} are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
            pixels = image.width * image.height
            if pixels > MOST_PIXELS:
                problem = (
                    f"has {pixels / 1e6:.0f} megapixels, at most {MOST_PIXELS / 1e6:.0f} are read"
                )
                raise _refused(name, problem)
            return _fitted(image, points)
    except Image.DecompressionBombError as fault:
        raise _refused(name, f"is larger than {MOST_PIXELS / 1e6:.0f} megapixels") from fault
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as fault:
        raise _refused(name, f"is no PNG or JPEG that can be read: {fault}") from fault


def _refused(name: str, problem: str) -> ConfigurationError:
    return ConfigurationError("a picture cannot be used", (Fault("pictures", name, problem),))


def _fitted(image: Image.Image, points: tuple[float, float]) -> PrintPicture:
    transparent = image.has_transparency_data
    whole = image.convert("RGBA" if transparent else "RGB")
    most = (points[0] * PRINT_DPI / 72, points[1] * PRINT_DPI / 72)
    whole.thumbnail(most, Image.Resampling.LANCZOS)
    colour = whole.convert("RGB")
    bands = colour.split()
    grey = bands[0].tobytes() == bands[1].tobytes() == bands[2].tobytes()
    alpha = whole.getchannel("A") if transparent else None
    opaque = alpha is None or alpha.getextrema() == (255, 255)
    return PrintPicture(
        whole.width,
        whole.height,
        1 if grey else 3,
        _rows(bands[0] if grey else colour),
        None if opaque or alpha is None else _rows(alpha),
    )


def _rows(image: Image.Image) -> bytes:
    """Return the deflated rows of *image*: what a PNG holds is what PDF's predictor 15 reads."""
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    data, place, rows = out.getvalue(), 8, b""
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"IDAT":
            rows += data[place + 8 : place + 8 + length]
        place += 12 + length
    return rows
