"""`export`: hands out what the ledger has, and enters that it did."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import Actor, AsJson, Config, course_id_of, open_office
from cecert.cli._output import answer, say
from cecert.cli.status import entry_document

if TYPE_CHECKING:
    from cecert.workflows.export import LedgerLine

__all__ = ["Output", "export_ledger", "export_roster"]

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write it there; else to stdout."),
]


def export_roster(
    course: Annotated[
        str, typer.Argument(metavar="COURSE", help="The course: id, folder or file.")
    ],
    output: Output = None,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Hand out a course's roster as CSV: what a co-sponsor or an auditor asks for."""
    from cecert.office.records import csv_text
    from cecert.workflows import export as exporting

    columns = exporting.ROSTER_COLUMNS
    with open_office(config, by) as office:
        course_id = course_id_of(office, course)
        rows = exporting.export_roster(course_id, office.ledger, office.clock, office.actor)
    if as_json:
        people = [dict(zip(columns, each, strict=True)) for each in rows]
        text = json.dumps({"course": course_id, "roster": people}, ensure_ascii=False, indent=2)
        _hand_out(text + "\n", output)
    else:
        # A byte order mark is how Excel knows UTF-8.
        _hand_out(("\ufeff" if output else "") + csv_text(columns, rows), output)
    say(f"{len(rows)} certificates of {course_id} exported")


def export_ledger(
    output: Output = None, config: Config = None, by: Actor = None, as_json: AsJson = False
) -> None:
    """Hand out the whole ledger: a JSON document a line, or with --json one for all.

    Each certificate with its snapshot, its events and its mails.
    """
    from cecert.workflows import export as exporting

    with open_office(config, by) as office:
        lines = exporting.export_ledger(office.ledger, office.outbox, office.clock, office.actor)
        documents = [_line_document(each) for each in lines]
    if as_json:
        text = json.dumps({"certificates": documents}, ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents)
    _hand_out(text, output)
    say(f"{len(documents)} certificates exported")


def _line_document(line: LedgerLine) -> Mapping[str, object]:
    mails = [
        {
            "key": each.key,
            "email": each.recipient,
            "state": each.state_word,
            "message_id": each.message_id,
            "queued_at": each.queued_at.isoformat(),
            "reply": each.reply,
        }
        for each in line.mails
    ]
    return {**entry_document(line.entry, line.events), "mails": mails}


def _hand_out(text: str, output: Path | None) -> None:
    from cecert.office.records import write_export

    if output is None:
        sys.stdout.write(text.replace("\r\n", "\n"))
    else:
        write_export(output, text.encode())
        answer(str(output))
