"""Canvas: the student analysis of a quiz, one row an attempt.

It has no address: people are known by Canvas' own id and by the registrar's. Behind each
question stands what it is worth, as a header; together that is the highest score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import email_of, name_of, number_of
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import EvaluationFile, EvaluationResponse

__all__ = ["QUIZ"]

NAME = "canvas_quiz"
_QUESTION = re.compile(r"\d+: ")


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header, which has the id and how many answers were right."""
    return synonyms.header(NAME, grid.head[:5], ("id", "ended", "correct", "score"))


def read(job: Job, columns: Columns) -> EvaluationFile:
    """Read the attempts; what was answered is not looked at."""
    out_of = Decimal(job.wishes.out_of) or sum(_worth(columns.header), Decimal()) or None
    rows = job.rows_below(columns.header)
    responses = tuple(_response(job, columns, row, out_of) for row in rows)
    notes = () if job.wishes.out_of else (_SUM.format(out_of),)
    return EvaluationFile(job.facts_with(columns, notes=notes), responses)


_SUM = (
    "scores are of {} points, the sum of its questions: where some are drawn, say out_of in a form"
)


def _worth(header: Row) -> Iterator[Decimal]:
    for place, cell in enumerate(header.cells[:-1]):
        if _QUESTION.match(cell.strip()):
            yield number_of(header.cell(place + 1)) or Decimal()


def _response(job: Job, columns: Columns, row: Row, out_of: Decimal | None) -> EvaluationResponse:
    ids = [cell for field in ("sis", "id", "login") if (cell := columns.cell(row, field))]
    keys = [email_of(each) or each for each in ids]
    return EvaluationResponse(
        response_id="",
        email=next(iter(keys), ""),
        name=name_of(columns.cell(row, "name")),
        submitted=job.stamps.read(columns.cell(row, "ended"), row.line, "submitted"),
        points=number_of(columns.cell(row, "score")),
        out_of=out_of,
        line=row.line,
        further_emails=tuple(keys[1:]),
    )


QUIZ = Format(NAME, find, read, answers=True)
