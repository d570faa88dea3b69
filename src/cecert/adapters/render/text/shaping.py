"""Shaping: text becomes glyphs with their places, in any script the faces have.

NFC, then bidirectional levels, then for each word the first face that has all of its
letters, then HarfBuzz. A glyph knows the characters it stands for, so that the page
can be read back, by people who listen and by machines that compare.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import cast

import uharfbuzz as hb

from cecert.adapters.render.text.faces import Face, Glyph, placed_glyph
from cecert.adapters.render.text.italics import unmarked
from cecert.adapters.render.text.itemizing import MissingGlyphError, TextRun, pieces_of
from cecert.adapters.render.text.letters import apart_in, is_vietnamese
from cecert.errors import ConfigurationError, Fault

__all__ = ["TABULAR", "GlyphRun", "MissingGlyphError", "Shaped", "Style", "Switches", "shape"]

UNSEEN = "\u200b"
"""What a glyph stands for whose characters other glyphs of its cluster stand for."""

ACCENTED = 1.2
"""Ink higher than this many capitals has accents; ascenders stay below it."""

TABULAR = "tnum"
"""Of a style whose figures are as wide as one another: dates and times."""

ONE_APART = 0.06
"""Of an em, by which a space before a proportional figure one is wider."""

Switches = dict[str, bool | list[tuple[int, int, bool]]]
"""OpenType features, each on or off for all of a text or for stretches of it."""

TALL = 0.45
"""Of an em; a sign that is higher meets the head of a leaning letter before it."""

MOST_WHITE = 0.09
"""Of an em; readers of PDF take more for a space."""

_UNTRACKED = ("ARABIC", "DEVANAGARI", "BENGALI", "SYRIAC")


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Glyphs of one face, from left to right."""

    face: Face
    glyphs: tuple[Glyph, ...]


_NOTHING = GlyphRun(cast("Face", None), ())
"""What follows the last run."""


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


