"""Who has earned what: a completion record and a course give awards and denials.

All sessions in full or nothing: day 1 of 2 earns no credit, for no credential type.
A denial lists everything that is missing, because a person who is told one thing
today and another tomorrow has been treated badly twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from cecert.argument_types import typed
from cecert.domain.course.course import ATTENDANCE, Course
from cecert.domain.course.credit_line import CreditLine, Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.session import Session, at_once
from cecert.domain.decision.completion_record import CANDIDATE_ROLES, CompletionRecord, Unattended
from cecert.domain.values.wording import day_phrase, hours_figure
from cecert.errors import WrongValueError

__all__ = ["Award", "Denial", "Shortfall", "ShortfallKind", "civil_day", "decide"]


class ShortfallKind(Enum):
    """What a record can lack; the values are stable names for `--json`. Threads may share it."""

    CREDENTIAL_NOT_OFFERED = "credential-not-offered"
    ROLE = "role"
    REVIEW_PENDING = "review-pending"
    ATTENDANCE = "attendance"
    VISIBILITY = "visibility"
    EVALUATION = "evaluation"
    ATTESTATION = "attestation"
    POST_TEST = "post-test"
    FEE = "fee"
    LICENSE = "license"
    COMPLETION = "completion"
    APPROVAL = "approval"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What one record lacks for one requirement. Threads may share it.

    Attributes:
        kind: The requirement.
        figures: The figures behind it, by stable name, as text.
        sentence: To be read aloud to the participant.
        open: Whether it is lacking at all is still being looked at.
    """

    kind: ShortfallKind
    figures: tuple[tuple[str, str], ...]
    sentence: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Award:
    """A credit line that a participant has earned. Threads may share it.

    Attributes:
        record: The evidence.
        course: The course, as the person completed it.
        line: The credit line, in full; there is no partial credit.
        requirements_met_on: The civil date at the course on which the last
            requirement was met, never before the last session.
        notes: What a person should see, though it denies nothing.
    """

    record: CompletionRecord
    course: Course
    line: CreditLine
    requirements_met_on: date
    notes: tuple[str, ...] = ()

    @property
    def credential(self) -> str:
        """The credential type that was earned."""
        return self.line.credential


@dataclass(frozen=True, slots=True)
class Denial:
    """A credential type that a participant asked for and has not earned. Threads may share it.

    Attributes:
        record: The evidence.
        course: The course.
        credential: The credential type asked for.
        shortfalls: Everything that is missing; at least one.
    """

    record: CompletionRecord
    course: Course
    credential: str
    shortfalls: tuple[Shortfall, ...]

    @typed
    def __post_init__(self) -> None:
        if not self.shortfalls:
            raise WrongValueError("a denial without a shortfall would deny without a reason")

    @property
    def in_review(self) -> bool:
        """Whether somebody must look at it first: it is held, not refused."""
        return bool(self.record.review)

    @property
    def besides_review(self) -> tuple[Shortfall, ...]:
        """What is missing whatever the review finds."""
        kind = ShortfallKind.REVIEW_PENDING
        return tuple(each for each in self.shortfalls if not each.open and each.kind is not kind)

    @property
    def told(self) -> tuple[str, ...]:
        """What the person is told: all that is missing, and of what is open only that it is."""
        return tuple(each.sentence for each in self.shortfalls if not each.open)


@typed
def decide(record: CompletionRecord, course: Course) -> tuple[Award | Denial, ...]:
    """Decide each credential type that *record* asks for, in its order.

    A record that asks for none asks for `attendance`.
    """
    own = course.completed(record.completed_on).attended_in(record.attended)
    asked = record.credentials or (ATTENDANCE,)
    if own is not course:
        late = [each for each in asked if course.credit_for(each) and not own.credit_for(each)]
        return tuple(
            _uncredited(record, own, each) if each in late else _decide_one(record, own, each)
            for each in asked
        )
    return tuple(_decide_one(record, course, each) for each in asked)


def _uncredited(record: CompletionRecord, course: Course, credential: str) -> Denial:
    """Deny a credit that is offered, but not for what the person did on that day."""
    shortfall = _unapproved(course, credential) if course.completed_on else _too_few(course)
    return Denial(record, course, credential, (shortfall, *_shortfalls(record, course, None)))


def _too_few(course: Course) -> Shortfall:
    hours = hours_figure(sum((each.hours for each in course.sessions if each.hours), Decimal()))
    return Shortfall(
        ShortfallKind.HOURS,
        (("hours", hours),),
        f"The sessions you attended in full have {hours} hours, too few for a credit.",
    )


def _unapproved(course: Course, credential: str) -> Shortfall:
    day = course.credit_date
    return Shortfall(
        ShortfallKind.APPROVAL,
        (("completed", day.isoformat()),),
        f"You completed the course on {day_phrase(day)}, when it was approved for no "
        f"{credential} credit.",
    )


