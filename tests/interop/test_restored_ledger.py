"""A ledger on PostgreSQL restored from yesterday's dump, as an office lives it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from hosting import web_host
from tests.cli.test_restored_ledger import (
    Backup,
    Office,
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


NOTES = (".published", ".certificates.*", "site")
"""What a machine that published has beside the ledger, and another has not."""


def test_machines_that_never_published_notice_a_ledger_from_before_the_last_publishing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site := Path("site").resolve()).mkdir()
    with web_host(site) as host:
        toml = Path("cecert.toml")
        url = "https://verify.example.edu/"
        toml.write_text(toml.read_text("utf-8").replace(url, f"{host.base}/"), "utf-8")
        office.told("keys", "sign")
        office.back_up()
        office.issue(3)
        office.told("publish", "site")
        busy, idle = (
            Path(shutil.copytree(".", tmp_path / name, ignore=shutil.ignore_patterns(*NOTES)))
            for name in ("busy", "idle")
        )
        monkeypatch.chdir(busy)
        office.told("issue", "course.toml", "list.csv")  # there is nothing new
        office.restore()
        # Who worked since then has what the ledger noted, apart from it.
        for command in (("issue", "course.toml", "list.csv"), ("publish", "another")):
            assert ".certificates.checkpoint says that 5 were published" in office.told(
                *command, status=2
            )
        assert ".certificates.checkpoint: it says that 5 leaves" in office.cecert("audit")[1]
        # Who did not asks the host of the site.
        monkeypatch.chdir(idle)
        told = office.told("publish", "another", status=2)
        assert f"{host.base}/log/checkpoint says that 5 were published" in told
        assert not Path("another").exists()
        given = office.cecert("audit", "--since", str(site / "log/checkpoint"))
    assert "it says that 5 leaves were published, and the log of this ledger has 3" in given[1]


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
