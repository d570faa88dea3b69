"""Emphasis: words between asterisks in a title, as people type them, are set in italics.

`Reading *Beloved* in Practice`. What is certified and said is the words alone; which of them
are italic is told beside, and matters to whoever draws them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Emphasised", "Stretch", "emphasised", "marked"]

Stretch = tuple[int, int]
"""From which character of a text to before which other."""

MARK, ESCAPED = "*", r"\*"
_ASTERISKS = re.compile(r"\\\*|\*+")


@dataclass(frozen=True, slots=True)
class Emphasised:
    """A text that somebody typed.

    Attributes:
        plain: Its words, without the marks.
        italics: The stretches of `plain` that are set in italics, in order.
        loose: Whether an asterisk sets nothing in italics, and is not escaped: it is printed.
    """

    plain: str
    italics: tuple[Stretch, ...]
    loose: bool


def emphasised(typed: str) -> Emphasised:
    r"""Take the marks out of a text.

    A pair of single asterisks that stand close around words, and apart from letters and
    figures outside, is a mark. Every other stays as it is typed, and so does one after a
    backslash, which goes.

    >>> emphasised("Reading *Beloved* in Practice")
    Emphasised(plain='Reading Beloved in Practice', italics=((8, 15),), loose=False)
    >>> emphasised("2 * 3 and the *").plain, emphasised(r"Dialectics\*").plain
    ('2 * 3 and the *', 'Dialectics*')
    """
    pairs = dict(_pairs(typed))
    ends = set(pairs.values())
    plain, italics, begun, loose, place = list[str](), list[Stretch](), 0, False, 0
    while place < len(typed):
        each = typed[place]
        if typed.startswith(ESCAPED, place):
            plain.append(MARK)
            place += len(ESCAPED)
            continue
        if place in pairs:
            begun = len(plain)
        elif place in ends:
            italics.append((begun, len(plain)))
        else:
            loose = loose or each == MARK
            plain.append(each)
        place += 1
    return Emphasised("".join(plain), tuple(italics), loose)


def marked(plain: str, italics: Sequence[Stretch], before: str, after: str) -> str:
    """Return a text with marks round the stretches of it that are set in italics.

    Args:
        plain: Its words.
        italics: The stretches, in order.
        before: Stands before each.
        after: Stands after each.
    """
    parts, done = list[str](), 0
    for begin, end in italics:
        parts += [plain[done:begin], before, plain[begin:end], after]
        done = end
    return "".join([*parts, plain[done:]])


def _pairs(typed: str) -> Iterator[Stretch]:
    opened: int | None = None
    for place in (each.start() for each in _ASTERISKS.finditer(typed) if each[0] == MARK):
        before, after = typed[:place][-1:], typed[place + 1 : place + 2]
        if opened is not None and not before.isspace() and not _is_of_word(after):
            yield opened, place
            opened = None
        elif after.strip() and not _is_mark(after) and not _is_of_word(before):
            opened = place


def _is_of_word(character: str) -> bool:
    return character.isalnum() or _is_mark(character)


def _is_mark(character: str) -> bool:
    """Say whether a character belongs to the one before it, and to no asterisk."""
    return bool(character) and unicodedata.category(character).startswith("M")
