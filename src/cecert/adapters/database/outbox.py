"""The outbox: mails that were promised, in single statements that need no lock.

All senders on all machines share the sending slots of a mail account. A slot is taken by
one statement and the database's clock: no two senders get one, and a machine whose clock
is wrong sends no faster (docs/spec/delivery.md 4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Row,
    Select,
    Update,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from cecert.adapters.database.column_types import Instant, database_clock, database_instant
from cecert.adapters.database.engine import insert_or_update, reading, writing
from cecert.adapters.database.events import add_events
from cecert.adapters.database.lookup import chunks
from cecert.adapters.database.rows import in_order, mail_columns, mail_of, select_mails
from cecert.adapters.database.tables import certificates, mail_accounts, outbox
from cecert.domain.mail.message import MailState, OutboxRow, Receipt
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.ports import Event, Outbox

__all__ = ["DatabaseOutbox", "reserve", "slow_down"]

LEASE = 1800.0
"""Seconds a claim holds: more than the time-outs of RFC 5321 4.5.3.2 together."""

CHUNK = 200
"""Mails read at once; between chunks nothing is locked."""

SLOWEST = 0.05
"""Of the speed 1 that an account has at first."""

REGAINED_A_MINUTE = 0.05
"""Of the speed, by the database's clock."""

_GONE = "its sender is gone, and may have sent the final dot"
_GIVEN = (MailState.SENT, MailState.BOUNCED, MailState.UNCERTAIN)
_OPEN = (MailState.SENDING, MailState.COMMITTING, MailState.UNCERTAIN)


T = TypeVar("T")


