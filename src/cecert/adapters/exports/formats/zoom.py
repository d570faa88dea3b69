"""Zoom's participants report: one row a connection, or one a person ("unique users").

Duration is rounded up to whole minutes, always, and says nothing that the stamps do not
say better; it is only held against them, because an edited file betrays itself there
(docs/spec/inputs.md 2.1). Waiting rooms have rows of their own where the export has the column.

Zoom's REST answers, as saved by a program: participants with UTC times, or without any.

`id` stands for one person; `user_id` is new at every join and is no key. Durations are
in seconds. What the list of past participants answers has no times (docs/spec/inputs.md 2.5).

Zoom's list of meetings: when a recurring meeting was started, and never who was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import email_of, name_of, whole_number
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, Occurrence, ReportedConnection, RowKind

__all__ = ["API", "PARTICIPANTS", "UNIQUE_USERS", "USAGE"]

NAME = "zoom_participants"
UNIQUE_USERS_REFUSAL = (
    "has one line for each person and no join times, so it cannot prove entire attendance"
)
UNIQUE_USERS_ADVICE = "export the report again without 'Show unique users'"
SHOWN_LINES = 5
_MINUTE = 60


def find_connections(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with join and leave time, and a name or minutes as only Zoom has them."""
    for marks in (("name",), ("plain_name", "duration")):
        if found := synonyms.header(NAME, grid.head, ("join", "leave", *marks), ("upn",)):
            return _own(found, synonyms)
    return None


def _own(columns: Columns, synonyms: Synonyms) -> Columns:
    """Return the participant's columns where each row repeats the meeting's beside them.

    The host's name and address are called as the participant's are. The participant's stand
    between the name and the next column that can only be a meeting's: not before the name,
    where the meeting's came first.
    """
    meeting = [
        place for place, cell in enumerate(columns.header.cells) if _is_a_meetings(synonyms, cell)
    ]
    if "name" in columns and "plain_name" in columns:
        # "User Name" beside "Name (Original Name)": the host's, though all else is switched off.
        meeting.append(columns.places["plain_name"])
    join = columns.places["join"]
    before = max((each for each in meeting if each < join), default=-1)
    after = min((each for each in meeting if each > join), default=len(columns.header.cells))
    block = columns.within(range(before + 1, after))
    name = block.places.get("name", block.places.get("plain_name"))
    if not meeting or name is None or "leave" not in block:
        return columns
    return block if before < 0 else columns.within(range(name, after))


def _is_a_meetings(synonyms: Synonyms, cell: str) -> bool:
    if synonyms.field(NAME, cell):
        return False
    return bool(synonyms.field("zoom_block", cell) or synonyms.field("zoom_usage", cell))


def read_connections(job: Job, columns: Columns) -> AttendanceFile:
    """Read a report of connections."""
    connections, of_host = _without_the_hosts(
        columns,
        tuple(
            _connection(job, columns, row)
            for row in job.rows_below(columns.header)
            if row.cells != columns.header.cells  # two exports, one below the other
        ),
    )
    meetings = _occurrences(job, columns.header)
    notes = (
        *_notes(columns, connections), *_count_note(meetings, connections, columns), *of_host,
    )  # fmt: skip
    return AttendanceFile(job.facts_with(columns, notes=notes), connections, meetings)


def _without_the_hosts(
    columns: Columns, rows: tuple[ReportedConnection, ...]
) -> tuple[tuple[ReportedConnection, ...], tuple[str, ...]]:
    """Take away an address that is not right behind the name, and is the same under all of them.

    Zoom has the participant's right behind the name; elsewhere is the host's, who is one.
    """
    place, name = (columns.places.get(each) for each in ("email", "name"))
    addresses = {each.email.casefold() for each in rows}
    if place is None or name is None or place == name + 1 or addresses == {""}:
        return rows, ()
    if len(addresses) > 1 or len({each.name for each in rows}) == 1:
        return rows, ()
    header = columns.header.cell(place)
    note = f"{header!r} is not beside the name and holds one address under all names: the host's"
    return tuple(replace(each, email="") for each in rows), (note,)


