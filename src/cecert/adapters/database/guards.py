"""Guards: the database itself refuses to forget or rewrite what was promised.

Triggers, set when the ledger is made, let events and leaves of the log only be added, of a
certificate only the state change, once, and of a mail only what became of it. Nothing is
deleted, and no insert replaces a row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, UniqueConstraint

from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    folded_forms,
    identities,
    log_leaves,
    outbox,
    reported,
)

__all__ = ["guard_statements", "set_guards"]

_CHANGING = {
    certificates: frozenset({"state"}),
    credit_lines: frozenset({"standing"}),
    events: frozenset[str](),
    folded_forms: frozenset[str](),
    log_leaves: frozenset[str](),
    reported: frozenset[str](),
    identities: frozenset({"participant", "holders"}),
    outbox: frozenset(
        {"state", "due", "attempts", "reply", "settled_at", "first_tried_at", "owner", "lease"}
    ),
}
"""The columns of each guarded table that may change."""


@dataclass(frozen=True, slots=True)
class _Guard:
    name: str
    table: str
    act: str
    message: str
    when: str = ""


def guard_statements(connection: Connection) -> Sequence[str]:
    """Return the statements by which `set_guards` makes the guards, for this database."""
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    return tuple(statements(_CHANGING))


def set_guards(connection: Connection, tables: Collection[Table] = tuple(_CHANGING)) -> None:
    """Create the triggers of *tables* in the database of *connection*."""
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for statement in statements(tables):
        connection.exec_driver_sql(statement)


def _guards(tables: Collection[Table]) -> Iterator[_Guard]:
    for table in tables:
        name, changing = table.name, _CHANGING[table]
        yield _Guard(f"{name}_stays", name, "DELETE", f"nothing is deleted from {name}")
        frozen = _frozen(table, changing)
        act = f"UPDATE OF {frozen}" if changing else "UPDATE"
        yield _Guard(f"{name}_is_frozen", name, act, f"what {name} says never changes")
    if certificates in tables:
        final = "a certificate that was superseded or revoked stays so"
        yield _Guard(
            "certificate_state_is_final", "certificate", "UPDATE OF state", final,
            "OLD.state <> 'standing'",
        )  # fmt: skip


def _frozen(table: Table, changing: frozenset[str]) -> str:
    return ", ".join(f'"{each.name}"' for each in table.columns if each.name not in changing)


def _sqlite(tables: Collection[Table]) -> Iterator[str]:
    for each in _guards(tables):
        yield _sqlite_trigger(each)
    for table in tables:
        if table is identities:  # its rows are inserted or updated in one statement
            continue
        taken = " OR ".join(_taken(table))
        there = f'EXISTS (SELECT 1 FROM "{table.name}" WHERE {taken})'  # noqa: S608  # our own names
        message = f"a row of {table.name} is never replaced"
        yield _sqlite_trigger(
            _Guard(f"{table.name}_is_not_replaced", table.name, "INSERT", message, there)
        )


def _taken(table: Table) -> Iterator[str]:
    """Yield when an insert would replace a row: INSERT OR REPLACE fires no delete trigger."""
    yield _same([each.name for each in table.primary_key])
    # Sorted: they are a set, and a trigger is compared with the text it was made with.
    unique = (each for each in table.constraints if isinstance(each, UniqueConstraint))
    yield from map(_same, sorted([column.name for column in each.columns] for each in unique))
    for index in table.indexes:
        if index.unique:  # of standing credit lines alone
            # In the words of the index, which SQLite takes for no others: else it reads all.
            where = index.dialect_options["sqlite"]["where"].name
            key = _same([column.name for column in index.columns])
            yield f'({key} AND "{where}" AND NEW."{where}")'


def _same(key: Sequence[str]) -> str:
    return "(" + " AND ".join(f'"{each}" = NEW."{each}"' for each in key) + ")"


def _sqlite_trigger(guard: _Guard) -> str:
    when = f"WHEN {guard.when}" if guard.when else ""
    return (
        f'CREATE TRIGGER {guard.name} BEFORE {guard.act} ON "{guard.table}" {when} '
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _postgresql(tables: Collection[Table]) -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION cecert_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], "
        "ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for each in _guards(tables):
        when = f"WHEN ({each.when})" if each.when else ""
        yield (
            f'CREATE TRIGGER {each.name} BEFORE {each.act} ON "{each.table}" FOR EACH ROW {when} '
            f"EXECUTE FUNCTION cecert_refuse('{each.message}')"
        )
    for table in tables:
        yield (
            f'CREATE TRIGGER {table.name}_is_not_emptied BEFORE TRUNCATE ON "{table.name}" '
            f"EXECUTE FUNCTION cecert_refuse('nothing is deleted from {table.name}')"
        )
