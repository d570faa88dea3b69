"""The ledger and its outbox in a database: SQLite by default, PostgreSQL by URL.

The statements are the same on both; what differs stands in `engine` (transactions,
failures), `tables` (types, the clock) and `open` (triggers).
"""

from __future__ import annotations

from cecert.adapters.database.open import Database, create_ledger, open_database

__all__ = ["Database", "create_ledger", "open_database"]
