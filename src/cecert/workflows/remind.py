"""Reminding: one mail to each person who lacks what only they can do.

Nobody is mailed who is in review, may hold a certificate under another identity, was reminded
of the same a few days ago, or whose address is known not to work: each is told to whoever runs
it, with the reason. The mails go into the outbox, and `deliver` sends them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Denial, decide
from cecert.domain.decision.gaps import Gaps, gaps_of
from cecert.domain.mail.letter import Letter, letter_of, letter_row, person_mark
from cecert.domain.mail.message import NOT_ARRIVED, MailKind, MailState, OutboxRow
from cecert.domain.people.likeness import Acquaintances
from cecert.domain.people.person import PersonSigns
from cecert.domain.values.wording import dates_phrase, day_phrase
from cecert.errors import InputError
from cecert.workflows.deliver.addresses import address_fault
from cecert.workflows.deliver.mail_room import MailRoom
from cecert.workflows.issue.plan import signs_of

__all__ = ["Reminder", "ReminderPlan", "plan_reminders", "queue_reminders"]

_QUEUED = frozenset({MailState.QUEUED})


@dataclass(frozen=True, slots=True)
class Reminder:
    """One person who lacks something.

    Attributes:
        gaps: What.
        mail: The mail to queue, None for none.
        why: Why there is none, "" where there is one.
    """

    gaps: Gaps
    mail: OutboxRow | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """Whom to remind of what in a course.

    Attributes:
        people: Everybody who lacks something that only they can do, in the list's order.
        crossed: Reminders that still wait, and ask for what is not missing any more.
    """

    people: tuple[Reminder, ...]
    crossed: tuple[OutboxRow, ...] = ()

    @property
    def mails(self) -> tuple[OutboxRow, ...]:
        """The mails to queue."""
        return tuple(each.mail for each in self.people if each.mail is not None)


def plan_reminders(
    records: Sequence[CompletionRecord],
    course: Course,
    room: MailRoom,
    provider_id: str,
    days: int,
) -> ReminderPlan:
    """Plan whom to remind; nothing is changed.

    Args:
        records: Everybody on the list.
        course: The course.
        room: The office's.
        provider_id: The provider's id.
        days: Within which nobody is reminded of the same thing twice.

    Raises:
        InputError: If the course is not over.
    """
    now = room.clock.now()
    if not course.is_open and now < course.closing:
        raise InputError(
            f"course {course.id} is not over: nobody owes anything yet",
            hint="remind when the last session has ended",
        )
    planner = _Planner(records, course, room, provider_id, timedelta(days=days))
    people = tuple(planner.reminders())
    return ReminderPlan(people, tuple(planner.crossed()))


def queue_reminders(plan: ReminderPlan, room: MailRoom) -> tuple[OutboxRow, ...]:
    """Queue the mails of a plan, and take back those that crossed; return what was queued.

    Each is a transaction of its own: whatever is cut off, running it again does the rest. Of two
    commands at the same moment one queues each mail.

    Args:
        plan: From `plan_reminders`.
        room: The office's.
    """
    for row in plan.crossed:
        event = room.event("cancelled", row, "what it asks for is not missing any more")
        room.outbox.move(row.key, _QUEUED, MailState.CANCELLED, event)
    return tuple(
        row
        for row in plan.mails
        if room.outbox.queue(row, room.event("queued", row, ", ".join(letter_of(row).gaps)))
    )


class _Planner:
    """Looks at one course's people, each held against the others, the ledger and the outbox."""

    def __init__(
        self,
        records: Sequence[CompletionRecord],
        course: Course,
        room: MailRoom,
        provider_id: str,
        days: timedelta,
    ) -> None:
        self._course = course
        self._room = room
        self._provider = provider_id
        self._days = days
        self._now = room.clock.now()
        self._zone = ZoneInfo(course.timezone)
        self._records = records
        self._signs = [signs_of(each) for each in records]
        self._people = Acquaintances(self._signs)
        self._mails = room.outbox.rows(course.id)
        self._lines = room.ledger.held_lines(course.id, self._signs)
        self._held = {(each.participant, each.credential) for each in self._lines}
        self._holders = Acquaintances(each.signs for each in self._lines)
        self._lacking: dict[str, frozenset[str]] = {}

    def reminders(self) -> Iterator[Reminder]:
        for record, signs in zip(self._records, self._signs, strict=True):
            decisions = [
                each
                for each in decide(record, self._course)
                if isinstance(each, Denial) and (record.identity, each.credential) not in self._held
            ]
            if (gaps := gaps_of(decisions)) is not None:
                self._lacking[record.identity] = frozenset(gaps.names)
                yield self._reminder(gaps, signs)

    def crossed(self) -> Iterator[OutboxRow]:
        """Yield the reminders that wait and ask for what is not missing any more."""
        return (
            each
            for each in self._mails
            if each.kind is MailKind.REMIND
            and each.state is MailState.QUEUED
            and self._has_crossed(letter_of(each))
        )

    def _has_crossed(self, letter: Letter) -> bool:
        return not self._lacking.get(letter.participant, frozenset()).issuperset(letter.gaps)

    def _reminder(self, gaps: Gaps, signs: PersonSigns) -> Reminder:
        course = self._course.completed(gaps.record.completed_on)
        mark = person_mark(self._provider, course.id, gaps.record.identity)
        before = [each for each in self._mails if _is_to(each, course.id, mark)]
        if why := self._why_not(gaps, signs, course, before):
            return Reminder(gaps, None, why)
        letter = _letter(gaps, course)
        host, number = self._room.account.mail_host, len(before) + 1
        return Reminder(gaps, letter_row(letter, gaps.record.email, mark, number, self._now, host))

    def _why_not(
        self, gaps: Gaps, signs: PersonSigns, course: Course, before: Sequence[OutboxRow]
    ) -> str:
        if self._now.astimezone(self._zone).date() > course.reminded_until:
            return f"reminders of this course ended on {day_phrase(course.reminded_until)}"
        return (
            self._question(signs)
            or self._reminded(gaps, before)
            or address_fault(gaps.record, self._mails, self._room)
        )

    def _question(self, signs: PersonSigns) -> str:
        """Return who else the person may be, of the list or of those with a certificate."""
        for number, _ in self._holders.alike(signs):
            line = self._lines[number]
            return f"may be {line.name}, who holds {line.certificate_id}; {_ANSWER}"
        for number, _ in self._people.alike(signs):
            other = self._records[number]
            return f"may be {other.name} in {other.place}; {_ANSWER}"
        return ""

    def _reminded(self, gaps: Gaps, before: Sequence[OutboxRow]) -> str:
        live = [each for each in before if each.state not in NOT_ARRIVED]
        live = [each for each in live if not self._is_taken_back(each)]
        if any(each.state is MailState.QUEUED for each in live):
            return "a reminder is queued; deliver sends it"
        recent = [each for each in live if self._now - each.queued_at < self._days]
        told = {gap for each in recent for gap in letter_of(each).gaps}
        if recent and told.issuperset(gaps.names):
            day = recent[-1].queued_at.astimezone(self._zone).date()
            return f"was reminded on {day_phrase(day)}"
        if before and before[-1].state is MailState.FAILED:
            last = before[-1]
            if last.recipient == gaps.record.email:
                return f"the last reminder was refused: {last.reply}; cecert mail retry {last.key}"
        return ""

    def _is_taken_back(self, row: OutboxRow) -> bool:
        return row.state is MailState.QUEUED and self._has_crossed(letter_of(row))


_ANSWER = "the column different_from tells two people apart"


def _is_to(row: OutboxRow, course_id: str, mark: str) -> bool:
    return row.key.startswith(f"{MailKind.REMIND.value}:{course_id}:{mark}:")


def _letter(gaps: Gaps, course: Course) -> Letter:
    return Letter(
        kind=MailKind.REMIND,
        course_id=course.id,
        participant=gaps.record.identity,
        name=gaps.record.name,
        title=course.title,
        dates=dates_phrase(course.days),
        gaps=gaps.names,
        sentences=gaps.sentences,
        timezone=course.timezone,
        last_day=course.reminded_until.isoformat(),
    )
