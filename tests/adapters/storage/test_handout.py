"""What is handed out is there whole or not at all, and replaces nothing."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from cecert.adapters.storage import atomic, handout
from cecert.adapters.storage.handout import write_handout
from cecert.errors import InputError

FILES = {"index.html": b"<p>", "copies/01.csv": b"a,b\r\n"}


@pytest.mark.parametrize("name", ["d", "d.zip", "d.ZIP"])
def test_a_folder_or_a_zip_holds_every_file(tmp_path: Path, name: str) -> None:
    write_handout(tmp_path / name, FILES)
    if name == "d":
        found = {each.relative_to(tmp_path / "d").as_posix(): each.read_bytes()
                 for each in (tmp_path / "d").rglob("*.*")}  # fmt: skip
        assert found == FILES
    else:
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert {each: archive.read(f"d/{each}") for each in FILES} == FILES
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["d", "d.zip"])
def test_nothing_is_replaced(tmp_path: Path, name: str) -> None:
    write_handout(tmp_path / name, FILES)
    kept = sorted((each, each.stat().st_mtime_ns) for each in tmp_path.rglob("*"))
    with pytest.raises(InputError, match="is there already"):
        write_handout(tmp_path / name, {"index.html": b"other"})
    assert sorted((each, each.stat().st_mtime_ns) for each in tmp_path.rglob("*")) == kept


def test_a_link_that_leads_nowhere_is_something(tmp_path: Path) -> None:
    (tmp_path / "d").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match="is there already"):
        write_handout(tmp_path / "d", FILES)


@pytest.mark.parametrize("name", ["d", "d.zip"])
def test_a_disk_that_is_full_leaves_nothing(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    where, last = (handout, "publish_folder") if name == "d" else (atomic, "sync_file")
    monkeypatch.setattr(where, last, full)
    with pytest.raises(InputError, match=f"{name} cannot be written: No space left"):
        write_handout(tmp_path / name, FILES)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_appears_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = atomic.publish_folder

    def overtaken(temporary: Path, folder: Path) -> None:
        folder.mkdir()
        (folder / "theirs").write_bytes(b"1")
        real(temporary, folder)

    monkeypatch.setattr(handout, "publish_folder", overtaken)
    with pytest.raises(InputError, match="d cannot be written"):
        write_handout(tmp_path / "d", FILES)
    assert (tmp_path / "d" / "theirs").read_bytes() == b"1"
    assert [each.name for each in tmp_path.iterdir()] == ["d"]
