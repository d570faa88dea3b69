"""Guards: triggers by which the database itself refuses to forget or rewrite what was promised.

Events are only ever added. Of a certificate only the state changes, once; of a mail only
what became of it. Nothing is deleted, and no insert replaces a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from cecert.adapters.database.tables import certificates, credit_lines, events, identities, outbox

__all__ = ["set_guards"]

_CHANGING = {
    certificates: frozenset({"state"}),
    credit_lines: frozenset({"standing"}),
    events: frozenset[str](),
    identities: frozenset({"participant", "holders"}),
    outbox: frozenset(
        {"state", "due", "attempts", "reply", "settled_at", "first_tried_at", "owner", "lease"}
    ),
}
"""The columns of each guarded table that may change."""

_KEYS = {certificates: "id", events: "number", outbox: "key"}
"""By what an insert would replace a row (SQLite's INSERT OR REPLACE fires no delete trigger)."""


@dataclass(frozen=True, slots=True)
class _Guard:
    name: str
    table: str
    act: str
    message: str
    when: str = ""


def set_guards(connection: Connection) -> None:
    """Create the triggers in the database of *connection*."""
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for statement in statements(list(_guards())):
        connection.exec_driver_sql(statement)


def _guards() -> Iterator[_Guard]:
    for table, changing in _CHANGING.items():
        name = table.name
        yield _Guard(f"{name}_stays", name, "DELETE", f"nothing is deleted from {name}")
        frozen = _frozen(table, changing)
        act = f"UPDATE OF {frozen}" if changing else "UPDATE"
        yield _Guard(f"{name}_is_frozen", name, act, f"what {name} says never changes")
    final = "a certificate that was superseded or revoked stays so"
    yield _Guard(
        "certificate_state_is_final", "certificate", "UPDATE OF state", final,
        "OLD.state <> 'standing'",
    )  # fmt: skip


def _frozen(table: Table, changing: frozenset[str]) -> str:
    return ", ".join(f'"{each.name}"' for each in table.columns if each.name not in changing)


def _sqlite(guards: Sequence[_Guard]) -> Iterator[str]:
    for each in guards:
        yield _sqlite_trigger(each)
    for table, key in _KEYS.items():
        there = f'EXISTS (SELECT 1 FROM "{table.name}" WHERE "{key}" = NEW."{key}")'  # noqa: S608  # our own names
        message = f"a row of {table.name} is never replaced"
        yield _sqlite_trigger(
            _Guard(f"{table.name}_is_not_replaced", table.name, "INSERT", message, there)
        )


def _sqlite_trigger(guard: _Guard) -> str:
    when = f"WHEN {guard.when}" if guard.when else ""
    return (
        f'CREATE TRIGGER {guard.name} BEFORE {guard.act} ON "{guard.table}" {when} '
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _postgresql(guards: Sequence[_Guard]) -> Iterator[str]:
    yield (
        "CREATE FUNCTION cecert_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], "
        "ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for each in guards:
        when = f"WHEN ({each.when})" if each.when else ""
        yield (
            f'CREATE TRIGGER {each.name} BEFORE {each.act} ON "{each.table}" FOR EACH ROW {when} '
            f"EXECUTE FUNCTION cecert_refuse('{each.message}')"
        )
    for table in _CHANGING:
        yield (
            f'CREATE TRIGGER {table.name}_is_not_emptied BEFORE TRUNCATE ON "{table.name}" '
            f"EXECUTE FUNCTION cecert_refuse('nothing is deleted from {table.name}')"
        )
