"""Microsoft Teams' report of 2021: a few summary lines, then one row a connection."""

from __future__ import annotations

from cecert.adapters.evidence.cells import duration_of, email_of, name_of
from cecert.adapters.evidence.formats import Format, Job
from cecert.adapters.evidence.grids import Grid, Row
from cecert.adapters.evidence.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, ReportedConnection

__all__ = ["REPORT_2021", "connection"]

FIELDS = "teams_report"
_MINUTE = 60


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with join and leave time and a role."""
    return synonyms.header(FIELDS, grid.head, ("name", "join", "leave", "role"))


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the table."""
    rows = tuple(connection(job, columns, row) for row in job.rows_below(columns.header))
    return AttendanceFile(job.facts_with(columns, notes=duration_notes(rows)), rows)


def connection(job: Job, columns: Columns, row: Row) -> ReportedConnection:
    """Read a row of a table of connections, of this report or of a later one."""

    def cell(field: str) -> str:
        return columns.cell(row, field)

    join, leave = job.stamps.ends(cell("join"), cell("leave"), row.line)
    return ReportedConnection(
        name=name_of(cell("name")),
        email=email_of(cell("email")),
        join=join,
        leave=leave,
        line=row.line,
        dated=job.stamps.dated(cell("join")),
        resolution=job.stamps.resolution_of(cell("join")),
        reported_seconds=duration_of(cell("duration")),
        role=cell("role"),
        account=email_of(cell("upn")),
    )


def duration_notes(rows: tuple[ReportedConnection, ...]) -> tuple[str, ...]:
    """Return a note on rows whose Duration contradicts their times."""
    lines = [each.line for each in rows if _contradicts(each)]
    if not lines:
        return ()
    shown = ", ".join(map(str, lines[:5])) + (", ..." if len(lines) > 5 else "")  # noqa: PLR2004
    note = f"Duration contradicts the times in lines {shown}: the times count; the file may have "
    return (f"{note}been changed after export",)


def _contradicts(row: ReportedConnection) -> bool:
    if row.join is None or row.leave is None or row.reported_seconds is None:
        return False
    # Teams drops the seconds of a length of an hour and more.
    seconds = (row.leave - row.join).total_seconds()
    return abs(seconds - row.reported_seconds) > _MINUTE


REPORT_2021 = Format("teams_report_2021", find, read)
