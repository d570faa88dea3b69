"""Planning an issue: which awards make which certificates, and what refuses the batch.

Nothing is drawn here and nothing is entered. What the ledger already holds is left
alone; what was revoked stays revoked, whatever else the row asks for now; what
contradicts the ledger (a changed name, a second identity) is a fault, and a batch
with a fault issues nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from cecert.domain.course.course import CertificatePolicy, Course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, Denial
from cecert.domain.people.person import PersonSigns
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.quick_making import quickly_made
from cecert.errors import Fault
from cecert.ports import HeldLine
from cecert.workflows.issue.contradictions import (
    KnownLines,
    Participant,
    alike_in_batch,
    answered_both_ways,
    contradiction,
    fault_is_of_another,
)

__all__ = [
    "Plan",
    "Planned",
    "Reason",
    "Revoked",
    "Withheld",
    "participants_of",
    "plan_certificates",
    "signs_of",
]

Revoked = Mapping[tuple[str, str], CertificateId]
"""Identities and credential types of a course whose certificate was revoked, and which."""

_NOTHING_REVOKED: Revoked = MappingProxyType({})


@quickly_made
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
        different_from: Of whom somebody made sure that they are not the participant.
    """

    awards: tuple[Award, ...]
    record: CompletionRecord
    identity: str
    course: Course
    lines: tuple[CreditLine, ...]
    further: bool
    part: str
    different_from: frozenset[str] = frozenset()


class Withheld(NamedTuple):
    """Credit that was revoked and is not issued again.

    Attributes:
        identity: Of the participant.
        sentence: Whose, which credit, and on which certificate it was.
        credential: The credential type.
        certificate_id: The certificate that was revoked.
    """

    identity: str
    sentence: str
    credential: str
    certificate_id: CertificateId


class Reason(NamedTuple):
    """Why a participant is refused.

    Attributes:
        identity: Of the participant.
        fault: What is wrong.
        other_person: Whether it is that they are, or may be, somebody under another identity.
    """

    identity: str
    fault: Fault
    other_person: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch would issue.

    Attributes:
        certificates: To be made, in the batch's order.
        already: Credit lines that standing certificates carry, asked for again.
        withheld: Credit that was revoked, asked for again.
        faults: What refuses rows, each with both sides of the contradiction.
        reasons: The same, by participant.
    """

    certificates: tuple[Planned, ...]
    already: tuple[HeldLine, ...]
    withheld: tuple[Withheld, ...]
    faults: tuple[Fault, ...]
    reasons: tuple[Reason, ...]

    @property
    def refused(self) -> tuple[str, ...]:
        """Identities of the participants that the faults are about."""
        return tuple(dict.fromkeys(each.identity for each in self.reasons))


def participants_of(awards: Iterable[Award]) -> list[Participant]:
    """Return who has earned *awards*, in their order, each identity once."""
    # By the object: to hash what all of a record says takes longer than its signs.
    records: dict[int, list[Award]] = {}
    for award in awards:
        records.setdefault(id(award.record), []).append(award)
    found: dict[str, Participant] = {}
    for earned in records.values():
        signs = signs_of(earned[0].record)
        known = found.setdefault(signs.identity, Participant(signs, []))
        found[signs.identity] = known._replace(awards=[*known.awards, *earned])
    return list(found.values())


def questions_of(decisions: Iterable[Award | Denial]) -> list[Fault]:
    """Return who of those who earned something may be another of them; `issue` refuses them."""
    awards = [each for each in decisions if isinstance(each, Award)]
    return [each.fault for each in alike_in_batch(participants_of(awards))]


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
    reasons: list[Reason] = []
    known, participants = KnownLines(held), answered_both_ways(participants)
    alike = list(alike_in_batch(participants, known.identities))
    faults += [each.fault for each in alike]
    reasons += [
        Reason(who, each.fault, other_person=True) for each in alike for who in each.identities
    ]
    refused = {each.identity for each in reasons}
    for participant in participants:
        identity = participant.signs.identity
        if identity in refused:
            continue
        if fault := contradiction(participant, known):
            faults.append(fault)
            other = fault_is_of_another(participant, known)
            reasons.append(Reason(identity, fault, other))
            continue
        asked = {award.line.credential: award for award in participant.awards}
        own = known.lines_of(identity)
        already += [each for each in own if each.credential in asked]
        for each in own:
            asked.pop(each.credential, None)
        gone = [each for each in asked if (identity, each) in revoked]
        withheld += [_withheld(asked.pop(each), identity, revoked) for each in gone]
        certificates += _numbered(participant, _split(list(asked.values())), further=bool(own))
    return Plan(tuple(certificates), tuple(already), tuple(withheld), tuple(faults), tuple(reasons))


def signs_of(record: CompletionRecord) -> PersonSigns:
    """Return by what the person of *record* is found among those who hold certificates."""
    return PersonSigns.of(
        record.identity, record.name, record.email, record.licenses, record.different_from
    )


def _withheld(award: Award, identity: str, revoked: Revoked) -> Withheld:
    credential = award.line.credential
    sentence = (
        f"{award.record.name}: {credential} was on certificate {revoked[identity, credential]}, "
        "which was revoked; issuing the list again does not bring it back"
    )
    return Withheld(identity, sentence, credential, revoked[identity, credential])


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
        course, earned = awards[0].course, {each.line.credential: each.line for each in awards}
        yield Planned(
            awards=awards,
            record=record,
            identity=identity,
            course=course,
            lines=tuple(
                [
                    earned[each.credential]
                    for each in course.credit_lines
                    if each.credential in earned
                ]
            ),
            further=further,
            part=f"{number} of {len(parts)}" if len(parts) > 1 else "",
            different_from=participant.signs.different_from,
        )
