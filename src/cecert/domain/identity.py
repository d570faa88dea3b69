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

from cecert.domain.people import License, folded_email

__all__ = ["identity_marks"]


def identity_marks(name: str, email: str, licenses: Iterable[License]) -> frozenset[str]:
    """Return the marks that two identities of one person have in common.

    >>> sorted(identity_marks("Ana Ruiz", "Ana@Example.org", [License("NY", "LMSW", "12")]))
    ['email:ana@example.org:Ana Ruiz', 'license:NY LMSW 12:Ana Ruiz']
    """
    held = {f"license:{each}:{name}" for each in licenses}
    return frozenset({f"email:{folded_email(email)}:{name}"} | held)
