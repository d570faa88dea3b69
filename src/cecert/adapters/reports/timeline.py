"""The drawing of one person's presence in one session: shapes, and the same in words.

Horizontal places are per cent of the panel, vertical ones pixels, so that the text keeps
its size at any width. Every session of a course is drawn on one scale of the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from cecert.domain.course.session import Session
from cecert.domain.evidence.attendance import (
    Absence,
    AbsenceKind,
    AttendanceStatus,
    Stay,
    is_jitter,
)
from cecert.domain.evidence.explanation import quoted
from cecert.domain.evidence.overrides import OverrideKind, Ruling
from cecert.domain.values.durations import exact, spoken
from cecert.domain.values.intervals import Interval, Span
from cecert.domain.values.wording import MONTHS, spoken_clock

__all__ = ["Axis", "Scale", "Shape", "Tick", "axis_of", "described", "ground_of", "shapes_of"]

MARGIN = timedelta(minutes=15)
CROWDED = timedelta(minutes=30)
SHOWN_FROM = 60
"""Seconds of an absence that gets words; a shorter one is drawn as a gap alone."""

LABEL_WIDTH = 22.0
"""Per cent of a panel that a label takes, for keeping it inside."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis.

    Attributes:
        x: Where, per cent.
        label: "" for none.
        hour: It is a full hour.
        crowded: On a narrow screen its label would touch the session's end's.
    """

    x: float
    label: str
    hour: bool = False
    crowded: bool = False


_SECONDS = 16_384
"""Places that are kept: as many as a meeting of four hours has seconds."""


class Scale:
    """Where the instants of one session are on the axis.

    Attributes:
        x: Returns the place of an instant, cut off at the panel's edges.
    """

    def __init__(self, began: datetime, before: int, seconds: int) -> None:
        """Know the axis by a session of it.

        Args:
            began: The session's start.
            before: Seconds of the axis before it.
            seconds: Seconds of the whole axis.
        """
        self._began = began
        self._before = before
        self._seconds = seconds
        # Thousands come and go in the same second of a meeting.
        self.x = lru_cache(maxsize=_SECONDS)(self._x)

    def _x(self, instant: datetime) -> float:
        """Return the place of an instant, cut off at the panel's edges."""
        share = (self._before + (instant - self._began).total_seconds()) / self._seconds
        if share < 0:
            return 0.0
        return round(share * 100, 3) if share < 1 else 100.0

    def bar(self, kind: str, each: Interval) -> Shape:
        """Return the shape of an interval."""
        left = self.x(each.start)
        return Shape(kind, left, round(self.x(each.end) - left, 3))


@dataclass(frozen=True, slots=True)
class Axis:
    """The scale that all panels of a report share: seconds of the day at its two ends."""

    start: int
    end: int

    def scale(self, session: Session) -> Scale:
        """Return where the instants of a session are."""
        # From the session's own start, so that a clock change moves nothing.
        return Scale(
            session.began, _seconds_of_day(session.start) - self.start, self.end - self.start
        )

    def ticks(self, session: Session) -> Iterator[Tick]:
        """Return hours with labels, half hours without, and the session's end."""
        last, scale = session.ended, self.scale(session)
        instant = session.start.replace(minute=0, second=0)
        half = ""
        while (utc := instant.astimezone(UTC)) <= last:
            if utc >= session.began - MARGIN:
                hour = instant.minute == 0
                now = "a.m." if instant.hour < 12 else "p.m."  # noqa: PLR2004 - noon
                # "p.m." at the first hour and at noon: at every hour the labels would touch.
                told = f"{instant.hour % 12 or 12}" + (f" {now}" if now != half else "")
                crowded = bool(session.end.minute) and last - utc < CROWDED
                yield Tick(scale.x(utc), told if hour else "", hour, crowded)
                half = now if hour else half
            instant += timedelta(minutes=30)
        if session.end.minute:
            yield Tick(scale.x(last), f"{session.end.hour % 12 or 12}:{session.end:%M}")


def _seconds_of_day(instant: datetime) -> int:
    return (instant.hour * 60 + instant.minute) * 60 + instant.second


def axis_of(sessions: Sequence[Session]) -> Axis:
    """Return the scale from 15 minutes before the earliest start to 15 after the latest end.

    Without any session nothing is drawn on it.
    """
    if not sessions:
        return Axis(0, int(timedelta(days=1).total_seconds()))
    margin = int(MARGIN.total_seconds())
    starts, ends = [], []
    for each in sessions:
        starts.append(_seconds_of_day(each.start))
        length = each.ended - each.began
        ends.append(starts[-1] + int(length.total_seconds()))
    return Axis(min(starts) - margin, max(ends) + margin)


