"""A ledger that was copied with `cp` while somebody wrote it: whole, or refused in words."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from ledger_entries import AT, people

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.errors import LedgerError

OURS = "example-ssw"
PEOPLE = people(300)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def fold(path: Path) -> None:
    """Write the log into the file, as SQLite does by itself from time to time."""
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def opened_or_refused(copy: Path) -> int | str:
    """Return how many certificates a copy has, and nothing wrong with them; else the refusal."""
    try:
        with open_database(url_of(copy), OURS) as database:
            found = list(database.ledger.irregularities())
            assert found == []
            return len(database.ledger.entries())
    except LedgerError as error:
        is_clear = str(error).startswith("the ledger is damaged: ") and "sqlite3" in error.hint
        return "refused" if is_clear else f"refused with {error}"


@pytest.mark.parametrize("before", [0, 30, 100])
@pytest.mark.parametrize("between", [1, 40, 90])
def test_a_file_and_the_log_of_a_later_moment_are_told_to_be_damaged(
    tmp_path: Path, before: int, between: int
) -> None:
    path, copy = tmp_path / "ledger.db", tmp_path / "copy.db"
    create_ledger(url_of(path))
    with open_database(url_of(path), OURS) as database:
        database.ledger.enter(PEOPLE[:before], AT)
        shutil.copy(path, copy)
        database.ledger.enter(PEOPLE[before : before + between], AT)
        fold(path)
        database.ledger.enter(PEOPLE[before + between : before + between + 5], AT)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    whole = before + between + 5
    assert opened_or_refused(copy) in {"refused", whole}


def test_a_file_and_its_log_of_one_moment_are_a_whole_ledger(tmp_path: Path) -> None:
    path, copy = tmp_path / "ledger.db", tmp_path / "copy.db"
    create_ledger(url_of(path))
    with open_database(url_of(path), OURS) as database:
        database.ledger.enter(PEOPLE[:100], AT)
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    assert opened_or_refused(copy) == 100


def enter_all(database: Database, path: Path, stop: Event) -> None:
    for start in range(0, len(PEOPLE), 10):
        if stop.is_set():
            return
        database.ledger.enter(PEOPLE[start : start + 10], AT)
        if start % 50 == 0:
            fold(path)


def test_copies_at_any_moment_are_whole_or_refused(tmp_path: Path) -> None:
    path, stop = tmp_path / "ledger.db", Event()
    create_ledger(url_of(path))
    copies = []
    with open_database(url_of(path), OURS) as database:
        writer = Thread(target=enter_all, args=(database, path, stop))
        writer.start()
        try:
            for number in range(12):
                copy = tmp_path / f"{number}.db"
                shutil.copy(path, copy)
                shutil.copy(f"{path}-wal", f"{copy}-wal")
                copies.append(copy)
        finally:
            stop.set()
            writer.join()
    found = Counter(opened_or_refused(copy) for copy in copies)
    assert all(each == "refused" or int(each) % 10 == 0 for each in found), found


def test_an_audit_names_a_row_that_an_index_has_lost(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    create_ledger(url_of(path))
    with open_database(url_of(path), OURS) as database:
        database.ledger.enter(PEOPLE[:20], AT)
    with closing(sqlite3.connect(path)) as ledger:
        ((name, text),) = ledger.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name='certificate'"
            " AND sql IS NOT NULL LIMIT 1"
        )
        ledger.execute("PRAGMA writable_schema = ON")
        lost = f"{text} WHERE number > 1"
        ledger.execute("UPDATE sqlite_master SET sql=? WHERE name=?", (lost, name))
        ledger.commit()
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute(f"REINDEX {name}")
        ledger.execute("PRAGMA writable_schema = ON")
        ledger.execute("UPDATE sqlite_master SET sql=? WHERE name=?", (text, name))
        ledger.commit()
    with open_database(url_of(path), OURS) as database:
        found = list(database.ledger.irregularities())
    # Whoever asks this index misses the row, too, and may say so.
    damage = [each for each in found if each.place == "file of the ledger"]
    assert damage
    assert found[0] == damage[0]
    assert all(name in each.sentence for each in damage)
