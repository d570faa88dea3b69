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

from cecert.domain.course.course import CertificatePolicy, Course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award
from cecert.domain.people.person import PersonSigns, folded_email, identity_marks
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault
from cecert.ports import HeldLine

__all__ = ["Plan", "Planned", "Revoked", "plan_certificates", "signs_of"]

Revoked = Mapping[tuple[str, str], CertificateId]
"""Identities and credential types of a course whose certificate was revoked, and which."""

_NOTHING_REVOKED: Revoked = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Planned:
    """One certificate to be made.

    Attributes:
        awards: What it certifies, of one participant and one course; at least one.
        further: The participant already holds a certificate of this course for
            other credential types; this one carries what was earned later.
        part: Which of the participant's certificates of this batch it is, `1 of 2`; ""
            where it is the only one.
    """

    awards: tuple[Award, ...]
    further: bool
    part: str = ""

    @property
    def record(self) -> CompletionRecord:
        """The participant's completion record."""
        return self.awards[0].record

    @property
    def course(self) -> Course:
        """The course."""
        return self.awards[0].course

    @property
    def lines(self) -> tuple[CreditLine, ...]:
        """The credit lines, in the course's order."""
        earned = {award.credential for award in self.awards}
        return tuple(each for each in self.course.credit_lines if each.credential in earned)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch would issue.

    Attributes:
        certificates: To be made, in the batch's order.
        already: Credit lines that standing certificates carry, asked for again.
        withheld: Sentences about credit that was revoked, asked for again.
        faults: What refuses rows, each with both sides of the contradiction.
        refused: The completion records those faults are about.
    """

    certificates: tuple[Planned, ...]
    already: tuple[HeldLine, ...]
    withheld: tuple[str, ...]
    faults: tuple[Fault, ...]
    refused: tuple[CompletionRecord, ...]


def plan_certificates(
    awards: Iterable[Award], held: Sequence[HeldLine], revoked: Revoked = _NOTHING_REVOKED
) -> Plan:
    """Plan the certificates of a course's *awards*, given what is *held* and was *revoked*."""
    certificates: list[Planned] = []
    already: list[HeldLine] = []
    withheld: list[str] = []
    faults: list[Fault] = []
    refused: list[CompletionRecord] = []
    known = _Known(held)
    for group in _by_participant(awards):
        record = group[0].record
        if fault := _contradiction(group, known):
            faults.append(fault)
            refused.append(record)
            continue
        own = known.lines_of(record.identity)
        already += [each for each in own if each.credential in {a.credential for a in group}]
        owned = {each.credential for each in own}
        fresh = [award for award in group if award.credential not in owned]
        gone = [award for award in fresh if (record.identity, award.credential) in revoked]
        withheld += [_withheld(award, revoked) for award in gone]
        fresh = [award for award in fresh if award not in gone]
        certificates += _numbered(_split(fresh), further=bool(own))
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

    def lines_near(self, record: CompletionRecord) -> list[HeldLine]:
        """Return all that could be the person of *record*, in the order of issue."""
        return self._lines(_signs(signs_of(record)))

    def _lines(self, signs: Iterable[tuple[str, str]]) -> list[HeldLine]:
        numbers = {number for sign in signs for number in self._found.get(sign, ())}
        return [self._held[number] for number in sorted(numbers)]


def _signs(person: PersonSigns) -> Iterator[tuple[str, str]]:
    yield "identity", person.identity
    yield "address", person.address
    for mark in person.marks:
        yield "mark", mark


def _by_participant(awards: Iterable[Award]) -> list[list[Award]]:
    groups: defaultdict[str, list[Award]] = defaultdict(list)
    for award in awards:
        groups[award.record.identity].append(award)
    return list(groups.values())


def _withheld(award: Award, revoked: Revoked) -> str:
    return (
        f"{award.record.name}: {award.credential} was on certificate "
        f"{revoked[award.record.identity, award.credential]}, which was revoked; "
        "issuing the list again does not bring it back"
    )


def _split(awards: Sequence[Award]) -> list[tuple[Award, ...]]:
    if not awards:
        return []
    if awards[0].course.certificate_policy is CertificatePolicy.COMBINED:
        return [tuple(awards)]
    return [(award,) for award in awards]


def _numbered(parts: Sequence[tuple[Award, ...]], *, further: bool) -> Iterator[Planned]:
    for number, awards in enumerate(parts, 1):
        yield Planned(awards, further, f"{number} of {len(parts)}" if len(parts) > 1 else "")


def _contradiction(group: Sequence[Award], known: _Known) -> Fault | None:
    record = group[0].record
    if any(award.record != record for award in group):
        return Fault(_place(record), record.name, "stands there twice with different evidence")
    for line in known.lines_near(record):
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
