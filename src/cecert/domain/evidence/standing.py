"""Where everybody stands before anything is issued: ready, asked about, waiting, or denied.

Whoever is in review is not denied, whatever else is found; denied is only whom nothing
can help. The report and the terminal count by this, and say it in one sentence.
"""

from __future__ import annotations

from collections.abc import Collection as Collection_
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord, SessionFinding, Unattended
from cecert.domain.decision.decide import Award, Denial, Shortfall, ShortfallKind, decide
from cecert.domain.decision.gaps import Gaps, gaps_of
from cecert.domain.evidence.attendance import GAPS_NOTE, AttendanceStatus
from cecert.domain.evidence.collection import Collection, Participant
from cecert.domain.evidence.overrides import Ruling
from cecert.domain.values.quick_making import quickly_made
from cecert.domain.values.wording import day_phrase, either, joined

__all__ = [
    "MISSING",
    "ByState",
    "Standing",
    "State",
    "by_state",
    "headline",
    "left_over",
    "prospect",
    "record_of",
    "so_far",
    "standing_of",
    "standings_of",
    "state_by_attendance",
]


class State(Enum):
    """What can be said of a person; the order is that of urgency."""

    REVIEW = "review"
    UNPROVEN = "unproven"
    """The reports cannot prove presence; another source may."""
    UNFOUND = "unfound"
    """No report has a connection of theirs; they may have been there under another name."""
    WAITING = "waiting"
    DENIED = "denied"
    READY = "ready"


ByState = Mapping[State, Sequence["Standing"]]
"""Everybody, by where they stand."""

MISSING = {
    ShortfallKind.EVALUATION: ("EVALUATION MISSING", "an evaluation"),
    ShortfallKind.FEE: ("FEE UNPAID", "a fee"),
    ShortfallKind.ATTESTATION: ("ATTESTATION MISSING", "an attestation"),
    ShortfallKind.POST_TEST: ("TEST NOT PASSED", "a test"),
    ShortfallKind.VISIBILITY: ("CAMERA NOT NOTED", "a camera note"),
    ShortfallKind.CREDENTIAL_NOT_OFFERED: (
        "CREDIT NOT OFFERED",
        "the choice of another credit type",
    ),
    ShortfallKind.ROLE: ("NO CANDIDATE", "a role with credit"),
    ShortfallKind.COMPLETION: ("NOT COMPLETED", "a day of completion"),
    ShortfallKind.HOURS: ("TOO FEW HOURS", "hours enough for a credit"),
    ShortfallKind.APPROVAL: ("NOT APPROVED THEN", "an approval on that day"),
    ShortfallKind.LICENSE: ("LICENCE MISSING", "a licence that the credit is for"),
}
"""By what is missing: the mark, in capitals, and how a sentence calls it."""


