"""Reading a file of evidence: what it is, and everything it says.

A file is known by what it holds, never by its name. What is recognised and has no usable
row is an error: an export that went wrong must never make everybody absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cecert.adapters.exports.format import Format, Job, SurveyMapping
from cecert.adapters.exports.mapping import (
    ColumnMapping,
    best_hits,
    find_mapped,
    missing_columns,
    read_mapped,
)
from cecert.adapters.exports.registry import FORMATS, SURVEYS
from cecert.adapters.tables.bytes import Source, read_source, unusable
from cecert.adapters.tables.cells import LONGEST_ANSWER, LONGEST_CELL, overlong
from cecert.adapters.tables.date_columns import Stamps
from cecert.adapters.tables.grids import Grid, HeldGrid, Progress, Row
from cecert.adapters.tables.headers import Columns, Synonyms, refuse_doubles
from cecert.adapters.tables.lists import ListTable, table_below
from cecert.adapters.tables.openings import Opened, openings
from cecert.domain.evidence.export import (
    AttendanceFile,
    DateOrder,
    EvaluationFile,
    EvidenceFile,
    FileFacts,
    OrderKnownBy,
    RegistrationFile,
    RowKind,
)
from cecert.errors import Fault, InputError

__all__ = ["format_of", "is_survey", "read_evidence", "read_grid", "read_renamed", "rows_below"]

MOST_FAULTS = 50
"""Rows named in one error; the rest are counted."""

MOST_COLUMNS = 20
"""Columns of an unknown table that are named."""

LONGEST_NAME = 80
"""Characters of a cell that may still be a column's name."""

_OF_A_PERSON = re.compile(r"@|\d{3}")

# No set: a member of an Enum is hashed by its name, again and again.
_NO_PRESENCE = (RowKind.NO_SHOW, RowKind.WAITING_ROOM)
_ADVICE = (
    "a report of connections, a registration list or an evaluation is read as the platform "
    "exports it; for any other table write a mapping file (--mapping)"
)


def read_evidence(
    path: Path,
    synonyms: Synonyms,
    *,
    date_order: DateOrder | None = None,
    mapping: ColumnMapping | None = None,
    progress: Progress | None = None,
    statement: str = "",
) -> EvidenceFile:
    """Read a file of evidence in the format it is known by.

    Args:
        path: The file.
        synonyms: Names of columns.
        date_order: The order of its dates, as the operator states it.
        mapping: Which column is which, for a table of no known format; for an evaluation of
            a known platform, what else is known of its questions.
        progress: Told how far a long file is.
        statement: What participants attest to, by which a survey's question is known.

    Raises:
        AmbiguousDateError: If its dates can be read in two orders and mean other days.
        InputError: If it cannot be used; every fault is listed.
    """
    source = read_source(path)
    ways = tuple(openings(source, progress))
    _refuse_problems(source.name, ways)
    survey = mapping is not None and mapping.kind == "evaluation"
    formats = tuple(_formats(mapping, survey=survey))
    wishes = SurveyMapping() if mapping is None or not survey else mapping.wishes
    for opened in ways:
        for each in formats:
            if (columns := each.find(opened.grid, synonyms)) is not None:
                job = Job(
                    _facts(source, opened, each.name),
                    opened.grid,
                    Stamps(source.name),
                    synonyms,
                    replace(wishes, statement=statement),
                )
                return read_grid(each, job, columns, date_order)
    if mapping is not None:
        raise missing_columns(mapping, _widest(ways, mapping), source.name)
    raise unusable(source.name, f"is no export we know{_its_columns(ways)}", hint=_ADVICE)


def _its_columns(ways: Sequence[Opened]) -> str:
    """Say what a table's columns are called, where its first row reads as names of columns."""
    for opened in ways:
        first = next((row.cells for row in opened.grid.head if any(row.cells)), ())
        names = [each.strip() for each in first if each.strip()]
        if len(names) > 1 and not any(_is_a_value(each) for each in names):
            return f"; its columns are {', '.join(names[:MOST_COLUMNS])}"
    return ""


def _is_a_value(cell: str) -> bool:
    # A list without a header begins with a person, who is not to stand in a message.
    return len(cell) > LONGEST_NAME or _OF_A_PERSON.search(cell) is not None


def read_renamed(source: Source, mapping: ColumnMapping) -> ListTable:
    """Return any table with its mapped columns called by their fields.

    Raises:
        ConfigurationError: If the file lacks a mapped column.
        InputError: If it cannot be used.
    """
    ways = tuple(openings(source))
    for opened in ways:
        if (columns := find_mapped(mapping, opened.grid)) is not None:
            refuse_doubles(source.name, columns)
            names = {place: field for field, place in columns.places.items()}
            return table_below(columns.header, opened, names)
    raise missing_columns(mapping, _widest(ways, mapping), source.name)


def format_of(source: Source, synonyms: Synonyms) -> tuple[str, int] | None:
    """Return the format that knows a file, and how many rows it has; None where none does.

    Raises:
        InputError: If it is no text and no workbook.
    """
    for opened in openings(source):
        for each in FORMATS:
            if (columns := each.find(opened.grid, synonyms)) is not None:
                return each.name, rows_below(opened.grid, columns.header)
    return None


def rows_below(grid: Grid, header: Row) -> int:
    """Return how many rows below a header hold anything."""
    return sum(row.line > header.line and not row.is_blank for row in grid.silently())


