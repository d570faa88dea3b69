"""`deliver`: hand each queued certificate to the mail service, once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import Actor, AsJson, Config, CourseId, course_id_of, open_office
from cecert.cli._output import answer, answer_json, progress_bar, say

if TYPE_CHECKING:
    from cecert.domain.documents.mail import DraftsDocument
    from cecert.office import Office
    from cecert.workflows.deliver.deliver import Delivered, DeliveryReport

__all__ = ["deliver"]


def deliver(
    course: CourseId = "",
    dry_run_folder: Annotated[
        Path | None,
        typer.Option("--dry-run", metavar="DIR", help="Write DIR/<ID>.eml, send nothing."),
    ] = None,
    expect: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Refuse to send another number of mails.")
    ] = None,
    accept_late: Annotated[
        bool, typer.Option("--accept-late", help="Send even what will miss its deadline.")
    ] = False,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Hand each queued certificate to the mail service; nobody is mailed twice."""
    with open_office(config, by) as office:
        course = course_id_of(office, course)
        if dry_run_folder is not None:
            _write_messages(office, dry_run_folder, course, expect, as_json=as_json)
            return
        listed: list[Delivered] = []
        told = listed.append if as_json else None
        report = _send(office, course, expect, accept_late=accept_late, told=told)
    if as_json:
        from cecert.workflows.deliver.report import delivery_document

        # One after the other: a batch may be long.
        answer_json(delivery_document(report, listed))
    _summarise(report)
    if not report.complete:
        raise typer.Exit(1)


def _write_messages(
    office: Office, folder: Path, course: str, expect: int | None, *, as_json: bool
) -> None:
    from cecert.workflows.deliver.deliver import dry_run

    paths = list(dry_run(office.mail_room(), office.eml_folder(folder), course, expect))
    if as_json:
        document: DraftsDocument = {"messages": paths}
        answer_json(document)
    else:
        for path in paths:
            answer(path)
    say(f"{len(paths)} messages written, nothing was sent")


def _send(
    office: Office,
    course: str,
    expect: int | None,
    *,
    accept_late: bool,
    told: Callable[[Delivered], None] | None,
) -> DeliveryReport:
    from cecert.workflows.deliver.deliver import Delivered
    from cecert.workflows.deliver.deliver import deliver as deliver_queued
    from cecert.workflows.deliver.reconcile import SendLogFindings, settle_by_evidence

    room = office.mail_room()
    evidence = SendLogFindings()
    if expect is None and sys.stdin.isatty():
        evidence = settle_by_evidence(room)  # what was taken before is not asked about
        if waiting := sum(1 for _ in room.waiting(course)):
            typer.confirm(f"send {waiting} mails now?", abort=True, err=True)
            expect = waiting
    held = [Delivered.held(row) for row in evidence.reissued]
    if told is not None:
        for mail in held:
            told(mail)
    with progress_bar("delivering") as progress:
        report = asyncio.run(
            deliver_queued(
                room,
                course_id=course,
                expect=expect,
                accept_late=accept_late,
                progress=progress,
                told=told,
            )
        )
    return report.after(evidence.settled, held)


def _summarise(report: DeliveryReport) -> None:
    _tell_mails(report)
    if report.halted:
        say(f"stopped: {report.halted}")
    if report.hint:
        say(f"hint: {report.hint}")
    if report.unsearched:
        say(f"warning: uncertain mails were not looked for: {report.unsearched}")
    if report.digest:
        say(f"the digest was not sent: {report.digest}")
    if report.settled:
        say(f"note: {report.settled} mails are in the send log: they count as sent")
    if report.left and not report.halted:
        say("the account's day is full; run deliver again tomorrow for the mails that are left")
    counts = [f"{count} {state}" for state, count in report.counts.items() if count]
    say(", ".join(counts) or "no mail is due")


def _tell_mails(report: DeliveryReport) -> None:
    from cecert.cli.status import UNCERTAIN_HINT
    from cecert.workflows.deliver.decisions import REISSUED_HINT

    for mail in report.mails:
        if mail.due is not None:
            when = f", next try after {mail.due:%Y-%m-%d %H:%M} UTC"
            say(f"deferred: {mail.about}: {mail.reply}{when}")
        else:
            say(f"{mail.state}: {mail.about}: {mail.reply}")
    if report.count("uncertain") > report.reissued:
        say(f"hint: {UNCERTAIN_HINT}")
    if report.reissued:
        say(f"hint: {REISSUED_HINT}")
