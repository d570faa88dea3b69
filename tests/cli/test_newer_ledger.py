"""A ledger of a later cecert: looked at, told of, and changed by no command."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Cecert = Callable[..., tuple[int, str, str]]

READ = (("status",), ("audit",), ("show", "ID"))
CHANGE = (
    ("issue", "course.toml", "completions.csv"),
    ("revoke", "ID", "--reason-class", "wrong-person", "--reason", "not there"),
    ("correct", "ID", "--name", "Ana Right", "--reason", "a typo"),
    ("resend", "ID"),
    ("export", "ledger"),  # each export is an event
    ("export", "roster", "mbt-2020-10", "--profile", "plain"),
    ("publish", "site"),
)


@pytest.fixture
def newer_office(issued_office: Path) -> Path:
    """An office whose ledger a cecert of format 99 has changed."""
    with closing(sqlite3.connect(issued_office / "ledger.db")) as connection, connection:
        connection.execute("UPDATE ledger SET format = 99")
        connection.execute("CREATE TABLE board (name TEXT PRIMARY KEY)")
        connection.execute("ALTER TABLE certificate ADD COLUMN board TEXT NOT NULL DEFAULT ''")
    return issued_office


def an_id(office: Path) -> str:
    return min(each.name for each in (office / "certificates").glob("*/*.pdf"))[:19]


def rows(office: Path) -> dict[str, str]:
    """Return a digest of each table's rows."""
    with closing(sqlite3.connect(office / "ledger.db")) as connection:
        names = [row[0] for row in connection.execute(TABLES)]
        return {
            name: hashlib.sha256(
                repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode()
            ).hexdigest()
            for name in names
        }


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


@pytest.mark.parametrize("words", READ, ids=" ".join)
def test_what_only_looks_works_and_says_so(
    newer_office: Path, cecert: Cecert, words: tuple[str, ...]
) -> None:
    status, _, err = cecert(*(an_id(newer_office) if each == "ID" else each for each in words))
    assert status == 0, err
    assert "the ledger is of a newer version, format 99: this cecert reads what it knows" in err


@pytest.mark.parametrize("words", CHANGE, ids=" ".join)
def test_what_would_change_it_is_refused_before_it_begins(
    newer_office: Path, cecert: Cecert, words: tuple[str, ...]
) -> None:
    before, files = rows(newer_office), sorted(newer_office.rglob("*.pdf"))
    status, _, err = cecert(*(an_id(newer_office) if each == "ID" else each for each in words))
    assert status == 2, err
    assert "newer version, format 99: this cecert only reads it" in err
    assert rows(newer_office) == before
    assert sorted(newer_office.rglob("*.pdf")) == files
    assert not (newer_office / "site" / "index.html").exists()