def is_survey(source: Source, synonyms: Synonyms) -> bool:
    """Say whether a file is a survey platform's export.

    Raises:
        InputError: If it is no text and no workbook.
    """
    surveys = [each for each in FORMATS if each.name in SURVEYS]
    return any(
        each.find(opened.grid, synonyms) is not None
        for opened in openings(source)
        for each in surveys
    )


def _formats(mapping: ColumnMapping | None, *, survey: bool) -> Iterator[Format]:
    """Yield the formats to look for: a mapping's own first of all but a survey platform's."""
    if mapping is None:
        yield from FORMATS
        return
    if survey:
        yield from (each for each in FORMATS if each.name in SURVEYS)
    yield Format(
        mapping.format,
        lambda grid, _synonyms: find_mapped(mapping, grid),
        lambda job, columns: read_mapped(mapping, job, columns),
        answers=True,
    )


def _widest(ways: Sequence[Opened], mapping: ColumnMapping) -> Grid:
    return max((each.grid for each in ways), key=lambda grid: best_hits(mapping, grid))


def _refuse_problems(name: str, ways: Sequence[Opened]) -> None:
    """Refuse cells that are no values: what is left out of an export makes somebody absent.

    Raises:
        InputError: If there are any; it names row and column of each.
    """
    faults = [
        # Without what it says: the cell may be somebody's answer.
        Fault(f"{name}: row {row.number}, column {each.place + 1}", "", each.problem, each.remedy)
        for opened in ways
        if isinstance(opened.grid, HeldGrid)
        for row in opened.grid
        for each in row.problems
        if each.place is not None and not each.in_lists
    ]
    if faults:
        raise InputError(f"{name} cannot be used: {len(faults)} cells", tuple(faults[:MOST_FAULTS]))


def _facts(source: Source, opened: Opened, format_: str) -> FileFacts:
    return FileFacts(
        name=source.name,
        sha256=source.sha256,
        size=len(source.data),
        format=format_,
        encoding=opened.encoding,
        newline=opened.newline,
        notes=opened.notes,
    )


def read_grid(
    format_: Format, job: Job, columns: Columns, stated: DateOrder | None
) -> EvidenceFile:
    """Read a grid in the order of its dates: a second time where the first try was wrong.

    Args:
        format_: By which the grid is known.
        job: The reading of the file, without stamps of its own yet.
        columns: Where the known columns stand.
        stated: The order of dates as the operator states it, None for nothing.

    Raises:
        AmbiguousDateError, InputError: As `read_evidence`.
    """
    if format_.name not in SURVEYS:
        # A survey's own columns stand first, and what comes after them are questions.
        job.refuse_doubles(columns)
    _refuse_long(format_, job, columns)
    job = replace(job, stamps=Stamps(job.facts.name, stated or DateOrder.MDY))
    found = format_.read(job, columns)
    order, known_by = job.stamps.settled(stated)
    unsure = known_by not in {OrderKnownBy.NOTHING, OrderKnownBy.YEAR_FIRST}
    if order is not None and order is not job.stamps.order and unsure:
        job = replace(job, stamps=Stamps(job.facts.name, order))
        found = format_.read(job, columns)
    _refuse_faults(job)
    if job.stamps.offsets and job.stamps.bare:
        problem = "has times with an offset from UTC and times without one"
        raise unusable(job.facts.name, problem, "export it again, without changing cells")
    _refuse_empty(found)
    facts = replace(found.facts, date_order=order, order_known_by=known_by)
    if facts.zone is None and job.stamps.offsets:
        facts = replace(facts, zone=_stated_zone(job.stamps))
    return replace(found, facts=facts)


def _refuse_long(format_: Format, job: Job, columns: Columns) -> None:
    """Refuse cells without an end, before anything reads them.

    Raises:
        InputError: If there are any; it names row and column of each.
    """
    if not job.grid.may_hold(LONGEST_CELL):
        return
    known = frozenset(columns.places.values())
    faults = []
    for row in job.grid.silently():
        if max(map(len, row.cells), default=0) <= LONGEST_CELL:
            continue
        for place, cell in enumerate(row.cells):
            free = format_.answers and (place not in known or row.line <= columns.header.line)
            if problem := overlong(cell, LONGEST_ANSWER if free else LONGEST_CELL):
                where = f"{job.facts.name}: line {row.line}, column {place + 1}"
                # Where columns are shifted, a known one holds somebody's answer.
                faults.append(Fault(where, "" if format_.answers else cell, problem))
    _refuse_cells(job, faults)


def _stated_zone(stamps: Stamps) -> str:
    zero = all(not each for each in stamps.offsets)
    return "UTC" if zero else "offset in each stamp"


def _refuse_faults(job: Job) -> None:
    _refuse_cells(job, job.stamps.faults)


def _refuse_cells(job: Job, faults: Sequence[Fault]) -> None:
    if faults:
        count = f"{len(faults)} cells" if len(faults) > 1 else "1 cell"
        raise InputError(
            f"{job.facts.name} ({job.facts.format}) cannot be used: {count} cannot be read",
            tuple(faults[:MOST_FAULTS]),
        )


def _refuse_empty(found: EvidenceFile) -> None:
    if isinstance(found, AttendanceFile):
        rows = [each for each in found.connections if each.kind not in _NO_PRESENCE]
        usable = bool(rows or (found.refusal and found.occurrences))
    elif isinstance(found, EvaluationFile):
        usable = bool(found.responses)
    elif isinstance(found, RegistrationFile):
        usable = bool(found.registrants)
    else:
        usable = bool(found.rows)
    if not usable:
        problem = f"is {found.facts.format}, and has no usable row"
        remedy = "an empty report proves nothing about anybody: export it again"
        raise unusable(found.facts.name, problem, remedy)
