"""`init`: what an office needs before it can issue, but its keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cecert.adapters.storage.posix import what_is_lacking
from cecert.cli._environment import environment
from cecert.cli._output import answer, say

__all__ = ["init"]


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Make an office: its files, filled in with a real seminar, a ledger and an archive.

    Nothing is overwritten, and no keys are made. CECERT_LEDGER_URL says where the ledger is
    made, if not in the folder.
    """
    from cecert.office import create_office

    for path in create_office(folder, environment()):
        answer(str(path))
    for each in what_is_lacking():
        say(f"warning: this system has {each}")
    say(f"next: edit {folder / 'cecert.toml'}, then make keys with cecert keys init")
