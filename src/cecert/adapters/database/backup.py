"""A whole copy of a ledger, made by the database's own means while others write it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, text

from cecert.adapters.database.engine import engine_of, file_of, parse_url, reading
from cecert.errors import LedgerError

__all__ = ["COPY", "DUMP", "back_up_ledger", "ledger_file"]

COPY, DUMP = "ledger.db", "ledger.dump"
"""Names of the copy: an SQLite file, and what `pg_dump --format=custom` writes."""

_LONGEST_DUMP = 3600
"""Seconds for `pg_dump`; a million certificates take some minutes."""


def back_up_ledger(url: str, folder: Path) -> Path:
    """Copy the ledger at *url* into *folder*, as it is at one moment, and return the copy.

    Raises:
        LedgerError: If it cannot be read or copied.
    """
    parsed = parse_url(url)
    path = file_of(parsed)
    if path is not None:
        return _copied(path, folder / COPY)
    return _dumped(parsed, folder / DUMP)


def _dumped(url: URL, dump: Path) -> Path:
    """Dump the schema that the ledger is in; what else the database holds is others'."""
    engine = engine_of(url)
    try:
        with reading(engine) as connection:
            schema = str(connection.scalar(text("SELECT current_schema()")))
    finally:
        engine.dispose()
    place = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    words = ("--format=custom", "--no-owner", f"--schema={schema}", f"--file={dump}", place)
    # The password by the environment: everybody may read a command line.
    password = {"PGPASSWORD": url.password} if url.password else {}
    run = subprocess.run(  # noqa: S603  # its own words alone
        [_program(), *words], env={**os.environ, **password}, capture_output=True, text=True,
        check=False, timeout=_LONGEST_DUMP,
    )  # fmt: skip
    if run.returncode:
        raise LedgerError(f"pg_dump failed: {' '.join(run.stderr.split())[-300:]}")
    return dump


def _program() -> str:
    if found := shutil.which("pg_dump"):
        return found
    # Debian keeps the programs of each version apart, and may have none on the path.
    apart = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    if not apart:
        raise LedgerError(
            "the ledger is on PostgreSQL, and there is no pg_dump here",
            hint="install the client programs (Debian: postgresql-client)",
        )
    return str(apart[-1])


def ledger_file(url: str) -> Path | None:
    """Return the file of the ledger at *url*, None where it is on a server."""
    return file_of(parse_url(url))


def _copied(path: Path, copy: Path) -> Path:
    if not path.is_file():
        raise LedgerError(f"there is no ledger at {path}")
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            found = target.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise LedgerError(f"the ledger at {path} cannot be copied: {error}") from error
    if found != ("ok",):
        raise LedgerError(
            f"the ledger at {path} is damaged: {found[0]}", hint="cecert audit tells more"
        )
    return copy
