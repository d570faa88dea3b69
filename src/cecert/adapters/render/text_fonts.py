"""Fonts in the document: the glyphs used, as Type 0 fonts that can be read back.

A character code stands for a glyph *and* the characters it means: the small capital
of S and of s are one glyph and two codes. So copying and listening give the right
letters, whatever the font made of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import uharfbuzz as hb

from cecert.adapters.render.faces import Face
from cecert.adapters.render.page import Ink
from cecert.adapters.render.shaping import Glyph

__all__ = ["FontUse", "text_operators"]

_MOST_IN_BLOCK = 100  # Adobe Technical Note 5014, 1.4: entries in one bfchar block


class FontUse:
    """The codes of one face used in a document."""

    def __init__(self, face: Face, key: str) -> None:
        self.face, self.key = face, key
        self._codes: dict[tuple[int, str], int] = {}
        self._widths: list[float] = []

    def code(self, glyph: Glyph) -> int:
        """Return the code of a glyph that stands for its characters; 0 is never used."""
        known = self._codes.get((glyph.id, glyph.text))
        if known is None:
            known = self._codes[glyph.id, glyph.text] = len(self._codes) + 1
            self._widths.append(glyph.width)
        return known

    def widths(self) -> str:
        """Return the W array."""
        return f"[1 [{' '.join(_thousandths(each) for each in self._widths)}]]"

    def program(self) -> tuple[bytes, bytes]:
        """Return the font cut down to the glyphs used, and the map from code to glyph."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update({glyph for glyph, _ in self._codes})
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        dropped = {"GSUB", "GPOS", "GDEF", "cmap", "name", "OS/2", "post", "DSIG", "STAT"}
        wanted.drop_table_tag_set.update(hb_tag(each) for each in dropped)
        plan = hb.SubsetPlan(self.face.hb_face, wanted)
        glyphs = dict(plan.old_to_new_glyph_mapping)
        numbers = [0, *(glyphs[glyph] for glyph, _ in self._codes)]
        mapped = b"".join(each.to_bytes(2, "big") for each in numbers)
        return plan.execute().blob.data, mapped

    def to_unicode(self) -> bytes:
        """Return the CMap from codes to characters."""
        entries = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_, text), code in self._codes.items()
        ]
        blocks = [
            entries[start : start + _MOST_IN_BLOCK]
            for start in range(0, len(entries), _MOST_IN_BLOCK)
        ]
        body = "\n".join(
            f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks
        )
        return _CMAP.format(body=body).encode("ascii")


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def hb_tag(name: str) -> int:
    """Return an OpenType tag as HarfBuzz numbers it."""
    return int.from_bytes(name.encode("ascii"), "big")


def _thousandths(em: float) -> str:
    return f"{em * 1000:.2f}".rstrip("0").rstrip(".")


def text_operators(ink: Ink, fonts: Sequence[FontUse]) -> str:
    """Return the operators that draw a line of text; *fonts* are those of its runs."""
    x, y = ink.x, ink.y
    parts = []
    for run, use in zip(ink.shaped.runs, fonts, strict=True):
        parts.append(f"/{use.key} {_short(ink.size)} Tf")
        parts += _shown(run.glyphs, use, x, y, ink.size)
        x += sum(glyph.advance for glyph in run.glyphs) * ink.size
    return "\n".join(parts)


def _shown(glyphs: Sequence[Glyph], use: FontUse, x: float, y: float, size: float) -> list[str]:
    """Show glyphs; a new position where one is raised, an adjustment where one is moved."""
    parts: list[str] = []
    shown: list[str] = []
    pending, rise, start = 0.0, None, x
    for glyph in glyphs:
        if glyph.dy != rise:
            if shown:
                parts.append(f"[{''.join(shown)}] TJ")
            rise, shown, pending = glyph.dy, [], 0.0
            start = x + glyph.dx * size
            parts.append(f"1 0 0 1 {start:.3f} {y + glyph.dy * size:.3f} Tm")
            moved = 0.0
        else:
            moved = pending + glyph.dx
        if abs(moved) >= 0.0005:  # noqa: PLR2004  # half a thousandth of an em
            shown.append(_thousandths(-moved))
        shown.append(f"<{use.code(glyph):04X}>")
        pending = glyph.advance - glyph.width - glyph.dx
        x += glyph.advance * size
    if shown:
        parts.append(f"[{''.join(shown)}] TJ")
    return parts


def _short(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def deflated(data: bytes) -> bytes:
    """Compress; never ending in CR, which before `endstream` would count as part of its EOL."""
    for level in (9, 8, 7, 6, 5, 4, 3, 2, 1):
        packed = zlib.compress(data, level)
        if packed[-1] != 0x0D:  # noqa: PLR2004  # CR
            return packed
    return zlib.compress(data + b"\n", 9)
