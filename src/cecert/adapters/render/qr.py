"""The QR symbol of a token (docs/spec/token.md W4).

The `qrcode` library makes any symbol, in a hundredth of a second. Most of that goes into
what is the same for all digits of one length: function patterns, lengths, padding, the
places of bits, the generator of the parity. Here this is kept for each shape, and a
symbol is three steps (ISO/IEC 18004): its digits as bits (7.4), their parity block by
block (7.5, 7.6), and each bit in its place (7.7). Function patterns are the library's,
whose symbols the tests hold ours against, module by module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from itertools import product
from operator import getitem, itemgetter, xor

from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData, pattern_position

from cecert.domain.token.qr import QrShape, qr_shape

__all__ = ["LEVELS", "MASK", "POINTS", "modules", "symbol"]

LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}

MASK = 2
"""Fixed: it costs no readability and saves the search for the best."""

PLAIN_VERSION = 7

POINTS = 36 * 72 / 25.4
"""Edge of the symbol without its quiet zone."""


def symbol(url: str) -> tuple[int, bytes]:
    """Return a symbol's modules along an edge, and its picture.

    The picture has one bit a module, rows from the top, each padded to whole bytes.

    Raises:
        TokenError: If no symbol of 36 mm holds the URL.
    """
    prefix, digits = _cut(url)
    if not digits:
        return _plain(url)
    shape, codewords, grid = _makers(prefix, len(digits))
    return shape.modules, grid.picture(codewords.of(_data(prefix, digits, shape)))


def modules(url: str) -> int:
    """Return how many modules the symbol of *url* has along an edge.

    Raises:
        TokenError: If no symbol of 36 mm holds the URL.
    """
    prefix, digits = _cut(url)
    return _shape(prefix, len(digits)).modules if digits else _plain(url)[0]


@lru_cache(maxsize=1024)
def _makers(prefix: str, digits: int) -> tuple[QrShape, _Codewords, _ModuleGrid]:
    shape = _shape(prefix, digits)
    return shape, _codewords(shape), _grid(shape)


def _cut(url: str) -> tuple[str, str]:
    prefix, mark, digits = url.partition("#")
    return prefix + mark, digits


@lru_cache(maxsize=1024)
def _shape(prefix: str, digits: int) -> QrShape:
    return qr_shape(prefix, "0" * digits)


def _plain(text: str) -> tuple[int, bytes]:
    """Return the symbol of a text that is no token's, as the library makes it.

    It is no coarser than `PLAIN_VERSION`, whose quiet zone takes no more room than a token's.
    """
    made = QRCode(PLAIN_VERSION, ERROR_CORRECT_Q, mask_pattern=MASK, border=0)
    made.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    made.make(fit=True)
    rows = ["".join("1" if each else "0" for each in row) for row in made.get_matrix()]
    size = len(rows)
    padded = (row.ljust((size + 7) // 8 * 8, "0") for row in rows)
    return size, b"".join(int(row, 2).to_bytes((size + 7) // 8) for row in padded)


# Digits become bits (ISO/IEC 18004, 7.4)

_PADDING = 0xEC, 0x11
_LAST_BITS = 0, 4, 7
"""Bits of the digits that are left after all groups of three, by their number (7.4.4)."""

_GROUP_BITS = 10
_ASCII_BITS = 24
"""Bits of a group of three digits in a segment, and in a text."""


def _data(prefix: str, digits: str, shape: QrShape) -> bytes:
    """Return the data of a symbol: a byte segment, a numeric one, and padding."""
    before, after, after_bits = _around(prefix, shape, len(digits))
    groups, rest = divmod(len(digits), 3)
    bits = before << _GROUP_BITS * groups | _of_groups(digits[: 3 * groups])
    if rest:
        bits = bits << _LAST_BITS[rest] | int(digits[3 * groups :])
    return (bits << after_bits | after).to_bytes(_codewords(shape).data, "big")


def _of_groups(digits: str) -> int:
    """Return groups of three digits as a numeric segment has them (7.4.4).

    All of them are reckoned at once, as parts of one large number, and then moved together:
    each to its neighbour, each two to the next two, and so on.

    >>> f"{_of_groups('012345'):020b}"
    '00000011000101011001'
    """
    figures, moves = _parts(len(digits) // 3)
    text = int.from_bytes(digits.encode("ascii"), "big")
    found = 100 * (text >> 16 & figures) + 10 * (text >> 8 & figures) + (text & figures)
    for shift, lower, upper in moves:
        found = found & lower | found >> shift & upper
    return found


@lru_cache(maxsize=1024)
def _parts(groups: int) -> tuple[int, Sequence[tuple[int, int, int]]]:
    """Return where so many groups of ASCII have their last figure, and what moves them together.

    A move is a shift, what stays, and where what is shifted comes to lie.
    """
    size = _ASCII_BITS * groups
    moves = []
    bits, part = _GROUP_BITS, _ASCII_BITS
    while part < size:
        lower = _repeated((1 << bits) - 1, 2 * part, size)
        moves.append((part - bits, lower, lower << bits))
        bits, part = 2 * bits, 2 * part
    return _repeated(0b1111, _ASCII_BITS, size), moves


def _repeated(mask: int, step: int, size: int) -> int:
    return sum([mask << at for at in range(0, size, step)])


@lru_cache(maxsize=1024)
def _around(prefix: str, shape: QrShape, length: int) -> tuple[int, int, int]:
    """Return the bits before so many digits, those after them, and how many these are.

    They are segment headers and prefix, and the padding.
    """
    bytes_bits, digits_bits = (8, 10) if shape.version < 10 else (16, 12)  # noqa: PLR2004  # ISO 18004 table 3
    text = prefix.encode()
    before = f"0100{len(text):0{bytes_bits}b}{int.from_bytes(text, 'big'):0{8 * len(text)}b}"
    before += f"0001{length:0{digits_bits}b}"
    groups, rest = divmod(length, 3)
    room = 8 * _codewords(shape).data - len(before) - _GROUP_BITS * groups - _LAST_BITS[rest]
    end = min(4, room)
    fillers = (room - end) // 8
    padding = bytes(_PADDING[each % 2] for each in range(fillers))
    return int(before, 2), int.from_bytes(padding, "big"), room


# Data get their parity (ISO/IEC 18004, 7.5 and 7.6)

_Parities = Sequence[Sequence[int]]
"""For each byte of a block in turn, the parity that each value of it adds."""


class _Codewords:
    """The codewords of symbols of one shape.

    Attributes:
        data: Bytes of data.
        total: Bytes with parity.
    """

    def __init__(self, shape: QrShape) -> None:
        blocks = rs_blocks(shape.version, LEVELS[shape.level])
        lengths = [block.data_count for block in blocks]
        self.data, self.total = sum(lengths), sum(block.total_count for block in blocks)
        self._short = min(lengths)
        # All blocks of a shape have as much parity; the longer ones have a byte more of data.
        self._parity = blocks[0].total_count - lengths[0]
        starts = [sum(lengths[:index]) for index in range(len(lengths))]
        self._blocks = [
            (start, start + length) for start, length in zip(starts, lengths, strict=True)
        ]

    def of(self, data: bytes) -> bytes:
        """Return *data* and its parity, the blocks' bytes in turn."""
        found, step = bytearray(self.total), len(self._blocks)
        last = step * self._short
        longer = last
        for index, (start, end) in enumerate(self._blocks):
            block = data[start:end]
            found[index:last:step] = block[: self._short]
            if end - start > self._short:
                found[longer] = block[-1]
                longer += 1
            found[self.data + index :: step] = _parity_of(block, self._parity)
        return bytes(found)


