"""Google Forms: its own CSV, which states an offset, or the sheet's, which states nothing.

Microsoft Forms: a workbook, or the CSV that Excel made of it.

`anonymous` is no address: where sign-in is not required, a question asks for it.
"""

from __future__ import annotations

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.exports.formats.survey import Survey, questions_of, read_responses
from cecert.adapters.tables.grids import Grid
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import EvaluationFile

__all__ = ["GOOGLE_FORMS", "MS_FORMS"]

GOOGLE = "google_forms"


def find_google(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header, whose first cell is the timestamp."""
    first = next((row for row in grid.head if not row.is_blank), None)
    if first is None or synonyms.field(GOOGLE, first.cell(0)) != "timestamp":
        return None
    return synonyms.columns(GOOGLE, first) if len(first.cells) > 1 else None


def read(job: Job, columns: Columns) -> EvaluationFile:
    """Read the responses, one row each."""
    survey = Survey(columns, questions_of(columns), submitted=True)
    return read_responses(job, survey, job.rows_below(columns.header))


GOOGLE_FORMS = Format(GOOGLE, find_google, read, answers=True)


MICROSOFT = "ms_forms"


def find_microsoft(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with start and completion time."""
    return synonyms.header(MICROSOFT, grid.head[:5], ("id", "started", "ended"))


MS_FORMS = Format(MICROSOFT, find_microsoft, read, answers=True)
