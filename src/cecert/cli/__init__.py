"""The command line: commands, tables, progress.

`main` is the only place where an error becomes an exit status: 0 done, 1 something
that should have happened did not, 2 the question was wrong and nothing was changed.
`verify` has statuses of its own.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer
from typer.exceptions import TyperException

from cecert.cli._commands import command_for
from cecert.cli._environment import secrets_taken
from cecert.cli._output import complain, say
from cecert.errors import CecertError

__all__ = ["main"]

WRONG_QUESTION = 2
INTERRUPTED = 130


OBJECTS = 50_000
"""Objects that are made before garbage is sought among them."""


@contextmanager
def _garbage_seldom_sought() -> Iterator[None]:
    """Seek garbage seldom: what is loaded stays, and seeking takes a sixth of a start."""
    before = gc.get_threshold()
    gc.set_threshold(max(OBJECTS, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _leave_at_once() -> None:
    """Seek no garbage when the process ends: what was loaded and collected goes with it anyway."""
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


@_garbage_seldom_sought()
def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; nothing a user can cause escapes."""
    _leave_at_once()
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = command_for(words)
    try:
        with secrets_taken():
            status = command.main(
                args=words,
                prog_name="cecert",
                standalone_mode=False,
            )
    except CecertError as error:
        complain(error)
        return WRONG_QUESTION
    except TyperException as error:
        if message := error.format_message():
            say(f"error: {message}")
            say("hint: cecert --help lists the commands, cecert COMMAND --help their options")
        return WRONG_QUESTION
    except typer.Abort:  # a question was answered with no
        say("stopped; nothing was done")
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    if status == INTERRUPTED:  # which is what Typer makes of Ctrl-C
        say("interrupted; run the command again to finish")
    return status if isinstance(status, int) else 0
