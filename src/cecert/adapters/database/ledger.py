"""The ledger: what was promised, and when a promise ends, in the tables of `tables`.

A certificate's standing ends once, when it is revoked or when another corrects it; then
its credit lines and its holder's marks are free for another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, func, select, update

from cecert.adapters.database.check import irregularities_in
from cecert.adapters.database.engine import reading, reading_one_moment, writing
from cecert.adapters.database.entering import admit
from cecert.adapters.database.events import add_events, add_numbered_events
from cecert.adapters.database.log import LoggedAct, add_leaves
from cecert.adapters.database.lookup import (
    entry_rows_everywhere,
    entry_rows_of,
    held_lines_near,
    revoked_lines_of,
)
from cecert.adapters.database.rows import (
    entry_of,
    event_of,
    in_order,
    logged_event,
    mail_columns,
    select_entries,
    token_of,
)
from cecert.adapters.database.search import found_entries
from cecert.adapters.database.snapshots import certificate_of
from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    identities,
    outbox,
)
from cecert.domain.certificate.certificate import CertificateState, StatusSlot
from cecert.domain.log.leaf import LeafKind
from cecert.domain.mail.message import MAY_HAVE_GONE, MailState, OutboxRow
from cecert.domain.people.person import PersonSigns
from cecert.domain.people.search import PersonSearch
from cecert.domain.trust.status_list import SLOTS
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import WrongValueError, no_certificate
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
    nothing,
)

__all__ = ["DatabaseLedger", "release"]

_NOT_YET_TAKEN = (MailState.QUEUED, MailState.SENDING)

SAMPLE = 1024
"""Slots that tell how full a list is: chance fills all of them alike, and few are counted soon."""

FULL = SAMPLE // 2
"""Of those in use when the next list begins: half, so that chance finds a free one soon."""

LARGEST_GROUP = 100
"""Certificates entered in one transaction."""

LAST_EVENTS = 1000
"""Events among which the newest instant is looked for: a clock that jumped may be right again."""

CHUNK = 200
"""Entries read at once; between chunks nothing is locked."""


class DatabaseLedger:
    """A ledger in a database; `cecert.ports.Ledger` says what each method promises.

    It keeps nothing but the engine and whose ledger it is: threads may share one. Others
    may have theirs in the same database.
    """

    def __init__(self, engine: Engine, provider: str) -> None:
        self._engine = engine
        self._provider = provider

    def held_lines(self, course_id: str, people: Collection[PersonSigns]) -> Sequence[HeldLine]:
        """Return the credit lines on standing certificates of all who may be one of *people*."""
        with reading(self._engine) as connection:
            return held_lines_near(connection, self._provider, course_id, people)

    def revoked_lines(
        self, course_id: str, participants: Collection[str]
    ) -> Mapping[tuple[str, str], CertificateId]:
        """Return the revoked certificate of each identity and credential type of a course."""
        with reading(self._engine) as connection:
            return revoked_lines_of(connection, self._provider, course_id, participants)

    def entries_of(self, course_id: str, participants: Collection[str]) -> Sequence[Entry]:
        """Return all entries of some identities in a course, in order of issue."""
        with reading(self._engine) as connection:
            rows = entry_rows_of(connection, self._provider, course_id, participants)
        return [entry_of(row) for row in rows]

    def free_slots(self, randomness: Randomness, count: int) -> Sequence[StatusSlot]:
        """Return *count* slots no certificate has, chosen by chance in the list that is filling."""
        own = certificates.c
        free: dict[int, None] = {}
        with reading(self._engine) as connection:
            list_id = _filling(connection, self._provider)
            which = own.provider_id == self._provider, own.list_id == list_id
            in_list = select(own.slot).where(*which)
            while len(free) < count:
                tried = {randomness.below(SLOTS): None for _ in range(count - len(free))}
                taken = set(connection.scalars(in_list.where(own.slot.in_(tried))))
                free |= {slot: None for slot in tried if slot not in taken}
        return [StatusSlot(list_id, slot) for slot in free]

    def sharing(self, course_id: str) -> AbstractContextManager[Share]:
        """Give this run's share of making a course's certificates, until the context ends."""
        # Of the commands that open a ledger, one issues.
        from cecert.adapters.database.claims import sharing

        return sharing(self._engine, self._provider, course_id)

    def enter(
        self,
        entries: Sequence[Entry],
        at: datetime,
        require: Requirement = nothing,
        owner: str = "",
    ) -> Sequence[EntryResult]:
        """Enter *entries* (at most 100) in one transaction and queue their mails.

        Args:
            entries: A group.
            at: When they were issued.
            require: Raises what keeps their certificates out, once this is alone.
            owner: Under what name they were claimed, "" if they were not.
        """
        if len(entries) > LARGEST_GROUP:
            raise ValueError(f"{len(entries)} entries in one group, {LARGEST_GROUP} are the most")
        if not entries:
            return []
        with writing(self._engine, alone=True) as connection:
            require([each.certificate for each in entries])
            if owner:
                from cecert.adapters.database.claims import admit_claimed

                return admit_claimed(connection, self._provider, entries, at, owner)
            return admit(connection, self._provider, entries, at)

    def entry(self, certificate_id: CertificateId) -> Entry | None:
        """Return the entry of a certificate, or None."""
        given = {"whose": self._provider, "which": certificate_id}
        with reading(self._engine) as connection:
            row = connection.execute(_one_entry(), given).one_or_none()
        return None if row is None else entry_of(row)

    def find(self, search: PersonSearch, limit: int) -> Sequence[Entry]:
        """Return the entries that a search finds, the newest first, at most *limit* of them."""
        with reading(self._engine) as connection:
            return found_entries(connection, self._provider, search, limit)

    def states(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, CertificateState]:
        """Return what became of these certificates."""
        own = certificates.c
        which = own.provider_id == self._provider, own.id.in_(list(certificate_ids))
        query = select(own.id, own.state).where(*which)
        with reading(self._engine) as connection:
            return {row.id: row.state for row in connection.execute(query)}

    def entries(self, course_id: str = "") -> Sequence[Entry]:
        """Return all entries in order of issue, of one course or of all."""
        return list(self.walk(course_id))

    def walk(self, course_id: str = "") -> Iterator[Entry]:
        """Yield all entries in order of issue, read in chunks."""
        query = self._of_course(select_entries(), course_id).limit(CHUNK)
        last = 0
        while True:
            with reading(self._engine) as connection:
                rows = connection.execute(query.where(certificates.c.number > last)).all()
            yield from map(entry_of, rows)
            if len(rows) < CHUNK:
                return
            last = rows[-1].entry_number

    def walk_days(self, first: date, last: date) -> Iterator[Entry]:
        """Yield the entries whose credit date is in a span of days, read in chunks."""
        own = certificates.c
        days = own.credit_date.between(first.isoformat(), last.isoformat())
        query = select(own.number).where(own.provider_id == self._provider, days)
        with reading(self._engine) as connection:
            numbers = sorted(connection.scalars(query))
        for start in range(0, len(numbers), CHUNK):
            some = numbers[start : start + CHUNK]
            with reading(self._engine) as connection:
                rows = connection.execute(select_entries().where(own.number.in_(some))).all()
            yield from map(entry_of, rows)

    def reports(self, register: str, course_id: str = "") -> Sequence[Report]:
        """Return what a register was told, in the order it was noted."""
        # Of the commands that open a ledger, few ask.
        from cecert.adapters.database.reports import reports_of_courses

        return reports_of_courses(self._engine, self._provider, register, course_id)

    def reports_of(
        self, register: str, certificate_ids: Collection[CertificateId]
    ) -> Sequence[Report]:
        """Return what a register was told of these certificates."""
        from cecert.adapters.database.reports import reports_of

        return reports_of(self._engine, self._provider, register, certificate_ids)

    def reporting(self) -> AbstractContextManager[Note]:
        """Keep everybody from reporting and from changing certificates; the value notes it."""
        from cecert.adapters.database.reports import reporting_alone

        return reporting_alone(self._engine, self._provider)

    def names(self, certificate_ids: Collection[CertificateId]) -> Mapping[CertificateId, str]:
        """Return the recipients' names of these certificates."""
        own = certificates.c
        which = own.provider_id == self._provider, own.id.in_(list(certificate_ids))
        query = select(own.id, own.name).where(*which)
        with reading(self._engine) as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def count(self, course_id: str = "") -> int:
        """Return how many entries there are, of one course or of all."""
        query = self._of_course(select(func.count()).select_from(certificates), course_id)
        with reading(self._engine) as connection:
            return int(connection.scalars(query).one())

    def revoke(
        self, certificate_id: CertificateId, event: Event, notice: OutboxRow | None = None
    ) -> CertificateState:
        """Revoke a standing certificate, cancel its queued mail and queue *notice*.

        Args:
            certificate_id: The certificate.
            event: What is recorded.
            notice: What tells its holder; it is queued only where a mail of the certificate
                may have gone out.
        """
        with writing(self._engine, alone=True) as connection:
            before = release(
                connection, self._provider, certificate_id, CertificateState.REVOKED, event
            )
            if notice is not None and before is CertificateState.STANDING:
                self._queue_notice(connection, notice, event)
            return before

    def _queue_notice(self, connection: Connection, notice: OutboxRow, event: Event) -> None:
        # Asked once what was not taken yet is cancelled: now nothing else can go out.
        mail = outbox.c
        its = mail.provider_id == self._provider, mail.certificate_id == notice.certificate_id
        states = connection.scalars(select(mail.state).where(*its)).all()
        if MAY_HAVE_GONE.isdisjoint(states):
            return
        connection.execute(outbox.insert(), mail_columns(self._provider, notice))
        told = replace(event, kind="queued", reason=f"to {notice.recipient}: it tells the holder")
        add_events(connection, self._provider, [told])

    def supersede(
        self, old: CertificateId, entry: Entry, event: Event, require: Requirement = nothing
    ) -> EntryResult:
        """Enter the correction of a standing certificate, which is then superseded.

        Args:
            old: The certificate corrected.
            entry: The correction; its certificate names *old* as the one it supersedes.
            event: What is recorded of *old*; its time is the correction's too.
            require: Raises what keeps the correction out, once this is alone.

        Raises:
            ValueError: If *entry* or *event* is about another certificate.
        """
        if entry.certificate.supersedes != old or event.certificate_id != old:
            raise WrongValueError(f"neither entry nor event is about superseding {old}")
        with writing(self._engine, alone=True) as connection:
            require([entry.certificate])
            before = release(connection, self._provider, old, CertificateState.SUPERSEDED, event)
            if before is not CertificateState.STANDING:
                return EntryResult.HELD
            (result,) = admit(connection, self._provider, [entry], event.at)
            if result is not EntryResult.ENTERED:
                connection.rollback()
            return result

    def add_event(self, event: Event) -> None:
        """Add an event that changes no state: an export, a resend."""
        with writing(self._engine) as connection:
            add_events(connection, self._provider, [event])

    @contextmanager
    def alone(self) -> Iterator[Callable[[Event], None]]:
        """Keep everybody from entering, superseding and revoking; the value adds an event."""
        with writing(self._engine, alone=True) as connection:

            def add(event: Event) -> None:
                add_events(connection, self._provider, [event])

            yield add

    def events(
        self, certificate_id: CertificateId | None, kinds: Collection[str] = ()
    ) -> Sequence[Event]:
        """Return what happened to a certificate, oldest first; of *kinds* alone, if any."""
        own = events.c
        which = [own.provider_id == self._provider, own.certificate_id == certificate_id]
        if kinds:
            which.append(own.kind.in_(sorted(kinds)))
        query = select(events).where(*which).order_by(own.number)
        with reading(self._engine) as connection:
            return [event_of(row) for row in connection.execute(query)]

    def last_event(self, kind: str) -> Event | None:
        """Return the last of a kind that the ledger as a whole has; None without one."""
        own = events.c
        which = own.provider_id == self._provider, own.certificate_id.is_(None), own.kind == kind
        query = select(events).where(*which).order_by(own.number.desc()).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else event_of(row)

    def events_of(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, Sequence[Event]]:
        """Return what happened to each of these certificates, oldest first."""
        own = events.c
        which = own.provider_id == self._provider, own.certificate_id.in_(list(certificate_ids))
        query = select(events).where(*which).order_by(own.number)
        found: dict[CertificateId, list[Event]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(query):
                found.setdefault(row.certificate_id, []).append(event_of(row))
        return found

    def newest_instant(self) -> datetime | None:
        """Return the latest time that one of the last events of certificates has."""
        own = events.c
        query = select(own.at, own.certificate_id).where(own.provider_id == self._provider)
        last = query.order_by(own.number.desc()).limit(LAST_EVENTS).subquery()
        newest_of = select(func.max(last.c.at)).where(last.c.certificate_id.is_not(None))
        with reading(self._engine) as connection:
            newest: datetime | None = connection.scalars(newest_of).one()
        return newest

    def irregularities(self) -> Iterator[Irregularity]:
        """Yield what contradicts itself in the ledger as a whole."""
        with reading_one_moment(self._engine) as connection:
            yield from irregularities_in(connection, self._provider)

    def newest_issue(self, kid: str) -> datetime | None:
        """Return the newest issue instant of the certificates whose tokens a key signed."""
        own = certificates.c
        which = own.provider_id == self._provider, own.key_id == kid
        with reading(self._engine) as connection:
            query = select(func.max(own.issued_at)).where(*which)
            newest: datetime | None = connection.scalars(query).one()
        return newest

    def statuses(self, list_id: int) -> Mapping[int, CertificateState]:
        """Return the state of every slot of a list that a certificate has."""
        own = certificates.c
        which = own.provider_id == self._provider, own.list_id == list_id
        query = select(own.slot, own.state).where(*which)
        with reading(self._engine) as connection:
            # At once: a list has some ten thousand, and one by one they take twice as long.
            return {slot: state for slot, state in connection.execute(query).all()}  # noqa: C416  # rows

    def status_lists(self) -> Sequence[int]:
        """Return the numbers of the status lists in which a certificate has a slot."""
        own, found = certificates.c, []
        its = select(func.min(own.list_id)).where(own.provider_id == self._provider)
        with reading(self._engine) as connection:
            # One list after the other, each found by the index: DISTINCT reads all slots.
            number: int | None = connection.scalars(its).one()
            while number is not None:
                found.append(number)
                number = connection.scalars(its.where(own.list_id > number)).one()
        return found

    def in_slots(self, list_id: int, slots: Collection[int]) -> Mapping[int, CertificateId]:
        """Return whose some slots of a status list are."""
        own = certificates.c
        its = own.provider_id == self._provider, own.list_id == list_id
        query = select(own.slot, own.id).where(*its, own.slot.in_(list(slots)))
        with reading(self._engine) as connection:
            return {row.slot: row.id for row in connection.execute(query)}

    def newest_event(self) -> int:
        """Return the number of the newest event; 0 before the first."""
        own = events.c
        query = select(func.max(own.number)).where(own.provider_id == self._provider)
        with reading(self._engine) as connection:
            return int(connection.scalars(query).one() or 0)

    def everything_of(self, participant: str) -> Sequence[Entry]:
        """Return all entries of an identity, of whatever course, in order of issue."""
        with reading(self._engine) as connection:
            rows = entry_rows_everywhere(connection, self._provider, participant)
        return [entry_of(row) for row in rows]

    def _of_course(self, query: Select, course_id: str) -> Select:  # type: ignore[type-arg]
        own = certificates.c
        if course_id:
            return query.where(own.provider_id == self._provider, own.course_id == course_id)
        return query.where(in_order(own.provider_id) == self._provider)


@cache
def _one_entry() -> Select[Any]:
    """Return the query of one entry, made once: each mail asks for one."""
    own = certificates.c
    which = own.provider_id == bindparam("whose"), own.id == bindparam("which")
    return select_entries().where(*which)


def _filling(connection: Connection, provider: str) -> int:
    """Return the list that is filling; what is counted is a sample of one list, by an index."""
    own = certificates.c
    its = own.provider_id == provider
    newest = int(connection.scalars(select(func.max(own.list_id)).where(its)).one() or 1)
    sampled = its, own.list_id == newest, own.slot < SAMPLE
    used = connection.scalars(select(func.count()).where(*sampled)).one()
    return newest if used < FULL else newest + 1


def release(
    connection: Connection,
    provider: str,
    certificate_id: CertificateId,
    state: CertificateState,
    event: Event,
) -> CertificateState:
    """End the standing of a certificate, with *event*; its credit lines and marks are free.

    Its mails that the service cannot have taken yet are cancelled: one that is being
    sent loses its sender, whose final dot then stays away.

    Args:
        connection: In a transaction that is alone.
        provider: Whose ledger it is.
        certificate_id: The certificate.
        state: SUPERSEDED or REVOKED.
        event: What is recorded.

    Returns:
        The state it had before; only STANDING was changed.

    Raises:
        LedgerError: If there is no such certificate.
    """
    own = certificates.c
    this = own.provider_id == provider, own.id == certificate_id
    row = connection.execute(
        select(own.state, own.course_id, own.marks, own.snapshot).where(*this)
    ).one_or_none()
    if row is None:
        raise no_certificate(certificate_id)
    if row.state is CertificateState.STANDING:
        connection.execute(update(certificates).where(*this).values(state=state))
        _free_lines(connection, provider, certificate_id)
        # The marks as they were taken: a later cecert may derive others.
        _free_marks(connection, provider, row.course_id, json.loads(row.marks))
        why = f"its certificate was {state.value}"
        _cancel_mails(connection, provider, certificate_id, why, event)
        payload = token_of(certificate_of(row.snapshot)).payload
        _record(connection, provider, LeafKind[state.name], payload, event)
    return CertificateState(row.state)


def _record(
    connection: Connection, provider: str, kind: LeafKind, payload: bytes, event: Event
) -> None:
    """Add the event that ends a certificate's standing, and its leaf."""
    (number,) = add_numbered_events(connection, provider, [event])
    logged = logged_event(event)
    act = LoggedAct(kind, logged.certificate_id, payload, logged, number)
    add_leaves(connection, provider, [act], int(event.at.timestamp()))


def _free_lines(connection: Connection, provider: str, certificate_id: CertificateId) -> None:
    line = credit_lines.c
    own = line.provider_id == provider, line.certificate_id == certificate_id
    connection.execute(update(credit_lines).where(*own).values(standing=False))


def _free_marks(
    connection: Connection, provider: str, course_id: str, marks: Sequence[str]
) -> None:
    held = identities.c
    which = held.provider_id == provider, held.course_id == course_id, held.mark.in_(marks)
    connection.execute(update(identities).where(*which).values(holders=held.holders - 1))


def _cancel_mails(
    connection: Connection, provider: str, certificate_id: CertificateId, why: str, event: Event
) -> None:
    mail = outbox.c
    which = mail.provider_id == provider, mail.certificate_id == certificate_id
    connection.execute(
        update(outbox)
        .where(*which, mail.state.in_(_NOT_YET_TAKEN))
        .values(state=MailState.CANCELLED, reply=why, settled_at=event.at, owner=None, lease=None)
    )
