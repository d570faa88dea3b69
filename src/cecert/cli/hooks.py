"""`hooks`: changes are posted to another system, which does not have to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, open_office
from cecert.cli._output import answer_json, say
from cecert.domain.values.wording import counted

if TYPE_CHECKING:
    from cecert.domain.documents.ledger import HooksDocument
    from cecert.workflows.hooks import HookReport

__all__ = ["begin", "run"]


def begin(
    everything: Annotated[
        bool, typer.Option("--all", help="All that ever happened, from the first change.")
    ] = False,
    config: Config = None,
) -> None:
    """Say from where on changes are posted: what happens from now on, or all."""
    from cecert.workflows.hooks import begin as begin_posting

    with open_office(config) as office:
        place = begin_posting(office.hook_desk(), everything=everything)
    say(
        "everything is posted by cecert hooks run"
        if not place.cursor
        else f"what happens after {place.cursor} is posted by cecert hooks run"
    )


def run(
    at_once: Annotated[
        bool, typer.Option("--now", help="Try at once, though a try in vain is not long ago.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Post what happened to the address in [hooks], in order; each change until it is taken.

    Exit 1 if the receiver did not take one: it, and those after it, are posted by a later run.
    """
    from cecert.workflows.hooks import post_changes

    with open_office(config) as office:
        report = post_changes(office.hook_desk(), at_once=at_once)
    if as_json:
        answer_json(_document(report))
    _tell(report)
    if not report.complete:
        raise typer.Exit(1)


def _tell(report: HookReport) -> None:
    place = report.place
    if place.why:
        tried = counted(place.attempts, "run")
        say(f"not taken in {tried}, the next change: {place.why}")
    if report.waiting:
        say(f"nothing was posted: {report.waiting}")
    elif place.due is not None:
        say(f"it is tried again from {place.due:%Y-%m-%d %H:%M} UTC on; --now tries at once")
    say(f"{counted(report.posted, 'change')} posted")


def _document(report: HookReport) -> HooksDocument:
    place = report.place
    return {
        "posted": report.posted,
        "cursor": place.cursor,
        "attempts": place.attempts,
        "due": None if place.due is None else place.due.isoformat(),
        "why": place.why,
        "waiting": report.waiting,
    }
