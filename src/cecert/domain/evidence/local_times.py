"""Local times made instants: which zone, which side of a clock change.

A local hour that a change of clocks repeats is two instants, one that it skips is none.
The platform's own duration chooses between two where it can; where it cannot, both
bounds are kept (docs/spec/attendance.md 1). Everything after this is UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

from cecert.domain.evidence.export import AttendanceFile, FileFacts, ReportedConnection, RowKind
from cecert.errors import Fault, InputError

__all__ = ["Located", "agrees", "bounds", "instants", "likely_ends", "located", "zone_of"]

MOST_FAULTS = 50
"""Rows named in one error."""

SECONDS = 16_384
"""Stamps whose instants are kept: as many as a meeting of four hours has."""

ROUNDING = 60
"""Platforms round a duration to the minute, up or down: it differs by less than this."""

UTC_ZONE = ZoneInfo("UTC")
"""For times without a date: on no day, no zone means anything."""

_PRESENCE = frozenset({RowKind.PRESENCE, RowKind.WAITING_ROOM, RowKind.ENVELOPE})


@dataclass(frozen=True, slots=True)
class Located:
    """A connection with the instants its stamps may mean; UTC.

    Attributes:
        row: As reported.
        joined: Earliest and latest instant of joining, at the stamp's own second.
        left: Likewise; None where nothing says when.
    """

    row: ReportedConnection
    joined: tuple[datetime, datetime]
    left: tuple[datetime, datetime] | None


# Thousands are in a meeting in the same second of it.
@lru_cache(maxsize=SECONDS)
def instants(stamp: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants a stamp means: one, two where the hour is repeated, none where skipped.

    >>> zone = ZoneInfo("America/New_York")
    >>> [len(instants(datetime(2020, *day, 1, 30), zone)) for day in ((10, 22), (11, 1))]
    [1, 2]
    >>> instants(datetime(2020, 3, 8, 2, 30), zone)
    ()
    """
    if stamp.tzinfo is not None:
        return (stamp.astimezone(UTC),)
    early, late = stamp.replace(tzinfo=zone, fold=0), stamp.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return (early.astimezone(UTC),)
    both = [early.astimezone(UTC), late.astimezone(UTC)]
    # Near a change of clocks only an hour that exists comes back from UTC as it went.
    real = [each for each in both if each.astimezone(zone).replace(tzinfo=None) == stamp]
    return tuple(sorted(set(real)))


def located(file: AttendanceFile, zone: ZoneInfo) -> tuple[Located, ...]:
    """Return the rows that have a join time, in the file's order.

    Args:
        file: The report.
        zone: What its local times mean: the operator's or the course's. A zone that the
            file itself states wins.

    Raises:
        InputError: If an hour does not exist, or somebody left before joining; every such
            row is named.
    """
    zone = zone_of(file.facts, zone)
    faults: list[Fault] = []
    rows = []
    for row in file.connections:
        if row.join is None or row.kind not in _PRESENCE:
            continue
        try:
            rows.append(_located(row, row.join, zone if row.dated else UTC_ZONE))
        except ValueError as error:
            place = f"{file.facts.name}: line {row.line}"
            faults.append(Fault(place, row.name, str(error)))
    if faults:
        raise InputError(
            f"{file.facts.name} has {len(faults)} impossible times in zone {zone.key}",
            tuple(faults[:MOST_FAULTS]),
            hint="check --timezone; a report saved again by another program may be damaged",
        )
    return tuple(rows)


def zone_of(facts: FileFacts, zone: ZoneInfo) -> ZoneInfo:
    """Return the zone of a file's local times: its own where it states one, else *zone*."""
    stated = facts.zone or ""
    return ZoneInfo(stated) if "/" in stated or stated == "UTC" else zone


def _located(row: ReportedConnection, join: datetime, zone: ZoneInfo) -> Located:
    joins = _existing(join, zone)
    if row.leave is None:
        return Located(row, (joins[0], joins[-1]), None)
    leaves = _existing(row.leave, zone)
    if not any(start <= end for start, end in product(joins, leaves)):
        raise ValueError(f"left {row.leave} before joining {join}")
    return Located(row, *likely_ends(row, joins, leaves))


def likely_ends(
    row: ReportedConnection, joins: Sequence[datetime], leaves: Sequence[datetime]
) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """Return earliest and latest join, earliest and latest leave, as far as the length tells.

    In an hour that the clock repeats, the platform's own length chooses; where it
    does not, both bounds are kept.

    Args:
        row: As reported.
        joins: Instants that its join may mean.
        leaves: Likewise of its leave; one of them is not before one of *joins*.
    """
    if len(joins) == len(leaves) == 1:
        return bounds(joins[0]), bounds(leaves[0])
    pairs = [(start, end) for start, end in product(joins, leaves) if start <= end]
    chosen = [each for each in pairs if agrees(row, *each)] or pairs
    starts, ends = [start for start, _ in chosen], [end for _, end in chosen]
    return (min(starts), max(starts)), (min(ends), max(ends))


@lru_cache(maxsize=SECONDS)
def bounds(instant: datetime) -> tuple[datetime, datetime]:
    """Return an instant that is known as the earliest and the latest that it may be."""
    return instant, instant


def _existing(stamp: datetime, zone: ZoneInfo) -> Sequence[datetime]:
    if found := instants(stamp, zone):
        return found
    raise ValueError(f"{stamp} does not exist in {zone.key}: the clocks were put forward")


def agrees(row: ReportedConnection, start: datetime, end: datetime) -> bool:
    """Say whether the platform's own length of a connection is that from *start* to *end*.

    Args:
        row: The connection as reported; without a length nothing agrees with it.
        start: When it may have been joined, aware.
        end: When it may have been left, aware.
    """
    if row.reported_seconds is None:
        return False
    slack = ROUNDING + row.resolution - 1
    return abs((end - start).total_seconds() - row.reported_seconds) <= slack
