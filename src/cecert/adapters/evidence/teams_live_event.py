"""Microsoft Teams' live event report: events in UTC; who has no `Left` is still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from cecert.adapters.evidence.cells import email_of, name_of
from cecert.adapters.evidence.events import Event, paired
from cecert.adapters.evidence.formats import Format, Job
from cecert.adapters.evidence.grids import Grid
from cecert.adapters.evidence.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, ReportedConnection

__all__ = ["LIVE_EVENT"]

NAME = "teams_live_event"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with participant, UTC time and action."""
    return synonyms.header(NAME, grid.head, ("id", "timestamp", "action"))


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the events."""
    rows = paired(_events(job, columns))
    return AttendanceFile(job.facts_with(columns, zone="UTC"), rows)


def _events(job: Job, columns: Columns) -> Iterator[Event]:
    for row in job.rows_below(columns.header):
        identifier = columns.cell(row, "id")
        at = job.stamps.read(columns.cell(row, "timestamp"), row.line, "time")
        action = job.synonyms.field("teams_list", columns.cell(row, "action"))
        if action not in {"joined", "left"}:
            shown = columns.cell(row, "action")
            job.stamps.fault(row.line, "action", shown, "is neither Joined nor Left")
        elif at is not None:
            found = ReportedConnection(
                name=name_of(columns.cell(row, "name")),
                email=email_of(identifier),
                platform_id="" if email_of(identifier) else identifier,
                line=row.line,
                role=columns.cell(row, "role"),
            )
            session = columns.cell(row, "session")
            instant = at.replace(tzinfo=UTC)
            yield Event(f"{session} {found.key}", action == "joined", instant, found)


LIVE_EVENT = Format(NAME, find, read)
