"""The office's logo as a mail shows it: small, so that every mail can carry it."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from cecert.adapters.mail.mime import Picture
from cecert.errors import ConfigurationError, Fault

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["mail_logo"]

MOST_WIDTH, MOST_HEIGHT = 240, 60
"""CSS pixels it is shown in."""

DENSITY = 2
"""Pixels to one of them, for screens that have so many."""

OFF_WHITE = 12
"""Levels: what differs by more from white is drawn, as on certificates."""


def mail_logo(data: bytes) -> Picture:
    """Return a logo cut to what is drawn and made small, as PNG.

    Raises:
        ConfigurationError: If *data* is no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as opened:
                picture = _trimmed(ImageOps.exif_transpose(opened).convert("RGBA"))
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


def _trimmed(picture: Image) -> Image:
    """Cut off margins that are white or transparent."""
    from PIL import Image, ImageChops

    paper = Image.new("RGBA", picture.size, "white")
    shown = Image.alpha_composite(paper, picture).convert("RGB")
    bands = ImageChops.invert(shown).split()
    farthest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    box = farthest.point([0] * (OFF_WHITE + 1) + [255] * (255 - OFF_WHITE)).getbbox()
    return picture.crop(box) if box else picture
