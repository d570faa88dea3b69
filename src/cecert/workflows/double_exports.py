"""Two exports of one meeting that differ, where neither says which meeting it is of.

Reports with a meeting's number and start are held against each other and refused
(`collect_checks`). Most have neither. But who is in two reports of one session at the
same time was hardly there twice, and where that is so of half of the people, the two
report one meeting: one of them is older, or was changed. Nothing is refused, because a
school may well run one session on two platforms; a person is told, and looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from cecert.domain.course.course import Course, Session
from cecert.domain.evidence.collection import Report
from cecert.domain.evidence.matching import Connection
from cecert.domain.evidence.rulings import sessions_of
from cecert.domain.values.intervals import Interval, Span

__all__ = ["double_exports"]

LEAST_PEOPLE, SHARE = 2, 0.5
"""People in two reports at once, and their share of the smaller, that make them one meeting's."""


def double_exports(reports: Sequence[Report], course: Course) -> Iterator[str]:
    """Name every two reports that seem to be of one meeting and have other rows."""
    for one, other in combinations(reports, 2):
        for session in course.sessions:
            mine, theirs = (_rows_of(each, session, course) for each in (one, other))
            if _is_part(mine, theirs):
                continue
            people, at_once = _people(mine), _people(theirs)
            both = [each for each in people if each in at_once and people[each] & at_once[each]]
            if len(both) >= max(LEAST_PEOPLE, SHARE * min(len(people), len(at_once))):
                yield (
                    f"{one.file.name} and {other.file.name} look like two exports of one meeting "
                    f"on {session.id}: {len(both)} people are in both at the same time, and the "
                    "rows differ. Both were counted together; if one is older or was changed, "
                    "collect again without it"
                )


def _rows_of(report: Report, session: Session, course: Course) -> list[Connection]:
    return [
        each
        for each in report.connections
        if not each.stay.waiting and session in sessions_of(each.stay, course.sessions)
    ]


def _is_part(mine: Sequence[Connection], theirs: Sequence[Connection]) -> bool:
    """Say whether one report has all rows of the other: then it only was made earlier."""
    marks, others = {each.mark for each in mine}, {each.mark for each in theirs}
    return marks <= others or others <= marks


def _people(rows: Sequence[Connection]) -> Mapping[str, Span]:
    pieces: Mapping[str, list[Interval]] = defaultdict(list)
    for each in rows:
        key = each.platform_id or each.email or each.shown_name
        pieces[key.casefold()] += each.stay.certain().intervals
    return {key: Span.union(held) for key, held in pieces.items()}
