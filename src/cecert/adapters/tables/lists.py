"""Lists that an office keeps: completions, registrations, who did what.

Their header is the first row that holds anything, and their columns are known by name.
Every bad cell of a file is told at once: nobody is denied anything for what was not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cecert.adapters.tables.bytes import Source, unusable
from cecert.adapters.tables.cells import CellError, CellReader, cell_value
from cecert.adapters.tables.grids import DELIMITERS, CellProblem, Grid, Row
from cecert.adapters.tables.headers import folded, header_faults
from cecert.adapters.tables.openings import Opened, openings
from cecert.errors import Fault, InputError

__all__ = [
    "ListCells",
    "ListColumns",
    "ListTable",
    "list_table",
    "table_below",
]


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as text.

    Attributes:
        headers: As written, without empty ones at the end.
        rows: Without blank ones; each has a cell for each header.
        notes: What a person should see.
        row_word: `row`, or `line` for JSON Lines.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    row_word: str = "row"


def list_table(source: Source) -> ListTable:
    """Read a list in its likeliest encoding, by the delimiter that gives its header most cells.

    Raises:
        InputError: If it holds no table.
    """
    ways = list(openings(source))
    likeliest = [each for each in ways if each.encoding == ways[0].encoding]
    opened = max(likeliest, key=lambda each: _width(each.grid))
    header = next(filter(_says_something, opened.grid.exactly()), None)
    if header is None:
        raise unusable(source.name, "is empty")
    return table_below(header, opened)


def _width(grid: Grid) -> int:
    first = next(filter(_says_something, grid.silently()), None)
    return 0 if first is None else len(first.cells)


def _says_something(row: Row) -> bool:
    """Say whether a row may be a header: cut at another delimiter, padding is a cell."""
    return bool("".join(row.cells).strip(f"{''.join(DELIMITERS)} \r\n"))


def table_below(header: Row, opened: Opened, names: Mapping[int, str] | None = None) -> ListTable:
    """Return the table below a header, with what is wrong with its rows.

    Args:
        header: The header.
        opened: Where it stands.
        names: Other names of columns, by place.

    Raises:
        InputError: If the table cannot be read as CSV should be written.
    """
    headers = _without_empty_end(header.cells)
    below = [
        row
        for row in opened.grid.exactly()
        if row.line > header.line and (row.problems or not row.is_blank)
    ]
    used = max((len(_without_empty_end(row.cells)) for row in below), default=0)
    width = len(headers)
    return ListTable(
        headers=tuple((names or {}).get(place, each) for place, each in enumerate(headers)),
        rows=tuple(
            _fitted(row, width, opened.grid.misfit(row, width, min(used, width))) for row in below
        ),
        notes=tuple(f"{opened.grid.name}: {note}" for note in opened.notes),
        row_word=opened.row_word,
    )


def _without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    used = [place for place, each in enumerate(cells, 1) if each.strip()]
    return cells[: max(used, default=0)]


def _fitted(row: Row, width: int, misfit: CellProblem | None) -> Row:
    """Return a row of the header's width; what stands beside the table harms nobody."""
    problems = [each for each in row.problems if (each.place or 0) < width]
    problems += [] if misfit is None else [misfit]
    cells = (*row.cells, *[""] * width)[:width]
    return Row(row.line, cells, row.number or row.line, tuple(problems))


@dataclass(frozen=True, slots=True)
class ListColumns:
    """What a list must and may have.

    Attributes:
        needed: Columns without which it is not this list.
        readers: How each known column's cells are read.
        any_of: Columns of which at least one must be there; () for no such choice.
    """

    needed: tuple[str, ...]
    readers: Mapping[str, CellReader]
    any_of: tuple[str, ...] = ()

    def faults(self, headers: Sequence[str], file: str) -> Iterator[Fault]:
        """Yield what is wrong with a header."""
        yield from header_faults(file, headers, self.needed, self.readers)
        if self.any_of and not set(self.any_of) & {folded(each) for each in headers}:
            asked = " or ".join(self.any_of)
            yield Fault(f"{file}: header", "", f"there is no column {asked}")


@dataclass(slots=True)
class ListCells:
    """The good cells of a list, row by row, and the faults of the bad ones.

    Attributes:
        file: Its name.
        row_word: What a row is called.
        rows: Row number and values by column; a bad cell has no value.
        faults: Every bad cell.
        unknown: Columns that are not known, as written.
    """

    file: str
    row_word: str = "row"
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: ListTable, columns: ListColumns, file: str) -> ListCells:
        """Read all of *table*.

        Args:
            table: As text.
            columns: What it must and may have.
            file: Its name.

        Raises:
            InputError: If a column is missing or stands there twice, or there is no row.
        """
        if faults := tuple(columns.faults(table.headers, file)):
            raise InputError(f"{file} cannot be used", faults)
        if not table.rows:
            raise InputError(f"{file} has a header and no rows")
        names = [folded(each) for each in table.headers]
        places = {name: names.index(name) for name in columns.readers if name in names}
        strange = (each.strip() for each in table.headers if folded(each) not in columns.readers)
        cells = cls(file, table.row_word, unknown=tuple(each for each in strange if each))
        for row in table.rows:
            cells.rows.append((row.number, cells._values(row, places, columns.readers)))
        return cells

    def place(self, number: int) -> str:
        """Return where a row stands: `reg.csv: row 3`."""
        return f"{self.file}: {self.row_word} {number}"

    def _values(
        self, row: Row, places: Mapping[str, int], readers: Mapping[str, CellReader]
    ) -> dict[str, Any]:
        if whole := [each for each in row.problems if each.place is None]:
            self.faults += [_fault(self.place(row.number), each) for each in whole]
            return {}
        values = {}
        for name, place in places.items():
            try:
                values[name] = cell_value(row, place, readers[name])
            except CellError as error:
                where = f"{self.place(row.number)}, column {name}"
                self.faults.append(_fault(where, error.problem))
        return values


def _fault(place: str, found: CellProblem) -> Fault:
    return Fault(place, found.value, found.problem, found.remedy)
