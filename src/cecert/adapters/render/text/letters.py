"""Letters that a font would join or lengthen where a name does not bear it."""

from __future__ import annotations

import unicodedata

__all__ = ["apart_in", "is_vietnamese"]

_VIETNAMESE = frozenset("\u0103\u0111\u01a1\u01b0\u0102\u0110\u01a0\u01af")
_TONES = range(0x1EA0, 0x1EFA)
_DESCENDING = frozenset("gjpqy")
_TAIL = 4
"""Letters under which the long tail of a Q reaches."""

_BELOW = frozenset({202, 220, 233, 240})
"""Combining classes of marks below (Unicode 3.11): cedilla, dot, ogonek."""


def is_vietnamese(text: str) -> bool:
    """Say whether *text* has a letter that Vietnamese alone, or nearly, is written with."""
    return any(ord(each) in _TONES or each in _VIETNAMESE for each in text)


def apart_in(text: str, *, vietnamese: bool) -> dict[str, bool | list[tuple[int, int, bool]]]:
    """Return the features that are off in stretches of *text*.

    `Th` is two letters of a Vietnamese name, where it stands for one sound and the mark
    belongs to the vowel that follows; the long tail of a Q has no room above descenders.

    Args:
        text: A stretch that is shaped at once.
        vietnamese: Whether the whole text is.
    """
    found: dict[str, list[tuple[int, int, bool]]] = {}
    for place, each in enumerate(text):
        if each == "Q" and any(map(_descends, text[place + 1 : place + 1 + _TAIL])):
            found.setdefault("calt", []).append((place, place + 2, False))
        if vietnamese and each == "T" and text[place + 1 : place + 2] == "h":
            found.setdefault("liga", []).append((place, place + 2, False))
    return {**found}


def _descends(letter: str) -> bool:
    parts = unicodedata.normalize("NFD", letter)
    marks_below = any(unicodedata.combining(each) in _BELOW for each in parts[1:])
    return parts[0] in _DESCENDING or marks_below
