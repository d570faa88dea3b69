"""Specimens: the word across the sheet, and a code that verifies nowhere."""

from __future__ import annotations

from hashlib import sha512
from math import cos, pi, sin

from cecert.adapters.render.layout.ornament import colour
from cecert.adapters.render.layout.page import Box, Drawn
from cecert.adapters.render.layout.rosette import FINE, outlined
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.specimen import NOBODY

__all__ = ["SPECIMEN_ID", "across", "specimen_url"]

SPECIMEN_ID = "0000-0000-0000-0000"
"""What stands for the id where nothing verifies."""

MOST_GROUPS, USUAL_DIGITS = 64, 560


_TURNED = 25 * pi / 180


def across(setting: LayoutContext) -> list[Drawn]:
    """Return the word as outlines, which no reader announces and no search finds."""
    style = setting.layout.styles["specimen"]
    shaped = style.shaped(setting.layout.words["specimen"].upper())
    width = (shaped.width - style.tracking) * style.size
    weight = 0.8 * FINE / style.size  # in the units of the glyphs, like their paths
    c, s = cos(_TURNED), sin(_TURNED)
    x, y = setting.width / 2 + 8, setting.height / 2 + 18
    operators = "\n".join([
        f"q {c:.6f} {s:.6f} {-s:.6f} {c:.6f} {x:.3f} {y:.3f} cm",
        colour(setting.layout.colours["specimen_fill"], "rg"),
        colour(setting.layout.colours["specimen_outline"], "RG"),
        outlined(shaped, -width / 2, -style.cap / 2, style.size, f"{weight:.2f} w B"),
        "Q",
    ])  # fmt: skip
    return [Drawn(operators.encode(), Box(0, 0, setting.width, setting.height))]


def specimen_url(certificate: Certificate) -> str:
    """Return what the code of a specimen holds: a text as long as a token that is none.

    A preview's certificate has the id of nobody, and its token is signed by nobody:
    that one stays.
    """
    prefix, _, digits = certificate.token_url.partition("#")
    if certificate.id == NOBODY and digits:
        return certificate.token_url
    # Seven bytes never make a number above 2^56 (docs/spec/token.md W3): these groups decode to
    # nothing.
    groups = (sha512(b"specimen %d" % each).digest() for each in range(MOST_GROUPS))
    noise = "".join(f"99999{int.from_bytes(each[:8], 'big') % 10**12:012d}" for each in groups)
    return f"{prefix}#1{noise[: len(digits) - 1 if digits else USUAL_DIGITS]}"
