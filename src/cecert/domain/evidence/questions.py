"""What a person is asked about the evidence, and what follows from each answer.

A question names people, days and connections. An answer is a set of overrides; without
one nothing is decided. Answers that change nothing are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Collection, Held, Participant
from cecert.domain.evidence.explanation import evidence_lines, quoted
from cecert.domain.evidence.matching import Connection
from cecert.domain.evidence.overrides import OverrideKind, Ruling
from cecert.domain.people.note_takers import is_note_taker
from cecert.domain.values.durations import exact
from cecert.domain.values.wording import MONTHS, joined

__all__ = ["Choice", "OverrideAct", "Question", "QuestionKind", "questions_of"]


class QuestionKind(Enum):
    """What a question asks about the evidence."""

    WHOSE = "whose"
    """Is this connection this person's?"""
    SHARED = "shared"
    """Were several people present on one connection?"""
    DECIDE = "decide"
    """Does this person meet this session?"""
    HELD = "held"
    """Does what this person handed in count?"""


@dataclass(frozen=True, slots=True)
class OverrideAct:
    """An override that an answer makes, without who, when and why.

    Attributes:
        kind: Which.
        participant: Identity.
        session: Session id; of what is held, its purpose.
        inputs: What it is tied to.
        connection: `file.csv:44` for a link or an unlink.
        status: For a decision.
    """

    kind: OverrideKind
    participant: str
    session: str
    inputs: str
    connection: str = ""
    status: AttendanceStatus | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question.

    Attributes:
        label: Its words, as they are chosen.
        follows: What follows from it for the people concerned.
        acts: The overrides that give it.
    """

    label: str
    follows: str
    acts: tuple[OverrideAct, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a person, about the evidence.

    Attributes:
        kind: What is asked.
        text: As it is asked, naming person, day and connection.
        participants: Whom it is about.
        rulings: The sessions it is about, one a participant and session.
        why: Why it is asked, with file and line; also what speaks against it.
        answers: What can be said, "later" left out.
    """

    kind: QuestionKind
    text: str
    participants: tuple[Participant, ...]
    rulings: tuple[tuple[Participant, Ruling], ...]
    why: tuple[str, ...]
    answers: tuple[Choice, ...]


def questions_of(collection: Collection) -> tuple[Question, ...]:
    """Return the questions that everybody in REVIEW raises, in the registrations' order."""
    people = collection.participants
    held = [_held(each, it) for each in people for it in each.held if it.is_open]
    return (*_questions([each for each in people if _is_open(each)]), *held)


def _is_open(person: Participant) -> bool:
    return any(each.status is AttendanceStatus.REVIEW for each in person.rulings)


def _questions(people: Sequence[Participant]) -> Iterator[Question]:
    asked: set[str] = set()
    for person in people:
        if person.identity in asked:
            continue
        open_ = [each for each in person.rulings if each.status is AttendanceStatus.REVIEW]
        group = _company(person, people)
        asked |= {each.identity for each in group}
        if len(group) > 1:
            yield _shared(group)
            continue
        doubtful = {
            each.attendance.session.id: [] if each.stale else _doubtful(person, each)
            for each in open_
        }
        whose = [each for each in open_ if doubtful[each.attendance.session.id]]
        if whose:
            yield _whose(person, whose, [row for each in doubtful.values() for row in each])
        for each in open_:
            if each not in whose:
                yield _decide(person, each)


def _company(person: Participant, people: Sequence[Participant]) -> list[Participant]:
    """Return who else may be behind the same connections."""
    mine = {
        each.connection.place
        for each in person.attributions
        if not each.sure_of and len(each.claims) > 1
    }
    if not mine:
        return [person]
    others = [
        each
        for each in people
        if each.identity != person.identity
        and any(it.connection.place in mine for it in each.attributions)
    ]
    return [person, *others]


def _doubtful(person: Participant, ruling: Ruling) -> list[Connection]:
    """Return the connections of a session that are only possibly the person's."""
    places = {f"{each.file}:{each.line}" for each in ruling.attendance.stays if not each.sure}
    claimed = [each.connection for each in person.attributions]
    hinted = [row for each in person.suggestions for row in each.connections]
    return [each for each in (*claimed, *hinted) if each.place in places and each.stay.counts]


