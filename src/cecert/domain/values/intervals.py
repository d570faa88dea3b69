"""Sets of instants, as half-open intervals that do not touch.

Everything is UTC and whole seconds: two datetimes of one zone subtract as wall clocks
in Python, which is wrong across a clock change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

__all__ = ["Interval", "Span"]


DAY = 86_400
"""Seconds of a day; UTC has no leap seconds here."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The instants from *start* up to, not including, *end*; UTC, whole seconds, never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError(f"interval {self.start} to {self.end} is not in UTC")
        if self.start.microsecond or self.end.microsecond:
            raise ValueError(f"interval {self.start} to {self.end} is not in whole seconds")
        if self.end <= self.start:
            raise ValueError(f"interval ends {self.end}, not after its start {self.start}")

    @property
    def seconds(self) -> int:
        """The interval's length in seconds."""
        length = self.end - self.start
        return length.days * DAY + length.seconds


@dataclass(frozen=True, slots=True)
class Span:
    """A set of instants: intervals in order, none touching the next.

    Two spans are equal exactly when they hold the same instants.
    """

    intervals: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        for before, after in pairwise(self.intervals):
            if after.start <= before.end:
                raise ValueError(f"{before} and {after} touch or are out of order")

    @classmethod
    def union(cls, intervals: Iterable[Interval]) -> Span:
        """Return all instants of *intervals*, which may overlap and come in any order."""
        merged: list[Interval] = []
        for each in sorted(intervals):
            if merged and each.start <= merged[-1].end:
                merged[-1] = Interval(merged[-1].start, max(merged[-1].end, each.end))
            else:
                merged.append(each)
        return cls(tuple(merged))

    @classmethod
    def between(cls, start: datetime, end: datetime) -> Span:
        """Return the instants from *start* up to *end*, both aware; none if *end* is not later."""
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        return cls((Interval(first, last),)) if first < last else cls()

    @property
    def seconds(self) -> int:
        """The length of all its intervals, in seconds."""
        return sum([each.seconds for each in self.intervals])

    @property
    def start(self) -> datetime:
        """The first instant of the span.

        Raises:
            IndexError: If it is empty.
        """
        return self.intervals[0].start

    @property
    def end(self) -> datetime:
        """The instant after the last of the span.

        Raises:
            IndexError: If it is empty.
        """
        return self.intervals[-1].end

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __or__(self, other: Span) -> Span:
        return Span.union((*self.intervals, *other.intervals))

    def __and__(self, other: Span) -> Span:
        shared: list[Interval] = []
        mine, others = iter(self.intervals), iter(other.intervals)
        one, another = next(mine, None), next(others, None)
        while one is not None and another is not None:
            start, end = max(one.start, another.start), min(one.end, another.end)
            if start < end:
                shared.append(Interval(start, end))
            if one.end < another.end:
                one = next(mine, None)
            else:
                another = next(others, None)
        return Span(tuple(shared))

    def __sub__(self, other: Span) -> Span:
        if not self:
            return self
        return self & other.complement(Interval(self.start, self.end))

    def complement(self, within: Interval) -> Span:
        """Return the instants of *within* that are not in this span."""
        edge, holes = within.start, []
        for each in self.intervals:
            if edge < each.start and edge < within.end:
                holes.append(Interval(edge, min(each.start, within.end)))
            edge = max(edge, each.end)
        if edge < within.end:
            holes.append(Interval(edge, within.end))
        return Span(tuple(holes))

    def shifted(self, by: timedelta) -> Span:
        """Return the same span *by* later."""
        return Span(tuple(Interval(each.start + by, each.end + by) for each in self.intervals))
