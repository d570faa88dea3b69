"""Faces: the font files texts are set in, and which letters each of them has.

A shelf holds the shipped faces by name and the ones a provider adds, TrueType or
PostScript: HarfBuzz draws either, and what it draws is embedded (`outlines.py`).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path

import uharfbuzz as hb
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont, TTLibError

from cecert.errors import ConfigurationError, Fault

__all__ = [
    "LARGEST_FONT", "WORKING_FONT", "Face", "FaceShelf", "Glyph", "font_problem", "placed_glyph",
    "with_selectors",
]  # fmt: skip

LARGEST_FONT = 40_000_000
"""Bytes; the largest pan-CJK collections stay below it."""

WORKING_FONT = (
    "a TrueType font (.ttf) works: for Chinese DroidSansFallbackFull.ttf (Debian:"
    " fonts-droid-fallback), for Japanese ipam.ttf (fonts-ipafont-mincho), for Korean"
    " NanumMyeongjo.ttf (fonts-nanum), or a static NotoSansSC, NotoSansJP or NotoSansKR"
)
"""What to configure instead; each was tried alone with names of its language."""

MOST_GLYPHS = 8192
"""Glyphs that are kept; all the names of a batch use fewer."""

_PLAIN = (b"\0\1\0\0", b"true", b"OTTO")
_OTHERS = {
    b"ttcf": "is a collection of fonts; take one font out of it",
    b"wOFF": "is packed for web pages (WOFF); unpack it to .ttf or .otf",
    b"wOF2": "is packed for web pages (WOFF2); unpack it to .ttf or .otf",
}
_TABLES = ("head", "hhea", "hmtx", "maxp", "cmap", "OS/2")
_OUTLINES = (("CFF ",), ("glyf", "loca"))
_JOINERS = "\u200c\u200d"
_WHOLE = (("\u3040", "\u30ff"), ("\uac00", "\ud7a3"))  # kana, syllables of Hangul
SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Variation selectors, Unicode 23.4: 1 to 16, and the supplement's 17 to 256."""


def with_selectors(text: str) -> Iterator[str]:
    """Return the characters of *text*, each with the variation selector that follows it."""
    waiting = ""
    for each in text:
        if each in SELECTORS and waiting and waiting not in SELECTORS:
            yield waiting + each
            waiting = ""
            continue
        if waiting:
            yield waiting
        waiting = each
    if waiting:
        yield waiting


