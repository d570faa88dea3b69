"""`fonts`: fonts for scripts that the shipped ones do not have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cecert.cli._environment import environment
from cecert.cli._options import Config, find_config, open_office
from cecert.cli._output import answer, say

__all__ = ["add"]


def add(
    script: Annotated[str, typer.Argument(metavar="SCRIPT", help="khmer, georgian, chinese ...")],
    folder: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Look there, not in the system's folders."),
    ] = None,
    config: Config = None,
) -> None:
    """Take a font for a script from this computer, and name it in the office's file.

    The font is copied into fonts/ beside cecert.toml. Of a collection, one font is taken.
    """
    from cecert.office.looks.fonts import add_font, font_folders

    path = find_config(config)
    office = open_office(path)
    folders = (folder,) if folder else font_folders(environment())
    added = add_font(office, path, script, folders)
    if added.source is None:
        say(f"{added.script} is drawn already; nothing was changed")
        return
    answer(added.entry)
    say(f"taken from {added.source}, and named under fonts in [certificate] of {path}")
