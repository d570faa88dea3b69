"""Commands that are cut off or find the disk full, a sample; `tests/slow` has every call."""

from __future__ import annotations

import pytest
from kills import FullDisk, Kill, undisturbed, wrong_with
from matrix import Fresh, fresh, made_office

__all__ = ["fresh", "made_office"]

KILLS = (
    ("issue", "begin to write the ledger"),  # its file lies in the archive already
    ("correct", "commit to the ledger"),
    ("publish", "rename site/index.html"),
    ("rotate", "rename keys/trust.cose"),
    ("rotate", "commit to the ledger"),
    ("collect", "rename completions.csv"),
    ("override", "rename overrides.toml"),
    ("deliver", "write sent.jsonl"),  # the service has said yes
)
FULL = (("issue", 6), ("publish", 1), ("rotate", 9), ("collect", 5), ("deliver", 9))


@pytest.mark.parametrize(("name", "at"), KILLS)
def test_a_command_that_was_killed_is_finished_by_the_next(
    fresh: Fresh, name: str, at: str
) -> None:
    expected, kill = undisturbed(fresh, name), Kill(0, at)
    with fresh() as office:
        assert wrong_with(office, name, kill, expected) == []
    assert kill.call.startswith(at), "it never came to that call"


@pytest.mark.parametrize(("name", "number"), FULL)
def test_a_full_disk_is_told_and_loses_nothing(fresh: Fresh, name: str, number: int) -> None:
    expected, disk = undisturbed(fresh, name), FullDisk(number)
    with fresh() as office:
        assert wrong_with(office, name, disk, expected) == []
    assert disk.call, "it never came to that call"
