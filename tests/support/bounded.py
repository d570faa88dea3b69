"""Commands in a child with little memory and time, forked from a process that is loaded already.

    python tests/support/bounded.py

reads lines of JSON, each the words of a command, and answers each with how it ended.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Bounded", "Ended", "bounded"]

MEMORY = 1 << 30
"""Bytes of address space, some 300 million of which the loaded program takes."""
SECONDS = 20
"""Of computing."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status, or the signal it was ended by, negative."""

    status: int
    words: str


@dataclass(frozen=True)
class Bounded:
    """Runs commands, each within the limits."""

    process: subprocess.Popen[str]

    def run(self, *words: object) -> Ended:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([str(each) for each in words]) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return Ended(**answer)


@contextmanager
def bounded() -> Iterator[Bounded]:
    """Start what forks for each command, and end it."""
    command = [sys.executable, "-P", str(Path(__file__))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Bounded(process)
        assert process.stdin is not None
        process.stdin.close()


def _limited(words: Sequence[str], told: int) -> None:
    """Become a command that takes no more than the limits."""
    os.dup2(told, 1)
    os.dup2(told, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from cecert.cli import main

    status = 70  # what a surprise ends with, and no command does
    try:
        status = main(list(words))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if status == 70:
            sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
        os._exit(status)


def _answer(words: Sequence[str]) -> dict[str, object]:
    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if not child:
            _limited(words, told.fileno())
        _, ended = os.waitpid(child, 0)
        told.seek(0)
        said = told.read(20_000).decode("utf-8", "replace")
    return {"status": os.waitstatus_to_exitcode(ended), "words": said}


def _serve() -> None:
    import cecert.adapters.document_reader
    import cecert.adapters.render
    import cecert.cli.preview
    import cecert.office.looks.preview  # noqa: F401  # loaded once, and not in each child

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    _serve()
