"""`preview`: what a course's certificates will look like, before anything is issued."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cecert.cli._options import Config, Course, Scheduler, Workers, open_office
from cecert.cli._output import answer, say
from cecert.cli.decide import read_list
from cecert.errors import InputError, UnfitPictureError

__all__ = ["preview"]

Layout = Annotated[str, typer.Option(help="Another layout than the office's: classic, modern.")]
Letterhead = Annotated[
    Path | None, typer.Option(help="A PDF whose form fields are named after the places to fill.")
]
Places = Annotated[
    Path | None,
    typer.Option(help="TOML with the rectangles of a letterhead that has no form fields."),
]
HardNames = Annotated[
    Path | None,
    typer.Option("--completions", help="Draw the hardest names of this list on one sheet."),
]
Png = Annotated[bool, typer.Option("--png", help="Write a picture of each page too.")]


def preview(
    course: Course,
    name: Annotated[str, typer.Option(help="The recipient's name on the specimen.")] = "Ana Ruiz",
    layout: Layout = "",
    letterhead: Letterhead = None,
    places: Places = None,
    completions: HardNames = None,
    png: Png = False,
    output: Annotated[Path, typer.Option("-o", "--output", help="The PDF to write.")] = Path(
        "specimen.pdf"
    ),
    workers: Workers = None,
    scheduler: Scheduler = "",
    config: Config = None,
) -> None:
    """Draw a specimen: SPECIMEN across the page, and a code that does not verify."""
    from cecert.office.looks.preview import hardest_names, on_letterhead, specimen

    office = open_office(config)
    opened = office.course(course)
    failed = False
    try:
        office.renderer()
    except UnfitPictureError as error:
        if error.picture:
            path = output.with_name(f"{output.stem}-signature.png")
            _write([(path, error.picture)])
            say(f"{path} shows what the signature would look like")
        raise
    if completions:
        listed = read_list(office, opened, completions, skip_bad_rows=True)
        sheet = hardest_names(office, opened, listed.records, workers, scheduler)
        pdf, failed = sheet.pdf, bool(sheet.faults)
        for fault in sheet.faults:
            say(f"cannot be drawn: {fault}")
        say(f"the hardest of {len(listed.records)} names: {', '.join(sheet.names)}")
    elif letterhead:
        pdf, notes = on_letterhead(office, opened, _name(name), letterhead, places)
        for note in notes:
            say(note)
    else:
        pdf = specimen(office, opened, _name(name), layout)
    for path in _written(pdf, output, png=png):
        answer(str(path))
    if failed:
        raise typer.Exit(1)


def _name(name: str) -> str:
    """Return a name as a completion list takes it: composed, its white tidied."""
    from cecert.adapters.completion_list import read_name

    try:
        return read_name(name)
    except ValueError as error:
        raise InputError(f"the name {name[:80]!r} {error}") from None


def _written(pdf: bytes, output: Path, *, png: bool) -> list[Path]:
    from cecert.office.looks.preview import pictures_of

    files = [(output, pdf)]
    for number, picture in enumerate(pictures_of(pdf) if png else [], 1):
        suffix = "" if number == 1 else f"-{number}"
        files.append((output.with_name(f"{output.stem}{suffix}.png"), picture))
    return _write(files)


def _write(files: Sequence[tuple[Path, bytes]]) -> list[Path]:
    for path, data in files:
        try:
            path.write_bytes(data)
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error
    return [path for path, _ in files]
