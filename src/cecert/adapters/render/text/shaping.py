"""Shaping: text becomes glyphs with their places, in any script the faces have.

NFC, then bidirectional levels, then for each word the first face that has all of its
letters, then HarfBuzz. A glyph knows the characters it stands for, so that the page
can be read back, by people who listen and by machines that compare.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import uharfbuzz as hb

from cecert.adapters.render.text.faces import Face
from cecert.adapters.render.text.itemizing import MissingGlyphError, TextRun, pieces_of
from cecert.adapters.render.text.letters import apart_in, is_vietnamese

__all__ = ["Glyph", "GlyphRun", "MissingGlyphError", "Shaped", "Switches", "shape"]

UNSEEN = "\u200b"
"""What a glyph stands for whose characters other glyphs of its cluster stand for."""

MOST_GLYPHS = 8192
"""Glyphs that are kept; all the names of a batch use fewer."""

TABULAR = "tnum"
"""Of a style whose figures are as wide as one another: dates and times."""

ONE_APART = 0.06
"""Of an em, by which a space before a proportional figure one is wider."""

Switches = dict[str, bool | list[tuple[int, int, bool]]]
"""OpenType features, each on or off for all of a text or for stretches of it."""

_UNTRACKED = ("ARABIC", "DEVANAGARI", "BENGALI", "SYRIAC")


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


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Glyphs of one face, from left to right."""

    face: Face
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line of text, shaped; lengths in em.

    Attributes:
        text: What it says, in logical order.
        runs: From left to right.
        width: Advance of the whole.
        top: Highest ink above the baseline.
        bottom: Lowest ink, negative below the baseline.
    """

    text: str
    runs: tuple[GlyphRun, ...]
    width: float
    top: float
    bottom: float


@lru_cache(maxsize=1024)
def shape(
    text: str, chain: tuple[Face, ...], features: tuple[str, ...] = (), tracking: float = 0.0
) -> Shaped:
    """Shape *text* with the first faces of *chain* that have its words.

    Args:
        text: One line.
        chain: Faces in the order they are tried.
        features: OpenType features to turn on, besides the figures' and the usual.
        tracking: Added after each cluster, in em; it turns ligatures off.

    Raises:
        MissingGlyphError: If no face has one of the characters.
    """
    text = unicodedata.normalize("NFC", text)
    # Without `pnum` the figures of our faces are as wide as one another.
    usual = ("lnum",) if TABULAR in features else ("lnum", "pnum")
    switches: Switches = dict.fromkeys((*usual, *features), True)
    if tracking:
        switches |= {"liga": False, "clig": False}
    vietnamese = is_vietnamese(text)
    runs = [
        _run(each, switches | apart_in(each.text, vietnamese=vietnamese), tracking)
        for each in pieces_of(text, chain)
    ]
    glyphs = [glyph for run in runs for glyph in run.glyphs]
    width = sum([glyph.advance for glyph in glyphs])
    return Shaped(text, _joined(runs), width, *_ink(glyphs))


def _run(piece: TextRun, switches: Switches, tracking: float) -> GlyphRun:
    buffer = hb.Buffer()
    buffer.add_str(piece.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if piece.level % 2 else "ltr"
    buffer.language = "en"
    hb.shape(piece.face.hb_font, buffer, switches)
    spaced = 0.0 if piece.script in _UNTRACKED else tracking
    glyphs = _glyphs(piece, buffer, spaced)
    return GlyphRun(piece.face, glyphs if TABULAR in switches else _apart_from_one(glyphs))


def _apart_from_one(glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """Widen a space before a proportional figure one, which has less white of its own."""
    if not any(each.text == "1" for each in glyphs):
        return glyphs
    after = [*(each.text for each in glyphs[1:]), ""]
    return tuple(
        replace(each, advance=each.advance + ONE_APART)
        if each.text == " " and follows == "1"
        else each
        for each, follows in zip(glyphs, after, strict=True)
    )


def _glyphs(piece: TextRun, buffer: hb.Buffer, tracking: float) -> tuple[Glyph, ...]:
    face, infos = piece.face, buffer.glyph_infos
    clusters = [each.cluster for each in infos]
    numbers = [each.codepoint for each in infos]
    texts = _glyph_texts(piece, numbers, clusters)
    if 0 in numbers:
        raise MissingGlyphError(texts[numbers.index(0)])
    rows = zip(numbers, texts, buffer.glyph_positions, clusters, [*clusters[1:], -1], strict=True)
    return tuple(
        [
            _glyph(
                face,
                number,
                text,
                (place.x_advance, place.x_offset, place.y_offset),
                tracking if cluster != after else 0.0,
            )
            for number, text, place, cluster, after in rows
        ]
    )


@lru_cache(maxsize=MOST_GLYPHS)
def _glyph(face: Face, number: int, text: str, place: tuple[int, int, int], space: float) -> Glyph:
    """Return a glyph with its advance and offsets in the face's units; letters come often."""
    advance, dx, dy = (each / face.units for each in place)
    width, top, bottom = face.metrics(number)
    return Glyph(number, text, advance + space, width, dx, dy, top, bottom)


def _glyph_texts(piece: TextRun, numbers: Sequence[int], clusters: Sequence[int]) -> list[str]:
    """Say for each glyph which characters of *piece* it stands for."""
    if clusters == [*range(len(piece.text))]:
        return list(piece.text)
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(piece.text)], strict=True))
    found: list[str] = []
    for cluster, group in groupby(zip(numbers, clusters, strict=True), key=itemgetter(1)):
        members = [number for number, _ in group]
        found += _shared_out(piece.text[cluster : ends[cluster]], members, piece)
    return found


def _shared_out(text: str, glyphs: list[int], piece: TextRun) -> list[str]:
    if len(glyphs) == 1:
        return [text]
    nominal = [piece.face.characters.get(each, "") for each in glyphs]
    ordered = nominal[::-1] if piece.level % 2 else nominal
    if all(nominal) and unicodedata.normalize("NFC", "".join(ordered)) == text:
        return nominal
    if len(text) < len(glyphs):
        text = unicodedata.normalize("NFD", text)
    shares = [text[index : index + 1] or UNSEEN for index in range(len(glyphs))]
    shares[-1] += text[len(glyphs) :]
    return shares[::-1] if piece.level % 2 else shares


def _ink(glyphs: Sequence[Glyph]) -> tuple[float, float]:
    """Return the highest and the lowest ink; a glyph without ink has none, wherever it stands."""
    inked = [each for each in glyphs if each.top != each.bottom]
    top = max([each.top + each.dy for each in inked], default=0.0)
    bottom = min([each.bottom + each.dy for each in inked], default=0.0)
    return max(0.0, top), min(0.0, bottom)


def _joined(runs: Sequence[GlyphRun]) -> tuple[GlyphRun, ...]:
    if len(runs) == 1:
        return tuple(runs)
    return tuple(
        GlyphRun(face, tuple(glyph for run in group for glyph in run.glyphs))
        for face, group in groupby(runs, key=lambda run: run.face)
    )
