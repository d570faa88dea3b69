"""Organisations: when two names are one, as far as a program may say so."""

from __future__ import annotations

import unicodedata

__all__ = ["is_part_of", "same_organisation"]


def same_organisation(first: str, second: str) -> bool:
    """Say whether two names are the same but for case and white space.

    >>> same_organisation("Amego Prepare", "AMEGO  Prepare")
    True
    """
    return _folded(first) == _folded(second)


def is_part_of(holder: str, organisation: str) -> bool:
    """Say whether *holder* is *organisation*, or an office of it: its name begins with it.

    >>> is_part_of("Smith College School for Social Work, SW OPE", "Smith College School")
    True
    >>> is_part_of("Amego Prepare", "Amego Pre")
    False
    """
    whole, start = _folded(holder), _folded(organisation)
    return whole.startswith(start) and not whole[len(start) : len(start) + 1].isalnum()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()
