"""Format 3: a mail may be about no certificate; what format 2 held is held as it was."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ledger_entries import AT
from letters import letter_event, reminder_row
from sqlalchemy import inspect

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.database.protection import protection_faults
from cecert.domain.mail.message import MailState
from cecert.errors import LedgerError

OURS = "example-ssw"
FORMAT_2 = Path(__file__).parent / "ledgers" / "format-2.db"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of format 2, of the cecert that wrote it."""
    return Path(shutil.copy(FORMAT_2, tmp_path / "ledger.db"))


def mails(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        found: list[tuple[object, ...]] = connection.execute(
            "SELECT number, provider_id, key, certificate_id, recipient, message_id, sha256,"
            " queued_at, due, deadline, state, attempts, reply, settled_at, first_tried_at, owner,"
            " lease FROM outbox ORDER BY number"
        ).fetchall()
    return found


def columns(database: Database) -> list[tuple[str, bool]]:
    found = inspect(database._engine).get_columns("outbox")
    return [(each["name"], each["nullable"]) for each in found]


def test_the_mails_of_format_2_are_as_they_were(path: Path) -> None:
    before = mails(path)
    open_database(f"sqlite:///{path}", OURS).close()
    assert mails(path) == before
    assert len(before) > 6


def test_a_copy_of_format_2_lies_beside_it(path: Path) -> None:
    before = mails(path)
    open_database(f"sqlite:///{path}", OURS).close()
    (copy,) = [each for each in path.parent.iterdir() if ".format-2." in each.name]
    assert mails(copy) == before


def test_its_outbox_is_that_of_a_new_ledger(path: Path, tmp_path: Path) -> None:
    new = f"sqlite:///{tmp_path / 'new.db'}"
    create_ledger(new)
    with open_database(f"sqlite:///{path}", OURS) as old, open_database(new, OURS) as fresh:
        assert columns(old) == columns(fresh)
        with old._engine.connect() as connection:
            # Those of other tables are the ones that the cecert of then made.
            assert not [each for each in protection_faults(connection) if "outbox" in each.place]


def test_a_letter_is_held_after_it_and_what_it_says_never_changes(path: Path) -> None:
    row = reminder_row()
    with open_database(f"sqlite:///{path}", OURS) as database:
        assert database.outbox.queue(row, letter_event("queued", row))
        assert database.outbox.row(row.key) == row
        assert [each.key for each in database.ledger.events(None)] == ["", row.key]
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never changes"),
    ):
        connection.execute("UPDATE outbox SET note = '' WHERE certificate_id IS NULL")


def test_the_mails_of_before_are_sent_after_it(path: Path) -> None:
    with open_database(f"sqlite:///{path}", OURS) as database:
        row = database.outbox.claim("sender", AT.replace(year=2021))
        assert row is not None
        assert row.state is MailState.SENDING
        assert database.outbox.mark_committing(row.key, "sender")


def test_a_migration_that_is_cut_off_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mails(path)

    def broken(*_: object) -> None:
        raise LedgerError("the disk is full")

    monkeypatch.setattr("cecert.adapters.database.format_3.set_guards", broken)
    with pytest.raises(LedgerError, match="the disk is full"):
        open_database(f"sqlite:///{path}", OURS)
    assert mails(path) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT format FROM ledger").fetchone() == (2,)