@quickly_made
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
        gaps: What only the person can do, None where nothing is asked of them.
    """

    participant: Participant
    state: State
    word: str
    owes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    gaps: Gaps | None = None


_HOPELESS = {
    ShortfallKind.ROLE: "NO CANDIDATE",
    ShortfallKind.HOURS: "TOO FEW HOURS",
    ShortfallKind.APPROVAL: "NOT APPROVED THEN",
}
"""What nothing that somebody could do would help, with its mark."""


def prospect(record: CompletionRecord, lacks: Sequence[ShortfallKind]) -> tuple[State, str]:
    """Return where somebody stands to whom nothing is issued, and the mark in capitals.

    Args:
        record: The person's.
        lacks: What is missing, for all that was asked for.
    """
    if ShortfallKind.REVIEW_PENDING in lacks:
        return State.REVIEW, "REVIEW"
    if hopeless := next((word for kind, word in _HOPELESS.items() if kind in lacks), ""):
        return State.DENIED, hopeless
    if ShortfallKind.ATTENDANCE in lacks:
        state = state_by_attendance(record.findings) if record.findings else State.DENIED
        return state, "NOT MET" if state is State.DENIED else "NO EVIDENCE"
    return State.WAITING, ", ".join(MISSING[each][0] for each in lacks)


def standings_of(collection: Collection) -> tuple[Standing, ...]:
    """Return everybody's standing, in the registrations' order."""
    return tuple(
        standing_of(each, collection.course, collection.uncovered)
        for each in collection.participants
    )


def standing_of(
    participant: Participant, course: Course, uncovered: Collection_[str] = ()
) -> Standing:
    """Return where one person stands.

    Args:
        participant: Who.
        course: The course.
        uncovered: Ids of the sessions that no report is of yet; () for none.
    """
    if uncovered:
        return _standing_so_far(participant, uncovered)
    return _standing(participant, course)


def by_state(standings: Sequence[Standing]) -> ByState:
    """Return everybody by where they stand; every state is a key."""
    found: dict[State, list[Standing]] = {state: [] for state in State}
    for each in standings:
        found[each.state].append(each)
    return found


_LEFT = (State.REVIEW, State.UNPROVEN, State.UNFOUND, State.WAITING, State.DENIED)


def headline(standings: ByState) -> str:
    """Return the one sentence with the counts."""
    ready, total = len(standings[State.READY]), sum(map(len, standings.values()))
    if ready == total:
        return f"All {total} people can have their certificate now. Nothing is left to decide."
    owed = [what for each in standings[State.WAITING] for what in each.owes]
    rest = left_over({state: len(found) for state, found in standings.items()}, owed)
    return f"{ready} of {total} people can have their certificate now. {rest}."


def left_over(counts: Mapping[State, int], owed: Iterable[str]) -> str:
    """Return how many need what before they get a certificate, without a full stop.

    Args:
        counts: How many stand where; those who are ready, or a state left out, are passed over.
        owed: What those who wait owe, as `MISSING` calls it.
    """
    review, unproven, unfound, waiting, denied = (counts.get(each, 0) for each in _LEFT)
    parts = [
        f"{review} need{'s' if review == 1 else ''} your decision" if review else "",
        f"{unproven} need{'s' if unproven == 1 else ''} proof from another source"
        if unproven
        else "",
        f"{unfound} {'was' if unfound == 1 else 'were'} not found in the reports"
        if unfound
        else "",
        f"{waiting} still owe{'s' if waiting == 1 else ''} {either(list(dict.fromkeys(owed)))}"
        if waiting
        else "",
        f"{denied} cannot get one" if denied else "",
    ]
    rest = [each for each in parts if each]
    return rest[0] if len(rest) == 1 else f"{', '.join(rest[:-1])}, and {rest[-1]}"


def so_far(collection: Collection) -> str:
    """Return what is said instead of the counts while reports of sessions are missing."""
    days = [
        f"{each.id} ({day_phrase(each.day)})"
        for each in collection.course.sessions
        if each.id in collection.uncovered
    ]
    return f"This is the report so far: there is no report of {joined(days)} yet."


def _standing_so_far(participant: Participant, uncovered: Collection_[str]) -> Standing:
    """Return where somebody stands by the sessions that have a report; the others say nothing."""
    covered = [each for each in participant.rulings if each.attendance.session.id not in uncovered]
    return _attended(participant, covered) or Standing(
        participant, State.WAITING, "NO REPORT YET", ("a report",)
    )


def _standing(participant: Participant, course: Course) -> Standing:
    if (open_ := _attended(participant, participant.rulings)) is not None:
        return open_
    decisions = decide(record_of(participant), course)
    awards = tuple([each.credential for each in decisions if isinstance(each, Award)])
    gaps = None if len(awards) == len(decisions) else gaps_of(decisions)
    if awards:
        return Standing(participant, State.READY, "MET", credentials=awards, gaps=gaps)
    lacks = _lacking([each for each in decisions if isinstance(each, Denial)])
    waiting = ShortfallKind.ROLE not in {each.kind for each in lacks}
    return Standing(
        participant,
        State.WAITING if waiting else State.DENIED,
        ", ".join(MISSING[each.kind][0] for each in lacks),
        tuple(MISSING[each.kind][1] for each in lacks),
        (_said(participant, lacks, waiting=waiting),),
        gaps=gaps,
    )


def _attended(participant: Participant, rulings: Sequence[Ruling]) -> Standing | None:
    """Return where somebody stands by attendance, None where it is met."""
    if participant.review:
        return Standing(participant, State.REVIEW, "REVIEW")
    missed = [each for each in rulings if each.status is not AttendanceStatus.MET]
    if not missed or (participant.counts_in_parts and len(missed) < len(rulings)):
        return None
    said = tuple(sentence for each in missed for sentence in participant.said(each))
    state = state_by_attendance([_finding(participant, each) for each in missed])
    word = "NOT MET" if state is State.DENIED else "NO EVIDENCE"
    if not said:
        said = (_NOWHERE,)
    return Standing(participant, state, word, said=said)


def state_by_attendance(missed: Sequence[SessionFinding]) -> State:
    """Return where somebody stands who did not attend all sessions: by what can still help.

    Args:
        missed: What was found of the sessions not attended; there is one, and none in REVIEW.
    """
    if any(each.status is not Unattended.NO_EVIDENCE for each in missed):
        return State.DENIED
    # All that speaks against it: a report that shows no gaps (Google Meet), or none at all.
    hidden = all(each.gaps_hidden for each in missed)
    return State.UNPROVEN if hidden else State.UNFOUND


def _finding(participant: Participant, ruling: Ruling) -> SessionFinding:
    attendance = ruling.attendance
    return SessionFinding(
        attendance.session.id,
        Unattended(ruling.status.value),
        participant.said(ruling),
        GAPS_NOTE in attendance.notes,
    )


_NOWHERE = (
    "We find no connection of yours in any session. If you were there under another name or "
    "address, tell us which."
)
"""Said of a conference, of which nobody is told session by session where they were not."""


def record_of(participant: Participant) -> CompletionRecord:
    """Return what is known of a participant as the completion list has it."""
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
        review=participant.review,
        findings=tuple(
            _finding(participant, each)
            for each in participant.rulings
            if each.status is not AttendanceStatus.MET
        ),
        held=frozenset(each.purpose for each in participant.held if each.is_open),
        completed_on=None if participant.completion is None else participant.completion.day,
    )


def _lacking(denials: Sequence[Denial]) -> list[Shortfall]:
    kinds = {each.kind: each for denial in denials for each in denial.shortfalls}
    if kinds.keys() & _STEPS:
        # Nobody has a day of completion before what is missing is done: once is enough.
        kinds.pop(ShortfallKind.COMPLETION, None)
    return list(kinds.values())


_STEPS = frozenset({ShortfallKind.POST_TEST, ShortfallKind.EVALUATION, ShortfallKind.ATTESTATION})


def _said(participant: Participant, lacks: Sequence[Shortfall], *, waiting: bool) -> str:
    told = " ".join(each.sentence for each in lacks if not each.open)
    return f"{_there(participant)}{told}" if waiting else told


def _there(participant: Participant) -> str:
    """Say first what somebody who waits has done already; "" where there is no attendance."""
    if not participant.rulings:
        return ""
    if participant.counts_in_parts:
        count = len(participant.attended)
        return f"You attended {count} session{'' if count == 1 else 's'} in full. "
    return "You attended all of the course. "
