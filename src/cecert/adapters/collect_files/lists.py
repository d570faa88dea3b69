"""Lists of who did what: attestations, post-tests, camera notes, completed evaluations.

Each row stands under an address or a participant id. A file that a survey platform wrote
is read by its own reader; these are the tables that an office keeps itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cecert.adapters.tables.cells import CellReader
from cecert.adapters.tables.date_columns import DateColumn, read_dates
from cecert.adapters.tables.headers import folded
from cecert.adapters.tables.lists import ListCells, ListColumns, ListTable
from cecert.domain.evidence.answers import Said, says
from cecert.domain.evidence.done import Done
from cecert.errors import Fault, InputError

__all__ = ["is_office_list", "read_list"]

KEYS = ("participant_id", "email")
BESIDE = ("name", "licenses", "further_emails")
"""Columns that are held against the keys."""

COMPLETED = "completed_on"
"""The column of a day: of a completion of its own, or of the post-test that stands beside it."""

MOMENTS = frozenset({"evaluation", "attestation", COMPLETED})
"""Columns that say when; they are read as a whole, because one cell cannot tell its order."""


def is_office_list(table: ListTable, column: str) -> bool:
    """Say whether a table is an office's own list with this column."""
    names = {folded(each) for each in table.headers}
    return column in names and bool(names & set(KEYS))


def read_list(
    table: ListTable,
    file: str,
    column: str,
    readers: Mapping[str, CellReader],
    zone: ZoneInfo,
    since: date | None = None,
) -> tuple[tuple[Done, ...], tuple[str, ...]]:
    """Read an office's list.

    Args:
        table: As text.
        file: Its name, for messages.
        column: `evaluation`, `attestation`, `completed_on`, `post_test`, `visible` or `fee_paid`.
        readers: How cells are read, by column.
        zone: The course's; times without an offset are local there.
        since: The course's first day, before which nothing is done; None where nobody says.

    Returns:
        A row for each of the list's, whether its cell says anything or not, and notes.

    Raises:
        InputError: If a column is missing or any cell is bad; all of them are named.
    """
    known: dict[str, CellReader] = {name: readers[name] for name in KEYS}
    if column in MOMENTS:
        known |= dict.fromkeys((column, "evaluation"), str)
    else:
        known[column] = readers[column]
    dated = column == "post_test" and COMPLETED in map(folded, table.headers)
    if dated:
        known[COMPLETED] = str
    # Most rows have one of the two keys, and an empty address is no bad cell here.
    known["email"] = lambda cell: readers["email"](cell) if cell else ""
    # What else says whose a row is; nothing is refused for it.
    known |= dict.fromkeys(BESIDE, str)
    cells = ListCells.of(table, ListColumns((column,), known, KEYS), file)
    moments = COMPLETED if dated else column if column in MOMENTS else ""
    read_as = tuple(_read_moments(cells, moments, zone, since)) if moments else ()
    done = []
    for number, values in cells.rows:
        place = cells.place(number)
        key = values.get("participant_id") or values.get("email")
        if not key:
            cells.faults += _keyless(place, cells)
        elif column in values:
            found = _done(key, column, values[column], place)
            if dated and isinstance(day := values.get(COMPLETED), date):
                found = replace(found, moment=day)
            done.append(_with_others(found, values))
    if cells.faults:
        count = len(cells.faults)
        raise InputError(f"{file} has {count} bad cells; nothing was written", tuple(cells.faults))
    return tuple(done), (*table.notes, *read_as)


def _read_moments(
    cells: ListCells, column: str, zone: ZoneInfo, since: date | None
) -> Iterator[str]:
    """Read a column of dates, or of yes and no beside a column that says when.

    Args:
        cells: The list's.
        column: The column's name.
        zone: The course's.
        since: The course's first day, None where nobody says.

    Returns:
        How its dates were read.
    """
    # A cell that was too long to be read has no value, and is told.
    words = [says(values.get(column, "")) for _, values in cells.rows]
    dated = [
        _date_of(values, column, said) for (_, values), said in zip(cells.rows, words, strict=True)
    ]
    found = read_dates(dated, zone)
    if since is not None and not _any_since(found, since):
        year_first = read_dates([_year_first(each) for each in dated], zone)
        found = year_first if _all_since(year_first, since) else found
    for (number, values), said, cell, moment, problem in zip(
        cells.rows, words, dated, found.moments, found.problems, strict=True
    ):
        place = f"{cells.place(number)}, column {column}"
        if problem:
            cells.faults.append(Fault(place, cell, problem))
        elif said is Said.YES and not cell:
            cells.faults.append(Fault(place, values[column], "does not say when", _WHEN))
        values[column] = said if said in {Said.NO, Said.BLANK} else moment
    return (f"{cells.file}: {each}" for each in found.notes(column, zone))


LATEST = timedelta(days=366)
"""How long after its first day a course's evaluations may come in, for telling their order."""

_YEAR_FIRST = re.compile(r"\d{2}([/.-])\d{1,2}\1\d{1,2}(?!\d)")


def _year_first(cell: str) -> str:
    """Return a date such as `20/10/30` with its whole year, anything else as it is."""
    return f"20{cell}" if _YEAR_FIRST.match(cell) else cell


def _since(found: DateColumn, since: date) -> list[bool]:
    days = (each.date() if isinstance(each, datetime) else each for each in found.moments)
    return [since <= each <= since + LATEST for each in days if each is not None]


def _any_since(found: DateColumn, since: date) -> bool:
    return not any(found.moments) or any(_since(found, since))


def _all_since(found: DateColumn, since: date) -> bool:
    return not any(found.problems) and all(_since(found, since))


_WHEN = "write the date, such as 2020-10-30, or give it in a column evaluation"


def _date_of(values: Mapping[str, Any], column: str, said: Said) -> str:
    """Return the cell that says when; "" where nothing was done, or nothing says when."""
    if said in {Said.NO, Said.BLANK}:
        return ""
    if said is Said.YES:
        return str(values.get("evaluation", "")) if column != "evaluation" else ""
    return str(values.get(column, ""))


def _keyless(place: str, cells: ListCells) -> list[Fault]:
    # A bad address was told as such, and so was a row that cannot be read at all.
    told = any(f"{each.place}, ".startswith(f"{place}, ") for each in cells.faults)
    return [] if told else [Fault(place, "", "has neither an address nor a participant_id")]


def _with_others(done: Done, values: Mapping[str, Any]) -> Done:
    """Return a row with all else in it that says whose it is."""
    name, licenses, further = (str(values.get(each) or "") for each in BESIDE)
    keys = (*(str(values.get(each) or "") for each in KEYS), *further.split(";"))
    return replace(
        done,
        further_keys=tuple(each for each in keys if each not in {"", done.key}),
        names=(name,) if name else (),
        licenses=tuple(each.strip() for each in licenses.split(";") if each.strip()),
    )


def _done(key: str, column: str, value: object, place: str) -> Done:
    if value is None or isinstance(value, Said):
        return Done(key, place=place, said=value if isinstance(value, Said) else Said.BLANK)
    kind = {"post_test": "score", "visible": "noted", "fee_paid": "noted"}.get(column, "moment")
    return Done(key, place=place, **{kind: value})  # type: ignore[arg-type] # by column
