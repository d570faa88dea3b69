"""Fonts in the document: the glyphs used, as Type 0 fonts that can be read back.

A character code stands for a glyph *and* the characters it means: the small capital
of S and of s are one glyph and two codes. So copying and listening give the right
letters, whatever the font made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from cecert.adapters.render.layout.ornament import colour
from cecert.adapters.render.layout.page import Ink
from cecert.adapters.render.pdf.codes import Codes
from cecert.adapters.render.pdf.outlines import MOST_CHARSTRINGS, charstring, font_program
from cecert.adapters.render.text.faces import Face, Glyph
from cecert.adapters.render.text.shaping import GlyphRun

__all__ = ["FontUse", "TextLine", "text_line"]

_LEAST_MOVE = 0.0005  # em; half of what a TJ adjustment can say


class FontUse:
    """The codes of one face used in a document, which number its glyphs there (CIDs)."""

    def __init__(self, face: Face, key: str, base: FontUse | None = None) -> None:
        """Begin a font, with the codes of *base* where one is continued."""
        self.face, self.key = face, key
        self.codes: Codes = Codes(base.codes if base else None)
        self._shown: dict[tuple[int, str], str] = dict(base._shown) if base else {}  # noqa: SLF001  # its own kind
        self._glyphs: list[tuple[int, str, bytes]] = list(base._glyphs) if base else []  # noqa: SLF001

    def add(self, glyphs: Iterable[Glyph]) -> None:
        """Give codes to *glyphs*."""
        shown = self._shown
        for glyph in glyphs:
            key = (glyph.id, glyph.text)
            if key not in shown:
                code = self.codes.free(glyph.text)
                shown[key] = f"<{code:04X}>"
                self._glyphs.append((code, *_drawn(self.face, glyph.id, glyph.width)))

    def holds(self, run: GlyphRun) -> bool:
        """Say whether every glyph of *run* has a code."""
        shown = self._shown
        return all((glyph.id, glyph.text) in shown for glyph in run.glyphs)

    def shown(self, glyphs: Iterable[Glyph]) -> list[str]:
        """Return the code of each glyph that stands for its characters, as content has it.

        Raises:
            KeyError: If one was not added.
        """
        shown = self._shown
        return [shown[glyph.id, glyph.text] for glyph in glyphs]

    def widths(self) -> str:
        """Return the W array."""
        parts, after = [], 0
        for code, width, _ in sorted(self._glyphs):
            parts.append(f" {width}" if code == after else f"]{code}[{width}")
            after = code + 1
        return f"[{''.join(parts)[1:]}]]"

    def program(self, name: str) -> bytes:
        """Return a font of the glyphs used."""
        return font_program(name, {code: outline for code, _, outline in sorted(self._glyphs)})


@lru_cache(maxsize=MOST_CHARSTRINGS)
def _drawn(face: Face, glyph: int, width: float) -> tuple[str, bytes]:
    """Return a glyph's width as the W array has it, and its outline."""
    return _thousandths(width), charstring(face, glyph)


@lru_cache(maxsize=4096)
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
    opening = f"BT {colour(ink.colour, 'rg')} /{first} {_short(ink.size)} Tf "
    return TextLine(opening, f" Td {' '.join(parts)} ET")


def _show(
    parts: list[str], glyphs: Sequence[Glyph], use: FontUse, size: float, moved: float
) -> float:
    """Show glyphs, each moved and raised as shaped; return what the next one must move."""
    shown: list[str] = []
    rise = 0.0
    for glyph, code in zip(glyphs, use.shown(glyphs), strict=True):
        if glyph.dy != rise:
            if shown:
                parts.append(f"[{''.join(shown)}] TJ")
            shown, rise = [], glyph.dy
            parts.append(f"{_short(rise * size)} Ts")
        moved += glyph.dx
        if abs(moved) >= _LEAST_MOVE:
            shown.append(_thousandths(-moved))
            moved = 0.0
        shown.append(code)
        moved += glyph.advance - glyph.width - glyph.dx
    parts.append(f"[{''.join(shown).replace('><', '')}] TJ")
    if rise:
        parts.append("0 Ts")
    return moved


def _short(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
