"""Itemizing: text is cut where face, direction or script changes (UAX #9, #24).

A word has one face: the first of the chain that has all of its letters. Only a word
that no face has whole is cut, where its script changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from cecert.adapters.render.text.bidi import levels, visual_order
from cecert.adapters.render.text.faces import Face, with_selectors

__all__ = ["MissingGlyphError", "TextRun", "pieces_of"]


class MissingGlyphError(LookupError):
    """No face has a character.

    Attributes:
        character: The first such; with its variation selector, if it is the form
            that is missing.
    """

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text that is shaped at once.

    Attributes:
        face: The face that has all of it.
        level: Its embedding level; odd runs right to left.
        script: As Unicode names it: `LATIN`.
        text: What it says, in logical order.
    """

    face: Face
    level: int
    script: str
    text: str


def pieces_of(text: str, chain: Sequence[Face]) -> list[TextRun]:
    """Cut *text* into what is shaped at once, in the order it stands from left to right.

    Raises:
        MissingGlyphError: If no face has one of the characters.
    """
    if one := _one_piece(text, chain):
        return one
    pieces = list(_pieces(text, chain))
    return [pieces[index] for index in visual_order([each.level for each in pieces])]


def _one_piece(text: str, chain: Sequence[Face]) -> list[TextRun]:
    """Return a Latin text as the one piece it is in the first face, if that has all of it."""
    first = chain[0]
    if text.isascii():
        whole = first.ascii.issuperset(text)
    else:
        whole = all(map(_is_plain, text)) and not first.lacks(text)
    return [TextRun(first, 0, "LATIN", text)] if text and whole else []


@lru_cache(maxsize=4096)
def _is_plain(character: str) -> bool:
    """Say whether a character is of Latin, or of no script, and runs from left to right."""
    sideless = unicodedata.bidirectional(character) not in {"R", "AL", "AN"}
    return sideless and _script(character) in {"", "LATIN"}


def _pieces(text: str, chain: Sequence[Face]) -> Iterator[TextRun]:
    """Cut *text* where face, level or script changes."""
    marked = list(zip(text, _faces(text, chain), levels(text), _scripts(text), strict=True))
    for (face, level, script), group in groupby(marked, key=lambda each: each[1:]):
        yield TextRun(face, level, script, "".join(each[0] for each in group))


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
