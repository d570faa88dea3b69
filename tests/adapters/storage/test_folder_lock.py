"""The lock that one command holds: it waits, tells so, and gives up with figures."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cecert.adapters.storage import folder_lock
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.errors import LedgerError

HOLDER = """
import sys, time
from pathlib import Path
from cecert.adapters.storage.folder_lock import FolderLock
with FolderLock(Path(sys.argv[1])).hold(lambda: None):
    print("held", flush=True)
    time.sleep(600)
"""


def unwaited() -> None:
    raise AssertionError("nobody holds it")


def test_nobody_waits_for_a_lock_that_nobody_holds(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / ".changing")
    for _ in range(2):
        with lock.hold(unwaited):
            assert (tmp_path / ".changing").read_bytes() == b""


def test_two_threads_are_never_in_it_together(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []
    told: list[bool] = []

    def work(number: int) -> None:
        with FolderLock(tmp_path / ".changing").hold(lambda: told.append(True)):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.02)
            inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    assert most == [1] * 8
    assert told


def test_who_is_killed_holds_nothing_any_more(tmp_path: Path) -> None:
    path = tmp_path / ".changing"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        waited: list[bool] = []

        def kill() -> None:
            waited.append(True)
            holder.kill()

        with FolderLock(path).hold(kill):
            assert waited == [True]


def test_who_waits_too_long_gives_up_and_says_how_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_lock, "PATIENCE", 0.3)
    path = tmp_path / ".changing"
    with (
        FolderLock(path).hold(unwaited),
        pytest.raises(LedgerError, match=r"has held this office for 0\.3 seconds"),
        FolderLock(path).hold(lambda: None),
    ):
        raise AssertionError("two hold it")


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(LedgerError, match="cannot be opened: No such file"),
        FolderLock(tmp_path / "nowhere" / ".changing").hold(unwaited),
    ):
        pass


def test_where_files_cannot_be_locked_nobody_is_kept_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_lock, "can_lock", lambda: False)
    lock: Callable[[Callable[[], None]], object] = FolderLock(tmp_path / ".changing").hold
    with lock(unwaited), lock(unwaited):  # type: ignore[attr-defined]  # a context
        assert not (tmp_path / ".changing").exists()
