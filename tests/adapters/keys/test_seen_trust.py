"""Which trust file of a root was the newest, as one user has seen them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.keys import SeenTrust

ROOT, OTHER = "ab" * 32, "cd" * 32


@given(st.lists(st.integers(-(2**63), 2**64 - 1), max_size=8))
def test_the_highest_of_a_root_is_remembered(
    tmp_path_factory: pytest.TempPathFactory, noted: list[int]
) -> None:
    seen = SeenTrust(tmp_path_factory.mktemp("cache") / "cecert" / "trust")
    for each in noted:
        seen.note(ROOT, each)
    assert seen.newest(ROOT) == max(noted, default=None)
    assert seen.newest(OTHER) is None


def test_what_another_command_noted_meanwhile_is_not_taken_back(tmp_path: Path) -> None:
    one, other = SeenTrust(tmp_path), SeenTrust(tmp_path)
    assert one.newest(ROOT) is None
    other.note(ROOT, 7)
    one.note(ROOT, 5)
    assert one.newest(ROOT) == 7


def test_it_is_the_user_s_own_and_does_not_grow(tmp_path: Path) -> None:
    seen = SeenTrust(tmp_path / "trust")
    for each in range(9):
        seen.note(ROOT, each)
    assert [each.name for each in (tmp_path / "trust" / ROOT).iterdir()] == ["8"]
    assert (tmp_path / "trust" / ROOT).stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "trust" / ROOT / "8").stat().st_mode & 0o777 == 0o600


def test_without_a_place_nothing_is_remembered_and_nothing_fails(tmp_path: Path) -> None:
    nowhere = SeenTrust(None)
    nowhere.note(ROOT, 1)
    assert nowhere.newest(ROOT) is None
    (tmp_path / "file").write_text("x")
    barred = SeenTrust(tmp_path / "file")
    barred.note(ROOT, 1)
    assert barred.newest(ROOT) is None
    (tmp_path / ROOT).mkdir()
    (tmp_path / ROOT / "notes.txt").write_text("x")
    assert SeenTrust(tmp_path).newest(ROOT) is None
