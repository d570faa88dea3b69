"""Codewords: the data of a QR symbol with the parity of its blocks (ISO/IEC 18004, 7.5, 7.6)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import getitem, xor

from qrcode.base import gexp, glog, rs_blocks

from cecert.adapters.render.modules import LEVELS
from cecert.domain.token.qr import QrShape

__all__ = ["Codewords"]

_Parities = Sequence[Sequence[int]]
"""For each byte of a block in turn, the parity that each value of it adds."""


class Codewords:
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
            (start, start + length, _parities(length, self._parity))
            for start, length in zip(starts, lengths, strict=True)
        ]

    def of(self, data: bytes) -> bytes:
        """Return *data* and its parity, the blocks' bytes in turn."""
        found, step = bytearray(self.total), len(self._blocks)
        last = step * self._short
        longer = last
        for index, (start, end, parities) in enumerate(self._blocks):
            block = data[start:end]
            found[index:last:step] = block[: self._short]
            if end - start > self._short:
                found[longer] = block[-1]
                longer += 1
            parity = reduce(xor, map(getitem, parities, block))
            found[self.data + index :: step] = parity.to_bytes(self._parity, "big")
        return bytes(found)


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
    for power in range(parity):
        shifted = [*found, 0]
        for index, each in enumerate(found):
            shifted[index + 1] ^= _times(each, gexp(power))
        found = shifted
    return found[1:]


def _number(coefficients: Sequence[int], value: int) -> int:
    return int.from_bytes(bytes(_times(each, value) for each in coefficients), "big")


def _times(one: int, other: int) -> int:
    """Multiply in the field of the code."""
    return gexp(glog(one) + glog(other)) if one and other else 0