def _connection(job: Job, columns: Columns, row: Row) -> ReportedConnection:
    cells = columns.cells(row)
    name, stamps = name_of(cells["name"] or cells["plain_name"]), job.stamps
    join, leave = stamps.ends(cells["join"], cells["leave"], row.line)
    if "\n" in cells["name"]:
        stamps.fault(row.line, "", name, "has a line break in a name: a quote is open")
    minutes = whole_number(cells["duration"])
    return ReportedConnection(
        name=name,
        email=email_of(cells["email"]),
        platform_id=cells["id"],
        join=join,
        leave=leave,
        line=row.line,
        kind=RowKind.WAITING_ROOM if job.waited(cells["waiting"], row.line) else RowKind.PRESENCE,
        resolution=stamps.resolution_of(cells["join"]),
        dated=stamps.dated(cells["join"]),
        reported_seconds=None if minutes is None else minutes * _MINUTE,
    )


def _notes(columns: Columns, rows: tuple[ReportedConnection, ...]) -> Iterator[str]:
    if "waiting" not in columns:
        yield "no column tells waiting rooms apart: waiting may look like presence"
    if rows and all(each.resolution > 1 for each in rows):
        yield "its times are to the minute, not the second: saved again by a spreadsheet"
    if edited := [each.line for each in rows if _contradicts(each)]:
        shown = ", ".join(map(str, edited[:SHOWN_LINES]))
        more = f" and {len(edited) - SHOWN_LINES} more" if len(edited) > SHOWN_LINES else ""
        yield (
            f"Duration contradicts the times in lines {shown}{more}: the times count; the file "
            "may have been changed after export"
        )


def _contradicts(row: ReportedConnection) -> bool:
    if row.join is None or row.leave is None or row.reported_seconds is None:
        return False
    seconds = (row.leave - row.join).total_seconds()
    return abs(seconds - row.reported_seconds) > _MINUTE + row.resolution - 1


def _count_note(
    meetings: tuple[Occurrence, ...], rows: tuple[ReportedConnection, ...], columns: Columns
) -> Iterator[str]:
    present = sum(each.kind is RowKind.PRESENCE for each in rows)
    for each in meetings:
        if "waiting" in columns and each.participants not in {None, present}:
            yield (
                f"Zoom counted {each.participants} connections, the file has {present}: it may "
                "have been changed after export"
            )


def _occurrences(job: Job, header: Row) -> tuple[Occurrence, ...]:
    return tuple(meeting(job, columns, row) for columns, row in _block(job, header))


def _block(job: Job, header: Row) -> Iterator[tuple[Columns, Row]]:
    """Yield the line of the meeting block above the table, with the block's columns."""
    above = [row for row in job.grid.head if row.line < header.line and not row.is_blank]
    found = job.synonyms.header("zoom_block", above, ("topic", "start"))
    if found is not None:
        yield from ((found, row) for row in above if row.line > found.header.line)


def meeting(job: Job, columns: Columns, row: Row) -> Occurrence:
    """Read the line of a meeting block, or of a list of meetings.

    Args:
        job: The reading of the file.
        columns: Of the line.
        row: The line.
    """
    return replace(
        _counted(columns, row),
        start=_moment(job, columns, row, "start"),
        end=_moment(job, columns, row, "end"),
    )


def _counted(columns: Columns, row: Row) -> Occurrence:
    number = columns.cell(row, "meeting_id")
    return Occurrence(
        meeting_id=number.replace(" ", "").replace("-", ""),
        participants=whole_number(columns.cell(row, "participants")),
        reported_minutes=whole_number(columns.cell(row, "duration")),
        topic=columns.cell(row, "topic"),
        line=row.line,
    )


def _moment(job: Job, columns: Columns, row: Row, field: str) -> datetime | None:
    return job.stamps.read(columns.cell(row, field).strip('"'), row.line, f"{field} time")


