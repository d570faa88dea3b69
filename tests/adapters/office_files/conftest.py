"""An office's folder as `cecert init` leaves it."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_folder import OfficeFolder


@pytest.fixture
def new_office(tmp_path: Path) -> OfficeFolder:
    return OfficeFolder.made(tmp_path / "office")
