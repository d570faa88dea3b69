"""The path of modules, without the folders in which anybody may have put one."""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert import import_path
from cecert.import_path import (
    leave_working_folder,
    started_by_name,
    without_folders,
    working_folder,
)


@pytest.fixture
def shunned(tmp_path: Path) -> str:
    folder = tmp_path / "unzipped"
    folder.mkdir()
    return str(folder)


def test_what_is_no_absolute_folder_goes(shunned: str) -> None:
    entries = ("", ".", "src", b"/bytes", None, "/opt/packages")
    assert without_folders(entries, [shunned]) == ["/opt/packages"]


def test_a_shunned_folder_goes_under_each_of_its_names(shunned: str, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(shunned)
    entries = (shunned, f"{shunned}/", str(link), f"{shunned}/../unzipped")
    assert without_folders(entries, [shunned]) == []
    assert without_folders(entries, [str(link)]) == []
    assert without_folders(("/gone", "/stays"), ["/gone"]) == ["/stays"]


def test_what_lies_in_a_shunned_folder_stays(shunned: str) -> None:
    environment = f"{shunned}/.venv/lib/python3.11/site-packages"
    assert without_folders((environment, f"{shunned}/src"), [shunned]) == [
        environment, f"{shunned}/src",
    ]  # fmt: skip


def test_python_s_own_folders_stay_where_they_are() -> None:
    library = str(Path(os.__file__).parent)
    own = [library, *site.getsitepackages()]
    assert without_folders((*own, "/more"), own) == [*own, "/more"]


def test_the_folder_of_cecert_itself_is_looked_into_last(
    shunned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_path, "HOME", shunned)
    assert without_folders((shunned, "/more"), [shunned]) == ["/more", shunned]
    assert without_folders((shunned, "/more"), []) == [shunned, "/more"]
    assert without_folders(("/more",), [shunned]) == ["/more"]


@given(
    st.lists(st.sampled_from(["", "a", "/a", "/b", "/c", "/d"])), st.sets(st.sampled_from("abcd"))
)
def test_order_is_kept_and_no_entry_is_twice(entries: list[str], names: set[str]) -> None:
    folders = [f"/{each}" for each in names]
    left = without_folders(tuple(entries), folders)
    assert set(left) == {each for each in entries if each.startswith("/")} - {*folders}
    assert left == [each for each in dict.fromkeys(entries) if each in left]


def test_a_working_folder_that_is_gone_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert working_folder() == [str(tmp_path)]
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert working_folder() == []


def test_the_working_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), "/more"])
    leave_working_folder()
    assert sys.path == ["/more"]


@pytest.mark.parametrize(
    ("original", "by_name"),
    [
        ("python -m cecert verify x.pdf", True),
        ("python -m cecert.__main__", True),
        ("python -mcecert", True),
        ("python -X utf8 -Bm cecert", True),
        ("python -Ximporttime -Wignore -m cecert", True),
        ("python -m another", False),
        ("python -m another cecert", False),
        ("python --help", False),
        ("python -m", False),
    ],
)
def test_python_starts_cecert_by_its_name(original: str, by_name: bool) -> None:
    words = original.split()
    assert started_by_name(["-m", "verify"], words) is by_name
    assert not started_by_name(["cecert", "-m"], words)
    assert not started_by_name([], words)
