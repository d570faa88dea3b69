"""A name that other evidence spells otherwise than the registrations: a hint before it is printed.

The certificate has the registrations' name. Who is known by an address is known however the name
is spelled beside it, so a slip of whoever typed the list would be seen by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from cecert.domain.evidence.directory import CUTOFF
from cecert.domain.people.name_matching import displayed_forms, is_generic, name_words
from cecert.domain.people.note_takers import is_note_taker

__all__ = ["has_no_capitals", "is_spelled_otherwise", "spelled_otherwise"]

_WORD_ALIKE = 60
"""Least likeness of two words, of 100, that one slip or two may part: Jon, John."""


def is_spelled_otherwise(shown: str, registered: str) -> bool:
    """Say whether a name that is somebody's surely is the registered one in another spelling.

    A short form, a further word, a title or marks that a keyboard lacks are no other spelling.

    Args:
        shown: As a report or a form has it.
        registered: As the registrations have it.

    >>> is_spelled_otherwise("Abdullah Rahman", "Abdulah Rahman")
    True
    >>> is_spelled_otherwise("Grace Nakamura, LCSW", "grace nakamura")
    True
    >>> [is_spelled_otherwise(each, "Susan Müller") for each in ("Sue Müller", "susan mueller")]
    [False, False]
    """
    if shown == registered:
        return False
    forms = [] if is_note_taker(shown) else list(displayed_forms(shown))
    forms = [each for each in forms if not is_generic(each)]
    known = displayed_forms(registered)
    if not forms or not known:
        return False
    if set(forms) & set(known):
        return has_no_capitals(registered) and not has_no_capitals(shown)
    if any(sorted(name_words(each)) == sorted(name_words(known[0])) for each in forms):
        return not shown.isascii()
    return any(_is_a_slip(name_words(each), name_words(known[0])) for each in forms)


def has_no_capitals(name: str) -> bool:
    """Say whether a name is written in small letters alone, or in capitals alone.

    >>> [has_no_capitals(each) for each in ("ana ruiz", "ANA RUIZ", "Ana Ruiz", "李雷")]
    [True, True, False, False]
    """
    return name.lower() != name.upper() and name in {name.lower(), name.upper()}


def _is_a_slip(shown: tuple[str, ...], registered: tuple[str, ...]) -> bool:
    if len(shown) != len(registered):
        return False
    if fuzz.ratio(" ".join(shown), " ".join(registered)) < CUTOFF:
        return False
    return all(map(_is_a_words_slip, shown, registered))


def _is_a_words_slip(shown: str, registered: str) -> bool:
    if shown == registered:
        return True
    short, long = sorted((shown, registered), key=len)
    if len(long) - len(short) > 1 and long.startswith(short):
        return False
    return len(short) > 1 and fuzz.ratio(shown, registered) >= _WORD_ALIKE


def spelled_otherwise(
    registered: str, names: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield the names that spell a registered one otherwise, each once, with its first place.

    Args:
        registered: As the registrations have it.
        names: Names that are surely this person's, each with where it stands.
    """
    first: dict[str, str] = {}
    for shown, place in names:
        first.setdefault(shown, place)
    for shown, place in first.items():
        if is_spelled_otherwise(shown, registered):
            yield shown, place
