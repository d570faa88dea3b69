"""Modules: where the bits of codewords stand in a QR symbol (ISO/IEC 18004, 7.7).

Bits go up and down through strips two modules wide, round all that is no data. A strip
has fewer than 256 modules, so `bytes.translate` can move them all at once: a strip's
modules are told by the numbers of their bits, and the bits are the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

from cecert.domain.token.qr import QrShape

__all__ = ["LEVELS", "MASK", "Grid", "library_modules"]

LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}

MASK = 2
"""Fixed: it costs no readability and saves the search for the best."""

_TIMING = 6
"""The column that is a pattern from top to bottom, and belongs to no strip."""

_NO_BIT = 255

_Place = tuple[int, int]
"""Row and column of a module."""


class Grid:
    """The modules of symbols of one shape."""

    def __init__(self, shape: QrShape, codewords: int) -> None:
        """Find where so many codewords stand."""
        self._size, self._bits = shape.modules, 8 * codewords
        blank, full = _placed(shape, bytes(codewords)), _placed(shape, b"\xff" * codewords)
        size = range(self._size)
        data = {(row, at) for row in size for at in size if blank[row][at] != full[row][at]}
        self._strips = list(
            _strips(self._size, [each for each in _path(self._size) if each in data])
        )
        self._rows = itemgetter(*[slice(row, None, self._size) for row in size])
        self._padding = b"0" * (-self._size % 8)
        self._blank = self._number(
            b"".join(b"1" if module else b"0" for module in row) for row in blank
        )

    def picture(self, codewords: bytes) -> bytes:
        """Return the symbol: one bit a module, rows from the top, each padded to whole bytes."""
        bits = f"{int.from_bytes(codewords, 'big'):0{self._bits}b}".encode().ljust(
            self._bits + _NO_BIT, b"0"
        )
        columns = b"".join(
            [order.translate(bits[first : first + _NO_BIT] + b"0") for first, order in self._strips]
        )
        # The function patterns, and the mask, which is laid over the data.
        modules = self._number(self._rows(columns)) ^ self._blank
        return modules.to_bytes(self._size * ((self._size + 7) // 8), "big")

    def _number(self, rows: Iterable[bytes]) -> int:
        return int(self._padding.join([*rows, b""]), 2)


def _path(size: int) -> Iterator[_Place]:
    """Go through the strips from the right, up and down in turn, the right module first."""
    rights = [at for at in range(size - 1, 0, -2) if at > _TIMING]
    rights += range(_TIMING - 1, 0, -2)
    for index, right in enumerate(rights):
        rows = range(size) if index % 2 else range(size - 1, -1, -1)
        yield from ((row, column) for row in rows for column in (right, right - 1))


def _strips(size: int, places: Sequence[_Place]) -> Iterator[tuple[int, bytes]]:
    """Return the strips from the left: the number of a first bit, and each module's from there.

    Modules of a strip are told from the top of its left column down, then of its right one.
    """
    numbers = {place: number for number, place in enumerate(places)}
    lefts = [*range(0, _TIMING, 2), _TIMING, *range(_TIMING + 1, size, 2)]
    for left in lefts:
        columns = (left,) if left == _TIMING else (left, left + 1)
        found = [numbers.get((row, column)) for column in columns for row in range(size)]
        first = min((each for each in found if each is not None), default=0)
        yield first, bytes(_NO_BIT if each is None else each - first for each in found)


def library_modules(prefix: str, digits: str, shape: QrShape) -> list[list[bool]]:
    """Return the symbol of a byte and a numeric segment as the library makes it, row by row."""
    made = _code(shape)
    made.add_data(QRData(prefix.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    made.add_data(QRData(digits.encode(), mode=MODE_NUMBER), optimize=0)
    made.make(fit=False)
    return [[bool(module) for module in row] for row in made.modules]


def _placed(shape: QrShape, codewords: bytes) -> list[list[bool]]:
    made = _code(shape)
    made.data_cache = list(codewords)
    made.makeImpl(False, MASK)  # noqa: FBT003  # the library's signature
    return [[bool(module) for module in row] for row in made.modules]


def _code(shape: QrShape) -> QRCode:
    return QRCode(
        version=shape.version,
        error_correction=LEVELS[shape.level],
        mask_pattern=MASK,
        border=0,
    )
