"""Lists of who did what: attestations, post-tests, camera notes, completed evaluations.

Each row stands under an address or a participant id. A file that a survey platform wrote
is read by its own reader; these are the tables that an office keeps itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from cecert.adapters.collecting.columns import CellReader, Cells, Columns, folded
from cecert.domain.collection import Done
from cecert.errors import Fault, InputError
from cecert.ports import SourceTable

__all__ = ["MomentColumn", "MomentReader", "is_office_list", "read_list"]

KEYS = ("participant_id", "email")
MOMENTS = frozenset({"evaluation", "attestation"})
"""Columns that say when; they are read as a whole, because one cell cannot tell its order."""


class MomentColumn(Protocol):
    """A column of dates as read: one moment and one problem a cell, None and "" for none."""

    @property
    def moments(self) -> Sequence[date | datetime | None]:
        """The dates, or date-times."""
        ...

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong with each cell."""
        ...


class MomentReader(Protocol):
    """Reads a column of dates."""

    def __call__(self, cells: Sequence[str], /) -> MomentColumn:
        """Read cells without outer blanks."""
        ...


def is_office_list(table: SourceTable, column: str) -> bool:
    """Say whether a table is an office's own list with this column."""
    names = {folded(each) for each in table.headers}
    return column in names and bool(names & set(KEYS))


def read_list(
    table: SourceTable,
    file: str,
    column: str,
    readers: Mapping[str, CellReader],
    read_moments: MomentReader,
) -> tuple[Done, ...]:
    """Read an office's list.

    Args:
        table: As text.
        file: Its name, for messages.
        column: `evaluation`, `attestation`, `post_test` or `visible`.
        readers: How cells are read, by column.
        read_moments: How a column of dates is read.

    Returns:
        The rows whose cell says something.

    Raises:
        InputError: If a column is missing or any cell is bad; all of them are named.
    """
    known: dict[str, CellReader] = {name: readers[name] for name in KEYS}
    known[column] = str if column in MOMENTS else readers[column]
    # Most rows have one of the two keys, and an empty address is no bad cell here.
    known["email"] = lambda cell: readers["email"](cell) if cell else ""
    cells = Cells.of(table, Columns((column,), known, KEYS), file)
    if column in MOMENTS:
        _read_moments(cells, column, read_moments)
    done = []
    for number, values in cells.rows:
        place = f"{file}: row {number}"
        key = values.get("participant_id") or values.get("email")
        if not key:
            cells.faults += _keyless(place, cells)
        elif values.get(column) is not None:
            done.append(_done(key, column, values[column], place))
    if cells.faults:
        count = len(cells.faults)
        raise InputError(f"{file} has {count} bad cells; nothing was written", tuple(cells.faults))
    return tuple(done)


def _read_moments(cells: Cells, column: str, read: MomentReader) -> None:
    # A cell that was too long to be read has no value, and is told.
    found = read([values.get(column, "") for _, values in cells.rows])
    for (number, values), moment, problem in zip(
        cells.rows, found.moments, found.problems, strict=True
    ):
        if problem:
            place = f"{cells.file}: row {number}, column {column}"
            cells.faults.append(Fault(place, values[column], problem))
        values[column] = moment


def _keyless(place: str, cells: Cells) -> list[Fault]:
    # A bad address was told as such.
    told = any(each.place.startswith(f"{place}, ") for each in cells.faults)
    return [] if told else [Fault(place, "", "has neither an address nor a participant_id")]


def _done(key: str, column: str, value: object, place: str) -> Done:
    kind = {"post_test": "score", "visible": "noted"}.get(column, "moment")
    return Done(key, place=place, **{kind: value})  # type: ignore[arg-type] # by column
