"""Fonts in the document: the glyphs used, as Type 0 fonts that can be read back.

A character code stands for a glyph *and* the characters it means: the small capital
of S and of s are one glyph and two codes. So copying and listening give the right
letters, whatever the font made of them.

Codes are chosen so that documents need not say what they mean. A glyph that stands for
one Latin character has that character's own number. Its second glyph (the small capital
beside the capital) has a number of the private use area, and a ligature the number
Unicode keeps for it. One map from codes to characters then serves nearly every font of
every document; only what has no such number is told by a map of its own. The common map
holds no more than Latin, because readers unfold it for each font.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from cecert.adapters.render.layout.ornament import colour
from cecert.adapters.render.layout.page import Ink
from cecert.adapters.render.pdf.outlines import charstring, font_program
from cecert.adapters.render.text.faces import Face, Glyph
from cecert.adapters.render.text.shaping import GlyphRun, Shaped

__all__ = [
    "Codes",
    "DocumentFonts",
    "FontUse",
    "SharedLines",
    "TextLine",
    "common_map",
    "text_line",
]

_LEAST_MOVE = 0.0005  # em; half of what a TJ adjustment can say

_COMMON = (
    (0x0020, 0x007E), (0x00A0, 0x00FF), (0x0100, 0x01FF), (0x0200, 0x024F), (0x0300, 0x036F),
    (0x1E00, 0x1EFF), (0x2010, 0x203A),
)  # fmt: skip
"""Characters that are their own code; a range stays in one block of 256."""

_SECOND = 0xE000
"""What the code of a second glyph is beyond the character's, which is of the first block."""

_LIGATURES = {"ff": 0xFB00, "fi": 0xFB01, "fl": 0xFB02, "ffi": 0xFB03, "ffl": 0xFB04}

_FIRST_OWN = 0xE900
"""Codes from here on mean what the font's own map says."""

_MOST_IN_BLOCK = 100  # Adobe Technical Note 5014, 1.4: entries in one block


class FontUse:
    """The codes of one face used in a document, which number its glyphs there (CIDs)."""

    def __init__(self, face: Face, key: str, base: FontUse | None = None) -> None:
        """Begin a font, with the codes of *base* where one is continued."""
        self.face, self.key = face, key
        self.codes: Codes = Codes(base.codes if base else None)
        self._shown: dict[tuple[int, str], str] = dict(base._shown) if base else {}  # noqa: SLF001  # its own kind
        self._glyphs: list[tuple[int, float, bytes]] = list(base._glyphs) if base else []  # noqa: SLF001

    def add(self, glyphs: Iterable[Glyph]) -> None:
        """Give codes to *glyphs*."""
        face, shown = self.face, self._shown
        new = {
            (glyph.id, glyph.text): glyph for glyph in glyphs if (glyph.id, glyph.text) not in shown
        }
        codes = [self.codes.free(text) for _, text in new]
        shown.update(zip(new, [f"<{code:04X}>" for code in codes], strict=True))
        self._glyphs += [
            (code, glyph.width, charstring(face, glyph.id))
            for code, glyph in zip(codes, new.values(), strict=True)
        ]

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
            told = _thousandths(width)
            parts.append(f" {told}" if code == after else f"]{code}[{told}")
            after = code + 1
        return f"[{''.join(parts)[1:]}]]"

    def program(self, name: str) -> bytes:
        """Return a font of the glyphs used."""
        return font_program(name, {code: outline for code, _, outline in sorted(self._glyphs)})


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


class SharedLines:
    """Lines that all documents of a kind have, in the fonts they share."""

    def __init__(self, fonts: Mapping[Face, FontUse]) -> None:
        self.fonts = fonts
        self._lines: dict[tuple[int, float, str], tuple[Shaped, TextLine]] = {}

    def drawn(self, ink: Ink) -> str:
        """Return the operators of a line, wherever it stands."""
        key = (id(ink.shaped), ink.size, ink.colour)
        known = self._lines.get(key)
        if known is None:
            fonts = [self.fonts[run.face] for run in ink.shaped.runs]
            # The shaped text is kept with its line, so that its number stays its own.
            known = self._lines[key] = (ink.shaped, text_line(ink, fonts))
        return known[1].at(ink.x, ink.y)


