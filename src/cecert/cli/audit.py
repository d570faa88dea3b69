"""`audit`: holds ledger, archive and keys against one another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, Workers, open_office
from cecert.cli._output import answer, answer_json, progress_bar, say

if TYPE_CHECKING:
    from cecert.domain.documents.ledger import AuditDocument, AuditFindingDocument
    from cecert.workflows.audit.audit import AuditFinding

__all__ = ["audit"]


def audit(
    course: Annotated[str, typer.Option(metavar="ID", help="Only this course.")] = "",
    site: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The published site; else the one published last."),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A checkpoint of the log that somebody kept: all since then must follow from it.",
        ),
    ] = None,
    workers: Workers = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Compare ledger, archive and site: every file there, whole, sealed, and as recorded.

    The ledger's rows are held against one another and against its log, and the status lists
    of the site that was published last against the ledger. The tree of the log is computed anew
    and held against every checkpoint that was published and is still to be had. With `--course`
    only certificates and files of that course are looked at.

    Exit 1 if anything is wrong; each finding says what can be done. Nothing is changed.
    """
    from cecert.office.audit_workers import audit_by
    from cecert.office.papers.records import audit_desk

    with open_office(config) as office, progress_bar("auditing") as progress:
        report = audit_by(office, audit_desk(office, site, since), course, progress, workers)
    if as_json:
        findings = [_finding_document(each) for each in report.findings]
        levels = dict(report.levels)
        document: AuditDocument = {
            "certificates": report.certificates,
            "levels": levels,
            "findings": findings,
        }
        answer_json(document)
    else:
        for each in report.findings:
            whose = f"{each.certificate_id}: " if each.certificate_id is not None else ""
            answer(f"{each.kind.value}: {whose}{each.place}: {each.sentence}")
    for remedy in dict.fromkeys((each.kind.value, each.remedy) for each in report.findings):
        say(f"hint: {remedy[0]}: {remedy[1]}")
    if "B-T" in report.levels:
        counted = (f"{count} {level}" for level, count in report.levels.items())
        say(f"seals: {', '.join(counted)}")
    say(f"{report.certificates} certificates, {len(report.findings)} findings")
    if report.findings:
        raise typer.Exit(1)


def _finding_document(finding: AuditFinding) -> AuditFindingDocument:
    whose = finding.certificate_id
    return {
        "kind": finding.kind.value,
        "certificate": None if whose is None else str(whose),
        "place": finding.place,
        "message": finding.sentence,
        "remedy": finding.remedy,
    }
