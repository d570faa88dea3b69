"""Why a session is still to be decided: the sentences that everybody reads.

The completion list, `decide`, the terminal and the report say the same of an open
question, because they all ask here; `say_why` does so for what is settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.explanation import day_of, quoted
from cecert.domain.evidence.matching import Attribution, Connection
from cecert.domain.evidence.overrides import Ruling
from cecert.domain.people.note_takers import is_note_taker
from cecert.domain.values.durations import exact
from cecert.domain.values.wording import joined

# Who looks for suggestions needs a library; who only tells them does not.
if TYPE_CHECKING:
    from cecert.domain.evidence.suggestions import Suggestion

__all__ = ["doubtful_rows", "doubts"]


def doubts(
    identity: str,
    ruling: Ruling,
    attributions: Sequence[Attribution],
    suggestions: Sequence[Suggestion],
) -> tuple[str, ...]:
    """Return why a session of one person is in REVIEW, as sentences; () where it is not.

    Args:
        identity: Whose.
        ruling: What stands for the person in the session.
        attributions: Every connection that is, or may be, this person's.
        suggestions: Connections of nobody's that may be this person's.
    """
    if ruling.status is not AttendanceStatus.REVIEW:
        return ()
    if ruling.parallel:
        return (_at_once(ruling),)
    mine = [each for each in suggestions if each.session == ruling.attendance.session.id]
    rows = [] if ruling.stale else doubtful_rows(ruling, attributions, mine)
    shared = [
        claim.why
        for each in attributions
        if each.connection in rows and len(each.claims) > 1
        for claim in each.claims
    ]
    if shared:
        return tuple(_shared(shared, rows))
    told = tuple(_whose(identity, ruling, attributions, mine, rows) if rows else _open(ruling))
    return told or (f"Whether {day_of(ruling)} counts is still to be decided.",)


def doubtful_rows(
    ruling: Ruling, attributions: Iterable[Attribution], suggestions: Iterable[Suggestion]
) -> list[Connection]:
    """Return the connections of a session that are only possibly the person's.

    Args:
        ruling: What stands for the person in the session.
        attributions: Every connection that is, or may be, this person's.
        suggestions: Connections of nobody's that may be this person's.
    """
    places = {f"{each.file}:{each.line}" for each in ruling.attendance.stays if not each.sure}
    claimed = [each.connection for each in attributions]
    hinted = [row for each in suggestions for row in each.connections]
    found = [each for each in (*claimed, *hinted) if each.place in places and each.stay.counts]
    return list({each.place: each for each in found}.values())


def _at_once(ruling: Ruling) -> str:
    titles = joined(ruling.parallel)
    return f"Attendance of {titles} is met too, at the same time; only one of them can count."


def _programs(rows: Sequence[Connection]) -> Iterator[str]:
    for name in dict.fromkeys(each.shown_name for each in rows):
        if is_note_taker(name):
            yield f"{quoted(name)} is a note-taker: a program, which may be there alone."


def _shared(reasons: Iterable[str], rows: Sequence[Connection]) -> Iterator[str]:
    for why in dict.fromkeys(reasons):
        yield f"The connection fits more than one person: {why}."
    yield from _programs(rows)
    yield "The platform cannot tell who sat at the screen; a camera log or a sign-in sheet can."


def _whose(
    identity: str,
    ruling: Ruling,
    attributions: Sequence[Attribution],
    suggestions: Sequence[Suggestion],
    rows: Sequence[Connection],
) -> Iterator[str]:
    claims = [
        claim.why
        for each in attributions
        if each.connection in rows
        for claim in each.claims
        if claim.participant == identity
    ]
    if sure := ruling.attendance.least.counted.seconds:
        yield f"Without it {exact(sure)} of {day_of(ruling)} are sure."
    else:
        yield f"There is no other connection on {day_of(ruling)}."
    yield from dict.fromkeys(reason for each in suggestions for reason in each.reasons)
    for why in dict.fromkeys(claims):
        yield f"It fits by {why}, which does not decide."
    yield from _programs(rows)
    if not any(row.email for row in rows):
        yield "There is no e-mail address with it."


def _open(ruling: Ruling) -> Iterator[str]:
    attendance = ruling.attendance
    for each in ruling.stale:
        yield f"{each.by} decided: {each.why.rstrip('.')}. The evidence has changed since."
    if ruling.decision is not None and not ruling.stale:
        yield f"{ruling.decision.by} wants it looked at: {ruling.decision.why.rstrip('.')}."
    if any(each.left is None for each in attendance.stays):
        yield "The report does not say when the connection ended."
    if any(each.is_bound for each in attendance.stays):
        yield "The report tells its first and last time alone: gaps between them cannot be seen."
    if any(each.joined[0] != each.joined[1] and not each.is_bound for each in attendance.stays):
        yield "The report's times are not exact enough to tell."
    low, high = attendance.least.counted.seconds, attendance.most.counted.seconds
    if low != high:
        required = exact(attendance.required.seconds)
        yield f"Present at least {exact(low)} and at most {exact(high)}, of {required} required."
