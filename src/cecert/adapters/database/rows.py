"""Rows: the ledger's values as the columns of its tables, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select

from cecert.adapters.database.column_types import microseconds, stored_words
from cecert.adapters.database.snapshots import SnapshotWriter, certificate_of
from cecert.adapters.database.tables import STANDING, certificates, credit_lines, outbox
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.cose.cose import Signed, open_envelope
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.log.leaf import LoggedEvent
from cecert.domain.mail.message import FIRST, OutboxRow
from cecert.domain.people.folded_forms import forms_of
from cecert.domain.token.verify import token_digits
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.ports import Entry, Event, HeldLine

__all__ = [
    "certificate_columns",
    "credit_line_columns",
    "entry_of",
    "event_columns",
    "event_of",
    "form_rows",
    "held_line_of",
    "in_order",
    "line_is_of_certificate",
    "logged_event",
    "mail_columns",
    "mail_of",
    "select_entries",
    "select_held",
    "select_mails",
    "signed_token",
    "token_of",
]

_MAIL_FIELDS = tuple(each.name for each in fields(OutboxRow))
_mail_values = attrgetter(*_MAIL_FIELDS)
_MAIL_NAMES = ("provider_id", *_MAIL_FIELDS)
_EVENT_FIELDS = tuple(each.name for each in fields(Event))
_event_values = attrgetter(*_EVENT_FIELDS)
_EVENT_NAMES = ("provider_id", *_EVENT_FIELDS)
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


def token_of(certificate: Certificate) -> Signed:
    """Return the token of a certificate, taken apart.

    Raises:
        LedgerError: If it has none.
    """
    return signed_token(certificate.id, certificate.token_url)


def signed_token(certificate_id: CertificateId, url: str) -> Signed:
    """Return the token in a certificate's link, taken apart.

    Raises:
        LedgerError: If there is none.
    """
    try:
        return open_envelope(bytes_of_digits(token_digits(url)[1:]))
    except ValueError as error:
        raise LedgerError(f"certificate {certificate_id} has no token: {error}") from error


def certificate_columns(
    entry: Entry, marks: Sequence[str], token: Signed, snapshots: SnapshotWriter
) -> dict[str, Any]:
    """Return the row of `certificate` for *entry*.

    Args:
        entry: The entry.
        marks: What tells its recipient across identities, sorted.
        token: Its certificate's, taken apart.
        snapshots: The writer of its group.
    """
    own = entry.certificate
    return {
        "provider_id": own.provider.id,
        "id": own.id,
        "course_id": own.course.id,
        "participant": own.recipient.participant,
        "name": own.recipient.name,
        "email": entry.email,
        "marks": json.dumps(marks),
        "state": entry.state,
        "document": entry.document,
        "sha256": entry.sha256,
        "list_id": own.slot.list_id,
        "slot": own.slot.index,
        "actor": entry.actor,
        "evidence": entry.evidence,
        "issued_at": own.issued_at,
        "credit_date": own.credit_date.isoformat(),
        "key_id": token.kid.hex(),
        "snapshot": snapshots.text_of(own),
    }


def credit_line_columns(entry: Entry) -> Iterator[dict[str, Any]]:
    """Yield the rows of `credit_line` for *entry*."""
    own = entry.certificate
    for line in own.credit_lines:
        yield {
            "provider_id": own.provider.id,
            "certificate_id": own.id,
            "credential": line.credential,
            "course_id": own.course.id,
            "participant": own.recipient.participant,
            "standing": True,
        }


def form_rows(certificate: Certificate, email: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of `folded_form` for a certificate mailed to *email*."""
    forms = forms_of(certificate.recipient.name, email, certificate.recipient.licenses)
    for kind, form in sorted(forms, key=str):
        yield {
            "provider_id": certificate.provider.id,
            "form": form,
            "kind": kind.value,
            "certificate_id": certificate.id,
        }


def mail_columns(provider: str, row: OutboxRow) -> dict[str, Any]:
    """Return the row of `outbox` for a mail of *provider*."""
    return dict(zip(_MAIL_NAMES, (provider, *_mail_values(row)), strict=True))


def event_columns(provider: str, event: Event) -> dict[str, Any]:
    """Return the row of `event` for an event of *provider*."""
    return dict(zip(_EVENT_NAMES, (provider, *_event_values(event)), strict=True))


def select_mails() -> Select[Any]:
    """Return the query of mails, for `mail_of`; of all providers."""
    return select(*_MAIL_COLUMNS)


def mail_of(row: Row[Any]) -> OutboxRow:
    """Return the mail of a row of `select_mails`."""
    return OutboxRow(*_mail_values(row))


def select_entries() -> Select[Any]:
    """Return the query of entries in order of issue, for `entry_of`; of all providers."""
    own = certificates.c
    first = outbox.c.key == own.id.concat(f":{FIRST}")
    return (
        select(*_ENTRY_COLUMNS, *_MAIL_COLUMNS)
        .join_from(certificates, outbox, and_(outbox.c.provider_id == own.provider_id, first))
        .order_by(own.number)
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


def logged_event(event: Event) -> LoggedEvent:
    """Return what a leaf of the log commits to of an event about a certificate.

    Raises:
        ValueError: If it is about none.
    """
    if event.certificate_id is None:
        raise ValueError(f"an event {event.kind} of no certificate is no leaf")
    row = (stored_words(event.actor), stored_words(event.reason))
    return LoggedEvent(event.certificate_id, event.kind, microseconds(event.at), *row)


def in_order(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return *column* for a condition of a query that walks rows in another order.

    Concatenated, so that no index of it is taken: SQLite would read and sort all that it
    finds for each chunk.
    """
    return column.concat("")


def event_of(row: Row[Any]) -> Event:
    """Return the event of a row of `event`."""
    return Event(**{each.name: row._mapping[each.name] for each in fields(Event)})  # noqa: SLF001  # as above


def select_held() -> Select[Any]:
    """Return the query of credit lines on standing certificates, for `held_line_of`."""
    own = certificates.c
    return (
        select(own.participant, own.name, own.email, own.marks, own.id, credit_lines.c.credential)
        .join_from(credit_lines, certificates, line_is_of_certificate())
        .where(STANDING)
    )


def line_is_of_certificate() -> ColumnElement[bool]:
    """Say of a credit line and a certificate that they belong together."""
    own, line = certificates.c, credit_lines.c
    return and_(line.provider_id == own.provider_id, line.certificate_id == own.id)


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
