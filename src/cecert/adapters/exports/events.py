"""Connections out of events: who joined, who left, one line each.

A list that was taken during the meeting has no `left` for those still there: such a
connection stays open, and nobody closes it here (docs/spec/inputs.md 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cecert.domain.evidence.export import ReportedConnection

__all__ = ["MeetingEvent", "paired"]

LONGEST = timedelta(hours=16)
"""Between joining and leaving one meeting; a later `left` belongs to another."""


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
