"""What is true of ledgers on SQLite is true on PostgreSQL: the same tests, and some of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from again import again
from ledger_entries import AT, people
from ledgers import database, kept, ledger, outbox, url
from letters import letter_event, reminder_row
from make_ledger import fill
from postgresql_server import PostgresqlServer
from sqlalchemy import event, text
from tests.adapters.database import (
    test_check,
    test_claims,
    test_format_2,
    test_guards,
    test_ledger,
    test_letters,
    test_log,
    test_lookup,
    test_open,
    test_outbox,
    test_pages,
    test_protection,
    test_rates,
    test_reports,
    test_rewritten,
    test_search,
    test_slots,
    test_versions,
)
from tests.adapters.database.test_check import lived
from tests.adapters.database.test_claims import small_groups
from tests.adapters.database.test_guards import filled
from tests.adapters.database.test_letters import mailed
from tests.adapters.database.test_outbox import chunks_of_two, entry
from tests.adapters.database.test_pages import pages
from tests.adapters.database.test_protection import NOT_AS_MADE, unguarded
from tests.adapters.database.test_rewritten import acted
from tests.office import test_create
from tests.workflows import test_cost_of_the_past
from tests.workflows.test_cost_of_the_past import HELD

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.database.engine import engine_of, parse_url, writing
from cecert.adapters.database.events import add_events
from cecert.adapters.database.protection import protection_faults
from cecert.domain.people.search import PersonSearch
from cecert.ports import Event
from cecert.workflows.changes import changes, newest_cursor

__all__ = [
    "acted",
    "chunks_of_two",
    "database",
    "entry",
    "filled",
    "kept",
    "ledger",
    "lived",
    "mailed",
    "outbox",
    "pages",
    "small_groups",
    "url",
]

pytestmark = pytest.mark.system
LEDGERS = {
    "acted",
    "another_url",
    "database",
    "elsewhere",
    "empty_url",
    "filled",
    "format_1_url",
    "ledger",
    "lived",
    "old_url",
    "outbox",
    "pages",
    "url",
    "urls",
}


@pytest.fixture
def empty_url(postgresql_url: str) -> str:
    """Where a ledger can be made."""
    return postgresql_url


@pytest.fixture
def old_url(postgresql_url: str) -> str:
    """An old ledger."""
    create_ledger(postgresql_url)
    with open_database(postgresql_url, "example-ssw") as database:
        fill(database)
    return postgresql_url


@pytest.fixture
def format_1_url(postgresql_url: str) -> str:
    """A ledger of format 1 on PostgreSQL, of the cecert that wrote it."""
    dump = test_format_2.FORMAT_1.with_suffix(".postgresql.sql").read_text(encoding="utf-8")
    engine = engine_of(parse_url(postgresql_url))
    with engine.begin() as connection:
        connection.exec_driver_sql(dump.replace("%", "%%"))
    engine.dispose()
    return postgresql_url


@pytest.fixture
def another_url(postgresql: PostgresqlServer) -> str:
    """Where another ledger can be made."""
    return postgresql.new_url()


@pytest.fixture
def urls(postgresql: PostgresqlServer) -> Sequence[str]:
    """Where three ledgers can be made."""
    return [postgresql.new_url() for _ in HELD]


@pytest.fixture
def elsewhere(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of a ledger that is still to be made, as the environment names it."""
    monkeypatch.setenv("CECERT_LEDGER_URL", postgresql_url)
    return postgresql_url


globals().update(
    again(
        LEDGERS,
        test_check, test_claims, test_format_2, test_guards, test_ledger, test_letters, test_log,
        test_lookup, test_pages,
        test_outbox, test_open, test_protection, test_rates, test_reports, test_rewritten,
        test_slots, test_versions, test_create, test_cost_of_the_past,
    )
)  # fmt: skip


def test_a_server_set_up_otherwise_keeps_the_ledgers_promises(postgresql_url: str) -> None:
    otherwise = "%20-csynchronous_commit%3Doff%20-cdefault_transaction_isolation%3Dserializable"
    create_ledger(postgresql_url)
    with (
        open_database(postgresql_url + otherwise, "example-ssw") as database,
        database._engine.connect() as connection,
    ):
        settings = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("synchronous_commit", "transaction_isolation")
        ]
    assert settings == ["on", "read committed"]


def test_a_ledger_of_format_2_takes_letters_after_it_is_opened(postgresql_url: str) -> None:
    create_ledger(postgresql_url)
    engine = engine_of(parse_url(postgresql_url))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox ALTER COLUMN certificate_id SET NOT NULL")
        connection.exec_driver_sql("UPDATE ledger SET format = 2")
    engine.dispose()
    row = reminder_row()
    with open_database(postgresql_url, "example-ssw") as database:
        assert database.outbox.queue(row, letter_event("queued", row))
        assert database.outbox.row(row.key) == row
        with database._engine.connect() as connection:
            assert list(protection_faults(connection)) == []


