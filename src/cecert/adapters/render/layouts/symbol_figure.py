"""The figure of a certificate's QR code: its place on a page, and its words for who listens."""

from __future__ import annotations

from cecert.adapters.render.layout import ornament
from cecert.adapters.render.layout.page import Box, Drawn, Element, Symbol
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.layout.specimen import specimen_url
from cecert.adapters.render.qr import POINTS, modules
from cecert.domain.token.qr import QUIET_MODULES

__all__ = ["SymbolFigure"]


class SymbolFigure:
    """The place of a certificate's code, or of a specimen's, which verifies nowhere.

    Attributes:
        modules: Along an edge; all codes of so many have the same place.
        quiet: Width of the quiet zone in points.
    """

    def __init__(self, setting: LayoutContext) -> None:
        self.setting = setting
        certificate = setting.certificate
        self.modules = modules(
            specimen_url(certificate) if setting.specimen else certificate.token_url
        )
        self.quiet = QUIET_MODULES * POINTS / self.modules

    def placed(self, x: float, y: float) -> Element:
        """Return it with the lower left corner of its first module at (x, y)."""
        return self.setting.kept.get(
            "symbol",
            self.modules,
            x,
            y,
            make=lambda: self._placed(Box(x, y, x + POINTS, y + POINTS)),
        )

    def _placed(self, box: Box) -> Element:
        ground = box.widened(self.quiet)
        white = Drawn(ornament.filled(ground, "#FFFFFF").encode(), ground)
        host = self.setting.certificate.verify_host
        words = self.setting.layout.words
        alt = words["alt_code"].format(host=host)
        if self.setting.specimen:
            alt = words["alt_code_specimen"]
        return Element("Figure", (white, Symbol(box)), alt=alt)
