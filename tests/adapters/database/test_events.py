"""Events have the numbers that whoever adds them is told."""

from __future__ import annotations

from dataclasses import replace

from ledger_entries import AT, event, people
from sqlalchemy import event as on
from sqlalchemy import select

from cecert.adapters.database import Database
from cecert.adapters.database.engine import writing
from cecert.adapters.database.events import add_numbered_events
from cecert.adapters.database.tables import events


def test_who_adds_events_is_told_their_numbers_in_order(database: Database) -> None:
    entries = people(3)
    database.ledger.enter(entries, AT)
    told = [event(f"kind {number}", entries[number % 3]) for number in range(4)]
    others = [replace(each, certificate_id=None) for each in told]
    engine, statements = database._engine, list[str]()  # as the ledger has it
    with writing(engine, alone=True) as connection:
        on.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        numbers = [
            *add_numbered_events(connection, "another", others),
            *add_numbered_events(connection, "example-ssw", told),
        ]
        kept = select(events.c.kind).where(events.c.number.in_(numbers)).order_by(events.c.number)
        assert list(connection.scalars(kept)) == [each.kind for each in (*others, *told)]
    assert len(set(numbers)) == len(others) + len(told)
    # Nothing of SQLite's answers is read for each event.
    assert len(statements) == 5
    assert not any("RETURNING" in each for each in statements)
