"""A worker, seen from inside: it begins once, and then does one group after another.

It is started by `pool`, with the path of modules as JSON in its one argument. What it works
with comes as the first message, because that may be a secret, which no argument is.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from typing import IO, Any

from cecert.ports.workers import WorkerLostError

__all__ = ["LENGTH", "main", "portable", "received", "sent"]

LENGTH = 8
"""Bytes of the number that stands before each message, big-endian."""

OBJECTS = 50_000
"""Objects that are made before garbage is sought among them."""


def main() -> None:
    """Begin, and work until there is no more."""
    groups, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    gc.set_threshold(OBJECTS)
    work: Callable[[Any], Any] | None = None
    try:
        begin, setting = received(groups)
        while True:
            group = received(groups)
            try:
                work = work or begin(setting)
                told: tuple[bool, object] = (True, work(group))
            except Exception as error:  # noqa: BLE001  # it is raised where the group came from
                told = False, portable(error)
            sent(answers, told)
    except (EOFError, BrokenPipeError):  # nobody asks any more
        os._exit(0)


def portable(error: Exception) -> Exception:
    """Return an error of a worker that arrives elsewhere as it is, with where it was raised."""
    error.add_note("in a worker:\n" + "".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # just written
    except Exception:  # noqa: BLE001  # an error that is made of other arguments than it keeps
        return WorkerLostError(f"a worker failed: {type(error).__name__}: {error}")
    return error


def sent(pipe: IO[bytes], value: object) -> None:
    """Write a value as a message.

    Raises:
        OSError: If nobody reads it.
    """
    message = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(message).to_bytes(LENGTH) + message)
    pipe.flush()


def received(pipe: IO[bytes]) -> Any:  # noqa: ANN401  # whatever was sent
    """Read a message of `sent`, which another process of this program wrote.

    Raises:
        EOFError: If there is none, or it was cut.
    """
    length = int.from_bytes(_exactly(pipe, LENGTH))
    return pickle.loads(_exactly(pipe, length))  # noqa: S301  # no document is read in a worker


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data
