"""`transcript`: what one person earned, to hand to them or to their board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import Actor, Config, day_of, open_office
from cecert.cli._output import answer, say
from cecert.domain.certificate.transcript import Period
from cecert.domain.values.wording import counted, credit_phrase, hours_phrase

if TYPE_CHECKING:
    from cecert.workflows.person import Other

__all__ = ["Someone", "say_others", "transcript"]

Someone = Annotated[
    str,
    typer.Argument(
        metavar="TEXT",
        help="Who: a certificate's id, an identity, or a name, e-mail, licence of one alone.",
    ),
]


def transcript(
    whose: Someone,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="Write it there: .pdf, .csv or .json."),
    ],
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help="Credit dates from this day on.")
    ] = "",
    last: Annotated[
        str, typer.Option("--to", metavar="DATE", help="Credit dates up to this day.")
    ] = "",
    config: Config = None,
    by: Actor = None,
) -> None:
    """List what one person earned, with a total for each credential type, never across.

    What was replaced or revoked is listed and not counted. A .pdf is sealed, and whoever gives it
    to verify, or drops it on the verify page, sees what became of each certificate since. Handing
    it out is an event.
    """
    from cecert.office.papers.records import write_export
    from cecert.office.papers.transcript import renewals_of, transcript_ending, transcript_writer
    from cecert.workflows.transcript import note_transcript, transcript

    ending = transcript_ending(output)
    period = Period(
        day_of("--from", first) if first else None, day_of("--to", last) if last else None
    )
    with open_office(config, by) as office:
        written = transcript_writer(ending, office)
        found = transcript(whose, period, office.written_ledger, office.clock, renewals_of(office))
        content = written(found)
        note_transcript(found, office.written_ledger, office.actor)
    write_export(output, content)
    answer(str(output))
    say(f"{found.name}: {counted(len(found.rows), 'certificate')}, {found.standing} in force")
    for each in found.totals:
        say(f"  {credit_phrase(each.line.label, hours_phrase(each.hours, each.line.unit))}")
    say_others(found.others)


def say_others(others: tuple[Other, ...]) -> None:
    """Tell of identities that may be the same person, and that nothing of theirs is included."""
    for each in others:
        say(
            f"warning: {each.name}, {each.email} (identity {each.participant}) may be the same "
            f"person: they have in common {each.why.value}; nothing of that identity is "
            f"included, name it by {each.certificate_id}"
        )
