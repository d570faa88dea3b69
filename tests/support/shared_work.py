"""Work for workers of tests: a worker loads it by its name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from cecert.errors import InputError


def beginning(factor: int) -> Callable[[tuple[str, object]], object]:
    """Return what does a group: a word and a value."""

    def work(group: tuple[str, object]) -> object:
        word, value = group
        return _WORK[word](value, factor)

    return work


def _multiplied(value: object, factor: int) -> object:
    assert isinstance(value, int)
    return value * factor


def _slowly(value: object, factor: int) -> object:
    time.sleep(0.05)
    return _multiplied(value, factor)


def _killed_once(value: object, factor: int) -> object:
    mark = Path(str(value))
    if mark.exists():
        return factor
    mark.touch()
    return _killed(value, factor)


def _killed(value: object, factor: int) -> object:
    os.kill(os.getpid(), signal.SIGKILL)
    return value, factor


def _wrong(value: object, factor: int) -> object:
    print("what is printed is no answer")
    raise InputError(f"{value} is wrong", hint=f"not {factor}")


def _process(value: object, factor: int) -> object:
    return os.getpid(), value, factor


_WORK: dict[str, Callable[[object, int], object]] = {
    "killed": _killed,
    "killed once": _killed_once,
    "multiplied": _multiplied,
    "process": _process,
    "slowly": _slowly,
    "wrong": _wrong,
}
