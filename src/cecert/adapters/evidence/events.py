"""Connections out of events: who joined, who left, one line each.

A list that was taken during the meeting has no `left` for those still there: such a
connection stays open, and nobody closes it here (INPUT-FORMATS 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cecert.adapters.evidence.stamps import Stamps
from cecert.domain.evidence import ReportedConnection

__all__ = ["Event", "paired"]

LONGEST = timedelta(hours=16)
"""Between joining and leaving one meeting; a later `left` belongs to another."""


@dataclass(frozen=True, slots=True)
class Event:
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


def paired(events: Iterable[Event], stamps: Stamps) -> tuple[ReportedConnection, ...]:
    """Return the connections, in the order of their lines."""
    people: Mapping[str, list[Event]] = defaultdict(list)
    for each in events:
        people[each.who].append(each)
    rows = [row for own in people.values() for row in _pairs(own, stamps)]
    return tuple(sorted(rows, key=lambda each: each.line))


def _pairs(events: list[Event], stamps: Stamps) -> Iterator[ReportedConnection]:
    open_: Event | None = None
    # At one instant the leave of a connection comes before the join of the next.
    for each in sorted(events, key=lambda event: (event.at, event.joined)):
        if each.joined:
            if open_ is not None:
                yield _open(open_)
            open_ = each
        elif open_ is not None and each.at - open_.at <= LONGEST:
            yield replace(open_.row, join=open_.at, leave=each.at)
            open_ = None
        else:
            stamps.fault(each.row.line, "", each.row.name, "left without having joined")
    if open_ is not None:
        yield _open(open_)


def _open(event: Event) -> ReportedConnection:
    return replace(event.row, join=event.at, leave=None)
