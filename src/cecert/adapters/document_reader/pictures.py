"""QR codes in pictures (Pillow, zxing-cpp), and on the first page of a PDF (drawn by PDFium)."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image

from cecert.adapters.document_reader.process import ReadingLimits, UnreadableError

__all__ = [
    "codes_of_page",
    "codes_of_picture",
]

_HEIC = b"ftyp"
_FORMATS = ("PNG", "JPEG")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

RESOLUTIONS = (200, 300)
"""Dots an inch. The first reads every code we print; the second helps poor scans."""

POINTS = 72


def codes_of_picture(picture: bytes, limits: ReadingLimits) -> list[str]:
    """Return the texts of all QR codes in a PNG, a JPEG or, with its extra, a HEIC.

    Raises:
        UnreadableError: If it is damaged, has too many pixels, or is of another kind.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before any pixel is decoded
    formats = _with_heic() if picture[4:8] == _HEIC else _FORMATS
    try:
        image: Image.Image = Image.open(BytesIO(picture), formats=formats)
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableError("it is not a whole picture") from error
    width, height = image.size
    if width * height > limits.pixels:
        millions = width * height // 1_000_000
        raise UnreadableError(
            f"it has {millions} megapixels, {limits.pixels // 1_000_000} are read at most"
        )
    image.draft("L", image.size)  # a JPEG then decodes to grey at once
    try:
        return _codes_on(image.convert("L"))
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableError("it is not a whole picture") from error


def _with_heic() -> tuple[str, ...]:
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError as error:
        raise UnreadableError("it is a HEIC picture, which cecert[heic] can read") from error
    return ("HEIF",)


def codes_of_page(pdf: bytes, limits: ReadingLimits) -> list[str]:
    """Return the texts of all QR codes on the first page of *pdf*."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        width, height = page.get_size()
        most = (limits.pixels / max(width * height, 1)) ** 0.5
        scales = dict.fromkeys(min(dots / POINTS, most) for dots in RESOLUTIONS)
        for scale in scales:
            image = page.render(scale=scale, grayscale=True).to_pil()
            if codes := _codes_on(image):
                return codes
    return []


def _codes_on(image: Image.Image) -> list[str]:
    """Return the texts of all QR codes on a grey image."""
    found = zxingcpp.read_barcodes(image, formats=_QR)
    return [each.text for each in found]
