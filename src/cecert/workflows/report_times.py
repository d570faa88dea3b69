"""From a report's rows to connections at instants: zone, date order, clock changes, midnight.

A reader leaves a stamp as the file writes it. Here it becomes an instant: in the zone
the file states, else the operator's, else the course's, and never the machine's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cecert.domain.attendance import Stay
from cecert.domain.evidence import AttendanceFile, ReportedConnection, RowKind
from cecert.domain.matching import Connection
from cecert.errors import Fault

__all__ = ["Timing", "connections"]

DAY = timedelta(days=1)

LONGEST = timedelta(hours=12)
"""How far before a leave a join may lie that the report does not tell."""

_EVIDENCE = frozenset({RowKind.PRESENCE, RowKind.WAITING_ROOM, RowKind.ENVELOPE})


@dataclass(frozen=True, slots=True)
class Timing:
    """How the stamps of one file are read.

    Attributes:
        zone: Which a stamp without one is local to.
        day: The day of stamps that have no date; None where it cannot be told.
    """

    zone: ZoneInfo
    day: date | None = None


def connections(
    file: AttendanceFile, timing: Timing
) -> tuple[tuple[Connection, ...], tuple[Fault, ...]]:
    """Return the rows that are evidence as connections, and every row that cannot be one."""
    found: list[Connection] = []
    faults: list[Fault] = []
    for row in file.connections:
        if row.kind not in _EVIDENCE or (row.join is None and row.leave is None):
            continue
        try:
            stay = _stay(row, file.facts.name, timing)
        except ValueError as error:
            faults.append(Fault(f"{file.facts.name}: line {row.line}", row.name, str(error)))
            continue
        found.append(
            Connection(row.name, row.email, row.platform_id, stay, file.facts.sha256, row.role)
        )
    return tuple(found), tuple(faults)


def _stay(row: ReportedConnection, file: str, timing: Timing) -> Stay:
    slack = timedelta(seconds=row.resolution - 1)
    leaves = _instants(row.leave, row, timing)
    joins = _instants(row.join, row, timing) or [each - LONGEST for each in leaves]
    if joins and leaves and max(leaves) < min(joins):
        leaves = [each + DAY for each in leaves] if _rolled_over(row, joins, leaves) else []
        if not leaves:
            raise ValueError("leaves before it joins")
    joins, leaves = _by_duration(row, joins, leaves)
    joined, left = (min(joins), max(joins) + slack), None
    if row.kind is RowKind.ENVELOPE or row.join is None:  # an upper bound, certain for no second
        joined = (min(joins), max([*leaves, *joins]) + slack)
    if leaves:
        left = (min(leaves), max(leaves) + slack)
    waiting = row.kind is RowKind.WAITING_ROOM
    return Stay(
        joined,
        left,
        waiting=waiting,
        file=file,
        line=row.line,
        shown_name=row.name,
        gaps_shown=row.shows_gaps,
    )


def _instants(stamp: datetime | None, row: ReportedConnection, timing: Timing) -> list[datetime]:
    """Return the instants that a stamp may mean: two in the hour that the clock repeats."""
    if stamp is None:
        return []
    if stamp.tzinfo is not None:
        return [stamp.astimezone(UTC).replace(microsecond=0)]
    if not row.dated:
        if timing.day is None:
            raise ValueError("has a time without a date, and the course has several days")
        stamp = datetime.combine(timing.day, stamp.time())
    local = stamp.replace(microsecond=0)
    found = {local.replace(tzinfo=timing.zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    real = [each for each in found if each.astimezone(timing.zone).replace(tzinfo=None) == local]
    if not real:
        raise ValueError(
            f"is at {local:%Y-%m-%d %H:%M:%S}, which does not exist in {timing.zone.key}: "
            "the clock was put forward"
        )
    return sorted(real)


def _rolled_over(
    row: ReportedConnection, joins: Sequence[datetime], leaves: Sequence[datetime]
) -> bool:
    """Say whether the leave is of the next day: the report has no date, or its length says so."""
    length = (leaves[0] + DAY - joins[0]).total_seconds()
    if row.reported_seconds is not None:
        return abs(length - row.reported_seconds) <= ROUNDING
    return not row.dated and length < LONGEST.total_seconds()


ROUNDING = 120
"""Seconds by which a platform's own length may differ from its stamps: it rounds up."""


def _by_duration(
    row: ReportedConnection, joins: list[datetime], leaves: list[datetime]
) -> tuple[list[datetime], list[datetime]]:
    """In the hour that the clock repeats, keep the ends that fit the platform's own length."""
    if row.reported_seconds is None or len(joins) * len(leaves) < 2:  # noqa: PLR2004 - nothing to choose
        return joins, leaves
    pairs = list(_fitting(row.reported_seconds, joins, leaves))
    if len(pairs) != 1:
        return joins, leaves
    join, leave = pairs[0]
    return [join], [leave]


def _fitting(
    seconds: int, joins: Sequence[datetime], leaves: Sequence[datetime]
) -> Iterator[tuple[datetime, datetime]]:
    for join in joins:
        for leave in leaves:
            if abs((leave - join).total_seconds() - seconds) <= ROUNDING:
                yield join, leave
