"""Where everybody stands before anything is issued: ready, asked about, waiting, or denied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, Denial, Shortfall, ShortfallKind, decide
from cecert.domain.evidence.attendance import GAPS_NOTE, AttendanceStatus
from cecert.domain.evidence.collection import Collection, Participant
from cecert.domain.evidence.explanation import say_why

__all__ = ["Standing", "State", "standings_of"]


class State(Enum):
    """What can be said of a person; the order is that of urgency."""

    REVIEW = "review"
    UNPROVEN = "unproven"
    """The reports cannot prove presence; another source may."""
    WAITING = "waiting"
    DENIED = "denied"
    READY = "ready"


_MISSING = {
    ShortfallKind.EVALUATION: ("EVALUATION MISSING", "an evaluation"),
    ShortfallKind.FEE: ("FEE UNPAID", "a fee"),
    ShortfallKind.ATTESTATION: ("ATTESTATION MISSING", "an attestation"),
    ShortfallKind.POST_TEST: ("TEST NOT PASSED", "a test"),
    ShortfallKind.VISIBILITY: ("CAMERA NOT NOTED", "a camera note"),
    ShortfallKind.CREDENTIAL_NOT_OFFERED: ("CREDIT NOT OFFERED", "another credit type"),
    ShortfallKind.ROLE: ("NO CANDIDATE", "a role with credit"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands, and what can be told them.

    Attributes:
        participant: Who.
        state: Which section the person is in.
        word: In capitals, for the mark: `EVALUATION MISSING`.
        owes: What is missing, as in a sentence: `an evaluation`.
        said: Sentences to read out to the person.
        credentials: Credential types that can be issued.
    """

    participant: Participant
    state: State
    word: str
    owes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()


def standings_of(collection: Collection) -> tuple[Standing, ...]:
    """Return everybody's standing, in the registrations' order."""
    return tuple(
        _standing_so_far(each, collection)
        if collection.uncovered
        else _standing(each, collection.course)
        for each in collection.participants
    )


def _standing_so_far(participant: Participant, collection: Collection) -> Standing:
    """Return where somebody stands by the sessions that have a report; the others say nothing."""
    covered = [
        each
        for each in participant.rulings
        if each.attendance.session.id not in collection.uncovered
    ]
    gone = {AttendanceStatus.NOT_MET, AttendanceStatus.NO_EVIDENCE}
    missed = [each for each in covered if each.status in gone]
    if missed:
        word = missed[0].status.value.replace("_", " ")
        said = tuple(sentence for each in missed for sentence in say_why(each))
        return Standing(participant, State.DENIED, word, said=said)
    if participant.review:
        return Standing(participant, State.REVIEW, "REVIEW")
    return Standing(participant, State.WAITING, "NO REPORT YET", ("a report",))


def _standing(participant: Participant, course: Course) -> Standing:
    word = participant.status.value.replace("_", " ")
    if participant.status in {AttendanceStatus.NOT_MET, AttendanceStatus.NO_EVIDENCE}:
        said = tuple(sentence for each in participant.rulings for sentence in say_why(each))
        state = State.UNPROVEN if _is_unproven(participant) else State.DENIED
        return Standing(participant, state, word, said=said)
    if participant.status is AttendanceStatus.REVIEW:
        return Standing(participant, State.REVIEW, word)
    decisions = decide(_record(participant), course)
    awards = tuple(each.credential for each in decisions if isinstance(each, Award))
    if awards:
        return Standing(participant, State.READY, "MET", credentials=awards)
    lacks = _lacking([each for each in decisions if isinstance(each, Denial)])
    waiting = not {ShortfallKind.ROLE, ShortfallKind.CREDENTIAL_NOT_OFFERED} & {
        each.kind for each in lacks
    }
    return Standing(
        participant,
        State.WAITING if waiting else State.DENIED,
        ", ".join(_MISSING[each.kind][0] for each in lacks),
        tuple(_MISSING[each.kind][1] for each in lacks),
        _said(lacks, waiting=waiting),
    )


def _is_unproven(participant: Participant) -> bool:
    """Say whether all that speaks against it is a report that shows no gaps (Google Meet)."""
    return all(
        each.status is AttendanceStatus.MET
        or (each.status is AttendanceStatus.NO_EVIDENCE and GAPS_NOTE in each.attendance.notes)
        for each in participant.rulings
    )


def _record(participant: Participant) -> CompletionRecord:
    registrant = participant.registrant
    return CompletionRecord(
        name=registrant.name,
        email=registrant.email,
        credentials=registrant.credentials,
        attended=frozenset(participant.attended),
        participant_id=registrant.participant_id,
        licenses=registrant.licenses,
        visible=participant.visible,
        evaluation=participant.evaluation,
        attestation=participant.attestation,
        post_test=participant.post_test,
        fee_paid=registrant.fee_paid,
        role=registrant.role,
    )


def _lacking(denials: Sequence[Denial]) -> list[Shortfall]:
    kinds = {each.kind: each for denial in denials for each in denial.shortfalls}
    return list(kinds.values())


def _said(lacks: Sequence[Shortfall], *, waiting: bool) -> tuple[str, ...]:
    told = " ".join(each.sentence for each in lacks)
    return (f"You attended all of the course. {told}" if waiting else told,)
