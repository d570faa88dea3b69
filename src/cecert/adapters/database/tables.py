"""Tables of the ledger: one description for SQLite and PostgreSQL.

`certificate` holds the frozen snapshots, `credit_line` what each one credits,
`identity` who is known by which mark, `folded_form` under what people are looked up,
`event` what happened, `log_leaf` what of it the log says, `outbox` the mails,
`mail_account` the rate that senders share, `claim` who is at work on what, and `reported`
what a register was told. Several providers may share a database: the provider is part of
every key. Documents are files in the archive: a row is rewritten whole whenever its state
changes.
"""

from __future__ import annotations

from enum import Enum as PythonEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    collate,
    text,
)

from cecert.adapters.database.column_types import CivilTime, IdText, Instant, Number, Words
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState

__all__ = [
    "STANDING",
    "certificates",
    "claims",
    "credit_lines",
    "events",
    "folded_forms",
    "identities",
    "ledger",
    "log_leaves",
    "mail_accounts",
    "metadata",
    "outbox",
    "reported",
]

metadata = MetaData()


def _state(kind: type[PythonEnum], name: str) -> Enum:
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda states: [each.value for each in states],
    )


ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_ledger"), primary_key=True),
    Column("format", Integer, nullable=False),
)
"""One row: the version of the tables. Who writes several of them locks it first."""


def _provider(*, primary_key: bool = False) -> Column[str]:
    return Column("provider_id", Text, primary_key=primary_key, nullable=False)


def _of_certificate() -> ForeignKeyConstraint:
    # One that names no certificate is not looked up: any NULL will do (SQL MATCH SIMPLE).
    return ForeignKeyConstraint(
        ["provider_id", "certificate_id"], ["certificate.provider_id", "certificate.id"]
    )