class DocumentFonts:
    """The fonts of one document: those that are shared, and its own for what they lack.

    Attributes:
        own: Its own; those that are begun for all documents come first.
    """

    def __init__(self, shared: SharedLines, begun: Iterable[FontUse]) -> None:
        """Continue the fonts that are *begun*, with codes of the document's own."""
        self._shared = shared
        self.own = {use.face: FontUse(use.face, use.key, use) for use in begun}

    def drawn(self, inks: Iterable[Ink]) -> list[str]:
        """Return the operators of each line; a person's has its glyphs in the document's fonts."""
        return [self._own(ink) if ink.personal else self._shared.drawn(ink) for ink in inks]

    def _own(self, ink: Ink) -> str:
        fonts = [self._font(run) for run in ink.shaped.runs]
        return text_line(ink, fonts).at(ink.x, ink.y)

    def _font(self, run: GlyphRun) -> FontUse:
        use = self.own.get(run.face)
        if use is None:
            shared = self._shared.fonts.get(run.face)
            if shared and shared.holds(run):
                return shared
            use = self.own[run.face] = FontUse(run.face, f"N{len(self.own)}")
        use.add(run.glyphs)
        return use


# What codes stand for


class Codes:
    """The codes of one font.

    Attributes:
        taken: All of them.
        own: What those stand for that are not in the common map.
    """

    def __init__(self, base: Codes | None = None) -> None:
        """Begin with those of *base*, where one is continued."""
        self.taken: set[int] = set(base.taken) if base else set()
        self.own: dict[int, str] = dict(base.own) if base else {}

    def free(self, text: str) -> int:
        """Return the code of one more glyph that stands for *text*, which is now taken."""
        for code in _places(text):
            if code not in self.taken:
                break
        else:
            code = _FIRST_OWN + len(self.own)
            self.own[code] = text
        self.taken.add(code)
        return code

    @property
    def are_common(self) -> bool:
        """Whether the common map says what each of them stands for."""
        return not self.own

    def map(self) -> bytes:
        """Return the CMap from codes to characters: the common one with the font's own."""
        return _cmap(self.own)


@lru_cache(maxsize=4096)
def _places(text: str) -> tuple[int, ...]:
    """Return the codes that stand for *text* in the common map."""
    if len(text) > 1:
        return (_LIGATURES[text],) if text in _LIGATURES else ()
    point = ord(text)
    if not any(first <= point <= last for first, last in _COMMON):
        return ()
    return (point, _SECOND + point) if point <= 0xFF else (point,)  # noqa: PLR2004  # the first block


def common_map() -> bytes:
    """Return the CMap that serves fonts whose codes are all common."""
    return _cmap({})


def _cmap(own: Mapping[int, str]) -> bytes:
    """Write a CMap (ISO 32000-1, 9.10.3); in one of its ranges only the last byte counts up."""
    ranges = [f"<{first:04X}> <{last:04X}> <{first:04X}>" for first, last in _COMMON]
    ranges += [
        f"<{_SECOND + first:04X}> <{_SECOND + last:04X}> <{first:04X}>"
        for first, last in _COMMON
        if last <= 0xFF  # noqa: PLR2004  # the first block
    ]
    single = [(code, text) for text, code in _LIGATURES.items()]
    chars = [f"<{code:04X}> <{_utf16(text)}>" for code, text in (*single, *own.items())]
    return _CMAP % (_entries("range", ranges) + _entries("char", chars)).encode("ascii")


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _entries(kind: str, entries: Sequence[str]) -> str:
    blocks = [entries[at : at + _MOST_IN_BLOCK] for at in range(0, len(entries), _MOST_IN_BLOCK)]
    return "".join(
        f"{len(block)} beginbf{kind}\n{chr(10).join(block)}\nendbf{kind}\n" for block in blocks
    )


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
