"""Opening and making ledgers: what is refused, and what a person is told."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from ledger_entries import AT, event, people, person
from sqlalchemy import text

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.database import engine as connecting
from cecert.adapters.database.engine import writing
from cecert.adapters.database.entering import admit
from cecert.errors import LedgerError


def told(refused: pytest.ExceptionInfo[LedgerError]) -> str:
    return f"{refused.value}\n{refused.value.hint}"


def test_a_new_ledger_is_empty_and_usable(empty_url: str) -> None:
    create_ledger(empty_url)
    with open_database(empty_url, "example-ssw") as database:
        assert database.ledger.count() == 0
        database.ledger.enter([person(1)], AT)
    with open_database(empty_url, "example-ssw") as database:
        assert database.ledger.count() == 1


def test_a_ledger_is_never_made_over_another(url: str) -> None:
    with open_database(url, "example-ssw") as database:
        database.ledger.enter([person(1)], AT)
    with pytest.raises(LedgerError, match="already"):
        create_ledger(url)
    with open_database(url, "example-ssw") as database:
        assert database.ledger.count() == 1


def test_opening_makes_no_ledger(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as refused:
        open_database(empty_url, "example-ssw")
    assert "cecert init" in told(refused)
    assert list(tmp_path.iterdir()) == []


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "office" / "kept" / "ledger.db"
    create_ledger(f"sqlite:///{path}")
    assert [each.name for each in path.parent.iterdir()] == ["ledger.db"]
    with open_database(f"sqlite:///{path}", "example-ssw") as database:
        database.ledger.enter([person(1)], AT)
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert modes == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["ledger.db"]


def test_what_is_committed_is_on_the_disk(database: Database) -> None:
    with database._engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert found == ["wal", 2, 1]
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'what? #1 100% ñ&b=c' / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as database:
        database.ledger.enter([person(1)], AT)
    (folder,) = tmp_path.iterdir()
    assert [each.name for each in folder.iterdir()] == ["ledger.db"]


@pytest.mark.parametrize(
    "wrong",
    ["", "ledger.db", "sqlite://", "sqlite:///:memory:", "mysql://root:secret@host/ledger"],
)
def test_urls_of_no_ledger_are_refused(wrong: str) -> None:
    uses: list[Callable[[str], object]] = [
        partial(open_database, provider="example-ssw"),
        create_ledger,
    ]
    for use in uses:
        with pytest.raises(LedgerError) as refused:
            use(wrong)
        assert "sqlite:///ledger.db" in refused.value.hint
        assert "secret" not in told(refused)


def test_an_occupied_name_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"something else")
    with pytest.raises(LedgerError, match="already"):
        create_ledger(f"sqlite:///{path}")
    assert path.read_bytes() == b"something else"


def test_the_loser_of_two_that_make_one_ledger_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"

    def link(unfinished: Path, name: Path) -> None:
        del unfinished
        name.write_bytes(b"the winner's")
        raise FileExistsError(17, "File exists")

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(LedgerError, match="already"):
        create_ledger(f"sqlite:///{path}")
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.db"]


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LedgerError, match=r"no ledger can be made at .*ledger\.db"):
        create_ledger(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")


@pytest.mark.parametrize("content", [b"name,email\n", os.urandom(8192)])
def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError) as refused:
        open_database(f"sqlite:///{path}", "example-ssw")
    assert "[ledger] url in cecert.toml" in refused.value.hint
    assert path.read_bytes() == content


def test_an_empty_file_stays_empty(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.touch()
    with pytest.raises(LedgerError, match="there is no ledger"):
        open_database(f"sqlite:///{path}", "example-ssw")
    assert path.stat().st_size == 0


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="holds no ledger"):
        open_database(f"sqlite:///{path}", "example-ssw")
    assert path.read_bytes() == before


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="File name too long"):
        open_database(f"sqlite:///{tmp_path / ('x' * 300)}", "example-ssw")


def test_a_ledger_without_its_version_is_refused(url: str) -> None:
    with open_database(url, "example-ssw") as database, writing(database._engine) as connection:
        connection.execute(text("DELETE FROM ledger"))
    with pytest.raises(LedgerError, match="cannot be used: No row was found"):
        open_database(url, "example-ssw")


def test_postgresql_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError) as refused:
        open_database("postgresql://ce@db.example.edu/ledger", "example-ssw")
    assert "pip install 'cecert[postgresql]'" in refused.value.hint


@pytest.mark.parametrize("use", [partial(open_database, provider="example-ssw"), create_ledger])
def test_a_server_that_is_not_there_is_named_without_its_password(
    use: Callable[[str], object], tmp_path: Path
) -> None:
    with pytest.raises(LedgerError) as refused:
        use(f"postgresql://ce:secret@/ledger?host={tmp_path}")
    assert "CECERT_LEDGER_URL" in refused.value.hint
    assert "secret" not in told(refused)


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be used"):
        open_database(f"sqlite:///{tmp_path}", "example-ssw")


def test_a_torn_ledger_is_named_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    create_ledger(f"sqlite:///{path}")
    with open_database(f"sqlite:///{path}", "example-ssw") as database:
        database.ledger.enter(people(20), AT)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(LedgerError) as refused,
        open_database(f"sqlite:///{path}", "example-ssw") as database,
    ):
        list(database.ledger.walk())
    assert "restore the ledger from its backup" in refused.value.hint


def test_a_ledger_of_a_newer_version_is_read_and_left_alone(url: str) -> None:
    one, two = people(2)
    with open_database(url, "example-ssw") as database, writing(database._engine) as connection:
        connection.execute(text("UPDATE ledger SET format = 99"))
        connection.execute(text("CREATE TABLE board (name TEXT PRIMARY KEY)"))
        admit(connection, "example-ssw", [one], AT)
    with open_database(url, "example-ssw") as database:
        assert database.newer_format == 99
        assert [each.certificate.id for each in database.ledger.walk()] == [one.certificate.id]
        assert database.outbox.row(one.mail.key) is not None
        before = database.ledger.events(one.certificate.id)
        for write in (
            partial(database.ledger.enter, [two], AT),
            partial(database.ledger.revoke, one.certificate.id, event("revoked", one)),
            partial(database.outbox.claim, "sender", AT),
            partial(database.ledger.add_event, event("resent", one)),
        ):
            with pytest.raises(LedgerError, match="newer version, format 99: this cecert only"):
                write()
        assert database.ledger.events(one.certificate.id) == before
    with pytest.raises(LedgerError, match="already"):
        create_ledger(url)


def test_a_ledger_that_is_being_written_says_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "PATIENCE", 0.05)
    with (
        open_database(url, "example-ssw") as one,
        open_database(url, "example-ssw") as two,
        writing(one._engine, alone=True) as connection,
    ):
        connection.execute(text("UPDATE ledger SET format = format"))
        with pytest.raises(LedgerError) as refused:
            two.ledger.enter([person(1)], AT)
        assert "another program is writing it" in refused.value.hint
        assert two.ledger.count() == 0  # reading goes on


def test_a_full_disk_is_named_and_nothing_is_entered(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as database:
        database.ledger.enter(people(2), AT)
        with database._engine.connect() as connection:
            # The pool hands this one connection out again, with its limit.
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerError, match="is full") as refused:
            database.ledger.enter(people(90, first=3), AT)
        assert "make room" in refused.value.hint
        assert database.ledger.count() == 2
        assert len(database.outbox.rows()) == 2
        with database._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
        database.ledger.enter(people(90, first=3), AT)
        assert database.ledger.count() == 92


READ_ONLY = """
import os, sys
from cecert.adapters.database import open_database
from cecert.errors import LedgerError
from ledger_entries import AT, person
made = person(1)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with open_database(sys.argv[1], "example-ssw") as database:
        print(database.ledger.count())
        database.ledger.enter([made], AT)
except LedgerError as error:
    print(error, error.hint)
"""


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_a_ledger_this_user_may_not_write_says_so(mode: int) -> None:
    # Below pytest's own folders another user may not even look.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "ledger.db"
        create_ledger(f"sqlite:///{path}")
        path.chmod(mode)
        folder.chmod(0o555)
        support = Path(__file__).parents[2] / "support"
        try:
            done = subprocess.run(
                [sys.executable, "-c", READ_ONLY, f"sqlite:///{path}"],
                env={**os.environ, "PYTHONPATH": f"{support}:{os.environ.get('PYTHONPATH', '')}"},
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            folder.chmod(0o700)
    assert "the ledger cannot be used" in done.stdout
    assert "for this user" in done.stdout or "for the user who runs cecert" in done.stdout
