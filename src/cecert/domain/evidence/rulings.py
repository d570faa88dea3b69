"""From connections to a ruling for every participant in every session.

The evidence is judged first; then overrides are replayed over it. An override whose
evidence changed since it was made is stale: it decides nothing, and the session is in
REVIEW until somebody looks at it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import NamedTuple

from cecert.domain.course.course import AttendanceRule, Course
from cecert.domain.course.session import Session
from cecert.domain.evidence.attendance import Stay, judge_by, time_left
from cecert.domain.evidence.matching import (
    Attribution,
    Attributions,
    alias_reason,
    link,
    lost_links,
)
from cecert.domain.evidence.overrides import (
    MarkBeginning,
    Override,
    OverrideKind,
    Ruling,
    mark_of,
)

__all__ = ["Bench", "Gathering", "sessions_of"]

BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=120)
"""How far before its start and after its end a connection still belongs to a session."""


def sessions_of(stay: Stay, sessions: Sequence[Session]) -> tuple[Session, ...]:
    """Return the sessions a connection belongs to: those it overlaps, else the nearest.

    () if it lies more than 30 minutes before and 120 minutes after every session. One
    without a leave belongs to the session it was joined for. Of a report that is of some
    sessions alone it belongs to no other.
    """
    if stay.within:
        sessions = [each for each in sessions if each.id in stay.within]
    if stay.left is None:
        joined = stay.joined[0]
        return tuple(each for each in sessions if each.began - BEFORE <= joined < each.ended)
    first, last = stay.joined[0], stay.left[1]
    if last <= first:
        last = first + _SECOND
    if met := [each for each in sessions if first < each.ended and last > each.began]:
        return tuple(met)
    near = [
        each for each in sessions if first <= each.ended + AFTER and last >= each.began - BEFORE
    ]
    return tuple(sorted(near, key=lambda each: max(each.began - last, first - each.ended))[:1])


_SECOND = timedelta(seconds=1)


LATELY = 256
"""People whose connections are held once they were made."""


class _Theirs(NamedTuple):
    """The connections of one participant.

    Attributes:
        all: All of them, in their order.
        by_session: Those to each session, by its id.
    """

    all: tuple[Attribution, ...]
    by_session: Mapping[str, Sequence[Attribution]]


class Gathering:
    """All attributed connections of a course, by participant and session.

    Attributes:
        course: The course.
        attributions: The connections.
    """

    def __init__(self, course: Course, attributions: Sequence[Attribution]) -> None:
        """Sort *attributions* into the sessions of *course*."""
        self.course = course
        self.attributions = Attributions.of(attributions)
        self._held = self.attributions.by_participant()
        self._lately: dict[str, _Theirs] = {}
        self._plans = {each.id: _plan(each) for each in course.sessions}
        limits = str(course.attendance_rule)
        self._judged_by = {
            each.id: MarkBeginning("evidence", self._plans[each.id], limits)
            for each in course.sessions
        }

    def stays(self, participant: str, session: str) -> list[Stay]:
        """Return a participant's connections to a session."""
        return [_stay_of(each, participant) for each in self._of(participant, session)]

    def names_by(self, alias: Override, session: Session) -> bool:
        """Say whether an alias made a connection to a session its participant's."""
        held = self._of(alias.participant, session.id)
        return any(claim.why == alias_reason(alias) for each in held for claim in each.claims)

    def inputs(self, participant: str, session: Session) -> str:
        """Return the mark of a participant's evidence for a session, rule and plan included."""
        held = self._of(participant, session.id)
        marks = sorted([(each.connection.mark, _is_sure(each, participant)) for each in held])
        return self._judged_by[session.id].mark(marks)

    def of(self, participant: str) -> tuple[Attribution, ...]:
        """Return every connection that is, or may be, a participant's, in their order."""
        return self._theirs(participant).all

    def _of(self, participant: str, session: str) -> Sequence[Attribution]:
        return self._theirs(participant).by_session.get(session, ())

    def _theirs(self, participant: str) -> _Theirs:
        # Asked for by sessions, marks and all else: of some people one thing after the other.
        found = self._lately.get(participant)
        if found is None:
            if len(self._lately) >= LATELY:
                del self._lately[next(iter(self._lately))]
            found = self._lately[participant] = self._found(participant)
        return found

    def _found(self, participant: str) -> _Theirs:
        numbers = self._held.of(participant)
        every = tuple(self.attributions.several(numbers))
        by_session: dict[str, list[Attribution]] = {}
        for number, each in zip(numbers, every, strict=True):
            for session in self._sessions(number):
                by_session.setdefault(session.id, []).append(each)
        return _Theirs(every, by_session)

    def _sessions(self, number: int) -> tuple[Session, ...]:
        rows = self.attributions.rows
        if rows.placed:
            return rows.sessions(number)
        return sessions_of(rows[number].stay, self.course.sessions)

    def session_inputs(self, session: Session) -> str:
        """Return the mark of all connections to a session, and of its plan."""
        rows = self.attributions.rows
        marks = (
            rows.marks_in(session.id)
            if rows.placed
            else [
                row.mark for row in rows if session in sessions_of(row.stay, self.course.sessions)
            ]
        )
        marks.sort()
        return mark_of("session", self._plans[session.id], marks)

    def nobodys(self) -> Iterator[tuple[Attribution, Sequence[Session]]]:
        """Go through the connections that nobody claims, with their sessions."""
        for number in range(len(self.attributions)):
            if not self.attributions.claims(number):
                yield self.attributions[number], self._sessions(number)


