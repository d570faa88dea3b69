"""A ledger on PostgreSQL restored from yesterday's dump, as an office lives it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.cli.test_restored_ledger import (
    Backup,
    new_office,
    office,
    test_what_is_made_anew_since_its_file_is_lost_too_waits_for_a_person,
    test_what_the_backup_had_queued_counts_as_sent,
    test_what_was_mailed_since_the_backup_is_taken_over,
    test_without_its_send_log_everything_waits_for_a_person,
    test_without_quarantine_nobody_is_mailed_twice_either,
)

from cecert.adapters.database import create_ledger

__all__ = [
    "new_office",
    "office",
    "test_what_is_made_anew_since_its_file_is_lost_too_waits_for_a_person",
    "test_what_the_backup_had_queued_counts_as_sent",
    "test_what_was_mailed_since_the_backup_is_taken_over",
    "test_without_its_send_log_everything_waits_for_a_person",
    "test_without_quarantine_nobody_is_mailed_twice_either",
]

pytestmark = pytest.mark.system


@pytest.fixture
def backup(postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backup:
    """The one of a ledger on a server, which the environment names."""
    create_ledger(postgresql_url)
    monkeypatch.setenv("CECERT_LEDGER_URL", postgresql_url)
    path = tmp_path / "backup"
    return Backup(_dump_into(path, postgresql_url), _load_from(path, postgresql_url))


def _dump_into(path: Path, url: str) -> Callable[[], None]:
    place, schema = _place(url)
    return lambda: _run("pg_dump", "--schema", schema, "--file", str(path), place)


def _load_from(path: Path, url: str) -> Callable[[], None]:
    place, schema = _place(url)

    def load() -> None:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode("ascii"))
        _run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(path), place)

    return load


def _place(url: str) -> tuple[str, str]:
    """Split the URL of a ledger of the tests: where its database is, and its schema there."""
    place, _, schema = url.replace("+psycopg", "").partition("&options=-csearch_path%3D")
    return place, schema


def _run(program: str, *words: str) -> None:
    # Debian keeps the programs of each version apart, and off the PATH.
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    subprocess.run([found[-1] if found else program, *words], check=True, capture_output=True)
