"""Blackening: what was written about one person, without anybody else's name or address."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cecert.domain.values.wording import MONTHS

__all__ = ["BLACK", "Blackening"]

BLACK = "\N{FULL BLOCK}" * 5
"""Stands for what was blacked out, however long it was."""

_WORD = re.compile(r"\w+")
_FEWEST = 3
"""Characters of a word that tells of somebody; a shorter one stands in too many others."""


class Blackening:
    """Blacks out what tells of others: their names, addresses, licences and ids.

    Of a name each word is, too, where it begins with a capital: who writes `Ms. Ruiz` means her.
    """

    def __init__(self, names: Iterable[str], signs: Iterable[str], own: Iterable[str]) -> None:
        """Take what is blacked out, and what never is though it holds or is some of that.

        Args:
            names: Of other people.
            signs: What else tells of them: addresses, licences, ids.
            own: What tells of the person: a namesake's name is theirs too.
        """
        own = [unicodedata.normalize("NFC", each) for each in own if each]
        self._own = {each.casefold() for each in own}
        self._own |= {each.casefold() for text in own for each in _words(text)}
        names = [unicodedata.normalize("NFC", each) for each in names]
        told = [each for each in (*names, *signs) if _tells(each) and not self._is_own(each)]
        parts = {each for name in names for each in _words(name) if not self._is_own(each)}
        kept = [*filter(_tells, own)]
        self._whole = _by_first_word({*told, *kept}) if told else {}
        self._parts = _by_first_word({*parts, *kept}) if parts else {}

    def text(self, text: str) -> str:
        """Return *text* with others blacked out."""
        text = unicodedata.normalize("NFC", text)
        for known, flags in ((self._whole, re.IGNORECASE), (self._parts, 0)):
            # Of ten thousand people a text names few: only those are looked for.
            words = set(_WORD.findall(text.casefold())) & known.keys()
            if found := [each for word in words for each in known[word]]:
                text = _pattern(found, flags).sub(self._one, text)
        return text

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
        return found.group() if self._is_own(found.group()) else BLACK

    def _is_own(self, text: str) -> bool:
        return " ".join(text.split()).casefold() in self._own


def _tells(word: str) -> bool:
    """Say whether a word tells of somebody: a number of a few digits is in every date."""
    if len(word) < _FEWEST:
        return False
    return any(map(str.isalpha, word)) or sum(map(str.isdigit, word)) > 4  # noqa: PLR2004  # a year


def _words(name: str) -> Iterator[str]:
    """Yield the words of a name that tell of somebody: no initials, no titles, no month."""
    for each in name.replace(",", " ").split():
        is_name = each[0].isupper() and not each.isupper() and not each.endswith(".")
        if is_name and len(each) >= _FEWEST and each not in MONTHS:
            yield each


def _by_first_word(texts: Iterable[str]) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in texts:
        found[_WORD.findall(each.casefold())[0]].append(each)
    return found


def _pattern(words: Iterable[str], flags: int) -> re.Pattern[str]:
    # The longest first: of two names one may begin with the other, or with the person's.
    longest = sorted(words, key=len, reverse=True)
    spaced = (r"\s+".join(map(re.escape, each.split())) for each in longest)
    return re.compile(rf"(?<!\w)(?=\S)(?:{'|'.join(spaced)})(?!\w)", flags)
