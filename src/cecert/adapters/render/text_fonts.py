"""Fonts in the document: the glyphs used, as Type 0 fonts that can be read back.

A character code stands for a glyph *and* the characters it means: the small capital
of S and of s are one glyph and two codes. So copying and listening give the right
letters, whatever the font made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cecert.adapters.render.faces import Face
from cecert.adapters.render.ornament import colour
from cecert.adapters.render.outlines import charstring, font_program
from cecert.adapters.render.page import Ink
from cecert.adapters.render.shaping import Glyph, GlyphRun

__all__ = ["FontUse", "TextLine", "text_line"]

_MOST_IN_BLOCK = 100  # Adobe Technical Note 5014, 1.4: entries in one block
_LEAST_MOVE = 0.0005  # em; half of what a TJ adjustment can say


class FontUse:
    """The codes of one face used in a document; 0 is never one."""

    def __init__(self, face: Face, key: str, base: FontUse | None = None) -> None:
        """Begin a font, with the codes of *base* where one is continued."""
        self.face, self.key = face, key
        self._codes: dict[tuple[int, str], str] = dict(base._codes) if base else {}  # noqa: SLF001  # its own kind
        self._widths: list[str] = list(base._widths) if base else []  # noqa: SLF001
        self._outlines: list[bytes] = list(base._outlines) if base else []  # noqa: SLF001

    def add(self, glyphs: Iterable[Glyph]) -> None:
        """Give codes to *glyphs*."""
        codes = self._codes
        for glyph in glyphs:
            key = (glyph.id, glyph.text)
            if key not in codes:
                codes[key] = f"<{len(codes) + 1:04X}>"
                self._widths.append(_thousandths(glyph.width))
                self._outlines.append(charstring(self.face, glyph.id))

    def holds(self, run: GlyphRun) -> bool:
        """Say whether every glyph of *run* has a code."""
        codes = self._codes
        return all((glyph.id, glyph.text) in codes for glyph in run.glyphs)

    def code(self, glyph: Glyph) -> str:
        """Return the code of a glyph that stands for its characters, as content has it.

        Raises:
            KeyError: If it was not added.
        """
        return self._codes[glyph.id, glyph.text]

    def widths(self) -> str:
        """Return the W array."""
        return f"[1 [{' '.join(self._widths)}]]"

    def program(self, name: str) -> bytes:
        """Return a font of the glyphs used, each at the place of its code."""
        return font_program(name, self._outlines)

    def to_unicode(self) -> bytes:
        """Return the CMap from codes to characters."""
        ranges, single = _runs([text for _, text in self._codes])
        return _CMAP % (_blocks("range", ranges) + _blocks("char", single)).encode("ascii")


def _runs(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Cut the texts of codes from 1 on into runs of consecutive characters, and others."""
    ranges, single = [], []
    start = 0
    for end in range(1, len(texts) + 1):
        if end < len(texts) and _follows(texts[end - 1], texts[end], end + 1):
            continue
        shown = texts[start].encode("utf-16-be").hex().upper()
        if end - start > 1:
            ranges.append(f"<{start + 1:04X}> <{end:04X}> <{shown}>")
        else:
            single.append(f"<{start + 1:04X}> <{shown}>")
        start = end
    return ranges, single


def _follows(before: str, text: str, code: int) -> bool:
    """Say whether *text* is next to *before*; in a range only the last byte counts up."""
    if len(before) != 1 or len(text) != 1 or ord(before) >= _ASTRAL:
        return False
    return ord(text) == ord(before) + 1 and bool(ord(text) & 0xFF) and bool(code & 0xFF)


def _blocks(kind: str, entries: Sequence[str]) -> str:
    blocks = [entries[at : at + _MOST_IN_BLOCK] for at in range(0, len(entries), _MOST_IN_BLOCK)]
    return "".join(
        f"{len(block)} beginbf{kind}\n{chr(10).join(block)}\nendbf{kind}\n" for block in blocks
    )


_ASTRAL = 0xFFFF

_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%bendcmap
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
        return f"{self._before}{x:.2f} {y:.2f}{self._after}"


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
        shown.append(use.code(glyph))
        moved += glyph.advance - glyph.width - glyph.dx
    parts.append(f"[{''.join(shown).replace('><', '')}] TJ")
    if rise:
        parts.append("0 Ts")
    return moved


def _short(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
