"""Format 4: what refuses to replace a row reads none of the others."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.database.protection import protection_faults

OURS = "example-ssw"
LEDGERS = Path(__file__).parent / "ledgers"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_older_ledger_is_guarded_as_a_new_one_after_it(number: int, tmp_path: Path) -> None:
    path = Path(shutil.copy(LEDGERS / f"format-{number}.db", tmp_path / "ledger.db"))
    with open_database(f"sqlite:///{path}", OURS) as database:
        with database._engine.connect() as connection:
            assert list(protection_faults(connection)) == []
        assert list(database.ledger.irregularities()) == []


def test_no_guard_reads_all_rows_of_a_provider(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    create_ledger(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%EXISTS%'"
        ).fetchall()
        assert len(guards) > 5
        for name, sql in guards:
            found = re.search(r"WHEN EXISTS \((.*)\) BEGIN", sql)
            assert found, name
            query, values = re.subn(r'NEW\."\w+"', "?", found[1])
            steps = connection.execute(f"EXPLAIN QUERY PLAN {query}", [1] * values).fetchall()
            for *_, told in steps:
                assert not told.startswith("SCAN"), (name, told)
                assert not told.endswith("(provider_id=?)"), (name, told)
