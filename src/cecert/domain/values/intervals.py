"""Sets of instants, as half-open intervals that do not touch.

Everything is UTC and whole seconds: two datetimes of one zone subtract as wall clocks
in Python, which is wrong across a clock change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import attrgetter

from cecert.domain.values.quick_making import quickly_made
from cecert.errors import WrongValueError

__all__ = ["Interval", "Span"]


DAY = 86_400
"""Seconds of a day; UTC has no leap seconds here."""


@quickly_made
@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The instants from *start* up to, not including, *end*; UTC, whole seconds, never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        start, end = self.start, self.end
        if start.tzinfo is not UTC or end.tzinfo is not UTC:
            raise WrongValueError(f"interval {start} to {end} is not in UTC")
        if start.microsecond or end.microsecond:
            raise WrongValueError(f"interval {start} to {end} is not in whole seconds")
        if end <= start:
            raise WrongValueError(f"interval ends {end}, not after its start {start}")

    @property
    def seconds(self) -> int:
        """The interval's length in seconds."""
        length = self.end - self.start
        return length.days * DAY + length.seconds


_ends = attrgetter("start", "end")


@quickly_made
@dataclass(frozen=True, slots=True)
class Span:
    """A set of instants: intervals in order, none touching the next.

    Two spans are equal exactly when they hold the same instants.
    """

    intervals: tuple[Interval, ...] = ()
    _seconds: int = field(init=False, repr=False, compare=False, default=-1)

    def __post_init__(self) -> None:
        if len(self.intervals) > 1:
            for before, after in pairwise(self.intervals):
                if after.start <= before.end:
                    raise WrongValueError(f"{before} and {after} touch or are out of order")

    @classmethod
    def union(cls, intervals: Iterable[Interval]) -> Span:
        """Return all instants of *intervals*, which may overlap and come in any order."""
        merged: list[Interval] = []
        for each in sorted(intervals, key=_ends):
            if merged and each.start <= merged[-1].end:
                if each.end > merged[-1].end:
                    merged[-1] = _piece(merged[-1].start, each.end)
            else:
                merged.append(each)
        return _of(merged)

    @classmethod
    def between(cls, start: datetime, end: datetime) -> Span:
        """Return the instants from *start* up to *end*, both aware; none if *end* is not later."""
        first = start if start.tzinfo is UTC else start.astimezone(UTC)
        last = end if end.tzinfo is UTC else end.astimezone(UTC)
        return cls((Interval(first, last),)) if first < last else _NOTHING

    @property
    def seconds(self) -> int:
        """The length of all its intervals, in seconds."""
        # Worked out once: rule, list, evidence and report ask for it.
        if self._seconds < 0:
            _SET(self, "_seconds", sum([each.seconds for each in self.intervals]))
        return self._seconds

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
            first = max(another.start, one.start)
            if one.end < another.end:
                last, before, one = one.end, one, next(mine, None)
            else:
                last, before, another = another.end, another, next(others, None)
            if first < last:
                # Of most one lies within the other: nothing new is made of it.
                shared.append(before if before.start is first else _piece(first, last))
        return _of(shared)

    def __sub__(self, other: Span) -> Span:
        left: list[Interval] = []
        for one in self.intervals:
            edge, last = one.start, one.end
            for each in other.intervals:
                if each.start >= last:
                    break
                if each.end > edge:
                    if each.start > edge:
                        left.append(_piece(edge, each.start))
                    edge = each.end
            if edge < last:
                left.append(one if edge is one.start else _piece(edge, last))
        return _of(left)

    def complement(self, within: Interval) -> Span:
        """Return the instants of *within* that are not in this span."""
        return Span((within,)) - self

    def shifted(self, by: timedelta) -> Span:
        """Return the same span *by* later."""
        return Span(tuple(Interval(each.start + by, each.end + by) for each in self.intervals))


_NOTHING = Span()


# Reports are judged by some hundred of these a person, all made of others that were checked.
def _piece(start: datetime, end: datetime) -> Interval:
    """Return the interval of two ends of others, the first earlier than the second."""
    made = _NEW(Interval)
    _SET(made, "start", start)
    _SET(made, "end", end)
    return made


def _of(intervals: list[Interval]) -> Span:
    """Return the span of intervals in order that do not touch."""
    if not intervals:
        return _NOTHING
    made = _NEW(Span)
    _SET(made, "intervals", tuple(intervals))
    _SET(made, "_seconds", -1)
    return made


_NEW, _SET = object.__new__, object.__setattr__
