"""Engines that several ledgers of one process share: those of one server and database.

Each engine keeps connections of its own, and a server has a hundred: two hundred offices of a
process would use them up by waiting. An SQLite file is one office's, and shares nothing.
"""

from __future__ import annotations

from threading import Lock

from sqlalchemy import URL, Engine

from cecert.adapters.database.engine import engine_of, file_of

__all__ = ["SHARED"]


class _SharedEngines:
    """The engines of servers that are in use, each with how many ledgers use it."""

    def __init__(self) -> None:
        self._held: dict[URL, tuple[Engine, int]] = {}
        self._lock = Lock()

    def take(self, url: URL) -> Engine:
        """Return the engine of a database, which somebody else of this process may use too.

        Raises:
            LedgerError: If the program for PostgreSQL is not installed.
        """
        if file_of(url) is not None:
            return engine_of(url)
        with self._lock:
            engine, users = self._held.get(url) or (engine_of(url), 0)
            self._held[url] = engine, users + 1
            return engine

    def give_back(self, engine: Engine) -> None:
        """Close an engine, unless others still use it."""
        with self._lock:
            for url, (held, users) in self._held.items():
                if held.pool is engine.pool:  # one that only reads has options, and this pool
                    if users > 1:
                        self._held[url] = held, users - 1
                        return
                    del self._held[url]
                    break
        engine.dispose()


SHARED = _SharedEngines()
