"""`correct`, `audit` and `export`: the life of a certificate after issue."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cecert.cli.looking import Identifier, entry_document, parse_id
from cecert.cli.options import Actor, AsJson, Config, open_office
from cecert.cli.talk import answer, answer_json, progress_bar, say
from cecert.domain.people.person import License, parse_licenses
from cecert.domain.values.text import mixed_script_words
from cecert.errors import Fault, InputError
from cecert.office import Office
from cecert.office.records import audit_desk, csv_text, write_export
from cecert.workflows import audit as auditing
from cecert.workflows import correct as correcting
from cecert.workflows import export as exporting

__all__ = ["audit", "correct", "export_ledger", "export_roster"]

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write it there; else to stdout."),
]


def correct(
    identifier: Identifier,
    reason: Annotated[
        str, typer.Option("--reason", help="What was wrong, in a sentence; the recipient reads it.")
    ],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The right name.")] = None,
    licenses: Annotated[
        str | None,
        typer.Option(
            metavar="LICENSES", help='All licences: "NY LMSW 012345; MA LICSW 1234", or "".'
        ),
    ] = None,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Make a new certificate that supersedes a wrong one, and queue its mail.

    The old one then verifies as superseded. Course, hours and credit date stay.
    """
    certificate_id = parse_id(identifier)
    if name is None and licenses is None:
        raise InputError(
            "nothing is said that is to be corrected",
            hint="name what is right with --name or --licenses",
        )
    correction = correcting.Correction(
        reason.strip(), None if name is None else _normal(name), _licenses(licenses)
    )
    for word in mixed_script_words(correction.name or ""):
        say(f"warning: {word!r} mixes letters of two scripts; verifiers will be warned")
    with open_office(config, by) as office:
        corrected = correcting.correct(certificate_id, correction, office.desk())
    new = corrected.entry.certificate
    if as_json:
        answer_json(
            {
                "id": str(new.id),
                "supersedes": str(certificate_id),
                "file": corrected.entry.document,
                "sha256": corrected.entry.sha256,
                "others": [str(each) for each in corrected.others],
            }
        )
    else:
        answer(str(new.id))
    say(f"{new.id} supersedes {certificate_id}; its mail is queued, deliver sends it")
    for each in corrected.others:
        say(f"note: {each} of the same person and course still has the old name: correct it too")
    say("hint: cecert publish tells verifiers that the old certificate is superseded")


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split(" ")).strip()


def _licenses(cell: str | None) -> tuple[License, ...] | None:
    if cell is None:
        return None
    try:
        return parse_licenses(cell)
    except ValueError as error:
        raise InputError("nothing was corrected", (Fault("licenses", cell, str(error)),)) from None


def audit(
    course: Annotated[str, typer.Option(metavar="ID", help="Only this course.")] = "",
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Compare ledger and archive: every file there, whole, sealed, and as recorded.

    Exit 1 if anything is wrong; each finding says what can be done. Nothing is changed.
    """
    with open_office(config) as office, progress_bar("auditing") as progress:
        report = auditing.audit(audit_desk(office), course, progress)
    if as_json:
        findings = [_finding_document(each) for each in report.findings]
        answer_json({"certificates": report.certificates, "findings": findings})
    else:
        for each in report.findings:
            whose = f"{each.certificate_id}: " if each.certificate_id is not None else ""
            answer(f"{each.kind.value}: {whose}{each.place}: {each.sentence}")
    for remedy in dict.fromkeys((each.kind.value, each.remedy) for each in report.findings):
        say(f"hint: {remedy[0]}: {remedy[1]}")
    say(f"{report.certificates} certificates, {len(report.findings)} findings")
    if report.findings:
        raise typer.Exit(1)


def _finding_document(finding: auditing.AuditFinding) -> Mapping[str, object]:
    whose = finding.certificate_id
    return {
        "kind": finding.kind.value,
        "certificate": None if whose is None else str(whose),
        "place": finding.place,
        "message": finding.sentence,
        "remedy": finding.remedy,
    }


def export_roster(
    course: Annotated[str, typer.Argument(metavar="COURSE", help="The course's id, or its file.")],
    output: Output = None,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Hand out a course's roster as CSV: what a co-sponsor or an auditor asks for."""
    columns = exporting.ROSTER_COLUMNS
    with open_office(config, by) as office:
        course_id = _course_id(office, course)
        rows = exporting.export_roster(course_id, office.ledger, office.clock, office.actor)
    if as_json:
        people = [dict(zip(columns, each, strict=True)) for each in rows]
        text = json.dumps({"course": course_id, "roster": people}, ensure_ascii=False, indent=2)
        _hand_out(text + "\n", output)
    else:
        # A byte order mark is how Excel knows UTF-8.
        _hand_out(("\ufeff" if output else "") + csv_text(columns, rows), output)
    say(f"{len(rows)} certificates of {course_id} exported")


def _course_id(office: Office, course: str) -> str:
    return office.course(course).id if course.endswith(".toml") else course


def export_ledger(
    output: Output = None, config: Config = None, by: Actor = None, as_json: AsJson = False
) -> None:
    """Hand out the whole ledger: a JSON document a line, or with --json one for all.

    Each certificate with its snapshot, its events and its mails.
    """
    with open_office(config, by) as office:
        lines = exporting.export_ledger(office.ledger, office.outbox, office.clock, office.actor)
        documents = [_line_document(each) for each in lines]
    if as_json:
        text = json.dumps({"certificates": documents}, ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents)
    _hand_out(text, output)
    say(f"{len(documents)} certificates exported")


def _line_document(line: exporting.LedgerLine) -> Mapping[str, object]:
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
    if output is None:
        sys.stdout.write(text.replace("\r\n", "\n"))
    else:
        write_export(output, text.encode())
        answer(str(output))
