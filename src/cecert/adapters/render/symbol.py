"""The QR symbol of a token (QR-TOKEN W4), in microseconds once tables are built.

The `qrcode` library makes any symbol, in a tenth of a second. Most of that goes into what
is the same for all digits of one length: function patterns, lengths, padding, the places
of bits, the generator of the parity. Here this is kept, and a symbol is its digits as
bits, their parity block by block (`codewords.py`), and each bit in its place
(`modules.py`). The tests hold every symbol against the library's, module by module.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter

from cecert.adapters.render.codewords import Codewords
from cecert.adapters.render.modules import Grid, library_modules
from cecert.domain.token.qr import QrShape, qr_shape

__all__ = ["POINTS", "library_symbol", "modules", "symbol"]

POINTS = 36 * 72 / 25.4
"""Edge of the symbol without its quiet zone."""

_BITS = {
    f"{value:0{size}}": f"{value:0{bits}b}"
    for size, bits in ((1, 4), (2, 7), (3, 10))
    for value in range(10**size)
} | {"": ""}
"""A group of one to three digits as a numeric segment has it (ISO/IEC 18004, 7.4.4)."""

_PADDING = ("11101100", "00010001")


def symbol(url: str) -> tuple[int, bytes]:
    """Return a symbol's modules along an edge, and its picture.

    The picture has one bit a module, rows from the top, each padded to whole bytes.

    Raises:
        TokenError: If no symbol of 36 mm holds the URL.
    """
    prefix, digits = _cut(url)
    shape = _shape(prefix, len(digits))
    before, after = _around(prefix, shape, len(digits))
    groups = _groups(len(digits))(digits)
    bits = "".join([before, *map(_BITS.__getitem__, groups), after])
    codewords, grid = _tables(shape)
    data = int(bits, 2).to_bytes(codewords.data, "big")
    return shape.modules, grid.picture(codewords.of(data))


def modules(url: str) -> int:
    """Return how many modules the symbol of *url* has along an edge.

    Raises:
        TokenError: If no symbol of 36 mm holds the URL.
    """
    prefix, digits = _cut(url)
    return _shape(prefix, len(digits)).modules


def library_symbol(url: str) -> list[list[bool]]:
    """Return the symbol as the `qrcode` library makes it, row by row, True for dark."""
    prefix, digits = _cut(url)
    return library_modules(prefix, digits, qr_shape(prefix, digits))


def _cut(url: str) -> tuple[str, str]:
    prefix, mark, digits = url.partition("#")
    return prefix + mark, digits


@lru_cache(maxsize=1024)
def _shape(prefix: str, digits: int) -> QrShape:
    return qr_shape(prefix, "0" * digits)


@lru_cache(maxsize=1024)
def _groups(length: int) -> Callable[[str], tuple[str, ...]]:
    """Return what cuts so many digits into threes; the last may be fewer."""
    # Two places at least, so that there is always a tuple; the second may be empty.
    return itemgetter(*[slice(at, at + 3) for at in range(0, max(length, 4), 3)])


@lru_cache(maxsize=16)
def _tables(shape: QrShape) -> tuple[Codewords, Grid]:
    codewords = Codewords(shape)
    return codewords, Grid(shape, codewords.total)


@lru_cache(maxsize=1024)
def _around(prefix: str, shape: QrShape, length: int) -> tuple[str, str]:
    """Return the bits before and after so many digits: segment headers, prefix, padding."""
    bytes_bits, digits_bits = (8, 10) if shape.version < 10 else (16, 12)  # noqa: PLR2004  # ISO 18004 table 3
    text = prefix.encode()
    before = f"0100{len(text):0{bytes_bits}b}{int.from_bytes(text, 'big'):0{8 * len(text)}b}"
    before += f"0001{length:0{digits_bits}b}"
    whole, rest = divmod(length, 3)
    room = 8 * _tables(shape)[0].data - len(before) - 10 * whole - (0, 4, 7)[rest]
    after = "0" * min(4, room)
    after += "0" * ((room - len(after)) % 8)
    fillers = range((room - len(after)) // 8)
    return before, after + "".join(_PADDING[each % 2] for each in fillers)
