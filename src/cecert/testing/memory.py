"""Memory for tests: an archive and a ledger that keep the real ones' promises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import CertificateState, StatusSlot
from cecert.domain.mail.message import MAY_HAVE_GONE, OutboxRow
from cecert.domain.people.likeness import Acquaintances, Likeness, likeness
from cecert.domain.people.person import PersonSigns, folded_email, identity_marks
from cecert.domain.people.search import PersonSearch
from cecert.domain.token.links import kid_of_link
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError, WrongValueError, no_certificate
from cecert.ports import (
    Entry,
    EntryResult,
    Event,
    HeldLine,
    Irregularity,
    Note,
    Randomness,
    Report,
    Requirement,
    Share,
    Taken,
    Work,
    nothing,
)
from cecert.testing.memory_outbox import MemoryOutbox

__all__ = ["MemoryLedger"]

SLOTS = 131_072


class MemoryLedger(MemoryOutbox):
    """A ledger and its outbox in dictionaries; one process, one thread."""

    @typed
    def __init__(self) -> None:
        super().__init__(self._state_of)
        self._entries: dict[CertificateId, Entry] = {}
        self._reports: list[Report] = []

    @typed
    def held_lines(self, course_id: str, people: Collection[PersonSigns]) -> Sequence[HeldLine]:
        """Return the credit lines on standing certificates of all who may be one of *people*."""
        known = {each.identity for each in people} | {each.address for each in people}
        marks = {mark for each in people for mark in each.marks}
        mailed = {each.address for each in people if each.identity == each.address}
        asked = Acquaintances(people)
        return [
            replace(line, former_names=self._former_names(course_id, line.participant))
            for line in self._all_lines(course_id)
            if line.participant in known
            or line.marks & marks
            or folded_email(line.email) in mailed
            or asked.near(line.signs)
        ]

    def _former_names(self, course_id: str, participant: str) -> frozenset[str]:
        theirs = self.entries_of(course_id, [participant])
        gone = (each for each in theirs if each.state is CertificateState.SUPERSEDED)
        return frozenset(each.certificate.recipient.name for each in gone)

    def _all_lines(self, course_id: str) -> Sequence[HeldLine]:
        return [line for entry in self._standing(course_id) for line in _lines(entry)]

    def revoked_lines(
        self, course_id: str, participants: Collection[str]
    ) -> Mapping[tuple[str, str], CertificateId]:
        """Return the revoked certificate of each identity and credential type of a course."""
        return {
            (each.certificate.recipient.participant, line.credential): each.certificate.id
            for each in self.entries_of(course_id, participants)
            if each.state is CertificateState.REVOKED
            for line in each.certificate.credit_lines
        }

    def entries_of(self, course_id: str, participants: Collection[str]) -> Sequence[Entry]:
        """Return all entries of some identities in a course."""
        wanted = set(participants)
        return [
            each
            for each in self.entries(course_id)
            if each.certificate.recipient.participant in wanted
        ]

    def _standing(self, course_id: str) -> Iterator[Entry]:
        for entry in self._entries.values():
            if (entry.certificate.course.id, entry.state) == (course_id, CertificateState.STANDING):
                yield entry

    @typed
    def free_slots(self, randomness: Randomness, count: int) -> Sequence[StatusSlot]:
        """Return *count* slots of list 1 that no certificate has.

        Raises:
            WrongValueError: If it has not so many.
        """
        taken = {entry.certificate.slot for entry in self._entries.values()}
        if not 0 <= count <= SLOTS - len(taken):
            raise WrongValueError(f"a list has no {count} free slots")
        free: dict[StatusSlot, None] = {}
        while len(free) < count:
            if (slot := StatusSlot(1, randomness.below(SLOTS))) not in taken:
                free[slot] = None
        return list(free)

    def sharing(self, course_id: str) -> AbstractContextManager[Share]:
        """Give the share of who works alone: all there is."""
        del course_id
        return nullcontext(_Alone())

    @typed
    def enter(
        self,
        entries: Sequence[Entry],
        at: datetime,
        require: Requirement = nothing,
        owner: str = "",
    ) -> Sequence[EntryResult]:
        """Enter *entries* and queue their mails.

        Args:
            entries: A group.
            at: When they were issued.
            require: Raises what keeps their certificates out.
            owner: Nobody claims anything here.
        """
        del owner
        require([each.certificate for each in entries])
        return [self._enter(entry, at) for entry in entries]

    def _enter(self, entry: Entry, at: datetime) -> EntryResult:
        if (result := self._refusal(entry)) is not EntryResult.ENTERED:
            return result
        certificate_id = entry.certificate.id
        self._entries[certificate_id] = entry
        self._mails[entry.mail.key] = entry.mail
        self._events += [
            Event("issued", at, certificate_id, entry.actor, entry.level),
            Event("queued", at, certificate_id, entry.actor),
        ]
        return result

    def _refusal(self, entry: Entry) -> EntryResult:
        own = entry.certificate
        held = self._all_lines(own.course.id)
        wanted = {(own.recipient.participant, line.credential) for line in own.credit_lines}
        marks = _marks(entry)
        if own.id in self._entries or wanted & {(h.participant, h.credential) for h in held}:
            return EntryResult.HELD
        if any(h.participant != own.recipient.participant and marks & h.marks for h in held):
            return EntryResult.OTHER_IDENTITY
        settled = entry.different_from is None or any(
            each.participant == own.recipient.participant for each in held
        )
        found = {likeness(entry.signs, each.signs) for each in held} - {None}
        if Likeness.PERSON in found or (found and not settled):
            return EntryResult.OTHER_IDENTITY
        if own.slot in {each.certificate.slot for each in self._entries.values()}:
            return EntryResult.SLOT_TAKEN
        return EntryResult.ENTERED

    def entry(self, certificate_id: CertificateId) -> Entry | None:
        """Return the entry of a certificate, or None."""
        entry = self._entries.get(certificate_id)
        return None if entry is None else replace(entry, mail=self._mails[entry.mail.key])

    @typed
    def find(self, search: PersonSearch, limit: int) -> Sequence[Entry]:
        """Return the entries that a search finds, the newest first, at most *limit* of them."""
        return [each for each in reversed(self.entries()) if _is_found(search, each)][:limit]

    def states(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, CertificateState]:
        """Return what became of these certificates."""
        found = self._entries
        return {each: found[each].state for each in certificate_ids if each in found}

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

    def walk_days(self, first: date, last: date) -> Iterator[Entry]:
        """Yield the entries whose credit date is in a span of days."""
        for each in self.entries():
            if first <= each.certificate.credit_date <= last:
                yield each

    def reports(self, register: str, course_id: str = "") -> Sequence[Report]:
        """Return what a register was told, in the order it was noted."""
        own = (each for each in self._reports if each.register == register)
        courses = {each.certificate.id: each.certificate.course.id for each in self.entries()}
        return [each for each in own if course_id in {"", courses[each.certificate_id]}]

    def reports_of(
        self, register: str, certificate_ids: Collection[CertificateId]
    ) -> Sequence[Report]:
        """Return what a register was told of these certificates."""
        return [e for e in self.reports(register) if e.certificate_id in certificate_ids]

    @contextmanager
    def reporting(self) -> Iterator[Note]:
        """Keep everybody out, who is nobody; the value notes reports and events.

        Raises:
            LedgerError: If a register was told already of what is noted.
        """
        new: list[Report] = []
        said: list[Event] = []

        def note(reports: Sequence[Report], told: Sequence[Event]) -> None:
            known = {_told_of(each) for each in (*self._reports, *new)}
            if known & {_told_of(each) for each in reports}:
                raise LedgerError("the register was told of it already")
            new.extend(reports)
            said.extend(told)

        yield note
        self._reports += new
        self._events += said

    def names(self, certificate_ids: Collection[CertificateId]) -> Mapping[CertificateId, str]:
        """Return the recipients' names of these certificates."""
        found = self._entries
        return {
            each: found[each].certificate.recipient.name
            for each in certificate_ids
            if each in found
        }

    def count(self, course_id: str = "") -> int:
        """Return how many entries there are, of one course or of all."""
        return len(self.entries(course_id))

    def revoke(
        self, certificate_id: CertificateId, event: Event, notice: OutboxRow | None = None
    ) -> CertificateState:
        """Revoke a standing certificate, cancel its mail and queue *notice*.

        Args:
            certificate_id: The certificate.
            event: What is recorded.
            notice: What tells its holder, where a mail of it may have gone out.
        """
        before = self._end(certificate_id, CertificateState.REVOKED, event)
        if before is not CertificateState.STANDING:
            return before
        self._cancel_mail(certificate_id, event)
        states = {each.state for each in self.of_certificate(certificate_id)}
        if notice is not None and states & MAY_HAVE_GONE:
            reason = f"to {notice.recipient}: it tells the holder"
            self.queue(notice, replace(event, kind="queued", reason=reason))
        return before

    @typed
    def supersede(
        self, old: CertificateId, entry: Entry, event: Event, require: Requirement = nothing
    ) -> EntryResult:
        """Enter the correction of a standing certificate, which is then superseded.

        Args:
            old: The certificate corrected.
            entry: The correction.
            event: What is recorded of *old*.
            require: Raises what keeps the correction out.

        Raises:
            ValueError: If *entry* or *event* is about another certificate.
        """
        if entry.certificate.supersedes != old or event.certificate_id != old:
            raise WrongValueError(f"neither entry nor event is about superseding {old}")
        require([entry.certificate])
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
            raise no_certificate(certificate_id)
        if entry.state is CertificateState.STANDING:
            self._entries[certificate_id] = replace(entry, state=state)
            self._events.append(event)
        return entry.state

    def _cancel_mail(self, certificate_id: CertificateId, event: Event) -> None:
        state = self._entries[certificate_id].state.value
        self._cancel(certificate_id, f"its certificate was {state}", event.at)

    def _state_of(self, certificate_id: CertificateId) -> CertificateState | None:
        entry = self._entries.get(certificate_id)
        return None if entry is None else entry.state

    def add_event(self, event: Event) -> None:
        """Add an event that changes nothing else."""
        self._events.append(event)

    @contextmanager
    def alone(self) -> Iterator[Callable[[Event], None]]:
        """Keep everybody out, who is nobody; the value adds an event."""
        said: list[Event] = []
        yield said.append
        self._events += said

    def status_lists(self) -> Sequence[int]:
        """Return the numbers of the status lists in which a certificate has a slot."""
        return sorted({each.certificate.slot.list_id for each in self._entries.values()})

    def in_slots(self, list_id: int, slots: Collection[int]) -> Mapping[int, CertificateId]:
        """Return whose some slots of a status list are."""
        return {
            each.certificate.slot.index: each.certificate.id
            for each in self._entries.values()
            if each.certificate.slot.list_id == list_id and each.certificate.slot.index in slots
        }

    def newest_event(self) -> int:
        """Return how many events there are."""
        return len(self._events)

    def numbered_events(self, after: int, limit: int) -> Sequence[tuple[int, Event]]:
        """Return the first *limit* events whose numbers are higher than *after*, with them."""
        return list(enumerate(self._events[after : after + limit], after + 1))

    def newest_issue(self, kid: str) -> datetime | None:
        """Return the newest issue instant of the certificates whose tokens a key signed."""
        issued = (
            each.certificate.issued_at
            for each in self.walk()
            if kid_of_link(each.certificate.token_url) == kid
        )
        return max(issued, default=None)

    def statuses(self, list_id: int) -> Mapping[int, CertificateState]:
        """Return the state of each slot of the list that a certificate has."""
        return {
            each.certificate.slot.index: each.state
            for each in self._entries.values()
            if each.certificate.slot.list_id == list_id
        }

    def irregularities(self) -> Iterator[Irregularity]:
        """Yield nothing: what is in memory was changed by nobody else."""
        yield from ()

    def newest_instant(self) -> datetime | None:
        """Return the latest time that an event of a certificate has."""
        of_certificates = (each for each in self._events if each.certificate_id is not None)
        return max((each.at for each in of_certificates), default=None)

    @typed
    def events(
        self, certificate_id: CertificateId | None, kinds: Collection[str] = ()
    ) -> Sequence[Event]:
        """Return what happened to a certificate, oldest first; of *kinds* alone, if any."""
        own = [each for each in self._events if each.certificate_id == certificate_id]
        return [each for each in own if each.kind in kinds] if kinds else own

    def last_event(self, kind: str) -> Event | None:
        """Return the last of a kind that the ledger as a whole has; None without one."""
        return next(iter(self.events(None, {kind})[::-1]), None)

    @typed
    def events_of(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, Sequence[Event]]:
        """Return what happened to each of these certificates, oldest first."""
        found = {each: self.events(each) for each in certificate_ids}
        return {own: each for own, each in found.items() if each}

    def everything_of(self, participant: str) -> Sequence[Entry]:
        """Return all entries of an identity, of whatever course, in order of issue."""
        entries = self.entries()
        return [each for each in entries if each.certificate.recipient.participant == participant]


def _told_of(report: Report) -> tuple[str, str, CertificateId, str]:
    return report.register, report.license, report.certificate_id, report.credential


def _is_found(search: PersonSearch, entry: Entry) -> bool:
    who = entry.certificate.recipient
    return search.finds(entry.certificate.id.text, who.name, entry.email, who.licenses)


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


class _Alone:
    """The share of who works alone."""

    owner = ""

    def take(self, wanted: Sequence[Work], most: int) -> Taken:
        return Taken(tuple(range(min(most, len(wanted)))))
