"""The QR symbol of a token, as squares that stay exactly square (QR-TOKEN W4)."""

from __future__ import annotations

from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

from cecert.domain.qr import qr_shape

__all__ = ["POINTS", "modules", "squares"]

POINTS = 36 * 72 / 25.4
"""Edge of the symbol without its quiet zone."""

MASK = 2
"""Fixed: it costs no readability and saves the search for the best."""

_LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}


def modules(url: str) -> list[list[bool]]:
    """Return the symbol's modules, row by row from the top, True for dark.

    Raises:
        TokenError: If no symbol of 36 mm holds it.
    """
    prefix, _, digits = url.partition("#")
    shape = qr_shape(f"{prefix}#", digits)
    symbol = QRCode(
        version=shape.version,
        error_correction=_LEVELS[shape.level],
        mask_pattern=MASK,
        border=0,
    )
    symbol.add_data(QRData(f"{prefix}#".encode(), mode=MODE_8BIT_BYTE), optimize=0)
    symbol.add_data(QRData(digits.encode(), mode=MODE_NUMBER), optimize=0)
    symbol.make(fit=False)
    return [[bool(module) for module in row] for row in symbol.modules]


def squares(url: str, x: float, y: float) -> str:
    """Return operators that draw the symbol with its lower left corner at (x, y)."""
    rows = modules(url)
    size = POINTS / len(rows)
    parts = [f"q 0 0 0 rg {size:.6f} 0 0 {size:.6f} {x:.3f} {y:.3f} cm"]
    for line, row in enumerate(reversed(rows)):
        start = 0
        for dark, group in groupby(row):
            length = len(list(group))
            if dark:
                parts.append(f"{start} {line} {length} 1 re")
            start += length
    return "\n".join([*parts, "f Q"])
