"""QR codes in pictures: Pillow opens them, zxing-cpp reads the codes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image, ImageFile

from cecert.adapters.document_reader.process import PAGES_AT_ONCE, ReadingLimits, UnreadableError

__all__ = ["codes_of_picture", "codes_on"]

_HEIC = b"ftyp"
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "GIF")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

PAGED = "TIFF"
"""The one format whose pictures are pages; of a picture that moves the first is read."""

_NOT_WHOLE = "it is not a whole picture"
_DAMAGED = (OSError, SyntaxError, ValueError, LookupError, TypeError, RuntimeError)
"""What Pillow raises over files that are cut or altered."""


def codes_of_picture(picture: bytes, limits: ReadingLimits, first: int = 0) -> dict[str, Any]:
    """Return the texts of all QR codes in a PNG, JPEG, TIFF, WebP, GIF or, with its extra, HEIC.

    Args:
        picture: Its bytes.
        limits: Of pages, and of the pixels of each.
        first: The page to begin with, counted from 0.

    Returns:
        `pages`, at most `PAGES_AT_ONCE`, each as a `SeenPage`; and whether there are `more`.

    Raises:
        UnreadableError: If it is damaged, has too many pages or pixels, or is of another kind.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before any pixel is decoded
    formats = _with_heic() if picture[4:8] == _HEIC else _FORMATS
    try:
        image = Image.open(BytesIO(picture), formats=formats)
        pages = [_seen(page, limits) for page in _pages(image, first, limits)]
        more = image.format == PAGED and _has(image, first + len(pages))
    except _DAMAGED as error:
        raise UnreadableError(_NOT_WHOLE) from error
    return {"pages": pages, "more": more}


def _with_heic() -> tuple[str, ...]:
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError as error:
        raise UnreadableError("it is a HEIC picture, which cecert[heic] can read") from error
    return ("HEIF",)


def _pages(
    image: ImageFile.ImageFile, first: int, limits: ReadingLimits
) -> Iterator[ImageFile.ImageFile]:
    if image.format != PAGED:
        yield image
        return
    for number in range(first, first + PAGES_AT_ONCE):
        if not _has(image, number):
            return
        if number >= limits.pages:
            raise UnreadableError(f"it has more than {limits.pages} pages")
        yield image


def _has(image: ImageFile.ImageFile, number: int) -> bool:
    """Turn to a page, and say whether it is there."""
    try:
        image.seek(number)
    except EOFError:
        return False
    return True


def _seen(image: ImageFile.ImageFile, limits: ReadingLimits) -> dict[str, Any]:
    return {"codes": _codes_of(image, limits), "is_picture": True, "lines": [], "fault": ""}


def _codes_of(image: ImageFile.ImageFile, limits: ReadingLimits) -> list[str]:
    width, height = image.size
    if width * height > limits.pixels:
        millions = width * height // 1_000_000
        raise UnreadableError(
            f"it has {millions} megapixels, {limits.pixels // 1_000_000} are read at most"
        )
    image.draft("L", image.size)  # a JPEG then decodes to grey at once
    return codes_on(_grey(image))


def _grey(image: Image.Image) -> Image.Image:
    """Return a picture in grey, on white where it is transparent."""
    if image.mode.startswith("I;16"):  # Pillow would cut what is brighter than 255
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("L")
    return image.convert("L")


def codes_on(image: Image.Image) -> list[str]:
    """Return the texts of all QR codes on a grey image."""
    found = zxingcpp.read_barcodes(image, formats=_QR)
    return [each.text for each in found]
