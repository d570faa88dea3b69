"""Connecting to the database behind a ledger's URL, and its failures in cecert's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    QueuePool,
    Table,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from cecert.adapters.database.tables import ledger
from cecert.errors import FullError, LedgerError, LockedError

__all__ = [
    "engine_of",
    "faults_told",
    "file_of",
    "insert_into",
    "insert_or_update",
    "log_ahead",
    "newer_format",
    "parse_url",
    "path_of",
    "read_only",
    "reading",
    "reading_one_moment",
    "refuse_newer",
    "writing",
]

PATIENCE = 30
"""Seconds to wait while another program writes the ledger."""


def parse_url(url: str) -> URL:
    """Take a ledger's URL apart.

    Raises:
        LedgerError: If no ledger can be kept there.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The text may hold a password, so it is not shown.
        raise LedgerError("the ledger's URL is none", hint=_URLS) from None
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise LedgerError(f"no ledger is kept in {parsed!r}", hint=_URLS)
    # Options after a question mark have no use here, and a folder's name may hold one.
    return parsed.set(database=url.partition("///")[2], query={})


_URLS = "such as sqlite:///ledger.db or postgresql+psycopg://user@host/database"


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite ledger, None for a server's."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def engine_of(url: URL) -> Engine:
    """Return an engine; an SQLite file must be there already, and is not made.

    Raises:
        LedgerError: If the program for PostgreSQL is not installed.
    """
    path = file_of(url)
    if path is not None:
        return _sqlite_engine(path)
    try:
        engine = create_engine(url, pool_pre_ping=True, isolation_level=_ISOLATION)
    except ImportError as error:
        hint = "pip install 'cecert[postgresql]'"
        raise LedgerError("a ledger on PostgreSQL needs psycopg", hint=hint) from error
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _sqlite_engine(path: Path) -> Engine:
    # mode=rw: SQLite makes a missing file otherwise, and a mistyped path gets a ledger.
    uri = f"file:{quote(str(path.absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def path_of(engine: Engine) -> Path:
    """Return the file of an SQLite ledger that is open.

    Raises:
        LedgerError: If it cannot be asked.
    """
    with faults_told(), closing(engine.raw_connection()) as connection:
        (_, _, path), *_ = connection.cursor().execute("PRAGMA database_list").fetchall()
    return Path(path)


def _prepare_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    del entry
    # A ledger keeps its write-ahead log, whose default may lose the last commits with
    # the power, and with them the mark that a mail was committed.
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{PATIENCE}s'")
    cursor.execute(_DURABLE)
    cursor.close()
    connection.commit()


_ISOLATION = "READ COMMITTED"
"""Who waited to be alone must then see what the one before committed."""

_DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'"
)
"""A server may be set up to lose its last commits in a crash; a ledger may not."""


def log_ahead(engine: Engine) -> None:
    """Have SQLite keep a write-ahead log, so that reading waits for no writer."""
    if engine.dialect.name == "sqlite":
        with faults_told(), closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail at once where another
    # one wrote in between, so one that will write says so at its start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def read_only(engine: Engine, found: int) -> Engine:
    """Return *engine* for a ledger of the newer format *found*, which is only read."""
    return engine.execution_options(newer_format=found)


def newer_format(engine: Engine) -> int | None:
    """Return the format of a ledger that is only read; None where it may be written."""
    found: int | None = engine.get_execution_options().get("newer_format")
    return found


def refuse_newer(engine: Engine) -> None:
    """Refuse to write a ledger that is only read.

    Raises:
        LedgerError: If it is of a newer format.
    """
    if (newer := newer_format(engine)) is not None:
        raise LedgerError(
            f"the ledger is of a newer version, format {newer}: this cecert only reads it",
            hint="use the cecert that wrote it, or a later one; nothing was changed",
        )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that reads."""
    with faults_told(), engine.begin() as connection:
        yield connection


@contextmanager
def reading_one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that reads: all its statements see the ledger of the same moment."""
    if engine.dialect.name == "postgresql":  # SQLite's readers do anyway
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with reading(engine) as connection:
        yield connection


@contextmanager
def writing(engine: Engine, *, alone: bool = False) -> Iterator[Connection]:
    """Open a transaction that writes.

    Args:
        engine: Of the ledger.
        alone: Wait until no other such transaction is open, on any machine: what it
            reads then stays true until it ends. On SQLite every writer is alone.

    Raises:
        LedgerError: If a later cecert made the ledger, or it cannot be written.
    """
    refuse_newer(engine)
    with faults_told(), engine.connect() as connection:
        # Not of an engine with the option: one is made anew each time, with a logger.
        connection.execution_options(writes=True)
        with connection.begin():
            if alone:
                connection.execute(select(ledger.c.format).with_for_update()).all()
            yield connection


def insert_into(connection: Connection, table: Table) -> Any:  # noqa: ANN401  # of no common type
    """Return the dialect's own insert, which knows what to do where the key is taken."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return insert(table)


def insert_or_update(
    connection: Connection,
    table: Table,
    values: Mapping[str, Any],
    changes: Mapping[str, Any],
    where: ColumnElement[bool] | None = None,
) -> Any:  # noqa: ANN401  # of no common type
    """Return the statement that inserts *values*, or makes *changes* to the row of their key.

    Args:
        connection: Says which database it is for.
        table: Where.
        values: Of a new row.
        changes: Of a row that is there; a column stands for what it held before.
        where: Leave a row that is there alone unless this holds of it.
    """
    return (
        insert_into(connection, table)
        .values(values)
        .on_conflict_do_update(index_elements=table.primary_key.columns, set_=changes, where=where)
    )


@contextmanager
def faults_told() -> Iterator[None]:
    """Raise what the database says as a LedgerError that says what can be done."""
    try:
        yield
    except DBAPIError as error:
        raise _told(error.orig or error) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _told(error) from error


def _told(error: BaseException) -> LedgerError:
    words = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    hint = next((hint for sign, hint in _HINTS.items() if sign in words), "")
    found = next((kind for sign, kind in _KINDS.items() if sign in words), LedgerError)
    return found(f"the ledger cannot be used: {words}", hint=hint)


_KINDS: Mapping[str, type[LedgerError]] = {
    "database is locked": LockedError,
    "lock timeout": LockedError,
    "disk is full": FullError,
    "No space left": FullError,
}
"""What the database's words mean to a program."""


_HINTS = {
    "database is locked": "another program is writing it; try again when it has ended",
    "lock timeout": "another program is writing it; try again when it has ended",
    "readonly": "it and its folder must be writable for the user who runs cecert",
    "read-only": "it must be writable for the user who runs cecert",
    "unable to open": "it and its folder must be readable and writable for this user",
    "is full": "make room on the disk and run the command again",
    "permission denied": "the database's user must own the ledger's tables",
    "No space left": "make room on the server's disk and run the command again",
    "disk I/O error": "make room on the disk, or see whether it is failing",
    "is not a database": "it is no ledger; see [ledger] url in cecert.toml",
    "malformed": "it is damaged: restore the ledger from its backup",
    "no such table": "it is no ledger; see [ledger] url in cecert.toml",
    "no such column": "a later cecert made it; use that one",
    "connection": "see whether the database server runs and CECERT_LEDGER_URL names it",
}
