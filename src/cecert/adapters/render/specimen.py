"""Specimens: the word across the sheet, and a code that verifies nowhere."""

from __future__ import annotations

from hashlib import sha512
from math import cos, pi, sin

from cecert.adapters.render.ornament import colour
from cecert.adapters.render.page import Box, Drawn
from cecert.adapters.render.seal import outlined
from cecert.adapters.render.setting import Setting

__all__ = ["SPECIMEN_ID", "across", "specimen_url"]

SPECIMEN_ID = "0000-0000-0000-0000"
"""What stands for the id where nothing verifies."""


_TURNED = 25 * pi / 180


def across(setting: Setting) -> list[Drawn]:
    """Return the word as outlines, which no reader announces and no search finds."""
    style = setting.style("specimen")
    shaped = style.shaped("SPECIMEN")
    width = (shaped.width - style.tracking) * style.size
    c, s = cos(_TURNED), sin(_TURNED)
    x, y = setting.width / 2 + 8, setting.height / 2 + 18
    operators = "\n".join([
        f"q {c:.6f} {s:.6f} {-s:.6f} {c:.6f} {x:.3f} {y:.3f} cm .8 w",
        colour(setting.colour("specimen_fill"), "rg"),
        colour(setting.colour("specimen_outline"), "RG"),
        outlined(shaped, -width / 2, -style.cap / 2, style.size),
        "B Q",
    ])  # fmt: skip
    return [Drawn(operators.encode(), Box(0, 0, setting.width, setting.height))]


def specimen_url(url: str) -> str:
    """Return a code's content of the same length as *url* that is no token.

    >>> specimen_url("https://verify.example.edu/#1234567")
    'https://verify.example.edu/#1999983'
    """
    prefix, _, digits = url.partition("#")
    # Digits above 2^56 in each group of 17 decode to no bytes (QR-TOKEN W3).
    noise = "".join(
        f"99999{int.from_bytes(sha512(b'specimen %d' % each).digest()[:8], 'big') % 10**12:012d}"
        for each in range(len(digits) // 17 + 1)
    )
    return f"{prefix}#{digits[:1]}{noise[: len(digits) - 1]}"
