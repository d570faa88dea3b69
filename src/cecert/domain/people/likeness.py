"""Likeness: what two identities have in common that may make them one person.

One person, whatever is said: the same licence and the same name, however it is written, or
the very same name and address. A question, which a person answers in `different_from`: the
same licence under another name (a typo in its number, or a name that changed), or the same
name where no two licences tell them apart. An address that is itself an identity is one
person's; two ids of the registrar's at one address are two (ADR 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum

from cecert.domain.people.folded_forms import license_key
from cecert.domain.people.name_matching import bare_name, name_spellings
from cecert.domain.people.person import PersonSigns

__all__ = ["Acquaintances", "Likeness", "are_one_person", "likeness"]


class Likeness(Enum):
    """What two identities have in common. Threads may share it."""

    PERSON = "the name, and the licence or the address"
    ADDRESS = "the address, which is the identity of one"
    LICENSE = "the licence, under another name"
    NAME = "the name, and no two licences tell them apart"

    @property
    def is_question(self) -> bool:
        """Whether `different_from` answers it."""
        return self in {Likeness.LICENSE, Likeness.NAME}


def likeness(one: PersonSigns, other: PersonSigns) -> Likeness | None:
    """Return what makes two identities one person, or a question; None if nothing does."""
    if one.identity == other.identity:
        return None
    if are_one_person(one, other):
        return Likeness.PERSON
    if one.address == other.address and one.address in {one.identity, other.identity}:
        return Likeness.ADDRESS
    if _told_apart(one, other) or _told_apart(other, one):
        return None
    return _question(one, other)


def _question(one: PersonSigns, other: PersonSigns) -> Likeness | None:
    if _share_a_license(one, other):
        return Likeness.LICENSE
    licensed = one.licenses and other.licenses
    if _have_one_name(one, other) and (one.address == other.address or not licensed):
        return Likeness.NAME
    return None


def are_one_person(one: PersonSigns, other: PersonSigns) -> bool:
    """Say whether two are the same person, whatever their identities are."""
    if one.marks & other.marks:
        return True
    return _share_a_license(one, other) and not _joined(one.name).isdisjoint(_joined(other.name))


def _share_a_license(one: PersonSigns, other: PersonSigns) -> bool:
    return not _license_keys(one).isdisjoint(_license_keys(other))


def _license_keys(person: PersonSigns) -> frozenset[str]:
    return frozenset(map(license_key, person.licenses))


def _have_one_name(one: PersonSigns, other: PersonSigns) -> bool:
    return not name_spellings(one.name).isdisjoint(name_spellings(other.name))


def _joined(name: str) -> frozenset[str]:
    """Return a name without the spaces: who holds one licence may have typed one more."""
    return frozenset(each.replace(" ", "") for each in name_spellings(name))


def _told_apart(one: PersonSigns, other: PersonSigns) -> bool:
    return not one.different_from.isdisjoint({other.identity, other.address})


class Acquaintances:
    """People, found by what they may have in common: a list of n is no n times n."""

    def __init__(self, people: Iterable[PersonSigns] = ()) -> None:
        """Let *people* be found."""
        self._people: list[PersonSigns] = []
        self._found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for person in people:
            self.add(person)

    def add(self, person: PersonSigns) -> None:
        """Add a person to those that are found."""
        for trace in _traces(person):
            self._found[trace].append(len(self._people))
        self._people.append(person)

    def near(self, person: PersonSigns) -> list[int]:
        """Return the numbers, from 0 in order of adding, of all who could be *person*."""
        return sorted({each for trace in _traces(person) for each in self._found.get(trace, ())})

    def alike(self, person: PersonSigns) -> Iterator[tuple[int, Likeness]]:
        """Yield the numbers of those with whom *person* has something in common, and what."""
        for number in self.near(person):
            if found := likeness(person, self._people[number]):
                yield number, found


def _traces(person: PersonSigns) -> Iterator[tuple[str, str]]:
    yield "identity", person.identity
    yield "address", person.address
    yield "name", bare_name(person.name)
    for each in _license_keys(person):
        yield "license", each
