"""Webex's attendance report. Experimental: no real export of it was seen.

What is known comes from documentation and from other programs' tests. Without times it
proves nothing; breakout rooms are presence (docs/spec/inputs.md 4).
"""

from __future__ import annotations

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import duration_of, email_of, name_of
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, ReportedConnection, RowKind

__all__ = ["WEBEX"]

NAME = "webex"
REFUSAL = "it has durations and no times: neither sum proves presence"
ADVICE = "export the report with join and leave times"
_BREAKOUT = "breakout"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with the attendee's address and the attendance duration."""
    return synonyms.header(NAME, grid.head, ("email", "duration", "name"), ("attended",))


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the rows of the report, one connection each."""
    rows = tuple(_connection(job, columns, row) for row in job.rows_below(columns.header))
    timeless = all(each.join is None for each in rows)
    return AttendanceFile(
        job.facts_with(columns, notes=("Webex is experimental: check every figure",)),
        rows,
        refusal=REFUSAL if timeless else "",
        advice=ADVICE if timeless else "",
        experimental=True,
    )


def _connection(job: Job, columns: Columns, row: Row) -> ReportedConnection:
    def cell(field: str) -> str:
        return columns.cell(row, field)

    join = job.stamps.read(cell("join"), row.line, "join time")
    address = email_of(cell("email"))
    return ReportedConnection(
        name=name_of(cell("name")),
        email="" if address.endswith(".webex.localhost") else address,
        join=join,
        leave=job.stamps.read(cell("leave"), row.line, "leave time"),
        line=row.line,
        kind=RowKind.TOTAL if join is None else RowKind.PRESENCE,
        resolution=job.stamps.resolution_of(cell("join")),
        reported_seconds=duration_of(cell("duration")),
        role=cell("role"),
        breakout=_BREAKOUT in cell("session").casefold(),
    )


WEBEX = Format(NAME, find, read)
