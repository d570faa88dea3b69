"""The QR code as a figure on its white ground, and what a screen reader says of it."""

from __future__ import annotations

from cecert.adapters.render import ornament
from cecert.adapters.render.page import Box, Drawn, Element, Symbol
from cecert.adapters.render.setting import Setting
from cecert.adapters.render.specimen import specimen_url
from cecert.adapters.render.symbol import POINTS, symbol

__all__ = ["SymbolFigure"]

QUIET_MODULES = 4


class SymbolFigure:
    """The code of a certificate, or of a specimen, which verifies nowhere."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        certificate = setting.certificate
        self.url = specimen_url(certificate) if setting.specimen else certificate.token_url
        self.modules, self.bits = symbol(self.url)
        self.quiet = QUIET_MODULES * POINTS / self.modules

    def placed(self, x: float, y: float) -> Element:
        """Return it with the lower left corner of its first module at (x, y)."""
        box = Box(x, y, x + POINTS, y + POINTS)
        ground = box.widened(self.quiet)
        white = Drawn(ornament.filled(ground, "#FFFFFF").encode(), ground)
        drawn = Symbol(self.modules, self.bits, box)
        host = self.setting.certificate.verify_host
        alt = f"QR code that opens the record of this certificate at {host}"
        if self.setting.specimen:
            alt = "QR code of a specimen, which does not verify"
        return Element("Figure", (white, drawn), alt=alt, own=True)