def _is_sure(attribution: Attribution, participant: str) -> bool:
    """Say whether a connection that somebody claims is surely theirs."""
    claims = attribution.claims
    if len(claims) == 1:
        return claims[0].sure
    return next(each.sure for each in claims if each.participant == participant)


def _stay_of(attribution: Attribution, participant: str) -> Stay:
    stay, sure = attribution.connection.stay, _is_sure(attribution, participant)
    return stay if stay.sure is sure else replace(stay, sure=sure)


def _plan(session: Session) -> object:
    """Return a session's times as a mark has them: every person's is made of them."""
    breaks = [
        (str(each.start.astimezone(UTC)), str(each.end.astimezone(UTC))) for each in session.breaks
    ]
    return [str(session.began), str(session.ended), breaks]


_LINKS = frozenset({OverrideKind.LINK, OverrideKind.UNLINK})


class Bench:
    """Judges the participants of one course, each when asked for.

    Attributes:
        linked: The connections as links and unlinks leave them.
    """

    def __init__(self, evidence: Gathering, overrides: Sequence[Override]) -> None:
        """Take the evidence, and what was decided.

        Args:
            evidence: The connections by the evidence itself, by whose they are.
            overrides: In the order they were made; later ones win.

        Raises:
            ValueError: If the course has sessions and no attendance rule.
        """
        course, attributions = evidence.course, evidence.attributions
        limits = course.attendance_rule
        if limits is None and course.sessions:
            raise ValueError(f"course {course.id} has no attendance rule")
        self._limits = limits
        self._sessions = course.sessions
        self._overrides = overrides
        self._evidence = evidence
        linked = link(attributions, overrides)
        self.linked = evidence if linked is attributions else Gathering(course, linked)
        self._lost = lost_links(attributions, overrides)
        self._windows = {each.id: self._window(each) for each in course.sessions}
        self._required = {
            each.id: time_left(each, window.period if window else None)
            for each in course.sessions
            for window, _ in [self._windows[each.id]]
        }

    def rulings(self, participant: str) -> tuple[Ruling, ...]:
        """Return what stands for a participant, a ruling for each session of the course."""
        limits = self._limits
        return (
            ()
            if limits is None
            else tuple([self._rule(participant, each, limits) for each in self._sessions])
        )

    def _rule(self, participant: str, session: Session, limits: AttendanceRule) -> Ruling:
        """Judge what stands after the links, then let the other overrides act."""
        inputs = self._evidence.inputs(participant, session)
        if not self._overrides:
            stays = self.linked.stays(participant, session.id)
            judged = judge_by(stays, session, limits, self._required[session.id])
            return Ruling(judged, inputs=inputs)
        mine = [each for each in self._overrides if self._concerns(each, participant, session)]
        window, worn = self._windows[session.id]
        stale = [each for each in mine if self._is_stale(each, inputs)]
        acting = [each for each in mine if each not in stale]
        # Who acts later upon the same person and session has looked at it again.
        stale = [each for each in stale if not any(_follows(it, each, mine) for it in acting)]
        segments = [each for each in acting if each.kind is OverrideKind.SEGMENT]
        stays = [*self.linked.stays(participant, session.id), *map(_segment_stay, segments)]
        decisions = [each for each in acting if each.kind is OverrideKind.DECISION]
        acts = [each for each in acting if each.kind is not OverrideKind.DECISION]
        return Ruling(
            judge_by(stays, session, limits, self._required[session.id]),
            decisions[-1] if decisions else None,
            tuple(acts if window is None else [*acts, window]),
            tuple(stale if worn is None else [*stale, worn]),
            inputs,
        )

    def _window(self, session: Session) -> tuple[Override | None, Override | None]:
        """Return the declared window of a session, or as second the one that is stale."""
        declared = [
            each
            for each in self._overrides
            if each.kind is OverrideKind.ACTUAL_WINDOW and each.session == session.id
        ]
        if not declared:
            return None, None
        if declared[-1].is_stale(self._evidence.session_inputs(session)):
            return None, declared[-1]
        return declared[-1], None

    def _concerns(self, override: Override, participant: str, session: Session) -> bool:
        if override.participant != participant:
            return False
        if override.kind is OverrideKind.ALIAS:
            return self._evidence.names_by(override, session)
        if override.kind in _LINKS and (rows := self._rows(override)):
            return session in {each for row in rows for each in sessions_of(row, self._sessions)}
        return override.session in {"", session.id}

    def _rows(self, override: Override) -> list[Stay]:
        key = override.inputs or override.connection
        connections = (each.connection for each in self._evidence.attributions)
        return [each.stay for each in connections if key in {each.mark, each.place}]

    def _is_stale(self, override: Override, inputs: str) -> bool:
        if override.kind in _LINKS:
            return override in self._lost
        return override.kind is not OverrideKind.ALIAS and override.is_stale(inputs)


def _follows(later: Override, earlier: Override, order: Sequence[Override]) -> bool:
    return order.index(later) > order.index(earlier)


def _segment_stay(override: Override) -> Stay:
    period = override.period
    assert period is not None  # noqa: S101 - a segment override has one (`Override`)
    return Stay((period.start,) * 2, (period.end,) * 2, shown_name=f"by {override.by}")
