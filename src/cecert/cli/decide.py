"""`decide`: a question that changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, Course, open_office
from cecert.cli._output import answer_json, say, table
from cecert.domain.course.course import Course as OpenedCourse
from cecert.domain.decision.decide import Award, Denial
from cecert.domain.decision.decide import decide as decide_record
from cecert.domain.values.wording import hours_figure, hours_phrase
from cecert.errors import InputError

if TYPE_CHECKING:
    from cecert.domain.documents.decision import (
        AwardDocument,
        DecideDocument,
        DecidedRowDocument,
        DenialDocument,
    )
    from cecert.office import Office
    from cecert.ports import CompletionList

__all__ = [
    "Completions",
    "SkipBadRows",
    "decide",
    "decision_document",
    "decision_row",
    "list_beside",
    "read_list",
]

Completions = Annotated[
    Path | None,
    typer.Argument(
        metavar="[COMPLETIONS]",
        help="The completion list: .csv, .xlsx or .jsonl; completions.csv beside the course.",
    ),
]
SkipBadRows = Annotated[
    bool,
    typer.Option("--skip-bad-rows", help="Go on with the good rows; the bad ones are listed."),
]


def decide(
    course: Course,
    completions: Completions = None,
    config: Config = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: AsJson = False,
) -> None:
    """Say who has earned what, and for everyone else everything that is missing."""
    from cecert.office.looks.scripts import script_faults
    from cecert.workflows.issue.plan import questions_of

    office = open_office(config)
    opened = office.course(course)
    completions = completions or list_beside(office, course)
    listed = read_list(office, opened, completions, skip_bad_rows)
    decisions = [each for record in listed.records for each in decide_record(record, opened)]
    denials = sum(isinstance(each, Denial) for each in decisions)
    held = sum(isinstance(each, Denial) and each.in_review for each in decisions)
    questions = questions_of(decisions)
    undrawable = script_faults(office, listed.records)
    if as_json:
        document: DecideDocument = {
            "course": opened.id,
            "decisions": [decision_document(each) for each in decisions],
            "bad_rows": [str(fault) for fault in listed.faults],
            "counts": {"awards": len(decisions) - denials, "denials": denials, "review": held},
        }
        if questions:
            document["questions"] = list(map(str, questions))
        if undrawable:
            document["undrawable"] = list(map(str, undrawable))
        answer_json(document)
        return
    table(
        ("row", "name", "credential", "outcome", "why"), [decision_row(each) for each in decisions]
    )
    for question in questions:
        say(f"question: {question}")
    for fault in undrawable:
        say(f"cannot be drawn: {fault}")
    among = f", {held} in review" if held else ""
    say(f"{len(decisions) - denials} awards, {denials - held} denials{among}; nothing was issued")


def list_beside(office: Office, course: Path) -> Path:
    """Return the completion list that `collect` writes beside a course's file."""
    from cecert.office.courses import COMPLETIONS_FILE

    return office.course_path(course).with_name(COMPLETIONS_FILE)


def read_list(
    office: Office, course: OpenedCourse, completions: Path, skip_bad_rows: bool
) -> CompletionList:
    """Read a completion list, saying its notes; bad rows stop it unless they may be skipped.

    Args:
        office: Knows the credential types.
        course: The course the list is of.
        completions: The list.
        skip_bad_rows: Whether bad rows are left out and told.

    Raises:
        InputError: If the list cannot be read, or has bad rows that may not be skipped.
    """
    listed = office.completions(completions, course)
    for note in listed.notes:
        say(f"note: {note}")
    if listed.faults and not skip_bad_rows:
        raise InputError(
            f"{completions} has {_cells(len(listed.faults))}; nothing was done",
            listed.faults,
            hint="correct them, or go on without those rows with --skip-bad-rows",
        )
    for fault in listed.faults:
        say(f"skipped: {fault}")
    return listed


def _cells(count: int) -> str:
    return "one bad cell" if count == 1 else f"{count} bad cells"


def decision_row(decision: Award | Denial) -> tuple[str, ...]:
    """Return a decision as a line of a table."""
    place, name = decision.record.place, decision.record.name
    if isinstance(decision, Award):
        hours = hours_phrase(decision.line.hours, decision.line.unit)
        return (place, name, decision.credential, "award", "; ".join((hours, *decision.notes)))
    why = " ".join(decision.told)
    word = "review" if decision.in_review else "denial"
    return (place, name, decision.credential, word, why)


def decision_document(decision: Award | Denial) -> AwardDocument | DenialDocument:
    """Return a decision as `--json` shows it; the keys are stable."""
    record = decision.record
    common: DecidedRowDocument = {
        "place": record.place,
        "participant": record.identity,
        "name": record.name,
        "credential": decision.credential,
    }
    if isinstance(decision, Award):
        return {
            **common,
            "outcome": "award",
            "hours": hours_figure(decision.line.hours),
            "unit": decision.line.unit,
            "requirements_met_on": decision.requirements_met_on.isoformat(),
            "notes": list(decision.notes),
        }
    return {
        **common,
        "outcome": "denial",
        "shortfalls": [
            {"kind": each.kind.value, "figures": dict(each.figures), "sentence": each.sentence}
            for each in decision.shortfalls
        ],
    }
