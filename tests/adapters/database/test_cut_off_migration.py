"""A ledger of an old format that was being changed when the program ended, or the disk was full."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from make_ledger import facts
from sqlalchemy import Engine, event

from cecert.adapters.database import open_database
from cecert.errors import LedgerError

LEDGERS = Path(__file__).parent / "ledgers"
OURS = "example-ssw"


class KilledError(BaseException):
    """Nothing of this process is done any more."""


@contextmanager
def cut_off(number: int, error: BaseException) -> Iterator[list[int]]:
    """Raise *error* at the statement of that number, and at all after it; the value counts."""
    counted = [0]

    def before(*_: object) -> None:
        counted[0] += 1
        if counted[0] > number:
            raise error

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", before)


@pytest.fixture(scope="module")
def old() -> str:
    """The name of the ledger that is changed; `tests/slow` has those of all formats."""
    return "format-1"


@pytest.fixture(scope="module")
def undisturbed_change(old: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, object]:
    """How many statements a change takes, and what the ledger says then."""
    path = shutil.copy(LEDGERS / f"{old}.db", tmp_path_factory.mktemp("undisturbed") / "old.db")
    with (
        cut_off(10_000, KilledError()) as counted,
        open_database(f"sqlite:///{path}", OURS) as database,
    ):
        statements = counted[0]
        return statements, facts(database)


@pytest.fixture
def step() -> int:
    """Every so many statements it is cut off; `tests/slow` does it at each."""
    return 25


@pytest.mark.parametrize(
    "error",
    [
        KilledError(),
        pytest.param(sqlite3.OperationalError("database or disk is full"), marks=pytest.mark.slow),
    ],
)
def test_a_change_that_was_cut_off_is_done_by_the_next(
    tmp_path: Path,
    old: str,
    undisturbed_change: tuple[int, object],
    step: int,
    error: BaseException,
) -> None:
    statements, expected = undisturbed_change
    assert statements > 2 * step
    copies: list[Path] = []
    for number in range(1, statements, step):
        path = Path(shutil.copy(LEDGERS / f"{old}.db", tmp_path / f"{number}.db"))
        with cut_off(number, error), pytest.raises((KilledError, LedgerError)) as refused:
            open_database(f"sqlite:///{path}", OURS)
        if isinstance(refused.value, LedgerError):
            assert "make room on the disk" in refused.value.hint
        copies += tmp_path.glob(f"{number}.db.{old}.*")
        with open_database(f"sqlite:///{path}", OURS) as database:
            assert facts(database) == expected
            assert list(database.ledger.irregularities()) == []
    assert copies  # made before the first change, and never taken away
    for each in copies:
        with open_database(f"sqlite:///{each}", OURS) as database:
            assert facts(database) == expected
