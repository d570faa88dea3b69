"""`export`: hands out what the ledger has, and enters that it did."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

import typer

from cecert.cli._options import Actor, AsJson, Config, course_id_of, day_of, open_office
from cecert.cli._output import answer, say
from cecert.cli.find import Whose
from cecert.cli.status import entry_document
from cecert.domain.badge.proof import BadgeIssuer
from cecert.domain.values.wording import counted

if TYPE_CHECKING:
    from cecert.domain.documents.ledger import (
        ExportLedgerDocument,
        ExportRosterDocument,
        LineDocument,
        LineMailDocument,
    )
    from cecert.office import Office
    from cecert.workflows.export import LedgerLine

__all__ = ["Output", "export_annual", "export_badge", "export_ledger", "export_roster"]

T = TypeVar("T")

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write it there; else to stdout."),
]


def export_roster(
    course: Annotated[
        str, typer.Argument(metavar="COURSE", help="The course: id, folder or file.")
    ],
    output: Output = None,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="In the columns of a board or sponsor: plain, ca-bbs, apa, ace, nbcc, nasba.",
        ),
    ] = "",
    leave_out: Annotated[
        bool,
        typer.Option(
            "--leave-out", help="Leave out who has no licence, where the profile wants one."
        ),
    ] = False,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Hand out a course's roster as CSV: what a co-sponsor or an auditor asks for.

    With a profile it has a row for each licence, as .csv or .xlsx; profiles of your own are
    files in the folder of [rosters] path.
    """
    from cecert.office.papers.records import csv_lines
    from cecert.workflows import export as exporting

    if profile:
        wanted = _ProfileWanted(profile, output, leave_out=leave_out, as_json=as_json)
        with open_office(config, by) as office:
            _export_profile(office, course_id_of(office, course), wanted)
        return
    columns = exporting.ROSTER_COLUMNS
    with open_office(config, by) as office:
        course_id = course_id_of(office, course)
        rows = exporting.export_roster(course_id, office.ledger, office.clock, office.actor)
        counted = Counted(rows)
        if as_json:
            people = [dict(zip(columns, each, strict=True)) for each in counted]
            document: ExportRosterDocument = {"course": course_id, "roster": people}
            text = json.dumps(document, ensure_ascii=False, indent=2)
            _hand_out((text, "\n"), output)
        else:
            # A byte order mark is how Excel knows UTF-8.
            mark = ("\ufeff",) if output else ()
            _hand_out(chain(mark, csv_lines(columns, counted)), output)
    say(f"{counted.many} certificates of {course_id} exported")


@dataclass(frozen=True, slots=True)
class _ProfileWanted:
    """What was asked for with `--profile`."""

    name: str
    output: Path | None
    leave_out: bool
    as_json: bool


def _export_profile(office: Office, course_id: str, wanted: _ProfileWanted) -> None:
    from cecert.office.papers.rosters import profile_notes, roster_profile, roster_table
    from cecert.office.papers.table_file import table_writer
    from cecert.workflows import export as exporting

    written = table_writer(wanted.output or Path("roster.csv"), "a roster")
    profile = roster_profile(office, wanted.name)
    ledger = office.written_ledger
    roster = exporting.profile_roster(course_id, profile, ledger)
    if not wanted.leave_out:
        exporting.refuse_unlicensed(profile, roster)
    exporting.note_roster(course_id, profile, roster, ledger, (office.clock, office.actor))
    columns, rows = roster_table(profile, roster)
    if wanted.as_json:
        people = [dict(zip(columns, each, strict=True)) for each in rows]
        document: ExportRosterDocument = {
            "course": course_id,
            "profile": profile.id,
            "roster": people,
        }
        text = json.dumps(document, ensure_ascii=False, indent=2)
        _hand_out((text, "\n"), wanted.output)
    else:
        _hand_out_table(written(columns, rows), wanted.output)
    for each in profile_notes(profile, roster):
        say(each)
    say(f"{counted(len(rows), 'row')} of {course_id} exported")


