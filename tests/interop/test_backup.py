"""An office whose ledger is on PostgreSQL, backed up and made again on another database."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from postgresql_server import PostgresqlServer

pytestmark = pytest.mark.system

Run = Callable[..., tuple[int, str, str]]


def test_a_ledger_on_a_server_is_backed_up_and_restored(
    postgresql: PostgresqlServer, tmp_path: Path, cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql.new_url()
    monkeypatch.setenv("CECERT_LEDGER_URL", url)
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "correct horse battery")
    monkeypatch.chdir(tmp_path)
    assert cecert("init", "office")[0] == 0
    monkeypatch.chdir("office")
    assert cecert("keys", "init")[0] == 0
    assert cecert("issue", "course.toml", "completions.csv")[0] == 0
    assert cecert("backup", "../office.zip")[0] == 0
    status, _, err = cecert("restore", "../office.zip", "../again")
    assert (status, "next: pg_restore --no-owner -d DATABASE ../again/ledger.dump" in err) == (
        0,
        True,
    )
    place, _, schema = url.replace("+psycopg", "").partition("&options=-csearch_path%3D")
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode("ascii"))
    program = max(Path("/usr/lib/postgresql").glob("*/bin/pg_restore"))
    dump = tmp_path / "again" / "ledger.dump"
    subprocess.run([program, "--no-owner", "-d", place, dump], check=True, capture_output=True)
    monkeypatch.chdir(tmp_path / "again")
    status, _, err = cecert("audit")
    assert (status, "5 certificates, 0 findings" in err) == (0, True), err
    monkeypatch.delenv("CECERT_LEDGER_URL")
    # Without a word of where the ledger is, the restored office has none: never the old one.
    assert "there is no ledger at" in cecert("audit")[2]
