"""Storage calls, one by one: what a command does to disk and ledger, and something done at one.

A call is an open, a rename, a removal, a link or a new folder below the watched folders, a
sync, a lock, or a transaction of the ledger: before it begins, and before it commits. Python
itself tells of files (PEP 578), so no way of writing one is forgotten. Calls are numbered for
each watched thread, and for that in which delivering does what blocks; those of others, the
threads a command starts otherwise among them, are not told.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import get_ident
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from cecert.adapters.database import claims
from cecert.adapters.database import engine as engines
from cecert.adapters.mail import send_log
from cecert.adapters.storage import folder_lock, posix
from cecert.workflows.deliver.beside import Beside

__all__ = ["Told", "patched", "told_of", "watched"]

Told = Callable[[str], None]
"""Is told of a call, in words that are the same in every run; what it raises, the call raises."""

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
NOISE = ("-wal", "-shm", ".png", ".otf", ".ttf")

_folders: tuple[str, ...] = ()
_threads: dict[int, Told] = {}


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _threads or event not in _EVENTS:
        return
    told = _threads.get(get_ident())
    if told is None or isinstance(arguments[0], int):
        return
    path = os.fspath(arguments[0])
    place = path if isinstance(path, str) else os.fsdecode(path)
    folder = next((each for each in _folders if place.startswith(each)), None)
    if folder is None or place.endswith(NOISE):
        return
    word = _EVENTS[event]
    if event == "open":
        word = "write" if arguments[2] & WRITES else "read"
    if event in {"os.rename", "os.link"}:
        place = os.fspath(arguments[1])
    told(f"{word} {place[len(folder) :]}")


_EVENTS = {
    "open": "open", "os.rename": "rename", "os.remove": "remove", "os.link": "link",
    "os.mkdir": "mkdir", "os.rmdir": "rmdir",
}  # fmt: skip


@cache
def _listen() -> None:
    """Begin to hear; Python has no way to end it, and all that comes later is slower for it."""
    sys.addaudithook(_heard)


@contextmanager
def watched(told: Told) -> Iterator[None]:
    """Tell of the calls of this thread until the context ends."""
    _listen()
    _threads[get_ident()] = told
    try:
        yield
    finally:
        del _threads[get_ident()]


def told_of(call: str) -> None:
    """Tell of a call that Python does not."""
    if told := _threads.get(get_ident()):
        told(call)


def patched(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Have calls below *folders*, and those of ledgers, told of."""
    monkeypatch.setitem(globals(), "_folders", tuple(f"{each}{os.sep}" for each in folders))
    modules = [each for name, each in sys.modules.items() if name.startswith("cecert.adapters.")]
    for name, (real, told) in _TRANSACTIONS.items():
        for module in modules:
            if getattr(module, name, None) is real:
                monkeypatch.setattr(module, name, told)
    monkeypatch.setattr(folder_lock, "wait_for", _wait_for)
    monkeypatch.setattr(folder_lock, "INTERVAL", 0.005)
    monkeypatch.setattr(send_log, "lock_shared", _lock_shared)
    monkeypatch.setattr(os, "fsync", _fsync)
    monkeypatch.setattr(Beside, "do", _do)
    monkeypatch.setattr(Beside, "record", _record)
    monkeypatch.setattr(Beside, "_record_all", _record_all)
    own_time = SimpleNamespace(monotonic=time.monotonic, sleep=_sleep)
    monkeypatch.setattr(claims, "time", own_time)


_real_writing, _real_reading = engines.writing, engines.reading
_real_wait_for = folder_lock.wait_for

WAITS = "waits for another"


@contextmanager
def _writing(engine: Engine, *, alone: bool = False) -> Iterator[Connection]:
    told_of("begin to write the ledger")
    with _real_writing(engine, alone=alone) as connection:
        told_of("ledger locked")
        yield connection
        told_of("commit to the ledger")


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    told_of("begin to read the ledger")
    with _real_reading(engine) as connection:
        yield connection


_TRANSACTIONS = {"writing": (_real_writing, _writing), "reading": (_real_reading, _reading)}


def _wait_for(take: Callable[[], bool], wait: Callable[[], None]) -> None:
    def waits() -> None:
        told_of(WAITS)
        wait()

    _real_wait_for(take, waits)


def _lock_shared(handle: int) -> None:
    told_of(WAITS)
    posix.lock_shared(handle)


async def _do(beside: Beside, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # as it is
    told = _threads.get(get_ident())

    def acting() -> Any:  # noqa: ANN401  # whatever *act* returns
        if told is None:
            return act(*args, **kwargs)
        with watched(told):
            return act(*args, **kwargs)

    return await _real_do(beside, acting)


async def _record(beside: Beside, act: Callable[..., Any]) -> Any:  # noqa: ANN401  # as it is
    _recording[0] = _threads.get(get_ident())
    return await _real_record(beside, act)


def _record_all(beside: Beside) -> None:
    told = _recording[0]
    if told is None:
        _real_record_all(beside)
        return
    with watched(told):
        _real_record_all(beside)


_recording: list[Told | None] = [None]
_real_do, _real_record, _real_record_all = (
    Beside.do,
    Beside.record,
    Beside._record_all,
)  # where it blocks


def _sleep(seconds: float) -> None:
    """Tell that a run waits for what another is at."""
    del seconds
    told_of(WAITS)
    time.sleep(0.005)


def _fsync(handle: int) -> None:
    """Tell, and do not wait for the disk: what a kill leaves behind is the same without."""
    del handle
    told_of("sync")