def export_annual(
    credential: Annotated[
        str, typer.Argument(metavar="CREDENTIAL", help="The credit: apa-psychology, aswb-ace, ...")
    ],
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The period's first credit date.")
    ],
    last: Annotated[
        str, typer.Option("--to", metavar="DATE", help="The period's last credit date.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Write it there: .csv or .xlsx.")
    ],
    config: Config = None,
    by: Actor = None,
) -> None:
    """Count a period's activities, and their sessions: participants, and by profession.

    Certificates that stand count, by their credit date, each person once a row.
    """
    from cecert.office.papers.records import write_export
    from cecert.office.papers.rosters import annual_table, known_credential
    from cecert.office.papers.table_file import table_writer
    from cecert.workflows.annual import annual_report

    written = table_writer(output, "an annual report")
    days = day_of("--from", first), day_of("--to", last)
    with open_office(config, by) as office:
        known_credential(office, credential)
        report = annual_report(credential, days, office.written_ledger, office.clock, office.actor)
    write_export(output, written(*annual_table(report)))
    answer(str(output))
    activities = len(report.activities)
    say(f"{activities} {'activity' if activities == 1 else 'activities'} of {credential}")


def export_ledger(
    output: Output = None, config: Config = None, by: Actor = None, as_json: AsJson = False
) -> None:
    """Hand out the whole ledger: a JSON document a line, or with --json one for all.

    Each certificate with its snapshot, its events and its mails.
    """
    from cecert.workflows import export as exporting

    with open_office(config, by) as office:
        lines = exporting.export_ledger(office.ledger, office.outbox, office.clock, office.actor)
        documents = Counted(map(_line_document, lines))
        if as_json:
            whole: ExportLedgerDocument = {"certificates": list(documents)}
            _hand_out((json.dumps(whole, ensure_ascii=False, indent=2), "\n"), output)
        else:
            _hand_out((f"{json.dumps(each, ensure_ascii=False)}\n" for each in documents), output)
    say(f"{documents.many} certificates exported")


def export_badge(
    whose: Whose,
    output: Output = None,
    credential: Annotated[
        str, typer.Option(metavar="TYPE", help="Which credit, where the certificate has several.")
    ] = "",
    issuer: Annotated[
        BadgeIssuer,
        typer.Option(help="Who signs: the site, which readers ask, or the key by itself."),
    ] = BadgeIssuer.WEB,
    config: Config = None,
    by: Actor = None,
) -> None:
    """Hand out one credit of a certificate as an Open Badges 3.0 credential, signed.

    It names the holder and their licences. Readers check it by the published site, which also
    says that it was revoked; with --issuer key they need no site, and learn of no revocation.
    """
    from cecert.office.site.badges import badge_desk
    from cecert.workflows.badge import export_badge, json_file
    from cecert.workflows.find import found_one

    with open_office(config, by) as office:
        entry = found_one(whose, office.ledger)
        badge = export_badge(entry, credential, badge_desk(office, issuer))
    _hand_out((json_file(badge).decode(),), output)
    own = entry.certificate
    say(f"badge of {own.recipient.name}, certificate {own.id}, issued by {badge['issuer']['id']}")
    if issuer is BadgeIssuer.KEY:
        say("warning: nobody who checks it learns of a revocation, nor whose key it is")
    else:
        say("hint: it verifies once cecert publish has put this key on the site")


class Counted(Generic[T]):
    """Values that are counted as they go by."""

    def __init__(self, values: Iterable[T]) -> None:
        self._values = iter(values)
        self.many = 0

    def __iter__(self) -> Iterator[T]:
        for each in self._values:
            self.many += 1
            yield each


def _line_document(line: LedgerLine) -> LineDocument:
    mails: list[LineMailDocument] = [
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


def _hand_out_table(content: bytes, output: Path | None) -> None:
    if output is None:
        _hand_out((content.decode("utf-8-sig"),), None)
        return
    from cecert.office.papers.records import write_export

    write_export(output, content)
    answer(str(output))


def _hand_out(pieces: Iterable[str], output: Path | None) -> None:
    """Print an export, or write it into a file, piece by piece."""
    from cecert.office.papers.records import write_export

    if output is None:
        for each in pieces:
            sys.stdout.write(each.replace("\r\n", "\n"))
    else:
        write_export(output, (each.encode() for each in pieces))
        answer(str(output))
