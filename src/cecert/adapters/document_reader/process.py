"""The process in which documents are read, seen from outside, and the limits it is given.

It answers one question after another and is started again when it had to be ended.
What it says is JSON: a process that a document has taken over can lie about that
document and do nothing else here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cecert.import_path import without_folders, working_folder

__all__ = ["ReadingLimits", "ReadingProcess", "UnreadableError"]

LENGTH = 8
"""Bytes of the number that stands before each document and each answer, big-endian."""

GRACE = 1.0
"""Seconds the process is given to end by itself."""

_SECRETS = ("CECERT_", "PG")

_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from cecert.adapters.document_reader.child import main; "
    "main(sys.argv[2:], sys.stdin.buffer, sys.stdout.buffer)"
)
"""The program of the process. `-m` would look for modules in its working folder first."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits of reading one document; no certificate comes near any of them.

    Attributes:
        seconds: For each question put to the reading process.
        memory: Bytes of address space of that process, where the system can limit it.
        pages: Pages of a PDF.
        characters: Of its text.
        pixels: Of a picture, and of a page drawn to find its QR code.
    """

    seconds: float = 30.0
    memory: int = 3 << 30
    pages: int = 50
    characters: int = 200_000
    pixels: int = 80_000_000


class UnreadableError(Exception):
    """A document cannot be read; `str()` says why, as the end of a sentence."""


class ReadingProcess:
    """Puts questions about documents to a process with limits.

    One may serve several readers and threads; questions wait for one another.
    """

    def __init__(
        self,
        limits: ReadingLimits = ReadingLimits(),
        folders: Collection[Path] = (),
    ) -> None:
        """Take what the process must not do; it starts with the first question.

        Args:
            limits: Of each question.
            folders: Where the documents lie; no module is loaded from there, nor from
                the working folder.
        """
        self._limits = limits
        self._folders = [os.fspath(each) for each in folders]
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, question: str, document: bytes) -> Any:  # noqa: ANN401  # JSON
        """Return the answer to *question*, one of `child.QUESTIONS`, about *document*.

        Raises:
            UnreadableError: If the document cannot be read, or not within the limits.
        """
        with self._lock:
            child = self._running()
            stopped = threading.Event()
            timer = threading.Timer(self._limits.seconds, _stop, (child, stopped))
            timer.start()
            try:
                answer = _put(child, question, document)
            except (OSError, EOFError, ValueError) as error:
                _end(child)
                raise UnreadableError(self._why(stopped)) from error
            finally:
                timer.cancel()
        if "unreadable" in answer:
            raise UnreadableError(answer["unreadable"])
        return answer["answer"]

    def _why(self, stopped: threading.Event) -> str:
        if stopped.is_set():
            return f"reading it took longer than {self._limits.seconds:g} seconds"
        return "reading it broke the reader"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = _start(self._limits, self._folders)
            weakref.finalize(self, _end, self._child)
        return self._child


def _start(limits: ReadingLimits, folders: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own module, no shell
        _command(limits, folders),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(sys.executable).anchor,  # a folder that nobody unzips anything into
        env=_environment(),
    )


def _command(limits: ReadingLimits, folders: Sequence[str]) -> list[str]:
    """Return the command: isolated mode, so that no variable and no folder adds modules.

    It drops the user's own packages too; so this program's path is handed over.
    """
    path = without_folders(tuple(sys.path), [*working_folder(), *folders])
    options = ["-IB"] if sys.dont_write_bytecode else ["-I"]
    arguments = [json.dumps(path), json.dumps(asdict(limits))]
    return [sys.executable, *options, "-c", _BEGIN, *arguments]


def _environment() -> Mapping[str, str]:
    """Return what the process may know, which is no secret."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}


def _put(child: subprocess.Popen[bytes], question: str, document: bytes) -> dict[str, Any]:
    # Both are there: the process was started with pipes.
    assert child.stdin is not None  # noqa: S101
    assert child.stdout is not None  # noqa: S101
    head = json.dumps({"question": question, "length": len(document)}).encode()
    child.stdin.write(len(head).to_bytes(LENGTH) + head + document)
    child.stdin.flush()
    length = int.from_bytes(_exactly(child, LENGTH))
    answer: dict[str, Any] = json.loads(_exactly(child, length))
    return answer


def _exactly(child: subprocess.Popen[bytes], length: int) -> bytes:
    assert child.stdout is not None  # noqa: S101  # as above
    data = child.stdout.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _stop(child: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    stopped.set()
    child.kill()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process: by itself, for there are no more questions, or else by force."""
    for pipe in filter(None, (child.stdin, child.stdout)):
        with suppress(OSError):  # what it had not read is lost, as it should be
            pipe.close()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
