"""Keys that were made once, copied for each test: making them takes a second."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from key_work import derived

from cecert.adapters.keys import Passphrases, create_keys

__all__ = ["derived"]

MADE = datetime(2026, 1, 15, 12, tzinfo=UTC)
PASSPHRASES = Passphrases("for every day", "for the root")
PROVIDER = "Example College School for Social Work"


@pytest.fixture(scope="session")
def _pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "keys"
    create_keys(folder, PROVIDER, PASSPHRASES, MADE)
    return folder


@pytest.fixture
def keys(_pristine: Path, tmp_path: Path) -> Path:
    """A folder with the keys of a new office."""
    return Path(shutil.copytree(_pristine, tmp_path / "keys"))
