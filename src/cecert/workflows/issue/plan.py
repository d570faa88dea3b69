"""Planning an issue: which awards make which certificates, and what refuses the batch.

Nothing is drawn here and nothing is entered. What the ledger already holds is left
alone; what was revoked stays revoked, whatever else the row asks for now; what
contradicts the ledger (a changed name, a second identity) is a fault, and a batch
with a fault issues nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from cecert.domain.course.course import CertificatePolicy, Course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award
from cecert.domain.people.person import PersonSigns, folded_email, identity_marks
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault
from cecert.ports import HeldLine

__all__ = [
    "Participant",
    "Plan",
    "Planned",
    "Revoked",
    "Withheld",
    "participants_of",
    "plan_certificates",
    "signs_of",
]

Revoked = Mapping[tuple[str, str], CertificateId]
"""Identities and credential types of a course whose certificate was revoked, and which."""

_NOTHING_REVOKED: Revoked = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Planned:
    """One certificate to be made.

    Attributes:
        awards: What it certifies, of one participant and one course; at least one.
        record: The participant's completion record.
        identity: The record's.
        course: The course.
        lines: The credit lines, in the course's order.
        further: The participant already holds a certificate of this course for
            other credential types; this one carries what was earned later.
        part: Which of the participant's certificates of this batch it is, `1 of 2`; ""
            where it is the only one.
    """

    awards: tuple[Award, ...]
    record: CompletionRecord
    identity: str
    course: Course
    lines: tuple[CreditLine, ...]
    further: bool
    part: str


class Participant(NamedTuple):
    """Who has earned something: all awards of one identity.

    Attributes:
        signs: By what the person is found among those who hold certificates.
        awards: At least one.
    """

    signs: PersonSigns
    awards: Sequence[Award]

    @property
    def record(self) -> CompletionRecord:
        """The completion record; that of the first award, if they have several."""
        return self.awards[0].record


class Withheld(NamedTuple):
    """Credit that was revoked and is not issued again.

    Attributes:
        identity: Of the participant.
        sentence: Whose, which credit, and on which certificate it was.
    """

    identity: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch would issue.

    Attributes:
        certificates: To be made, in the batch's order.
        already: Credit lines that standing certificates carry, asked for again.
        withheld: Credit that was revoked, asked for again.
        faults: What refuses rows, each with both sides of the contradiction.
        refused: Identities of the participants those faults are about.
    """

    certificates: tuple[Planned, ...]
    already: tuple[HeldLine, ...]
    withheld: tuple[Withheld, ...]
    faults: tuple[Fault, ...]
    refused: tuple[str, ...]


def participants_of(awards: Iterable[Award]) -> list[Participant]:
    """Return who has earned *awards*, in their order, each identity once."""
    records: dict[CompletionRecord, list[Award]] = {}
    for award in awards:
        records.setdefault(award.record, []).append(award)
    found: dict[str, Participant] = {}
    for record, earned in records.items():
        signs = signs_of(record)
        known = found.setdefault(signs.identity, Participant(signs, []))
        found[signs.identity] = known._replace(awards=[*known.awards, *earned])
    return list(found.values())


def plan_certificates(
    participants: Iterable[Participant],
    held: Sequence[HeldLine],
    revoked: Revoked = _NOTHING_REVOKED,
) -> Plan:
    """Plan the certificates of a course's *participants*.

    Args:
        participants: Who has earned what, each identity once.
        held: Credit lines of standing certificates, of whoever may be one of them.
        revoked: What those certificates carried that were revoked.
    """
    certificates: list[Planned] = []
    already: list[HeldLine] = []
    withheld: list[Withheld] = []
    faults: list[Fault] = []
    refused: list[str] = []
    known = _Known(held)
    for participant in participants:
        identity = participant.signs.identity
        if fault := _contradiction(participant, known):
            faults.append(fault)
            refused.append(identity)
            continue
        asked = {award.line.credential: award for award in participant.awards}
        own = known.lines_of(identity)
        already += [each for each in own if each.credential in asked]
        for each in own:
            asked.pop(each.credential, None)
        gone = [each for each in asked if (identity, each) in revoked]
        withheld += [_withheld(asked.pop(each), identity, revoked) for each in gone]
        certificates += _numbered(participant, _split(list(asked.values())), further=bool(own))
    return Plan(tuple(certificates), tuple(already), tuple(withheld), tuple(faults), tuple(refused))