class Face:
    """A font file as it is measured and drawn from.

    Attributes:
        name: PostScript name, which PDF readers show.
        data: The file.
        hb_face, hb_font: HarfBuzz's view of it, in units of 1/`units` em.
        units: Units per em.
    """

    def __init__(self, data: bytes, name: str, *, shipped: bool = True, scale: float = 1.0) -> None:
        """Open a TrueType file whose tables are known to be sound.

        Args:
            data: The file.
            name: What it is called.
            shipped: Whether its glyphs are known to be sound, too; others are tried.
            scale: How much larger it is set than its size says, to stand beside another face.
        """
        self.name = name
        self._shipped = shipped
        self.data = data
        self.hb_face = hb.Face(hb.Blob(data))
        self.hb_font = hb.Font(self.hb_face)
        self.units = self.hb_face.upem / scale
        self._metrics: dict[int, tuple[float, float, float]] = {}

    @cached_property
    def coverage(self) -> frozenset[int]:
        """The code points it maps to a glyph."""
        return frozenset(self.hb_face.unicodes)

    @cached_property
    def ascii(self) -> frozenset[str]:
        """The characters of ASCII it maps to a glyph."""
        return frozenset(chr(each) for each in range(0x80) if each in self.coverage)

    @cached_property
    def characters(self) -> dict[int, str]:
        """The character each nominal glyph stands for; the first, where there are several."""
        found: dict[int, str] = {}
        for point in sorted(self.coverage):
            found.setdefault(self.hb_font.get_nominal_glyph(point), chr(point))
        return found

    def lacks(self, text: str) -> str:
        """Return the first character of *text* it cannot draw, or "".

        A variation selector asks for a form of the character before it; both are
        returned where that form is not in the font. Another form is another name.
        """
        if text.isascii():
            lacking = set(text) - self.ascii
            return next((each for each in text if each in lacking), "") if lacking else ""
        return next((each for each in with_selectors(text) if not self._has(each)), "")

    def _has(self, character: str) -> bool:
        if len(character) > 1:
            points = map(ord, character)
            return bool(self.hb_font.get_variation_glyph(*points))
        if character in SELECTORS:
            return False
        # HarfBuzz draws a letter without a glyph of its own as base and marks. Not so
        # syllables and kana: what they come apart into stands in a row, as no one writes.
        if ord(character) in self.coverage or character in _JOINERS:
            return True
        if any(first <= character <= last for first, last in _WHOLE):
            return False
        parts = unicodedata.normalize("NFD", character)
        return len(parts) > 1 and all(ord(each) in self.coverage for each in parts)

    def metrics(self, glyph: int) -> tuple[float, float, float]:
        """Return a glyph's advance, and top and bottom of its ink, in em; it is looked up once."""
        found = self._metrics.get(glyph)
        if found is None:
            found = self._metrics[glyph] = self._measured(glyph)
        return found

    def _measured(self, glyph: int) -> tuple[float, float, float]:
        advance = self.hb_font.get_glyph_h_advance(glyph) / self.units
        extents = self.hb_font.get_glyph_extents(glyph)
        if not extents or not (self._shipped or self._draws(glyph)):
            return advance, 0.0, 0.0
        top = extents.y_bearing / self.units
        return advance, top, top + extents.height / self.units

    def overhang(self, glyph: int) -> float:
        """Return by how much a glyph's ink leans over what follows, in em; 0 if it does not."""
        extents = self.hb_font.get_glyph_extents(glyph)
        if not extents:
            return 0.0
        right = (extents.x_bearing + extents.width) / self.units
        return max(0.0, float(right) - self.metrics(glyph)[0])

    def _draws(self, glyph: int) -> bool:
        """Say whether a glyph has an outline: what a file claims of its extents need not be so."""
        pen = RecordingPen()
        self.hb_font.draw_glyph_with_pen(glyph, pen)
        return bool(pen.value)

    @cached_property
    def cap_height(self) -> float:
        """Height of its capitals, in em."""
        glyph = self.hb_font.get_nominal_glyph(ord("H"))
        extents = glyph and self.hb_font.get_glyph_extents(glyph)
        return extents.y_bearing / self.units if extents else 0.7

    @cached_property
    def line_extents(self) -> tuple[float, float]:
        """Its ascender and (negative) descender, in em."""
        extents = self.hb_font.get_font_extents("ltr")
        return extents.ascender / self.units, extents.descender / self.units


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph; lengths in em.

    Attributes:
        id: Its number in the face.
        text: The characters it stands for.
        advance: To the next glyph.
        width: What the face says of its advance.
        dx, dy: Where it is moved.
        top, bottom: Of its ink, unmoved; both 0 where it has none.
    """

    id: int
    text: str
    advance: float
    width: float
    dx: float
    dy: float
    top: float
    bottom: float


@lru_cache(maxsize=MOST_GLYPHS)
def placed_glyph(
    face: Face, number: int, text: str, place: tuple[int, int, int], space: float
) -> Glyph:
    """Return a glyph of a face as HarfBuzz placed it; letters come often, so it is kept.

    Args:
        face: The face.
        number: The glyph's in the face.
        text: The characters it stands for.
        place: Its advance and offsets, in the face's units.
        space: White after it, in em.
    """
    advance, dx, dy = (each / face.units for each in place)
    width, top, bottom = face.metrics(number)
    return Glyph(number, text, advance + space, width, dx, dy, top, bottom)


class FaceShelf:
    """All faces texts may be set in."""

    def __init__(self, folder: Path, extra: Sequence[Path] = ()) -> None:
        """Open the shipped faces of *folder* and the provider's *extra* ones.

        Raises:
            ConfigurationError: If a file is no font that can be embedded; it
                lists every such file.
        """
        self._faces = {path.stem: _open(path) for path in sorted(folder.glob("*.[ot]tf"))}
        faults: list[Fault] = []
        self._extra = [face for path in extra if (face := _checked(path, faults))]
        if faults:
            raise ConfigurationError("a font cannot be used", tuple(faults))

    def chain(self, name: str, fallbacks: Iterable[str]) -> tuple[Face, ...]:
        """Return the faces to try in turn: *name*, the *fallbacks*, the provider's own."""
        names = dict.fromkeys([name, *fallbacks])
        return (*(self._faces[each] for each in names), *self._extra)

    def scaled(self, name: str, scale: float) -> Face:
        """Return a face as it is set beside one with larger letters."""
        face = self._faces[name]
        return face if scale == 1 else _face(face.data, name, scale=scale)


def _open(path: Path) -> Face:
    return _face(path.read_bytes(), path.stem)


# What is known of a face's letters is kept with it; every renderer of a process has the same.
_face = lru_cache(maxsize=32)(Face)


def _checked(path: Path, faults: list[Fault]) -> Face | None:
    problem = _problem(path)
    if problem:
        faults.append(Fault("fonts", str(path), problem, WORKING_FONT))
        return None
    return Face(path.read_bytes(), path.stem, shipped=False)


def _problem(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST_FONT:
            return f"has {size:,} bytes, at most {LARGEST_FONT:,} are read"
        return font_problem(path.read_bytes())
    except OSError as fault:
        return f"cannot be read: {fault.strerror}"


def font_problem(data: bytes) -> str:
    """Say why a font file cannot be used, as the end of a sentence; "" if it can."""
    if data[:4] not in _PLAIN:
        return _OTHERS.get(data[:4], "is no font")
    try:
        with TTFont(BytesIO(data), lazy=False) as font:
            return _unusable(font)
    except (TTLibError, AssertionError, ValueError, KeyError, IndexError, struct.error):
        return "is no font"


def _unusable(font: TTFont) -> str:
    if not any(all(tag in font for tag in tags) for tags in _OUTLINES):
        return "is no font with outlines: it has neither glyf and loca nor CFF"
    if missing := [tag for tag in _TABLES if tag not in font]:
        return f"is no whole font: table {missing[0]} is missing"
    if font["OS/2"].fsType & 0x0002:
        return "does not allow embedding (its fsType says restricted)"
    return ""