def _decide_one(record: CompletionRecord, course: Course, credential: str) -> Award | Denial:
    line = course.credit_for(credential)
    if line is None:
        shortfalls = (_not_offered(course, credential), *_shortfalls(record, course, None))
        return Denial(record, course, credential, shortfalls)
    rule = course.licenses_for(credential)
    last = None if course.is_open else course.credit_date
    misfit = rule.problem(record.licenses, last) if rule and last else ""
    line = line.of_states({each.jurisdiction for each in record.licenses})
    shortfalls = tuple(_shortfalls(record, course, line))
    if rule and rule.denies and misfit:
        shortfalls += (_other_license(line, misfit, record),)
    if shortfalls or last is None:
        return Denial(record, course, credential, shortfalls)
    zone = ZoneInfo(course.timezone)
    met_on = _met_on(record, line, last, zone)
    notes = _notes(record, course.sessions[0].day, zone) if course.sessions else ()
    if misfit:
        notes = (f"{line.label}: this credit {misfit}", *notes)
    return Award(record, course, line, met_on, notes)


def _other_license(line: CreditLine, misfit: str, record: CompletionRecord) -> Shortfall:
    held = "; ".join(map(str, record.licenses))
    return Shortfall(
        ShortfallKind.LICENSE,
        (("licenses", held),),
        f"{line.label}: this credit {misfit}.",
    )


def _shortfalls(
    record: CompletionRecord, course: Course, line: CreditLine | None
) -> Iterator[Shortfall]:
    asked = line.requirements if line else course.requirements
    for check in _CHECKS:
        for each in check(record, course, asked):
            purposes, sentence = _HELD.get(each.kind, ((), ""))
            held = not record.held.isdisjoint(purposes)
            yield replace(each, sentence=sentence, open=True) if held else each


_HELD = {
    ShortfallKind.EVALUATION: (
        ("evaluation",), "We have your course evaluation, and it is still being looked at.",
    ),
    ShortfallKind.ATTESTATION: (
        ("attestation",), "We have your signed statement, and it is still being looked at.",
    ),
    ShortfallKind.POST_TEST: (("post_test",), "Your post-test is still being looked at."),
    ShortfallKind.VISIBILITY: (
        ("visible",), "Whether your camera was on throughout is still being looked at.",
    ),
    ShortfallKind.FEE: (("fee_paid",), "Whether the CE fee is paid is still being looked at."),
    ShortfallKind.COMPLETION: (
        ("completed_on", "post_test", "evaluation", "attestation"),
        "On which day you completed the course is still being looked at.",
    ),
}  # fmt: skip
"""What is held, and what is said of it: not that it is missing."""


def _not_offered(course: Course, credential: str) -> Shortfall:
    offered = ", ".join(each.credential for each in course.credit_lines)
    return Shortfall(
        ShortfallKind.CREDENTIAL_NOT_OFFERED,
        (("asked", credential), ("offered", offered)),
        f"This course offers no {credential} credit; it offers {offered}.",
    )


def _role(record: CompletionRecord, _: Course, asked: Requirements) -> Iterator[Shortfall]:
    if record.role not in CANDIDATE_ROLES | asked.roles:
        yield Shortfall(
            ShortfallKind.ROLE,
            (("role", record.role),),
            f"You were in this course as {record.role}; it gives credit to participants only.",
        )


def _review(record: CompletionRecord, _: Course, __: Requirements) -> Iterator[Shortfall]:
    if record.review:
        yield Shortfall(
            ShortfallKind.REVIEW_PENDING,
            (("review", record.review),),
            f'Your record is still being looked at: "{record.review}".',
        )


def _attendance(record: CompletionRecord, course: Course, _: Requirements) -> Iterator[Shortfall]:
    if course.format is CourseFormat.CONFERENCE:
        yield from _conference(record, course)
        return
    total = len(course.sessions)
    attended = sum(session.id in record.attended for session in course.sessions)
    for session in course.sessions:
        if session.id not in record.attended:
            sentence, open_ = _absence(record, session, attended, total)
            yield Shortfall(
                ShortfallKind.ATTENDANCE,
                (
                    ("session", session.id),
                    ("date", session.day.isoformat()),
                    ("attended", str(attended)),
                    ("sessions", str(total)),
                ),
                sentence,
                open_,
            )


def _conference(record: CompletionRecord, course: Course) -> Iterator[Shortfall]:
    mine = [each for each in course.sessions if each.id in record.attended]
    both = at_once(mine)
    if mine and not both:
        return
    figures = (("attended", str(len(mine))), ("sessions", str(len(course.sessions))))
    if both:
        titles = " and ".join(each.title for each in both)
        told = f"You are noted in two sessions that were at the same time: {titles}."
        yield Shortfall(ShortfallKind.ATTENDANCE, figures, told)
        return
    open_ = {each.session for each in record.findings if each.status is Unattended.REVIEW}
    if titles := " and ".join(each.title for each in course.sessions if each.id in open_):
        told = f"Whether you were there for all of {titles} is still being looked at."
        yield Shortfall(ShortfallKind.ATTENDANCE, figures, told, open=True)
        return
    said = [sentence for each in record.findings for sentence in each.said]
    told = " ".join(("We have no full attendance of yours for any session.", *said))
    yield Shortfall(ShortfallKind.ATTENDANCE, figures, told)


