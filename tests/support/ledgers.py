"""Fixtures of a ledger, wherever the fixture `empty_url` of a folder says that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.ports import Ledger, Outbox

__all__ = ["Kept", "database", "kept", "ledger", "outbox", "url"]


@dataclass(frozen=True)
class Kept:
    """A ledger with its outbox."""

    ledger: Ledger
    outbox: Outbox


@pytest.fixture
def url(empty_url: str) -> str:
    """Where an empty ledger is."""
    create_ledger(empty_url)
    return empty_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty ledger, open."""
    with open_database(url, "example-ssw") as opened:
        yield opened


@pytest.fixture
def kept(database: Database) -> Kept:
    """An empty ledger."""
    return Kept(database.ledger, database.outbox)


@pytest.fixture
def ledger(kept: Kept) -> Ledger:
    """Its ledger."""
    return kept.ledger


@pytest.fixture
def outbox(kept: Kept) -> Outbox:
    """Its outbox."""
    return kept.outbox
