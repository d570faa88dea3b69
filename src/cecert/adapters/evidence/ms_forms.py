"""Microsoft Forms: a workbook, or the CSV that Excel made of it.

`anonymous` is no address: where sign-in is not required, a question asks for it.
"""

from __future__ import annotations

from cecert.adapters.evidence.formats import Format, Job
from cecert.adapters.evidence.grids import Grid
from cecert.adapters.evidence.headers import Columns, Synonyms
from cecert.adapters.evidence.surveys import Survey, questions_of, read_responses
from cecert.domain.evidence.export import EvaluationFile

__all__ = ["MS_FORMS"]

NAME = "ms_forms"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with start and completion time."""
    return synonyms.header(NAME, grid.head[:5], ("id", "started", "ended"))


def read(job: Job, columns: Columns) -> EvaluationFile:
    """Read the responses."""
    survey = Survey(columns, questions_of(columns), submitted=True)
    return read_responses(job, survey, job.rows_below(columns.header))


MS_FORMS = Format(NAME, find, read, answers=True)
