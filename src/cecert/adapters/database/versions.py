"""Versions of the tables: an older ledger is copied, then brought up to date in one transaction."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, Index, inspect, select, update
from sqlalchemy.schema import CreateIndex

from cecert.adapters.database.connecting import faults_told, reading, writing
from cecert.adapters.database.tables import ledger, metadata
from cecert.errors import LedgerError

__all__ = ["FORMAT", "STEPS", "bring_up_to_date", "is_ledger"]

FORMAT = 1
"""Of the tables in `tables`; it counts up with every change of them."""

STEPS: Mapping[int, Callable[[Connection], None]] = {}
"""What makes a ledger of format n one of format n + 1; one for each that was released."""


def is_ledger(connection: Connection) -> bool:
    """Say whether the database of *connection* holds a ledger of any format."""
    return inspect(connection).has_table(ledger.name)


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


_LATER: Mapping[str, Collection[str]] = {
    "sqlite": ("certificate_participant",),
    "postgresql": ("certificate_participant", "identity_mark"),
}
"""Indexes that ledgers of this format may lack. They change no format: older cecerts keep them."""


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


def _format_of(connection: Connection, target: int) -> int:
    if not is_ledger(connection):
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
