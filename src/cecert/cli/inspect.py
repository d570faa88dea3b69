"""`inspect`: what one file is, and what of it was understood, as JSON and as tables.

The keys are those of the samples' expected answers, documented and stable. Evaluation
answers are in none of them: an evaluation file holds none any more when it comes here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cecert.cli._options import AsJson, time_zone
from cecert.cli._output import answer, answer_json, progress_bar, say, table
from cecert.cli.inspect_document import document_of
from cecert.domain.evidence.export import AttendanceFile, DateOrder, EvidenceFile

if TYPE_CHECKING:
    from cecert.office.collect.exports import Inspection

__all__ = ["inspect"]


LONG = 4_000_000
"""Bytes of a file that shows its progress."""

_LABELS = (
    ("format", "format"),
    ("encoding", "encoding"),
    ("sha256", "SHA-256"),
    ("date_order", "order of dates"),
    ("date_order_known_by", "known by"),
    ("time_zone_stated_in_file", "zone stated"),
    ("time_zone_used", "zone used"),
    ("columns_used", "columns used"),
    ("columns_unused", "columns unused"),
    ("rows", "rows"),
    ("header_rows", "header rows"),
    ("previews_left_out", "previews left out"),
    ("required_questions", "required questions"),
)

_TABLES = {
    "occurrences": ("meeting_id", "start", "end", "participants"),
    "people": (
        "key", "names", "emails", "total_present_seconds", "segments", "first_join", "last_leave",
        "flags",
    ),
    "no_shows": ("key", "name", "approval"),
    "responses": ("id", "email", "submitted", "finished", "complete", "score"),
}  # fmt: skip


def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export: .csv, .xlsx, .json.")],
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="What its local times mean: America/New_York.")
    ] = "",
    date_order: Annotated[
        DateOrder | None, typer.Option(help="Order of day, month and year, if it does not show.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="TOML", help="Which column is which, for any other table."),
    ] = None,
    synonyms: Annotated[
        list[Path] | None,
        typer.Option(metavar="TOML", help="Further names of columns of a known format."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what an export is and what was understood of it; nothing is decided.

    The format is known by the content, never by the name. Answers to an evaluation's
    questions are not shown.
    """
    found = _inspected(file, time_zone(timezone), date_order, mapping, synonyms or [])
    document = document_of(found.file, found.zone)
    for note in found.file.facts.notes:
        say(f"note: {note}")
    _say_refusal(found.file)
    if as_json:
        answer_json(document)
    else:
        _tell(document)


def _inspected(
    file: Path,
    zone: ZoneInfo | None,
    order: DateOrder | None,
    mapping: Path | None,
    synonyms: list[Path],
) -> Inspection:
    from cecert.office.collect.exports import inspect_export

    if not _is_long(file):
        return inspect_export(file, zone=zone, date_order=order, mapping=mapping, synonyms=synonyms)
    with progress_bar(f"reading {file.name}") as bar:
        return inspect_export(
            file,
            zone=zone,
            date_order=order,
            mapping=mapping,
            synonyms=synonyms,
            progress=bar.advance,
        )


def _is_long(file: Path) -> bool:
    try:
        return file.stat().st_size > LONG
    except (OSError, ValueError):
        return False


def _say_refusal(file: EvidenceFile) -> None:
    if isinstance(file, AttendanceFile) and file.refusal:
        say(f"warning: no attendance can be decided on this file: {file.refusal}")
        say(f"hint: {file.advice}")


def _tell(document: Mapping[str, Any]) -> None:
    for key, label in _LABELS:
        if key in document:
            answer(f"{label + ':':<20}{_shown(document[key])}")
    for key, headers in _TABLES.items():
        rows = iter(document.get(key, ()))
        if (first := next(rows, None)) is not None:
            answer("")
            answer(f"{key.replace('_', ' ')}:")
            table(headers, (_cells(each, headers) for each in chain((first,), rows)))


def _cells(row: dict[str, Any], headers: tuple[str, ...]) -> list[str]:
    return [_shown(row.get(each)) for each in headers]


def _shown(value: object) -> str:
    if value is None or value == []:
        return "-"
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    # Nothing in a name moves the cursor of a terminal.
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
