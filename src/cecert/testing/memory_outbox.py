"""An outbox for tests, in dictionaries, that keeps the real one's promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState, OutboxRow, Receipt
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.ports import Event, Outbox

__all__ = ["MemoryOutbox"]

T = TypeVar("T")


class MemoryOutbox:
    """The half of `MemoryLedger` that is about mails."""

    def __init__(self, state: Callable[[CertificateId], CertificateState | None]) -> None:
        self._state = state
        self._mails: dict[str, OutboxRow] = {}
        self._owners: dict[str, str] = {}
        self._events: list[Event] = []

    def _cancel(self, certificate_id: CertificateId, reply: str, at: datetime) -> None:
        open_states = {MailState.QUEUED, MailState.SENDING}
        for row in self.of_certificate(certificate_id):
            if row.state in open_states:
                self._mails[row.key] = replace(
                    row, state=MailState.CANCELLED, reply=reply, settled_at=at
                )
                self._owners.pop(row.key, None)

    def rows(self, course_id: str = "") -> Sequence[OutboxRow]:
        """Return all mails, of one course or of all."""
        return [each for each in self._mails.values() if course_id in {"", each.course_id}]

    def mails_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[OutboxRow]:
        """Return all mails of these certificates."""
        wanted = set(certificate_ids)
        return [each for each in self._mails.values() if each.certificate_id in wanted]

    def walk_mails(
        self, course_id: str = "", states: Collection[MailState] = tuple(MailState)
    ) -> Iterator[OutboxRow]:
        """Yield what `rows` returns, of some states or of all."""
        seen = 0
        while fresh := list(self._mails)[seen:]:
            seen += len(fresh)
            rows = (self._mails[key] for key in fresh)
            yield from (
                row for row in rows if course_id in {"", row.course_id} and row.state in states
            )

    def in_turn(self, course_id: str = "", until: datetime | None = None) -> Iterator[OutboxRow]:
        """Yield the queued mails due by *until*, in the order of `claim`."""
        queued = [each for each in self.rows(course_id) if each.state is MailState.QUEUED]
        for row in sorted(queued, key=lambda row: row.due):
            if until is None or row.due <= until:
                yield row

    def row(self, key: str) -> OutboxRow | None:
        """Return one mail, or None."""
        return self._mails.get(key)

    def of_certificate(self, certificate_id: CertificateId) -> Sequence[OutboxRow]:
        """Return the mails of a certificate."""
        return [each for each in self._mails.values() if each.certificate_id == certificate_id]

    def named(self, message_ids: Collection[str]) -> Sequence[OutboxRow]:
        """Return the mails that have one of *message_ids*."""
        return [each for each in self._mails.values() if each.message_id in message_ids]

    def sent_since(self, instant: datetime) -> int:
        """Return how many mails the service took, or may have taken, after *instant*."""
        given = {MailState.SENT, MailState.BOUNCED, MailState.UNCERTAIN}
        settled = [each.settled_at for each in self._mails.values() if each.state in given]
        return sum(at is not None and at > instant for at in settled)

    def counts(self, course_id: str = "") -> Mapping[MailState, int]:
        """Return how many mails stand in each state that has any."""
        return Counter(each.state for each in self.rows(course_id))

    @typed
    def queue(self, row: OutboxRow, event: Event) -> bool:
        """Add a mail, unless its key is there already."""
        of = row.certificate_id
        if of is not None and self._state(of) is not row.sent_while:
            raise LedgerError(f"certificate {row.certificate_id} does not stand: no mail is queued")
        if row.key in self._mails:
            return False
        self._mails[row.key] = row
        self._events.append(event)
        return True

    def claim(self, owner: str, now: datetime, course_id: str = "") -> OutboxRow | None:
        """Take the next due queued mail for *owner*.

        Args:
            owner: Who will send it.
            now: Mails due later are left.
            course_id: Of this course only; "" for all.
        """
        row = next(self.in_turn(course_id, now), None)
        if row is None:
            return None
        claimed = replace(
            row,
            state=MailState.SENDING,
            attempts=row.attempts + 1,
            first_tried_at=row.first_tried_at or now,
        )
        self._mails[row.key], self._owners[row.key] = claimed, owner
        return claimed

    @typed
    def mark_committing(self, key: str, owner: str) -> bool:
        """Move a mail from sending to committing."""
        row = self._mails.get(key)
        if row is None or row.state is not MailState.SENDING or self._owners.get(key) != owner:
            return False
        self._mails[key] = replace(row, state=MailState.COMMITTING)
        return True

    @typed
    def settle(self, row: OutboxRow, owner: str, receipt: Receipt, event: Event) -> bool:
        """Record the outcome of an attempt; False if the mail is not *owner*'s any more.

        Args:
            row: The mail, as it was claimed.
            owner: Who claimed it.
            receipt: What became of it.
            event: Its time is when the mail settled.
        """
        open_states = {MailState.SENDING, MailState.COMMITTING, MailState.UNCERTAIN}
        if self._owners.get(row.key) != owner or self._mails[row.key].state not in open_states:
            return False
        self._mails[row.key] = replace(
            self._mails[row.key],
            state=receipt.state,
            reply=receipt.reply,
            due=event.at + timedelta(seconds=receipt.retry_after),
            settled_at=event.at,
            attempts=row.attempts - (not receipt.counts),
            first_tried_at=row.first_tried_at if receipt.counts or row.attempts > 1 else None,
        )
        if receipt.state is MailState.QUEUED:
            del self._owners[row.key]
        if receipt.counts or receipt.state is not MailState.QUEUED:
            self._events.append(event)
        return True

    def move(
        self, key: str, sources: Collection[MailState], target: MailState, event: Event
    ) -> bool:
        """Move a mail by decision or evidence; False if it stands in none of *sources*.

        Args:
            key: The mail's.
            sources: The states it may be moved from.
            target: The state it is moved to.
            event: Why.
        """
        row = self._mails.get(key)
        if row is None or row.state not in sources:
            return False
        moved = replace(row, state=target, reply=event.reason, settled_at=event.at)
        if target is MailState.QUEUED:
            moved = replace(moved, due=event.at, attempts=0, first_tried_at=None)
        self._mails[key] = moved
        self._owners.pop(key, None)
        self._events.append(event)
        return True

    def reserve(self, account: str, interval: float) -> float:
        """Let everyone send at once: memory has no service to spare."""
        del account, interval
        return 0.0

    def slow_down(self, account: str) -> None:
        """Change nothing, as `reserve` never waits."""

    def together(self, acts: Sequence[Callable[[Outbox], T]]) -> Sequence[T]:
        """Do all *acts* with this outbox, or none."""
        before = dict(self._mails), dict(self._owners), list(self._events)
        try:
            return [act(self) for act in acts]
        except BaseException:
            self._mails, self._owners, self._events = before
            raise

    def reap(self, dead: str = "") -> int:
        """Free nothing: in memory no sender dies alone."""
        del dead
        return 0
