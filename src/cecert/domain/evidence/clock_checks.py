"""Does a report's clock fit the plan: the right zone, the right order of day and month.

Most reports do not say their zone, and some not whether 10/11 is in October or in
November. The plan tells: a report read in the wrong zone has everybody at the wrong
time. Nothing is corrected here; a person is told and decides.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.course.session import Session
from cecert.domain.evidence.attendance import required_time
from cecert.domain.evidence.matching import Connection, Rows
from cecert.domain.values.intervals import Interval, Span

__all__ = ["Proposal", "fitting_orders", "host_proposals", "likely_zones", "zone_shift"]

STEP = timedelta(minutes=15)
REACH = timedelta(hours=14)
"""Zones lie at most 14 hours from UTC, in steps of a quarter of an hour (IANA)."""

_COMMON_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "UTC",
    "Europe/London", "Europe/Berlin", "Asia/Jerusalem", "Asia/Kolkata", "Asia/Tokyo",
    "Australia/Sydney", "America/Phoenix", "America/Anchorage", "Pacific/Honolulu",
    "America/Sao_Paulo", "America/Halifax",
)  # fmt: skip


def fitting_orders(
    joins: Mapping[str, Sequence[datetime]], sessions: Sequence[Session]
) -> tuple[str, ...]:
    """Return the orders of day and month that put a report on the planned dates.

    Args:
        joins: Instants of joining by order (`MDY`, `DMY`, `YMD`), for every order in
            which all stamps of the report can be read.
        sessions: The plan.

    Returns:
        Orders that put all stamps within a day of a session; where none does, those
        that put some there; where none does, all. Orders that mean the same instants
        stand for one.
    """
    planned = {each.day + timedelta(days=by) for each in sessions for by in (-1, 0, 1)}
    distinct = {tuple(instants): order for order, instants in sorted(joins.items(), reverse=True)}
    hits = {
        order: sum(each.astimezone(sessions[0].start.tzinfo).date() in planned for each in instants)
        for instants, order in distinct.items()
    }
    whole = [each for each in hits if hits[each] == len(joins[each])]
    some = [each for each in hits if hits[each]]
    return tuple(sorted(whole or some or hits))


def zone_shift(
    connections: Collection[Connection], sessions: Sequence[Session]
) -> timedelta | None:
    """Return by how much a report must be moved to fit the plan, or None where it fits.

    Only where nobody is there for half of a session as read, and somebody is after the
    one shift that fits best; ties and short visits never raise it.
    """
    required = [required_time(each) for each in sessions]
    # Of most reports the first rows tell; those who left and came back are looked at then.
    if _somebody_stays(
        (each.stay.certain for each in connections if not each.stay.waiting), required
    ):
        return None
    people = _people(connections)
    if _somebody_stays(people, required):
        return None
    presence = _Presence(people)
    everything = Span.union(interval for each in required for interval in each.intervals)
    scores = {
        steps * STEP: presence.seconds_in(everything.shifted(-steps * STEP))
        for steps in range(-(REACH // STEP), REACH // STEP + 1)
    }
    best = max(scores.values())
    shifts = [by for by, score in scores.items() if score == best]
    if best == 0 or len(shifts) > 1:
        return None
    moved = [each.shifted(shifts[0]) for each in people]
    return shifts[0] if _somebody_stays(moved, required) else None


class _Presence:
    """How long all people together are there in any span, without going through them again."""

    def __init__(self, people: Sequence[Span]) -> None:
        edges = [(each.start, each.end) for person in people for each in person.intervals]
        self._starts = _Ramps(start for start, _ in edges)
        self._ends = _Ramps(end for _, end in edges)

    def seconds_in(self, span: Span) -> int:
        """Return the seconds of all people in *span*, added."""
        return sum(self._until(each.end) - self._until(each.start) for each in span.intervals)

    def _until(self, instant: datetime) -> int:
        second = int(instant.timestamp())
        return self._starts.at(second) - self._ends.at(second)


class _Ramps:
    """The sum of seconds since each of many instants, of those that have passed."""

    def __init__(self, instants: Iterable[datetime]) -> None:
        self._sorted = sorted(int(each.timestamp()) for each in instants)
        self._sums = list(accumulate(self._sorted, initial=0))

    def at(self, second: int) -> int:
        passed = bisect_left(self._sorted, second)
        return passed * second - self._sums[passed]


def _people(connections: Iterable[Connection]) -> list[Span]:
    pieces: Mapping[str, list[Interval]] = defaultdict(list)
    for each in connections:
        if not each.stay.waiting:
            key = each.platform_id or each.email or each.shown_name
            pieces[key] += each.stay.certain.intervals
    return [Span.union(held) for held in pieces.values()]


def _somebody_stays(people: Iterable[Span], required: Sequence[Span]) -> bool:
    halves = [(each, each.seconds / 2) for each in required]
    return any((person & session).seconds >= half for person in people for session, half in halves)


def likely_zones(shift: timedelta, zone: ZoneInfo, at: datetime) -> tuple[str, ...]:
    """Return well-known zones in which a report that was read in *zone* would fit.

    Args:
        shift: What would have to be added to the report's times for them to fit the plan.
        zone: In which they were read.
        at: An instant of the session, aware, for the zones' offsets.

    >>> at = datetime(2020, 10, 22, 17, tzinfo=UTC)
    >>> likely_zones(timedelta(hours=-5), ZoneInfo("America/New_York"), at)
    ('Europe/London',)
    """
    offset = (at.astimezone(zone).utcoffset() or timedelta()) - shift
    return tuple(
        name for name in _COMMON_ZONES if at.astimezone(ZoneInfo(name)).utcoffset() == offset
    )


SHARE, TOGETHER = 0.8, 60
"""A session was ended by its host where 80 % of the leaves lie within 60 s.

