"""`log adopt`: takes back what was published of the log, after a restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, open_office
from cecert.cli._output import answer_json, say, table

if TYPE_CHECKING:
    from cecert.domain.documents.site import AdoptDocument

__all__ = ["adopt"]


def adopt(
    site: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The published site; else the one published last."),
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Take back what was published of the log, after a restore from an older copy.

    A ledger that is older than its published log is refused by `issue` and `publish`. Where no
    newer copy is to be had, this takes the leaves of the log back from the site, unchanged. What
    they tell of is listed, and must be done again: issue, correct or revoke as before.
    """
    from cecert.office.log.log import adopt_published

    with open_office(config) as office, office.alone():
        adopted = adopt_published(office, site)
    if as_json:
        document: AdoptDocument = {
            "leaves": [
                {"position": e.position, "kind": e.kind.name.casefold(), "document": e.document}
                for e in adopted
            ]
        }
        answer_json(document)
        return
    rows = [(str(e.position), e.kind.name.casefold(), e.document) for e in adopted]
    if rows:
        table(("leaf", "what was done", "document"), rows)
    say(f"{len(adopted)} acts were taken back into the log; they must be done again")
