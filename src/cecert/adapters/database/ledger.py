"""The ledger: what was promised, and when a promise ends, in the tables of `tables`.

A certificate's standing ends once, when it is revoked or when another corrects it; then
its credit lines and its holder's marks are free for another.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, Select, func, select, update

from cecert.adapters.database.engine import reading, writing
from cecert.adapters.database.entering import admit
from cecert.adapters.database.lookup import entry_rows_of, held_lines_near, revoked_lines_of
from cecert.adapters.database.rows import (
    entry_of,
    event_columns,
    event_of,
    select_entries,
)
from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    identities,
    outbox,
)
from cecert.domain.certificate.certificate import CertificateState, StatusSlot
from cecert.domain.mail.message import MailState
from cecert.domain.people.person import PersonSigns
from cecert.domain.token.links import kid_of_link
from cecert.domain.trust.status_list import SLOTS
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.ports import Entry, EntryResult, Event, HeldLine, Randomness

__all__ = ["DatabaseLedger", "release"]

_NOT_YET_TAKEN = (MailState.QUEUED, MailState.SENDING)

FULL = SLOTS // 2
"""Slots in use at which the next list begins: half, so that chance finds a free one soon."""

LARGEST_GROUP = 100
"""Certificates entered in one transaction."""

LAST_EVENTS = 1000
"""Events among which the newest instant is looked for: a clock that jumped may be right again."""

CHUNK = 200
"""Entries read at once; between chunks nothing is locked."""


class DatabaseLedger:
    """A ledger in a database; `cecert.ports.Ledger` says what each method promises.

    It keeps nothing but the engine: threads may share one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held_lines(self, course_id: str, people: Collection[PersonSigns]) -> Sequence[HeldLine]:
        """Return the credit lines on standing certificates of all who may be one of *people*."""
        with reading(self._engine) as connection:
            return held_lines_near(connection, course_id, people)

    def revoked_lines(
        self, course_id: str, participants: Collection[str]
    ) -> Mapping[tuple[str, str], CertificateId]:
        """Return the revoked certificate of each identity and credential type of a course."""
        with reading(self._engine) as connection:
            return revoked_lines_of(connection, course_id, participants)

    def entries_of(self, course_id: str, participants: Collection[str]) -> Sequence[Entry]:
        """Return all entries of some identities in a course, in order of issue."""
        with reading(self._engine) as connection:
            rows = entry_rows_of(connection, course_id, participants)
        return [entry_of(row) for row in rows]

    def free_slots(self, randomness: Randomness, count: int) -> Sequence[StatusSlot]:
        """Return *count* slots no certificate has, chosen by chance in the list that is filling."""
        own = certificates.c
        free: dict[int, None] = {}
        with reading(self._engine) as connection:
            list_id = _filling(connection)
            in_list = select(own.slot).where(own.list_id == list_id)
            while len(free) < count:
                tried = {randomness.below(SLOTS): None for _ in range(count - len(free))}
                taken = set(connection.scalars(in_list.where(own.slot.in_(tried))))
                free |= {slot: None for slot in tried if slot not in taken}
        return [StatusSlot(list_id, slot) for slot in free]

    def enter(self, entries: Sequence[Entry], at: datetime) -> Sequence[EntryResult]:
        """Enter *entries* (at most 100) in one transaction and queue their mails."""
        if len(entries) > LARGEST_GROUP:
            raise ValueError(f"{len(entries)} entries in one group, {LARGEST_GROUP} are the most")
        if not entries:
            return []
        with writing(self._engine, alone=True) as connection:
            return admit(connection, entries, at)

    def entry(self, certificate_id: CertificateId) -> Entry | None:
        """Return the entry of a certificate, or None."""
        with reading(self._engine) as connection:
            query = select_entries().where(certificates.c.id == certificate_id)
            row = connection.execute(query).one_or_none()
        return None if row is None else entry_of(row)

    def entries(self, course_id: str = "") -> Sequence[Entry]:
        """Return all entries in order of issue, of one course or of all."""
        return list(self.walk(course_id))

    def walk(self, course_id: str = "") -> Iterator[Entry]:
        """Yield all entries in order of issue, read in chunks."""
        query = _of_course(select_entries(), course_id).limit(CHUNK)
        last = 0
        while True:
            with reading(self._engine) as connection:
                rows = connection.execute(query.where(certificates.c.number > last)).all()
            yield from map(entry_of, rows)
            if len(rows) < CHUNK:
                return
            last = rows[-1].entry_number

    def names(self, certificate_ids: Collection[CertificateId]) -> Mapping[CertificateId, str]:
        """Return the recipients' names of these certificates."""
        own = certificates.c
        query = select(own.id, own.name).where(own.id.in_(list(certificate_ids)))
        with reading(self._engine) as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def count(self, course_id: str = "") -> int:
        """Return how many entries there are, of one course or of all."""
        query = _of_course(select(func.count()).select_from(certificates), course_id)
        with reading(self._engine) as connection:
            return int(connection.scalars(query).one())

    def revoke(self, certificate_id: CertificateId, event: Event) -> CertificateState:
        """Revoke a standing certificate and cancel its queued mail, in one transaction."""
        with writing(self._engine, alone=True) as connection:
            return release(connection, certificate_id, CertificateState.REVOKED, event)

    def supersede(self, old: CertificateId, entry: Entry, event: Event) -> EntryResult:
        """Enter the correction of a standing certificate, which is then superseded.

        Args:
            old: The certificate corrected.
            entry: The correction; its certificate names *old* as the one it supersedes.
            event: What is recorded of *old*; its time is the correction's too.

        Raises:
            ValueError: If *entry* or *event* is about another certificate.
        """
        if entry.certificate.supersedes != old or event.certificate_id != old:
            raise ValueError(f"neither entry nor event is about superseding {old}")
        with writing(self._engine, alone=True) as connection:
            before = release(connection, old, CertificateState.SUPERSEDED, event)
            if before is not CertificateState.STANDING:
                return EntryResult.HELD
            (result,) = admit(connection, [entry], event.at)
            if result is not EntryResult.ENTERED:
                connection.rollback()
            return result

    def add_event(self, event: Event) -> None:
        """Add an event that changes no state: an export, a resend."""
        with writing(self._engine) as connection:
            connection.execute(events.insert(), event_columns(event))

    def events(self, certificate_id: CertificateId | None) -> Sequence[Event]:
        """Return what happened to a certificate, oldest first."""
        query = (
            select(events)
            .where(events.c.certificate_id == certificate_id)
            .order_by(events.c.number)
        )
        with reading(self._engine) as connection:
            return [event_of(row) for row in connection.execute(query)]

    def newest_instant(self) -> datetime | None:
        """Return the latest time that one of the last events has."""
        last = select(events.c.at).order_by(events.c.number.desc()).limit(LAST_EVENTS).subquery()
        with reading(self._engine) as connection:
            newest: datetime | None = connection.scalars(select(func.max(last.c.at))).one()
        return newest

    def newest_issue(self, kid: str) -> datetime | None:
        """Return the newest issue instant of the certificates whose tokens a key signed."""
        issued = (
            each.certificate.issued_at
            for each in self.walk()
            if kid_of_link(each.certificate.token_url) == kid
        )
        return max(issued, default=None)

    def statuses(self, list_id: int) -> Mapping[int, CertificateState]:
        """Return the state of every slot of a list that a certificate has."""
        own = certificates.c
        query = select(own.slot, own.state).where(own.list_id == list_id)
        with reading(self._engine) as connection:
            return {row.slot: row.state for row in connection.execute(query)}