_codewords = lru_cache(maxsize=32)(_Codewords)


@lru_cache(maxsize=1024)  # where names are as long, what is said of the course lies in the same
def _parity_of(block: bytes, parity: int) -> bytes:
    """Return so many bytes of parity of a block of data."""
    found = reduce(xor, map(getitem, _parities(len(block), parity), block))
    return found.to_bytes(parity, "big")


@lru_cache(maxsize=32)
def _parities(data: int, parity: int) -> _Parities:
    """Return the tables of a block of so many bytes; parity is linear (over GF(2) too)."""
    generator = _generator(parity)
    remainder, found = generator, []  # of x to the parity: what the last byte adds if it is 1
    for _ in range(data):
        found.append(_sums([_number(remainder, 0x80 >> bit) for bit in range(8)]))
        first, *rest = remainder
        remainder = [_times(first, g) ^ r for g, r in zip(generator, [*rest, 0], strict=True)]
    return found[::-1]


def _sums(parities: Sequence[int]) -> list[int]:
    """Return the sum of parities for each value of their bits, the first the highest."""
    sums = [0]
    for parity in parities:
        sums = [each for one in sums for each in (one, one ^ parity)]
    return sums


def _generator(parity: int) -> list[int]:
    """Return the coefficients of the generator polynomial but for the first, which is 1."""
    found = [1]
    for root in _POWER[:parity]:
        shifted = [*found, 0]
        for index, each in enumerate(found):
            shifted[index + 1] ^= _times(each, root)
        found = shifted
    return found[1:]


