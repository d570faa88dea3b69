"""What a ledger that was rewritten with a database shell says of itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import pytest
from ledger_entries import AT, correction_of, event, people
from sqlalchemy import Connection, inspect, text

from cecert.adapters.database import Database, open_database
from cecert.adapters.database.guards import set_guards

OURS = "example-ssw"


@pytest.fixture
def lived(database: Database) -> Database:
    """A ledger with two that stand, one revoked, one corrected, and its correction."""
    one, two, three, four = people(4)
    database.ledger.enter([one, two, three, four], AT)
    database.ledger.revoke(three.certificate.id, event("revoked", three, "wrong-person: no"))
    right = correction_of(four, "Person Right")
    database.ledger.supersede(four.certificate.id, right, event("superseded", four, "a typo"))
    return database


def rewrite(database: Database, *statements: str) -> None:
    """Do what somebody with a shell does: take the guards off, rewrite, put them on again."""
    with database._engine.connect() as connection:
        take_off_guards(connection)
        for each in statements:
            connection.execute(text(each))
        set_guards(connection)
        connection.commit()


def take_off_guards(connection: Connection) -> None:
    postgresql = connection.dialect.name == "postgresql"
    if not postgresql:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.rollback()
        raw.execute("PRAGMA foreign_keys = OFF")
    for name, table in triggers(connection):
        on = f" ON {table}" if postgresql else ""
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    if postgresql:
        unbind(connection)


def triggers(connection: Connection) -> Sequence[tuple[str, str]]:
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        )
    else:
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    return [(row[0], row[1]) for row in connection.execute(text(query))]


def unbind(connection: Connection) -> None:
    """Drop what binds rows to certificates."""
    for table in inspect(connection).get_table_names():
        for each in inspect(connection).get_foreign_keys(table):
            connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT "{each["name"]}"'))


def said(database: Database) -> list[str]:
    return [f"{each.place}: {each.sentence}" for each in database.ledger.irregularities()]


def test_a_ledger_that_only_cecert_wrote_contradicts_nothing(lived: Database) -> None:
    assert said(lived) == []


def test_a_migrated_ledger_contradicts_nothing(format_1_url: str) -> None:
    with open_database(format_1_url, OURS) as database:
        assert database.ledger.count() == 7
        assert said(database) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE event SET actor = 'somebody.else' WHERE kind = 'issued'",
            "instant, actor",
        ),
        ("UPDATE event SET at = at - 86400000000 WHERE kind = 'revoked'", "instant, actor"),
        ("UPDATE event SET reason = 'on request' WHERE kind = 'revoked'", "instant, actor"),
        ("UPDATE certificate SET state = 'standing' WHERE state = 'revoked'", "was revoked;"),
        ("UPDATE certificate SET state = 'standing' WHERE state = 'superseded'", "was superseded;"),
        ("UPDATE certificate SET state = 'revoked' WHERE number = 1", "1 leaves of the 2 of one"),
        ("UPDATE certificate SET sha256 = '" + "00" * 32 + "' WHERE number = 2", "token or file"),
        ("UPDATE certificate SET slot = 9 WHERE number = 1", "than the record: slot"),
        ("UPDATE certificate SET participant = 'x' WHERE number = 1", "the record: participant"),
        ("DELETE FROM event WHERE kind = 'revoked'", "event that it is of is not there"),
        ("DELETE FROM certificate WHERE number = 2", "was issued, and the ledger has none"),
        ("DELETE FROM log_leaf WHERE position = 2", "leaves 2 to 2 of the log are missing"),
        (
            "UPDATE credit_line SET standing = (1 = 1), participant = certificate_id",
            "it stands; the certificate is",
        ),
        ("UPDATE credit_line SET standing = (1 = 0)", "it does not stand; the certificate is"),
        ("UPDATE log_leaf SET leaf = salt WHERE position = 1", "it cannot be read"),
        ("UPDATE log_leaf SET instant = 7 WHERE position = 3", "dated before the leaf above"),
    ],
)
def test_each_thing_that_is_rewritten_is_named(
    lived: Database, statement: str, expected: str
) -> None:
    rewrite(lived, statement)
    found = [each for each in said(lived) if expected in each]
    assert found, said(lived)


def test_a_revocation_taken_back_with_all_its_rows_is_named(lived: Database) -> None:
    """As an insider does who knows the tables, and not the log."""
    rewrite(
        lived,
        "UPDATE credit_line SET standing = (1 = 1) WHERE certificate_id IN"
        " (SELECT id FROM certificate WHERE state = 'revoked')",
        "DELETE FROM event WHERE kind = 'revoked'",
        "UPDATE certificate SET state = 'standing' WHERE state = 'revoked'",
    )
    assert any("it says that the certificate was revoked" in each for each in said(lived))


def test_a_trigger_that_was_dropped_is_named(lived: Database) -> None:
    with lived._engine.begin() as connection:
        on = " ON event" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER event_is_frozen{on}"))
    assert said(lived) == ["trigger event_is_frozen: it is not there, or not as cecert made it"]


def test_a_trigger_that_lets_everything_through_is_named(lived_file: Database) -> None:
    with lived_file._engine.begin() as connection:
        connection.execute(text("DROP TRIGGER event_is_frozen"))
        connection.execute(
            text("CREATE TRIGGER event_is_frozen BEFORE UPDATE ON event BEGIN SELECT 1; END")
        )
    assert said(lived_file) == [
        "trigger event_is_frozen: it is not there, or not as cecert made it"
    ]


def test_a_row_that_was_taken_out_of_its_numbers_is_named(lived_file: Database) -> None:
    rewrite(lived_file, "DELETE FROM event WHERE number = 2")
    assert "table event: it has 11 rows, and the last is number 12" in said(lived_file)


@pytest.fixture
def lived_file(lived: Database) -> Database:
    """The same on SQLite alone: PostgreSQL numbers on after what was given up."""
    return lived
