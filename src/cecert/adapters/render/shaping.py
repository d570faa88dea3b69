"""Shaping: text becomes glyphs with their places, in any script the faces have.

NFC, then bidirectional levels, then for each word the first face that has all of its
letters, then HarfBuzz. A glyph knows the characters it stands for, so that the page
can be read back, by people who listen and by machines that compare.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

import uharfbuzz as hb

from cecert.adapters.render.bidi import levels, visual_order
from cecert.adapters.render.faces import Face, with_selectors

__all__ = ["Glyph", "GlyphRun", "MissingGlyphError", "Shaped", "shape"]

UNSEEN = "\u200b"
"""What a glyph stands for whose characters other glyphs of its cluster stand for."""

_UNTRACKED = ("ARABIC", "DEVANAGARI", "BENGALI", "SYRIAC")


class MissingGlyphError(LookupError):
    """No face has a character.

    Attributes:
        character: The first such; with its variation selector, if it is the form
            that is missing.
    """

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


class Glyph(NamedTuple):
    """One glyph; lengths in em.

    A tuple, because it is made five times as fast as a frozen dataclass, once for each
    letter of each name.
    """

    id: int
    text: str
    advance: float
    width: float
    dx: float
    dy: float


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
    switches = {"lnum": True, "pnum": True} | dict.fromkeys(features, True)
    if tracking:
        switches |= {"liga": False, "clig": False}
    pieces = _one_piece(text, chain) or list(_pieces(text, chain))
    order = visual_order([each.level for each in pieces])
    runs = [_run(pieces[index], switches, tracking) for index in order]
    top, bottom = _ink(runs)
    width = sum(glyph.advance for run in runs for glyph in run.glyphs)
    return Shaped(text, _joined(runs), width, top, bottom)


@dataclass(frozen=True, slots=True)
class _Piece:
    face: Face
    level: int
    script: str
    text: str


def _one_piece(text: str, chain: Sequence[Face]) -> list[_Piece]:
    """Return a Latin text as the one piece it is in the first face, if that has all of it."""
    if text and all(map(_is_plain, text)) and not chain[0].lacks(text):
        return [_Piece(chain[0], 0, "LATIN", text)]
    return []


@lru_cache(maxsize=4096)
def _is_plain(character: str) -> bool:
    """Say whether a character is of Latin, or of no script, and runs from left to right."""
    sideless = unicodedata.bidirectional(character) not in {"R", "AL", "AN"}
    return sideless and _script(character) in {"", "LATIN"}


def _pieces(text: str, chain: Sequence[Face]) -> Iterator[_Piece]:
    """Cut *text* where face, level or script changes."""
    marked = list(zip(text, _faces(text, chain), levels(text), _scripts(text), strict=True))
    for (face, level, script), group in groupby(marked, key=lambda each: each[1:]):
        yield _Piece(face, level, script, "".join(each[0] for each in group))


def _faces(text: str, chain: Sequence[Face]) -> list[Face]:
    """Return the face of each character: a word has one face, a space the one before it.

    A font of ideographs may have no space; then it is the first face's.
    """
    found: list[Face] = []
    for spaced, group in groupby(text, key=str.isspace):
        word = "".join(group)
        if spaced:
            before = found[-1] if found and not found[-1].lacks(word) else chain[0]
            found += [before] * len(word)
        else:
            found += _word_faces(word, chain)
    return found


def _word_faces(word: str, chain: Sequence[Face]) -> list[Face]:
    whole = next((face for face in chain if not face.lacks(word)), None)
    if whole:
        return [whole] * len(word)
    found: list[Face] = []
    for part in _parts_of_mixed(word):
        face = next((each for each in chain if not each.lacks(part)), None)
        if face is None:
            raise MissingGlyphError(_nowhere(part, chain))
        found += [face] * len(part)
    return found


def _parts_of_mixed(word: str) -> list[str]:
    """Cut a word no single face has where its script changes; marks stay with their base."""
    parts: list[str] = []
    script = ""
    for each in word:
        own = _script(each)
        if parts and own in {"", script}:
            parts[-1] += each
        else:
            parts.append(each)
        script = own or script
    return parts


def _nowhere(part: str, chain: Sequence[Face]) -> str:
    missing = (each for each in with_selectors(part) if all(face.lacks(each) for face in chain))
    return next(missing, part[0])


def _script(character: str) -> str:
    if not unicodedata.category(character).startswith("L"):
        return ""
    return unicodedata.name(character, "?").split()[0]


def _scripts(text: str) -> list[str]:
    """Return the script of each character; signs and marks belong to the letters before."""
    found: list[str] = []
    current = next((script for each in text if (script := _script(each))), "LATIN")
    for each in text:
        current = _script(each) or current
        found.append(current)
    return found


def _run(piece: _Piece, switches: dict[str, bool], tracking: float) -> GlyphRun:
    buffer = hb.Buffer()
    buffer.add_str(piece.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if piece.level % 2 else "ltr"
    buffer.language = "en"
    hb.shape(piece.face.hb_font, buffer, switches)
    spaced = 0.0 if piece.script in _UNTRACKED else tracking
    return GlyphRun(piece.face, _glyphs(piece, buffer, spaced))


def _glyphs(piece: _Piece, buffer: hb.Buffer, tracking: float) -> tuple[Glyph, ...]:
    units, metrics = piece.face.units, piece.face.metrics
    glyphs = [(each.codepoint, each.cluster) for each in buffer.glyph_infos]
    texts = _glyph_texts(piece, glyphs)
    clusters = [cluster for _, cluster in glyphs]
    spaced = [tracking * (each != after) for each, after in pairwise([*clusters, -1])]
    found = [
        Glyph(
            glyph,
            text,
            place.x_advance / units + space,
            metrics(glyph)[0],
            place.x_offset / units,
            place.y_offset / units,
        )
        for (glyph, _), place, text, space in zip(
            glyphs, buffer.glyph_positions, texts, spaced, strict=True
        )
    ]
    for each in found:
        if not each.id:
            raise MissingGlyphError(each.text)
    return tuple(found)


def _glyph_texts(piece: _Piece, glyphs: Sequence[tuple[int, int]]) -> list[str]:
    """Say for each glyph which characters of *piece* it stands for."""
    clusters = [cluster for _, cluster in glyphs]
    if clusters == [*range(len(piece.text))]:
        return list(piece.text)
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(piece.text)], strict=True))
    found: list[str] = []
    for cluster, group in groupby(glyphs, key=lambda each: each[1]):
        members = [glyph for glyph, _ in group]
        cluster_text = piece.text[cluster : ends[cluster]]
        found += _shared_out(cluster_text, members, piece)
    return found


def _shared_out(text: str, glyphs: list[int], piece: _Piece) -> list[str]:
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


def _ink(runs: Sequence[GlyphRun]) -> tuple[float, float]:
    tops, bottoms = [0.0], [0.0]
    for run in runs:
        metrics = run.face.metrics
        for glyph in run.glyphs:
            _, top, bottom = metrics(glyph.id)
            if top != bottom:
                tops.append(top + glyph.dy)
                bottoms.append(bottom + glyph.dy)
    return max(tops), min(bottoms)


def _joined(runs: Sequence[GlyphRun]) -> tuple[GlyphRun, ...]:
    if len(runs) == 1:
        return tuple(runs)
    return tuple(
        GlyphRun(face, tuple(glyph for run in group for glyph in run.glyphs))
        for face, group in groupby(runs, key=lambda run: run.face)
    )
