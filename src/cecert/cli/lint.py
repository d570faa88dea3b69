"""`lint`: what is wrong or unchecked in the office's files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import Actor, AsJson, Config, open_office
from cecert.cli._output import NOTHING, answer_json, say, table
from cecert.domain.values.findings import Finding, Severity
from cecert.domain.values.wording import day_phrase
from cecert.errors import InputError

if TYPE_CHECKING:
    from cecert.domain.course.regime import Regime
    from cecert.domain.documents.decision import (
        FindingDocument,
        LintDocument,
        OwnRegimeDocument,
    )
    from cecert.office.lint import Linted

__all__ = ["lint"]


def lint(
    course: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="COURSE...",
            help="Courses, completion lists after theirs; none: the office's file alone.",
        ),
    ] = None,
    seen: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Acknowledge this warning: it is not listed again until its words change.",
        ),
    ] = None,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """List everything that is wrong or unverified in the office's and the courses' files.

    A course's certificates are drawn for nobody, and for the people of its list, to find what
    leaves no room on them; logo and signatures are opened. Of a completion list the bad cells
    are told, who of it may be one person twice, and whose licences a credit is not for.
    """
    from cecert.office.lint import acknowledge, lint_office, own_regimes

    office = open_office(config, by)
    courses = [office.course_path(each) for each in course or []]
    if missing := [each for each in courses if not each.is_file()]:
        raise InputError(f"there is no file {', '.join(map(str, missing))}")
    found = lint_office(office, courses)
    if seen:
        found = acknowledge(office, found, seen)
    own = own_regimes(office)
    errors = sum(each.severity is Severity.ERROR for each in found.findings)
    warnings = len(found.shown) - errors
    if as_json:
        document: LintDocument = {
            "findings": [_finding_document(each, found) for each in found.findings],
            "own_regimes": [_regime_document(each) for each in own],
            "counts": {
                "errors": errors,
                "warnings": warnings,
                "seen": len(found.findings) - len(found.shown),
            },
        }
        answer_json(document)
    else:
        _tell(found, own)
        acknowledged = len(found.findings) - len(found.shown)
        besides = f", {acknowledged} acknowledged before" if acknowledged and not seen else ""
        besides = f", {acknowledged} acknowledged" if seen else besides
        say(f"{errors} errors, {warnings} warnings{besides}")
    if errors:
        raise typer.Exit(1)


def _tell(found: Linted, own: tuple[Regime, ...]) -> None:
    rows = [
        (
            each.severity.value,
            each.place,
            each.message,
            each.code if each.severity is Severity.WARNING else NOTHING,
        )
        for each in found.shown
    ]
    table(("severity", "place", "finding", "code"), rows)
    for regime in own:
        if regime.last_verified is not None:
            say(
                f"note: {regime.id} is the office's own file, verified by {regime.verified_by} on "
                f"{day_phrase(regime.last_verified)}"
            )


def _finding_document(finding: Finding, found: Linted) -> FindingDocument:
    return {
        "severity": finding.severity.value,
        "place": finding.place,
        "message": finding.message,
        "code": finding.code,
        "seen": found.is_seen(finding),
    }


def _regime_document(regime: Regime) -> OwnRegimeDocument:
    verified = regime.last_verified
    return {
        "id": regime.id,
        "verified_by": regime.verified_by,
        "last_verified": verified.isoformat() if verified else None,
    }
