"""Pieces: a stream of which most was written before is put together, not deflated again.

The lines above and below a name are the same for all names of one height. They are
deflated once and kept; a document deflates its name's lines and joins the three. A
piece points back into those before it (RFC 1951, 2), over a person's words, of which it
knows the length: they are padded to whole steps, so that lengths are few.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from cecert.domain.values.quick_making import quickly_made

__all__ = ["STEP", "Piece", "joined", "lasting", "own", "stored"]

STEP = 128
"""Bytes to whose multiple a person's words are padded with spaces."""

_HEADER = b"\x78\xda"  # RFC 1950: deflate, 32 kB back, best compression
_END = b"\x03\x00"  # an empty last block
_UNSEEN = b"\xff"  # in no content, which is ASCII


@quickly_made
@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stream.

    Attributes:
        text: What it says.
        data: That deflated, ending at a byte, and not the last block.
        kept: Whether others point into it; else only its length is known to them.
    """

    text: bytes
    data: bytes
    kept: bool

    @property
    def window(self) -> bytes:
        """What others may count on that come after it."""
        return self.text if self.kept else _UNSEEN * len(self.text)


def lasting(text: bytes, before: Sequence[Piece]) -> Piece:
    """Deflate *text*, which stands after *before* in many documents, as well as can be."""
    known = b"".join(piece.window for piece in before)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, known)
    return Piece(text, packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH), kept=True)


def own(text: bytes) -> Piece:
    """Deflate a person's words, padded, as quickly as can be."""
    padded = text + b" " * (-len(text) % STEP)
    packer = zlib.compressobj(6, zlib.DEFLATED, -12, 5)
    return Piece(padded, packer.compress(padded) + packer.flush(zlib.Z_FULL_FLUSH), kept=False)


def stored(text: bytes) -> Piece:
    """Return *text*, which is short and like nothing else, as it is (RFC 1951, 3.2.4)."""
    size = len(text)
    return Piece(
        text,
        b"\0" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + text,
        kept=False,
    )


def joined(pieces: Sequence[Piece]) -> bytes:
    """Return the zlib stream (RFC 1950) that says all *pieces* in turn."""
    check = 1
    for piece in pieces:
        check = zlib.adler32(piece.text, check)
    return b"".join([_HEADER, *[each.data for each in pieces], _END, check.to_bytes(4, "big")])
