"""Entering certificates: who may, judged inside the one transaction that enters them.

The transaction is alone (`writing`), so what it reads stays true until it ends; the
unique keys of the tables stand behind it all the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, select

from cecert.adapters.database.engine import insert_into
from cecert.adapters.database.events import add_numbered_events
from cecert.adapters.database.inserting import insert_rows
from cecert.adapters.database.log import LoggedAct, add_leaves
from cecert.adapters.database.lookup import held_alike, held_signs
from cecert.adapters.database.rows import (
    certificate_columns,
    credit_line_columns,
    form_rows,
    logged_event,
    mail_columns,
    token_of,
)
from cecert.adapters.database.snapshots import SnapshotWriter
from cecert.adapters.database.tables import (
    STANDING,
    certificates,
    credit_lines,
    folded_forms,
    identities,
    outbox,
)
from cecert.domain.certificate.certificate import StatusSlot
from cecert.domain.log.leaf import LeafKind
from cecert.domain.people.likeness import Acquaintances, Likeness
from cecert.domain.people.person import PersonSigns
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.ports import Entry, EntryResult, Event

__all__ = ["admit"]

T = TypeVar("T")
V = TypeVar("V")


def admit(
    connection: Connection, provider: str, entries: Sequence[Entry], at: datetime
) -> list[EntryResult]:
    """Enter those of *entries* that may be, with mails and events; say what became of each.

    Args:
        connection: In a transaction that is alone.
        provider: Whose certificates they are.
        entries: A group; an entry counts for those after it.
        at: When they were issued, the time of their events.

    Returns:
        A result for each entry, in their order.

    Raises:
        LedgerError: If the database holds a mark that was free a moment ago.
    """
    applicants = [_Applicant.of(each) for each in entries]
    doorkeeper = _Doorkeeper(connection, provider, applicants)
    results = [doorkeeper.judge(each) for each in applicants]
    admitted = [
        applicant
        for applicant, result in zip(applicants, results, strict=True)
        if result is EntryResult.ENTERED
    ]
    if admitted:
        _write(connection, provider, admitted, at)
    return results


@dataclass(frozen=True, slots=True)
class _Applicant:
    """An entry that asks to be entered, and by what its recipient is found.

    Attributes:
        entry: The entry.
        course_id: Of its course.
        signs: Of its recipient.
        marks: What tells the recipient across identities, sorted.
    """

    entry: Entry
    course_id: str
    signs: PersonSigns
    marks: Sequence[str]

    @classmethod
    def of(cls, entry: Entry) -> _Applicant:
        signs = entry.signs
        return cls(entry, entry.certificate.course.id, signs, sorted(signs.marks))


class _Doorkeeper:
    """Judges entries one after the other; an admitted one counts for those that follow."""

    def __init__(
        self, connection: Connection, provider: str, applicants: Sequence[_Applicant]
    ) -> None:
        """Read whatever in the ledger of *provider* concerns *applicants*."""
        entries = [each.entry for each in applicants]
        self._ids = set(_ids(connection, provider, entries))
        self._lines = set(_lines(connection, provider, entries))
        self._holders = {line[:2] for line in self._lines}
        self._participants = dict(_participants(connection, provider, applicants))
        self._slots = set(_slots(connection, provider, entries))
        self._people = defaultdict[str, Acquaintances](Acquaintances)
        for course_id, person in _alike(connection, provider, applicants):
            self._people[course_id].add(person)

    def judge(self, applicant: _Applicant) -> EntryResult:
        own = applicant.entry.certificate
        participant = own.recipient.participant
        lines = {(own.course.id, participant, each.credential) for each in own.credit_lines}
        marks = [(own.course.id, each) for each in applicant.marks]
        if own.id in self._ids or lines & self._lines:
            return EntryResult.HELD
        if any(self._participants.get(each, participant) != participant for each in marks):
            return EntryResult.OTHER_IDENTITY
        if self._is_alike(applicant):
            return EntryResult.OTHER_IDENTITY
        if own.slot in self._slots:
            return EntryResult.SLOT_TAKEN
        self._ids.add(own.id)
        self._lines |= lines
        self._holders.add((own.course.id, participant))
        self._participants.update(dict.fromkeys(marks, participant))
        self._slots.add(own.slot)
        self._people[own.course.id].add(applicant.signs)
        return EntryResult.ENTERED

    def _is_alike(self, applicant: _Applicant) -> bool:
        """Say whether the recipient is, or may be, somebody under another identity."""
        entry, own = applicant.entry, applicant.entry.certificate
        # Who holds something was asked about before it was issued.
        holder = own.course.id, own.recipient.participant
        settled = entry.different_from is None or holder in self._holders
        found = self._people[own.course.id].alike(applicant.signs)
        return any(each is Likeness.PERSON or not settled for _, each in found)


def _ids(
    connection: Connection, provider: str, entries: Sequence[Entry]
) -> Iterable[CertificateId]:
    own, wanted = certificates.c, [each.certificate.id for each in entries]
    which = own.provider_id == provider, own.id.in_(wanted)
    return connection.scalars(select(own.id).where(*which))


# One course or list after the other: SQLite finds pairs in no index, it reads the table.


def _lines(
    connection: Connection, provider: str, entries: Sequence[Entry]
) -> Iterator[tuple[str, str, str]]:
    own = credit_lines.c
    query = select(own.course_id, own.participant, own.credential)
    query = query.where(own.provider_id == provider, STANDING)
    people = ((e.certificate.course.id, e.certificate.recipient.participant) for e in entries)
    for course_id, participants in _grouped(people):
        which = own.course_id == course_id, own.participant.in_(participants)
        yield from (tuple(row) for row in connection.execute(query.where(*which)))


def _participants(
    connection: Connection, provider: str, applicants: Sequence[_Applicant]
) -> Iterator[tuple[tuple[str, str], str]]:
    held = identities.c
    query = select(held.course_id, held.mark, held.participant)
    query = query.where(held.provider_id == provider, held.holders > 0)
    pairs = ((each.course_id, mark) for each in applicants for mark in each.marks)
    for course_id, marks in _grouped(pairs):
        which = held.course_id == course_id, held.mark.in_(marks)
        for row in connection.execute(query.where(*which)):
            yield (row.course_id, row.mark), row.participant


def _alike(
    connection: Connection, provider: str, applicants: Sequence[_Applicant]
) -> Iterator[tuple[str, PersonSigns]]:
    """Yield whoever has address, licence or name in common with *applicants*."""
    people = ((each.course_id, each.signs) for each in applicants)
    for course_id, signs in _grouped(people):
        for row in held_alike(connection, provider, course_id, signs):
            yield course_id, held_signs(row)


def _slots(connection: Connection, provider: str, entries: Sequence[Entry]) -> Iterator[StatusSlot]:
    own = certificates.c
    query = select(own.list_id, own.slot).where(own.provider_id == provider)
    wanted = ((e.certificate.slot.list_id, e.certificate.slot.index) for e in entries)
    for list_id, slots in _grouped(wanted):
        which = own.list_id == list_id, own.slot.in_(slots)
        yield from (StatusSlot(*row) for row in connection.execute(query.where(*which)))


def _grouped(pairs: Iterable[tuple[T, V]]) -> Iterator[tuple[T, list[V]]]:
    found: defaultdict[T, dict[V, None]] = defaultdict(dict)
    for first, second in pairs:
        found[first][second] = None
    return ((first, list(seconds)) for first, seconds in found.items())


def _write(
    connection: Connection, provider: str, admitted: Sequence[_Applicant], at: datetime
) -> None:
    entries, texts = [each.entry for each in admitted], SnapshotWriter()
    tokens = [token_of(each.certificate) for each in entries]
    rows = [
        certificate_columns(each.entry, each.marks, token, texts)
        for each, token in zip(admitted, tokens, strict=True)
    ]
    found = {
        certificates: rows,
        credit_lines: [line for each in entries for line in credit_line_columns(each)],
        folded_forms: [
            form for each in entries for form in form_rows(each.certificate, each.email)
        ],
        outbox: [mail_columns(provider, each.mail) for each in entries],
    }
    insert_rows(connection, found)
    issues = [Event("issued", at, each.certificate.id, each.actor, each.level) for each in entries]
    numbers = _write_events(connection, provider, issues)
    acts = [
        LoggedAct(
            LeafKind.ISSUED,
            entry.certificate.id,
            token.payload,
            logged_event(issue),
            number,
            entry.sha256,
        )
        for entry, token, issue, number in zip(entries, tokens, issues, numbers, strict=True)
    ]
    add_leaves(connection, provider, acts, int(at.timestamp()))
    _hold(connection, provider, admitted)


def _write_events(connection: Connection, provider: str, issues: Sequence[Event]) -> Sequence[int]:
    """Record *issues*, and that each one's mail was queued; return the issues' numbers."""
    told = [
        event
        for each in issues
        for event in (each, Event("queued", each.at, each.certificate_id, each.actor))
    ]
    return add_numbered_events(connection, provider, told)[::2]


def _hold(connection: Connection, provider: str, admitted: Sequence[_Applicant]) -> None:
    """Take the marks of all recipients; the key refuses one that another holds."""
    # Counted first: PostgreSQL changes no row twice in one statement, and one person may
    # get several certificates in a group.
    wanted = Counter(
        (each.course_id, mark, each.entry.certificate.recipient.participant)
        for each in admitted
        for mark in each.marks
    )
    held, insert = identities.c, insert_into(connection, identities)
    statement = insert.on_conflict_do_update(
        index_elements=identities.primary_key.columns,
        set_={
            "participant": insert.excluded.participant,
            "holders": held.holders + insert.excluded.holders,
        },
        where=(held.holders == 0) | (held.participant == insert.excluded.participant),
    )
    keys = ("provider_id", "course_id", "mark", "participant", "holders")
    rows = [
        dict(zip(keys, (provider, *each, count), strict=True)) for each, count in wanted.items()
    ]
    taken = connection.execute(statement.returning(held.holders), rows).all()
    if len(taken) < len(rows):
        raise LedgerError(
            f"{len(rows) - len(taken)} of the {len(rows)} marks of {len(admitted)} certificates"
            f" from {admitted[0].entry.certificate.id} on belong to another identity"
        )
