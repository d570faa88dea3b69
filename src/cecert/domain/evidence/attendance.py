"""The attendance rule: was a person there for all of a session that counts?

Connections become presence, presence is held against the required time (the session
without its breaks), and what is missing against the course's own limits. Where the
evidence leaves room, both ends are judged: `least` is what is certain, `most` what is
possible. MET needs the least to meet the rule, NOT_MET needs even the most to fail it,
and everything between is for a person to look at (docs/spec/attendance.md).

All lengths are whole seconds, all limits inclusive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache

from cecert.domain.course.course import AttendanceRule
from cecert.domain.course.session import Session
from cecert.domain.values.durations import exact
from cecert.domain.values.intervals import Interval, Span
from cecert.domain.values.quick_making import quickly_made

__all__ = [
    "GAPS_NOTE",
    "KEPT",
    "POSSIBLE_NOTE",
    "Absence",
    "AbsenceKind",
    "Attendance",
    "AttendanceStatus",
    "Breach",
    "Estimate",
    "Stay",
    "forget_estimates",
    "judge",
    "judge_by",
    "required_time",
    "time_left",
]


class AttendanceStatus(Enum):
    """What the rule says of one person in one session."""

    MET = "MET"
    NOT_MET = "NOT_MET"
    REVIEW = "REVIEW"
    NO_EVIDENCE = "NO_EVIDENCE"


@quickly_made
@dataclass(frozen=True, slots=True)
class Stay:
    """One connection of one person, with what is certain of its ends; UTC instants.

    A stamp to the minute may lie anywhere in it, and an hour that a clock change
    repeats may be either of two: hence the earliest and latest instant of each end.

    Attributes:
        joined: Earliest and latest instant of joining.
        left: Earliest and latest instant of leaving; None where no stamp says so.
        sure: It is this person's; else only possibly.
        waiting: It was in the waiting room, which is not presence.
        file: Name of the file it was read in, for the explanation.
        line: Its line there, from 1.
        shown_name: The display name it was under.
        gaps_shown: A gap in it would show in the report; where it would not, it proves
            nothing (docs/spec/attendance.md 10.3: Google Meet without segments).
        within: Ids of the sessions that its report is of; () where the times alone tell.
    """

    joined: tuple[datetime, datetime]
    left: tuple[datetime, datetime] | None
    sure: bool = True
    waiting: bool = False
    file: str = ""
    line: int = 0
    shown_name: str = ""
    gaps_shown: bool = True
    within: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for stamp in self.joined + (self.left or ()):
            if stamp.tzinfo is not UTC:
                raise ValueError(f"connection stamp {stamp} is not in UTC")
        if self.left is not None and self.left[1] < self.joined[0]:
            raise ValueError(f"connection left {self.left[1]} before it joined {self.joined[0]}")

    @property
    def is_bound(self) -> bool:
        """Whether nothing is certain but that it lay between its first and its last instant."""
        return self.left is not None and self.joined[0] < self.joined[1] == self.left[1]

    @property
    def certain(self) -> Span:
        """When somebody was certainly there: never, where no leave is known."""
        # Not kept: there are a hundred thousand connections, and each is asked a few times.
        return Span() if self.left is None else Span.between(self.joined[1], self.left[0])

    @property
    def is_exact(self) -> bool:
        """Whether both ends are known to the second: then all that is possible is certain."""
        joined, left = self.joined, self.left
        return left is not None and joined[0] == joined[1] and left[0] == left[1]

    @property
    def counts(self) -> bool:
        """Whether the rule is held against it: it is no waiting, and its gaps would show."""
        return self.gaps_shown and not self.waiting

    def possible(self, until: datetime) -> Span:
        """Return when somebody may have been there; *until* ends it where no leave is known."""
        return Span.between(self.joined[0], until if self.left is None else self.left[1])


class AbsenceKind(Enum):
    """Where in the required time an absence lies; the values stand in reasons."""

    LATE = "late"
    EARLY = "early"
    GAP = "gap"
    WHOLE = "whole"


@quickly_made
@dataclass(frozen=True, slots=True)
class Absence:
    """One stretch away, as far as it was required time.

    Attributes:
        kind: Whether it touches the start, the end, neither, or is all there was.
        missed: The required time missed; a break inside it parts it, and counts not.
        away: The whole stretch away, breaks in it included, within the session.
        seconds: Seconds of required time that were missed; made with it, as every rule asks.
    """

    kind: AbsenceKind
    missed: Span
    away: Interval
    seconds: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", self.missed.seconds)


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit of the rule that was passed.

    Attributes:
        kind: `late`, `early`, `gap`, `total` or `never`.
        seconds: How long.
        limit: What the course allows.
    """

    kind: str
    seconds: int
    limit: int

    def __str__(self) -> str:
        if self.kind == "never":
            return "never present in required time"
        if self.kind == "total":
            return f"absent {exact(self.seconds)} in all over limit {exact(self.limit)}"
        return f"{self.kind} {exact(self.seconds)} over limit {exact(self.limit)}"


