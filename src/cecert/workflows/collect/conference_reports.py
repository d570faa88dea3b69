"""Which sessions of a conference a report is of.

A report is of one room: of one session, or of several after each other; or each of its rows
says of which session it is. What its times do not tell is asked: where two sessions were at
the same time, a row of one room would else count in both. Who left a room late was not in
the next session for these minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cecert.domain.course.course import Course
from cecert.domain.course.session import Session, at_once
from cecert.domain.evidence.attendance import required_time
from cecert.domain.evidence.matching import Connection
from cecert.domain.evidence.rulings import sessions_of
from cecert.domain.values.wording import joined
from cecert.errors import Fault
from cecert.ports import SourceFile
from cecert.workflows.collect.report_times import Keep

__all__ = ["placed"]

Told = tuple[Sequence[str] | None, Sequence[str]]
"""What an operator says of a file's sessions, None for nothing; and the titles in the file."""


def placed(
    rows: Sequence[Connection], file: SourceFile, course: Course, told: Told, keep: Keep = tuple
) -> tuple[Sequence[Connection], tuple[Fault, ...]]:
    """Return the rows of a report with the sessions that it is of, or why these are not known.

    Args:
        rows: The report's, by time.
        file: The report.
        course: A conference.
        told: By what its sessions are known before its times are asked.
        keep: Keeps the rows.
    """
    stated, titles = told
    named = file.path or file.name
    if stated is not None:
        known = {each.id for each in course.sessions}
        if unknown := [each for each in stated if each not in known]:
            ids = ", ".join(each.id for each in course.sessions)
            return (), (Fault(named, ";".join(unknown), "is no session", f"one of {ids}"),)
        return keep(_within(rows, tuple(stated))), ()
    if any(each.stay.within for each in rows):
        return _by_column(rows, file, course, keep)
    found = _by_title(titles, course) or _by_time(rows, course)
    if at_once(found) is None:
        return keep(_within(rows, tuple(each.id for each in found))), ()
    choices = " or ".join(f"--session {named}={each.id}" for each in _clashing(found))
    names = joined([f"{each.title} ({each.id})" for each in _clashing(found)])
    problem = f"may be of {names}, which were at the same time"
    return (), (Fault(named, "", problem, f"say which: {choices}"),)


def _by_column(
    rows: Sequence[Connection], file: SourceFile, course: Course, keep: Keep
) -> tuple[Sequence[Connection], tuple[Fault, ...]]:
    """Return rows that each say of which session they are, by its id or title."""
    known = {_folded(name): each.id for each in course.sessions for name in (each.title, each.id)}
    ids = ", ".join(each.id for each in course.sessions)
    faults: list[Fault] = []

    def found() -> Iterator[Connection]:
        for row in rows:
            word = next(iter(row.stay.within), "")
            if session := known.get(_folded(word)) if word else None:
                yield from _within([row], (session,))
            else:
                place = f"{file.name}: line {row.stay.line}"
                faults.append(Fault(place, word, "is no session", f"by id or title: {ids}"))

    kept = keep(found())
    return kept, tuple(faults)


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _within(rows: Iterable[Connection], ids: tuple[str, ...]) -> Iterator[Connection]:
    return (replace(each, stay=replace(each.stay, within=ids)) for each in rows)


def _by_title(titles: Sequence[str], course: Course) -> list[Session]:
    """Return the sessions that a file's own title names."""
    named = {_folded(each) for each in titles if each}
    return [each for each in course.sessions if _folded(each.title) in named]


def _by_time(rows: Sequence[Connection], course: Course) -> list[Session]:
    """Return the sessions of which somebody was there for half; else all that rows touch."""
    found = [each for each in course.sessions if any(_is_half(row, each) for row in rows)]
    touched = {each.id for row in rows for each in sessions_of(row.stay, course.sessions)}
    return found or [each for each in course.sessions if each.id in touched]


def _is_half(row: Connection, session: Session) -> bool:
    if not sessions_of(row.stay, (session,)):
        return False  # a row without a leave would last for the rest of the day
    required = required_time(session)
    there = row.stay.possible(session.ended) & required
    return row.stay.counts and 2 * there.seconds >= required.seconds


def _clashing(sessions: Sequence[Session]) -> list[Session]:
    return [
        each
        for each in sessions
        if any(
            it is not each and it.began < each.ended and each.began < it.ended for it in sessions
        )
    ]
