"""The QR symbol of a token (QR-TOKEN W4), in microseconds once its tables are built.

For one prefix, version, level and mask every module is a fixed pattern plus a sum,
over GF(2), of the payload's bits: Reed-Solomon is linear and the mask is added last.
So the symbol of a URL is the exclusive or of one picture for the text's length and
one for each group of digits. The `qrcode` library builds the first, and says where
each bit of a codeword is placed; the tests hold every symbol against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from itertools import chain, product
from operator import getitem, xor

from qrcode.base import gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

from cecert.domain.qr import QrShape, qr_shape

__all__ = ["MASK", "POINTS", "library_symbol", "symbol"]

POINTS = 36 * 72 / 25.4
"""Edge of the symbol without its quiet zone."""

MASK = 2
"""Fixed: it costs no readability and saves the search for the best."""

_LEVELS = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}
_SHIFTS = (0, 6, 3, 0)
_HALF, _LOW = 5, 31  # a group of three digits has ten bits, each table holds five


def symbol(url: str) -> tuple[int, bytes]:
    """Return a symbol's modules along an edge, and its picture.

    The picture has one bit a module, rows from the top, each padded to whole bytes.

    Raises:
        TokenError: If no symbol of 36 mm holds the URL.
    """
    prefix, _, digits = url.partition("#")
    shape = _shape(f"{prefix}#", len(digits))
    picture = _base(f"{prefix}#", shape, len(digits)) ^ _sum(f"{prefix}#", shape, digits)
    rows = (shape.modules + 7) // 8 * shape.modules
    return shape.modules, picture.to_bytes(rows, "big")


@lru_cache(maxsize=1024)
def _shape(prefix: str, digits: int) -> QrShape:
    return qr_shape(prefix, "0" * digits)


def library_symbol(url: str) -> list[list[bool]]:
    """Return the symbol as the `qrcode` library makes it, row by row, True for dark."""
    prefix, _, digits = url.partition("#")
    made = _made(f"{prefix}#", digits, qr_shape(f"{prefix}#", digits))
    return [[bool(module) for module in row] for row in made.modules]


def _made(prefix: str, digits: str, shape: QrShape) -> QRCode:
    made: QRCode = QRCode(
        version=shape.version,
        error_correction=_LEVELS[shape.level],
        mask_pattern=MASK,
        border=0,
    )
    made.add_data(QRData(prefix.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    made.add_data(QRData(digits.encode(), mode=MODE_NUMBER), optimize=0)
    made.make(fit=False)
    return made


def _packed(rows: Sequence[Sequence[bool | None]]) -> int:
    """Return rows of modules as the number whose bytes are the picture."""
    wide = (len(rows) + 7) // 8 * 8
    text = "".join("".join("1" if each else "0" for each in row).ljust(wide, "0") for row in rows)
    return int(text, 2)


@lru_cache(maxsize=1024)
def _base(prefix: str, shape: QrShape, length: int) -> int:
    """Return the symbol of so many zeros: function patterns, mask, padding, prefix."""
    # Made of other digits, because qrcode cannot divide a block that is zero throughout.
    digits = ("739" * length)[:length]
    return _packed(_made(prefix, digits, shape).modules) ^ _sum(prefix, shape, digits)


def _sum(prefix: str, shape: QrShape, digits: str) -> int:
    """Return what *digits* add to the symbol of zeros."""
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    halves = chain.from_iterable(map(_HALVES.__getitem__, groups))
    return reduce(xor, map(getitem, _tables(prefix, shape), halves), 0)


def _halves_of(group: str) -> tuple[int, int]:
    """Return the upper and lower five bits of a group of digits."""
    # Two digits have seven bits and one has four, the first of the group's place.
    value = int(group) << _SHIFTS[len(group)]
    return value >> _HALF, value & _LOW


_HALVES = {
    group: _halves_of(group)
    for size in (1, 2, 3)
    for group in map("".join, product("0123456789", repeat=size))
}

_Tables = list[list[int]]


@lru_cache(maxsize=16)
def _tables(prefix: str, shape: QrShape) -> _Tables:
    """Return the pictures of the upper, then of the lower five bits of each group in turn."""
    bits = _bit_pictures(shape)
    length_bits = (8, 10) if shape.version < 10 else (16, 12)  # noqa: PLR2004  # ISO 18004 table 3
    start = 4 + length_bits[0] + 8 * len(prefix.encode()) + 4 + length_bits[1]
    groups = range(start, len(bits) - 9, 10)
    return [_sums(bits[half : half + 5]) for at in groups for half in (at, at + 5)]


def _sums(pictures: Sequence[int]) -> list[int]:
    """Return the sum of pictures for each value of their five bits, the first the highest."""
    sums = [0]
    for picture in pictures:
        sums = [each for one in sums for each in (one, one ^ picture)]
    return sums


def _bit_pictures(shape: QrShape) -> list[int]:
    """Return for each data bit the modules it changes: its own, and those of its parity."""
    level = _LEVELS[shape.level]
    blocks = rs_blocks(shape.version, level)
    places = _places(shape, sum(block.total_count for block in blocks))
    data_at, parity_at = _interleaved(blocks)
    pictures = []
    for number, block in enumerate(blocks):
        parities = _parities(block.data_count, block.total_count - block.data_count)
        for byte, parity in enumerate(parities):
            for bit in range(8):
                picture = places[8 * data_at[number][byte] + bit]
                for index, coefficient in enumerate(parity):
                    product = _times(coefficient, 0x80 >> bit)
                    where = 8 * parity_at[number][index]
                    for place in range(8):
                        if product & 0x80 >> place:
                            picture ^= places[where + place]
                pictures.append(picture)
    return pictures


def _interleaved(blocks: Sequence[object]) -> tuple[list[list[int]], list[list[int]]]:
    """Return where each block's data and parity bytes go (ISO/IEC 18004, 7.6)."""
    counts = [(block.data_count, block.total_count - block.data_count) for block in blocks]  # type: ignore[attr-defined]  # qrcode has no hints
    data: list[list[int]] = [[] for _ in blocks]
    parity: list[list[int]] = [[] for _ in blocks]
    at = 0
    for kind, found in ((0, data), (1, parity)):
        for index in range(max(count[kind] for count in counts)):
            for number, count in enumerate(counts):
                if index < count[kind]:
                    found[number].append(at)
                    at += 1
    return data, parity


