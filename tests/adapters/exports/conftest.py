"""Reading of texts that a test writes out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cecert.adapters.assets import asset_folder
from cecert.adapters.exports import ColumnMapping, read_evidence
from cecert.adapters.tables.headers import Synonyms, read_synonyms
from cecert.domain.evidence.export import DateOrder, EvidenceFile

Read = Callable[..., EvidenceFile]


@pytest.fixture(scope="session")
def synonyms() -> Synonyms:
    return read_synonyms(asset_folder("templates") / "evidence" / "synonyms.toml")


@pytest.fixture
def read(tmp_path: Path, synonyms: Synonyms) -> Read:
    def reading(
        content: str | bytes,
        order: DateOrder | None = None,
        mapping: ColumnMapping | None = None,
        name: str = "export",
        statement: str = "",
    ) -> EvidenceFile:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_evidence(path, synonyms, date_order=order, mapping=mapping, statement=statement)

    return reading