def _of_course(query: Select, course_id: str) -> Select:  # type: ignore[type-arg]
    return query.where(certificates.c.course_id == course_id) if course_id else query


def _filling(connection: Connection) -> int:
    """Return the list that is filling; what is counted is at most one list of an index."""
    own = certificates.c
    newest = int(connection.scalars(select(func.max(own.list_id))).one() or 1)
    used = connection.scalars(select(func.count()).where(own.list_id == newest)).one()
    return newest if used < FULL else newest + 1


def release(
    connection: Connection, certificate_id: CertificateId, state: CertificateState, event: Event
) -> CertificateState:
    """End the standing of a certificate, with *event*; its credit lines and marks are free.

    Its mails that the service cannot have taken yet are cancelled: one that is being
    sent loses its sender, whose final dot then stays away.

    Args:
        connection: In a transaction that is alone.
        certificate_id: The certificate.
        state: SUPERSEDED or REVOKED.
        event: What is recorded.

    Returns:
        The state it had before; only STANDING was changed.

    Raises:
        LedgerError: If there is no such certificate.
    """
    own = certificates.c
    row = connection.execute(
        select(own.state, own.course_id, own.marks).where(own.id == certificate_id)
    ).one_or_none()
    if row is None:
        raise LedgerError(f"the ledger has no certificate {certificate_id}")
    if row.state is CertificateState.STANDING:
        connection.execute(update(certificates).where(own.id == certificate_id).values(state=state))
        _free_lines(connection, certificate_id)
        # The marks as they were taken: a later cecert may derive others.
        _free_marks(connection, row.course_id, json.loads(row.marks))
        _cancel_mails(connection, certificate_id, f"its certificate was {state.value}", event)
        connection.execute(events.insert(), event_columns(event))
    return CertificateState(row.state)


def _free_lines(connection: Connection, certificate_id: CertificateId) -> None:
    own = credit_lines.c.certificate_id == certificate_id
    connection.execute(update(credit_lines).where(own).values(standing=False))


def _free_marks(connection: Connection, course_id: str, marks: Sequence[str]) -> None:
    held = identities.c
    connection.execute(
        update(identities)
        .where(held.course_id == course_id, held.mark.in_(marks))
        .values(holders=held.holders - 1)
    )


def _cancel_mails(
    connection: Connection, certificate_id: CertificateId, why: str, event: Event
) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.certificate_id == certificate_id, outbox.c.state.in_(_NOT_YET_TAKEN))
        .values(state=MailState.CANCELLED, reply=why, settled_at=event.at, owner=None, lease=None)
    )
