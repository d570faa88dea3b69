"""Telling people why they get no certificate, after a person has looked at each.

Nothing goes by itself: each denial has a mark, made of the person and of the very sentences that
would be sent. Whoever gives the mark back has looked at them, and stands for it in the letter's
row and event. A list that says otherwise meanwhile has other marks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, Denial, decide
from cecert.domain.decision.gaps import CLOSABLE
from cecert.domain.evidence.standing import State, prospect
from cecert.domain.mail.letter import Letter, letter_of, letter_row, person_mark
from cecert.domain.mail.message import NOT_ARRIVED, MailKind, OutboxRow
from cecert.domain.mail.promises import NOTICE_DAYS
from cecert.domain.values.wording import dates_phrase, day_phrase
from cecert.errors import Fault, InputError
from cecert.ports import Event
from cecert.workflows.deliver.addresses import address_fault
from cecert.workflows.deliver.mail_room import MailRoom
from cecert.workflows.issue.plan import signs_of

__all__ = ["DeniedPerson", "plan_denied", "tell_denied"]

DIGITS = 8
"""Of a mark: enough to tell the people of a course apart, few enough to be typed."""


@dataclass(frozen=True, slots=True)
class DeniedPerson:
    """Somebody who gets no certificate.

    Attributes:
        record: The person's evidence.
        sentences: Why, as the person is told.
        mark: What somebody gives back who has looked at them.
        mail: The letter, None where none is to be sent.
        why: Why there is none, "" where there is one.
    """

    record: CompletionRecord
    sentences: tuple[str, ...]
    mark: str
    mail: OutboxRow | None
    why: str = ""


def plan_denied(
    records: Sequence[CompletionRecord], course: Course, room: MailRoom, provider_id: str
) -> tuple[DeniedPerson, ...]:
    """Return who gets no certificate and nothing can help, in the list's order.

    Who is in review, could not be found in the reports, waits for something or holds a
    certificate of the course is none of them.

    Args:
        records: Everybody on the list.
        course: The course.
        room: The office's; its actor is who looks.
        provider_id: The provider's id.

    Raises:
        InputError: If the course is not over.
    """
    if not course.is_open and room.clock.now() < course.closing:
        raise InputError(f"course {course.id} is not over: nobody is denied anything yet")
    mails = room.outbox.rows(course.id)
    held = room.ledger.held_lines(course.id, [signs_of(each) for each in records])
    holders = {each.participant for each in held}
    desk = _Desk(course, room, provider_id, mails)
    return tuple(
        desk.person(record, sentences)
        for record, sentences in _denied(records, course)
        if record.identity not in holders
    )


def tell_denied(
    people: Sequence[DeniedPerson], marks: Collection[str], room: MailRoom
) -> tuple[OutboxRow, ...]:
    """Queue the letters that somebody has looked at; return what was queued.

    Args:
        people: From `plan_denied`.
        marks: Of those that were looked at.
        room: The office's; its actor has looked.

    Raises:
        InputError: If a mark is nobody's now, or its person is not to be mailed; nothing was
            queued.
    """
    by_mark = {each.mark: each for each in people}
    faults = [Fault(mark, "", problem) for mark in marks if (problem := _problem(mark, by_mark))]
    if faults:
        raise InputError(
            "nobody was told anything",
            tuple(faults),
            hint="run it without marks: it shows everybody with their sentences and marks",
        )
    rows = [row for mark in dict.fromkeys(marks) if (row := by_mark[mark].mail) is not None]
    return tuple(row for row in rows if room.outbox.queue(row, _looked(room, row)))


def _problem(mark: str, by_mark: dict[str, DeniedPerson]) -> str:
    if mark not in by_mark:
        return "is the mark of nobody now: what the list says may have changed"
    found = by_mark[mark]
    return "" if found.mail else f"{found.record.name}: {found.why}"


def _looked(room: MailRoom, row: OutboxRow) -> Event:
    return room.event("queued", row, f"looked at: {' '.join(letter_of(row).sentences)}")


def _denied(
    records: Sequence[CompletionRecord], course: Course
) -> Iterator[tuple[CompletionRecord, tuple[str, ...]]]:
    for record in records:
        decisions = decide(record, course)
        if any(isinstance(each, Award) for each in decisions):
            continue
        denials = [each for each in decisions if isinstance(each, Denial)]
        lacks = list(dict.fromkeys(it.kind for each in denials for it in each.shortfalls))
        if prospect(record, lacks)[0] is State.DENIED:
            yield record, tuple(dict.fromkeys(_told(denials)))


def _told(denials: Sequence[Denial]) -> Iterator[str]:
    """Yield why, without what the person could still do: it would help nothing."""
    for denial in denials:
        for each in denial.shortfalls:
            if not each.open and each.kind not in CLOSABLE:
                yield each.sentence


@dataclass(frozen=True, slots=True)
class _Desk:
    course: Course
    room: MailRoom
    provider_id: str
    mails: Sequence[OutboxRow]

    def person(self, record: CompletionRecord, sentences: tuple[str, ...]) -> DeniedPerson:
        mark = _mark(self.course.id, record, sentences)
        person = person_mark(self.provider_id, self.course.id, record.identity)
        opening = f"{MailKind.DENIED.value}:{self.course.id}:{person}:"
        before = [each for each in self.mails if each.key.startswith(opening)]
        why = self._told(before, sentences) or address_fault(record, self.mails, self.room)
        if why:
            return DeniedPerson(record, sentences, mark, None, why)
        letter, number = self._letter(record, sentences), len(before) + 1
        now, host = self.room.clock.now(), self.room.account.mail_host
        row = letter_row(letter, record.email, person, number, now, host)
        return DeniedPerson(record, sentences, mark, row)

    def _told(self, before: Sequence[OutboxRow], sentences: tuple[str, ...]) -> str:
        for row in reversed(before):
            if row.state not in NOT_ARRIVED and letter_of(row).sentences == sentences:
                day = row.queued_at.astimezone(ZoneInfo(self.course.timezone)).date()
                return f"was told so on {day_phrase(day)}"
        return ""

    def _letter(self, record: CompletionRecord, sentences: tuple[str, ...]) -> Letter:
        today = self.room.clock.now().astimezone(ZoneInfo(self.course.timezone)).date()
        return Letter(
            kind=MailKind.DENIED,
            course_id=self.course.id,
            participant=record.identity,
            name=record.name,
            title=self.course.title,
            dates=dates_phrase(self.course.completed(record.completed_on).days),
            gaps=(),
            sentences=sentences,
            timezone=self.course.timezone,
            last_day=(today + timedelta(days=NOTICE_DAYS)).isoformat(),
            looked_by=self.room.actor,
        )


def _mark(course_id: str, record: CompletionRecord, sentences: Sequence[str]) -> str:
    said = json.dumps([course_id, record.identity, record.name, record.email, *sentences])
    return sha256(said.encode()).hexdigest()[:DIGITS]
