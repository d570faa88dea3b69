"""From a report's rows to connections at instants: zone, date order, clock changes, midnight.

A reader leaves a stamp as the file writes it. Here it becomes an instant: in the zone
the file states, else the operator's, else the course's, and never the machine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sys import intern
from zoneinfo import ZoneInfo

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.export import (
    AttendanceFile,
    FileFacts,
    ReportedConnection,
    RowKind,
)
from cecert.domain.evidence.local_times import agrees, instants, likely_ends
from cecert.domain.evidence.matching import Connection
from cecert.errors import Fault

__all__ = ["NO_DATE", "Keep", "Timing", "connections", "tells_sessions"]

DAY = timedelta(days=1)

LONGEST = timedelta(hours=12)
"""How far before a leave a join may lie that the report does not tell."""

NO_DATE = "has a time without a date, and the course has several days"
"""What is wrong with a stamp of which nothing tells the day."""

# No set: a member of an Enum is hashed by its name, again and again.
_EVIDENCE = (RowKind.PRESENCE, RowKind.WAITING_ROOM, RowKind.ENVELOPE)


@dataclass(frozen=True, slots=True)
class Timing:
    """How the stamps of one file are read.

    Attributes:
        zone: Which a stamp without one is local to.
        day: The day of stamps that have no date; None where it cannot be told.
    """

    zone: ZoneInfo
    day: date | None = None


Keep = Callable[[Iterable[Connection]], Sequence[Connection]]
"""Returns connections in their order, as they are kept; `tuple` keeps them in memory."""


def connections(
    file: AttendanceFile, timing: Timing, keep: Keep = tuple
) -> tuple[Sequence[Connection], tuple[Fault, ...]]:
    """Return the rows that are evidence as connections, and every row that cannot be one.

    Args:
        file: A report.
        timing: How its stamps are read.
        keep: Keeps the connections.
    """
    faults: list[Fault] = []

    def found() -> Iterator[Connection]:
        for row in file.connections:
            if _is_evidence(row):
                try:
                    yield _connection(row, file.facts, timing)
                except ValueError as error:
                    place = f"{file.facts.name}: line {row.line}"
                    faults.append(Fault(place, row.name, str(error)))

    kept = keep(found())
    return kept, tuple(faults)  # which are known when all of them are kept


def tells_sessions(file: AttendanceFile) -> bool:
    """Say whether rows that are evidence say of which session they are."""
    return any(row.session and _is_evidence(row) for row in file.connections)


def _is_evidence(row: ReportedConnection) -> bool:
    return row.kind in _EVIDENCE and (row.join is not None or row.leave is not None)


def _connection(row: ReportedConnection, facts: FileFacts, timing: Timing) -> Connection:
    stay = _stay(row, facts.name, timing, intern(row.name))
    return Connection(
        shown_name=stay.shown_name,
        email=intern(row.email),
        platform_id=row.platform_id,
        stay=stay,
        sha256=facts.sha256,
        role=row.role,
        account=row.account,
        registrant_id=row.registrant_id,
        further_emails=row.further_emails,
        possible_emails=row.possible_emails,
        further_names=row.further_names,
        licenses=row.licenses,
    )


def _stay(row: ReportedConnection, file: str, timing: Timing, shown_name: str) -> Stay:
    leaves = _instants(row.leave, row, timing)
    joins = _instants(row.join, row, timing) or [each - LONGEST for each in leaves]
    if joins and leaves and max(leaves) < min(joins):
        leaves = [each + DAY for each in leaves] if _rolled_over(row, joins, leaves) else []
        if not leaves:
            raise ValueError("leaves before it joins")
    if leaves:
        joined, left = likely_ends(row, joins, leaves)
    else:
        joined, left = (min(joins), max(joins)), None
    if row.resolution > 1:
        slack = timedelta(seconds=row.resolution - 1)
        joined = (joined[0], joined[1] + slack)
        left = None if left is None else (left[0], left[1] + slack)
    if row.kind is RowKind.ENVELOPE or row.join is None:  # an upper bound, certain for no second
        joined = (joined[0], joined[1] if left is None else left[1])
    waiting = row.kind is RowKind.WAITING_ROOM
    return Stay(
        joined,
        left,
        waiting=waiting,
        file=file,
        line=row.line,
        shown_name=shown_name,
        gaps_shown=row.shows_gaps,
        within=(row.session,) if row.session else (),
    )


def _instants(
    stamp: datetime | None, row: ReportedConnection, timing: Timing
) -> Sequence[datetime]:
    """Return the instants that a stamp may mean: two in the hour that the clock repeats."""
    if stamp is None:
        return ()
    local = stamp.replace(microsecond=0) if stamp.microsecond else stamp
    if not row.dated and stamp.tzinfo is None:
        if timing.day is None:
            raise ValueError(NO_DATE)
        local = datetime.combine(timing.day, local.time())
    found = instants(local, timing.zone)
    if not found:
        raise ValueError(
            f"is at {local:%Y-%m-%d %H:%M:%S}, which does not exist in {timing.zone.key}: "
            "the clock was put forward"
        )
    return found


def _rolled_over(
    row: ReportedConnection, joins: Sequence[datetime], leaves: Sequence[datetime]
) -> bool:
    """Say whether the leave is of the next day: the report has no date, or its length says so."""
    if row.reported_seconds is not None:
        return agrees(row, joins[0], leaves[0] + DAY)
    return not row.dated and leaves[0] + DAY - joins[0] < LONGEST
