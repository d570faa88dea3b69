"""Zoom's list of meetings: when a recurring meeting was started, and never who was there."""

from __future__ import annotations

from cecert.adapters.evidence.formats import Format, Job
from cecert.adapters.evidence.grids import Grid
from cecert.adapters.evidence.headers import Columns, Synonyms
from cecert.adapters.evidence.zoom_participants import find_connections, meeting
from cecert.domain.evidence.export import AttendanceFile

__all__ = ["USAGE"]

REFUSAL = "it lists meetings, not the people in them"
ADVICE = "in Zoom's usage report, follow the number of participants and export that list"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with creation time, start time and participants, and no connections."""
    if find_connections(grid, synonyms) is not None:
        return None
    return synonyms.header("zoom_usage", grid.head, ("creation", "start", "participants"))


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the meetings."""
    meetings = tuple(meeting(job, columns, row) for row in job.rows_below(columns.header))
    return AttendanceFile(job.facts_with(columns), (), meetings, REFUSAL, ADVICE)


USAGE = Format("zoom_usage", find, read)
