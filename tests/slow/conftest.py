"""What campaigns and races need besides: the other database, a real office, a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import browser
from parity import page
from postgresql_server import postgresql, postgresql_url
from real_office import office_folder, office_with_keys

__all__ = [
    "browser",
    "office_folder",
    "office_with_keys",
    "page",
    "postgresql",
    "postgresql_url",
]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be made, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgresql_url"))
