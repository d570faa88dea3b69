"""SPECIMEN across the sheet, behind all text."""

from __future__ import annotations

from math import cos, pi, sin

from cecert.adapters.render.ornament import colour
from cecert.adapters.render.page import Box, Drawn
from cecert.adapters.render.seal import outlined
from cecert.adapters.render.setting import Setting

__all__ = ["across"]

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
