"""Guards and keys that somebody with a database shell took off, weakened, or added."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import text

from cecert.adapters.database import Database
from cecert.adapters.database.protection import protection_faults

NOT_AS_MADE = "it is not there, or not as cecert made it"
INDEX = "one_standing_certificate_a_credit_line"
COLUMNS = "provider_id, course_id, participant, credential"
STRANGE_TRIGGER = (
    "CREATE TRIGGER undo AFTER UPDATE OF state ON certificate BEGIN"
    " UPDATE credit_line SET standing = 0; END"
)


def unguarded(database: Database, statement: str) -> list[str]:
    """Return what is found once *statement* was run, which is then given up."""
    with database._engine.connect() as connection:
        for each in statement.split(";;"):
            connection.execute(text(each))
        found = [f"{each.place}: {each.sentence}" for each in protection_faults(connection)]
        connection.rollback()
    return found


def on(database: Database, statements: Mapping[str, str]) -> str:
    return statements[database._engine.dialect.name]


def test_a_new_ledger_is_protected_as_cecert_made_it(database: Database) -> None:
    assert unguarded(database, "SELECT 1") == []


OTHERWISE = {
    "dropped": "",
    "not unique": f"CREATE INDEX {INDEX} ON credit_line ({COLUMNS}) WHERE standing",
    "of more columns": (
        f"CREATE UNIQUE INDEX {INDEX} ON credit_line ({COLUMNS}, certificate_id) WHERE standing"
    ),
    "of other rows": f"CREATE UNIQUE INDEX {INDEX} ON credit_line ({COLUMNS}) WHERE NOT standing",
}


@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_the_index_that_keeps_credit_single_is_missed(database: Database, otherwise: str) -> None:
    statements = [f"DROP INDEX {INDEX}", OTHERWISE[otherwise]]
    found = unguarded(database, ";;".join(filter(None, statements)))
    assert found == [f"index {INDEX} of table credit_line: {NOT_AS_MADE}"]


def test_a_key_that_is_gone_is_missed(database: Database) -> None:
    statements = {
        "sqlite": "DROP TABLE reported;;CREATE TABLE reported (number INTEGER PRIMARY KEY)",
        "postgresql": "ALTER TABLE reported DROP CONSTRAINT reported_once",
    }
    found = unguarded(database, on(database, statements))
    key = "unique key (provider_id, register, certificate_id, credential) of table reported"
    assert f"{key}: {NOT_AS_MADE}" in found


def test_a_trigger_of_somebody_else_is_named(database: Database) -> None:
    statements = {
        "sqlite": STRANGE_TRIGGER,
        "postgresql": "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NEW; END';;"
        "CREATE TRIGGER undo BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION undo()",
    }
    found = unguarded(database, on(database, statements))
    assert found == ["trigger undo: cecert did not make it"]
