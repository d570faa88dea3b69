"""Tables of the ledger; one description for SQLite and PostgreSQL.

`certificate` holds the frozen snapshots, `credit_line` what each one credits,
`identity` who is known by which mark, `event` what happened, `outbox` the mails, and
`mail_account` the rate that senders share. Documents are files in the archive: no row
holds a blob, because a row is rewritten whole whenever its state changes.
"""

from __future__ import annotations

from enum import Enum as PythonEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    collate,
    text,
)

from cecert.adapters.database.columns import CivilTime, IdText, Instant, Number, Words
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState

__all__ = [
    "STANDING",
    "certificates",
    "credit_lines",
    "events",
    "identities",
    "ledger",
    "mail_accounts",
    "metadata",
    "outbox",
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

certificates = Table(
    "certificate",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", IdText, nullable=False, unique=True),
    Column("course_id", Text, nullable=False),
    Column("participant", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("email", Words, nullable=False),
    Column("marks", Text, nullable=False),
    Column("state", _state(CertificateState, "certificate_state"), nullable=False),
    Column("document", Text, nullable=False, unique=True),
    Column("sha256", Text, nullable=False),
    Column("list_id", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("actor", Words, nullable=False),
    Column("evidence", Words, nullable=False),
    Column("snapshot", Text, nullable=False),
    UniqueConstraint("list_id", "slot", name="one_certificate_a_slot"),
    Index("certificate_course", "course_id", "number"),
    Index("certificate_participant", "course_id", "participant"),
    sqlite_autoincrement=True,
)

credit_lines = Table(
    "credit_line",
    metadata,
    Column("certificate_id", IdText, ForeignKey("certificate.id"), primary_key=True),
    Column("credential", Text, primary_key=True),
    Column("course_id", Text, nullable=False),
    Column("participant", Words, nullable=False),
    Column("standing", Boolean, nullable=False),
)
Index(
    "one_standing_certificate_a_credit_line",
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
    Column("course_id", Text, primary_key=True),
    Column("mark", Words, primary_key=True),
    Column("participant", Words, nullable=False),
    Column("holders", Integer, CheckConstraint("holders >= 0", name="counted"), nullable=False),
)
"""Whom a mark tells of in a course, and how many standing certificates of theirs hold it."""

# PostgreSQL orders text as people do, and then no index finds what begins so. SQLite orders
# bytes, as its primary key does already.
Index("identity_mark", identities.c.course_id, collate(identities.c.mark, "C")).ddl_if(
    dialect="postgresql"
)

events = Table(
    "event",
    metadata,
    Column("number", Number, primary_key=True),
    Column("certificate_id", IdText, ForeignKey("certificate.id")),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Index("event_certificate", "certificate_id", "number"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("number", Number, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("certificate_id", IdText, ForeignKey("certificate.id"), nullable=False),
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
    sqlite_autoincrement=True,
)
_queued, _held = (
    outbox.c.state == MailState.QUEUED,
    outbox.c.state.in_([MailState.SENDING, MailState.COMMITTING]),
)
Index("outbox_due", outbox.c.due, outbox.c.number, sqlite_where=_queued, postgresql_where=_queued)
Index("outbox_lease", outbox.c.lease, sqlite_where=_held, postgresql_where=_held)
Index("outbox_course", outbox.c.course_id, outbox.c.state)
Index("outbox_certificate", outbox.c.certificate_id)

mail_accounts = Table(
    "mail_account",
    metadata,
    Column("name", Words, primary_key=True),
    Column("slot", Float(53), nullable=False),
    Column("speed", Float(53), nullable=False),
    Column("slowed", Float(53), nullable=False),
)
"""When an account's next mail may go, its speed when last slowed down, and when that was."""