def _absence(
    record: CompletionRecord, session: Session, attended: int, total: int
) -> tuple[str, bool]:
    """Return what is said of a session not attended, and whether it is still looked at."""
    day = day_phrase(session.day)
    finding = record.finding(session.id)
    if finding is not None and finding.said:
        return " ".join(finding.said), False
    if record.review and (finding is None or finding.status is Unattended.REVIEW):
        return f"Whether you were there for all of {day} is still being looked at.", True
    return (
        f"We have no full attendance of yours for session {session.id} on {day}; "
        f"you attended {attended} of {total} sessions in full, "
        "and the course gives no partial credit."
    ), False


def _visibility(record: CompletionRecord, _: Course, asked: Requirements) -> Iterator[Shortfall]:
    if asked.visible and not record.visible:
        noted = record.visible is not None
        told = "noted that yours was not" if noted else "left no note that yours was"
        yield Shortfall(
            ShortfallKind.VISIBILITY,
            (("visible", "no" if noted else "nothing"),),
            f"The course asks that cameras be on throughout, and the moderator {told}.",
        )


def _evaluation(
    record: CompletionRecord, course: Course, asked: Requirements
) -> Iterator[Shortfall]:
    if asked.evaluation and record.evaluation is None:
        yield Shortfall(
            ShortfallKind.EVALUATION,
            _due(course),
            "We have not received your course evaluation. Once we have it, "
            "your certificate will follow.",
        )


def _attestation(
    record: CompletionRecord, course: Course, asked: Requirements
) -> Iterator[Shortfall]:
    if asked.attestation and record.attestation is None:
        done = "attended" if course.sessions else "completed the course"
        yield Shortfall(
            ShortfallKind.ATTESTATION,
            _due(course),
            f"We have not received your signed statement that you {done}. Once we have it, "
            "your certificate will follow.",
        )


def _due(course: Course) -> tuple[tuple[str, str], ...]:
    return () if course.is_open else (("due", course.due_on.isoformat()),)


def _completion(record: CompletionRecord, course: Course, _: Requirements) -> Iterator[Shortfall]:
    if course.format.dated_by_person and record.completed_on is None:
        if not all(each.id in record.attended for each in course.sessions):
            return  # nobody has such a day before the sessions are attended: once is enough
        yield Shortfall(
            ShortfallKind.COMPLETION,
            (("completed_on", "nothing"),),
            "We have no day on which you completed the course.",
        )
    elif course.sessions and record.completed_on and record.completed_on < course.sessions[-1].day:
        yield Shortfall(
            ShortfallKind.COMPLETION,
            (("completed_on", record.completed_on.isoformat()),),
            "The day noted for your completion is before the last session.",
        )


def _post_test(record: CompletionRecord, _: Course, asked: Requirements) -> Iterator[Shortfall]:
    mark = asked.post_test
    if mark is None or (record.post_test is not None and record.post_test >= mark):
        return
    need = hours_figure(mark)
    score = "" if record.post_test is None else hours_figure(record.post_test)
    told = f"Your post-test has {score} per cent" if score else "We have no post-test of yours"
    yield Shortfall(
        ShortfallKind.POST_TEST,
        (("score", score or "none"), ("pass_mark", need)),
        f"{told}; {need} per cent pass.",
    )


def _fee(record: CompletionRecord, _: Course, asked: Requirements) -> Iterator[Shortfall]:
    if asked.fee and not record.fee_paid:
        yield Shortfall(
            ShortfallKind.FEE,
            (("fee_paid", "nothing" if record.fee_paid is None else "no"),),
            "The CE fee is still open. Once it is paid, your certificate will follow.",
        )


_CHECKS: tuple[Callable[[CompletionRecord, Course, Requirements], Iterator[Shortfall]], ...] = (
    _role, _review, _attendance, _visibility, _evaluation, _attestation, _post_test, _completion,
    _fee,
)  # fmt: skip


def _met_on(record: CompletionRecord, line: CreditLine, last: date, zone: ZoneInfo) -> date:
    """Return when the last requirement of *line* was met, which is never before the *last* day."""
    asked = line.requirements
    needed = [record.evaluation if asked.evaluation else None]
    needed.append(record.attestation if asked.attestation else None)
    return max([last, *(civil_day(each, zone) for each in needed if each is not None)])


def civil_day(moment: date | datetime, zone: ZoneInfo) -> date:
    """Return the civil day of a moment in a course's *zone*; a date is its own."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _notes(record: CompletionRecord, first: date, zone: ZoneInfo) -> tuple[str, ...]:
    """Return what a person should see of dates before the *first* day of the course."""
    dated = (("evaluation", record.evaluation), ("attestation", record.attestation))
    return tuple(
        f"the {what} is dated {civil_day(moment, zone)}, before the first session on {first}"
        for what, moment in dated
        if moment is not None and civil_day(moment, zone) < first
    )
