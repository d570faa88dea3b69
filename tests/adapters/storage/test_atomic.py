"""Files that are written new: never in another's place, and where no file has two names."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cecert.adapters.storage.atomic import new_file


def _no_second_names(*_names: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.fixture(params=["hard links", "none"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as on a disk, and as on a memory stick, which knows no hard links."""
    if request.param == "none":
        monkeypatch.setattr(os, "link", _no_second_names)
    return tmp_path


def _written(path: Path, meanwhile: Callable[[], object]) -> None:
    with new_file(path) as stream:
        stream.write(b"ours")
        meanwhile()


def test_a_new_file_is_there_when_it_is_whole(folder: Path) -> None:
    path = folder / "a.zip"
    with new_file(path) as stream:
        stream.write(b"whole")
        assert not path.exists()
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"whole", 0o600)
    assert list(folder.iterdir()) == [path]


def test_what_another_put_there_meanwhile_stays(folder: Path) -> None:
    path = folder / "a.zip"
    with pytest.raises(FileExistsError):
        _written(path, lambda: path.write_bytes(b"theirs"))
    assert (path.read_bytes(), list(folder.iterdir())) == (b"theirs", [path])


def test_what_is_not_finished_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _written(folder / "a.zip", lambda: 1 // 0)
    assert list(folder.iterdir()) == []
