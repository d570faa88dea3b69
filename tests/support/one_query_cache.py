"""Queries are put into words once for all ledgers of a session: each has an engine of its own.

An engine keeps the words of its queries by its dialect. Those of SQLite are alike, so that what
one has worked out serves the others; what is asked, and what is answered, stays each one's own.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from cecert.adapters.database import engine as engines

__all__ = ["share_queries"]

_queries: LRUCache[object, object] = LRUCache(2000)
_real_engine = engines._sqlite_engine


def share_queries(patch: pytest.MonkeyPatch) -> None:
    """Have the engines of all SQLite ledgers share one cache from now on."""
    patch.setattr(engines, "_sqlite_engine", _engine)
    patch.setattr(SQLiteDialect_pysqlite, "__hash__", lambda _: 1)
    patch.setattr(SQLiteDialect_pysqlite, "__eq__", lambda one, other: type(one) is type(other))


def _engine(path: Path) -> Engine:
    engine = _real_engine(path)
    engine._compiled_cache = _queries  # type: ignore[assignment]  # as SQLAlchemy makes it
    return engine
