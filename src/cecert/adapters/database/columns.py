"""Column types: what the domain's values are in a row, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Float, Integer, Text, cast, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from cecert.adapters.database.times import civil_text, civil_time, instant, microseconds
from cecert.domain.values.certificate_id import CertificateId

__all__ = [
    "CivilTime",
    "IdText",
    "Instant",
    "Number",
    "Words",
    "database_clock",
    "database_instant",
]

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
        """Return what is stored."""
        del dialect
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)


class Instant(TypeDecorator[datetime]):
    """An instant, as microseconds since 1970: exact, and in order."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return what is stored."""
        del dialect
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return it, in UTC."""
        del dialect
        return None if value is None else instant(value)


class CivilTime(TypeDecorator[datetime]):
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


class IdText(TypeDecorator[CertificateId]):
    """A certificate's id, as printed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: CertificateId | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        del dialect
        return None if value is None else str(value)

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
