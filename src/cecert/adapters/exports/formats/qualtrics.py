"""Qualtrics' CSV: three header rows, or two in the legacy export; the zone in the third.

Previews and tests of the form's author are no responses (docs/spec/inputs.md 5).
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.exports.formats.survey import Survey, questions_of, read_responses
from cecert.adapters.tables.bytes import unusable
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import EvaluationFile

__all__ = ["QUALTRICS"]

NAME = "qualtrics"
_ZONE = re.compile(r"""timeZone["']*\s*:\s*["']*(?P<zone>[^"',}]*)""")
_UTC = frozenset({"z", "utc", "gmt", "etc/utc", "etc/gmt", "zulu", "+00:00", "+0000"})
_LEGACY = re.compile(r"V\d+")
_TESTS = frozenset({"1", "2", "survey preview", "survey test"})


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the row of ids, which in the legacy export is the second."""
    found = synonyms.header(NAME, grid.head[:2], ("id", "ended"))
    return found if found is not None and "finished" in found else None


def read(job: Job, columns: Columns) -> EvaluationFile:
    """Read the responses below the header rows, without previews."""
    legacy = any(
        _LEGACY.fullmatch(row.cell(0)) for row in job.grid.head if row.line < columns.header.line
    )
    texts: dict[int, str] = {}
    rows: list[Row] = []
    zone, headers, previews = None, 2 if legacy else 1, 0
    for row in job.rows_below(columns.header):
        if "ImportId" in "".join(row.cells):
            headers += 1
            zone = _zone(job.facts.name, row)
        elif headers == 1 and not rows and not previews and _is_text(columns, row):
            headers += 1
            texts = dict(enumerate(row.cells))
        elif columns.cell(row, "status").casefold() in _TESTS:
            previews += 1
        else:
            rows.append(row)
    labels = [" ".join(each.split()) for each in columns.header.cells]
    survey = Survey(columns, questions_of(columns, labels), headers, zone, texts)
    return read_responses(job, survey, rows, previews)


def _is_text(columns: Columns, row: Row) -> bool:
    # The row of question texts: where responses have a date, it has words.
    return not any(each.isdigit() for each in columns.cell(row, "ended"))


def _zone(file: str, row: Row) -> str | None:
    """Return the zone that the row of ids states, None where it states none.

    Raises:
        InputError: If it states one that cannot be read: every time would be taken for another.
    """
    found = _ZONE.search(",".join(row.cells))
    stated = "" if found is None else found["zone"].strip()
    if not stated:
        return None
    if stated.casefold() in _UTC:
        return "UTC"
    try:
        # Without a slash it is an abbreviation, and EST may be Sydney's.
        return ZoneInfo(stated if "/" in stated else "").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problem = f"states the time zone {stated!r}, which is none that can be read"
        remedy = "export it again with times in UTC, or in a zone such as America/New_York"
        raise unusable(file, problem, remedy) from None


QUALTRICS = Format(NAME, find, read, answers=True)
