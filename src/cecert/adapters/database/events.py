"""Events: how each is added, and how far they can be read without missing one.

On SQLite writers are alone, so events are numbered in the order in which they are committed.
On PostgreSQL a transaction draws numbers early and commits late: a reader that went on from
the last number it saw would miss what is committed behind it. So whoever adds events first
says, by a lock that shuts nobody out, above which number theirs will be; who reads goes no
further than the lowest that anybody says (ADR 42).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select, text

from cecert.adapters.database.inserting import insert_rows
from cecert.adapters.database.rows import event_columns
from cecert.adapters.database.tables import events
from cecert.ports import Event

__all__ = ["add_events", "add_numbered_events", "settled_until"]


def add_events(connection: Connection, provider: str, told: Sequence[Event]) -> None:
    """Add events to the ledger.

    Args:
        connection: In a transaction that writes.
        provider: Whose ledger it is.
        told: In their order.
    """
    if told:
        _say_above(connection)
        connection.execute(events.insert(), [event_columns(provider, each) for each in told])


def add_numbered_events(
    connection: Connection, provider: str, told: Sequence[Event]
) -> Sequence[int]:
    """Add events to the ledger; return their numbers.

    Args:
        connection: In a transaction that writes.
        provider: Whose ledger it is.
        told: At least one, in their order.
    """
    _say_above(connection)
    rows = [event_columns(provider, each) for each in told]
    if connection.dialect.name == "sqlite":
        # Whoever writes is alone, so theirs are the last, without a gap.
        insert_rows(connection, {events: rows})
        last: int = connection.scalars(select(func.max(events.c.number))).one()
        return range(last - len(rows) + 1, last + 1)
    numbered = events.insert().returning(events.c.number, sort_by_parameter_order=True)
    return connection.scalars(numbered, rows).all()


def _say_above(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_SAY_ABOVE)


def settled_until(connection: Connection) -> int:
    """Return the highest number up to which no event is added any more.

    Args:
        connection: In a transaction that reads, of which each statement sees what was
            committed before it; events are read by a later one.
    """
    if connection.dialect.name == "postgresql":
        # In this order: who says nothing yet draws a number after the first of the two.
        newest = int(connection.scalars(_DRAWN).one())
        lowest: Any = connection.scalars(_LOWEST_SAID).one()
        return newest if lowest is None else min(newest, int(lowest))
    query = select(events.c.number).order_by(events.c.number.desc()).limit(1)
    return int(connection.scalars(query).one_or_none() or 0)


# The lock's number is the sequence's own number and, below it, the event's: those of another
# ledger on the same server hold nobody up.
_SEQUENCE = "pg_get_serial_sequence('event', 'number')::regclass"
_LAST = f"coalesce(pg_sequence_last_value({_SEQUENCE}), 0)"
_SAY_ABOVE = text(
    f"SELECT pg_advisory_xact_lock_shared(({_SEQUENCE}::oid::bigint << 32) | {_LAST})"
)
_DRAWN = text(f"SELECT {_LAST}")
_LOWEST_SAID = text(
    "SELECT min(objid::bigint) FROM pg_locks"  # noqa: S608  # as above
    " WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    f" AND classid = {_SEQUENCE}::oid"
)
