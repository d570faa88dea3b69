"""Evaluations, attestations, tests and camera notes, each to the person it is of.

The key is the address, or the registrar's id. A name in a form only suggests, so what
stands under no registered address is listed and given to nobody; but a row whose name,
licence or second address is another registrant's is a question to both. The first
complete response counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import ClassVar

from cecert.domain.collection import Done, Registrant
from cecert.domain.directory import Directory, Whose, whose
from cecert.domain.people import folded_email
from cecert.domain.wording import joined

__all__ = ["Assigned", "Lists", "assigned"]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that were given; an empty one that was not given is the same as none."""

    evaluation: tuple[Done, ...] = ()
    attestation: tuple[Done, ...] = ()
    post_test: tuple[Done, ...] = ()
    visible: tuple[Done, ...] = ()

    PURPOSES: ClassVar = ("evaluation", "attestation", "post_test", "visible")


@dataclass(frozen=True, slots=True)
class Assigned:
    """Whose the rows of all lists are.

    Attributes:
        found: The row that counts, by identity and purpose.
        doubts: Sentences about rows that name this person and somebody else, by identity:
            where no other row of the purpose is this person's.
        unmatched: What could not be assigned, or does not count.
    """

    found: Mapping[tuple[str, str], Done]
    doubts: Mapping[str, tuple[str, ...]]
    unmatched: tuple[str, ...]


def assigned(lists: Lists, registrants: Sequence[Registrant], directory: Directory) -> Assigned:
    """Give every row to whom it is of, where all of it names one.

    Args:
        lists: All that were read.
        registrants: Everybody registered.
        directory: The registrants, by everything a row can name them by.
    """
    found: dict[tuple[str, str], Done] = {}
    contested: list[tuple[str, Done, Whose]] = []
    unmatched: list[str] = []
    for purpose in Lists.PURPOSES:
        for each in sorted(getattr(lists, purpose), key=_order):
            owner = whose(directory.said_by(each.keys))
            if owner.contested:
                contested.append((purpose, each, owner))
            elif not owner.sure:
                unmatched.append(f"{purpose}: {each.place}: {_why_nobody(each.key, registrants)}")
            elif (first := found.setdefault((owner.people[0], purpose), each)) is not each:
                unmatched.append(f"{purpose}: {each.place}: {each.key} again; {first.place} counts")
    doubts: dict[str, tuple[str, ...]] = {}
    for purpose, row, named in contested:
        told = _contradiction(purpose, row, named, directory)
        unmatched.append(told)
        for person in named.people:
            if (person, purpose) not in found:
                doubts[person] = (*doubts.get(person, ()), told)
    return Assigned(found, doubts, tuple(unmatched))


def _contradiction(purpose: str, row: Done, named: Whose, directory: Directory) -> str:
    names = joined([directory.names.get(each, each) for each in named.people])
    return f"{purpose}: {row.place}: {named.why}: {names}; whose it is must be decided"


def _why_nobody(key: str, registrants: Sequence[Registrant]) -> str:
    holders = [each.name for each in registrants if folded_email(each.email) == folded_email(key)]
    if holders:
        return f"{key} is shared by {' and '.join(holders)}, and does not say whose it is"
    return f"{key or 'a row without an address'} is nobody's who registered"


def _order(done: Done) -> tuple[datetime, str]:
    moment = done.moment
    if isinstance(moment, datetime):
        return moment.astimezone(UTC), done.place
    return datetime.combine(moment or date.max, time(0), UTC), done.place
