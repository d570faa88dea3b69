"""Tables of the ledger, and the types of their columns; one description for SQLite and PostgreSQL.

`certificate` holds the frozen snapshots, `credit_line` what each one credits,
`identity` who is known by which mark, `event` what happened, `outbox` the mails, and
`mail_account` the rate that senders share. Documents are files in the archive: no row
holds a blob, because a row is rewritten whole whenever its state changes.

A time is kept as an instant where it is to be ordered, and as a civil time with its zone
where people read it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import Enum as PythonEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Dialect,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    cast,
    collate,
    text,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState
from cecert.domain.values.certificate_id import CertificateId

__all__ = [
    "STANDING",
    "Instant",
    "Number",
    "Words",
    "certificates",
    "civil_text",
    "civil_time",
    "credit_lines",
    "database_clock",
    "database_instant",
    "events",
    "identities",
    "instant",
    "ledger",
    "mail_accounts",
    "metadata",
    "microseconds",
    "outbox",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(time: datetime) -> int:
    """Return *time* as microseconds since 1970, UTC.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (time.astimezone(UTC) - _EPOCH) // _MICROSECOND


def instant(number: int) -> datetime:
    """Return the instant, in UTC, of that many microseconds since 1970."""
    return _EPOCH + number * _MICROSECOND


def civil_text(time: datetime) -> str:
    """Return *time* with its offset and, where it has one, its zone (RFC 9557).

    >>> civil_text(datetime(2020, 10, 22, 13, tzinfo=ZoneInfo("America/New_York")))
    '2020-10-22T13:00:00-04:00[America/New_York]'
    """
    zone = time.tzinfo.key if isinstance(time.tzinfo, ZoneInfo) else None
    return f"{time.isoformat()}[{zone}]" if zone else time.isoformat()


def civil_time(text: str) -> datetime:
    """Return the time that `civil_text` wrote.

    A zone whose rules say otherwise today than when it was written does not move the
    clock: then the offset that was written stands, without its zone.

    Raises:
        ValueError: If it is no such text.
    """
    written, bracket, zone = text.partition("[")
    fixed = datetime.fromisoformat(written)
    if fixed.tzinfo is None or (bracket and not zone.endswith("]")):
        raise ValueError(f"{text!r} is no time with an offset")
    if not bracket:
        return fixed
    try:
        zoned = fixed.astimezone(ZoneInfo(zone[:-1]))
    except (ZoneInfoNotFoundError, ValueError):
        return fixed
    return zoned if zoned.replace(tzinfo=None) == fixed.replace(tzinfo=None) else fixed


Number = BigInteger().with_variant(Integer, "sqlite")
"""A row's number: only an INTEGER key is SQLite's own row id."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Words(TypeDecorator[str]):
    """Text that anybody may have written: NUL and lone surrogates become U+FFFD.

    PostgreSQL stores no NUL, neither stores a surrogate, and a mail server's reply may
    hold both.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as both databases store it."""
        del dialect
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)


class Instant(TypeDecorator[datetime]):
    """An instant, as microseconds since 1970: exact, and in order."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the microseconds that are stored of an aware time."""
        del dialect
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant, in UTC."""
        del dialect
        return None if value is None else instant(value)


class _CivilTime(TypeDecorator[datetime]):
    """A time that people read on a clock of their own zone."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        del dialect
        return None if value is None else civil_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return it, in its zone."""
        del dialect
        return None if value is None else civil_time(value)


class _IdText(TypeDecorator[CertificateId]):
    """A certificate's id, as printed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: CertificateId | str | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        del dialect
        # What a statement joins to an id, as a key does, is text already.
        return value.text if isinstance(value, CertificateId) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> CertificateId | None:
        """Return the id."""
        del dialect
        return None if value is None else CertificateId.parse(value)


class database_clock(GenericFunction[float]):  # noqa: N801  # SQL functions are lower case
    """Seconds since 1970 by the clock of the database, which all machines share."""

    type = Float(53)
    inherit_cache = True


def database_instant() -> ColumnElement[datetime]:
    """Return the database's clock as an `Instant`."""
    return type_coerce(cast(database_clock() * 1_000_000, BigInteger), Instant)


@compiles(database_clock, "sqlite")
def _sqlite_clock(element: database_clock, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  # SQLAlchemy's
    del element, compiler, options
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_clock, "postgresql")
def _postgresql_clock(element: database_clock, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  # SQLAlchemy's
    del element, compiler, options
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


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
    Column("id", _IdText, nullable=False, unique=True),
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
    Column("certificate_id", _IdText, ForeignKey("certificate.id"), primary_key=True),
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
    Column("certificate_id", _IdText, ForeignKey("certificate.id")),
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
    Column("certificate_id", _IdText, ForeignKey("certificate.id"), nullable=False),
    Column("course_id", Text, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("sha256", Text, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("deadline", _CivilTime, nullable=False),
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
