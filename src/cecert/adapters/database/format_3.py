"""From format 2 to 3: a mail may be about no certificate.

Format 2 held a mail only with the certificate that it is about, and reminders go to people who
have none. PostgreSQL lifts the condition where it is; SQLite makes the table anew and fills it.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from cecert.adapters.database.format_2 import put_aside
from cecert.adapters.database.guards import set_guards
from cecert.adapters.database.tables import outbox

__all__ = ["to_format_3"]

_OLD = "format_2"


def to_format_3(connection: Connection, provider: str) -> None:
    """Change a ledger of format 2; whose it is does not matter."""
    del provider
    if connection.dialect.name != "sqlite":
        connection.execute(text('ALTER TABLE "outbox" ALTER COLUMN "certificate_id" DROP NOT NULL'))
        return
    put_aside(connection, outbox.name, _OLD)
    outbox.create(connection)
    names = ", ".join(f'"{each.name}"' for each in outbox.columns)
    connection.execute(
        text(
            f'INSERT INTO "outbox" ({names})'  # noqa: S608  # our own names
            f' SELECT {names} FROM "outbox_{_OLD}" ORDER BY number'
        )
    )
    connection.execute(text(f'DROP TABLE "outbox_{_OLD}"'))
    set_guards(connection, [outbox])
