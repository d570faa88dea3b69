"""From format 3 to 4: what refuses to replace a row finds it by an index.

On SQLite each credit line was looked for among all of its provider's before it was inserted:
entering a certificate took as long as there were others. The triggers alone are made anew.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

from cecert.adapters.database.guards import guard_statements

__all__ = ["to_format_4"]

_NAMED = re.compile(r"CREATE TRIGGER (\w+)")


def to_format_4(connection: Connection, provider: str) -> None:
    """Change a ledger of format 3; whose it is does not matter."""
    del provider
    if connection.dialect.name != "sqlite":  # PostgreSQL replaces no row
        return
    for statement in guard_statements(connection):
        if named := _NAMED.match(statement):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {named[1]}")
        connection.exec_driver_sql(statement)
