"""The drawing of one person's presence in one session: shapes, and the same in words.

Horizontal places are per cent of the panel, vertical ones pixels, so that the text keeps
its size at any width. Every session of a course is drawn on one scale of the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cecert.domain.course.course import Session
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

__all__ = ["Axis", "Shape", "Tick", "axis_of", "described", "ground_of", "shapes_of"]

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


@dataclass(frozen=True, slots=True)
class Axis:
    """The scale that all panels of a report share: seconds of the day at its two ends."""

    start: int
    end: int

    def x(self, instant: datetime, session: Session) -> float:
        """Return the place of an instant, cut off at the panel's edges."""
        # From the session's own start, so that a clock change moves nothing.
        into = (instant - session.began).total_seconds()
        start = session.start
        second = (start.hour * 60 + start.minute) * 60 + start.second + into
        share = (second - self.start) / (self.end - self.start)
        return round(min(max(share, 0.0), 1.0) * 100, 3)

    def ticks(self, session: Session) -> Iterator[Tick]:
        """Return hours with labels, half hours without, and the session's end."""
        last = session.ended
        instant = session.start.replace(minute=0, second=0)
        half = ""
        while (utc := instant.astimezone(UTC)) <= last:
            if utc >= session.began - MARGIN:
                hour = instant.minute == 0
                now = "a.m." if instant.hour < 12 else "p.m."  # noqa: PLR2004 - noon
                # "p.m." at the first hour and at noon: at every hour the labels would touch.
                told = f"{instant.hour % 12 or 12}" + (f" {now}" if now != half else "")
                crowded = bool(session.end.minute) and last - utc < CROWDED
                yield Tick(self.x(utc, session), told if hour else "", hour, crowded)
                half = now if hour else half
            instant += timedelta(minutes=30)
        if session.end.minute:
            yield Tick(self.x(last, session), f"{session.end.hour % 12 or 12}:{session.end:%M}")


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
    for tick in axis.ticks(session):
        if tick.hour or tick.label:
            yield Shape("hour", tick.x)
    breaks = [
        Interval(each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in session.breaks
    ]
    for pause in Span.union(breaks).intervals:
        yield _bar("break", pause, session, axis)
    yield _bar("track", Interval(session.began, session.ended), session, axis)


def _bar(kind: str, each: Interval, session: Session, axis: Axis) -> Shape:
    left = axis.x(each.start, session)
    return Shape(kind, left, round(axis.x(each.end, session) - left, 3))


def shapes_of(ruling: Ruling, axis: Axis) -> tuple[Shape, ...]:
    """Return the drawing of one person's presence over the ground, back to front."""
    return tuple(_Drawing(ruling, axis).shapes())


class _Drawing:
    def __init__(self, ruling: Ruling, axis: Axis) -> None:
        self._ruling = ruling
        self._axis = axis
        self._attendance = ruling.attendance
        self._session = ruling.attendance.session
        self._planned = Span.between(self._session.start, self._session.end)

    def shapes(self) -> Iterator[Shape]:
        yield from self._windows()
        least = self._attendance.least
        for each in (least.presence - self._attendance.required).intervals:
            yield self._bar("outside", each)
        for each in least.counted.intervals:
            yield self._bar("counted", each)
        yield from self._possible()
        yield from _apart([shape for each in least.absences for shape in self._absence(each)])
        yield from self._total()
        yield from self._waiting()
        if self._ruling.decision is not None and not self._ruling.stale:
            yield Shape("ring", self._x(self._attendance.required.start))
            yield Shape("ring", self._x(self._attendance.required.end))

    def _x(self, instant: datetime) -> float:
        return self._axis.x(instant, self._session)

    def _bar(self, kind: str, each: Interval) -> Shape:
        return _bar(kind, each, self._session, self._axis)

    def _windows(self) -> Iterator[Shape]:
        for each in self._ruling.acts:
            if each.kind is OverrideKind.ACTUAL_WINDOW and each.period is not None:
                yield self._bar("window", each.period)

    def _possible(self) -> Iterator[Shape]:
        attendance = self._attendance
        doubtful = [each for each in attendance.stays if each.counts and _is_doubtful(each)]
        certain = attendance.least.presence
        for each in doubtful:
            there = each.possible(attendance.required.end) - certain
            pieces = (there & self._planned).intervals
            for piece in pieces:
                yield self._bar("open" if each.left is None else "possible", piece)
            if pieces:
                longest = max(pieces, key=lambda piece: piece.seconds)
                told = "no leave time" if each.left is None else f"{quoted(each.shown_name)}?"
                yield self._label(longest, told, "open", middle=True)

    def _waiting(self) -> Iterator[Shape]:
        planned = self._planned
        for each in self._attendance.stays:
            if each.waiting:
                for piece in (each.possible(planned.end) & planned).intervals:
                    yield self._bar("waiting", piece)

    def _absence(self, absence: Absence) -> Iterator[Shape]:
        attendance = self._attendance
        possible = attendance.most.counted
        if is_jitter(absence, attendance.rule):
            yield self._bar("jitter", absence.away)
            return
        settled = self._ruling.status in {AttendanceStatus.NOT_MET, AttendanceStatus.NO_EVIDENCE}
        missed = absence.missed if settled else absence.missed - possible
        over = settled and _breaks_a_limit(absence, self._ruling)
        if not over and missed.seconds <= SHOWN_FROM:
            return
        for piece in missed.intervals:
            yield self._bar("over" if over else "allowed", piece)
        if over and _only_in_all(self._ruling):
            return
        longest = max(missed.intervals, key=lambda piece: piece.seconds)
        text = (
            _over(absence, self._ruling)
            if over
            else _allowed(absence, missed.seconds, self._ruling)
        )
        yield self._label(longest, text, "stop" if over else "ink", under=True)

    def _total(self) -> Iterator[Shape]:
        """Say once what only all absences together amount to."""
        absences = [each.missed for each in self._attendance.least.absences]
        if self._ruling.status is AttendanceStatus.NOT_MET and _only_in_all(self._ruling):
            (breach,) = self._attendance.least.breaches
            text = f"{_short(breach.seconds)} absent in all"
            yield self._label(absences[0].intervals[0], text, "stop", under=True)

    def _label(
        self, piece: Interval, text: str, tone: str, *, under: bool = False, middle: bool = False
    ) -> Shape:
        left, right = self._x(piece.start), self._x(piece.end)
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
        f"{spoken_clock(each.start.astimezone(zone))} to {spoken_clock(each.end.astimezone(zone))}"
        for each in attendance.least.presence.intervals
    ]
    there = f"present {', '.join(parts)}" if parts else "no certain presence"
    sentences = [f"{MONTHS[start.month - 1]} {start.day}: {there}."]
    sentences += [
        f"Absent {spoken_clock(each.away.start.astimezone(zone))} to "
        f"{spoken_clock(each.away.end.astimezone(zone))}, {spoken(each.seconds)} of session time"
        f"{', over the limit' if _breaks_a_limit(each, ruling) else ''}."
        for each in attendance.least.absences
        if not is_jitter(each, attendance.rule)
    ]
    doubtful = [each for each in attendance.stays if _is_doubtful(each) and each.counts]
    sentences += [f"Possibly present as {quoted(each.shown_name)}." for each in doubtful]
    return " ".join(dict.fromkeys(sentences))