def test_postgresql_finds_an_address_by_its_bytes(postgresql_url: str) -> None:
    create_ledger(postgresql_url)
    with open_database(postgresql_url, "example-ssw") as database:
        database.ledger.enter(people(100), AT)
        with database._engine.connect() as connection:
            connection.execute(text("SET enable_seqscan = off"))
            question = (
                "EXPLAIN SELECT participant FROM identity WHERE provider_id = 'example-ssw'"
                " AND course_id = 'mbt-2020-10'"
                """ AND mark COLLATE "C" >= 'email:a:' AND mark COLLATE "C" < 'email:a;'"""
            )
            plan = "\n".join(connection.scalars(text(question)))
    assert "identity_mark" in plan


def test_postgresql_finds_the_people_that_sqlite_finds_by_its_index(postgresql_url: str) -> None:
    create_ledger(postgresql_url)
    asked: list[tuple[str, Any]] = []

    def listen(_one: object, _two: object, statement: str, values: object, *_: object) -> None:
        if "INTERSECT" in statement or "folded_form" in statement:
            asked.append((statement, values))

    with open_database(postgresql_url, "example-ssw") as database:
        database.ledger.enter(test_search.entries(), AT)
        event.listen(database._engine, "before_cursor_execute", listen)
        for typed, people_found in test_search.FOUND:
            if people_found is not None:
                found = database.ledger.find(PersonSearch.of(typed), 10)
                shown = [each.certificate.recipient.participant for each in found]
                assert (typed, shown) == (typed, list(map(str, people_found)))
        event.remove(database._engine, "before_cursor_execute", listen)
        with database._engine.connect() as connection:
            connection.execute(text("SET enable_seqscan = off"))
            plans = [
                str(step)
                for statement, values in asked
                for step in connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars()
            ]
    assert plans
    assert [each for each in plans if "Seq Scan on folded_form" in each] == []


WEAKENED = {
    "CREATE OR REPLACE FUNCTION cecert_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'": (
        "function cecert_refuse: it does something else than cecert made it for"
    ),
    "ALTER TABLE event DISABLE TRIGGER event_is_frozen": f"trigger event_is_frozen: {NOT_AS_MADE}",
    "DROP TRIGGER event_is_frozen ON event;;"
    "CREATE TRIGGER event_is_frozen BEFORE UPDATE ON event FOR EACH ROW WHEN (false)"
    " EXECUTE FUNCTION cecert_refuse('what event says never changes')": (
        f"trigger event_is_frozen: {NOT_AS_MADE}"
    ),
    "DROP TRIGGER outbox_is_frozen ON outbox;;"
    "CREATE TRIGGER outbox_is_frozen BEFORE UPDATE OF number ON outbox FOR EACH ROW"
    " EXECUTE FUNCTION cecert_refuse('what outbox says never changes')": (
        f"trigger outbox_is_frozen: {NOT_AS_MADE}"
    ),
    "CREATE RULE keep AS ON INSERT TO event DO INSTEAD NOTHING": (
        "rule keep of table event: cecert did not make it"
    ),
    "ALTER TABLE log_leaf DISABLE TRIGGER ALL;;"
    "ALTER TABLE log_leaf ENABLE TRIGGER USER": "table log_leaf: its foreign keys are turned off",
    "ALTER TABLE credit_line DROP CONSTRAINT credit_line_provider_id_certificate_id_fkey": (
        f"foreign key (provider_id, certificate_id) of table credit_line: {NOT_AS_MADE}"
    ),
}


def test_guards_that_postgresql_was_told_to_pass_over_are_named(database: Database) -> None:
    assert {each: unguarded(database, each) for each in WEAKENED} == {
        statement: [words] for statement, words in WEAKENED.items()
    }


def test_a_change_is_not_told_before_one_with_a_lower_number_that_is_still_to_be_committed(
    url: str, postgresql: PostgresqlServer
) -> None:
    other_ledger = postgresql.new_url()
    create_ledger(other_ledger)
    told = [Event("exported", AT, None, "Maria", str(number)) for number in range(4)]
    with (
        open_database(url, "example-ssw") as one,
        open_database(url, "another") as another,
        open_database(other_ledger, "example-ssw") as elsewhere,
    ):

        def seen() -> list[str]:
            found = changes(one.pages, "example-ssw", "", 50)
            assert newest_cursor(one.pages) == found.cursor
            return [each.reason for each in found.changes]

        one.ledger.add_event(told[0])
        with writing(one._engine) as late:
            add_events(late, "example-ssw", [told[1]])
            one.ledger.add_event(told[2])
            assert seen() == ["0"]
        assert seen() == ["0", "1", "2"]
        # Another provider's transaction holds up what comes after it, another ledger's nothing.
        with writing(another._engine) as late, writing(elsewhere._engine) as foreign:
            add_events(foreign, "example-ssw", [told[3]])
            add_events(late, "another", [told[3]])
            one.ledger.add_event(told[3])
            assert seen() == ["0", "1", "2"]
            late.commit()
            assert seen() == ["0", "1", "2", "3"]
