"""Identity: what tells that two records of one course are one person.

A participant is known by the registrar's id, else by e-mail address. A row that
comes back under another identity, but with the address or with the exact name and
a licence of somebody who already holds a certificate of the course, is a second
copy in the making; it is refused until a person says who is who.

Two people may share an address (a couple, an office): where both have an id of the
registrar's and their names differ, the address alone does not make them one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cecert.domain.people import License, folded_email

__all__ = ["PersonSigns", "identity_marks"]


def identity_marks(name: str, email: str, licenses: Iterable[License]) -> frozenset[str]:
    """Return the marks that two identities of one person have in common.

    >>> sorted(identity_marks("Ana Ruiz", "Ana@Example.org", [License("NY", "LMSW", "12")]))
    ['email:ana@example.org:Ana Ruiz', 'license:NY LMSW 12:Ana Ruiz']
    """
    held = {f"license:{each}:{name}" for each in licenses}
    return frozenset({f"{_address_mark(folded_email(email))}{name}"} | held)


def _address_mark(address: str) -> str:
    return f"email:{address}:"


@dataclass(frozen=True, slots=True)
class PersonSigns:
    """By what a person may be found among those who hold certificates of a course.

    Attributes:
        identity: The registrar's id, else the folded address.
        address: The folded address.
        marks: What tells the person across identities (`identity_marks`).
    """

    identity: str
    address: str
    marks: frozenset[str]

    @classmethod
    def of(cls, identity: str, name: str, email: str, licenses: Iterable[License]) -> PersonSigns:
        """Return the signs of a record.

        Args:
            identity: The record's.
            name: As printed.
            email: As mailed.
            licenses: As printed.
        """
        return cls(identity, folded_email(email), identity_marks(name, email, licenses))

    @property
    def address_mark(self) -> str:
        """What the address's mark begins with, whatever name goes with it."""
        return _address_mark(self.address)
