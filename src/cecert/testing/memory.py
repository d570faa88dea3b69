"""Memory for tests: an archive, and a ledger with its outbox, that keep the real ones' promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from cecert.domain.certificates import CertificateState, StatusSlot
from cecert.domain.identifiers import CertificateId
from cecert.domain.identity import identity_marks
from cecert.domain.messages import MailState, OutboxRow, Receipt
from cecert.errors import LedgerError
from cecert.ports import Entry, EntryResult, Event, HeldLine, Randomness

__all__ = ["MemoryArchive", "MemoryLedger"]

SLOTS = 131_072


class MemoryArchive:
    """Keeps documents in a dictionary."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}

    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        """Store *documents*, each under its id and digest."""
        named = {f"{each}-{sha256(pdf).hexdigest()[:16]}.pdf": pdf for each, pdf in documents}
        self.documents |= named
        return list(named)

    def get(self, name: str) -> bytes:
        """Return it.

        Raises:
            LedgerError: If it is missing.
        """
        try:
            return self.documents[name]
        except KeyError:
            raise LedgerError(f"{name} is missing from the archive") from None

    def discard(self, name: str) -> None:
        """Forget it."""
        self.documents.pop(name, None)

    def names(self) -> Sequence[str]:
        """Return the names of all, in order."""
        return sorted(self.documents)


