"""Outlines: a glyph of any face as a Type 2 charstring, and charstrings as a font program.

HarfBuzz draws a face whatever its outlines are, TrueType or PostScript, one of a
collection or not. What it draws is written once for each glyph and put together for
each document: a CFF font (Adobe Technical Note 5176) keyed by CID, whose n-th glyph is
CID n, so that a document needs no table between its codes and the glyphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from struct import pack

from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen

from cecert.adapters.render.faces import Face

__all__ = ["UNITS", "charstring", "font_program"]

UNITS = 1000
"""Units per em of a font program: PDF's own, so that widths agree to the digit."""

NOMINAL_WIDTH = 500
"""What a charstring's width is counted from; most letters are near it."""

MOST_CHARSTRINGS = 8192
"""Charstrings that are kept; all the names of a batch use fewer."""


@lru_cache(maxsize=MOST_CHARSTRINGS)
def charstring(face: Face, glyph: int) -> bytes:
    """Return the charstring of a glyph (Adobe Technical Note 5177)."""
    scale = UNITS / face.units
    width = face.hb_font.get_glyph_h_advance(glyph) * scale
    pen = T2CharStringPen(round(width) - NOMINAL_WIDTH, None)
    scaled = pen if scale == 1 else TransformPen(pen, (scale, 0, 0, scale, 0, 0))
    face.hb_font.draw_glyph_with_pen(glyph, scaled)
    written = pen.getCharString()
    written.compile()
    return bytes(written.bytecode)


def font_program(name: str, charstrings: Sequence[bytes]) -> bytes:
    """Return the font whose glyphs from 1 on are *charstrings*; glyph 0 is empty."""
    glyphs = _index([_EMPTY, *charstrings])
    count = 1 + len(charstrings)
    # Charset and FDSelect: glyph n is CID n, and all are of the one font dictionary.
    tables = pack(">BHH", 2, 1, max(0, count - 2)) + pack(">BHHBH", 3, 1, 0, 0, count)
    before = _opening(name)
    at = len(before) + _TOP_SIZE + len(_STRINGS)
    private = at + len(tables)
    dictionaries = _index([_number(len(_PRIVATE)) + _offset(private) + b"\x12"])
    after = private + len(_PRIVATE)
    top = _ROS + b"".join([
        _offset(at), b"\x0f", _offset(at + _CHARSET_SIZE), b"\x0c\x25",
        _offset(after), b"\x0c\x24", _offset(after + len(dictionaries)), b"\x11",
    ])  # fmt: skip
    parts = [before, _index([top]), _STRINGS, tables, _PRIVATE, dictionaries, glyphs]
    return b"".join(parts)


def _number(value: int) -> bytes:
    """Write a small number of a DICT (5176, table 3)."""
    return bytes([value + 139])


def _offset(value: int) -> bytes:
    """Write a number of a DICT at a length that does not depend on it."""
    return b"\x1d" + value.to_bytes(4, "big")


def _index(items: Sequence[bytes]) -> bytes:
    """Write an INDEX (5176, section 5)."""
    places = [*accumulate(map(len, items), initial=1)]
    size = (places[-1].bit_length() + 7) // 8
    offsets = b"".join([place.to_bytes(size, "big") for place in places])
    return pack(">HB", len(items), size) + offsets + b"".join(items)


@lru_cache(maxsize=256)
def _opening(name: str) -> bytes:
    """Return header and name of a font."""
    return b"\1\0\4\4" + _index([name.encode("ascii")])


_EMPTY = b"\x0e"  # endchar
_STRINGS = _index([b"Adobe", b"Identity"]) + b"\0\0"  # and no global subroutine
_ROS = b"\xf8\x1b\xf8\x1c\x8b\x0c\x1e"  # strings 391 and 392, supplement 0
_TOP_SIZE = len(_index([_ROS + 4 * _offset(0) + b"\x0f\x0c\x25\x0c\x24\x11"]))
_CHARSET_SIZE = 5
_PRIVATE = b"\x1c" + pack(">h", NOMINAL_WIDTH) + b"\x15"
