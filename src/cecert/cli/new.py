"""`new`: a course in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cecert.cli._options import Config, open_office
from cecert.cli._output import answer, say

__all__ = ["new"]


def new(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="The course's id, which never changes.")
    ],
    like: Annotated[
        Path | None,
        typer.Option(metavar="COURSE", help="The course to copy: its file, folder or id."),
    ] = None,
    config: Config = None,
) -> None:
    """Make a course: courses/ID/course.toml, and courses/ID/files/ for what is exported."""
    from cecert.office.courses import new_course

    office = open_office(config)
    model = None if like is None else office.course_path(like)
    file, files = new_course(office.file.folder, identifier, model)
    for path in (file, files):
        answer(str(path))
    say(f"next: edit {file}: title, sessions and hours are still the other course's")
    say(f"then: put the exports into {files}, and run cecert collect {identifier}")
