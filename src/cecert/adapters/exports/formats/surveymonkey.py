"""SurveyMonkey: one header row, or two; partial answers are among the responses.

In the second header row stand the choices of a question that has a column for each;
the first row then repeats its text, or leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.exports.formats.survey import Survey, questions_of, read_responses
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms, normalised
from cecert.domain.evidence.export import EvaluationFile

__all__ = ["SURVEYMONKEY"]

NAME = "surveymonkey"
_CHOICES = frozenset({"response", "open-ended response"})


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with the respondent and the collector or a start date."""
    for other in ("collector", "started"):
        if found := synonyms.header(NAME, grid.head[:5], ("id", other)):
            return found
    bare = synonyms.header(NAME, grid.head[:1], ("id",))
    return bare if bare is not None and _has_choices(bare, grid.head[1:2]) else None


def _has_choices(columns: Columns, below: Sequence[Row]) -> bool:
    """Say whether the second row is SurveyMonkey's: no respondent, and its own words."""
    return any(
        not columns.cell(row, "id") and _CHOICES & set(map(normalised, row.cells)) for row in below
    )


def read(job: Job, columns: Columns) -> EvaluationFile:
    """Read the responses below one header row, or two."""
    rows = list(job.rows_below(columns.header))
    choices = rows[0] if rows and not columns.cell(rows[0], "id") else None
    survey = Survey(
        columns,
        questions_of(columns, _labels(columns, choices)),
        1 if choices is None else 2,
        texts={} if choices is None else dict(enumerate(choices.cells)),
        choices={} if choices is None else dict(_choices(choices)),
    )
    return read_responses(job, survey, rows if choices is None else rows[1:])


def _choices(row: Row) -> Iterator[tuple[int, str]]:
    """Yield what a column is a choice of; `Response` says that it holds the answer itself."""
    for place, cell in enumerate(row.cells):
        if normalised(cell) not in _CHOICES:
            yield place, cell


def _labels(columns: Columns, choices: Row | None) -> list[str]:
    """Return what each column asks: a blank cell goes on with the question before it."""
    labels: list[str] = []
    for place, cell in enumerate(columns.header.cells):
        text = " ".join(cell.split())
        choice = "" if choices is None else choices.cell(place)
        labels.append(text or (labels[-1] if labels and choice else ""))
    return labels


SURVEYMONKEY = Format(NAME, find, read, answers=True)