class DatabaseOutbox:
    """An outbox in a database; `cecert.ports.Outbox` says what each method promises."""

    def __init__(self, engine: Engine, provider: str) -> None:
        self._engine = engine
        self._open: Connection | None = None
        self._provider = provider
        self._its = outbox.c.provider_id == provider
        self._mails = select_mails().where(self._its)
        self._walked = select_mails().where(in_order(outbox.c.provider_id) == provider)

    def rows(self, course_id: str = "") -> Sequence[OutboxRow]:
        """Return all mails, of one course or of all, in the order they were queued."""
        query = self._walked.order_by(outbox.c.number)
        if course_id:
            query = self._mails.order_by(outbox.c.number).where(outbox.c.course_id == course_id)
        with reading(self._engine) as connection:
            return [mail_of(row) for row in connection.execute(query)]

    def mails_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[OutboxRow]:
        """Return all mails of these certificates, in the order they were queued."""
        query = self._mails.add_columns(outbox.c.number)
        rows: list[Row[Any]] = []
        with reading(self._engine) as connection:
            for some in chunks(certificate_ids):
                rows += connection.execute(query.where(outbox.c.certificate_id.in_(some)))
        return [mail_of(row) for row in sorted(rows, key=lambda row: int(row.number))]

    def walk_mails(
        self, course_id: str = "", states: Collection[MailState] = tuple(MailState)
    ) -> Iterator[OutboxRow]:
        """Yield what `rows` returns, of some states or of all, read in chunks."""
        mail = outbox.c
        query = self._walked.add_columns(mail.number).order_by(mail.number)
        if course_id:
            query = query.where(in_order(mail.course_id) == course_id)
        if len(states) < len(MailState):
            query = query.where(mail.state.in_(list(states)))
        last = 0
        while rows := self._chunk(query.where(mail.number > last)):
            yield from map(mail_of, rows)
            last = rows[-1].number

    def in_turn(self, course_id: str = "", until: datetime | None = None) -> Iterator[OutboxRow]:
        """Yield the queued mails due by *until*, in the order of `claim`, read in chunks."""
        mail = outbox.c
        query = self._mails.add_columns(mail.number).order_by(mail.due, mail.number)
        query = query.where(mail.state == MailState.QUEUED)
        if until is not None:
            query = query.where(mail.due <= until)
        if course_id:
            query = query.where(in_order(mail.course_id) == course_id)
        rows = self._chunk(query)
        while rows:
            yield from map(mail_of, rows)
            last = tuple_(literal(rows[-1].due, Instant()), rows[-1].number)
            rows = self._chunk(query.where(tuple_(mail.due, mail.number) > last))

    def _chunk(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with reading(self._engine) as connection:
            return connection.execute(query.limit(CHUNK)).all()

    def row(self, key: str) -> OutboxRow | None:
        """Return one mail, or None."""
        with reading(self._engine) as connection:
            row = connection.execute(self._mails.where(outbox.c.key == key)).one_or_none()
        return None if row is None else mail_of(row)

    def of_certificate(self, certificate_id: CertificateId) -> Sequence[OutboxRow]:
        """Return the mails of a certificate, in the order they were queued."""
        return self._found(outbox.c.certificate_id == certificate_id)

    def named(self, message_ids: Collection[str]) -> Sequence[OutboxRow]:
        """Return the mails that have one of *message_ids*."""
        return self._found(outbox.c.message_id.in_(list(message_ids)))

    def _found(self, which: ColumnElement[bool]) -> Sequence[OutboxRow]:
        query = self._mails.where(which).order_by(outbox.c.number)
        with reading(self._engine) as connection:
            return [mail_of(row) for row in connection.execute(query)]

    def sent_since(self, instant: datetime) -> int:
        """Return how many mails the service took, or may have taken, after *instant*."""
        query = select(func.count()).select_from(outbox)
        query = query.where(self._its, outbox.c.state.in_(_GIVEN), outbox.c.settled_at > instant)
        with reading(self._engine) as connection:
            return int(connection.scalars(query).one())

    def counts(self, course_id: str = "") -> Mapping[MailState, int]:
        """Return how many mails stand in each state, of one course or of all."""
        query = select(outbox.c.state, func.count().label("mails")).where(self._its)
        query = query.group_by(outbox.c.state)
        if course_id:
            query = query.where(outbox.c.course_id == course_id)
        with reading(self._engine) as connection:
            return {row.state: row.mails for row in connection.execute(query)}

    def queue(self, row: OutboxRow, event: Event) -> bool:
        """Add a mail to those already there (a resend, a letter); False if its key is there."""
        with writing(self._engine, alone=True) as connection:
            self._refuse_ended(connection, row)
            there = connection.execute(self._mails.where(outbox.c.key == row.key))
            if there.first() is not None:
                return False
            connection.execute(outbox.insert(), mail_columns(self._provider, row))
            add_events(connection, self._provider, [event])
            return True

    def _refuse_ended(self, connection: Connection, row: OutboxRow) -> None:
        if row.certificate_id is None:
            return
        own = certificates.c
        which = own.provider_id == self._provider, own.id == row.certificate_id
        state = connection.scalars(select(own.state).where(*which)).one_or_none()
        if state is not row.sent_while:
            raise LedgerError(f"certificate {row.certificate_id} does not stand: no mail is queued")

    def claim(self, owner: str, now: datetime, course_id: str = "") -> OutboxRow | None:
        """Take the queued mail that is due longest for *owner*.

        Args:
            owner: Who will send it, by a name no other run has.
            now: Mails due later are left; the time of the first attempt, where it is one.
            course_id: Of this course only; "" for all.

        Returns:
            The mail as it is now, sending; None if none is due.
        """
        given = {
            "whose": self._provider,
            "by": owner,
            "instant": now,
            "lease_time": LEASE,
            **({"of_course": course_id} if course_id else {}),
        }
        taken = _claiming(of_course=bool(course_id))
        with self._writing() as connection:
            row = connection.execute(taken, given).one_or_none()
        return None if row is None else mail_of(row)

    def mark_committing(self, key: str, owner: str) -> bool:
        """Move a mail from sending to committing; False if it is not *owner*'s any more."""
        given = {"whose": self._provider, "which": key, "by": owner}
        with self._writing() as connection:
            return connection.execute(_marking(), given).rowcount == 1

    def settle(self, row: OutboxRow, owner: str, receipt: Receipt, event: Event) -> bool:
        """Record the outcome of an attempt with *event*, in one transaction.

        Args:
            row: The mail, as it was claimed.
            owner: Who claimed it.
            receipt: What became of it; `retry_after` counts from the event.
            event: Its time is when the mail settled.

        Returns:
            False if the mail is not *owner*'s; then nothing was recorded.
        """
        given_back = receipt.state is MailState.QUEUED
        given = {
            "whose": self._provider,
            "which": row.key,
            "by": owner,
            "new_state": receipt.state,
            "said": receipt.reply,
            "due_then": event.at + timedelta(seconds=receipt.retry_after),
            "instant": event.at,
        }
        settled = _settling(given_back=given_back, counts=receipt.counts)
        with self._writing() as connection:
            if connection.execute(settled, given).rowcount != 1:
                return False
            if receipt.counts or not given_back:
                add_events(connection, self._provider, [event])
            return True

    def together(self, acts: Sequence[Callable[[Outbox], T]]) -> Sequence[T]:
        """Do all *acts* in one transaction, or none."""
        with self._writing() as connection:
            joined = copy(self)
            joined._open = connection  # noqa: SLF001  # its own copy's
            return [act(joined) for act in acts]

    def _writing(self) -> AbstractContextManager[Connection]:
        """Open a transaction that writes, or have the one of `together`."""
        return writing(self._engine) if self._open is None else nullcontext(self._open)

    def reap(self, dead: str = "") -> int:
        """Free mails whose lease is over: sending goes back to queued, committing is uncertain."""
        mail = outbox.c
        sending = mail.state == MailState.SENDING
        over = mail.lease < database_clock()
        if dead:
            over |= func.substr(mail.owner, 1, len(dead)) == dead
        freed = (
            update(outbox)
            .where(self._its, mail.state.in_([MailState.SENDING, MailState.COMMITTING]))
            .where(over)
            .values(
                state=case((sending, _typed(MailState.QUEUED)), else_=_typed(MailState.UNCERTAIN)),
                reply=case((sending, mail.reply), else_=_GONE),
                settled_at=case((sending, mail.settled_at), else_=database_instant()),
                owner=case((sending, None), else_=mail.owner),
                lease=None,
            )
            .returning(mail.certificate_id, mail.key, mail.state, mail.settled_at)
        )
        with writing(self._engine) as connection:
            rows = connection.execute(freed).all()
            doubtful = [_doubt(row) for row in rows if row.state is MailState.UNCERTAIN]
            add_events(connection, self._provider, doubtful)
            return len(rows)

    def move(
        self, key: str, sources: Collection[MailState], target: MailState, event: Event
    ) -> bool:
        """Move a mail by decision or evidence; False if it stands in none of *sources*.

        Args:
            key: The mail's.
            sources: The states it may be moved from.
            target: The state it is moved to; QUEUED begins its attempts anew.
            event: Why; its reason becomes the mail's reply.
        """
        moved = (
            update(outbox)
            .where(self._its, outbox.c.key == key, outbox.c.state.in_(list(sources)))
            .values(state=target, reply=event.reason, settled_at=event.at, owner=None, lease=None)
        )
        if target is MailState.QUEUED:
            moved = moved.values(due=event.at, attempts=0, first_tried_at=None)
        with self._writing() as connection:
            if connection.execute(moved).rowcount != 1:
                return False
            add_events(connection, self._provider, [event])
            return True

    def reserve(self, account: str, interval: float) -> float:
        """Take the next sending slot of an account that all senders share."""
        if interval <= 0:
            return 0.0
        with writing(self._engine) as connection:
            return reserve(connection, account, interval)

    def slow_down(self, account: str) -> None:
        """Halve the account's speed."""
        with writing(self._engine) as connection:
            slow_down(connection, account)


# A statement that each mail needs is made once: making it takes as long as running it.


@cache
def _claiming(*, of_course: bool) -> ReturningUpdate[Any]:
    mail = outbox.c
    now = bindparam("instant", type_=Instant())
    due = select(mail.number).where(mail.provider_id == bindparam("whose"))
    due = due.where(mail.state == MailState.QUEUED, mail.due <= now)
    if of_course:
        due = due.where(in_order(mail.course_id) == bindparam("of_course"))
    due = due.order_by(mail.due, mail.number).limit(1).with_for_update(skip_locked=True)
    return (
        update(outbox)
        .where(mail.number == due.scalar_subquery(), mail.state == MailState.QUEUED)
        .values(
            state=MailState.SENDING,
            owner=bindparam("by"),
            lease=database_clock() + bindparam("lease_time", type_=Float()),
            attempts=mail.attempts + 1,
            first_tried_at=func.coalesce(mail.first_tried_at, now),
        )
        .returning(*select_mails().selected_columns)
    )


@cache
def _marking() -> Update:
    return (
        update(outbox)
        .where(*_claimed(), outbox.c.state == MailState.SENDING)
        .values(state=MailState.COMMITTING)
    )


@cache
def _settling(*, given_back: bool, counts: bool) -> Update:
    mail = outbox.c
    settled = (
        update(outbox)
        .where(*_claimed(), mail.state.in_(_OPEN))
        .values(
            state=bindparam("new_state"),
            reply=bindparam("said"),
            due=bindparam("due_then"),
            settled_at=bindparam("instant"),
            lease=None,
        )
    )
    if given_back:
        settled = settled.values(owner=None)
    if not counts:
        first = case((mail.attempts > 1, mail.first_tried_at), else_=None)
        settled = settled.values(attempts=mail.attempts - 1, first_tried_at=first)
    return settled


def _claimed() -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of one mail that one claim holds."""
    mail = outbox.c
    yield mail.provider_id == bindparam("whose")
    yield mail.key == bindparam("which")
    yield mail.owner == bindparam("by")


def _doubt(row: Row[Any]) -> Event:
    key = row.key if row.certificate_id is None else ""
    return Event("uncertain", row.settled_at, row.certificate_id, "cecert", _GONE, key)


def _typed(state: MailState) -> BindParameter[MailState]:
    # Inside CASE nothing tells SQLAlchemy which column the value is for.
    return literal(state, outbox.c.state.type)


def reserve(connection: Connection, account: str, interval: float) -> float:
    """Take the next slot of *account*, *interval* seconds by its speed after the last one.

    Args:
        connection: In a transaction that writes.
        account: Its name.
        interval: Seconds between two slots at full speed, more than 0.

    Returns:
        Seconds to wait until the slot.
    """
    own = mail_accounts.c
    now = database_clock()
    following = own.slot + interval / _speed()
    slot = case((following > now, following), else_=now)
    wait = connection.scalars(
        insert_or_update(
            connection, mail_accounts, {"name": account, **_FRESH}, {"slot": slot}
        ).returning(own.slot - now)
    ).one()
    return max(0.0, float(wait))


def slow_down(connection: Connection, account: str) -> None:
    """Halve the speed of *account*."""
    halved = _speed() / 2
    changes = {
        "speed": case((halved > SLOWEST, halved), else_=SLOWEST),
        "slowed": database_clock(),
    }
    values = {"name": account, **_FRESH, "speed": 0.5}
    connection.execute(insert_or_update(connection, mail_accounts, values, changes))


_FRESH: dict[str, Any] = {"slot": database_clock(), "speed": 1.0, "slowed": database_clock()}


def _speed() -> ColumnElement[float]:
    own = mail_accounts.c
    regained = own.speed + (database_clock() - own.slowed) * (REGAINED_A_MINUTE / 60)
    return case((regained < 1.0, regained), else_=1.0)