def find_totals(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with name and total, and without join time."""
    for name in ("name", "plain_name"):
        if found := synonyms.header(NAME, grid.head, (name, "total"), ("join",)):
            return found
    return None


def read_totals(job: Job, columns: Columns) -> AttendanceFile:
    """Read a report of people, which is a list of names and no more."""
    connections = tuple(_total(columns, row) for row in job.rows_below(columns.header))
    # The meeting's own times decide nothing here, so an ambiguous one is no error.
    meetings = tuple(_counted(block, row) for block, row in _block(job, columns.header))
    return AttendanceFile(
        job.facts_with(columns),
        connections,
        meetings,
        UNIQUE_USERS_REFUSAL,
        UNIQUE_USERS_ADVICE,
    )


def _total(columns: Columns, row: Row) -> ReportedConnection:
    minutes = whole_number(columns.cell(row, "total"))
    return ReportedConnection(
        name=name_of(columns.cell(row, "name") or columns.cell(row, "plain_name")),
        email=email_of(columns.cell(row, "email")),
        line=row.line,
        kind=RowKind.TOTAL,
        reported_seconds=None if minutes is None else minutes * _MINUTE,
    )


PARTICIPANTS = Format(NAME, find_connections, read_connections)
UNIQUE_USERS = Format("zoom_unique_users", find_totals, read_totals)


API_NAME = "zoom_api"
API_REFUSAL = "it has no join and leave times"
API_ADVICE = "ask /report/meetings/{uuid}/participants, not /past_meetings/{uuid}/participants"


def find_answer(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the keys, where they are those of Zoom's participants."""
    found = synonyms.header(API_NAME, grid.head[:1], ("name",))
    marks = {"user_id", "email", "join", "registrant_id"}
    return found if found is not None and marks & found.places.keys() else None


def read_answer(job: Job, columns: Columns) -> AttendanceFile:
    """Read the participants that the answer lists, one connection each."""
    rows = tuple(_answered(job, columns, row) for row in job.rows_below(columns.header))
    timeless = all(each.kind is RowKind.TOTAL for each in rows)
    return AttendanceFile(
        job.facts_with(columns, zone="UTC"),
        rows,
        refusal=API_REFUSAL if timeless else "",
        advice=API_ADVICE if timeless else "",
    )


def _answered(job: Job, columns: Columns, row: Row) -> ReportedConnection:
    cells = columns.cells(row)
    join = job.stamps.read(cells["join"], row.line, "join_time")
    waiting = cells["status"] == "in_waiting_room"
    kind = RowKind.WAITING_ROOM if waiting else RowKind.PRESENCE
    return ReportedConnection(
        name=name_of(cells["name"]),
        email=email_of(cells["email"]),
        platform_id=cells["id"] or cells["registrant_id"],
        registrant_id=cells["registrant_id"],
        join=join,
        leave=job.stamps.read(cells["leave"], row.line, "leave_time"),
        line=row.line,
        kind=RowKind.TOTAL if join is None else kind,
        reported_seconds=whole_number(cells["seconds"]),
        breakout=bool(cells["breakout"]),
    )


API = Format(API_NAME, find_answer, read_answer)


USAGE_REFUSAL = "it lists meetings, not the people in them"
USAGE_ADVICE = "in Zoom's usage report, follow the number of participants and export that list"


def find_usage(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with creation time, start time and participants, and no connections."""
    if find_connections(grid, synonyms) is not None:
        return None
    return synonyms.header("zoom_usage", grid.head, ("creation", "start", "participants"))


def read_usage(job: Job, columns: Columns) -> AttendanceFile:
    """Read the meetings of the list, and no people."""
    meetings = tuple(meeting(job, columns, row) for row in job.rows_below(columns.header))
    return AttendanceFile(job.facts_with(columns), (), meetings, USAGE_REFUSAL, USAGE_ADVICE)


USAGE = Format("zoom_usage", find_usage, read_usage)
