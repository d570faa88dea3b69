"""Symbols as the `qrcode` library makes them, by its public names alone."""

from __future__ import annotations

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

from cecert.domain.token.qr import qr_shape

LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}


def library_symbol(url: str) -> list[list[bool]]:
    """Return the symbol of a URL, row by row, True for dark."""
    prefix, mark, digits = url.partition("#")
    shape = qr_shape(prefix + mark, digits)
    made = QRCode(
        version=shape.version, error_correction=LEVELS[shape.level], mask_pattern=2, border=0
    )
    made.add_data(QRData(f"{prefix}{mark}".encode(), mode=MODE_8BIT_BYTE), optimize=0)
    made.add_data(QRData(digits.encode(), mode=MODE_NUMBER), optimize=0)
    made.make(fit=False)
    return [[bool(module) for module in row] for row in made.get_matrix()]
