"""A completion list: which kind of file it is, which columns it has, how their cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.completion_list import cells
from cecert.adapters.completion_list.columns import find_columns
from cecert.adapters.completion_list.records import ListReading
from cecert.adapters.tables.bytes import read_source, unusable
from cecert.adapters.tables.cells import CellReader
from cecert.adapters.tables.lists import list_table
from cecert.domain.course.course import Course
from cecert.domain.course.credential_choices import CredentialChoices
from cecert.domain.people.person import parse_licenses
from cecert.errors import InputError
from cecert.ports import CompletionList

if TYPE_CHECKING:
    from cecert.adapters.completion_list.evidence_read import CollectedRow

__all__ = ["LIST_KINDS", "cell_readers", "read_completions"]

LIST_KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl")
"""What a list may be called; which of them it is shows its content."""

MOST_COLUMNS = 200
"""Columns of the widest list: it has thirteen, and what has more than this is another table."""


def read_completions(
    path: Path,
    course: Course,
    known_credentials: CredentialChoices | frozenset[str],
    now: datetime,
) -> CompletionList:
    """Read a completion list.

    Args:
        path: A `.csv`, `.xlsx` or `.jsonl` file.
        course: The course it is of.
        known_credentials: Every credential type that a regime file knows, offered or not.
        now: The present instant, aware; evidence dated later is a bad cell.

    Returns:
        The good rows as records, and every bad cell.

    Raises:
        InputError: If the file as a whole cannot be used: unreadable, empty, no row,
            a column missing.
    """
    if path.suffix.casefold() not in LIST_KINDS:
        raise unusable(path.name, f"is no completion list: {', '.join(LIST_KINDS)} are")
    table = list_table(read_source(path))
    if len(table.headers) > MOST_COLUMNS:
        raise unusable(path.name, f"row 1 has more than {MOST_COLUMNS} cells")
    columns = find_columns(table.headers, course, path.name)
    if columns.faults:
        raise InputError(f"{path} cannot be used", columns.faults)
    if not table.rows:
        raise unusable(path.name, "has a header and no rows")
    reading = ListReading(path.name, table, columns, cell_readers(course, known_credentials))
    return reading.completion_list(course, now, _evidence_beside(path))


def _evidence_beside(list_path: Path) -> Mapping[str, CollectedRow] | None:
    """Return the evidence beside a list by participant, or None where there is none.

    Raises:
        InputError: If the file there cannot be used.
    """
    path = list_path.with_name(f"{list_path.stem}.evidence.json")
    if not path.exists():
        return None
    from cecert.adapters.completion_list.evidence_read import read_evidence

    return read_evidence(path)


def cell_readers(
    course: Course, known: CredentialChoices | frozenset[str]
) -> Mapping[str, CellReader]:
    """Return how the cells of each column are read; a reader raises ValueError for a bad one.

    *known* are the credential types there are; as ids alone they have no labels.
    """
    choices = known if isinstance(known, CredentialChoices) else CredentialChoices.of_ids(known)
    return {
        "participant_id": cells.read_participant_id,
        "name": cells.read_name,
        "email": cells.read_email,
        "credentials": partial(cells.read_credentials, known=choices),
        "licenses": parse_licenses,
        "attended": partial(cells.read_attended, course=course),
        "visible": cells.read_yes_or_no,
        "post_test": cells.read_per_cent,
        "fee_paid": cells.read_yes_or_no,
        "role": cells.read_role,
        "review": cells.read_words,
        "different_from": cells.read_others,
    }
