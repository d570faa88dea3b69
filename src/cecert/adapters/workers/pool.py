"""Workers: processes of this program that take groups of work, and answer in order.

A worker is told once how to begin, and then given groups. All that goes to it and comes
from it is pickled: plain values, and functions of modules by their names. It reads no
hostile document itself: what it says is believed.

Workers are started as commands and not forked: a fork has the locks, connections and keys
of its parent, in whatever state they were. Nor are they multiprocessing's: those import the
program that started them once more, which in a program of somebody else does its work twice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from cecert.adapters.workers.child import received, sent
from cecert.import_path import without_folders, working_folder
from cecert.ports.workers import WorkerLostError, Workers

__all__ = ["OwnProcess", "WorkerPool", "open_workers"]

Setting = TypeVar("Setting")
Group = TypeVar("Group")
Answer = TypeVar("Answer")

AHEAD = 2
"""Groups for each worker that are taken before their turn, so that none waits for work."""

TRIES = 3
"""Workers that may be lost over one group, before it is the group's fault."""

_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from cecert.adapters.workers.child import main; main()"
)
"""The program of a worker. `-m` would look for modules in its working folder first."""


@contextmanager
def open_workers(
    begin: Callable[[Setting], Callable[[Group], Answer]], setting: Setting, count: int
) -> Iterator[Workers[Group, Answer]]:
    """Give who does a kind of work, until it is done.

    Args:
        begin: A function of a module: takes *setting*, returns what does a group. A worker
            calls it once, with its first group.
        setting: What it works with, a value that can be pickled. One with secrets in it is for a
            *begin* that hides the memory of its process first.
        count: Workers; with one the work is done here.
    """
    if count <= 1:
        yield OwnProcess(begin, setting)
        return
    pool = WorkerPool(begin, setting, count)
    try:
        yield pool
    finally:
        pool.close()


class OwnProcess(Generic[Setting, Group, Answer]):
    """Does the work in this process: a `cecert.ports.Workers` without any."""

    def __init__(
        self, begin: Callable[[Setting], Callable[[Group], Answer]], setting: Setting
    ) -> None:
        self._begin, self._setting = begin, setting
        self._work: Callable[[Group], Answer] | None = None

    def answers(self, groups: Iterable[Group]) -> Iterator[Answer]:
        """Yield the answer to each group, as it is asked for."""
        for each in groups:
            self._work = self._work or self._begin(self._setting)
            yield self._work(each)


class WorkerPool(Generic[Setting, Group, Answer]):
    """Does the work in so many processes: a `cecert.ports.Workers`.

    A process is started with the first group that it gets, and ends with the pool; one
    that is lost is replaced, and its group given to the new one.
    """

    def __init__(
        self, begin: Callable[[Setting], Callable[[Group], Answer]], setting: Setting, count: int
    ) -> None:
        """Take what `open_workers` takes; `close` ends it."""
        self._groups: SimpleQueue[_Asked | None] = SimpleQueue()
        self._workers = [_Worker((begin, setting)) for _ in range(count)]
        self._threads = [
            threading.Thread(target=each.serve, args=(self._groups,), daemon=True)
            for each in self._workers
        ]
        for thread in self._threads:
            thread.start()

    def answers(self, groups: Iterable[Group]) -> Iterator[Answer]:
        """Yield the answer to each group, in the order of the groups.

        Raises:
            WorkerLostError: If one worker after another ended over the same group.
        """
        arriving: SimpleQueue[tuple[int, _Told]] = SimpleQueue()
        early: dict[int, _Told] = {}
        asked = enumerate(groups)
        given = sum(self._give(asked, arriving) for _ in range(AHEAD * len(self._workers)))
        number = 0
        while number < given:
            while number not in early:
                arrived, told = arriving.get()
                early[arrived] = told
            succeeded, answer = early.pop(number)
            if not succeeded:
                raise answer
            number += 1
            given += self._give(asked, arriving)
            yield answer

    def _give(
        self, asked: Iterator[tuple[int, Group]], arriving: SimpleQueue[tuple[int, _Told]]
    ) -> int:
        """Hand out the next group; return how many that were."""
        for number, group in asked:
            self._groups.put((number, group, arriving))
            return 1
        return 0

    def close(self) -> None:
        """End the processes at once; what they were at is lost."""
        for each in self._workers:
            each.end()
        for _ in self._threads:
            self._groups.put(None)
        for thread in self._threads:
            thread.join()


_Told = tuple[bool, Any]
_Asked = tuple[int, Any, "SimpleQueue[tuple[int, _Told]]"]


class _Worker:
    """One process at a time, and the thread that waits for it."""

    def __init__(self, beginning: tuple[object, object]) -> None:
        self._beginning = beginning
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = self._ended = False
        self._starting = threading.Lock()

    def serve(self, groups: SimpleQueue[_Asked | None]) -> None:
        """Have one group after another done, until there is None."""
        while (asked := groups.get()) is not None:
            number, group, arriving = asked
            if not self._ended:
                arriving.put((number, self._told(group)))

    def _told(self, group: object) -> _Told:
        for _ in range(TRIES):
            try:
                return self._asked(group)
            except (OSError, EOFError, ValueError):
                self._lose()
            except Exception as error:  # noqa: BLE001  # no process, or no value that can be sent
                return False, error
        return False, WorkerLostError(
            f"{TRIES} workers ended over the same work",
            hint="is there too little memory for them? with --workers 1 there are none",
        )

    def _asked(self, group: object) -> _Told:
        process = self._running()
        assert process.stdin is not None  # noqa: S101  # it was started with pipes
        assert process.stdout is not None  # noqa: S101  # so too
        if not self._begun:
            sent(process.stdin, self._beginning)
            self._begun = True
        sent(process.stdin, group)
        succeeded, answer = received(process.stdout)
        return succeeded, answer

    def _running(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._ended:
                raise WorkerLostError("the work was stopped")
            if self._process is None:
                try:
                    self._process = _started()
                except OSError as error:
                    raise WorkerLostError(f"no worker can be started: {error.strerror}") from error
            return self._process

    def _lose(self) -> None:
        with self._starting:
            if self._process is not None:
                _end(self._process)
            self._process, self._begun = None, False

    def end(self) -> None:
        """End the process, and start no other."""
        self._ended = True
        process = self._process
        if process is not None:
            process.kill()  # the thread that waits for it sees that it is gone
        self._lose()


def _started() -> subprocess.Popen[bytes]:
    path = without_folders(tuple(sys.path), working_folder())
    options = ["-IB"] if sys.dont_write_bytecode else ["-I"]
    return subprocess.Popen(  # noqa: S603  # our own module, no shell
        [sys.executable, *options, "-c", _BEGIN, json.dumps(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ),
        start_new_session=True,  # Ctrl-C is for the program that asked
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in filter(None, (process.stdin, process.stdout)):
        with suppress(OSError, ValueError):  # what it had not read is lost
            pipe.close()
    process.wait()
