"""Opening a ledger, and making one: only `init` makes one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, Engine

from cecert.adapters.database.connecting import engine_of, file_of, log_ahead, parse_url, writing
from cecert.adapters.database.guards import set_guards
from cecert.adapters.database.mails import DatabaseOutbox
from cecert.adapters.database.records import DatabaseLedger
from cecert.adapters.database.tables import ledger, metadata
from cecert.adapters.database.versions import FORMAT, bring_up_to_date, is_ledger
from cecert.errors import LedgerError

__all__ = ["Database", "create_ledger", "open_database"]


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
            if is_ledger(connection):
                raise LedgerError("there is a ledger already", hint="nothing was changed")
            _build(connection)
        log_ahead(engine)
    finally:
        engine.dispose()


def _build(connection: Connection) -> None:
    metadata.create_all(connection)
    set_guards(connection)
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
