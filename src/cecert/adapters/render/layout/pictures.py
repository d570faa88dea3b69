"""Pictures: a logo or signature as a provider has it, made fit for print."""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from cecert.adapters.render.layout.logos import is_seen_on_white, prepared_logo
from cecert.adapters.render.layout.signature_ink import PaleInkError, inked
from cecert.errors import ConfigurationError, Fault, UnfitPictureError

__all__ = ["PictureShape", "PrintPicture", "picture_file", "print_logo", "print_signature"]

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
"""Beyond these a file is taken for a mistake or a bomb."""

_SVG_HEAD = 4096
"""Bytes in which an SVG says that it is one, after comments and declarations."""

MOST_SCANS = 100
"""Of a JPEG; a progressive one has about ten, and each is a way through all of its pixels."""

PRINT_DPI = 300
INK_DPI = 200
"""Of a signature, whose soft edges say where between two dots its ink ends."""

ALPHA_BITS, EDGE_BITS = 4, 2
"""Of a pixel's transparency, and of it where it is but the edges of strokes."""

_JPEG = b"\xff\xd8"
_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
"""What no data of a scan can look like (ITU T.81, B.1.1.2)."""
_SCAN, _END = b"\xda", b"\xd9"

_SMOOTH = Image.Resampling.LANCZOS

MOST_INKS, PALETTE = 6000, 64
"""A picture of at most so many colours is a drawing, and printed in so many."""


@dataclass(frozen=True, slots=True)
class PictureShape:
    """What a layout asks of a picture.

    Attributes:
        size: Pixels.
        outline: Of a disc or shield, () for every other.
        baseline: Where a signature's letters stand.
    """

    size: tuple[int, int]
    outline: tuple[tuple[float, float], ...] = ()
    baseline: float = 0.0


@dataclass(frozen=True, slots=True)
class PrintPicture:
    """A picture as PDF holds it.

    Attributes:
        width, height: Pixels.
        colours: Bytes of a pixel: 3 for RGB, 1 for a place in the palette.
        data: Deflated rows, each with its PNG predictor.
        alpha: Deflated rows of its transparency, or None if it is opaque.
        alpha_bits: Of a pixel of it.
        palette: RGB of each place, where a picture has few colours.
        outline: Of a logo that is a disc or shield: points from its lower left corner, 1 being
            its width and height.
        baseline: Of a signature: where its letters stand, as a share of its height from below.
        note: What its owner should know of it, as the end of a sentence; "" for nothing.
    """

    width: int
    height: int
    colours: int
    data: bytes
    alpha: bytes | None
    palette: bytes = b""
    alpha_bits: int = ALPHA_BITS
    outline: tuple[tuple[float, float], ...] = ()
    baseline: float = 0.0
    note: str = ""

    @property
    def shape(self) -> PictureShape:
        """What a layout asks of it."""
        return PictureShape((self.width, self.height), self.outline, self.baseline)


ONE_INK = 16
"""Levels of a channel within which colours are one ink."""

MOSTLY = 128
"""Opacity, of 255, from which a pixel's own colour is seen."""


def picture_file(path: Path) -> bytes:
    """Return a picture's bytes.

    Raises:
        ConfigurationError: If it cannot be read, or is too large to be honest.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _refused(path.name, f"has {size:,} bytes, at most {MOST_BYTES:,} are read")
        return path.read_bytes()
    except OSError as fault:
        raise _refused(path.name, f"cannot be read: {fault.strerror}") from fault


def print_logo(data: bytes, points: tuple[float, float]) -> PrintPicture:
    """Read a logo: cut to what is drawn, its white ground cleared.

    Args:
        data: A PNG or JPEG file.
        points: Width and height at most, on paper.

    Raises:
        ConfigurationError: If it is no such picture, is too large to be honest, or cannot be
            seen on white paper.
    """

    def fitted(image: Image.Image) -> PrintPicture:
        if not is_seen_on_white(image):
            raise _refused("logo", "is white or transparent throughout: nothing of it is seen")
        logo = prepared_logo(image, _pixels(points, PRINT_DPI))
        note = f"has a ground of {logo.ground}, which is printed with it" if logo.ground else ""
        return replace(_fitted(logo.image, points), outline=logo.outline, note=note)

    return _read(data, "logo", fitted)


def print_signature(data: bytes, name: str, points: tuple[float, float]) -> PrintPicture:
    """Read a signature, or a scan of one: its ink alone, cut to what is written.

    Args:
        data: A PNG or JPEG file.
        name: The file's name, for faults.
        points: Width and height at most, on paper.

    Raises:
        UnfitPictureError: If its ink is too pale, or there is none.
        ConfigurationError: If it is no such picture, or is too large to be honest.
    """

    def fitted(image: Image.Image) -> PrintPicture:
        try:
            ink = inked(image)
        except PaleInkError as pale:
            shown = "cecert preview writes a picture of it" if pale.picture else ""
            fault = Fault("pictures", name, pale.problem, shown)
            raise UnfitPictureError("a picture cannot be used", (fault,), pale.picture) from None
        return replace(_fitted(ink.image, points), baseline=ink.baseline)

    return _read(data, name, fitted)


def _pixels(points: tuple[float, float], dpi: int) -> tuple[float, float]:
    return points[0] * dpi / 72, points[1] * dpi / 72


def _read(data: bytes, name: str, fitted: Callable[[Image.Image], PrintPicture]) -> PrintPicture:
    """Open a picture of anybody's, upright, in RGB or RGBA, and make it fit for print."""
    if len(data) > MOST_BYTES:
        raise _refused(name, f"has {len(data):,} bytes, at most {MOST_BYTES:,} are read")
    if (scans := _scans(data)) > MOST_SCANS:
        raise _refused(name, f"has {scans:,} scans, at most {MOST_SCANS} are read")
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
            mode = "RGBA" if image.has_transparency_data else "RGB"
            return fitted(ImageOps.exif_transpose(image).convert(mode))
    except Image.DecompressionBombError as fault:
        raise _refused(name, f"is larger than {MOST_PIXELS / 1e6:.0f} megapixels") from fault
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as fault:
        if b"<svg" in data[:_SVG_HEAD].lower():
            raise _refused(name, "is an SVG drawing: export it as PNG or JPEG") from fault
        raise _refused(name, "is no PNG or JPEG that can be read") from fault


