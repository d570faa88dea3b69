"""Why somebody met a session or did not: for the record, and to be read out.

The explanation is exact, in the course's local time, with file and line of every
connection. The sentence to read out says the same to the person concerned, without
codes and without blame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from cecert.domain.course.course import AttendanceRule
from cecert.domain.course.session import Break, Session
from cecert.domain.evidence.attendance import (
    GAPS_NOTE,
    POSSIBLE_NOTE,
    Absence,
    AbsenceKind,
    Attendance,
    AttendanceStatus,
    Estimate,
    Stay,
    is_jitter,
)
from cecert.domain.evidence.overrides import Ruling
from cecert.domain.values.durations import exact, spoken
from cecert.domain.values.intervals import Interval, Span
from cecert.domain.values.lately import Lately
from cecert.domain.values.wording import MONTHS, joined, spoken_clock

__all__ = [
    "day_of",
    "evidence_lines",
    "explain",
    "forget_explanations",
    "quoted",
    "say_why",
    "session_phrase",
]

OWN_AND_TOTAL = 2
"""Breaches of somebody who was away once, too long for the one limit and for the other."""

NO_PARTIAL = "and it gives no partial credit."
NO_PART_OF_IT = "and no session counts in part."
"""The same of a conference, whose sessions count one by one."""


def explain(ruling: Ruling) -> str:
    """Return the whole explanation of one session, its evidence last.

    Source: docs/spec/attendance.md 9.
    """
    return _EXPLAINED.of(ruling)


def _explained(ruling: Ruling) -> str:
    attendance = ruling.attendance
    day = attendance.session.start
    opening = f"{MONTHS[day.month - 1][:3]} {day.day}{_titled(attendance.session)}"
    sentences = [f"{opening}: {_presence(attendance)}"]
    if attendance.status is not AttendanceStatus.REVIEW:
        sentences += _course_of_events(attendance)
    sentences += [f"Note: {note}." for note in ruling.notes if note != POSSIBLE_NOTE]
    sentences += [f"{_act(each)}." for each in ruling.acts if each not in ruling.stale]
    if ruling.parallel:
        sentences.append(f"At the same time as {joined(ruling.parallel)}, which is met too.")
    if ruling.decision is not None or ruling.stale or ruling.status is AttendanceStatus.REVIEW:
        sentences.append(f"{ruling.label}.")
    if lines := evidence_lines(attendance.stays):
        sentences.append(f"Evidence: {lines}.")
    return " ".join(sentences)


_EXPLAINED = Lately(_explained, most=10_000)
"""Evidence and report say the same of the people of one page."""


def forget_explanations() -> None:
    """Let go of the explanations that are kept: nobody asks for those of these people again."""
    _EXPLAINED.clear()


def _act(override: object) -> str:
    text = str(override)
    return text[0].upper() + text[1:].rstrip(".")


def _presence(attendance: Attendance) -> str:
    required, sure = exact(attendance.required.seconds), attendance.least.counted.seconds
    most = attendance.most.counted.seconds
    if attendance.status is AttendanceStatus.NO_EVIDENCE:
        known = GAPS_NOTE not in attendance.notes
        return f"{'never' if known else 'not provably'} present in required time: NO EVIDENCE."
    if most == 0:
        return "never present in required time: NOT MET."
    if sure == most:
        return f"present {exact(sure)} of {required} required."
    certain = f"present {exact(sure)} for sure" if sure else "no time is sure"
    return f"{certain}, {exact(most)} {_condition(attendance)}, of {required} required."


def _condition(attendance: Attendance) -> str:
    doubtful = [each for each in attendance.stays if not each.sure and each.counts]
    names = dict.fromkeys(quoted(each.shown_name) for each in doubtful)
    return f"if {' and '.join(names)} counts" if names else "at most"


def quoted(name: str) -> str:
    """Return a display name in quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _course_of_events(attendance: Attendance) -> Iterator[str]:
    bound, rule = attendance.least, attendance.rule
    if not bound.counted:
        return
    zone = attendance.session.start.tzinfo
    longer = [each for each in bound.absences if not is_jitter(each, rule)]
    if not longer or longer[0].kind is not AbsenceKind.LATE:
        yield f"Joined {_clock(bound.presence.start, zone)}."
    for absence in longer:
        yield _absence(absence, attendance)
    if not longer:
        yield f"Left {_clock(bound.presence.end, zone)}{'' if bound.absences else ': MET'}."
    yield from _sums(bound, rule)


