"""`changes`: what happened, for other systems, a page at a time."""

from __future__ import annotations

from typing import Annotated

import typer

from cecert.cli._options import AsJson, Config, open_office
from cecert.cli._output import NOTHING, answer_json, say, table
from cecert.domain.values.wording import counted

__all__ = ["changes"]


def changes(
    after: Annotated[
        str, typer.Option(metavar="CURSOR", help="What happened since the page that gave it.")
    ] = "",
    limit: Annotated[int, typer.Option(metavar="N", help="So many changes at most.")] = 500,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what happened, in order: issued, sent, corrected, revoked, each exactly once.

    The answer ends with a cursor; with it the next page is asked for, now or next year.
    """
    with open_office(config) as office:
        page = office.changes(after, limit)
    if as_json:
        answer_json(page.document())
        return
    table(
        ("at", "what", "certificate", "course", "participant", "by", "reason"),
        (
            (
                f"{each.at:%Y-%m-%d %H:%M:%S}",
                each.kind,
                NOTHING if each.certificate_id is None else each.certificate_id.text,
                each.course_id or NOTHING,
                each.participant or NOTHING,
                each.actor,
                each.reason or each.key or NOTHING,
            )
            for each in page.changes
        ),
    )
    say(counted(len(page.changes), "change"))
    if page.cursor:
        say(f"next: cecert changes --after={page.cursor}")