def _places(shape: QrShape, total: int) -> list[int]:
    """Return the picture of each bit of the interleaved codewords.

    Each run of the library's placement shows one binary digit of every bit's number.
    """
    size, wide = shape.modules, (shape.modules + 7) // 8 * 8
    blank = _placed(shape, bytes(total))
    numbers = [[0] * size for _ in range(size)]
    runs = (8 * total).bit_length()
    for run in range(runs):
        shown = _placed(shape, _numbered(total, run))
        for row in range(size):
            for column in range(size):
                if shown[row][column] != blank[row][column]:
                    numbers[row][column] |= 1 << run
    found = [0] * (8 * total)
    for row in range(size):
        for column in range(size):
            if numbers[row][column]:
                found[numbers[row][column] - 1] = 1 << (size * wide - 1 - row * wide - column)
    return found


def _numbered(total: int, run: int) -> bytes:
    """Return codewords whose every bit is one binary digit of its number, from 1."""
    bits = (str((number >> run) & 1) for number in range(1, 8 * total + 1))
    return int("".join(bits), 2).to_bytes(total, "big")


def _placed(shape: QrShape, codewords: bytes) -> list[list[bool | None]]:
    made: QRCode = QRCode(version=shape.version, error_correction=_LEVELS[shape.level], border=0)
    made.data_cache = list(codewords)
    made.makeImpl(False, MASK)  # noqa: FBT003  # the library's signature
    return list(made.modules)


def _parities(data: int, parity: int) -> list[list[int]]:
    """Return the parity bytes of a block that is zero but for a 1 at each place."""
    generator = [1]
    for power in range(parity):
        root = gexp(power)
        shifted = [*generator, 0]
        for index, each in enumerate(generator):
            shifted[index + 1] ^= _times(each, root)
        generator = shifted
    remainder = generator[1:]  # of x to the parity: the last data byte's
    found = [remainder]
    for _ in range(data - 1):
        first, *rest = remainder
        remainder = [_times(first, g) ^ r for g, r in zip(generator[1:], [*rest, 0], strict=True)]
        found.append(remainder)
    return found[::-1]


def _times(one: int, other: int) -> int:
    """Multiply in the field of the code."""
    return gexp(glog(one) + glog(other)) if one and other else 0
