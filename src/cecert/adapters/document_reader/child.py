"""The process in which documents are read, seen from inside.

It reads questions from standard input until that ends, and writes answers to standard
output. It is started by `process`, with its limits and questions as JSON in the arguments that are
left when the path of modules was taken. It loads the libraries that its questions need, confines
itself, and forks a reader for each document: what takes a reader over has seen no other
document, and answers for none. Windows cannot fork, so there the process itself reads them
all.
"""

from __future__ import annotations

import gc
import json
import math
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from typing import Any, BinaryIO, NoReturn

from cecert.adapters.document_reader.confinement import confine, confine_reader, held
from cecert.adapters.document_reader.process import (
    BROKEN,
    GRACE,
    LENGTH,
    LONGEST_ANSWER,
    ReadingLimits,
    UnreadableError,
)

__all__ = ["QUESTIONS", "main"]


def confinement_of(_: bytes, limits: ReadingLimits) -> dict[str, bool]:
    """Return what holds in this process; the document is none."""
    del limits
    return asdict(held())


@dataclass(frozen=True, slots=True)
class _Late:
    """A function that answers a question, and is loaded before any document is there.

    A process that is asked one question alone loads no more than that takes.

    Attributes:
        module: Where it is.
        function: Its name.
        loaded_late: What its libraries load with their first document: they are loaded
            with it, and not by each reader anew.
    """

    module: str
    function: str
    loaded_late: tuple[str, ...] = ()

    def load(self) -> None:
        """Load it, and its libraries."""
        _loaded(self)

    def __call__(self, *about: object) -> Any:  # noqa: ANN401  # JSON
        """Answer the question."""
        return _loaded(self)(*about)


_HERE = "cecert.adapters.document_reader"

QUESTIONS: dict[str, Callable[..., Any]] = {
    "confinement": _Late("child", "confinement_of"),
    "content": _Late(
        "content",
        "content_of",
        (
            "cryptography.hazmat.backends.openssl.backend",
            "encodings.utf_16_be",
            "pypdf._codecs._codecs",
            "pypdf.filters",
        ),
    ),
    "issued": _Late("pages", "read_issued", ("PIL.PpmImagePlugin",)),
    "pages": _Late("pages", "look_at_pages", ("PIL.PpmImagePlugin",)),
    "picture": _Late(
        "pictures",
        "codes_of_picture",
        (
            "PIL.BmpImagePlugin",
            "PIL.GifImagePlugin",
            "PIL.JpegImagePlugin",
            "PIL.MpoImagePlugin",
            "PIL.PngImagePlugin",
            "PIL.PpmImagePlugin",
            "PIL.TiffImagePlugin",
            "PIL.WebPImagePlugin",
            "pillow_heif",
        ),
    ),
    "seal": _Late(
        "seals",
        "finding_of",
        ("cryptography.hazmat.backends.openssl.backend", "pyhanko.pdf_utils.filters"),
    ),
}
"""Each takes a document, the limits and, if it is about pages, the page to begin with; about a
seal, the authorities of time stamps that are trusted."""


@cache
def _loaded(late: _Late) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(f"{_HERE}.{late.module}"), late.function)
    for each in late.loaded_late:
        with suppress(ImportError):  # an extra, or a name that another release has not
            import_module(each)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    document: bytes
    first: int | str | None


def main(arguments: list[str], questions: BinaryIO, answers: BinaryIO) -> None:
    """Confine this process, and answer questions about documents until there are no more.

    Args:
        arguments: The limits (`ReadingLimits`) and the questions that will be asked, none
            for all there are, both as JSON.
        questions: Each a length of `LENGTH` bytes, a JSON head with `question` and
            `length`, and so many bytes of document; of a question about pages `first` too.
        answers: Each a length, and JSON with `answer` or `unreadable`.
    """
    limits, names = ReadingLimits(**json.loads(arguments[0])), json.loads(arguments[1])
    for each in [QUESTIONS[name] for name in names or QUESTIONS]:
        if isinstance(each, _Late):
            each.load()
    gc.freeze()  # nor is there garbage among the libraries for any reader to look for
    gc.enable()
    confine(sys.path, limits.memory)
    while (asked := _next(questions)) is not None:
        answer = _answer_apart(asked, limits)
        answers.write(len(answer).to_bytes(LENGTH) + answer)
        answers.flush()


def _next(questions: BinaryIO) -> _Asked | None:
    length = questions.read(LENGTH)
    if len(length) < LENGTH:
        return None
    head = json.loads(questions.read(int.from_bytes(length)))
    return _Asked(head["question"], questions.read(head["length"]), head.get("first"))


def _answer_apart(asked: _Asked, limits: ReadingLimits) -> bytes:
    """Return the answer of a reader that has seen no other document, as JSON."""
    if sys.platform == "win32":
        return _answer(asked, limits)
    parent = os.getpid()
    ours, theirs = os.pipe()
    reader = os.fork()
    if reader == 0:
        os.close(ours)
        _read(asked, limits, parent, theirs)
    os.close(theirs)
    # Whoever asked gives up before this and ends the process; unless it was ended itself.
    signal.alarm(math.ceil(limits.seconds + GRACE))
    answer = _received(ours)
    os.close(ours)
    os.kill(reader, signal.SIGKILL)
    os.waitpid(reader, 0)
    signal.alarm(0)
    return answer or json.dumps({"unreadable": BROKEN}).encode()


PIECE = 1 << 16
"""Bytes of an answer that are read at a time."""


def _received(pipe: int) -> bytes:
    """Return what a reader wrote until it ended, or the start of what is too long."""
    answer = bytearray()
    while len(answer) <= LONGEST_ANSWER and (piece := os.read(pipe, PIECE)):
        answer += piece
    return bytes(answer)


def _read(asked: _Asked, limits: ReadingLimits, parent: int, pipe: int) -> NoReturn:
    """Answer into *pipe* and end, as the reader of one document."""
    try:
        for each in (0, 1):  # other questions, and the answers to them
            os.dup2(2, each)
        confine_reader(parent, limits.seconds)
        answer = _answer(asked, limits)
        with os.fdopen(pipe, "wb") as file:
            file.write(answer)
    finally:
        os._exit(0)


def _answer(asked: _Asked, limits: ReadingLimits) -> bytes:
    question = QUESTIONS[asked.question]  # ours: where there is none, the reader is broken
    begin = () if asked.first is None else (asked.first,)
    try:
        answer = {"answer": question(asked.document, limits, *begin)}
    except UnreadableError as error:
        answer = {"unreadable": str(error)}
    except MemoryError:
        answer = {"unreadable": "reading it took too much memory"}
    except Exception as error:  # noqa: BLE001  # parsers of hostile files raise anything at all
        answer = {"unreadable": f"it is damaged ({type(error).__name__})"}
    return json.dumps(answer).encode()
