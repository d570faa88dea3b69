"""Registration lists: Zoom's registration report, and any other list of people.

A list is known by what it has (names, addresses) and by what it has not: times. The
cells are kept by their headers, because credentials and licences stand in questions
that every office words its own way.
"""

from __future__ import annotations

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import email_of, full_name, name_of
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import RegistrantRow, RegistrationFile

__all__ = ["REGISTRATION"]

NAME = "registration"
_OTHERS = ("join", "attended", "timestamp")


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with a name and something that tells people apart."""
    for needed in (
        ("registered", "approval"),
        ("first_name", "last_name", "email"),
        ("name", "email"),
        ("name", "id"),
        ("first_name", "last_name", "id"),
        ("first_name", "email"),
    ):
        if (found := synonyms.header(NAME, grid.head, needed, _OTHERS)) is not None:
            return found
    return None


def read(job: Job, columns: Columns) -> RegistrationFile:
    """Read the people of the list, every cell kept by its header."""
    rows = tuple(_registrant(job, columns, row) for row in job.rows_below(columns.header))
    return RegistrationFile(job.facts_with(columns), rows)


def _registrant(job: Job, columns: Columns, row: Row) -> RegistrantRow:
    def cell(field: str) -> str:
        return columns.cell(row, field)

    job.stamps.read(cell("registered"), row.line, "registration time")
    headers = [each.strip() for each in columns.header.cells]
    full = full_name(cell("first_name"), cell("last_name"))
    return RegistrantRow(
        name=name_of(cell("name")) or full,
        email=email_of(cell("email")),
        status=cell("approval").casefold(),
        fields={each: row.cell(place) for place, each in enumerate(headers) if each},
        line=row.line,
    )


REGISTRATION = Format(NAME, find, read, answers=True)