@quickly_made
@dataclass(frozen=True, slots=True)
class Estimate:
    """One end of what the evidence allows: certain presence, or possible presence.

    Attributes:
        presence: All of it, also before, after and in breaks.
        counted: As far as it was required time.
        absences: What of the required time is missing, in order.
        breaches: Limits passed; none means the rule is met.
    """

    presence: Span
    counted: Span
    absences: tuple[Absence, ...]
    breaches: tuple[Breach, ...]

    @property
    def meets(self) -> bool:
        """Whether the rule is met."""
        return not self.breaches


POSSIBLE_NOTE = "connection attributed only possibly"
GAPS_NOTE = "first and last time alone prove no presence: their report shows no gaps"


@quickly_made
@dataclass(frozen=True, slots=True)
class Attendance:
    """What the rule says of one person in one session, and every figure behind it.

    Attributes:
        session: The session.
        rule: The limits applied.
        required: The required time.
        status: What follows.
        stays: The connections it was judged by, in order.
    """

    session: Session
    rule: AttendanceRule
    required: Span
    status: AttendanceStatus
    stays: tuple[Stay, ...]
    _made: tuple[Estimate, Estimate] | None = field(
        init=False, repr=False, compare=False, default=None
    )

    @property
    def least(self) -> Estimate:
        """What is certain of presence and absence, by the connections that are surely theirs."""
        return (self._made or self._estimated())[0]

    @property
    def most(self) -> Estimate:
        """What is possible at most, with everything that may be theirs too."""
        return (self._made or self._estimated())[1]

    def _estimated(self) -> tuple[Estimate, Estimate]:
        present = [each for each in self.stays if each.counts]
        made = _estimates(present, self.session, self.rule, self.required)
        _keep(self, made)
        return made

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the certain presence does not meet the rule; () if it does."""
        return tuple(str(each) for each in self.least.breaches)

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the evidence was not, or not surely, counted."""
        present = [each for each in self.stays if each.counts]
        if len(present) == len(self.stays) and all(each.sure and each.left for each in present):
            return ()
        told = (
            (any(each.waiting for each in self.stays), "waiting room time not counted"),
            (not all(each.gaps_shown for each in self.stays), GAPS_NOTE),
            (not all(each.sure for each in present), POSSIBLE_NOTE),
            (any(each.left is None for each in present), "no leave time"),
        )
        return tuple(note for said, note in told if said)

    def would_meet(self, further: Iterable[Stay]) -> bool:
        """Say whether the rule could be met if *further* stays were this person's, too."""
        spans = [each.possible(self.session.ended) for each in further if each.counts]
        return _bound([self.most.presence, *spans], self.required, self.rule).meets


