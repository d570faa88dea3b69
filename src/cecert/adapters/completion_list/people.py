"""Who is in a list twice, and who shares an address with whom.

Two rows that are one person must not become two certificates; two people at one
address must both get theirs. A participant id tells them apart, a name does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cecert.domain.people.person import License, folded_email

__all__ = ["Person", "Repetition", "repetitions"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who a row is about; a field that could not be read is "" or empty.

    Attributes:
        row: The row's number.
        name: As printed.
        email: As mailed.
        participant_id: The registrar's own id.
        licenses: Those to print.
        address: The address as it tells people apart.
        identity: What `CompletionRecord.identity` would be, "" if neither can be read.
    """

    row: int
    name: str
    email: str
    participant_id: str
    licenses: tuple[License, ...] = ()
    address: str = field(init=False)
    identity: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", folded_email(self.email))
        object.__setattr__(self, "identity", self.participant_id or self.address)

    def __str__(self) -> str:
        told = f", participant_id {self.participant_id}" if self.participant_id else ""
        return f"{self.name} <{self.email}>{told}"


@dataclass(frozen=True, slots=True)
class Repetition:
    """Two rows that cannot both stand.

    Attributes:
        first: Who stands there first.
        later: Who comes after.
        column: Where the later row shows it.
        problem: What is wrong; it continues a sentence about the later row.
        remedy: What would make both rows right.
    """

    first: Person
    later: Person
    column: str
    problem: str
    remedy: str


def repetitions(people: Iterable[Person]) -> list[Repetition]:
    """Return every row that is an earlier row's person, or cannot be told from it."""
    identities: dict[str, Person] = {}
    marks: dict[str, Person] = {}
    found = []
    for person in people:
        if person.identity and person.identity in identities:
            found.append(_again(identities[person.identity], person))
            continue
        own = list(_marks(person))
        if clash := next(_clashes(person, own, marks), None):
            found.append(clash)
        identities[person.identity] = person
        for mark in own:
            marks.setdefault(mark, person)
    return found


def _again(first: Person, later: Person) -> Repetition:
    if first.name != later.name and not later.participant_id:
        return Repetition(first, later, "email", _SHARED, _TELL_APART)
    column = "participant_id" if later.participant_id else "email"
    return Repetition(first, later, column, "is the same person again", _KEEP_ONE)


_SHARED = "has the address of another row"
_TELL_APART = "give both rows a participant_id if they are two people"
_KEEP_ONE = "keep one of the two rows"


def _marks(person: Person) -> Iterator[str]:
    if person.email:
        yield f"email:{person.address}"
    if person.name:
        yield from (f"license:{each}:{person.name}" for each in person.licenses)


def _clashes(
    person: Person, own: Iterable[str], marks: Mapping[str, Person]
) -> Iterator[Repetition]:
    for mark in own:
        if not (first := marks.get(mark)):
            continue
        if mark.startswith("license:"):
            problem = "has the name and licence of another row, under another identity"
            yield Repetition(first, person, "licenses", problem, _KEEP_ONE)
        elif first.name == person.name:
            problem = "has the name and address of another row, under another participant_id"
            yield Repetition(first, person, "participant_id", problem, _KEEP_ONE)
        elif not (first.participant_id and person.participant_id):
            yield Repetition(first, person, "email", _SHARED, _TELL_APART)
