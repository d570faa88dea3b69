"""What protects a ledger, held against what cecert makes: triggers, and keys that hold promises.

Who may drop a trigger may also put a weaker one in its place, or replace the function that
all of them call: what they do is compared, not their names alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    Index,
    Inspector,
    Row,
    Table,
    UniqueConstraint,
    inspect,
    text,
)

from cecert.adapters.database.guards import guard_statements
from cecert.adapters.database.tables import metadata
from cecert.ports import Irregularity

__all__ = ["protection_faults"]

_NOT_AS_MADE = "it is not there, or not as cecert made it"
_STRANGE = "cecert did not make it"

_SQLITE_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_POSTGRESQL_TRIGGERS = text(
    "SELECT tgname AS name, relname, tgenabled, tgisinternal, prosrc,"
    " pg_get_triggerdef(pg_trigger.oid, true) AS sql"
    " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid"
    " WHERE relnamespace = current_schema()::regnamespace"
)
_POSTGRESQL_RULES = text(
    "SELECT rulename, tablename FROM pg_rules WHERE schemaname = current_schema()"
)
_CREATED = re.compile(r"CREATE TRIGGER (\w+)")
_BODY = re.compile(r"\$\$(.*)\$\$", re.DOTALL)
_PUNCTUATION = re.compile(r'["()]|::text| for each statement')


def protection_faults(connection: Connection) -> Iterator[Irregularity]:
    """Yield the triggers and keys that are not there, not as cecert made them, or strangers'."""
    guards = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    for place, why in (*guards(connection), *_keys(inspect(connection))):
        yield Irregularity(None, place, why)


def _made(statements: Iterable[str]) -> Mapping[str, str]:
    return {found[1]: each for each in statements if (found := _CREATED.match(each))}


def _on_sqlite(connection: Connection) -> Iterator[tuple[str, str]]:
    made = _made(guard_statements(connection))
    there: dict[str, str] = {row.name: row.sql for row in connection.execute(_SQLITE_TRIGGERS)}
    for name, statement in made.items():
        if there.get(name) != statement:
            yield f"trigger {name}", _NOT_AS_MADE
    yield from ((f"trigger {name}", _STRANGE) for name in sorted(there.keys() - made.keys()))


def _on_postgresql(connection: Connection) -> Iterator[tuple[str, str]]:
    statements = guard_statements(connection)
    made = _made(statements)
    (body,) = (found[1] for each in statements if (found := _BODY.search(each)))
    rows = [
        row for row in connection.execute(_POSTGRESQL_TRIGGERS) if row.relname in metadata.tables
    ]
    there = {row.name: row for row in rows if not row.tgisinternal}
    for name, statement in made.items():
        row = there.get(name)
        if row is None or row.tgenabled != "O" or _plain(row.sql) != _plain(statement):
            yield f"trigger {name}", _NOT_AS_MADE
    if any(row.prosrc != body for name, row in there.items() if name in made):
        yield "function cecert_refuse", "it does something else than cecert made it for"
    yield from ((f"trigger {name}", _STRANGE) for name in sorted(there.keys() - made.keys()))
    off = {row.relname for row in rows if row.tgisinternal and row.tgenabled != "O"}
    yield from ((f"table {name}", "its foreign keys are turned off") for name in sorted(off))
    for rule in _rules(connection):
        yield f"rule {rule.rulename} of table {rule.tablename}", _STRANGE


def _rules(connection: Connection) -> Sequence[Row[Any]]:
    rules = connection.execute(_POSTGRESQL_RULES)
    return [each for each in rules if each.tablename in metadata.tables]


def _plain(statement: str) -> str:
    """Return a trigger's statement without what the server writes in a way of its own."""
    return " ".join(_PUNCTUATION.sub("", statement.lower()).split())


def _keys(inspector: Inspector) -> Iterator[tuple[str, str]]:
    """Yield the keys that are not there: without them a promise could be made twice."""
    primary = inspector.get_multi_pk_constraint()
    unique = inspector.get_multi_unique_constraints()
    foreign = inspector.get_multi_foreign_keys()
    indexes = inspector.get_multi_indexes()
    for table in metadata.sorted_tables:
        own = (None, table.name)
        there = {
            *(("primary key", _named(primary[own]["constrained_columns"])),),
            *(("unique key", _named(each["column_names"])) for each in unique[own]),
            *(("foreign key", _named(each["constrained_columns"])) for each in foreign[own]),
            *((f"index {each['name']}", _limits(each)) for each in indexes[own]),
        }
        for kind, columns in _wanted(table):
            if (kind, columns) not in there:
                about = "" if kind.startswith("index") else f" ({columns})"
                yield f"{kind}{about} of table {table.name}", _NOT_AS_MADE


def _wanted(table: Table) -> Iterator[tuple[str, str]]:
    yield "primary key", _named(each.name for each in table.primary_key)
    unique = (each for each in table.constraints if isinstance(each, UniqueConstraint))
    foreign = (each for each in table.constraints if isinstance(each, ForeignKeyConstraint))
    yield from sorted(("unique key", _named(each.name for each in it.columns)) for it in unique)
    yield from sorted(("foreign key", _named(each.column_keys)) for each in foreign)
    for index in table.indexes:
        if index.unique:
            yield f"index {index.name}", _limits_made(index)


def _named(columns: Iterable[str | None]) -> str:
    return ", ".join(map(str, columns))


def _limits(found: Mapping[str, Any]) -> str:
    """Return what an index that was found keeps single, and among which rows."""
    options = found.get("dialect_options", {})
    where = next((each for name, each in options.items() if name.endswith("_where")), "")
    unique = "unique " if found["unique"] else ""
    return f"{unique}{_named(found['column_names'])} where {_plain(str(where))}"


def _limits_made(index: Index) -> str:
    where = index.dialect_options["sqlite"]["where"]
    name = "" if where is None else where.name
    return f"unique {_named(column.name for column in index.columns)} where {name}"
