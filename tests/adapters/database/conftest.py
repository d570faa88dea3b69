"""A new ledger: on SQLite, and in memory as tests of users have it.

`tests/interop` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ledgers import Kept, database, ledger, outbox

from cecert.adapters.database import Database, create_ledger
from cecert.testing import MemoryLedger

__all__ = ["database", "ledger", "outbox"]


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """Where a ledger can be made."""
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture(scope="session")
def made_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger, to be copied: its tables and guards are made once a session."""
    path = tmp_path_factory.mktemp("made") / "ledger.db"
    create_ledger(f"sqlite:///{path}")
    return path


@pytest.fixture
def url(empty_url: str, made_ledger: Path) -> str:
    """Where an empty ledger is."""
    shutil.copy(made_ledger, empty_url.removeprefix("sqlite:///"))
    return empty_url


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
