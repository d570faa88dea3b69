"""Fixtures for tests of any room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import browser
from postgresql_server import PostgresqlServer, postgresql_server

__all__ = ["browser"]


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgresqlServer]:
    with postgresql_server() as server:
        yield server


@pytest.fixture
def postgresql_url(_postgresql: PostgresqlServer) -> str:
    """URL of an empty database on a real server; mark the test `postgresql`."""
    return _postgresql.new_url()