@lru_cache(maxsize=256)
def required_time(session: Session, window: Interval | None = None) -> Span:
    """Return the time of *session* that counts: without breaks, and within *window* if declared."""
    planned = Span.between(session.start, session.end)
    breaks = Span.union(
        [Interval(each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in session.breaks]
    )
    declared = planned if window is None else Span((window,))
    return (planned - breaks) & declared


def time_left(session: Session, window: Interval | None = None) -> Span:
    """Return the time of *session* that counts, where some is left.

    Raises:
        ValueError: If none is left within *window*.
    """
    required = required_time(session, window)
    if not required:
        raise ValueError(f"session {session.id} has no required time in the declared window")
    return required


def judge(
    stays: Iterable[Stay],
    session: Session,
    rule: AttendanceRule,
    window: Interval | None = None,
) -> Attendance:
    """Judge one person's connections to one session.

    Args:
        stays: In any order; those that do not count are kept for the explanation.
        session: As planned.
        rule: The course's limits.
        window: When the session really took place, as an operator declared it.

    Raises:
        ValueError: If no required time is left within *window*.
    """
    return judge_by(stays, session, rule, time_left(session, window))


def judge_by(
    stays: Iterable[Stay], session: Session, rule: AttendanceRule, required: Span
) -> Attendance:
    """Judge one person's connections to one session by its required time, which is known.

    Args:
        stays: In any order; those that do not count are kept for the explanation.
        session: As planned.
        rule: The course's limits.
        required: As `time_left` has it.
    """
    ordered = tuple(sorted(stays, key=_order))
    present = [each for each in ordered if each.counts]
    least, most = _estimates(present, session, rule, required)
    judged = Attendance(session, rule, required, _status(present, least, most), ordered)
    _keep(judged, (least, most))
    return judged


def _estimates(
    present: Sequence[Stay], session: Session, rule: AttendanceRule, required: Span
) -> tuple[Estimate, Estimate]:
    """Return what is certain and what is possible, by the connections that count."""
    least = _bound([each.certain for each in present if each.sure], required, rule)
    # Of nearly everybody every connection is certain to the second: then the two are one.
    if all(each.sure and each.is_exact for each in present):
        return least, least
    return least, _bound([each.possible(session.ended) for each in present], required, rule)


KEPT = 10_000
"""Judgements whose estimates are kept: those of 5,000 people in two sessions."""

_LATELY: deque[Attendance] = deque()
"""Who was judged last, or asked for: of everybody else the estimates are made again.

They are two thirds of all that is kept of a person, and only evidence and report ask for them.
"""


def _keep(judged: Attendance, made: tuple[Estimate, Estimate]) -> None:
    """Keep the estimates of somebody in place of those that were made first."""
    if len(_LATELY) >= KEPT:
        _SET(_LATELY.popleft(), "_made", None)
    _SET(judged, "_made", made)
    _LATELY.append(judged)


def forget_estimates() -> None:
    """Let go of the estimates that are kept: nobody asks for those of these people again."""
    while _LATELY:
        _SET(_LATELY.popleft(), "_made", None)


_SET = object.__setattr__

_NEVER = (datetime.max.replace(tzinfo=UTC),) * 2


def _order(stay: Stay) -> tuple[object, ...]:
    left = stay.left or _NEVER
    return (*stay.joined, *left, stay.file, stay.line, stay.sure, stay.waiting, stay.shown_name)


def _status(present: Sequence[Stay], least: Estimate, most: Estimate) -> AttendanceStatus:
    if not present:
        return AttendanceStatus.NO_EVIDENCE
    if least.meets:
        return AttendanceStatus.MET
    return AttendanceStatus.REVIEW if most.meets else AttendanceStatus.NOT_MET


def _bound(spans: Sequence[Span], required: Span, rule: AttendanceRule) -> Estimate:
    presence = Span.union([interval for span in spans for interval in span.intervals])
    counted = presence & required
    absences = tuple(_absences(presence, counted, required))
    return Estimate(presence, counted, absences, tuple(_breaches(absences, rule)))


def _absences(presence: Span, counted: Span, required: Span) -> Iterable[Absence]:
    scheduled = Interval(required.start, required.end)
    if not counted:
        yield Absence(AbsenceKind.WHOLE, required, scheduled)
        return
    # By stretch away, not by required piece: whom the whole break also missed was away once.
    for away in presence.complement(scheduled).intervals:
        if missed := required & Span((away,)):
            yield Absence(_kind(missed, required), missed, away)


def _kind(missed: Span, required: Span) -> AbsenceKind:
    if missed.start == required.start:
        return AbsenceKind.LATE
    return AbsenceKind.EARLY if missed.end == required.end else AbsenceKind.GAP


def _breaches(absences: Sequence[Absence], rule: AttendanceRule) -> Iterable[Breach]:
    if any(each.kind is AbsenceKind.WHOLE for each in absences):
        yield Breach("never", absences[0].seconds, 0)
        return
    jitter = [each.seconds for each in absences if is_jitter(each, rule)]
    longer = [each for each in absences if not is_jitter(each, rule)]
    for each in longer:
        if each.seconds > (limit := _limit(each, rule)):
            yield Breach(each.kind.value, each.seconds, limit)
    total = sum(each.seconds for each in longer)
    total += sum(jitter) if sum(jitter) > rule.jitter_total else 0
    if total > rule.absent_total:
        yield Breach("total", total, rule.absent_total)


def _limit(absence: Absence, rule: AttendanceRule) -> int:
    """Return how long an absence at the start, at the end or between may be."""
    if absence.kind is AbsenceKind.LATE:
        return rule.late_join
    return rule.early_leave if absence.kind is AbsenceKind.EARLY else rule.gap_each


def is_jitter(absence: Absence, rule: AttendanceRule) -> bool:
    """Say whether an absence is a reconnect: a gap of at most `jitter` seconds."""
    return absence.kind is AbsenceKind.GAP and absence.seconds <= rule.jitter
