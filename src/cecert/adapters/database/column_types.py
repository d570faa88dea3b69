"""Types of the ledger's columns: instants, civil times, ids, and words that anybody wrote.

A time is kept as an instant where it is to be ordered, and as a civil time with its zone
where people read it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import BigInteger, ColumnElement, Dialect, Float, Integer, Text, cast, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError

__all__ = [
    "CivilTime",
    "IdText",
    "Instant",
    "Number",
    "Words",
    "civil_text",
    "civil_time",
    "database_clock",
    "database_instant",
    "instant",
    "microseconds",
    "stored_words",
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


def stored_words(text: str) -> str:
    """Return *text* as both databases store it: NUL and lone surrogates become U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


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
        return None if value is None else stored_words(value)


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


class CivilTime(TypeDecorator[datetime]):
    """A time that people read on a clock of their own zone."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the text that is stored of a civil time."""
        del dialect
        return None if value is None else civil_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the stored civil time, in its zone."""
        del dialect
        return None if value is None else civil_time(value)


class IdText(TypeDecorator[CertificateId]):
    """A certificate's id, as printed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: CertificateId | str | None, dialect: Dialect) -> str | None:
        """Return the printed form that is stored of an id."""
        del dialect
        # What a statement joins to an id, as a key does, is text already.
        return value.text if isinstance(value, CertificateId) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> CertificateId | None:
        """Return the id that was stored.

        Raises:
            LedgerError: If it is none: somebody else wrote it.
        """
        del dialect
        try:
            return None if value is None else CertificateId.parse(value)
        except ValueError as error:
            raise LedgerError(
                f"the ledger has {value!r} where a certificate's id stands: {error}",
                hint="it was edited by hand: compare it with its backup",
            ) from error


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
