"""Itemizing: text is cut where face, direction or script changes (UAX #9, #24).

A word has one face: the first of the chain that has all of its letters. Only a word
that no face has whole is cut, where its script changes and at its signs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from cecert.adapters.render.text.bidi import levels, visual_order
from cecert.adapters.render.text.faces import Face, with_selectors
from cecert.domain.values.emphasis import Stretch

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


def pieces_of(
    text: str,
    chain: Sequence[Face],
    italic: Sequence[Face] = (),
    italics: Sequence[Stretch] = (),
) -> list[TextRun]:
    """Cut *text* into what is shaped at once, in the order it stands from left to right.

    Args:
        text: One line.
        chain: Faces in the order they are tried.
        italic: Faces in the order they are tried in italics.
        italics: The stretches in italics; none reaches over a space.

    Raises:
        MissingGlyphError: If no face has one of the characters.
    """
    if not italics and (one := _one_piece(text, chain)):
        return one
    faces = _faces(text, chain)
    for begin, end in italics:
        faces[begin:end] = _faces(text[begin:end], italic)
    pieces = list(_pieces(text, faces))
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


def _pieces(text: str, faces: Sequence[Face]) -> Iterator[TextRun]:
    """Cut *text* where face, level or script changes."""
    marked = list(zip(text, faces, levels(text), _scripts(text), strict=True))
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
    parts = _parts_of_mixed(word)
    faces = [_first_with(part, chain) for part in parts]
    found: list[Face] = []
    for index, part in enumerate(parts):
        between = set(faces[max(0, index - 1) : index + 2 : 2])
        if (
            index
            and len(between) == 1
            and not _is_letters(part)
            and not faces[index - 1].lacks(part)
        ):
            faces[index] = faces[index - 1]
        found += [faces[index]] * len(part)
    return found


def _first_with(part: str, chain: Sequence[Face]) -> Face:
    """Return the first face that has a part of a word whole."""
    face = next((each for each in chain if not each.lacks(part)), None)
    if face is None:
        raise MissingGlyphError(_nowhere(part, chain))
    return face


def _parts_of_mixed(word: str) -> list[str]:
    """Cut a word no single face has: letters of one script, with their marks, and each sign.

    A font of another script may have no brackets, quotes, hyphens or figures. They are of
    the first face then, so that both brackets of a pair are alike; one between two letters
    of a face is of that face, where it has it.
    """
    parts: list[str] = []
    script = ""
    for each in word:
        own = _script(each)
        if (parts and _clings(each)) or (own and own == script):
            parts[-1] += each
        else:
            parts.append(each)
            script = own
    return parts


def _is_letters(part: str) -> bool:
    return bool(_script(part[0]))


def _clings(character: str) -> bool:
    """Say whether a character belongs to the one before it: a mark, a joiner, a selector."""
    return unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf", "Lm"}


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