def _whose(person: Participant, rulings: Sequence[Ruling], rows: Sequence[Connection]) -> Question:
    name = person.registrant.name
    shown = joined([quoted(each) for each in dict.fromkeys(row.shown_name for row in rows)])
    days = joined([_day(each) for each in rulings])
    return Question(
        QuestionKind.WHOSE,
        f"Is the connection {shown} on {days} {name}?",
        (person,),
        tuple((person, each) for each in rulings),
        tuple(_why_whose(person, rulings, rows)),
        (
            Choice(
                "Yes", _follows_yes(person, rulings), tuple(_links(person, rulings, rows, yes=True))
            ),
            Choice("No", _follows_no(rulings), tuple(_links(person, rulings, rows, yes=False))),
        ),
    )


def _why_whose(
    person: Participant, rulings: Sequence[Ruling], rows: Sequence[Connection]
) -> Iterator[str]:
    hinted = [reason for each in person.suggestions for reason in each.reasons]
    claims = [
        claim.why
        for each in person.attributions
        if each.connection in rows
        for claim in each.claims
        if claim.participant == person.identity
    ]
    for each in rulings:
        sure = each.attendance.least.counted.seconds
        if sure:
            yield f"Without it {exact(sure)} of {_day(each)} are sure."
        else:
            yield f"There is no other connection on {_day(each)}."
    yield from dict.fromkeys(hinted)
    for why in dict.fromkeys(claims):
        yield f"It fits by {why}, which does not decide."
    yield from _programs(rows)
    if not any(row.email for row in rows):
        yield "There is no e-mail address with it."
    yield f"{evidence_lines(row.stay for row in rows)}."


def _programs(rows: Sequence[Connection]) -> Iterator[str]:
    for name in dict.fromkeys(each.shown_name for each in rows):
        if is_note_taker(name):
            yield f"{quoted(name)} is a note-taker: a program, which may be there alone."


def _links(
    person: Participant, rulings: Sequence[Ruling], rows: Sequence[Connection], *, yes: bool
) -> Iterator[OverrideAct]:
    claimed = {each.connection.place for each in person.attributions}
    for ruling in rulings:
        session = ruling.attendance.session.id
        places = {f"{each.file}:{each.line}" for each in ruling.attendance.stays}
        mine = [row for row in rows if row.place in places]
        if not yes and not all(row.place in claimed for row in mine):
            # Nobody claims it: only a decision says that it is not this person's.
            yield OverrideAct(
                OverrideKind.DECISION, person.identity, session, ruling.inputs,
                status=AttendanceStatus.NOT_MET,
            )  # fmt: skip
            continue
        kind = OverrideKind.LINK if yes else OverrideKind.UNLINK
        for row in mine:
            yield OverrideAct(kind, person.identity, session, row.mark, row.place)


def _follows_yes(person: Participant, rulings: Sequence[Ruling]) -> str:
    others = [each for each in person.rulings if each not in rulings]
    if all(each.status is AttendanceStatus.MET for each in others):
        return "attendance is met."
    return "attendance is met for this day, and another day stays open or is not met."


def _follows_no(rulings: Sequence[Ruling]) -> str:
    missing = [each for each in rulings if not each.attendance.least.counted]
    if missing:
        return f"there is no evidence for {joined([_day(each) for each in missing])}."
    return f"attendance is not met on {joined([_day(each) for each in rulings])}."


def _shared(group: Sequence[Participant]) -> Question:
    names = joined([each.registrant.name for each in group])
    rulings = [
        (each, ruling)
        for each in group
        for ruling in each.rulings
        if ruling.status is AttendanceStatus.REVIEW
    ]
    rows = {row.place: row for each, ruling in rulings for row in _doubtful(each, ruling)}
    shown = joined(
        [quoted(each) for each in dict.fromkeys(row.shown_name for row in rows.values())]
    )
    both = "Both" if len(group) == 2 else "All"  # noqa: PLR2004 - a pair
    return Question(
        QuestionKind.SHARED,
        f"Were {names} each present on the connection {shown}?",
        tuple(group),
        tuple(rulings),
        tuple(_why_shared(group, list(rows.values()))),
        (
            Choice(
                f"{both} present",
                "each of them meets the attendance rule. Give the log or the sheet as reason.",
                tuple(_decisions(rulings, AttendanceStatus.MET)),
            ),
            *_only(group, rulings, list(rows.values())),
            Choice(
                "No proof",
                "none of them has evidence; answer for one of them with cecert override.",
                tuple(_decisions(rulings, AttendanceStatus.NOT_MET)),
            ),
        ),
    )


