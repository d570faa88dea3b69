"""From connections to a ruling for every participant in every session.

The evidence is judged first; then overrides are replayed over it. An override whose
evidence changed since it was made is stale: it decides nothing, and the session is in
REVIEW until somebody looks at it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from cecert.domain.course.course import AttendanceRule, Course
from cecert.domain.course.session import Session
from cecert.domain.evidence.attendance import Stay, judge_by, time_left
from cecert.domain.evidence.matching import Attribution, alias_reason, link, lost_links
from cecert.domain.evidence.overrides import (
    MarkBeginning,
    Override,
    OverrideKind,
    Ruling,
    mark_of,
)

__all__ = ["Gathering", "rule", "rule_by", "sessions_of"]

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


class Gathering:
    """All attributed connections of a course, by participant and session."""

    def __init__(self, course: Course, attributions: Sequence[Attribution]) -> None:
        """Sort *attributions* into the sessions of *course*."""
        self.course = course
        self.attributions = attributions
        self._held: dict[str, dict[str, list[Attribution]]] = {
            each.id: {} for each in course.sessions
        }
        self._marks: Mapping[str, list[str]] = defaultdict(list)
        self._plans = {each.id: _plan(each) for each in course.sessions}
        limits = str(course.attendance_rule)
        self._judged_by = {
            each.id: MarkBeginning("evidence", self._plans[each.id], limits)
            for each in course.sessions
        }
        for each in attributions:
            stay = each.connection.stay
            for session in sessions_of(stay, course.sessions):
                self._marks[session.id].append(each.connection.mark)
                held = self._held[session.id]
                for claim in each.claims:
                    held.setdefault(claim.participant, []).append(each)

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

    def _of(self, participant: str, session: str) -> Sequence[Attribution]:
        return self._held.get(session, {}).get(participant, ())

    def session_inputs(self, session: Session) -> str:
        """Return the mark of all connections to a session, and of its plan."""
        return mark_of("session", self._plans[session.id], sorted(self._marks.get(session.id, ())))


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


def rule(
    course: Course,
    attributions: Sequence[Attribution],
    overrides: Sequence[Override],
    participants: Iterable[str],
) -> dict[tuple[str, str], Ruling]:
    """Rule on every participant in every session, by identity and session id.

    Args:
        course: With an attendance rule.
        attributions: Whose each connection is by the evidence itself.
        overrides: In the order they were made; later ones win.
        participants: Identities of all registrants.

    Raises:
        ValueError: If the course has sessions and no attendance rule.
    """
    return rule_by(Gathering(course, attributions), overrides, participants)


def rule_by(
    evidence: Gathering, overrides: Sequence[Override], participants: Iterable[str]
) -> dict[tuple[str, str], Ruling]:
    """Rule as `rule` does, by connections that were gathered.

    Args:
        evidence: The connections by the evidence itself, by whose they are.
        overrides: In the order they were made; later ones win.
        participants: Identities of all registrants.

    Raises:
        ValueError: If the course has no attendance rule.
    """
    course = evidence.course
    if not course.sessions:
        return {}
    if course.attendance_rule is None:
        raise ValueError(f"course {course.id} has no attendance rule")
    bench = _Rules(evidence, course.attendance_rule, overrides)
    return {
        (participant, session.id): bench.rule(participant, session)
        for participant in participants
        for session in course.sessions
    }


_LINKS = frozenset({OverrideKind.LINK, OverrideKind.UNLINK})


class _Rules:
    """What rulings of one course are made from."""

    def __init__(
        self, evidence: Gathering, limits: AttendanceRule, overrides: Sequence[Override]
    ) -> None:
        course, attributions = evidence.course, evidence.attributions
        self._limits = limits
        self._sessions = course.sessions
        self._overrides = overrides
        self._evidence = evidence
        linked = link(attributions, overrides)
        self._linked = self._evidence if linked is attributions else Gathering(course, linked)
        self._lost = lost_links(attributions, overrides)
        self._windows = {each.id: self._window(each) for each in course.sessions}
        self._required = {
            each.id: time_left(each, window.period if window else None)
            for each in course.sessions
            for window, _ in [self._windows[each.id]]
        }

    def rule(self, participant: str, session: Session) -> Ruling:
        """Judge what stands after the links, then let the other overrides act."""
        inputs = self._evidence.inputs(participant, session)
        mine = [each for each in self._overrides if self._concerns(each, participant, session)]
        window, worn = self._windows[session.id]
        stale = [each for each in mine if self._is_stale(each, inputs)]
        acting = [each for each in mine if each not in stale]
        # Who acts later upon the same person and session has looked at it again.
        stale = [each for each in stale if not any(_follows(it, each, mine) for it in acting)]
        segments = [each for each in acting if each.kind is OverrideKind.SEGMENT]
        stays = [*self._linked.stays(participant, session.id), *map(_segment_stay, segments)]
        decisions = [each for each in acting if each.kind is OverrideKind.DECISION]
        acts = [each for each in acting if each.kind is not OverrideKind.DECISION]
        return Ruling(
            judge_by(stays, session, self._limits, self._required[session.id]),
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
