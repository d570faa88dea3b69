"""Zoom's REST answers, as saved by a program: participants with UTC times, or without any.

`id` stands for one person; `user_id` is new at every join and is no key. Durations are
in seconds. What the list of past participants answers has no times (INPUT-FORMATS 2.5).
"""

from __future__ import annotations

from cecert.adapters.evidence.cells import email_of, name_of, whole_number
from cecert.adapters.evidence.formats import Format, Job
from cecert.adapters.evidence.grids import Grid, Row
from cecert.adapters.evidence.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, ReportedConnection, RowKind

__all__ = ["API"]

NAME = "zoom_api"
REFUSAL = "it has no join and leave times"
ADVICE = "ask /report/meetings/{uuid}/participants, not /past_meetings/{uuid}/participants"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the keys, where they are those of Zoom's participants."""
    found = synonyms.header(NAME, grid.head[:1], ("name",))
    marks = {"user_id", "email", "join", "registrant_id"}
    return found if found is not None and marks & found.places.keys() else None


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the participants."""
    rows = tuple(_connection(job, columns, row) for row in job.rows_below(columns.header))
    timeless = all(each.kind is RowKind.TOTAL for each in rows)
    return AttendanceFile(
        job.facts_with(columns, zone="UTC"),
        rows,
        refusal=REFUSAL if timeless else "",
        advice=ADVICE if timeless else "",
    )


def _connection(job: Job, columns: Columns, row: Row) -> ReportedConnection:
    def cell(field: str) -> str:
        return columns.cell(row, field)

    join = job.stamps.read(cell("join"), row.line, "join_time")
    waiting = cell("status") == "in_waiting_room"
    kind = RowKind.WAITING_ROOM if waiting else RowKind.PRESENCE
    return ReportedConnection(
        name=name_of(cell("name")),
        email=email_of(cell("email")),
        platform_id=cell("id") or cell("registrant_id"),
        registrant_id=cell("registrant_id"),
        join=join,
        leave=job.stamps.read(cell("leave"), row.line, "leave_time"),
        line=row.line,
        kind=RowKind.TOTAL if join is None else kind,
        reported_seconds=whole_number(cell("seconds")),
        breakout=bool(cell("breakout")),
    )


API = Format(NAME, find, read)
