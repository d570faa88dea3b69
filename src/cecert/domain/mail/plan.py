"""The plan of a delivery: how many mails, to whom, how long it takes, and who would be late.

Nobody learns after 30 days that the mail account allows 2,000 mails a day. A deadline
that has passed stops nothing and fails no mail: late is better than never. The mail is
overdue until it has gone, and a person is told. One that is uncertain for 3 days has waited
long enough for evidence (docs/spec/delivery.md 4.6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailKind, MailState, OutboxRow
from cecert.domain.people.person import email_problems, folded_email

__all__ = [
    "CoursePlan",
    "DeliveryPlan",
    "Pace",
    "is_overdue",
    "is_owed",
    "needs_somebody",
    "plan_delivery",
    "time_delivery",
    "uncertain_for_long",
]

PATIENCE = timedelta(days=3)
"""How long an uncertain mail may wait for evidence."""


_ARRIVED = frozenset({MailState.SENT, MailState.CANCELLED})
_STUCK = frozenset({MailState.FAILED, MailState.UNCERTAIN, MailState.BOUNCED})


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the account may send.

    Attributes:
        per_minute: Most mails a minute, None for no limit.
        per_day: Most mails in 24 hours, None for no limit.
        sent_today: Mails sent in the 24 hours before now.
    """

    per_minute: int | None = None
    per_day: int | None = None
    sent_today: int = 0

    @property
    def left_today(self) -> int | None:
        """How many mails may still go now, None for any number."""
        return None if self.per_day is None else max(self.per_day - self.sent_today, 0)

    def waits(self, place: int) -> timedelta:
        """Return how long the mail at *place* (from 0) of the queue waits."""
        days, in_day = 0, place
        if self.per_day is not None:
            left = self.left_today or 0
            if place >= left:
                days, in_day = divmod(place - left, self.per_day)
                days += 1
        minutes = in_day / self.per_minute if self.per_minute else 0
        return timedelta(days=days, minutes=minutes)


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """What a delivery means for one course.

    Attributes:
        course_id: The course.
        mails: How many are queued.
        deadline: When the first of them should have arrived.
        ends: When the last of them goes out.
        late: How many would go out after a deadline that is still ahead.
        overdue: How many are past their deadline already.
    """

    course_id: str
    mails: int
    deadline: datetime
    ends: datetime
    late: int
    overdue: int


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """What `deliver` is about to do.

    Attributes:
        total: How many mails are queued.
        days: Days the account needs for them; 1 if they all go today.
        ends: When the last goes out, None if there is none.
        courses: By course.
        shared: Addresses that get more than one mail, with how many each.
        impossible: Mails whose address cannot work: key, address, why.
    """

    total: int
    days: int
    ends: datetime | None
    courses: tuple[CoursePlan, ...] = ()
    shared: tuple[tuple[str, int], ...] = ()
    impossible: tuple[tuple[str, str, str], ...] = ()

    @property
    def late(self) -> int:
        """How many mails would miss a deadline that is still ahead."""
        return sum(each.late for each in self.courses)

    @property
    def overdue(self) -> int:
        """How many are past their deadline already."""
        return sum(each.overdue for each in self.courses)


def plan_delivery(rows: Iterable[OutboxRow], pace: Pace, now: datetime) -> DeliveryPlan:
    """Plan the delivery of queued mails.

    Args:
        rows: The mails, in the order they are claimed.
        pace: How fast the account may send.
        now: When delivery begins, aware.

    Raises:
        ValueError: If the pace allows no mail at all.
    """
    addresses: Counter[str] = Counter()
    impossible: list[tuple[str, str, str]] = []

    def looked_at() -> Iterator[OutboxRow]:
        for row in rows:
            addresses[folded_email(row.recipient)] += 1
            if problems := email_problems(row.recipient):
                impossible.append((row.key, row.recipient, problems[0]))
            yield row

    timed = time_delivery(looked_at(), pace, now)
    shared = ((address, count) for address, count in sorted(addresses.items()) if count > 1)
    return replace(timed, shared=tuple(shared), impossible=tuple(impossible))


def time_delivery(rows: Iterable[OutboxRow], pace: Pace, now: datetime) -> DeliveryPlan:
    """Plan as `plan_delivery` does, without a look at the addresses.

    Args:
        rows: The mails, in the order they are claimed; none of them is kept.
        pace: How fast the account may send.
        now: When delivery begins, aware.

    Raises:
        ValueError: If the pace allows no mail at all.
    """
    if pace.per_minute == 0 or pace.per_day == 0:
        raise ValueError("an account that may send no mail delivers nothing")
    courses: dict[str, _Tally] = {}
    for place, row in enumerate(rows):
        leaves = max(row.due, now) + pace.waits(place)
        tally = courses.setdefault(row.course_id, _Tally(row.deadline, leaves))
        tally.add(row, leaves, now)
    plans = tuple(tally.plan(course_id) for course_id, tally in courses.items())
    ends = max((each.ends for each in plans), default=None)
    return DeliveryPlan(
        total=sum(each.mails for each in plans),
        days=0 if ends is None else (ends - now) // timedelta(days=1) + 1,
        ends=ends,
        courses=plans,
    )


@dataclass(slots=True)
class _Tally:
    """What is known of one course's mails so far."""

    deadline: datetime
    ends: datetime
    mails: int = 0
    late: int = 0
    overdue: int = 0

    def add(self, row: OutboxRow, leaves: datetime, now: datetime) -> None:
        self.mails += 1
        self.deadline = min(self.deadline, row.deadline)
        self.ends = max(self.ends, leaves)
        self.late += now <= row.deadline < leaves
        self.overdue += row.deadline < now

    def plan(self, course_id: str) -> CoursePlan:
        return CoursePlan(course_id, self.mails, self.deadline, self.ends, self.late, self.overdue)


def uncertain_for_long(row: OutboxRow, now: datetime) -> bool:
    """Say whether nobody has decided an uncertain mail for 3 days."""
    since = row.settled_at or row.queued_at
    return row.state is MailState.UNCERTAIN and now - since >= PATIENCE


def is_overdue(row: OutboxRow, now: datetime) -> bool:
    """Say whether a mail that should have arrived has not, as far as anybody knows.

    A reminder is worth nothing after its date, and is not owed then.
    """
    if uncertain_for_long(row, now):
        return True
    if row.kind is MailKind.REMIND:
        return False
    return row.state not in _ARRIVED and now > row.deadline


def is_owed(row: OutboxRow, state: CertificateState | None) -> bool:
    """Say whether anybody is still to get a mail.

    What brings a certificate that was revoked or replaced is owed to nobody, and what came
    of it asks nothing of anybody.

    Args:
        row: The mail.
        state: Of the certificate it is about, None of a letter.
    """
    return state is None or state is row.sent_while


def needs_somebody(row: OutboxRow, now: datetime) -> bool:
    """Say whether a person has something to do: it is stuck, or overdue."""
    return row.state in _STUCK or is_overdue(row, now)
