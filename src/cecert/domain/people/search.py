"""Searches: what somebody typed to find a certificate, by person, address, licence or id.

A search only finds. Who is acted upon is shown before anything is done, and a text that
finds several decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cecert.argument_types import typed
from cecert.domain.people.folded_forms import folded_license, license_forms, number_forms
from cecert.domain.people.name_matching import differently_spaced, name_words, typed_words
from cecert.domain.people.person import License, folded_email
from cecert.errors import WrongValueError

__all__ = ["LONGEST_SEARCH", "PersonSearch", "what_finds"]

LONGEST_SEARCH = 200
"""Characters of a search; no name, address or licence is longer."""

_MOST_WORDS = 8
"""Words of a name that are looked for; what comes after them finds nothing further."""

_ID_LETTERS = re.compile(r"[0-9A-HJKMNP-TV-Z]{4,16}")
_TYPED_ID = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\u00a0\t")
_GROUP = 4


def what_finds(*more: str) -> str:
    """Return what may be typed to find a certificate, in words, with what *more* a command takes.

    >>> what_finds()
    'part of a name, an e-mail address, a licence, or the start of an id'
    """
    return ", ".join(
        ("part of a name", "an e-mail address", "a licence", *more, "or the start of an id")
    )


@dataclass(frozen=True, slots=True)
class PersonSearch:
    """What is looked for; a certificate is found by any of these that is not empty.

    Attributes:
        id_start: How its id begins, as printed.
        email_start: How the address begins that it was mailed to.
        licenses: Its holder's licence as it may be written, or its number alone.
        beside_number: What else is said of a licence that is given by number: state, title.
        words: Beginnings of words of its holder's name, in any order; all must be there.
        spaced: Beginnings of its holder's name from one of its words on, any of which is enough:
            what was typed, its spaces elsewhere, where a script does without them.
    """

    id_start: str
    email_start: str
    licenses: frozenset[str]
    beside_number: frozenset[str]
    words: tuple[str, ...]
    spaced: tuple[str, ...] = ()

    @classmethod
    @typed
    def of(cls, text: str) -> PersonSearch:
        """Return the search that somebody typed.

        >>> PersonSearch.of("o'brien, Ana").words
        ('obrien', 'ana')
        >>> PersonSearch.of("3k5o-v").id_start
        '3K50-V'

        Raises:
            WrongValueError: If there is nothing to look for in it, or it is too long.
        """
        if len(text) > LONGEST_SEARCH:
            raise WrongValueError(f"it has {len(text)} characters, {LONGEST_SEARCH} are the most")
        words = () if "@" in text else typed_words(text)[:_MOST_WORDS]
        spaced = differently_spaced(text) if words else ()
        found = cls(_id_start(text), _email_start(text), *_license(text), words, spaced)
        if not any((found.id_start, found.email_start, found.licenses, found.words)):
            raise WrongValueError("it has no letter and no digit")
        return found

    @typed
    def finds(
        self, certificate_id: str, name: str, email: str, licenses: Collection[License]
    ) -> bool:
        """Say whether a certificate is found.

        Args:
            certificate_id: Its id, as printed.
            name: Its holder's name, as printed.
            email: The address it was mailed to.
            licenses: As printed on it.
        """
        if self.id_start and certificate_id.startswith(self.id_start):
            return True
        if self.email_start and folded_email(email).startswith(self.email_start):
            return True
        return self._is_named(name) or any(map(self._is_licensed, licenses))

    def _is_named(self, name: str) -> bool:
        theirs = name_words(name)
        if self.words and all(any(each.startswith(word) for each in theirs) for word in self.words):
            return True
        return any(" ".join(theirs[at:]).startswith(self.spaced) for at in range(len(theirs)))

    def _is_licensed(self, license_: License) -> bool:
        state, title, number = folded_license(license_).split(" ")
        if f"{state} {title} {number}" in self.licenses:
            return True
        return number in self.licenses and self.beside_number <= {state, title}


def _id_start(text: str) -> str:
    """Return the beginning of an id, as printed; a short word without a digit is a name."""
    typed = text.upper().translate(_TYPED_ID)
    is_name = len(typed) < 2 * _GROUP and not any(each.isdigit() for each in text)
    if is_name or not _ID_LETTERS.fullmatch(typed):
        return ""
    return "-".join(typed[at : at + _GROUP] for at in range(0, len(typed), _GROUP))


def _email_start(text: str) -> str:
    """Return the beginning of an address: one word, which may end before its `@`."""
    bare = text.strip()
    if len(bare.split()) != 1 or not any(map(str.isalnum, bare)):
        return ""
    return folded_email(bare)


def _license(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the forms of a licence, and what is said beside its number."""
    *beside, number = text.casefold().split() or [""]
    if "@" in text or not any(each.isdigit() for each in number):
        return frozenset(), frozenset()
    whole = license_forms(text) if len(beside) > 1 else frozenset()
    said = frozenset("".join(each for each in word if each.isalnum()) for word in beside)
    return whole | number_forms(number), said - {""}
