"""The office's logo as a mail shows it: small, so that every mail can carry it."""

from __future__ import annotations

import warnings
from io import BytesIO

from cecert.adapters.mail.mime import Picture
from cecert.errors import ConfigurationError, Fault

__all__ = ["mail_logo"]

MOST_WIDTH, MOST_HEIGHT = 240, 60
"""CSS pixels it is shown in."""

DENSITY = 2
"""Pixels to one of them, for screens that have so many."""


def mail_logo(data: bytes) -> Picture:
    """Return a logo made small, as PNG.

    Raises:
        ConfigurationError: If *data* is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as opened:
                picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Warning, SyntaxError) as error:
        fault = Fault("certificate.logo", "", f"cannot be shown in a mail: {error}")
        raise ConfigurationError("the logo cannot be used", (fault,)) from error
    shrink = min(MOST_WIDTH / picture.width, MOST_HEIGHT / picture.height, 1)
    width, height = (max(1, round(each * shrink)) for each in picture.size)
    pixels = (min(picture.width, width * DENSITY), min(picture.height, height * DENSITY))
    small = picture.resize(pixels, Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), width, height)
