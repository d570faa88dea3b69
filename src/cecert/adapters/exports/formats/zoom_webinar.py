"""Zoom's webinar attendee report: several tables in one file.

Every section has a header of its own. An attendee who was promoted stands in two of
them; who registered and did not come has dashes for times (docs/spec/inputs.md 2.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.exports.formats.zoom import meeting
from cecert.adapters.tables.cells import email_of, full_name, is_yes, name_of, whole_number
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, Occurrence, ReportedConnection, RowKind

__all__ = ["WEBINAR"]

TITLES, ROWS = "zoom_webinar", "zoom_webinar_rows"
SECTIONS = ("host", "panelist", "attendee", "other")


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header of the first section, where the first cell is the report's title."""
    first = next((row for row in grid.head if not row.is_blank), None)
    if first is None or synonyms.field(TITLES, first.cell(0)) != "report":
        return None
    titles = [row for row in grid.head if synonyms.field(TITLES, row.cell(0)) in SECTIONS]
    below = [row for row in grid.head if titles and row.line > titles[0].line]
    return synonyms.header(ROWS, below, ("name", "join", "leave"))


@dataclass(frozen=True, slots=True)
class _Line:
    section: str
    columns: Columns
    row: Row


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the connections of every section that has some."""
    lines = list(_lines(job))
    connections = tuple(_connection(job, each) for each in lines)
    headers = {each.section: each.columns for each in lines}
    used = dict.fromkeys(name for each in headers.values() for name in each.used)
    unused = dict.fromkeys(name for each in headers.values() for name in each.unused)
    facts = replace(job.facts_with(columns), columns_used=tuple(used), columns_unused=tuple(unused))
    return AttendanceFile(facts, connections, tuple(_occurrences(job)))


def _lines(job: Job) -> Iterator[_Line]:
    section, columns = "", None
    for row in job.grid:
        if row.is_blank:
            continue
        title = job.synonyms.field(TITLES, row.cell(0))
        if title in SECTIONS and not any(row.cell(place) for place in range(1, len(row.cells))):
            section, columns = title, None
        elif section and columns is None:
            columns = job.synonyms.columns(ROWS, row)
            job.refuse_doubles(columns)
            _check_header(job, columns, section)
        elif columns is not None:
            yield _Line(section, columns, row)


def _check_header(job: Job, columns: Columns, section: str) -> None:
    missing = [each for each in ("join", "leave") if each not in columns]
    if missing:
        problem = f"is a header without {' and '.join(missing)} time"
        job.stamps.fault(columns.header.line, "", section, problem)


def _connection(job: Job, line: _Line) -> ReportedConnection:
    def cell(field: str) -> str:
        return line.columns.cell(line.row, field)

    stamps, number = job.stamps, line.row.line
    absent = "attended" in line.columns and not is_yes(cell("attended"))
    told = stamps.read if absent else stamps.need
    join = told(cell("join"), number, "join time")
    leave = stamps.read(cell("leave"), number, "leave time")
    stamps.read(cell("registered"), number, "registration time")
    minutes = whole_number(cell("duration"))
    full = full_name(cell("first_name"), cell("last_name"))
    approval = full_name(cell("approval"), "").casefold()
    return ReportedConnection(
        name=name_of(cell("name")) or full,
        email=email_of(cell("email")),
        join=join,
        leave=leave,
        line=number,
        kind=RowKind.NO_SHOW if absent else RowKind.PRESENCE,
        resolution=stamps.resolution_of(cell("join")),
        reported_seconds=None if minutes is None else minutes * 60,
        role=line.section,
        approval=approval,
        further_names=(full,) if full else (),
    )


def _occurrences(job: Job) -> Iterator[Occurrence]:
    above = [row for row in job.grid.head if not row.is_blank]
    found = job.synonyms.header("zoom_block", above, ("topic", "start"))
    if found is not None:
        below = [row for row in above if row.line > found.header.line]
        yield from (meeting(job, found, row) for row in below[:1])


WEBINAR = Format("zoom_webinar", find, read)