MOST_ALONE = 4
"""People of a group up to which each is offered as the only one present."""


def _only(
    group: Sequence[Participant],
    rulings: Sequence[tuple[Participant, Ruling]],
    rows: Sequence[Connection],
) -> Iterator[Choice]:
    """Yield the answers that give the connection to one of them, and to nobody else."""
    for each in group if len(group) <= MOST_ALONE else ():
        own = [ruling for person, ruling in rulings if person is each]
        if links := tuple(_links(each, own, rows, yes=True)):
            yield Choice(
                f"Only {each.registrant.name}", "the others have no evidence by it.", links
            )


def _why_shared(group: Sequence[Participant], rows: Sequence[Connection]) -> Iterator[str]:
    reasons = dict.fromkeys(
        claim.why
        for person in group
        for each in person.attributions
        if each.connection in rows
        for claim in each.claims
    )
    for why in reasons:
        yield f"The connection fits more than one of them: {why}."
    yield from _programs(rows)
    yield "The platform cannot tell who sat at the screen; a camera log or a sign-in sheet can."
    yield f"{evidence_lines(row.stay for row in rows)}."


def _decide(person: Participant, ruling: Ruling) -> Question:
    name, day = person.registrant.name, _day(ruling)
    only = [(person, ruling)]
    return Question(
        QuestionKind.DECIDE,
        f"Was {name} present for all of {day}?",
        (person,),
        tuple(only),
        (*_why_decide(ruling), f"{evidence_lines(ruling.attendance.stays) or 'No connection'}."),
        (
            Choice(
                "Yes",
                "attendance is met for this day.",
                tuple(_decisions(only, AttendanceStatus.MET)),
            ),
            Choice(
                "No", "attendance is not met.", tuple(_decisions(only, AttendanceStatus.NOT_MET))
            ),
        ),
    )


def _why_decide(ruling: Ruling) -> Iterator[str]:
    attendance = ruling.attendance
    for each in ruling.stale:
        yield f"{each.by} decided: {each.why}. The evidence has changed since."
    if any(each.left is None for each in attendance.stays):
        yield "The report does not say when the connection ended."
    if any(each.joined[0] != each.joined[1] for each in attendance.stays):
        yield "The report's times are not exact enough to tell."
    low, high = attendance.least.counted.seconds, attendance.most.counted.seconds
    if low != high:
        yield f"Between {exact(low)} and {exact(high)} of {exact(attendance.required.seconds)}."


_ASKED = {
    "evaluation": ("Does the evaluation of {} count?", "the evaluation"),
    "attestation": ("Does {} plainly attest attendance of the whole course?", "the attestation"),
    "post_test": ("Does the post-test count as that of {}?", "the post-test"),
    "visible": ("Was {} on camera throughout?", "the camera note"),
    "fee_paid": ("Has {} paid the fee?", "the payment"),
}


def _held(person: Participant, held: Held) -> Question:
    asked, what = _ASKED[held.purpose]
    return Question(
        QuestionKind.HELD,
        asked.format(person.registrant.name),
        (person,),
        (),
        tuple(_why_held(held)),
        tuple(
            Choice(label, follows, (_settling(person, held, status),))
            for label, follows, status in (
                ("Yes", f"{what} counts as it stands.", AttendanceStatus.MET),
                (
                    "No",
                    f"{what} does not count; ask the person for another.",
                    AttendanceStatus.NOT_MET,
                ),
            )
        ),
    )


def _why_held(held: Held) -> Iterator[str]:
    yield f"At {held.place}: {held.why}."
    if held.stale is not None:
        yield f"{held.stale.by} decided: {held.stale.why}. What was handed in has changed since."


def _settling(person: Participant, held: Held, status: AttendanceStatus) -> OverrideAct:
    return OverrideAct(
        OverrideKind.DECISION, person.identity, held.purpose, held.inputs, status=status
    )


def _decisions(
    rulings: Sequence[tuple[Participant, Ruling]], status: AttendanceStatus
) -> Iterator[OverrideAct]:
    for person, ruling in rulings:
        session = ruling.attendance.session.id
        yield OverrideAct(
            OverrideKind.DECISION, person.identity, session, ruling.inputs, status=status
        )


def _day(ruling: Ruling) -> str:
    start = ruling.attendance.session.start
    return f"{MONTHS[start.month - 1]} {start.day}"
