"""Folded forms: under what a person is looked up, whatever case, marks or order was typed.

A form only finds; whether two rows are one person is decided elsewhere, or asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from cecert.domain.people.name_matching import name_words
from cecert.domain.people.person import License, folded_email

__all__ = ["FormKind", "folded_license", "folded_name", "forms_of"]

_KEPT = re.compile(r"[^\W_]+")


class FormKind(Enum):
    """What a form was made of."""

    NAME = "name"
    EMAIL = "email"
    LICENSE = "license"


def folded_name(name: str) -> str:
    """Return a name as it is looked up: its words without titles, marks and case.

    >>> folded_name("Dr. Þórdís O'Brien-Müller, Ph.D.")
    'thordis obrien muller ph d'
    """
    return " ".join(name_words(name))


def folded_license(license_: License) -> str:
    """Return a licence as it is looked up: state, title and number, without case and marks.

    >>> folded_license(License("NY", "LCSW-R", "012345"))
    'ny lcswr 012345'
    """
    title = "".join(_KEPT.findall(license_.title.casefold()))
    return f"{license_.jurisdiction.casefold()} {title} {_number(license_)}"


def _number(license_: License) -> str:
    return "".join(_KEPT.findall(license_.number.casefold()))


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
    words = name_words(name)
    forms = {(FormKind.NAME, " ".join(words[first:])) for first in range(len(words))}
    forms.add((FormKind.EMAIL, folded_email(email)))
    for each in licenses:
        forms |= {(FormKind.LICENSE, folded_license(each)), (FormKind.LICENSE, _number(each))}
    return frozenset(forms)
