"""Opening a ledger, and making one: only `init` makes one.

A ledger of an older format is copied beside itself, then changed in one transaction. One of
a newer format is opened for reading: what this cecert knows of it, it shows.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

from sqlalchemy import URL, Connection, Engine, inspect, select, text, update

from cecert.adapters.database.engine import (
    engine_of,
    faults_told,
    file_of,
    log_ahead,
    newer_format,
    parse_url,
    read_only,
    reading,
    refuse_newer,
    writing,
)
from cecert.adapters.database.format_2 import to_format_2
from cecert.adapters.database.format_3 import to_format_3
from cecert.adapters.database.format_4 import to_format_4
from cecert.adapters.database.guards import set_guards
from cecert.adapters.database.ledger import DatabaseLedger
from cecert.adapters.database.log import DatabaseLog
from cecert.adapters.database.outbox import DatabaseOutbox
from cecert.adapters.database.sharing import SHARED
from cecert.adapters.database.tables import ledger, metadata
from cecert.argument_types import typed
from cecert.errors import LedgerError, NotFoundError

if TYPE_CHECKING:
    from cecert.ports import LedgerPages

__all__ = [
    "FORMAT",
    "STEPS",
    "Database",
    "bring_up_to_date",
    "create_ledger",
    "open_database",
]

FORMAT = 4
"""Of the tables in `tables`; it counts up with every change of them."""

Step: TypeAlias = Callable[[Connection, str], None]
"""Changes the tables; it is given who opens the ledger, a provider's id."""

STEPS: Mapping[int, Step] = {1: to_format_2, 2: to_format_3, 3: to_format_4}
"""What makes a ledger of format n one of format n + 1; one for each that was released."""


class Database:
    """An open ledger with its outbox; a context manager, which closes it.

    Attributes:
        ledger: What was promised.
        outbox: The mails that were promised.
        log: The leaves of the log.
        newer_format: The ledger's, where a later cecert wrote it: it is only read. None else.
    """

    def __init__(self, engine: Engine, provider: str) -> None:
        self._engine = engine
        self._provider = provider
        digest = sha256(f"cecert office {provider}".encode()).digest()
        self._lock_number = int.from_bytes(digest[:8], signed=True)
        self.ledger = DatabaseLedger(engine, provider)
        self.outbox = DatabaseOutbox(engine, provider)
        self.log = DatabaseLog(engine, provider)
        self.newer_format = newer_format(engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def lock(self, wait_for: Callable[[Callable[[], bool]], None]) -> Iterator[None]:
        """Keep other machines that lock this ledger out until the context ends.

        On SQLite there is one machine alone, and nothing is locked.

        Args:
            wait_for: Is given what takes the lock and says whether it did; it tries it until
                it does, or raises.

        Raises:
            LedgerError: If the database cannot be used.
        """
        if self._engine.dialect.name == "sqlite":
            yield
            return
        with faults_told(), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            number = {"number": self._lock_number}
            wait_for(lambda: bool(connection.scalar(_TRY_LOCK, number)))
            try:
                yield
            finally:
                connection.execute(_UNLOCK, number)

    @property
    def pages(self) -> LedgerPages:
        """The ledger, read a page at a time."""
        # Of the commands that open a ledger, few ask.
        from cecert.adapters.database.pages import DatabasePages

        return DatabasePages(self._engine, self._provider)

    def refuse_newer(self) -> None:
        """Refuse to write a ledger that is only read.

        Raises:
            LedgerError: If it is of a newer format.
        """
        refuse_newer(self._engine)

    def close(self) -> None:
        """Close it; SQLite folds its write-ahead log into the file."""
        SHARED.give_back(self._engine)


_TRY_LOCK = text("SELECT pg_try_advisory_lock(:number)")
_UNLOCK = text("SELECT pg_advisory_unlock(:number)")


def open_database(url: str, provider: str) -> Database:
    """Open the ledger at *url*, brought up to date if an older cecert made it.

    An SQLite file is copied beside itself before it is changed. What a later cecert wrote
    is only read.

    Args:
        url: Where it is.
        provider: Whose certificates are read and written, by id; others' are not seen.

    Raises:
        LedgerError: If it is missing, no ledger, or cannot be read.
    """
    parsed = parse_url(url)
    path = file_of(parsed)
    if path is not None:
        _refuse_missing(path)
    copied = path is not None and _is_copy(path)
    engine = SHARED.take(parsed)
    try:
        if copied:
            _refuse_damaged(engine)
        found = bring_up_to_date(engine, path, provider)
        if found > FORMAT:
            engine = read_only(engine, found)
        else:
            log_ahead(engine)
    except BaseException:
        SHARED.give_back(engine)
        raise
    return Database(engine, provider)


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
        raise NotFoundError(
            f"there is no ledger at {path}",
            hint="cecert init makes an office with its ledger; see [ledger] url in cecert.toml",
            fields={"what": "ledger", "id": str(path)},
        )


def _is_copy(path: Path) -> bool:
    """Say whether a file was copied with its write-ahead log while it was written.

    Who writes it, and who was killed, has an index of the log beside it.
    """
    log, index = (path.with_name(f"{path.name}{each}") for each in ("-wal", "-shm"))
    return log.exists() and not index.exists()


def _refuse_damaged(engine: Engine) -> None:
    """Refuse a file that is of another moment than its log: it opens, and has lost or kept rows.

    Raises:
        LedgerError: If it is.
    """
    with faults_told(), closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            found = cursor.execute("PRAGMA integrity_check(1)").fetchall()
        except sqlite3.DatabaseError as error:
            found = [(str(error),)]
        finally:
            cursor.close()
    if found != [("ok",)]:
        raise LedgerError(
            f"the ledger is damaged: {' '.join(str(found[0][0]).split())}",
            hint="it was copied while it was written; a whole copy is made with"
            ' sqlite3 ledger.db ".backup FILE"',
        )


@typed
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


def bring_up_to_date(
    engine: Engine,
    path: Path | None,
    provider: str,
    steps: Mapping[int, Step] = STEPS,
    target: int = FORMAT,
) -> int:
    """Check the ledger's format, and change an older one to *target*.

    Args:
        engine: Of the ledger.
        path: Its file, None on a server, whose backups are its keeper's.
        provider: Who opens it.
        steps: As `STEPS`.
        target: As `FORMAT`.

    Returns:
        Its format now: *target*, or the newer one that it has.

    Raises:
        LedgerError: If it is no ledger; nothing was changed.
    """
    with reading(engine) as connection:
        found = _format_of(connection)
    if found >= target:
        return found
    if path is not None:
        _copy(path, found)
    with writing(engine, alone=True) as connection:
        for number in range(_format_of(connection), target):
            steps[number](connection, provider)
        connection.execute(update(ledger).values(format=target))
    return target


def _is_ledger(connection: Connection) -> bool:
    """Say whether the database of *connection* holds a ledger of any format."""
    return inspect(connection).has_table(ledger.name)


def _format_of(connection: Connection) -> int:
    if not _is_ledger(connection):
        raise NotFoundError(
            "the database holds no ledger",
            hint="see [ledger] url in cecert.toml; cecert init makes an office with its ledger",
            fields={"what": "ledger", "id": ""},
        )
    return int(connection.scalars(select(ledger.c.format)).one())


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
