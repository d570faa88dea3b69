"""Blackening: what was written about one person, without anybody else's name or address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["BLACK", "Blackening"]

BLACK = "\N{FULL BLOCK}" * 5
"""Stands for what was blacked out, however long it was."""

_FEWEST = 3
"""Characters of a word that tells of somebody; a shorter one stands in too many others."""


class Blackening:
    """Blacks out what tells of others: their names, addresses, licences and ids."""

    def __init__(self, others: Iterable[str], own: Iterable[str]) -> None:
        """Take what is blacked out, and what never is though it holds or is some of that.

        Args:
            others: What tells of other people.
            own: What tells of the person: a namesake's name is theirs too.
        """
        kept = {each.casefold() for each in own if each}
        told = {each for each in others if each.casefold() not in kept and _tells(each)}
        self._is_own = kept
        # The longest first: of two names one may begin with the other.
        words = sorted({*told, *filter(_tells, own)}, key=len, reverse=True)
        self._words = re.compile("|".join(map(_pattern, words)), re.IGNORECASE) if told else None

    def text(self, text: str) -> str:
        """Return *text* with others blacked out."""
        return text if self._words is None else self._words.sub(self._one, text)

    def value(self, value: Any) -> Any:  # noqa: ANN401  # JSON
        """Return a value of JSON with others blacked out of all its texts, keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value]
        return value

    def _one(self, found: re.Match[str]) -> str:
        text = found.group()
        return text if " ".join(text.split()).casefold() in self._is_own else BLACK


def _tells(word: str) -> bool:
    """Say whether a word tells of somebody: a number of a few digits is in every date."""
    if len(word) < _FEWEST:
        return False
    return any(map(str.isalpha, word)) or sum(map(str.isdigit, word)) > 4  # noqa: PLR2004  # a year


def _pattern(word: str) -> str:
    spaced = r"\s+".join(map(re.escape, word.split()))
    return rf"(?<!\w){spaced}(?!\w)"
