"""The process in which documents are read, seen from inside.

It reads questions from standard input until that ends, and writes answers to standard
output. It is started by `process`, with its limits as JSON in the one argument that is left
when the path of modules was taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from cecert.adapters.document_reader.content import content_of
from cecert.adapters.document_reader.pictures import codes_of_page, codes_of_picture
from cecert.adapters.document_reader.process import LENGTH, ReadingLimits, UnreadableError
from cecert.adapters.document_reader.seals import finding_of
from cecert.adapters.storage.posix import limit_memory

__all__ = ["QUESTIONS", "main"]

QUESTIONS: dict[str, Callable[[bytes, ReadingLimits], Any]] = {
    "content": content_of,
    "page": codes_of_page,
    "picture": codes_of_picture,
    "seal": finding_of,
}


@dataclass(frozen=True, slots=True)
class _Pipes:
    questions: BinaryIO
    answers: BinaryIO


def main(arguments: list[str], questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions about documents until there are no more.

    Args:
        arguments: One: the limits (`ReadingLimits`), as JSON.
        questions: Each a length of `LENGTH` bytes, a JSON head with `question` and
            `length`, and so many bytes of document.
        answers: Each a length, and JSON with `answer` or `unreadable`.
    """
    limits = ReadingLimits(**json.loads(arguments[0]))
    limit_memory(limits.memory)
    pipes = _Pipes(questions, answers)
    while _answered_one(pipes, limits):
        continue


def _answered_one(pipes: _Pipes, limits: ReadingLimits) -> bool:
    length = pipes.questions.read(LENGTH)
    if len(length) < LENGTH:
        return False
    head = json.loads(pipes.questions.read(int.from_bytes(length)))
    document = pipes.questions.read(head["length"])
    answer = json.dumps(_answer(QUESTIONS[head["question"]], document, limits)).encode()
    pipes.answers.write(len(answer).to_bytes(LENGTH) + answer)
    pipes.answers.flush()
    return True


def _answer(
    question: Callable[[bytes, ReadingLimits], Any], document: bytes, limits: ReadingLimits
) -> dict[str, Any]:
    try:
        return {"answer": question(document, limits)}
    except UnreadableError as error:
        return {"unreadable": str(error)}
    except MemoryError:
        return {"unreadable": "reading it took too much memory"}
    except Exception as error:  # noqa: BLE001  # parsers of hostile files raise anything at all
        return {"unreadable": f"it is damaged ({type(error).__name__})"}
