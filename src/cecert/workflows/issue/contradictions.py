"""Contradictions: rows that are somebody else's second identity, or may be.

A row is held against what the ledger holds and against the rows before it. One person twice
and a changed name are refused; whether two people are one may be a question, which the
column `different_from` of either row answers (ADR 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award
from cecert.domain.people.likeness import Acquaintances, Likeness, likeness
from cecert.domain.people.person import PersonSigns
from cecert.errors import Fault
from cecert.ports import HeldLine

__all__ = [
    "KnownLines",
    "Participant",
    "Resemblance",
    "against",
    "alike_in_batch",
    "answered_both_ways",
    "contradiction",
    "fault_is_of_another",
]


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


class Resemblance(NamedTuple):
    """Two or more of a batch who are, or may be, one person under several identities.

    Attributes:
        fault: What the later has in common with the first of the others.
        identities: Of them all.
    """

    fault: Fault
    identities: tuple[str, ...]


class KnownLines:
    """What is held, found by what may tell of a record."""

    def __init__(self, held: Sequence[HeldLine]) -> None:
        self._held = held
        self._people = Acquaintances(each.signs for each in held)
        self._own: defaultdict[str, list[HeldLine]] = defaultdict(list)
        for line in held:
            self._own[line.participant].append(line)

    @property
    def identities(self) -> AbstractSet[str]:
        """The identities that hold something."""
        return self._own.keys()

    def lines_of(self, identity: str) -> list[HeldLine]:
        """Return what an identity holds, in the order of issue."""
        return self._own.get(identity, [])

    def lines_near(self, person: PersonSigns) -> list[HeldLine]:
        """Return the lines of all who could be *person*, in the order of issue."""
        return [self._held[number] for number in self._people.near(person)]


def answered_both_ways(participants: Iterable[Participant]) -> list[Participant]:
    """Return *participants*, each told apart from whoever tells themselves apart from them."""
    participants = list(participants)
    said: defaultdict[str, set[str]] = defaultdict(set)
    for each in participants:
        for other in each.signs.different_from:
            said[other].add(each.signs.identity)
    return [_told_by_others(each, said) for each in participants] if said else participants


def _told_by_others(participant: Participant, said: Mapping[str, set[str]]) -> Participant:
    signs = participant.signs
    others = said.get(signs.identity, set()) | said.get(signs.address, set())
    both = signs.different_from | others - {signs.identity}
    return participant._replace(signs=replace(signs, different_from=both))


def fault_is_of_another(participant: Participant, known: KnownLines) -> bool:
    """Say whether what contradicts the ledger is a certificate under another identity."""
    record = participant.record
    same = all(award.record == record for award in participant.awards)
    return same and all(line.name == record.name for line in known.lines_of(record.identity))


def contradiction(participant: Participant, known: KnownLines) -> Fault | None:
    """Return what of a participant contradicts the ledger or itself; None if nothing does."""
    record = participant.record
    if any(award.record != record for award in participant.awards):
        return Fault(_place(record), record.name, "stands there twice with different evidence")
    # Who holds a certificate under this identity was asked about before it was issued.
    own = known.lines_of(participant.signs.identity)
    settled = bool(own)
    if _is_corrected(participant, own):
        return None
    for line in known.lines_near(participant.signs):
        if fault := against(participant, line, settled=settled):
            return fault
    return None


def _is_corrected(participant: Participant, own: Sequence[HeldLine]) -> bool:
    """Say whether a row has the name of before a correction, and asks for nothing further."""
    name = participant.record.name
    asked = {each.line.credential for each in participant.awards}
    return asked <= {each.credential for each in own} and all(
        each.name != name and name in each.former_names for each in own
    )


def against(participant: Participant, line: HeldLine, *, settled: bool) -> Fault | None:
    """Return what of a participant contradicts one line that is held.

    Args:
        participant: Who has earned something.
        line: What somebody holds.
        settled: Whether the participant holds something, and is asked nothing again.
    """
    record = participant.record
    if line.participant == record.identity:
        if line.name == record.name:
            return None
        return Fault(
            _place(record),
            record.name,
            f"holds certificate {line.certificate_id} under the name {line.name!r}",
            f"cecert correct {line.certificate_id} changes a name",
        )
    found = likeness(participant.signs, line.signs)
    if found is None or (found.is_question and settled):
        return None
    other = f"{line.name} <{line.email}>, identity {line.participant}"
    holds = f"{other}, who holds certificate {line.certificate_id} of this course"
    remedy = _HELD_REMEDIES.get(found) or _REMEDIES[found].format(line.participant)
    return Fault(_place(record), _told(record), _PROBLEMS[found].format(holds), remedy)


def alike_in_batch(
    participants: Sequence[Participant], settled: AbstractSet[str] = frozenset()
) -> Iterator[Resemblance]:
    """Yield who is, or may be, somebody before them under another identity.

    Args:
        participants: Each identity once.
        settled: Identities that hold a certificate of the course: of two of them nothing is
            asked again.
    """
    known = Acquaintances()
    for participant in participants:
        own = participant.signs.identity
        alike = [
            (participants[number], found)
            for number, found in known.alike(participant.signs)
            if not (found.is_question and {own, participants[number].signs.identity} <= settled)
        ]
        if alike:
            identities = [each.signs.identity for each, _ in alike]
            yield Resemblance(_alike(participant, *alike[0]), (own, *identities))
        known.add(participant.signs)


def _alike(participant: Participant, first: Participant, found: Likeness) -> Fault:
    where = f"{first.record.place}, " if first.record.place else ""
    return Fault(
        _place(participant.record),
        _shown(participant.record),
        _PROBLEMS[found].format(f"{where}{_shown(first.record)}"),
        _REMEDIES[found].format(first.signs.identity),
    )


_PROBLEMS = {
    Likeness.PERSON: "seems to be {}",
    Likeness.ADDRESS: "seems to be {}",
    Likeness.LICENSE: "has the licence of {}",
    Likeness.NAME: "has the name of {}; no licences tell them apart",
}
_HELD_REMEDIES = {
    Likeness.PERSON: "leave the row out, or give it that identity",
    Likeness.ADDRESS: "give the row that identity, or tell the two apart by participant_id",
}
_REMEDIES = {
    Likeness.PERSON: "keep one of the two rows",
    Likeness.ADDRESS: "give both rows a participant_id if they are two people",
    Likeness.LICENSE: "one person: keep one row; a typo: correct the licence; otherwise write {} "
    "in this row's column different_from",
    Likeness.NAME: "one person: keep one row; two people: give both rows their licences, or write "
    "{} in this row's column different_from",
}


def _told(record: CompletionRecord) -> str:
    return f"{record.name} <{record.email}>, identity {record.identity}"


def _shown(record: CompletionRecord) -> str:
    registered = f", participant_id {record.participant_id}" if record.participant_id else ""
    return f"{record.name} <{record.email}>{registered}"


def _place(record: CompletionRecord) -> str:
    return record.place or record.name