def signs_of(record: CompletionRecord) -> PersonSigns:
    """Return by what the person of *record* is found among those who hold certificates."""
    return PersonSigns.of(record.identity, record.name, record.email, record.licenses)


class _Known:
    """What is held, found by what may tell of a record: a list of n is no n times n."""

    def __init__(self, held: Sequence[HeldLine]) -> None:
        self._held = held
        self._found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, line in enumerate(held):
            person = PersonSigns(line.participant, folded_email(line.email), line.marks)
            for sign in _signs(person):
                self._found[sign].append(number)

    def lines_of(self, identity: str) -> list[HeldLine]:
        """Return what an identity holds, in the order of issue."""
        return self._lines([("identity", identity)])

    def lines_near(self, person: PersonSigns) -> list[HeldLine]:
        """Return the lines of all who could be *person*, in the order of issue."""
        return self._lines(_signs(person))

    def _lines(self, signs: Iterable[tuple[str, str]]) -> list[HeldLine]:
        numbers = {number for sign in signs for number in self._found.get(sign, ())}
        return [self._held[number] for number in sorted(numbers)]


def _signs(person: PersonSigns) -> Iterator[tuple[str, str]]:
    yield "identity", person.identity
    yield "address", person.address
    for mark in person.marks:
        yield "mark", mark


def _withheld(award: Award, identity: str, revoked: Revoked) -> Withheld:
    credential = award.line.credential
    sentence = (
        f"{award.record.name}: {credential} was on certificate {revoked[identity, credential]}, "
        "which was revoked; issuing the list again does not bring it back"
    )
    return Withheld(identity, sentence)


def _split(awards: Sequence[Award]) -> list[tuple[Award, ...]]:
    if not awards:
        return []
    if awards[0].course.certificate_policy is CertificatePolicy.COMBINED:
        return [tuple(awards)]
    return [(award,) for award in awards]


def _numbered(
    participant: Participant, parts: Sequence[tuple[Award, ...]], *, further: bool
) -> Iterator[Planned]:
    record, identity = participant.record, participant.signs.identity
    for number, awards in enumerate(parts, 1):
        course, earned = awards[0].course, {award.line.credential for award in awards}
        yield Planned(
            awards=awards,
            record=record,
            identity=identity,
            course=course,
            lines=tuple([each for each in course.credit_lines if each.credential in earned]),
            further=further,
            part=f"{number} of {len(parts)}" if len(parts) > 1 else "",
        )


def _contradiction(participant: Participant, known: _Known) -> Fault | None:
    record = participant.record
    if any(award.record != record for award in participant.awards):
        return Fault(_place(record), record.name, "stands there twice with different evidence")
    for line in known.lines_near(participant.signs):
        if fault := _against(record, line):
            return fault
    return None


def _against(record: CompletionRecord, line: HeldLine) -> Fault | None:
    if line.participant == record.identity:
        if line.name == record.name:
            return None
        return Fault(
            _place(record),
            record.name,
            f"holds certificate {line.certificate_id} under the name {line.name!r}",
            f"cecert correct {line.certificate_id} changes a name",
        )
    if not _one_person(record, line):
        return None
    return Fault(
        _place(record),
        f"{record.name} <{record.email}>, identity {record.identity}",
        f"seems to be {line.name} <{line.email}>, identity {line.participant}, "
        f"who holds certificate {line.certificate_id} of this course",
        "give the row that identity, or tell the two apart by participant_id",
    )


def _one_person(record: CompletionRecord, line: HeldLine) -> bool:
    if identity_marks(record.name, record.email, record.licenses) & line.marks:
        return True
    address = folded_email(record.email)
    # Two ids of the registrar's at one address are two people; an address that is
    # itself an identity is one.
    return address == folded_email(line.email) and address in {record.identity, line.participant}


def _place(record: CompletionRecord) -> str:
    return record.place or record.name