class Shape(NamedTuple):
    """One shape of the drawing.

    Attributes:
        kind: `track`, `hour`, `break`, `counted`, `outside`, `over`, `allowed`, `jitter`,
            `possible`, `open`, `waiting`, `ring`, `window` or `label`.
        x: Left edge, per cent.
        width: Per cent, 0 for a line or a point.
        text: Of a label.
        tone: Of a label: `stop`, `open` or `ink`.
        end: A label is set to end at x.
    """

    kind: str
    x: float
    width: float = 0.0
    text: str = ""
    tone: str = "ink"
    end: bool = False


def ground_of(session: Session, axis: Axis) -> Iterator[Shape]:
    """Yield what lies under everybody's drawing of one session: hours, breaks, the track."""
    scale = axis.scale(session)
    for tick in axis.ticks(session):
        if tick.hour or tick.label:
            yield Shape("hour", tick.x)
    breaks = [
        Interval(each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in session.breaks
    ]
    for pause in Span.union(breaks).intervals:
        yield scale.bar("break", pause)
    yield scale.bar("track", Interval(session.began, session.ended))


def shapes_of(ruling: Ruling, scale: Scale) -> list[Shape]:
    """Return the drawing of one person's presence over the ground, back to front.

    Args:
        ruling: What stands for the person in a session.
        scale: Of that session.
    """
    return _Drawing(ruling, scale).shapes()


class _Drawing:
    def __init__(self, ruling: Ruling, scale: Scale) -> None:
        self._ruling = ruling
        self._attendance = ruling.attendance
        self._session = ruling.attendance.session
        self._scale = scale

    def shapes(self) -> list[Shape]:
        ruling, attendance, least = self._ruling, self._attendance, self._attendance.least
        drawn = [*self._windows()] if ruling.acts else []
        outside = least.presence - attendance.required
        bar = self._scale.bar
        drawn += [bar("outside", each) for each in outside.intervals]
        drawn += [bar("counted", each) for each in least.counted.intervals]
        drawn += self._possible()
        drawn += _apart([shape for each in least.absences for shape in self._absence(each)])
        if ruling.status is AttendanceStatus.NOT_MET and _only_in_all(ruling):
            drawn.append(self._total())
        drawn += self._waiting()
        if ruling.decision is not None and not ruling.stale:
            ends = attendance.required.start, attendance.required.end
            drawn += [Shape("ring", self._scale.x(each)) for each in ends]
        return drawn

    def _planned(self) -> Span:
        return Span((Interval(self._session.began, self._session.ended),))

    def _windows(self) -> Iterator[Shape]:
        for each in self._ruling.acts:
            if each.kind is OverrideKind.ACTUAL_WINDOW and each.period is not None:
                yield self._scale.bar("window", each.period)

    def _possible(self) -> Iterator[Shape]:
        attendance = self._attendance
        doubtful = [each for each in attendance.stays if _is_doubtful(each) and each.counts]
        if not doubtful:
            return
        certain, planned = attendance.least.presence, self._planned()
        for each in doubtful:
            there = each.possible(attendance.required.end) - certain
            pieces = (there & planned).intervals
            for piece in pieces:
                yield self._scale.bar("open" if each.left is None else "possible", piece)
            if pieces:
                longest = max(pieces, key=lambda piece: piece.seconds)
                told = "no leave time" if each.left is None else f"{quoted(each.shown_name)}?"
                yield self._label(longest, told, "open", middle=True)

    def _waiting(self) -> Iterator[Shape]:
        for each in self._attendance.stays:
            if each.waiting:
                there = each.possible(self._session.ended) & self._planned()
                for piece in there.intervals:
                    yield self._scale.bar("waiting", piece)

    def _absence(self, absence: Absence) -> Iterator[Shape]:
        attendance = self._attendance
        possible = attendance.most.counted
        if is_jitter(absence, attendance.rule):
            yield self._scale.bar("jitter", absence.away)
            return
        settled = self._ruling.status in {AttendanceStatus.NOT_MET, AttendanceStatus.NO_EVIDENCE}
        missed = absence.missed if settled else absence.missed - possible
        over = settled and _breaks_a_limit(absence, self._ruling)
        if not over and missed.seconds <= SHOWN_FROM:
            return
        for piece in missed.intervals:
            yield self._scale.bar("over" if over else "allowed", piece)
        if over and _only_in_all(self._ruling):
            return
        longest = max(missed.intervals, key=lambda piece: piece.seconds)
        text = (
            _over(absence, self._ruling)
            if over
            else _allowed(absence, missed.seconds, self._ruling)
        )
        yield self._label(longest, text, "stop" if over else "ink", under=True)

    def _total(self) -> Shape:
        """Say once what only all absences together amount to."""
        least = self._attendance.least
        text = f"{_short(least.breaches[0].seconds)} absent in all"
        return self._label(least.absences[0].missed.intervals[0], text, "stop", under=True)

    def _label(
        self, piece: Interval, text: str, tone: str, *, under: bool = False, middle: bool = False
    ) -> Shape:
        left, right = self._scale.x(piece.start), self._scale.x(piece.end)
        at_end = left > 100 - LABEL_WIDTH - 20
        place = (left + right) / 2 if middle else (right if at_end else left)
        kind = "under" if under else "inside" if middle else "label"
        return Shape(kind, round(place, 3), text=text, tone=tone, end=at_end and not middle)


def _apart(shapes: Sequence[Shape]) -> Iterator[Shape]:
    """Leave out labels that would lie over the one before; the words under the row have all."""
    edge = -1.0
    for each in shapes:
        if each.kind != "under":
            yield each
            continue
        first = each.x - LABEL_WIDTH * 2 if each.end else each.x
        if first >= edge:
            edge = first + LABEL_WIDTH * 2
            yield each


def _only_in_all(ruling: Ruling) -> bool:
    return [each.kind for each in ruling.attendance.least.breaches] == ["total"]


def _is_doubtful(stay: Stay) -> bool:
    return not stay.sure or stay.left is None


def _breaks_a_limit(absence: Absence, ruling: Ruling) -> bool:
    rule = ruling.attendance.rule
    limits = {
        AbsenceKind.LATE: rule.late_join,
        AbsenceKind.EARLY: rule.early_leave,
        AbsenceKind.GAP: rule.gap_each,
    }
    total = any(each.kind == "total" for each in ruling.attendance.least.breaches)
    return absence.seconds > limits.get(absence.kind, 0) or total


def _over(absence: Absence, ruling: Ruling) -> str:
    if absence.kind is AbsenceKind.WHOLE:
        stays = ruling.attendance.stays
        if any(each.counts for each in stays):
            return "not there in required time"
        shown = all(each.gaps_shown for each in stays)
        return "no connection" if shown else "not proven: gaps would not show"
    where = {AbsenceKind.LATE: " absent at the start", AbsenceKind.EARLY: " absent at the end"}
    return f"{_short(absence.seconds)}{where.get(absence.kind, ' absent')}"


def _allowed(absence: Absence, seconds: int, ruling: Ruling) -> str:
    where = {AbsenceKind.LATE: "late", AbsenceKind.EARLY: "early"}.get(absence.kind, "absent")
    allowed = (
        ", allowed" if ruling.status is AttendanceStatus.MET and ruling.decision is None else ""
    )
    return f"{_short(seconds)} {where}{allowed}"


def _short(seconds: int) -> str:
    return exact(seconds).removesuffix(" 0 s") if seconds >= SHOWN_FROM else exact(seconds)


def described(ruling: Ruling) -> str:
    """Return the drawing in words, for who does not see it."""
    attendance = ruling.attendance
    zone = attendance.session.start.tzinfo
    start = attendance.session.start
    parts = [
        f"{_spoken(each.start, zone)} to {_spoken(each.end, zone)}"
        for each in attendance.least.presence.intervals
    ]
    there = f"present {', '.join(parts)}" if parts else "no certain presence"
    sentences = [f"{MONTHS[start.month - 1]} {start.day}: {there}."]
    sentences += [
        f"Absent {_spoken(each.away.start, zone)} to {_spoken(each.away.end, zone)}, "
        f"{spoken(each.seconds)} of session time"
        f"{', over the limit' if _breaks_a_limit(each, ruling) else ''}."
        for each in attendance.least.absences
        if not is_jitter(each, attendance.rule)
    ]
    doubtful = [each for each in attendance.stays if _is_doubtful(each) and each.counts]
    sentences += [f"Possibly present as {quoted(each.shown_name)}." for each in doubtful]
    return " ".join(dict.fromkeys(sentences))


@lru_cache(maxsize=4_096)
def _spoken(instant: datetime, zone: tzinfo | None) -> str:
    return spoken_clock(instant.astimezone(zone))
