"""Who is in a list twice, and who shares an address with whom.

Two rows that are one person must not become two certificates; two people at one
address must both get theirs. A participant id tells them apart, a name does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cecert.domain.people.likeness import Acquaintances, are_one_person
from cecert.domain.people.person import License, PersonSigns, folded_email

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
        signs: By what the row's person is found among the others.
    """

    row: int
    name: str
    email: str
    participant_id: str
    licenses: tuple[License, ...] = ()
    address: str = field(init=False)
    identity: str = field(init=False)
    signs: PersonSigns = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", folded_email(self.email))
        object.__setattr__(self, "identity", self.participant_id or self.address)
        signs = PersonSigns.of(self.identity, self.name, self.email, self.licenses)
        object.__setattr__(self, "signs", signs)

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
    others: list[Person] = []
    known = Acquaintances()
    found = []
    for person in people:
        if person.identity and person.identity in identities:
            found.append(_again(identities[person.identity], person))
            continue
        near = (others[number] for number in known.near(person.signs))
        if clash := next(filter(None, (_clash(each, person) for each in near)), None):
            found.append(clash)
        identities[person.identity] = person
        others.append(person)
        known.add(person.signs)
    return found


def _again(first: Person, later: Person) -> Repetition:
    if first.name != later.name and not later.participant_id:
        return Repetition(first, later, "email", _SHARED, _TELL_APART)
    column = "participant_id" if later.participant_id else "email"
    return Repetition(first, later, column, "is the same person again", _KEEP_ONE)


_SHARED = "has the address of another row"
_TELL_APART = "give both rows a participant_id if they are two people"
_KEEP_ONE = "keep one of the two rows"


def _clash(first: Person, later: Person) -> Repetition | None:
    """Return why two rows cannot both stand; which questions they raise is seen later."""
    at_one_address = bool(later.address) and first.address == later.address
    if first.name and later.name and are_one_person(first.signs, later.signs):
        if at_one_address and first.name == later.name:
            problem = "has the name and address of another row, under another participant_id"
            return Repetition(first, later, "participant_id", problem, _KEEP_ONE)
        problem = "has the name and licence of another row, under another identity"
        return Repetition(first, later, "licenses", problem, _KEEP_ONE)
    if at_one_address and not (first.participant_id and later.participant_id):
        return Repetition(first, later, "email", _SHARED, _TELL_APART)
    return None