@dataclass(frozen=True)
class Style:
    """How one kind of text is set.

    Attributes:
        chain: Faces in the order they are tried.
        size: Points.
        leading: Points from baseline to baseline.
        tracking: In em.
        colour: `#RRGGBB`.
        features: OpenType features besides the usual.
        italic: Faces in the order they are tried for words in italics; () for those of others.
    """

    chain: tuple[Face, ...]
    size: float
    leading: float
    tracking: float
    colour: str
    features: tuple[str, ...]
    italic: tuple[Face, ...] = ()

    def shaped(self, text: str) -> Shaped:
        """Shape *text* with the faces and features of the style; its marks of italics go.

        Raises:
            MissingGlyphError: If no face has one of its characters.
        """
        return shape(text, self.chain, self.features, self.tracking, self.italic)

    def at(self, size: float, leading: float = 0.0) -> Style:
        """Return the same style in another size."""
        if size == self.size and not leading:
            return self
        return replace(self, size=size, leading=leading or self.leading * size / self.size)

    def width(self, text: str) -> float:
        """Return the width of *text* in points; trailing tracking does not count."""
        return (self.shaped(text).width - self.tracking) * self.size if text else 0.0

    def dotted_width(self, parts: Sequence[str]) -> float:
        """Return the width of *parts* in points, with a centred dot between two."""
        return sum(map(self.width, parts)) + (len(parts) - 1) * self.dot_gap

    @cached_property
    def dot_gap(self) -> float:
        """What parts two facts, in points: a centred dot with three spaces on each side."""
        space = self.width("x x") - self.width("xx")
        return self.width("\N{MIDDLE DOT}") + 6 * space

    @cached_property
    def cap(self) -> float:
        """Height of its capitals in points."""
        return self.chain[0].cap_height * self.size

    def rise(self, text: str) -> float:
        """Return what a line takes above its baseline: capitals, more where one has an accent."""
        top = self.shaped(text).top * self.size
        return top if top > ACCENTED * self.cap else self.cap

    def lines(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """Set lines one below the other: the words of each, and how far below the first it is.

        That is the leading, and more where ink would meet. All lines but the last end in a
        space, which parts their words for who listens.
        """
        drops = [0.0]
        for above, below in pairwise(texts):
            ink = self.shaped(below).top - self.shaped(above).bottom
            drops.append(drops[-1] + max(self.leading, (ink + 0.02) * self.size))
        words = [*(f"{text} " for text in texts[:-1]), texts[-1]]
        return list(zip(words, drops, strict=True))

    @cached_property
    def drop(self) -> float:
        """What stands for its descent in points: none for capitals and small capitals."""
        return 0.0 if "c2sc" in self.features or "smcp" in self.features else 0.2 * self.size


_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters of Hangul that stand for none."""


@lru_cache(maxsize=1024)
def shape(
    text: str,
    chain: tuple[Face, ...],
    features: tuple[str, ...] = (),
    tracking: float = 0.0,
    italic: tuple[Face, ...] = (),
) -> Shaped:
    """Shape *text* with the first faces of *chain* that have its words.

    Args:
        text: One line.
        chain: Faces in the order they are tried.
        features: OpenType features to turn on, besides the figures' and the usual.
        tracking: Added after each cluster, in em; it turns ligatures off.
        italic: Faces in the order they are tried for words that are marked; () for *chain*.

    Raises:
        MissingGlyphError: If no face has one of the characters.
    """
    text, italics = unmarked(unicodedata.normalize("NFC", text))
    # Without `pnum` the figures of our faces are as wide as one another.
    usual = ("lnum",) if TABULAR in features else ("lnum", "pnum")
    switches: Switches = dict.fromkeys((*usual, *features), True)
    if tracking:
        switches |= {"liga": False, "clig": False}
    pieces = pieces_of(text, chain, italic, italics if italic else ())
    # Few texts have such letters at all.
    if "Q" in text or ("Th" in text and not text.isascii()):
        vietnamese = is_vietnamese(text)
        off = [apart_in(each.text, vietnamese=vietnamese) for each in pieces]
        runs = [
            _run(each, switches | apart, tracking) for each, apart in zip(pieces, off, strict=True)
        ]
    else:
        runs = [_run(each, switches, tracking) for each in pieces]
    if italics and italic:
        runs = [_upright_after(*each, italic[0]) for each in pairwise([*runs, _NOTHING])]
    glyphs = [glyph for run in runs for glyph in run.glyphs]
    width = sum([glyph.advance for glyph in glyphs])
    return Shaped(text, _joined(runs), width, *_ink(glyphs))


def _upright_after(run: GlyphRun, after: GlyphRun, italic: Face) -> GlyphRun:
    """Return a run whose last letter, if it leans over a tall upright one, stands clear of it."""
    if run.face is not italic or after is _NOTHING or after.face is italic:
        return run
    *others, last = run.glyphs
    lean = min(MOST_WHITE, run.face.overhang(last.id))
    if after.glyphs[0].top <= TALL or not lean:
        return run
    return GlyphRun(run.face, (*others, replace(last, advance=last.advance + lean)))


def _run(piece: TextRun, switches: Switches, tracking: float) -> GlyphRun:
    buffer = hb.Buffer()
    buffer.add_str(piece.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if piece.level % 2 else "ltr"
    buffer.language = "en"
    try:
        hb.shape(piece.face.hb_font, buffer, switches)
    except MemoryError as error:  # of its own limit: rules that make ever more glyphs
        fault = Fault("fonts", piece.face.name, f"makes glyphs without end of {piece.text!r}")
        raise ConfigurationError("a font cannot be used", (fault,)) from error
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
    glyphs = tuple(
        [
            placed_glyph(
                face,
                number,
                text,
                (place.x_advance, place.x_offset, place.y_offset),
                tracking if cluster != after else 0.0,
            )
            for number, text, place, cluster, after in rows
        ]
    )
    if any(each.top == each.bottom and each.text != " " for each in glyphs):
        _refuse_unseen(piece, clusters, glyphs)
    return glyphs


def _refuse_unseen(piece: TextRun, clusters: Sequence[int], glyphs: Sequence[Glyph]) -> None:
    """Refuse a letter or digit that the face maps to a glyph without ink, as a broken file does."""
    seen = {
        cluster for cluster, each in zip(clusters, glyphs, strict=True) if each.top != each.bottom
    }
    starts = sorted(set(clusters))
    for start, end in zip(starts, [*starts[1:], len(piece.text)], strict=True):
        if start not in seen:
            for each in piece.text[start:end]:
                if unicodedata.category(each)[0] in "LN" and each not in _FILLERS:
                    raise MissingGlyphError(each)


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
