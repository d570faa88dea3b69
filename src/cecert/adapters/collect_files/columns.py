"""Tables by their columns: which there are, which are missing, every bad cell at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from cecert.domain.values.spreadsheets import overlong
from cecert.errors import Fault, InputError
from cecert.ports import SourceTable

__all__ = ["Cells", "ListColumns", "folded"]

CellReader = Callable[[str], object]
"""Turns a cell into its value, or raises ValueError that continues the cell's place."""


def folded(header: str) -> str:
    """Return a header as columns are told apart: without case, blanks and dashes.

    >>> folded("Participant ID ")
    'participant_id'
    """
    return "_".join(header.replace("-", " ").replace("\ufeff", "").split()).casefold()


@dataclass(frozen=True, slots=True)
class ListColumns:
    """What a list must and may have.

    Attributes:
        needed: Columns without which it is not this list.
        any_of: Columns of which at least one must be there; () for no such choice.
        readers: How each known column's cells are read.
    """

    needed: tuple[str, ...]
    readers: Mapping[str, CellReader]
    any_of: tuple[str, ...] = ()

    def faults(self, headers: Sequence[str], file: str) -> list[Fault]:
        """Say what is wrong with a header."""
        names = [folded(each) for each in headers]
        faults = [
            Fault(f"{file}: header", "", f"the column {each} is missing", _near(each, names))
            for each in self.needed
            if each not in names
        ]
        if self.any_of and not set(self.any_of) & set(names):
            asked = " or ".join(self.any_of)
            faults.append(Fault(f"{file}: header", "", f"there is no column {asked}"))
        faults += [
            Fault(f"{file}: header", "", f"the column {name} stands there {times} times")
            for name, times in Counter(names).items()
            if times > 1 and name in self.readers
        ]
        return faults


def _near(name: str, names: Sequence[str]) -> str:
    found = get_close_matches(name, names, n=1, cutoff=0.7)
    return f"is it the column {found[0]}?" if found else ""


@dataclass(slots=True)
class Cells:
    """The good cells of a table, row by row, and the faults of the bad ones.

    Attributes:
        file: Its name.
        rows: Row number and values by column; a bad cell has no value.
        faults: Every bad cell.
        unknown: Columns that are not known, as written.
    """

    file: str
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: SourceTable, columns: ListColumns, file: str) -> Cells:
        """Read all of *table*.

        Raises:
            InputError: If a column is missing or stands there twice, or there is no row.
        """
        if faults := columns.faults(table.headers, file):
            raise InputError(f"{file} cannot be used", tuple(faults))
        if not table.rows:
            raise InputError(f"{file} has a header and no rows")
        names = [folded(each) for each in table.headers]
        places = {name: names.index(name) for name in columns.readers if name in names}
        strange = (each.strip() for each in table.headers if folded(each) not in columns.readers)
        cells = cls(file, unknown=tuple(each for each in strange if each))
        for number, row in table.rows:
            cells.rows.append((number, cells._values(number, row, places, columns.readers)))
        return cells

    def _values(
        self,
        number: int,
        row: Sequence[str],
        places: Mapping[str, int],
        readers: Mapping[str, CellReader],
    ) -> dict[str, Any]:
        values = {}
        for name, place in places.items():
            cell = unguarded(row[place].strip() if place < len(row) else "")
            try:
                values[name] = _read(cell, readers[name])
            except ValueError as error:
                where = f"{self.file}: row {number}, column {name}"
                self.faults.append(Fault(where, cell, str(error)))
        return values


def _read(cell: str, read: CellReader) -> object:
    if problem := overlong(cell):
        raise ValueError(problem)
    return read(cell)


def unguarded(cell: str) -> str:
    """Return *cell* without the apostrophe that keeps a spreadsheet from running it.

    >>> unguarded("'+1@example.org"), unguarded("'t Hooft")
    ('+1@example.org', "'t Hooft")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@"} else cell
