"""The command line: commands, tables, progress.

`main` is the only place where an error becomes an exit status: 0 done, 1 something
that should have happened did not, 2 the question was wrong and nothing was changed.
`verify` has statuses of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from cecert.cli._commands import app_for
from cecert.cli._environment import secrets_taken
from cecert.cli._output import complain, say
from cecert.errors import CecertError

__all__ = ["main"]

WRONG_QUESTION = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; nothing a user can cause escapes."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = typer.main.get_command(app_for(words))
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
