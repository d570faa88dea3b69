"""`find`: whose certificates there are, by what somebody typed; and the one that is acted upon."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, open_office
from cecert.cli._output import answer_json, say, table
from cecert.domain.values.wording import dates_phrase, hours_figure, hours_phrase

if TYPE_CHECKING:
    from cecert.domain.documents.ledger import FindDocument, FoundDocument
    from cecert.ports import Entry

__all__ = ["Confirmed", "Whose", "confirm", "find"]

USUAL = 50
"""Certificates that are listed unless more are asked for."""

Whose = Annotated[
    str,
    typer.Argument(
        metavar="TEXT",
        help="The certificate's id, or what finds one alone: a name, e-mail, licence.",
    ),
]
Confirmed = Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")]

_COLUMNS = ("certificate", "name", "e-mail", "course", "dates", "credit", "state")


def find(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="Part of a name, an e-mail address, a licence, or the start of an id.",
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, help="List so many at most.")] = USUAL,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Find certificates by part of a name, an e-mail address, a licence, or the start of an id.

    The newest stand first. Exit 1 if there is none.
    """
    from cecert.workflows import find as finding

    with open_office(config) as office:
        found = finding.find(text, office.ledger, limit + 1)
    shown, more = found[:limit], len(found) > limit
    if as_json:
        document: FindDocument = {"found": [_document(each) for each in shown], "more": more}
        answer_json(document)
    else:
        table(_COLUMNS, map(_row, shown))
    if more:
        say(f"more than {limit} certificates are found: say more of the name, or --limit")
    elif not shown:
        say(f"no certificate is found by {text!r}")
        raise typer.Exit(1)


def _row(entry: Entry) -> tuple[str, ...]:
    own = entry.certificate
    return (
        str(own.id),
        own.recipient.name,
        entry.email,
        own.course.id,
        dates_phrase(own.course.days),
        _credits(entry),
        entry.state.value,
    )


def _credits(entry: Entry) -> str:
    lines = entry.certificate.credit_lines
    return "; ".join(f"{each.credential} {hours_phrase(each.hours, each.unit)}" for each in lines)


def _document(entry: Entry) -> FoundDocument:
    own = entry.certificate
    return {
        "id": str(own.id),
        "name": own.recipient.name,
        "email": entry.email,
        "licenses": [str(each) for each in own.recipient.licenses],
        "course": own.course.id,
        "title": own.course.title,
        "dates": [each.isoformat() for each in own.course.days],
        "credit_date": own.credit_date.isoformat(),
        "issued_at": own.issued_at.isoformat(),
        "credits": [
            {"credential": each.credential, "hours": hours_figure(each.hours), "unit": each.unit}
            for each in own.credit_lines
        ],
        "state": entry.state.value,
    }


def confirm(entry: Entry, question: str, *, yes: bool) -> None:
    """Show whom and what an act is upon, and ask on a terminal.

    Args:
        entry: The certificate.
        question: What is asked, without a question mark.
        yes: Do not ask.

    Raises:
        Exit: With 1, if the answer is no.
    """
    own = entry.certificate
    licenses = "; ".join(each.printed for each in own.recipient.licenses) or "no licence"
    say(f"certificate: {own.id}, {entry.state.value}")
    say(f"  {own.recipient.name}, {entry.email}, {licenses}")
    say(f"  {own.course.title}, {dates_phrase(own.course.days)}: {_credits(entry)}")
    if yes or not sys.stdin.isatty():
        return
    if not typer.confirm(f"{question}?", err=True):
        say("nothing was changed")
        raise typer.Exit(1)
