"""Opening a ledger, and making one: only `init` makes one.

The database itself refuses to forget or rewrite what was promised: triggers, set when the
ledger is made, let events only be added, of a certificate only the state change, once, and
of a mail only what became of it. Nothing is deleted, and no insert replaces a row.

A ledger of an older format is copied beside itself, then changed in one transaction.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, Engine, Index, Table, inspect, select, update
from sqlalchemy.schema import CreateIndex

from cecert.adapters.database.engine import (
    engine_of,
    faults_told,
    file_of,
    log_ahead,
    parse_url,
    reading,
    writing,
)
from cecert.adapters.database.ledger import DatabaseLedger
from cecert.adapters.database.outbox import DatabaseOutbox
from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    identities,
    ledger,
    metadata,
    outbox,
)
from cecert.errors import LedgerError

__all__ = [
    "FORMAT",
    "STEPS",
    "Database",
    "bring_up_to_date",
    "create_ledger",
    "open_database",
]

FORMAT = 1
"""Of the tables in `tables`; it counts up with every change of them."""

STEPS: Mapping[int, Callable[[Connection], None]] = {}
"""What makes a ledger of format n one of format n + 1; one for each that was released."""

_LATER: Mapping[str, Collection[str]] = {
    "sqlite": ("certificate_participant",),
    "postgresql": ("certificate_participant", "identity_mark"),
}
"""Indexes that ledgers of this format may lack. They change no format: older cecerts keep them."""

_CHANGING = {
    certificates: frozenset({"state"}),
    credit_lines: frozenset({"standing"}),
    events: frozenset[str](),
    identities: frozenset({"participant", "holders"}),
    outbox: frozenset(
        {"state", "due", "attempts", "reply", "settled_at", "first_tried_at", "owner", "lease"}
    ),
}
"""The columns of each guarded table that may change."""

_KEYS = {certificates: "id", events: "number", outbox: "key"}
"""By what an insert would replace a row (SQLite's INSERT OR REPLACE fires no delete trigger)."""


class Database:
    """An open ledger with its outbox; a context manager, which closes it.

    Attributes:
        ledger: What was promised.
        outbox: The mails that were promised.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.ledger = DatabaseLedger(engine)
        self.outbox = DatabaseOutbox(engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it; SQLite folds its write-ahead log into the file."""
        self._engine.dispose()


def open_database(url: str) -> Database:
    """Open the ledger at *url*, brought up to date if an older cecert made it.

    An SQLite file is copied beside itself before it is changed.

    Raises:
        LedgerError: If it is missing, no ledger, of a newer version, or cannot be read.
    """
    parsed = parse_url(url)
    path = file_of(parsed)
    if path is not None:
        _refuse_missing(path)
    engine = engine_of(parsed)
    try:
        bring_up_to_date(engine, path)
        log_ahead(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def _refuse_missing(path: Path) -> None:
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        size = 0
    except OSError as error:
        raise LedgerError(
            f"the ledger at {path} cannot be used: {error.strerror}",
            hint="it and its folder must be writable for the user who runs cecert",
        ) from error
    if not size:  # SQLite takes an empty file for a new database
        raise LedgerError(
            f"there is no ledger at {path}",
            hint="cecert init makes an office with its ledger; see [ledger] url in cecert.toml",
        )


def create_ledger(url: str) -> None:
    """Make an empty ledger at *url*; an SQLite file has mode 0600, a new folder 0700.

    Raises:
        LedgerError: If one is there already, or it cannot be made.
    """
    parsed = parse_url(url)
    path = file_of(parsed)
    if path is None:
        _create(parsed)
    else:
        _create_file(parsed, path)


def _create(url: URL) -> None:
    engine = engine_of(url)
    try:
        with writing(engine) as connection:
            if _is_ledger(connection):
                raise LedgerError("there is a ledger already", hint="nothing was changed")
            _build(connection)
        log_ahead(engine)
    finally:
        engine.dispose()


def _build(connection: Connection) -> None:
    metadata.create_all(connection)
    _set_guards(connection)
    connection.execute(ledger.insert(), {"id": 1, "format": FORMAT})


def _create_file(url: URL, path: Path) -> None:
    # Made under another name and linked when it is whole: a crash leaves no half ledger,
    # and linking never overwrites.
    if path.exists():
        raise LedgerError(f"there is a file already at {path}", hint="nothing was changed")
    unfinished = path.with_name(f".new-{secrets.token_hex(8)}-{path.name}")
    try:
        _make_folders(path.parent)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            _create(url.set(database=str(unfinished)))
            os.link(unfinished, path)
        finally:
            unfinished.unlink()
    except FileExistsError:
        raise LedgerError(
            f"there is a file already at {path}", hint="nothing was changed"
        ) from None
    except OSError as error:
        raise LedgerError(f"no ledger can be made at {path}: {error.strerror}") from error


def _make_folders(folder: Path) -> None:
    if not folder.exists():
        _make_folders(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def bring_up_to_date(
    engine: Engine,
    path: Path | None,
    steps: Mapping[int, Callable[[Connection], None]] = STEPS,
    target: int = FORMAT,
) -> None:
    """Check the ledger's format, and change an older one to *target*.

    Args:
        engine: Of the ledger.
        path: Its file, None on a server, whose backups are its keeper's.
        steps: As `STEPS`.
        target: As `FORMAT`.

    Raises:
        LedgerError: If it is no ledger, or of a newer format; nothing was changed.
    """
    with reading(engine) as connection:
        found = _format_of(connection, target)
    if found == target:
        _add_indexes(engine)
        return
    if path is not None:
        _copy(path, found)
    with writing(engine, alone=True) as connection:
        for number in range(_format_of(connection, target), target):
            steps[number](connection)
        connection.execute(update(ledger).values(format=target))


def _add_indexes(engine: Engine) -> None:
    with reading(engine) as connection:
        missing = list(_missing_indexes(connection))
    if missing:
        with writing(engine, alone=True) as connection:
            for each in missing:
                connection.execute(CreateIndex(each, if_not_exists=True))


def _missing_indexes(connection: Connection) -> Iterator[Index]:
    """Yield what is missing; to look is quick, and to make one waits for all who write."""
    known, later = inspect(connection), _LATER[connection.dialect.name]
    for table in metadata.tables.values():
        for each in table.indexes:
            if each.name in later and not known.has_index(table.name, str(each.name)):
                yield each


def _is_ledger(connection: Connection) -> bool:
    """Say whether the database of *connection* holds a ledger of any format."""
    return inspect(connection).has_table(ledger.name)


def _format_of(connection: Connection, target: int) -> int:
    if not _is_ledger(connection):
        raise LedgerError(
            "the database holds no ledger",
            hint="see [ledger] url in cecert.toml; cecert init makes an office with its ledger",
        )
    found = int(connection.scalars(select(ledger.c.format)).one())
    if found > target:
        raise LedgerError(
            f"the ledger is of a newer version: format {found}, this cecert knows {target}",
            hint="use the cecert that wrote it, or a later one; nothing was changed",
        )
    return found


def _copy(path: Path, number: int) -> None:
    """Copy the ledger beside itself, whole though others have it open."""
    try:
        # mkstemp makes it with mode 0600, and never takes a name that is there.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.format-{number}.")
    except OSError as error:
        raise LedgerError(
            f"no copy of the ledger can be made beside {path}: {error.strerror}",
            hint="make room there, and let this user write in the folder; nothing was changed",
        ) from error
    os.close(handle)
    try:
        with (
            faults_told(),
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(name)) as copy,
        ):
            source.backup(copy)
    except BaseException:
        Path(name).unlink()
        raise


@dataclass(frozen=True, slots=True)
class _Guard:
    name: str
    table: str
    act: str
    message: str
    when: str = ""


def _set_guards(connection: Connection) -> None:
    """Create the triggers in the database of *connection*."""
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for statement in statements(list(_guards())):
        connection.exec_driver_sql(statement)


def _guards() -> Iterator[_Guard]:
    for table, changing in _CHANGING.items():
        name = table.name
        yield _Guard(f"{name}_stays", name, "DELETE", f"nothing is deleted from {name}")
        frozen = _frozen(table, changing)
        act = f"UPDATE OF {frozen}" if changing else "UPDATE"
        yield _Guard(f"{name}_is_frozen", name, act, f"what {name} says never changes")
    final = "a certificate that was superseded or revoked stays so"
    yield _Guard(
        "certificate_state_is_final", "certificate", "UPDATE OF state", final,
        "OLD.state <> 'standing'",
    )  # fmt: skip


def _frozen(table: Table, changing: frozenset[str]) -> str:
    return ", ".join(f'"{each.name}"' for each in table.columns if each.name not in changing)


def _sqlite(guards: Sequence[_Guard]) -> Iterator[str]:
    for each in guards:
        yield _sqlite_trigger(each)
    for table, key in _KEYS.items():
        there = f'EXISTS (SELECT 1 FROM "{table.name}" WHERE "{key}" = NEW."{key}")'  # noqa: S608  # our own names
        message = f"a row of {table.name} is never replaced"
        yield _sqlite_trigger(
            _Guard(f"{table.name}_is_not_replaced", table.name, "INSERT", message, there)
        )


def _sqlite_trigger(guard: _Guard) -> str:
    when = f"WHEN {guard.when}" if guard.when else ""
    return (
        f'CREATE TRIGGER {guard.name} BEFORE {guard.act} ON "{guard.table}" {when} '
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _postgresql(guards: Sequence[_Guard]) -> Iterator[str]:
    yield (
        "CREATE FUNCTION cecert_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], "
        "ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for each in guards:
        when = f"WHEN ({each.when})" if each.when else ""
        yield (
            f'CREATE TRIGGER {each.name} BEFORE {each.act} ON "{each.table}" FOR EACH ROW {when} '
            f"EXECUTE FUNCTION cecert_refuse('{each.message}')"
        )
    for table in _CHANGING:
        yield (
            f'CREATE TRIGGER {table.name}_is_not_emptied BEFORE TRUNCATE ON "{table.name}" '
            f"EXECUTE FUNCTION cecert_refuse('nothing is deleted from {table.name}')"
        )