def _number(coefficients: Sequence[int], value: int) -> int:
    return int.from_bytes(bytes(_times(each, value) for each in coefficients), "big")


def _powers_of_two() -> list[int]:
    """Return all of the field but 0 (7.5.2): it is made by x^8 + x^4 + x^3 + x^2 + 1."""
    found = [1]
    while len(found) < _POWERS:
        doubled = 2 * found[-1]
        found.append(doubled ^ 0x11D if doubled > _POWERS else doubled)
    return found


_POWERS = 255
_POWER = _powers_of_two()
_EXPONENT = {value: exponent for exponent, value in enumerate(_POWER)}


def _times(one: int, other: int) -> int:
    """Multiply in the field of the code."""
    return _POWER[(_EXPONENT[one] + _EXPONENT[other]) % _POWERS] if one and other else 0


# Bits get their places (ISO/IEC 18004, 7.7)

_TIMING = 6
"""The row and the column that are a pattern from end to end; no strip has that column."""

_NO_BIT = 255

_Place = tuple[int, int]
"""Row and column of a module."""


class _ModuleGrid:
    """The modules of symbols of one shape.

    Bits go up and down through strips two modules wide, round all that is no data. A strip
    has fewer than 256 modules, so `bytes.translate` can move them all at once: a strip's
    modules are told by the numbers of their bits, and the bits are the table.
    """

    def __init__(self, shape: QrShape) -> None:
        self._size, self._bits = shape.modules, 8 * _codewords(shape).total
        size, taken = range(self._size), _function_modules(shape)
        places = [each for each in _path(self._size) if each not in taken][: self._bits]
        self._strips = list(_strips(self._size, places))
        self._rows = itemgetter(*[slice(row, None, self._size) for row in size])
        self._padding = b"0" * (-self._size % 8)
        self._blank = 0
        # What the library's symbol has besides our bits: its patterns, and the mask over all.
        ours = self.picture(_codewords(shape).of(_data(_SHORT_PREFIX, _SHORT_DIGITS, shape)))
        theirs = (b"".join(b"1" if each else b"0" for each in row) for row in _example(shape))
        self._blank = self._number(theirs) ^ int.from_bytes(ours, "big")

    def picture(self, codewords: bytes) -> bytes:
        """Return the symbol: one bit a module, rows from the top, each padded to whole bytes."""
        bits = f"{int.from_bytes(codewords, 'big'):0{self._bits}b}".encode().ljust(
            self._bits + _NO_BIT, b"0"
        )
        columns = b"".join(
            [order.translate(bits[first : first + _NO_BIT] + b"0") for first, order in self._strips]
        )
        modules = self._number(self._rows(columns)) ^ self._blank
        return modules.to_bytes(self._size * ((self._size + 7) // 8), "big")

    def _number(self, rows: Iterable[bytes]) -> int:
        return int(self._padding.join([*rows, b""]), 2)


_grid = lru_cache(maxsize=16)(_ModuleGrid)

_SHORT_PREFIX, _SHORT_DIGITS = "#", "1"
"""An example that fits into every shape, and leaves no block all zeros, which fails the library."""


def _example(shape: QrShape) -> Sequence[Sequence[bool]]:
    """Return the library's symbol of the example."""
    made = QRCode(
        version=shape.version, error_correction=LEVELS[shape.level], mask_pattern=MASK, border=0
    )
    made.add_data(QRData(_SHORT_PREFIX.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    made.add_data(QRData(_SHORT_DIGITS.encode(), mode=MODE_NUMBER), optimize=0)
    made.make(fit=False)
    matrix: Sequence[Sequence[bool]] = made.get_matrix()
    return matrix


def _function_modules(shape: QrShape) -> set[_Place]:
    """Return the modules that hold no data: patterns, format and version (6.3, 7.9, 7.10)."""
    size, end = range(shape.modules), shape.modules
    found = {(row, at) for row in size for at in size if _TIMING in {row, at}}
    found |= _area(0, 0, 9, 9) | _area(0, end - 8, 9, 8) | _area(end - 8, 0, 8, 9)
    if shape.version >= 7:  # noqa: PLR2004  # smaller ones do not tell their version
        found |= _area(0, end - 11, 6, 3) | _area(end - 11, 0, 3, 6)
    middles = pattern_position(shape.version)
    corners = {(6, 6), (6, end - 7), (end - 7, 6)}
    for row, at in {*product(middles, middles)} - corners:
        found |= _area(row - 2, at - 2, 5, 5)
    return found


def _area(row: int, at: int, height: int, width: int) -> set[_Place]:
    """Return the modules of a rectangle, from that of its upper left corner on."""
    return set(product(range(row, row + height), range(at, at + width)))


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
