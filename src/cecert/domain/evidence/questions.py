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
from cecert.domain.evidence.doubts import doubtful_rows
from cecert.domain.evidence.explanation import day_of, evidence_lines, quoted
from cecert.domain.evidence.matching import Connection
from cecert.domain.evidence.overrides import OverrideKind, Ruling
from cecert.domain.evidence.people import People
from cecert.domain.values.wording import joined

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
    PARALLEL = "parallel"
    """Which of several sessions at the same time counts?"""


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
    people = _in_review(collection.participants)
    held = [_held(each, it) for each in people for it in each.held if it.is_open]
    return (*_questions([each for each in people if _is_open(each)]), *held)


def _in_review(people: Sequence[Participant]) -> Sequence[Participant]:
    """Return those about whom a person is asked: of many people they are known."""
    if isinstance(people, People):
        return people.in_review
    return [each for each in people if each.review]


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
        yield from _parallel(person, [each for each in open_ if each.parallel])
        open_ = [each for each in open_ if not each.parallel]
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


def _whose(person: Participant, rulings: Sequence[Ruling], rows: Sequence[Connection]) -> Question:
    name = person.registrant.name
    shown = joined([quoted(each) for each in dict.fromkeys(row.shown_name for row in rows)])
    days = joined([day_of(each) for each in rulings])
    return Question(
        QuestionKind.WHOSE,
        f"Is the connection {shown} on {days} {name}?",
        (person,),
        tuple((person, each) for each in rulings),
        _why([(person, each) for each in rulings], rows),
        (
            Choice(
                "Yes", _follows_yes(person, rulings), tuple(_links(person, rulings, rows, yes=True))
            ),
            Choice("No", _follows_no(rulings), tuple(_links(person, rulings, rows, yes=False))),
        ),
    )


def _doubtful(person: Participant, ruling: Ruling) -> list[Connection]:
    return doubtful_rows(ruling, person.attributions, person.suggestions)


def _why(
    rulings: Sequence[tuple[Participant, Ruling]], rows: Sequence[Connection]
) -> tuple[str, ...]:
    told = dict.fromkeys(each for person, ruling in rulings for each in person.doubts(ruling))
    in_any_case = [
        each for person in dict(_told(rulings)).values() for each in _in_any_case(person)
    ]
    return (*told, *in_any_case, f"{evidence_lines(row.stay for row in rows)}.")


def _told(rulings: Sequence[tuple[Participant, Ruling]]) -> Iterator[tuple[str, Participant]]:
    for person, _ in rulings:
        yield person.identity, person


def _in_any_case(person: Participant) -> Iterator[str]:
    """Say what the answer does not change: the sessions that are not met whatever it is."""
    for ruling in person.rulings:
        if said := person.said(ruling):
            yield f"Whatever the answer, {person.registrant.name} is told: {' '.join(said)}"


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
        return f"there is no evidence for {joined([day_of(each) for each in missing])}."
    return f"attendance is not met on {joined([day_of(each) for each in rulings])}."


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
        _why(rulings, list(rows.values())),
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


def _decide(person: Participant, ruling: Ruling) -> Question:
    name, day = person.registrant.name, day_of(ruling)
    only = [(person, ruling)]
    return Question(
        QuestionKind.DECIDE,
        f"Was {name} present for all of {day}?",
        (person,),
        tuple(only),
        (
            *person.doubts(ruling),
            *_in_any_case(person),
            f"{evidence_lines(ruling.attendance.stays) or 'No connection'}.",
        ),
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


def _parallel(person: Participant, rulings: Sequence[Ruling]) -> Iterator[Question]:
    """Ask of sessions that were at the same time, and are all met, which of them counts."""
    left = list(rulings)
    while left:
        group = [left.pop(0)]
        for each in group:  # it grows while it is gone through
            group += [it for it in left if _overlap(it, each)]
            left = [it for it in left if it not in group]
        yield _which(person, sorted(group, key=lambda it: it.attendance.session.began))


def _overlap(one: Ruling, other: Ruling) -> bool:
    mine, theirs = one.attendance.session, other.attendance.session
    return mine.began < theirs.ended and theirs.began < mine.ended


def _which(person: Participant, group: Sequence[Ruling]) -> Question:
    names = joined([day_of(each) for each in group])
    stays = [stay for each in group for stay in each.attendance.stays]

    def only(chosen: Ruling) -> Choice:
        others = [each for each in group if each is not chosen and _overlap(each, chosen)]
        return Choice(
            f"Only {chosen.attendance.session.title}",
            "what was at the same time does not count.",
            tuple(_decisions([(person, each) for each in others], AttendanceStatus.NOT_MET)),
        )

    neither = [(person, each) for each in group]
    return Question(
        QuestionKind.PARALLEL,
        f"Which of these was {person.registrant.name} in: {names}?",
        (person,),
        tuple(neither),
        (*(told for each in group for told in person.doubts(each)), f"{evidence_lines(stays)}."),
        (
            *map(only, group),
            Choice(
                "None of them",
                "none of them counts.",
                tuple(_decisions(neither, AttendanceStatus.NOT_MET)),
            ),
        ),
    )


_ASKED = {
    "evaluation": ("Does the evaluation of {} count?", "the evaluation"),
    "attestation": ("Does {} plainly attest attendance of the whole course?", "the attestation"),
    "post_test": ("Does the post-test count as that of {}?", "the post-test"),
    "visible": ("Was {} on camera throughout?", "the camera note"),
    "fee_paid": ("Has {} paid the fee?", "the payment"),
    "completed_on": ("Has {} completed the material?", "the completion"),
}


def _held(person: Participant, held: Held) -> Question:
    asked, what = _ASKED[held.purpose]
    if held.purpose == "attestation" and not person.rulings:
        asked = "Does {} plainly attest to having completed the course?"
    return Question(
        QuestionKind.HELD,
        asked.format(person.registrant.name),
        (person,),
        (),
        (
            *(f"{told[0].upper()}{told[1:].rstrip('.')}." for told in held.doubts),
            *_in_any_case(person),
        ),
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
