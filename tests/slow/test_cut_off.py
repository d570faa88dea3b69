"""Commands that are cut off at each of their storage calls, or find the disk full there."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from kills import (
    COMMANDS,
    FullDisk,
    Kill,
    prepared,
    state,
    undisturbed,
    wrong_afterwards,
    wrong_with,
)
from matrix_made import Fresh, fresh, made_office
from tests.adapters.database.test_cut_off_migration import (
    test_a_change_that_was_cut_off_is_done_by_the_next,
    undisturbed_change,
)

__all__ = [
    "fresh",
    "made_office",
    "test_a_change_that_was_cut_off_is_done_by_the_next",
    "undisturbed_change",
]

pytestmark = [pytest.mark.slow, pytest.mark.long]
KILLS = Path(__file__).parents[1] / "support" / "kills.py"


@pytest.fixture(scope="module", params=["format-1", "format-2", "format-3"])
def old(request: pytest.FixtureRequest) -> str:
    """The name of the ledger that is changed: one of each format before this one."""
    return str(request.param)


@pytest.fixture
def step() -> int:
    """At each statement a change of the ledger is cut off."""
    return 1


@pytest.mark.parametrize("told", [Kill, FullDisk])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_cut_off_anywhere_is_finished_by_the_next(
    fresh: Fresh, name: str, told: Callable[[int], Kill | FullDisk]
) -> None:
    expected = undisturbed(fresh, name)
    wrong = []
    for number in count():
        cut = told(number)
        with fresh() as office:
            found = wrong_with(office, name, cut, expected)
        wrong += [(number, cut.call, each) for each in found]
        if not cut.call:
            break
    assert wrong == []
    assert number > 0


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("issue", "rename certificates/"),
        ("issue", "commit to the ledger"),
        ("publish", "rename site/status/1.st"),
        ("rotate", "rename keys/trust.cose"),
        ("collect", "rename completions.csv"),
    ],
)
def test_a_process_that_is_killed_leaves_what_the_next_finishes(
    fresh: Fresh, name: str, at: str
) -> None:
    expected = undisturbed(fresh, name)
    with fresh() as office:
        prepared(office, name)
        command = [sys.executable, str(KILLS), str(office.folder), name, at]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == -signal.SIGKILL, done.stderr
        office.run(name)
        assert state(office) == expected
        assert wrong_afterwards(office, name) == []
