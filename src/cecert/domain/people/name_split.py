"""First and last name: what lists ask for, and what a printed name only suggests.

The ledger has a person's name as it is printed. Which words are the surname no rule knows:
where a list asks for both, the name as printed stands beside them.
"""

from __future__ import annotations

from typing import NamedTuple

from cecert.domain.people.name_matching import follows_a_name, is_title
from cecert.domain.values.text import script_of

__all__ = ["SplitName", "split_name"]

_PARTICLES = frozenset(
    {"af", "al", "ap", "av", "ben", "bin", "bint", "da", "das", "de", "del", "della", "den",
     "der", "di", "do", "dos", "du", "el", "ibn", "la", "las", "le", "los", "st.", "ten", "ter",
     "van", "vander", "von", "zu", "zum", "zur"}
)  # fmt: skip
"""Words that a surname may begin with."""

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
"""What tells two people of a family apart; it stays with the surname."""


class SplitName(NamedTuple):
    """A name as lists have it; either may be ""."""

    first: str
    last: str


def split_name(name: str) -> SplitName:
    """Return first and last name of a printed name, without titles and degrees.

    The last word is the surname, with the particles before it and a suffix behind it; where
    the name is written in Han or Hangul the first word is. A comma with a name behind it
    turns the name round. It is a guess: of two surnames the first is taken for a first name.

    >>> split_name("Dr. Ana Maria de la Cruz, Ph.D., LCSW")
    SplitName(first='Ana Maria', last='de la Cruz')
    >>> split_name("Ruiz, Ana"), split_name("Ben Okafor Jr.")
    (SplitName(first='Ana', last='Ruiz'), SplitName(first='Ben', last='Okafor Jr.'))
    >>> split_name("Madonna")
    SplitName(first='', last='Madonna')
    """
    pieces = [words for each in name.split(",") if (words := _of_the_name(each.split()))]
    if not pieces:
        return SplitName("", name)
    suffixes = [each for words in pieces[1:] for each in words if _is_suffix(each)]
    further = [words for words in pieces[1:] if not all(map(_is_suffix, words))]
    if len(further) == 1:
        return SplitName(" ".join(further[0]), " ".join([*pieces[0], *suffixes]))
    words = pieces[0]
    if script_of(words[0][0]) == "CJK" and len(words) > 1:
        return SplitName(" ".join(words[1:]), words[0])
    begin = _surname_begins(words)
    return SplitName(" ".join(words[:begin]), " ".join([*words[begin:], *suffixes]))


def _of_the_name(words: list[str]) -> list[str]:
    """Return the words between titles and degrees; no title is all of a name's words."""
    start, end = 0, len(words)
    while end - start > 1 and is_title(words[start].casefold()):
        start += 1
    while end > start and _is_degree(words, end - 1):
        end -= 1
    return words[start:end]


def _is_degree(words: list[str], place: int) -> bool:
    word = words[place]
    if follows_a_name(word.casefold()):
        return True
    # Ma and Med are surnames; degrees are written in capitals or with full stops.
    capitals = word.isupper() and (len(words) == 1 or not words[0].isupper())
    return word.casefold().replace(".", "") in {"ma", "med"} and (capitals or "." in word)


def _is_suffix(word: str) -> bool:
    return word.casefold().rstrip(".") in _SUFFIXES


def _surname_begins(words: list[str]) -> int:
    begin = len(words) - 1
    while begin > 1 and _is_suffix(words[begin]):
        begin -= 1
    while begin > 1 and words[begin - 1].casefold() in _PARTICLES:
        begin -= 1
    return begin
