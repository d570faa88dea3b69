"""Google Forms: its own CSV, which states an offset, or the sheet's, which states nothing."""

from __future__ import annotations

from cecert.adapters.evidence.formats import Format, Job
from cecert.adapters.evidence.grids import Grid
from cecert.adapters.evidence.headers import Columns, Synonyms
from cecert.adapters.evidence.surveys import Survey, questions_of, read_responses
from cecert.domain.evidence.export import EvaluationFile

__all__ = ["GOOGLE_FORMS"]

NAME = "google_forms"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header, whose first cell is the timestamp."""
    first = next((row for row in grid.head if not row.is_blank), None)
    if first is None or synonyms.field(NAME, first.cell(0)) != "timestamp":
        return None
    return synonyms.columns(NAME, first) if len(first.cells) > 1 else None


def read(job: Job, columns: Columns) -> EvaluationFile:
    """Read the responses."""
    survey = Survey(columns, questions_of(columns), submitted=True)
    return read_responses(job, survey, job.rows_below(columns.header))


GOOGLE_FORMS = Format(NAME, find, read, answers=True)
