"""Rows: the ledger's values as the columns of its tables, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, Select, select

from cecert.adapters.database.snapshots import SnapshotWriter, certificate_of
from cecert.adapters.database.tables import STANDING, certificates, credit_lines, outbox
from cecert.domain.mail.message import FIRST, OutboxRow
from cecert.domain.people.person import identity_marks
from cecert.ports import Entry, Event, HeldLine

__all__ = [
    "certificate_columns",
    "credit_line_columns",
    "entry_of",
    "event_columns",
    "event_of",
    "held_line_of",
    "mail_columns",
    "mail_of",
    "marks_of",
    "select_entries",
    "select_held",
    "select_mails",
]

_MAIL_FIELDS = tuple(each.name for each in fields(OutboxRow))
_MAIL_COLUMNS = tuple(outbox.c[name] for name in _MAIL_FIELDS)
_OWN = tuple(
    certificates.c[name] for name in ("snapshot", "email", "document", "actor", "evidence")
)
_ENTRY_COLUMNS = (
    *_OWN,
    certificates.c.number.label("entry_number"),
    certificates.c.sha256.label("entry_sha256"),
    certificates.c.state.label("entry_state"),
)


def marks_of(entry: Entry) -> list[str]:
    """Return what tells the recipient of *entry* across identities, sorted."""
    recipient = entry.certificate.recipient
    return sorted(identity_marks(recipient.name, entry.email, recipient.licenses))


def certificate_columns(entry: Entry, snapshots: SnapshotWriter) -> dict[str, Any]:
    """Return the row of `certificate` for *entry*, its text from its group's writer."""
    own = entry.certificate
    return {
        "id": own.id,
        "course_id": own.course.id,
        "participant": own.recipient.participant,
        "name": own.recipient.name,
        "email": entry.email,
        "marks": json.dumps(marks_of(entry)),
        "state": entry.state,
        "document": entry.document,
        "sha256": entry.sha256,
        "list_id": own.slot.list_id,
        "slot": own.slot.index,
        "actor": entry.actor,
        "evidence": entry.evidence,
        "snapshot": snapshots.text_of(own),
    }


def credit_line_columns(entry: Entry) -> Iterator[dict[str, Any]]:
    """Yield the rows of `credit_line` for *entry*."""
    own = entry.certificate
    for line in own.credit_lines:
        yield {
            "certificate_id": own.id,
            "credential": line.credential,
            "course_id": own.course.id,
            "participant": own.recipient.participant,
            "standing": True,
        }


def mail_columns(row: OutboxRow) -> dict[str, Any]:
    """Return the row of `outbox` for *row*."""
    return {name: getattr(row, name) for name in _MAIL_FIELDS}


def event_columns(event: Event) -> dict[str, Any]:
    """Return the row of `event` for *event*."""
    return {each.name: getattr(event, each.name) for each in fields(event)}


def select_mails() -> Select[Any]:
    """Return the query of mails, for `mail_of`."""
    return select(*_MAIL_COLUMNS)


def mail_of(row: Row[Any]) -> OutboxRow:
    """Return the mail of a row of `select_mails`."""
    return OutboxRow(**{name: row._mapping[name] for name in _MAIL_FIELDS})  # noqa: SLF001  # Row's public mapping


def select_entries() -> Select[Any]:
    """Return the query of entries in order of issue, for `entry_of`."""
    first = outbox.c.key == certificates.c.id.concat(f":{FIRST}")
    return (
        select(*_ENTRY_COLUMNS, *_MAIL_COLUMNS)
        .join_from(certificates, outbox, first)
        .order_by(certificates.c.number)
    )


def entry_of(row: Row[Any]) -> Entry:
    """Return the entry of a row of `select_entries`."""
    return Entry(
        certificate=certificate_of(row.snapshot),
        email=row.email,
        document=row.document,
        sha256=row.entry_sha256,
        mail=mail_of(row),
        actor=row.actor,
        state=row.entry_state,
        evidence=row.evidence,
    )


def event_of(row: Row[Any]) -> Event:
    """Return the event of a row of `event`."""
    return Event(**{each.name: row._mapping[each.name] for each in fields(Event)})  # noqa: SLF001  # as above


def select_held() -> Select[Any]:
    """Return the query of credit lines on standing certificates, for `held_line_of`."""
    own = certificates.c
    return (
        select(own.participant, own.name, own.email, own.marks, own.id, credit_lines.c.credential)
        .join_from(credit_lines, certificates, credit_lines.c.certificate_id == own.id)
        .where(STANDING)
    )


def held_line_of(row: Row[Any]) -> HeldLine:
    """Return the credit line of a row of `select_held`."""
    return HeldLine(
        participant=row.participant,
        name=row.name,
        email=row.email,
        marks=frozenset(json.loads(row.marks)),
        credential=row.credential,
        certificate_id=row.id,
    )
