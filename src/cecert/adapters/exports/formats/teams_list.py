"""Microsoft Teams' attendance list of 2020: name, action, time, downloaded during the meeting.

`Joined before` carries the join time of whoever took the list: that person was there
at that moment, since when is not told. Nothing says when the meeting ended.

Microsoft Teams' live event report: events in UTC; who has no `Left` is still open.

Both tell who joined and who left, one line each. A list that was taken during the meeting
has no `left` for those still there: such a connection stays open, and nobody closes it here
(docs/spec/inputs.md 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import email_of, name_of
from cecert.adapters.tables.dates import parse_stamp
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, ReportedConnection

__all__ = ["LIST", "LIVE_EVENT"]

NAME = "teams_list"
LONGEST = timedelta(hours=16)
"""Between joining and leaving one meeting; a later `left` belongs to another."""

ACTIONS = ("joined", "joined_before", "left")
_BEFORE = (
    "'Joined before' carries the join time of whoever took the list: a lower bound of presence"
)
_UNBEGUN = "{count} connections have an end and no beginning"
_OPEN = "the list was taken during the meeting: {count} connections have no end"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with name, action and timestamp, or a made one where there is none."""
    if found := synonyms.header(NAME, grid.head, ("name", "action", "timestamp")):
        return found
    first = next((row for row in grid.head if not row.is_blank), None)
    if first is None or synonyms.field(NAME, first.cell(1)) not in ACTIONS:
        return None
    if parse_stamp(first.cell(2)) is None:
        return None
    nothing = Row(first.line - 1, ())
    return Columns(nothing, {"name": 0, "action": 1, "timestamp": 2})


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the list of 2020: who joined and left, action by action."""
    before: list[int] = []
    rows = paired(_events(job, columns, before))
    notes = [_BEFORE] if before else []
    if count := sum(each.leave is None for each in rows):
        notes.append(_OPEN.format(count=count))
    if count := sum(each.join is None for each in rows):
        notes.append(_UNBEGUN.format(count=count))
    return AttendanceFile(job.facts_with(columns, notes=tuple(notes)), rows)


def _events(job: Job, columns: Columns, before: list[int]) -> Iterator[MeetingEvent]:
    for row in job.rows_below(columns.header):
        action = job.synonyms.field(NAME, columns.cell(row, "action"))
        name = name_of(columns.cell(row, "name"))
        text = columns.cell(row, "timestamp")
        at: datetime | None = job.stamps.read(text, row.line, "timestamp")
        if action not in ACTIONS:
            shown = columns.cell(row, "action")
            job.stamps.fault(row.line, "action", shown, "is neither joining nor leaving")
            continue
        if action == "joined_before":
            before.append(row.line)
        if at is not None:
            resolution = job.stamps.resolution_of(text)
            found = ReportedConnection(name=name, line=row.line, resolution=resolution)
            yield MeetingEvent(found.key, action != "left", at, found)


LIST = Format(NAME, find, read)


LIVE_EVENT_NAME = "teams_live_event"


def find_live_event(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with participant, UTC time and action."""
    return synonyms.header(LIVE_EVENT_NAME, grid.head, ("id", "timestamp", "action"))


def read_live_event(job: Job, columns: Columns) -> AttendanceFile:
    """Read the report of a live event, whose times are UTC."""
    rows = paired(_live_events(job, columns))
    return AttendanceFile(job.facts_with(columns, zone="UTC"), rows)


def _live_events(job: Job, columns: Columns) -> Iterator[MeetingEvent]:
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
            yield MeetingEvent(f"{session} {found.key}", action == "joined", instant, found)


LIVE_EVENT = Format(LIVE_EVENT_NAME, find_live_event, read_live_event)


# Connections out of events


@dataclass(frozen=True, slots=True)
class MeetingEvent:
    """Somebody joined or left.

    Attributes:
        who: What tells people, or their devices, apart in this list.
        joined: Joined, else left.
        at: When.
        row: The connection as far as this line tells it, without join and leave.
    """

    who: str
    joined: bool
    at: datetime
    row: ReportedConnection


def paired(events: Iterable[MeetingEvent]) -> tuple[ReportedConnection, ...]:
    """Return the connections, in the order of their lines.

    A leave ends the latest connection that is open: where a first device's leave was
    lost, the certain time is then the shorter one. A leave without a join is a
    connection of which only the end is known.
    """
    people: Mapping[str, list[MeetingEvent]] = defaultdict(list)
    for each in events:
        people[each.who].append(each)
    rows = [row for own in people.values() for row in _pairs(own)]
    return tuple(sorted(rows, key=lambda each: each.line))


def _pairs(events: list[MeetingEvent]) -> Iterator[ReportedConnection]:
    open_: list[MeetingEvent] = []
    # At one instant the leave of a connection comes before the join of the next.
    for each in sorted(events, key=lambda event: (event.at, event.joined)):
        if each.joined:
            open_.append(each)
        elif open_ and each.at - open_[-1].at <= LONGEST:
            begun = open_.pop()
            yield replace(begun.row, join=begun.at, leave=each.at)
        else:
            yield replace(each.row, leave=each.at)
    yield from (replace(each.row, join=each.at) for each in open_)
