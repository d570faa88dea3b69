"""`dossier`: everything about one person in one course, to hand to an auditor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cecert.cli._options import Actor, Config, CourseId, course_id_of, open_office
from cecert.cli._output import answer, say
from cecert.cli.transcript import Someone, say_others
from cecert.domain.values.wording import counted

__all__ = ["dossier"]


def dossier(
    whose: Someone,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER_OR_ZIP",
            help="Write it there, where nothing is yet: a folder, or a zip by its ending.",
        ),
    ],
    course: CourseId = "",
    config: Config = None,
    by: Actor = None,
) -> None:
    """Gather everything about one person in one course, to hand to an auditor.

    Certificate, mails, events, decisions, the person's own lines of every file, with the
    digest of the file as received; nothing of other people. It is an event of the certificate.
    """
    from cecert.adapters.storage.handout import refuse_handout, write_handout
    from cecert.office.papers.dossier import dossier_files
    from cecert.workflows.dossier import DossierDesk, draw_up

    refuse_handout(output)
    with open_office(config, by) as office:
        desk = DossierDesk(
            office.written_ledger, office.outbox, office.archive, office.clock, office.actor
        )
        found = draw_up(whose, course_id_of(office, course), desk)
        files = dossier_files(found, office)
    write_handout(output, files)
    answer(str(output))
    name = found.main.certificate.recipient.name
    say(
        f"{name}, {found.course_id}: {counted(len(found.entries), 'certificate')}, "
        f"{counted(len(files), 'file')}"
    )
    say_others(found.others)