Source: docs/spec/attendance.md 10.3.
"""

LEAST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A window that somebody may want to declare; never applied by itself.

    Attributes:
        sentence: What looks like the host's doing.
        session: Id of the session.
        period: From when to when it seems to have run.
    """

    sentence: str
    session: str
    period: Interval

    def __str__(self) -> str:
        return self.sentence


def host_proposals(course: Course, rows: Rows) -> tuple[Proposal, ...]:
    """Return what looks like the host's doing: a late start, an early end; never applied.

    The operator declares the actual window with a reason.
    """
    inside = ((each, _Inside(each, rows.certain_in(each.id))) for each in course.sessions)
    return tuple(
        each
        for session, found in inside
        if found.count >= LEAST_PEOPLE
        for each in _proposals(session, found)
    )


class _Inside:
    """The connections that surely were within a session: how many, and when.

    Attributes:
        count: How many.
        first: When the first of them began.
        last: When the last of them ended.
        leaves: How many ended when.
    """

    def __init__(self, session: Session, certain: Iterable[tuple[float, float]]) -> None:
        start, end = session.began.timestamp(), session.ended.timestamp()
        inside = [
            (join, leave)
            for join, leave in certain
            if join < end and start < leave and join < leave
        ]
        self.count = len(inside)
        self.first = _instant(min((join for join, _ in inside), default=start))
        self.last = _instant(max((leave for _, leave in inside), default=end))
        self.leaves = Counter(leave for _, leave in inside)


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _proposals(session: Session, inside: _Inside) -> Iterator[Proposal]:
    late, early = _late_start(session, inside), _early_end(session, inside)
    # One window for both: of two declarations only the later holds.
    first = inside.first if late else session.start.astimezone(UTC)
    last = inside.last if early else session.end.astimezone(UTC)
    period = Interval(first, last)
    for sentence in filter(None, (late, early)):
        yield Proposal(sentence, session.id, period)


def _late_start(session: Session, inside: _Inside) -> str:
    first = inside.first
    if first <= session.start.astimezone(UTC):
        return ""
    local = first.astimezone(session.start.tzinfo)
    return (
        f"Nobody was in {session.id} before {local:%H:%M:%S}: if the host opened late, declare "
        "the actual window."
    )


def _early_end(session: Session, inside: _Inside) -> str:
    last = inside.last
    if last >= session.end.astimezone(UTC):
        return ""
    together = sum(
        count for leave, count in inside.leaves.items() if last.timestamp() - leave <= TOGETHER
    )
    if together < SHARE * inside.count:
        return ""
    local = last.astimezone(session.start.tzinfo)
    return (
        f"{together} of {inside.count} connections to {session.id} end within a minute before "
        f"{local:%H:%M:%S}: if the host ended early, declare the actual window."
    )
