"""Sessions at the same time: of a conference nobody is in two rooms at once.

Whoever was there for all that counts of both, by the reports and the limits of the rule, was
counted twice by mistake, or the sessions overlap by less than the limits allow to miss. Only
one of them can count, and no program can tell which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cecert.domain.course.session import Session
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.overrides import Ruling

__all__ = ["at_the_same_time", "told_parallel"]

Rulings = Mapping[tuple[str, str], Ruling]
"""By identity and session id."""


def told_parallel(rulings: Rulings) -> dict[tuple[str, str], Ruling]:
    """Return the rulings of a conference, with those in question that are met at the same time."""
    met: Mapping[str, list[Session]] = defaultdict(list)
    for (identity, _), ruling in rulings.items():
        if ruling.status is AttendanceStatus.MET:
            met[identity].append(ruling.attendance.session)
    others = {
        (identity, each.id): tuple(at_the_same_time(each, sessions))
        for identity, sessions in met.items()
        for each in sessions
    }
    return {
        key: replace(ruling, parallel=titles) if (titles := others.get(key)) else ruling
        for key, ruling in rulings.items()
    }


def at_the_same_time(session: Session, sessions: Sequence[Session]) -> Iterator[str]:
    """Yield the titles of other sessions that overlap one."""
    for each in sessions:
        if each is not session and each.began < session.ended and session.began < each.ended:
            yield each.title
