"""`deliver`: hand each queued certificate to the mail service, once."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from cecert.cli.options import Actor, AsJson, Config, open_office
from cecert.cli.talk import answer, answer_json, progress_bar, say
from cecert.workflows.deliver import DeliveryReport, dry_run
from cecert.workflows.deliver import deliver as deliver_queued

__all__ = ["deliver"]


def deliver(
    course: Annotated[str, typer.Option(metavar="ID", help="Only this course's mails.")] = "",
    dry_run_folder: Annotated[
        Path | None,
        typer.Option("--dry-run", metavar="DIR", help="Write DIR/<ID>.eml, send nothing."),
    ] = None,
    expect: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Refuse to send another number of mails.")
    ] = None,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Hand each queued certificate to the mail service; nobody is mailed twice."""
    office = open_office(config, by)
    with office:
        room = office.mail_room()
        if dry_run_folder is not None:
            for path in dry_run(room, office.eml_folder(dry_run_folder), course, expect):
                answer(path)
            return
        waiting = room.waiting(course)
        if expect is None and sys.stdin.isatty() and waiting:
            typer.confirm(f"send {len(waiting)} mails now?", abort=True, err=True)
        with progress_bar("delivering") as progress:
            report = asyncio.run(
                deliver_queued(room, course_id=course, expect=expect, progress=progress)
            )
    if as_json:
        answer_json(report.document())
    _summarise(report)
