"""A new ledger: on SQLite, and in memory as tests of users have it.

`tests/interop` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ledgers import Kept, database, ledger, outbox, url

from cecert.adapters.database import Database
from cecert.testing import MemoryLedger

__all__ = ["database", "ledger", "outbox", "url"]


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """Where a ledger can be made."""
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture(params=["sqlite", "memory"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """An empty ledger on SQLite, and the one in memory that tests of users rely on."""
    if request.param == "memory":
        memory = MemoryLedger()
        return Kept(memory, memory)
    opened: Database = request.getfixturevalue("database")
    return Kept(opened.ledger, opened.outbox)


@pytest.fixture
def format_1_url(tmp_path: Path) -> str:
    """A ledger of format 1, of the cecert that wrote it."""
    old = Path(__file__).parent / "ledgers" / "format-1.db"
    return f"sqlite:///{shutil.copy(old, tmp_path / 'old.db')}"