def _scans(data: bytes) -> int:
    """Return how many scans a JPEG has, 0 for what is none."""
    count, place = 0, len(_JPEG)
    while data.startswith(_JPEG) and (marker := _MARKER.search(data, place)):
        if marker[1] == _END:
            break
        count += marker[1] == _SCAN
        place = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")
    return count


def _refused(name: str, problem: str) -> ConfigurationError:
    return ConfigurationError("a picture cannot be used", (Fault("pictures", name, problem),))


def _fitted(image: Image.Image, points: tuple[float, float]) -> PrintPicture:
    transparent = image.has_transparency_data
    if transparent and (flat := _flat_colour(image)):
        return _in_one_ink(flat, image.getchannel("A"), points)
    # Premultiplied while it shrinks, so that what cannot be seen does not bleed into edges.
    whole = image.convert("RGBA").convert("RGBa") if transparent else image.convert("RGB")
    most = (points[0] * PRINT_DPI / 72, points[1] * PRINT_DPI / 72)
    whole.thumbnail(most, _SMOOTH)
    whole = whole.convert("RGBA") if transparent else whole
    alpha = whole.getchannel("A") if transparent else None
    opaque = alpha is None or alpha.getextrema() == (255, 255)
    size = (whole.width, whole.height)
    colour = whole.convert("RGB")
    if alpha and not opaque and (ink := _one_ink(colour, alpha)):
        return _in_one_ink(ink, alpha, points)
    seen = None if opaque or alpha is None else _stepped(alpha, ALPHA_BITS)
    if colour.getcolors(MOST_INKS) is None:
        return PrintPicture(*size, 3, _rows(colour), seen)
    few = colour.quantize(PALETTE, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = bytes(few.getpalette("RGB") or ())[: 3 * (max(few.tobytes()) + 1)]
    return PrintPicture(*size, 1, _rows(few), seen, palette)


def _flat_colour(image: Image.Image) -> bytes:
    """Return the colour of a picture that is of one throughout, seen or not; else nothing."""
    colours = image.convert("RGB").getcolors(1)
    if not colours or not isinstance(colours[0][1], tuple):
        return b""
    return bytes(colours[0][1])


def _in_one_ink(ink: bytes, alpha: Image.Image, points: tuple[float, float]) -> PrintPicture:
    alpha = alpha.copy()
    alpha.thumbnail(_pixels(points, INK_DPI), _SMOOTH)
    # A PNG of one colour would be written in one bit a pixel, whatever is asked for.
    blank = zlib.compress(bytes((alpha.width + 1) * alpha.height), 9)
    return PrintPicture(*alpha.size, 1, blank, _stepped(alpha, EDGE_BITS), ink, EDGE_BITS)


def _one_ink(colour: Image.Image, alpha: Image.Image | None) -> bytes:
    """Return the colour of a signature: what is mostly there is of one ink; else nothing.

    What is hardly there has colours that resampling made up, as many as it has pixels.
    """
    there = alpha.point(_mostly) if alpha else None
    found = ImageStat.Stat(colour, there)
    if not found.count[0] or any(high - low > ONE_INK for low, high in found.extrema):
        return b""
    return bytes(round(each) for each in found.mean)


def _mostly(alpha: int) -> int:
    return 255 if alpha >= MOSTLY else 0


def _stepped(alpha: Image.Image, bits: int) -> bytes:
    """Return transparency in so many bits a pixel, deflated; rows end at a byte."""
    most, width = (1 << bits) - 1, -(-alpha.width * bits // 8) * 8 // bits
    # Each pixel a digit, each row a number of them.
    digits = alpha.point([b"0123456789abcdef"[round(each * most / 255)] for each in range(256)])
    text = digits.tobytes()
    rows = (text[at : at + alpha.width] for at in range(0, len(text), alpha.width))
    numbers = (int(row.ljust(width, b"0"), most + 1) for row in rows)
    return zlib.compress(b"".join(each.to_bytes(width * bits // 8, "big") for each in numbers), 9)


def _rows(image: Image.Image) -> bytes:
    """Return the deflated rows of *image*: what a PNG holds is what PDF's predictor 15 reads."""
    out = BytesIO()
    image.save(out, "PNG", optimize=True, bits=8)
    data, place, rows = out.getvalue(), 8, b""
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"IDAT":
            rows += data[place + 8 : place + 8 + length]
        place += 12 + length
    return rows
