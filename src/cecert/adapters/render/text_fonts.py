"""Fonts in the document: the glyphs used, as Type 0 fonts that can be read back.

A character code stands for a glyph *and* the characters it means: the small capital
of S and of s are one glyph and two codes. So copying and listening give the right
letters, whatever the font made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import uharfbuzz as hb

from cecert.adapters.render.faces import Face
from cecert.adapters.render.ornament import colour
from cecert.adapters.render.page import Ink
from cecert.adapters.render.shaping import Glyph, GlyphRun

__all__ = ["FontUse", "TextLine", "text_line"]

_MOST_IN_BLOCK = 100  # Adobe Technical Note 5014, 1.4: entries in one bfchar block
_LEAST_MOVE = 0.0005  # em; half of what a TJ adjustment can say


class FontUse:
    """The codes of one face used in a document; 0 is never one."""

    def __init__(self, face: Face, key: str) -> None:
        self.face, self.key = face, key
        self._codes: dict[tuple[int, str], int] = {}
        self._widths: list[float] = []

    def add(self, glyphs: Iterable[Glyph]) -> None:
        """Give codes to *glyphs*."""
        for glyph in glyphs:
            if (glyph.id, glyph.text) not in self._codes:
                self._codes[glyph.id, glyph.text] = len(self._codes) + 1
                self._widths.append(glyph.width)

    def holds(self, run: GlyphRun) -> bool:
        """Say whether every glyph of *run* has a code."""
        return all((glyph.id, glyph.text) in self._codes for glyph in run.glyphs)

    def code(self, glyph: Glyph) -> int:
        """Return the code of a glyph that stands for its characters.

        Raises:
            KeyError: If it was not added.
        """
        return self._codes[glyph.id, glyph.text]

    def widths(self) -> str:
        """Return the W array."""
        return f"[1 [{' '.join(map(_thousandths, self._widths))}]]"

    def program(self) -> tuple[bytes, bytes]:
        """Return the font cut down to the glyphs used, and the map from code to glyph."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update({glyph for glyph, _ in self._codes})
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        wanted.drop_table_tag_set.update(_DROPPED)
        plan = hb.SubsetPlan(self.face.hb_face, wanted)
        glyphs = plan.old_to_new_glyph_mapping
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


_DROPPED = tuple(
    int.from_bytes(tag, "big")
    for tag in (
        b"GSUB", b"GPOS", b"GDEF", b"cmap", b"name", b"OS/2", b"post", b"DSIG", b"STAT",
        b"fvar", b"gvar", b"avar", b"HVAR", b"VVAR", b"MVAR",
    )
)  # fmt: skip

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


def _thousandths(em: float) -> str:
    return f"{em * 1000:.2f}".rstrip("0").rstrip(".")


class TextLine:
    """The operators of a line of text, but for its place."""

    __slots__ = ("_after", "_before")

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = before, after

    def at(self, x: float, y: float) -> str:
        """Return the operators that draw it from x on, on the baseline y."""
        return f"{self._before}{x:.3f} {y:.3f}{self._after}"


def text_line(ink: Ink, fonts: Sequence[FontUse]) -> TextLine:
    """Return the operators of a line; *fonts* are those of its runs."""
    parts: list[str] = []
    moved = 0.0
    for run, use in zip(ink.shaped.runs, fonts, strict=True):
        if parts:
            parts.append(f"/{use.key} {_short(ink.size)} Tf")
        moved = _show(parts, run.glyphs, use, ink.size, moved)
    first = fonts[0].key if fonts else ""
    opening = f"BT {colour(ink.colour, 'rg')} /{first} {_short(ink.size)} Tf 1 0 0 1 "
    return TextLine(opening, f" Tm {' '.join(parts)} ET")


def _show(
    parts: list[str], glyphs: Sequence[Glyph], use: FontUse, size: float, moved: float
) -> float:
    """Show glyphs, each moved and raised as shaped; return what the next one must move."""
    shown: list[str] = []
    rise = 0.0
    for glyph in glyphs:
        if glyph.dy != rise:
            if shown:
                parts.append(f"[{''.join(shown)}] TJ")
            shown, rise = [], glyph.dy
            parts.append(f"{_short(rise * size)} Ts")
        moved += glyph.dx
        if abs(moved) >= _LEAST_MOVE:
            shown.append(_thousandths(-moved))
            moved = 0.0
        shown.append(f"<{use.code(glyph):04X}>")
        moved += glyph.advance - glyph.width - glyph.dx
    parts.append(f"[{''.join(shown).replace('><', '')}] TJ")
    if rise:
        parts.append("0 Ts")
    return moved


def _short(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