class MemoryLedger:
    """A ledger and its outbox in dictionaries; one process, one thread."""

    def __init__(self) -> None:
        self._entries: dict[CertificateId, Entry] = {}
        self._mails: dict[str, OutboxRow] = {}
        self._owners: dict[str, str] = {}
        self._events: list[Event] = []

    def held_lines(self, course_id: str) -> Sequence[HeldLine]:
        """Return every credit line on a standing certificate of the course."""
        return [line for entry in self._standing(course_id) for line in _lines(entry)]

    def _standing(self, course_id: str) -> Iterator[Entry]:
        for entry in self._entries.values():
            if (entry.certificate.course.id, entry.state) == (course_id, CertificateState.STANDING):
                yield entry

    def free_slots(self, randomness: Randomness, count: int) -> Sequence[StatusSlot]:
        """Return *count* slots of list 1 that no certificate has."""
        taken = {entry.certificate.slot for entry in self._entries.values()}
        free: dict[StatusSlot, None] = {}
        while len(free) < count:
            if (slot := StatusSlot(1, randomness.below(SLOTS))) not in taken:
                free[slot] = None
        return list(free)

    def enter(self, entries: Sequence[Entry], at: datetime) -> Sequence[EntryResult]:
        """Enter *entries* and queue their mails."""
        return [self._enter(entry, at) for entry in entries]

    def _enter(self, entry: Entry, at: datetime) -> EntryResult:
        if (result := self._refusal(entry)) is not EntryResult.ENTERED:
            return result
        certificate_id = entry.certificate.id
        self._entries[certificate_id] = entry
        self._mails[entry.mail.key] = entry.mail
        self._events += [
            Event(kind, at, certificate_id, entry.actor) for kind in ("issued", "queued")
        ]
        return result

    def _refusal(self, entry: Entry) -> EntryResult:
        own = entry.certificate
        held = self.held_lines(own.course.id)
        wanted = {(own.recipient.participant, line.credential) for line in own.credit_lines}
        marks = _marks(entry)
        if own.id in self._entries or wanted & {(h.participant, h.credential) for h in held}:
            return EntryResult.HELD
        if any(h.participant != own.recipient.participant and marks & h.marks for h in held):
            return EntryResult.OTHER_IDENTITY
        if own.slot in {each.certificate.slot for each in self._entries.values()}:
            return EntryResult.SLOT_TAKEN
        return EntryResult.ENTERED

    def entry(self, certificate_id: CertificateId) -> Entry | None:
        """Return the entry of a certificate, or None."""
        entry = self._entries.get(certificate_id)
        return None if entry is None else replace(entry, mail=self._mails[entry.mail.key])

    def entries(self, course_id: str = "") -> Sequence[Entry]:
        """Return all entries, of one course or of all."""
        return [
            replace(each, mail=self._mails[each.mail.key])
            for each in self._entries.values()
            if course_id in {"", each.certificate.course.id}
        ]

    def walk(self, course_id: str = "") -> Iterator[Entry]:
        """Yield all entries, of one course or of all."""
        yield from self.entries(course_id)

    def count(self, course_id: str = "") -> int:
        """Return how many entries there are."""
        return len(self.entries(course_id))

    def revoke(self, certificate_id: CertificateId, event: Event) -> CertificateState:
        """Revoke a standing certificate and cancel its mail."""
        before = self._end(certificate_id, CertificateState.REVOKED, event)
        if before is CertificateState.STANDING:
            self._cancel_mail(certificate_id, event)
        return before

    def supersede(self, old: CertificateId, entry: Entry, event: Event) -> EntryResult:
        """Enter the correction of a standing certificate, which is then superseded."""
        if entry.certificate.supersedes != old or event.certificate_id != old:
            raise ValueError(f"neither entry nor event is about superseding {old}")
        kept = self._entries.get(old)
        if self._end(old, CertificateState.SUPERSEDED, event) is not CertificateState.STANDING:
            return EntryResult.HELD
        result = self._enter(entry, event.at)
        if result is EntryResult.ENTERED:
            self._cancel_mail(old, event)
        elif kept is not None:
            self._entries[old] = kept
            self._events.remove(event)
        return result

    def _end(
        self, certificate_id: CertificateId, state: CertificateState, event: Event
    ) -> CertificateState:
        entry = self._entries.get(certificate_id)
        if entry is None:
            raise LedgerError(f"the ledger has no certificate {certificate_id}")
        if entry.state is CertificateState.STANDING:
            self._entries[certificate_id] = replace(entry, state=state)
            self._events.append(event)
        return entry.state

    def _cancel_mail(self, certificate_id: CertificateId, event: Event) -> None:
        open_states = {MailState.QUEUED, MailState.SENDING}
        for key, row in self._mails.items():
            if row.certificate_id == certificate_id and row.state in open_states:
                reply = f"its certificate was {self._entries[certificate_id].state.value}"
                self._mails[key] = replace(
                    row, state=MailState.CANCELLED, reply=reply, settled_at=event.at
                )
                self._owners.pop(key, None)

    def add_event(self, event: Event) -> None:
        """Add an event that changes nothing else."""
        self._events.append(event)

    def statuses(self, list_id: int) -> Mapping[int, CertificateState]:
        """Return the state of each slot of the list that a certificate has."""
        return {
            each.certificate.slot.index: each.state
            for each in self._entries.values()
            if each.certificate.slot.list_id == list_id
        }

    def list_ids(self) -> Sequence[int]:
        """Return the numbers of the status lists in use."""
        return sorted({each.certificate.slot.list_id for each in self._entries.values()})

    def events(self, certificate_id: CertificateId | None) -> Sequence[Event]:
        """Return what happened to a certificate, oldest first."""
        return [each for each in self._events if each.certificate_id == certificate_id]

    def rows(self, course_id: str = "") -> Sequence[OutboxRow]:
        """Return all mails, of one course or of all."""
        return [each for each in self._mails.values() if course_id in {"", each.course_id}]

    def row(self, key: str) -> OutboxRow | None:
        """Return one mail, or None."""
        return self._mails.get(key)

    def counts(self, course_id: str = "") -> Mapping[MailState, int]:
        """Return how many mails stand in each state that has any."""
        return Counter(each.state for each in self.rows(course_id))

    def queue(self, row: OutboxRow, event: Event) -> bool:
        """Add a mail, unless its key is there already."""
        entry = self._entries.get(row.certificate_id)
        if entry is None or entry.state is not CertificateState.STANDING:
            raise LedgerError(f"certificate {row.certificate_id} does not stand: no mail is queued")
        if row.key in self._mails:
            return False
        self._mails[row.key] = row
        self._events.append(event)
        return True

    def claim(self, owner: str, now: datetime, course_id: str = "") -> OutboxRow | None:
        """Take the next due queued mail for *owner*."""
        due = (
            each
            for each in sorted(self.rows(course_id), key=lambda row: row.due)
            if each.state is MailState.QUEUED and each.due <= now
        )
        row = next(due, None)
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

    def mark_committing(self, key: str, owner: str) -> bool:
        """Move a mail from sending to committing."""
        row = self._mails[key]
        if row.state is not MailState.SENDING or self._owners.get(key) != owner:
            return False
        self._mails[key] = replace(row, state=MailState.COMMITTING)
        return True

    def settle(self, row: OutboxRow, owner: str, receipt: Receipt, event: Event) -> bool:
        """Record the outcome of an attempt with its event."""
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
        """Move a mail by decision or evidence."""
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

    def reap(self, dead: str = "") -> int:
        """Free nothing: in memory no sender dies alone."""
        del dead
        return 0


def _marks(entry: Entry) -> frozenset[str]:
    recipient = entry.certificate.recipient
    return identity_marks(recipient.name, entry.email, recipient.licenses)


def _lines(entry: Entry) -> Iterator[HeldLine]:
    certificate = entry.certificate
    for line in certificate.credit_lines:
        yield HeldLine(
            participant=certificate.recipient.participant,
            name=certificate.recipient.name,
            email=entry.email,
            marks=_marks(entry),
            credential=line.credential,
            certificate_id=certificate.id,
        )
