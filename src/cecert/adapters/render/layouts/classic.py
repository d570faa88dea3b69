"""The classic layout: an engraved diploma on a centred axis.

Source: docs/spec/certificate-design.md 1 and 2.
"""

from __future__ import annotations

from cecert.adapters.render.layout import rosette
from cecert.adapters.render.layout.ladder import composed
from cecert.adapters.render.layout.page import Box, Drawn, Page
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.layouts.classic_first import first_page
from cecert.adapters.render.layouts.classic_second import second_page

__all__ = ["classic_seal", "compose_classic"]


def compose_classic(setting: LayoutContext) -> tuple[Page, ...]:
    """Compose the pages of a certificate.

    Raises:
        UndrawableError: If a text is too wide, or the pages too small at every size.
    """
    return composed(setting, first_page, second_page)


def classic_seal(setting: LayoutContext) -> Drawn:
    """Return the seal's place and its picture."""
    grid = setting.layout.figures["grid"]
    square, x, y = grid["square"], grid["edge"], grid["foot"]
    motif = rosette.rosette(
        square, setting, setting.layout.words["sealed"], setting.layout.styles["sealed"]
    )
    return motif.drawn(Box(x, y, x + square, y + square))
