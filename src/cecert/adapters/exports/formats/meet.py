"""Google Meet: one row a person, with first and last time and the time in the call.

Gaps cannot be seen, so the times prove nobody's presence (docs/spec/attendance.md 10.3). Sheets
that a browser extension collects are snapshots of names and prove nothing (docs/spec/inputs.md 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import duration_of, email_of, full_name, name_of, whole_number
from cecert.adapters.tables.dates import parse_stamp
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, Occurrence, ReportedConnection, RowKind

__all__ = ["MEET", "SNAPSHOTS"]

NAME = "google_meet"
UNDATED = "its times have no date"
UNDATED_ADVICE = "export the report with its meeting lines, or add the date to the times"
NO_GAPS = (
    "Google Meet tells a person's first and last time and no gap between them, so it proves "
    "nobody's attendance: give every join and leave, as in Google's audit log, through a mapping "
    "file of kind attendance, or a sign-in sheet with cecert override segment"
)
SNAPSHOTS_REFUSAL = "snapshots show who was seen at moments, not from when to when"
SNAPSHOTS_ADVICE = (
    "give every join and leave, as in Google's audit log, through a mapping file of kind "
    "attendance, or a sign-in sheet with cecert override segment"
)
_LINK = re.compile(r"https?://meet\.google\.com/\S*")
_MINUTE = 60


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with the times joined and exited and a name."""
    for name in ("name", "first_name", "last_name"):
        if found := synonyms.header(NAME, grid.head, (name, "join", "leave"), ("role",)):
            return found
    return None


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read one row a person, whose first and last time prove no presence."""
    meeting = _meeting(job, columns.header)
    day = None if meeting is None or meeting.start is None else meeting.start.date()
    rows = tuple(_person(job, columns, row, day) for row in job.rows_below(columns.header))
    undated = any(not each.dated for each in rows)
    zone = "UTC" if job.stamps.offsets == {timedelta()} else None
    return AttendanceFile(
        job.facts_with(columns, zone=zone, notes=(NO_GAPS,)),
        rows,
        () if meeting is None else (meeting,),
        UNDATED if undated else "",
        UNDATED_ADVICE if undated else "",
    )


def _person(job: Job, columns: Columns, row: Row, day: date | None) -> ReportedConnection:
    def cell(field: str) -> str:
        return columns.cell(row, field)

    join, leave = job.stamps.ends(cell("join"), cell("leave"), row.line)
    dated = job.stamps.dated(cell("join"))
    if not dated:
        join, leave = _on(day, join), _on(day, leave)
    full = full_name(cell("first_name"), cell("last_name"))
    return ReportedConnection(
        name=name_of(cell("name")) or full,
        email=email_of(cell("email")),
        join=join,
        leave=leave,
        line=row.line,
        kind=RowKind.ENVELOPE,
        further_names=(full,) if full else (),
        resolution=job.stamps.resolution_of(cell("join")),
        reported_seconds=_time_in_call(cell("duration")),
        dated=dated or day is not None,
    )


def _on(day: date | None, moment: datetime | None) -> datetime | None:
    if day is None or moment is None:
        return moment
    # A time after midnight is already on the day after the first.
    return datetime.combine(day + (moment.date() - date.min), moment.time(), moment.tzinfo)


def _time_in_call(cell: str) -> int | None:
    minutes = whole_number(cell)
    return duration_of(cell) if minutes is None else minutes * _MINUTE


def _meeting(job: Job, header: Row) -> Occurrence | None:
    above = [row for row in job.grid.head if row.line < header.line and not row.is_blank]
    if found := job.synonyms.header("google_meet_block", above, ("date",)):
        for row in above:
            if row.line > found.header.line:
                return _occurrence(job, found, row)
    return next(_titled(job, above), None)


def _occurrence(job: Job, columns: Columns, row: Row) -> Occurrence:
    start = job.stamps.read(columns.cell(row, "date"), row.line, "date")
    clock = job.stamps.read(columns.cell(row, "start"), row.line, "start time")
    end = job.stamps.read(columns.cell(row, "end"), row.line, "end time")
    day = None if start is None else start.date()
    found = Occurrence(start=start, topic=columns.cell(row, "title"), line=row.line)
    return replace(found, start=_on(day, clock) or start, end=_on(day, end))


def _titled(job: Job, rows: list[Row]) -> Iterator[Occurrence]:
    """Yield a meeting whose date stands beside its label: `Date`, `2026-06-10`."""
    for row in rows:
        label, text = row.cell(0), row.cell(1)
        stamp = parse_stamp(text)
        named = job.synonyms.field("google_meet_block", label.rstrip(":")) in {"date", "start"}
        if named and stamp is not None and stamp.figures is not None:
            yield Occurrence(start=job.stamps.read(text, row.line, "date"), line=row.line)


def find_snapshots(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the row of instants, where the row below holds links of the meeting."""
    rows = [row for row in grid.head if not row.is_blank][:2]
    if len(rows) < 2:  # noqa: PLR2004 - instants and links
        return None
    instants, links = rows
    cells = [each.strip() for each in links.cells if each.strip()]
    if not cells or not all(map(_LINK.fullmatch, cells)):
        return None
    return synonyms.columns(NAME, instants) if parse_stamp(instants.cell(0)) else None


def read_snapshots(job: Job, columns: Columns) -> AttendanceFile:
    """Read who was seen in which snapshot."""
    line = columns.header.line
    moments = [job.stamps.read(each.strip(), line, "") for each in columns.header.cells]
    seen: dict[str, list[int]] = {}
    lines: dict[str, int] = {}
    for row in list(job.rows_below(columns.header))[1:]:
        for place, cell in enumerate(row.cells):
            if name := name_of(cell):
                seen.setdefault(name, []).append(place)
                lines.setdefault(name, row.line)
    rows = tuple(
        ReportedConnection(name=name, line=lines[name], kind=RowKind.SNAPSHOT, seen=tuple(places))
        for name, places in seen.items()
    )
    meetings = tuple(Occurrence(start=each, line=line) for each in moments if each is not None)
    return AttendanceFile(
        job.facts_with(columns), rows, meetings, SNAPSHOTS_REFUSAL, SNAPSHOTS_ADVICE
    )


MEET = Format(NAME, find, read)
SNAPSHOTS = Format(NAME, find_snapshots, read_snapshots)
