"""What the database itself refuses, whoever asks: to forget, and to rewrite what was promised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ledger_entries import AT, event, person
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError

from cecert.adapters.database import Database, entering
from cecert.adapters.database.tables import certificates, credit_lines, metadata, outbox, reported
from cecert.domain.certificate.certificate import CertificateState
from cecert.errors import LedgerError

GUARDED = (
    "certificate", "credit_line", "event", "folded_form", "identity", "log_leaf", "outbox",
    "reported",
)  # fmt: skip
FREE = {
    "certificate": {"state"},
    "credit_line": {"standing"},
    "event": set(),
    "folded_form": set(),
    "identity": {"participant", "holders"},
    "log_leaf": set(),
    "outbox": {
        "state", "due", "attempts", "reply", "settled_at", "first_tried_at", "owner", "lease",
    },
    "reported": set(),
}  # fmt: skip


@pytest.fixture
def filled(database: Database) -> Database:
    entry = person(1)
    database.ledger.enter([entry], AT)
    told = {
        "provider_id": "example-ssw", "register": "CE Broker", "credential": "ny-social-work",
        "certificate_id": entry.certificate.id, "at": AT, "actor": "Maria", "file": "one.xls",
    }  # fmt: skip
    with database._engine.begin() as connection:
        connection.execute(reported.insert(), told)
    return database


@pytest.fixture
def filled_file(filled: Database) -> Database:
    """The same on SQLite alone: PostgreSQL has no INSERT OR REPLACE."""
    return filled


def refused(database: Database, statement: str, words: str) -> None:
    with pytest.raises(DBAPIError, match=words), database._engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("table", GUARDED)
def test_nothing_is_deleted(filled: Database, table: str) -> None:
    refused(filled, f"DELETE FROM {table}", f"nothing is deleted from {table}")


def test_what_was_promised_is_never_rewritten(filled: Database) -> None:
    tried = 0
    for table in metadata.sorted_tables:
        for column in table.columns:
            if table.name in GUARDED and column.name not in FREE[table.name]:
                statement = f'UPDATE {table.name} SET "{column.name}" = "{column.name}"'
                refused(filled, statement, f"what {table.name} says never changes")
                tried += 1
    assert tried == 64


@pytest.mark.parametrize("state", ["standing", "superseded", "revoked"])
def test_a_certificate_that_does_not_stand_never_will(filled: Database, state: str) -> None:
    entry = person(1)
    filled.ledger.revoke(entry.certificate.id, event("revoked", entry))
    refused(filled, f"UPDATE certificate SET state = '{state}'", "stays so")


@pytest.mark.parametrize("table", [each for each in GUARDED if each != "identity"])
def test_no_row_is_replaced(filled: Database, table: str) -> None:
    if filled._engine.dialect.name == "postgresql":
        refused(filled, f"TRUNCATE {table} CASCADE", "nothing is deleted")
    else:
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        refused(filled, statement, f"a row of {table} is never replaced")


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("certificate", {"id": "another", "document": "another.pdf"}),
        ("certificate", {"id": "another", "slot": 3}),
        ("outbox", {"key": "another"}),
        ("reported", {"file": "two.xls"}),
        ("credit_line", {"certificate_id": "another"}),
    ],
    ids=["a slot", "a document", "a message id", "a report", "a standing credit line"],
)
def test_no_row_is_replaced_by_what_else_is_its_own(
    filled_file: Database, table: str, changes: dict[str, object]
) -> None:
    columns = [each.name for each in metadata.tables[table].columns if each.name != "number"]
    values = [f":{each}" if each in changes else f'"{each}"' for each in columns]
    names = ", ".join(f'"{each}"' for each in columns)
    statement = f"INSERT OR REPLACE INTO {table} ({names}) SELECT {', '.join(values)} FROM {table}"
    with (
        pytest.raises(DBAPIError, match="never replaced"),
        filled_file._engine.begin() as connection,
    ):
        connection.execute(text(statement), changes)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET state = 'deleted'",
        "UPDATE outbox SET state = 'delivered'",
        "UPDATE identity SET holders = -1",
        "INSERT INTO ledger (id, format) VALUES (2, 1)",
    ],
)
def test_states_are_those_that_exist(filled: Database, statement: str) -> None:
    refused(filled, statement, "(?i)check constraint")


@pytest.mark.parametrize(
    "columns",
    [{"certificate_id": "another"}, {"message_id": "<same@example.edu>"}],
    ids=["a certificate that exists", "a message id of its own"],
)
def test_a_mail_has(filled: Database, columns: dict[str, str]) -> None:
    names = ", ".join(f'"{each.name}"' for each in outbox.columns if each.name != "number")
    kept = {**{each.name: f'"{each.name}"' for each in outbox.columns}, "key": "'another key'"}
    if "certificate_id" in columns:
        kept |= {"certificate_id": "'another'", "message_id": "'<another@example.edu>'"}
    values = ", ".join(kept[each.name] for each in outbox.columns if each.name != "number")
    statement = f"INSERT INTO outbox ({names}) SELECT {values} FROM outbox"
    refused(filled, statement, "(?i)foreign key|unique|never replaced")


def a_row(database: Database, table: Table) -> dict[str, Any]:
    with database._engine.begin() as connection:
        row = connection.execute(table.select()).first()
    assert row is not None
    return row._asdict()


def not_unique(database: Database, table: Table, row: dict[str, Any]) -> None:
    with (
        pytest.raises(DBAPIError, match=r"(?i)unique|never replaced"),
        database._engine.begin() as connection,
    ):
        connection.execute(table.insert(), row)


def test_two_standing_certificates_never_carry_one_credit_line(filled: Database) -> None:
    other = person(2)
    filled.ledger.enter([other], AT)
    row = a_row(filled, credit_lines) | {"certificate_id": other.certificate.id}
    not_unique(filled, credit_lines, row)


def test_two_certificates_never_have_one_slot(filled: Database) -> None:
    row = a_row(filled, certificates)
    del row["number"]
    other = person(2)
    not_unique(filled, certificates, row | {"id": other.certificate.id, "document": other.document})


def test_a_mark_never_tells_of_two_people(filled: Database) -> None:
    taken = person(1)
    entry = person(2)
    own = replace(
        entry.certificate, recipient=replace(taken.certificate.recipient, participant="2")
    )
    entry = replace(entry, certificate=own, email=taken.email)  # whoever judged it was wrong
    with (
        pytest.raises(LedgerError, match=r"1 of the 1 marks .* belong to another identity"),
        filled._engine.begin() as connection,
    ):
        entering._hold(connection, "example-ssw", [entering._Applicant.of(entry)])


def test_what_may_change_does(filled: Database) -> None:
    with filled._engine.begin() as connection:
        connection.execute(certificates.update().values(state=CertificateState.REVOKED))
        connection.execute(credit_lines.update().values(standing=False))
        connection.execute(outbox.update().values(reply="250 taken"))
    assert filled.outbox.rows()[0].reply == "250 taken"
