"""Evaluations, attestations, tests and camera notes, each to the person it is of.

The key is the address, or the registrar's id. A name in a form only suggests, so what
stands under no registered address is listed and given to nobody. The first complete
response counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import ClassVar

from cecert.domain.collection import Done, Registrant
from cecert.domain.overrides import Override, OverrideKind
from cecert.domain.people import folded_email

__all__ = ["Lists", "assigned"]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that were given; an empty one that was not given is the same as none."""

    evaluation: tuple[Done, ...] = ()
    attestation: tuple[Done, ...] = ()
    post_test: tuple[Done, ...] = ()
    visible: tuple[Done, ...] = ()

    PURPOSES: ClassVar = ("evaluation", "attestation", "post_test", "visible")


def assigned(
    lists: Lists, registrants: Sequence[Registrant], overrides: Iterable[Override]
) -> tuple[Mapping[tuple[str, str], Done], tuple[str, ...]]:
    """Return the row that counts by identity and purpose, and what could not be assigned."""
    owners = _owners(registrants, overrides)
    found: dict[tuple[str, str], Done] = {}
    unmatched: list[str] = []
    for purpose in Lists.PURPOSES:
        rows = sorted(getattr(lists, purpose), key=_order)
        for each in rows:
            owner = owners.get(each.key) or owners.get(folded_email(each.key))
            if owner is None:
                unmatched.append(f"{purpose}: {each.place}: {_why_nobody(each.key, registrants)}")
            elif (first := found.setdefault((owner, purpose), each)) is not each:
                unmatched.append(f"{purpose}: {each.place}: {each.key} again; {first.place} counts")
    return found, tuple(unmatched)


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


def _owners(registrants: Sequence[Registrant], overrides: Iterable[Override]) -> dict[str, str]:
    shared = Counter(folded_email(each.email) for each in registrants)
    owners = {
        folded_email(each.email): each.identity
        for each in registrants
        if shared[folded_email(each.email)] == 1
    }
    owners |= dict(_aliases(overrides))
    return owners | {each.identity: each.identity for each in registrants}


def _aliases(overrides: Iterable[Override]) -> Iterator[tuple[str, str]]:
    for each in overrides:
        if each.kind is OverrideKind.ALIAS and "@" in each.alias:
            yield folded_email(each.alias), each.participant
