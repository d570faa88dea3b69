"""Outlines: a glyph of any face as a Type 2 charstring, and charstrings as a font program.

HarfBuzz draws a face whatever its outlines are, TrueType or PostScript, one of a
collection or not. What it draws is written once for each glyph and put together for
each document: a CFF font (Adobe Technical Note 5176) keyed by CID, which is the code
that content has, so that a document needs no table between its codes and the glyphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from struct import pack

from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen

from cecert.adapters.render.text.faces import Face

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


def font_program(name: str, charstrings: Mapping[int, bytes]) -> bytes:
    """Return the font of *charstrings* by their CIDs, which count up; glyph 0 is empty."""
    glyphs = _index([_EMPTY, *charstrings.values()])
    charset = _charset(charstrings)
    # All glyphs are of the one font dictionary.
    selection = pack(">BHHBH", 3, 1, 0, 0, 1 + len(charstrings))
    before = _opening(name)
    at = len(before) + _TOP_SIZE + len(_STRINGS)
    selection_at = at + len(charset)
    private = selection_at + len(selection)
    dictionaries = _index([_number(len(_PRIVATE)) + _offset(private) + b"\x12"])
    after = private + len(_PRIVATE)
    top = _ROS + b"".join([
        _offset(at), b"\x0f", _offset(selection_at), b"\x0c\x25",
        _offset(after), b"\x0c\x24", _offset(after + len(dictionaries)), b"\x11",
    ])  # fmt: skip
    parts = [before, _index([top]), _STRINGS, charset, selection, _PRIVATE, dictionaries, glyphs]
    return b"".join(parts)


def _charset(codes: Iterable[int]) -> bytes:
    """Write the CIDs of glyphs from 1 on, run by run (5176, table 19)."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == sum(runs[-1]) + 1 and runs[-1][1] < _MOST_LEFT:
            runs[-1][1] += 1
        else:
            runs.append([code, 0])
    return b"\1" + b"".join([pack(">HB", *run) for run in runs])


def _number(value: int) -> bytes:
    """Write a small number of a DICT (5176, table 3)."""
    return bytes([value + 139])


def _offset(value: int) -> bytes:
    """Write a number of a DICT at a length that does not depend on it."""
    return b"\x1d" + value.to_bytes(4, "big")


def _index(items: Sequence[bytes]) -> bytes:
    """Write an INDEX (5176, section 5)."""
    places = [*accumulate(map(len, items), initial=1)]
    # In one, two or four bytes; three are as good, and slower to write.
    size = next(each for each in _SIZES if places[-1] >> 8 * each == 0)
    offsets = pack(f">HB{len(places)}{_SIZES[size]}", len(items), size, *places)
    return offsets + b"".join(items)


@lru_cache(maxsize=256)
def _opening(name: str) -> bytes:
    """Return header and name of a font."""
    return b"\1\0\4\4" + _index([name.encode("ascii")])


_SIZES = {1: "B", 2: "H", 4: "I"}
_MOST_LEFT = 0xFF
_EMPTY = b"\x0e"  # endchar
_STRINGS = _index([b"Adobe", b"Identity"]) + b"\0\0"  # and no global subroutine
_ROS = b"\xf8\x1b\xf8\x1c\x8b\x0c\x1e"  # strings 391 and 392, supplement 0
_TOP_SIZE = len(_index([_ROS + 4 * _offset(0) + b"\x0f\x0c\x25\x0c\x24\x11"]))
_PRIVATE = b"\x1c" + pack(">h", NOMINAL_WIDTH) + b"\x15"
