"""Ledgers of older releases: read as they were written, changed only after a copy was made."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from ledger_entries import AT, person
from make_ledger import facts
from sqlalchemy import Connection, Engine, inspect, text

from cecert.adapters.database import open as opening
from cecert.adapters.database import open_database
from cecert.adapters.database.open import FORMAT, STEPS
from cecert.errors import LedgerError
from cecert.ports import EntryResult

LEDGERS = Path(__file__).parent / "ledgers"
RELEASED = sorted(LEDGERS.glob("*.db"))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the newest ledger there is, which a later cecert changes."""
    return Path(shutil.copy(LEDGERS / f"format-{FORMAT}.db", tmp_path / "ledger.db"))


@pytest.fixture
def old_url(old: Path) -> str:
    """Where it is."""
    return f"sqlite:///{old}"


def test_every_format_has_a_ledger_and_a_way_on() -> None:
    numbers = range(1, FORMAT + 1)
    assert [each.stem for each in RELEASED] == [f"format-{number}" for number in numbers]
    assert sorted(STEPS) == list(numbers)[:-1]


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_what_a_release_entered_every_later_one_reads(path: Path, tmp_path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    url = f"sqlite:///{shutil.copy(path, tmp_path / 'ledger.db')}"
    with open_database(url, "example-ssw") as database:
        assert facts(database) == expected
        assert list(database.ledger.enter([person(3)], AT)) == [EntryResult.ENTERED]
        assert [each.kind for each in database.ledger.events(None)] == ["exported"]


Steps = Mapping[int, Callable[[Connection, str], None]]


def later(monkeypatch: pytest.MonkeyPatch, steps: Steps) -> None:
    """Open ledgers as a later cecert would, whose tables have changed by *steps*."""

    as_it_is = opening.bring_up_to_date

    def bring(engine: Engine, path: Path | None, provider: str) -> int:
        return as_it_is(engine, path, provider, {**STEPS, **steps}, FORMAT + len(steps))

    monkeypatch.setattr(opening, "bring_up_to_date", bring)


def add_board(connection: Connection, provider: str) -> None:
    del provider
    connection.execute(text("ALTER TABLE certificate ADD COLUMN board TEXT NOT NULL DEFAULT ''"))


def name_boards(connection: Connection, provider: str) -> None:
    del provider
    connection.execute(text("CREATE TABLE board (name TEXT PRIMARY KEY)"))
    connection.execute(text("INSERT INTO board VALUES ('New York')"))


def format_of(url: str) -> int:
    with open_database(url, "example-ssw") as database, database._engine.connect() as connection:
        return int(connection.execute(text("SELECT format FROM ledger")).scalar_one())


def test_an_older_ledger_is_brought_up_to_date(
    old_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(old_url, "example-ssw") as database:
        before = facts(database)
    later(monkeypatch, {FORMAT: add_board, FORMAT + 1: name_boards})
    with (
        open_database(old_url, "example-ssw") as database,
        database._engine.connect() as connection,
    ):
        assert facts(database) == before
        assert connection.execute(text("SELECT name FROM board")).scalar_one() == "New York"
    assert format_of(old_url) == FORMAT + 2


def test_the_older_ledger_is_copied_beside_itself_first(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(f"sqlite:///{old}", "example-ssw") as database:
        before = facts(database)
    later(monkeypatch, {FORMAT: add_board})
    open_database(f"sqlite:///{old}", "example-ssw").close()
    open_database(f"sqlite:///{old}", "example-ssw").close()
    monkeypatch.undo()
    (copy,) = set(old.parent.iterdir()) - {old}
    assert copy.name.startswith(f"ledger.db.format-{FORMAT}.")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with open_database(f"sqlite:///{copy}", "example-ssw") as database:
        assert facts(database) == before


def test_where_no_copy_can_be_made_nothing_is_changed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**where: object) -> None:
        del where
        raise OSError(errno.ENOSPC, "No space left on device")

    later(monkeypatch, {FORMAT: add_board})
    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(LedgerError, match="no copy of the ledger can be made") as refused:
        open_database(f"sqlite:///{old}", "example-ssw")
    assert "make room" in refused.value.hint
    monkeypatch.undo()
    assert format_of(f"sqlite:///{old}") == FORMAT


def test_a_change_that_fails_half_way_changes_nothing(
    old_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: Connection, provider: str) -> None:
        name_boards(connection, provider)
        connection.execute(text("ALTER TABLE no_such_table ADD COLUMN board TEXT"))

    later(monkeypatch, {FORMAT: add_board, FORMAT + 1: broken})
    with pytest.raises(LedgerError, match="no_such_table"):
        open_database(old_url, "example-ssw")
    monkeypatch.undo()
    assert format_of(old_url) == FORMAT
    with open_database(old_url, "example-ssw") as database:
        assert len(facts(database)) == 7
        with database._engine.connect() as connection:
            tables = inspect(connection)
            assert not tables.has_table("board")
            assert "board" not in {each["name"] for each in tables.get_columns("certificate")}


def test_what_another_program_brought_up_to_date_meanwhile_is_left_alone(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{old}"
    done: list[int] = []

    def once(connection: Connection, provider: str) -> None:
        done.append(1)
        add_board(connection, provider)

    later(monkeypatch, {FORMAT: once})
    original = opening._copy

    def meanwhile(path: Path, number: int) -> None:
        monkeypatch.setattr(opening, "_copy", original)
        original(path, number)
        open_database(url, "example-ssw").close()

    monkeypatch.setattr(opening, "_copy", meanwhile)
    open_database(url, "example-ssw").close()
    assert done == [1]


def test_half_a_copy_is_not_left_lying_about(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, {FORMAT: add_board})
    connect = sqlite3.connect

    def cut(path: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(path, **options)  # type: ignore[call-overload]
        if f"format-{FORMAT}" in str(path):
            connection.execute("PRAGMA max_page_count = 5")
        return connection

    monkeypatch.setattr(sqlite3, "connect", cut)
    with pytest.raises(LedgerError, match="is full"):
        open_database(f"sqlite:///{old}", "example-ssw")
    monkeypatch.undo()
    assert list(old.parent.iterdir()) == [old]
    assert format_of(f"sqlite:///{old}") == FORMAT
