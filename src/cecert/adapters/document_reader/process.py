"""The process in which documents are read, seen from outside, and the limits it is given.

It answers one question after another and is started again when it had to be ended.
What it says is JSON: a reader that a document has taken over can lie about that document
and do nothing else here, as far as the system can confine it (`confinement`).
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

from cecert.adapters.document_reader.confinement import Confinement
from cecert.import_path import without_folders, working_folder

__all__ = ["ReadingLimits", "ReadingProcess", "UnreadableError"]

BROKEN = "reading it broke the reader"

LENGTH = 8
"""Bytes of the number that stands before each document and each answer, big-endian."""

LONGEST_ANSWER = 16 << 20
"""Bytes; the text of a document at its limit takes 12 for each character at most."""

TOKEN_FILE, TRANSCRIPT_FILE = "cecert-token.txt", "cecert-transcript.txt"  # names of files

TOKEN_BYTES = 1500
"""More of the attachment is not read; the longest token text is 1400 characters."""

PAGES_AT_ONCE = 10
"""Pages that are looked at for one question, which bounds what a document of many takes."""

GRACE = 1.0
"""Seconds the process is given to end by itself."""

NEEDED = (
    "DYLD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
)
"""Variables without which Python may not start, or misread the names of its folders."""

_BEGIN = (
    "import gc, json, sys; sys.path[:] = json.loads(sys.argv[1]); gc.disable(); "
    "from cecert.adapters.document_reader.child import main; "
    "main(sys.argv[2:], sys.stdin.buffer, sys.stdout.buffer)"
)
"""The program of the process. `-m` would look for modules in its working folder first.

What it loads stays, so nothing is gained by looking for garbage in it meanwhile.
"""


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

    One serves all readers and threads of a program; questions wait for one another.
    """

    def __init__(
        self,
        limits: ReadingLimits = ReadingLimits(),
        folders: Collection[Path] = (),
        questions: Sequence[str] = (),
    ) -> None:
        """Take what the process must not do; it starts with the first question.

        Args:
            limits: Of each question.
            questions: The names of those that it will be asked, none for any: it loads what
                they need before it is confined, and takes as long to start.
            folders: Where the documents lie; no module is loaded from there, nor from
                the working folder.
        """
        self._limits = limits
        self._folders = [os.fspath(each) for each in folders]
        self._questions = tuple(questions)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._program = 0
        self._finalize: weakref.finalize[..., ReadingProcess] | None = None

    @classmethod
    def shared(
        cls, folders: Collection[Path] = (), questions: Sequence[str] = ()
    ) -> ReadingProcess:
        """Return the one with the usual limits, *folders* and *questions* that this program has.

        It is started once for all who hold it, and ends when nobody does.
        """
        key = frozenset(map(os.fspath, folders)), tuple(questions)
        with _SHARING:
            found = _SHARED.get(key)
            if found is None:
                found = _SHARED[key] = cls(folders=folders, questions=questions)
            return found

    def confinement(self) -> Confinement:
        """Return what holds in the process, as it found when it asked the system.

        Raises:
            UnreadableError: If it does not answer.
        """
        return Confinement(**self.ask("confinement", b""))

    @property
    def limits(self) -> ReadingLimits:
        """The limits of each question."""
        return self._limits

    def ask(self, question: str, document: bytes, first: int | str | None = None) -> Any:  # noqa: ANN401  # JSON
        """Return the answer to *question*, one of `child.QUESTIONS`, about *document*.

        Args:
            question: Its name.
            document: The whole of it.
            first: Of a question about pages, the page to begin with, counted from 0; of one
                about a seal, the certificates (PEM) of authorities of time stamps.

        Raises:
            UnreadableError: If the document cannot be read, or not within the limits.
        """
        with self._lock:
            answer = self._answer(question, document, first)
        if "unreadable" in answer:
            raise UnreadableError(str(answer["unreadable"]))
        return answer.get("answer")

    def stop(self) -> None:
        """Give up what it is asked, from another thread than the one that asks."""
        child = self._child
        if child is not None:
            child.kill()

    def _answer(self, question: str, document: bytes, first: int | str | None) -> dict[str, Any]:
        child = self._running()
        stopped = threading.Event()
        timer = threading.Timer(self._limits.seconds, _stop, (child, stopped))
        timer.start()
        try:
            return _put(child, question, document, first)
        except (OSError, EOFError, ValueError, RecursionError) as error:
            self._end()
            raise UnreadableError(self._why(stopped)) from error
        except BaseException:  # Ctrl-C: its answer must not be taken for the next one's
            self._end()
            raise
        finally:
            timer.cancel()
            timer.join()
            if stopped.is_set():  # with the answer already there, maybe
                self._end()

    def _why(self, stopped: threading.Event) -> str:
        if stopped.is_set():
            return f"reading it took longer than {self._limits.seconds:g} seconds"
        return BROKEN

    def _running(self) -> subprocess.Popen[bytes]:
        # A program that forked has its parent's pipes too: answers would be mixed up.
        if self._child is None or self._program != os.getpid() or self._child.poll() is not None:
            self._child = _start(self._limits, self._folders, self._questions)
            self._program = os.getpid()
            self._finalize = weakref.finalize(self, _end, self._child)
        return self._child

    def _end(self) -> None:
        if self._finalize is not None:
            self._finalize()
        self._child = None


_SHARED: weakref.WeakValueDictionary[tuple[frozenset[str], tuple[str, ...]], ReadingProcess] = (
    weakref.WeakValueDictionary()
)
_SHARING = threading.Lock()


def _start(
    limits: ReadingLimits, folders: Sequence[str], questions: Sequence[str]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own module, no shell
        _command(limits, folders, questions),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(sys.executable).anchor,  # a folder that nobody unzips anything into
        env=_environment(),
        start_new_session=True,  # no terminal to type into
    )


def _command(limits: ReadingLimits, folders: Sequence[str], questions: Sequence[str]) -> list[str]:
    """Return the command: isolated mode, so that no variable and no folder adds modules.

    It drops the user's own packages too; so this program's path is handed over.
    """
    path = without_folders(tuple(sys.path), [*working_folder(), *folders])
    options = ["-IB"] if sys.dont_write_bytecode else ["-I"]
    arguments = [json.dumps(each) for each in (path, asdict(limits), questions)]
    return [sys.executable, *options, "-c", _BEGIN, *arguments]


def _environment() -> Mapping[str, str]:
    """Return what the process may know, which is no secret and nothing of the user's."""
    return {name: os.environ[name] for name in NEEDED if name in os.environ}


def _put(
    child: subprocess.Popen[bytes], question: str, document: bytes, first: int | str | None
) -> dict[str, Any]:
    # Both are there: the process was started with pipes.
    assert child.stdin is not None  # noqa: S101
    assert child.stdout is not None  # noqa: S101
    head = json.dumps({"question": question, "length": len(document), "first": first}).encode()
    child.stdin.write(len(head).to_bytes(LENGTH) + head + document)
    child.stdin.flush()
    length = int.from_bytes(_exactly(child, LENGTH))
    if length > LONGEST_ANSWER:
        raise EOFError
    answer = json.loads(_exactly(child, length))
    if not isinstance(answer, dict):
        raise ValueError(answer)  # noqa: TRY004  # a reader that was taken over says anything
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