def _absence(absence: Absence, attendance: Attendance) -> str:
    rule, zone = attendance.rule, attendance.session.start.tzinfo
    left, back = _clock(absence.away.start, zone), _clock(absence.away.end, zone)
    within = _in_breaks(absence, attendance.session)
    lost = f"{exact(absence.seconds)}{within}"
    if absence.kind is AbsenceKind.LATE:
        said, limit = f"Joined {back}, {lost} late", rule.late_join
        return f"{said}. Limit {exact(limit)}: {_verdict(absence, limit)}."
    if absence.kind is AbsenceKind.EARLY:
        limit = rule.early_leave
        said = f"Left {left}: absent {lost}"
        return f"{said}. Limit {exact(limit)} at the end: {_verdict(absence, limit)}."
    limit = rule.gap_each
    said = f"Left {left}, back {back}: absent {exact(absence.seconds)} of required time"
    return f"{said}{within}. Limit {exact(limit)} per gap: {_verdict(absence, limit)}."


def _verdict(absence: Absence, limit: int) -> str:
    return "MET" if absence.seconds <= limit else "NOT MET"


def _in_breaks(absence: Absence, session: Session) -> str:
    zone = session.start.tzinfo
    parts = [
        f"{exact(lost.seconds)} fell into the break {_minute(pause.start, zone)}-"
        f"{_minute(pause.end, zone)}"
        for pause in session.breaks
        if (lost := _shared(absence.away, pause))
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def _shared(away: Interval, pause: Break) -> Span:
    return Span((away,)) & Span.between(pause.start, pause.end)


def _sums(bound: Estimate, rule: AttendanceRule) -> Iterator[str]:
    reconnects = [each.seconds for each in bound.absences if is_jitter(each, rule)]
    if reconnects:
        allowed = "MET" if sum(reconnects) <= rule.jitter_total else "added to the total"
        count = f"{len(reconnects)} reconnect{'' if len(reconnects) == 1 else 's'}"
        longest = f"of {'up to ' if len(set(reconnects)) > 1 else ''}{exact(max(reconnects))}"
        yield (
            f"{count} {longest} count{'s' if len(reconnects) == 1 else ''} as jitter, "
            f"{exact(sum(reconnects))} in all; limit {exact(rule.jitter_total)}: {allowed}."
        )
    for breach in bound.breaches:
        # One absence over its own limit has told this already.
        if breach.kind == "total" and (
            len(bound.breaches) != OWN_AND_TOTAL or len(bound.absences) > 1
        ):
            yield (
                f"Absent {exact(breach.seconds)} in all. "
                f"Limit {exact(breach.limit)} in all: NOT MET."
            )


# Thousands come and go in the same second of a meeting.
@lru_cache(maxsize=4_096)
def _clock(instant: datetime, zone: tzinfo | None) -> str:
    return instant.astimezone(zone).time().isoformat("seconds")


def _minute(instant: datetime, zone: tzinfo | None) -> str:
    return f"{instant.astimezone(zone):%H:%M}"


def evidence_lines(stays: Iterable[Stay]) -> str:
    """Return file and line of every connection: `oct22.csv lines 7, 31; phone.csv line 2`.

    >>> evidence_lines(())
    ''
    """
    sources = sorted({(each.file, each.line) for each in stays if each.file})
    groups = groupby(sources, key=itemgetter(0))
    return "; ".join([_lines(file, [line for _, line in group]) for file, group in groups])


def _lines(file: str, lines: Sequence[int]) -> str:
    word = "line" if len(lines) == 1 else "lines"
    return f"{file} {word} {', '.join(map(str, lines))}"


_NOT_FOUND = (
    "We find no connection of yours on {day}. If you were there under another name or address, "
    "tell us which."
)
_GAPS_HIDDEN = (
    "Of {day} we have only when you first came and last left, and that does not show whether you "
    "were there in between. The school has to prove your attendance in another way."
)
_ONLY_OUTSIDE = (
    "On {day} we find you only outside the time that counts. The course asks for all of it, "
    "{partial}"
)


def say_why(ruling: Ruling) -> tuple[str, ...]:
    """Return what to tell the person about a session not met; () where nothing denies.

    One sentence a breach of the rule, addressed to the person, on the 12-hour clock.
    """
    if ruling.status not in {AttendanceStatus.NOT_MET, AttendanceStatus.NO_EVIDENCE}:
        return ()
    attendance = ruling.attendance
    session = attendance.session
    day = session_phrase(session)
    if ruling.decision is not None:
        return (f"The school has decided that {day} does not count: {ruling.decision.why}.",)
    if ruling.status is AttendanceStatus.NO_EVIDENCE:
        if session.title and not attendance.stays:
            return ()  # nobody goes to all sessions of a conference
        told = _GAPS_HIDDEN if GAPS_NOTE in attendance.notes else _NOT_FOUND
        return (told.format(day=day),)
    if not attendance.most.counted:
        return (_ONLY_OUTSIDE.format(day=day, partial=_partial(session)),)
    return tuple(_say_breaches(attendance, day))


def _say_breaches(attendance: Attendance, day: str) -> Iterator[str]:
    rule = attendance.rule
    limits = {
        AbsenceKind.LATE: rule.late_join,
        AbsenceKind.EARLY: rule.early_leave,
        AbsenceKind.GAP: rule.gap_each,
    }
    over = [
        each
        for each in attendance.least.absences
        if not is_jitter(each, rule) and each.seconds > limits.get(each.kind, 0)
    ]
    for absence in over:
        yield _say_absence(absence, limits.get(absence.kind, 0), attendance.session, day)
    if over:
        return
    for breach in attendance.least.breaches:
        yield (
            f"Your absences on {day} add up to {spoken(breach.seconds)}; the course allows "
            f"{spoken(breach.limit)} in all, {_partial(attendance.session)}"
        )


def _say_absence(absence: Absence, limit: int, session: Session, day: str) -> str:
    zone = session.start.tzinfo
    left = spoken_clock(absence.away.start.astimezone(zone))
    back = spoken_clock(absence.away.end.astimezone(zone))
    length, allowed = spoken(absence.seconds), spoken(limit)
    paused = _in_breaks(absence, session)
    terms, partial = f"the course allows {allowed}", _partial(session)
    if absence.kind is AbsenceKind.LATE:
        missed = _MISSED if paused else ", {length} after the start. "
        return f"On {day} you came at {back}{_ending(missed, length, terms)}, {partial}"
    if absence.kind is AbsenceKind.EARLY:
        missed = _MISSED if paused else ", {length} before the end. "
        return f"On {day} you left at {left}{_ending(missed, length, terms)}, {partial}"
    pause = "Leaving out the break, that" if paused else "That"
    return (
        f"On {day} you were away from {left} to {back} {pause} is {length}; "
        f"{terms} at a time, {partial}"
    )


_MISSED = " Leaving out the break, you missed {length}; "


def _ending(missed: str, length: str, terms: str) -> str:
    # "p.m." ends a sentence with its own full stop.
    words = terms if missed == _MISSED else terms[0].upper() + terms[1:]
    return missed.format(length=length) + words


def _partial(session: Session) -> str:
    return NO_PART_OF_IT if session.title else NO_PARTIAL


def session_phrase(session: Session) -> str:
    """Name a session to people: by its day, and one of a conference by its title too.

    A conference has several a day: `April 3 (Grief in Families)`.
    """
    return f"{MONTHS[session.start.month - 1]} {session.start.day}{_titled(session)}"


def day_of(ruling: Ruling) -> str:
    """Return the day of a ruling's session, as people call it: `October 22`."""
    return session_phrase(ruling.attendance.session)


def _titled(session: Session) -> str:
    return f" ({session.title})" if session.title else ""
