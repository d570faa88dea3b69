"""Two commands at once on PostgreSQL, where they may run on two machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from matrix import run_cell
from matrix_made import made
from matrix_office import MatrixOffice, in_place
from sampled import further

pytestmark = pytest.mark.system
SAMPLE = (
    ("issue", "issue", "begin to write the ledger", 0),
    ("deliver", "revoke", "begin to write the ledger", 3),  # the mark before the final dot
)
FURTHER = (
    ("publish", "revoke", "rename site/status/1.st", 0),
    ("issue", "compromise", "begin to write the ledger", 0),
    ("compromise", "issue", "rename keys/trust.cose", 0),
)
"""What `make check` and CI ask too: each has an office made on the server."""


@pytest.fixture
def office(postgresql_url: str, tmp_path: Path) -> Iterator[MatrixOffice]:
    """The office of the matrix, its ledger on a server."""
    folder = tmp_path / "office"
    with pytest.MonkeyPatch.context() as patch:
        before = made(folder, patch, postgresql_url)
        with in_place(folder, before, patch) as office:
            yield office


@pytest.mark.parametrize(
    ("first", "second", "at", "number"),
    [*SAMPLE, *further(FURTHER)],
)
def test_neither_of_two_commands_at_once_undoes_the_other(
    office: MatrixOffice, first: str, second: str, at: str, number: int
) -> None:
    cell = run_cell(office, first, second, number, at)
    assert cell.call.startswith(at), "it never came to that call"
    assert cell.findings == [], (cell.first, cell.second)
