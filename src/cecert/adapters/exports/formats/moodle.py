"""Moodle: attempts of a quiz, activity completion, course completion.

The report of activities has a state and a time for each, and no header above the times. An
activity that was completed without the pass grade is not done, whatever its time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import email_of, full_name, name_of, number_of
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms, normalised
from cecert.domain.evidence.export import EvaluationFile, EvaluationResponse

__all__ = ["ACTIVITIES", "COURSE", "QUIZ"]

QUIZ_NAME, ACTIVITIES_NAME = "moodle_quiz", "moodle_activity_completion"
COURSE_NAME = "moodle_course_completion"

_GRADE = re.compile(r"(?:grade|bewertung|note|calificación|nota)/(?P<most>\d[\d.,]*)")
_DONE = re.compile(r"completed(?: \(achieved pass grade\)| \(set by .+\))?")
_UNDONE = re.compile(r"not completed(?: \(set by .+\))?|completed \(did not achieve pass grade\)")


def find_quiz(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with the address, both times, and the grade out of the highest."""
    columns = synonyms.header(QUIZ_NAME, grid.head[:5], ("email", "started", "ended"))
    return columns if columns is not None and _grade(columns.header) else None


def _grade(header: Row) -> tuple[int, Decimal] | None:
    """Return where the grade of the whole attempt stands, and the highest there is."""
    for place, cell in enumerate(header.cells):
        found = _GRADE.fullmatch(normalised(cell))
        most = number_of(found["most"]) if found else None
        if most:
            return place, most
    return None


def read_quiz(job: Job, columns: Columns) -> EvaluationFile:
    """Read the attempts; one that was not handed in has no time at which it was completed."""
    place, most = _grade(columns.header) or (0, Decimal(1))
    responses = []
    for row in job.rows_below(columns.header):
        ended = job.stamps.read(columns.cell(row, "ended"), row.line, "completed")
        email = email_of(columns.cell(row, "email"))
        if not email and ended is None:
            continue  # the averages below the last attempt
        points = number_of(row.cell(place))
        name = full_name(columns.cell(row, "first_name"), columns.cell(row, "last_name"))
        responses.append(
            EvaluationResponse(
                response_id="",
                email=email,
                name=name or name_of(columns.cell(row, "name")),
                submitted=ended,
                finished=ended is not None,
                complete=ended is not None and points is not None,
                points=points,
                out_of=most,
                line=row.line,
            )
        )
    return EvaluationFile(job.facts_with(columns), tuple(responses))


QUIZ = Format(QUIZ_NAME, find_quiz, read_quiz, answers=True)


def find_activities(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with a nameless first column and states below the activities."""
    columns = synonyms.header(ACTIVITIES_NAME, grid.head[:2], ("email",))
    if columns is None or columns.header.cell(0):
        return None
    below = [each for each in grid.head if each.line > columns.header.line]
    return columns if below and any(_states(columns, below[0])) else None


def _states(columns: Columns, row: Row) -> Iterator[tuple[bool, str]]:
    """Yield of each activity whether it is done, and the cell that says when."""
    for place in range(max(columns.places.values()) + 1, len(columns.header.cells)):
        state = normalised(row.cell(place))
        if _DONE.fullmatch(state) or _UNDONE.fullmatch(state):
            yield _DONE.fullmatch(state) is not None, row.cell(place + 1)


def read_activities(job: Job, columns: Columns) -> EvaluationFile:
    """Read who has done all activities of the report, and when the last of them."""
    responses = []
    for row in job.rows_below(columns.header):
        states = list(_states(columns, row))
        done = [each for is_done, each in states if is_done]
        times = [job.stamps.read(each, row.line, "completed") for each in done]
        complete = bool(states) and len(done) == len(states)
        name = name_of(row.cell(0))
        responses.append(_completed(columns, row, name, _latest(times) if complete else None))
    return EvaluationFile(job.facts_with(columns), tuple(responses))


def _latest(times: list[datetime | None]) -> datetime | None:
    known = [each for each in times if each is not None]
    return max(known) if known and len(known) == len(times) else None


ACTIVITIES = Format(ACTIVITIES_NAME, find_activities, read_activities, answers=True)


def find_course_completion(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with the address and the day on which the course was complete."""
    return synonyms.header(COURSE_NAME, grid.head[:5], ("email", "ended"))


def read_course_completion(job: Job, columns: Columns) -> EvaluationFile:
    """Read who has completed the course by Moodle's own criteria, and when."""
    responses = []
    for row in job.rows_below(columns.header):
        ended = job.stamps.read(columns.cell(row, "ended"), row.line, "course complete")
        responses.append(_completed(columns, row, name_of(columns.cell(row, "name")), ended))
    return EvaluationFile(job.facts_with(columns), tuple(responses))


def _completed(columns: Columns, row: Row, name: str, when: datetime | None) -> EvaluationResponse:
    return EvaluationResponse(
        response_id="",
        email=email_of(columns.cell(row, "email")),
        name=name,
        submitted=when,
        finished=when is not None,
        complete=when is not None,
        line=row.line,
    )


COURSE = Format(COURSE_NAME, find_course_completion, read_course_completion, answers=True)