certificates = Table(
    "certificate",
    metadata,
    Column("number", Number, primary_key=True),
    _provider(),
    Column("id", IdText, nullable=False),
    Column("course_id", Text, nullable=False),
    Column("participant", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("email", Words, nullable=False),
    Column("marks", Text, nullable=False),
    Column("state", _state(CertificateState, "certificate_state"), nullable=False),
    Column("document", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("list_id", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("actor", Words, nullable=False),
    Column("evidence", Words, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("credit_date", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    UniqueConstraint("provider_id", "id", name="one_certificate_an_id"),
    UniqueConstraint("provider_id", "document", name="one_certificate_a_document"),
    UniqueConstraint("provider_id", "list_id", "slot", name="one_certificate_a_slot"),
    Index("certificate_course", "provider_id", "course_id", "number"),
    Index("certificate_participant", "provider_id", "course_id", "participant"),
    Index("certificate_credit_date", "provider_id", "credit_date"),
    Index("certificate_key", "provider_id", "key_id", "issued_at"),
    sqlite_autoincrement=True,
)
"""`issued_at` and `key_id` (the kid, hexadecimal) are the token's; `credit_date` is ISO 8601."""

credit_lines = Table(
    "credit_line",
    metadata,
    _provider(primary_key=True),
    Column("certificate_id", IdText, primary_key=True),
    Column("credential", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("participant", Words, nullable=False),
    Column("standing", Boolean, nullable=False),
    _of_certificate(),
)
Index(
    "one_standing_certificate_a_credit_line",
    credit_lines.c.provider_id,
    credit_lines.c.course_id,
    credit_lines.c.participant,
    credit_lines.c.credential,
    unique=True,
    sqlite_where=credit_lines.c.standing,
    postgresql_where=credit_lines.c.standing,
)

STANDING = text("credit_line.standing")
"""Of a credit line, in the very words of the index above: SQLite knows `standing = 1` from it."""

identities = Table(
    "identity",
    metadata,
    _provider(primary_key=True),
    Column("course_id", Text, primary_key=True),
    Column("mark", Words, primary_key=True),
    Column("participant", Words, nullable=False),
    Column("holders", Integer, CheckConstraint("holders >= 0", name="counted"), nullable=False),
)
"""Whom a mark tells of in a course, and how many standing certificates of theirs hold it."""

# PostgreSQL orders text as people do, and then no index finds what begins so. SQLite orders
# bytes, as its primary key does already.
Index(
    "identity_mark",
    identities.c.provider_id,
    identities.c.course_id,
    collate(identities.c.mark, "C"),
).ddl_if(dialect="postgresql")

folded_forms = Table(
    "folded_form",
    metadata,
    _provider(primary_key=True),
    Column("form", Words, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("certificate_id", IdText, primary_key=True),
    _of_certificate(),
    Index("folded_form_certificate", "provider_id", "certificate_id"),
)
"""Under what a certificate's holder is looked up; `kind` is name, email or license."""

Index("folded_form_form", folded_forms.c.provider_id, collate(folded_forms.c.form, "C")).ddl_if(
    dialect="postgresql"
)

events = Table(
    "event",
    metadata,
    Column("number", Number, primary_key=True),
    _provider(),
    Column("certificate_id", IdText),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("reason", Words, nullable=False),
    _of_certificate(),
    Index("event_certificate", "provider_id", "certificate_id", "number"),
    Index("event_provider", "provider_id", "number"),
    sqlite_autoincrement=True,
)

log_leaves = Table(
    "log_leaf",
    metadata,
    _provider(primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("instant", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("salt", LargeBinary),
    Column("certificate_id", IdText),
    Column("event_number", Number, ForeignKey("event.number")),
    _of_certificate(),
    Index("log_leaf_certificate", "provider_id", "certificate_id"),
)
"""The log: `leaf` is `Leaf.encoded`, `instant` its seconds, `salt` what hides its event."""

outbox = Table(
    "outbox",
    metadata,
    Column("number", Number, primary_key=True),
    _provider(),
    Column("key", Text, nullable=False),
    Column("certificate_id", IdText),
    Column("course_id", Text, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("sha256", Text, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("deadline", CivilTime, nullable=False),
    Column("note", Words, nullable=False),
    Column("state", _state(MailState, "mail_state"), nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reply", Words, nullable=False),
    Column("settled_at", Instant),
    Column("first_tried_at", Instant),
    Column("owner", Text),
    Column("lease", Float(53)),
    UniqueConstraint("provider_id", "key", name="one_mail_a_key"),
    _of_certificate(),
    sqlite_autoincrement=True,
)
_queued, _held = (
    outbox.c.state == MailState.QUEUED,
    outbox.c.state.in_([MailState.SENDING, MailState.COMMITTING]),
)
Index(
    "outbox_due",
    outbox.c.provider_id,
    outbox.c.due,
    outbox.c.number,
    sqlite_where=_queued,
    postgresql_where=_queued,
)
Index("outbox_lease", outbox.c.lease, sqlite_where=_held, postgresql_where=_held)
Index("outbox_course", outbox.c.provider_id, outbox.c.course_id, outbox.c.state)
Index("outbox_certificate", outbox.c.provider_id, outbox.c.certificate_id)
"""A letter is about no certificate (`cecert.domain.mail.letter`)."""

claims = Table(
    "claim",
    metadata,
    _provider(primary_key=True),
    Column("course_id", Text, primary_key=True),
    Column("participant", Words, primary_key=True),
    Column("credential", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("lease", Float(53), nullable=False),
)
"""Who draws a certificate now, until when by the database's clock; no promise of anything."""

reported = Table(
    "reported",
    metadata,
    Column("number", Number, primary_key=True),
    _provider(),
    Column("register", Text, nullable=False),
    Column("certificate_id", IdText, nullable=False),
    Column("credential", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("file", Words, nullable=False),
    UniqueConstraint(
        "provider_id", "register", "certificate_id", "credential", name="reported_once"
    ),
    _of_certificate(),
    sqlite_autoincrement=True,
)
"""What a register of credits was told of a certificate, in which file.

`register` is its name and, after a space, the licence that it was told of.
"""

mail_accounts = Table(
    "mail_account",
    metadata,
    Column("name", Words, primary_key=True),
    Column("slot", Float(53), nullable=False),
    Column("speed", Float(53), nullable=False),
    Column("slowed", Float(53), nullable=False),
)
"""When an account's next mail may go, its speed when last slowed down, and when that was."""
