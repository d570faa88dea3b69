"""`due`: what has to be done by when, for a person, a calendar and cron."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, open_office
from cecert.cli._output import answer_json, say, table
from cecert.domain.values.wording import counted, day_phrase

if TYPE_CHECKING:
    from cecert.domain.documents.ledger import DueDocument, ObligationDocument

__all__ = ["due"]

USUAL_DAYS = 30
MOST_DAYS = 100_000
"""Longer than any approval, key or list is good for."""


def due(
    days: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=MOST_DAYS, help="What ends within so many days."),
    ] = USUAL_DAYS,
    ics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a calendar too, replacing it.")
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what is due: certificates owed, mails, reports, approvals, keys, the site.

    Certificates that people have earned and nobody issued are found in the completion list
    beside each course's file. Exit 1 if anything is overdue.
    """
    from cecert.adapters.calendar_file import calendar_of
    from cecert.office.due import deadlines
    from cecert.office.papers.days import office_day
    from cecert.office.papers.records import write_export

    with open_office(config) as office:
        now = office.clock.now()
        today = office_day(office, now)
        last = today + timedelta(days=days)
        found = [each for each in deadlines(office) if each.day <= last]
        provider = office.file.provider.id
    if ics is not None:
        write_export(ics, calendar_of(found, provider, now))
    overdue = sum(each.is_overdue(today) for each in found)
    if as_json:
        documents: list[ObligationDocument] = [
            {
                "day": each.day.isoformat(),
                "kind": each.kind.value,
                "what": each.what,
                "remedy": each.remedy,
                "overdue": each.is_overdue(today),
            }
            for each in found
        ]
        document: DueDocument = {"due": documents, "overdue": overdue}
        answer_json(document)
    else:
        table(
            ("by", "what", "do"),
            (
                (
                    day_phrase(each.day) + (" OVERDUE" if each.is_overdue(today) else ""),
                    each.what,
                    each.remedy,
                )
                for each in found
            ),
        )
    say(f"due within {counted(days, 'day')}: {counted(len(found), 'thing')}, {overdue} overdue")
    if overdue:
        raise typer.Exit(1)
