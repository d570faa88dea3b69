"""A new ledger on each database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.ports import Ledger, Outbox
from cecert.testing import MemoryLedger

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


@dataclass(frozen=True)
class Kept:
    """A ledger with its outbox."""

    ledger: Ledger
    outbox: Outbox


@pytest.fixture(params=["sqlite", POSTGRESQL])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be made, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def url(empty_url: str) -> str:
    """Where an empty ledger is."""
    create_ledger(empty_url)
    return empty_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty ledger, open."""
    with open_database(url) as opened:
        yield opened


@pytest.fixture(params=["sqlite", POSTGRESQL, "memory"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """An empty ledger on each database, and the one in memory that tests of users rely on."""
    if request.param == "memory":
        memory = MemoryLedger()
        yield Kept(memory, memory)
        return
    where = f"sqlite:///{tmp_path / 'ledger.db'}"
    if request.param == "postgresql":
        where = request.getfixturevalue("postgresql_url")
    create_ledger(where)
    with open_database(where) as opened:
        yield Kept(opened.ledger, opened.outbox)


@pytest.fixture
def ledger(kept: Kept) -> Ledger:
    """Its ledger."""
    return kept.ledger


@pytest.fixture
def outbox(kept: Kept) -> Outbox:
    """Its outbox."""
    return kept.outbox
