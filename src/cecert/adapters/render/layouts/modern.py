"""The modern layout: an asymmetric page with an information column.

Source: docs/spec/certificate-design.md 3, 4.
"""

from __future__ import annotations

from cecert.adapters.render.layout import rosette
from cecert.adapters.render.layout.ladder import composed
from cecert.adapters.render.layout.page import Drawn, Page
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.layouts.modern_first import first_page, seal_box
from cecert.adapters.render.layouts.modern_second import second_page

__all__ = ["compose_modern", "modern_seal"]


def compose_modern(setting: LayoutContext) -> tuple[Page, ...]:
    """Compose the pages of a certificate.

    Raises:
        UndrawableError: If a text is too wide, or the pages too small at every size.
    """
    return composed(setting, first_page, second_page)


def modern_seal(setting: LayoutContext) -> Drawn:
    """Return the seal's place and its picture."""
    box = seal_box(setting)
    return rosette.plain_rosette(box.right - box.left, setting).drawn(box)
