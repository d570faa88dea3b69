"""Inserting many rows at once: what SQLAlchemy finds out for each row is found out once.

It makes a dictionary of each row's values and asks of each what it is, which takes longer than
SQLite takes to store them. PostgreSQL's driver binds values in ways of its own, and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

__all__ = ["insert_rows"]

Rows = Sequence[Mapping[str, Any]]


def insert_rows(connection: Connection, rows: Mapping[Table, Rows]) -> None:
    """Insert many rows into tables at once.

    Args:
        connection: In a transaction that writes.
        rows: By their table, in the order that foreign keys ask for: values by the names of
            columns, each row of a table of the same; at least one row each.
    """
    for table, some in rows.items():
        if connection.dialect.name != "sqlite":
            connection.execute(table.insert(), some)
            continue
        statement, stored = _insert(table, tuple(some[0]))
        columns = []
        for name, store in stored:
            values = map(itemgetter(name), some)
            columns.append(values if store is None else map(store, values))
        connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


_Stored = Sequence[tuple[str, Callable[[Any], Any] | None]]
"""Columns in the order of a statement, and what makes of each value the one that is stored."""


@lru_cache(maxsize=64)
def _insert(table: Table, names: tuple[str, ...]) -> tuple[str, _Stored]:
    dialect = sqlite.dialect()
    compiled = table.insert().inline().compile(dialect=dialect, column_keys=names)
    types = [
        (name, table.c[name].type.dialect_impl(dialect)) for name in compiled.positiontup or ()
    ]
    return compiled.string, [(name, each.bind_processor(dialect)) for name, each in types]
