"""Folded forms: under what a person is looked up, whatever case, marks or order was typed.

A form only finds; whether two rows are one person is decided elsewhere, or asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache

from cecert.domain.people.name_matching import name_words
from cecert.domain.people.person import License, folded_email

__all__ = [
    "FormKind",
    "folded_license",
    "forms_of",
    "license_forms",
    "license_key",
    "number_forms",
]

_KEPT = re.compile(r"[^\W_]+")


class FormKind(Enum):
    """What a form was made of."""

    NAME = "name"
    EMAIL = "email"
    LICENSE = "license"


def folded_license(license_: License) -> str:
    """Return a licence as it is looked up: state, title and number, without case and marks.

    >>> folded_license(License("NY", "LCSW-R", "012345"))
    'ny lcswr 012345'
    """
    title = "".join(_KEPT.findall(license_.title.casefold()))
    return f"{license_.jurisdiction.casefold()} {title} {_number(license_)}"


def _number(license_: License) -> str:
    return "".join(_KEPT.findall(license_.number.casefold()))


@lru_cache(maxsize=65_536)
def license_key(text: str) -> str:
    """Return what a licence, as text, has in common with itself, its leading zeros lost.

    >>> license_key("NY LCSW-R 012345"), license_key("ny lcswr 12345")
    ('ny lcswr 12345', 'ny lcswr 12345')
    """
    words = text.casefold().split() or [""]
    title = "".join(_KEPT.findall(" ".join(words[1:-1])))
    return f"{words[0]} {title} {''.join(_KEPT.findall(words[-1])).lstrip('0')}"


def license_forms(text: str) -> frozenset[str]:
    """Return the forms under which a licence, as text, may be held: with more zeros or fewer.

    >>> sorted(license_forms("NY LMSW 012345"))[-2:]
    ['ny lmsw 012345', 'ny lmsw 12345']
    """
    beginning, _, number = license_key(text).rpartition(" ")
    return frozenset(f"{beginning} {number.zfill(size)}" for size in range(_LONGEST_NUMBER + 1))


def number_forms(text: str) -> frozenset[str]:
    """Return the forms under which the number of a licence may be held, zeros more or fewer.

    >>> sorted(number_forms("012345"))[-2:]
    ['012345', '12345']
    """
    number = "".join(_KEPT.findall(text.casefold()))
    bare = number.lstrip("0")
    return frozenset({number, *(bare.zfill(size) for size in range(_LONGEST_NUMBER + 1))} - {""})


_LONGEST_NUMBER = 10
"""Digits to which numbers of licences are filled up with zeros."""


def forms_of(name: str, email: str, licenses: Iterable[License]) -> frozenset[tuple[FormKind, str]]:
    """Return the forms under which a certificate's holder is found, each by its beginning.

    A name is found from each of its words on, a licence also by its number alone.

    Args:
        name: As printed.
        email: As mailed.
        licenses: As printed.

    >>> for kind, form in sorted(forms_of("Ana Ruiz", "A@x.org", []), key=str):
    ...     print(kind.value, form)
    email a@x.org
    name ana ruiz
    name ruiz
    """
    address, words = folded_email(email), name_words(name)
    forms = {(FormKind.NAME, " ".join(words[first:])) for first in range(len(words))}
    forms.add((FormKind.EMAIL, address))
    for each in licenses:
        forms |= {(FormKind.LICENSE, folded_license(each)), (FormKind.LICENSE, _number(each))}
    return frozenset(forms)
