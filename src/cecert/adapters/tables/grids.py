"""A table as rows of text cells, whatever kind of file it was in.

A grid is read again each time it is gone through, so that a long export is never held
in memory as cells. An export is read as spreadsheets read it; a list that an office keeps
is read exactly, because its words are printed and a quote out of place shifts them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from itertools import chain, islice
from typing import Any, Protocol

from cecert.adapters.tables.bytes import MOST_BYTES, Text, unusable
from cecert.domain.values.quick_making import quickly_made

__all__ = [
    "DELIMITERS",
    "HEAD_ROWS",
    "MOST_CELLS",
    "MOST_ROWS",
    "CellProblem",
    "Grid",
    "HeldGrid",
    "Progress",
    "Row",
    "TextGrid",
    "delimited",
]

MOST_ROWS = 250_000
"""Rows of the longest table we read."""

MOST_CELLS = 1_000
"""Cells of the widest row: an evaluation has a column a question."""

HEAD_ROWS = 40
"""Rows in which a header is looked for: meeting blocks have fewer than ten."""

DELIMITERS = (",", "\t", ";")
STEP = 10_000
"""Rows between two calls of a progress callback."""

Progress = Callable[[int, int], None]
"""Told rows done and rows in all, about."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is no text, number, date, or yes and no, and where it stands.

    Attributes:
        place: Its place in the row, from 0; None for the row as a whole.
        value: What stands there.
        problem: What is wrong with it.
        remedy: What would be right, or "".
        in_lists: It is wrong in a list that an office keeps alone: a platform writes times
            of day without a date (Google Meet), a list means days.
    """

    place: int | None
    value: str
    problem: str
    remedy: str = ""
    in_lists: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, its cells as text.

    Attributes:
        line: Where it begins in the file, from 1; of a workbook its row.
        cells: As text.
        number: The one a spreadsheet shows, 0 where none does.
        problems: Cells that could not be made text.
    """

    line: int
    cells: tuple[str, ...]
    number: int = 0
    problems: tuple[CellProblem, ...] = ()

    def cell(self, place: int | None) -> str:
        """Return a cell without outer blanks, "" where the row is too short or has no such."""
        return self.cells[place].strip() if place is not None and place < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(map(str.strip, self.cells))


class Grid(Protocol):
    """Rows that can be gone through again and again.

    Attributes:
        name: The file's, for messages.
        head: The first rows.
    """

    name: str

    @property
    def head(self) -> Sequence[Row]:
        """Return the first rows, blank ones included."""
        ...

    def __iter__(self) -> Iterator[Row]:
        """Go through all rows, blank ones included."""
        ...

    def silently(self) -> Iterator[Row]:
        """Go through all rows as going through them does, and tell nobody how far it is."""
        ...

    def exactly(self) -> Iterator[Row]:
        """Go through all rows; what stands in quotes must be quoted as CSV says.

        Raises:
            InputError: If it is not, or there are too many rows.
        """
        ...

    def may_hold(self, characters: int) -> bool:
        """Say whether some cell may have more than so many characters."""
        ...

    def misfit(self, row: Row, width: int, used: int) -> CellProblem | None:
        """Return what is wrong with the number of a row's cells, None where nothing is.

        Args:
            row: The row.
            width: Cells of the header.
            used: Columns up to the last that any row fills.
        """
        ...


class HeldGrid:
    """Rows that are held in memory: a workbook's, or those of JSON."""

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        """Take the rows as read."""
        self.name = name
        self._rows = rows

    @property
    def head(self) -> Sequence[Row]:
        """Return the first rows."""
        return self._rows[:HEAD_ROWS]

    def __iter__(self) -> Iterator[Row]:
        """Go through all rows."""
        return iter(self._rows)

    def silently(self) -> Iterator[Row]:
        """Go through all rows."""
        return iter(self._rows)

    def exactly(self) -> Iterator[Row]:
        """Go through all rows."""
        return iter(self._rows)

    def may_hold(self, characters: int) -> bool:  # noqa: ARG002 - of Grid
        """Say that some cell may be as long: who looks at them sees it."""
        return True

    def misfit(self, row: Row, width: int, used: int) -> CellProblem | None:  # noqa: ARG002 - of Grid
        """Return the first cell to the right of the header; blank ones end any row.

        Args:
            row: The row.
            width: Cells of the header.
            used: Cells of the longest row, the header's at most.
        """
        beyond = [each for each in row.cells[width:] if each.strip()]
        problem = "has cells to the right of the header"
        return CellProblem(None, beyond[0], problem) if beyond else None


def delimited(name: str, text: Text, progress: Progress | None = None) -> Iterator[TextGrid]:
    """Yield every way to cut a text into cells, commas first.

    A first line such as `sep=;`, which tells Excel the delimiter, is no row, and is believed
    where the line below it has that delimiter.

    Args:
        name: The file's, for messages.
        text: The text.
        progress: Told while a grid is gone through.
    """
    told = progress or _told_nobody
    found = _SEP_LINE.match(text.text)
    if found is None:
        for each in DELIMITERS:
            yield TextGrid(name, text.text, each, told)
        return
    rest, stated = text.text[found.end() :], found["delimiter"]
    below = rest.lstrip("\r\n").splitlines()[:1]
    for each in (stated,) if stated and stated in "".join(below) else DELIMITERS:
        yield TextGrid(name, rest, each, told, first_line=2)


_SEP_LINE = re.compile(
    # In quotes, and padded, where a spreadsheet has taken the line for a row.
    r'[ \t]*"?sep=(?P<delimiter>[^\w\s"]|\t)?"?[,;\t ]*(?:\r\n|\r|\n|\Z)',
    re.IGNORECASE,
)


def _told_nobody(_done: int, _total: int) -> None:
    """Take note of nothing."""


class TextGrid:
    """Rows of delimited text.

    Quotes are read as spreadsheets write them; a quote that is never closed is an error,
    because it would swallow the rest of the file without a word.
    """

    def __init__(
        self,
        name: str,
        text: str,
        delimiter: str,
        progress: Progress = _told_nobody,
        first_line: int = 1,
    ) -> None:
        """Take a text.

        Args:
            name: The file's, for messages.
            text: Without NUL characters.
            delimiter: Between two cells.
            progress: Told while the text is gone through.
            first_line: The line of the file on which the text begins.
        """
        self.name = name
        self.delimiter = delimiter
        self._text = text
        self._progress = progress
        self._before = first_line - 1
        self._lines = self._text.count("\n") or self._text.count("\r")

    @cached_property
    def head(self) -> Sequence[Row]:
        """Return the first rows."""
        return tuple(islice(self._rows(), HEAD_ROWS))

    def __iter__(self) -> Iterator[Row]:
        """Go through all rows."""
        for row in self._counted(self._rows()):
            if row.number % STEP == 0:
                self._progress(row.number, max(self._lines, row.number))
            yield row

    def silently(self) -> Iterator[Row]:
        """Go through all rows without a word of progress."""
        return self._rows()

    def exactly(self) -> Iterator[Row]:
        """Go through all rows; a quote within a cell is an error, because it shifts words."""
        return self._counted(self._rows(strict=True))

    def may_hold(self, characters: int) -> bool:
        """Say whether some cell may be as long: without quotes none is longer than its line."""
        lines = _lines_of(self._text)
        return '"' in self._text or any(len(each) > characters for each in lines)

    def misfit(self, row: Row, width: int, used: int) -> CellProblem | None:
        """Return that a row is longer than the header, or lacks a column that another fills.

        A spreadsheet leaves the delimiters of empty last columns out.

        Args:
            row: The row.
            width: Cells of the header.
            used: Cells of the longest row, the header's at most.
        """
        cells = len(row.cells)
        if used <= cells and not any(each.strip() for each in row.cells[width:]):
            return None
        problem = f"has {cells} cells, the header has {width}"
        return CellProblem(None, "", problem, "a cell with a delimiter in it stands in quotes")

    def _counted(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            if row.number > MOST_ROWS:
                raise unusable(self.name, f"has more than {MOST_ROWS} rows")
            yield row

    def _rows(self, *, strict: bool = False) -> Iterator[Row]:
        lines = chain(_lines_of(self._text), [_END])
        reader = csv.reader(lines, delimiter=self.delimiter, strict=strict)
        begins, number = 1, 1
        while batch := _Batch(reader):
            for cells, ends in batch.rows:
                line = self._before + begins
                if cells and cells[-1].endswith(_END):
                    self._refuse_open_quote(cells, line)
                    continue
                self._refuse_wide(cells, line)
                yield Row(line, tuple(cells), number)
                begins, number = ends + 1, number + 1
            if batch.error is not None:
                problem = f"row {number} cannot be read: {batch.error}"
                remedy = "a quote is open, or stands inside a cell"
                raise unusable(self.name, problem, remedy) from batch.error

    def _refuse_open_quote(self, cells: Sequence[str], line: int) -> None:
        if cells != [_END]:
            problem = f"has a quote in line {line} that is never closed"
            raise unusable(self.name, problem, "the file may be cut off")

    def _refuse_wide(self, cells: Sequence[str], line: int) -> None:
        if len(cells) > MOST_CELLS:
            raise unusable(self.name, f"has {len(cells)} cells in line {line}")


_END = "\0"
"""Follows the last line: no text has it any more, and only an open quote can swallow it."""


def _lines_of(text: str) -> Iterator[str]:
    """Go through the lines of a text with their ends, whichever these are."""
    begun = 0
    while begun < len(text):
        # A StringIO holds four bytes for each character: it never has the whole of a long text.
        ended = text.rfind("\n", begun, begun + _PIECE) + 1 or text.find("\n", begun) + 1
        yield from StringIO(text[begun : ended or None], newline="")
        begun = ended or len(text)


_PIECE = 65_536
"""Characters that are cut into lines at once."""


class _Batch:
    """The next rows of a reader, however long their cells.

    Attributes:
        rows: The cells of each, and the line it ends on.
        error: Why the row after them cannot be read, None where it can, or there is none.
    """

    def __init__(self, reader: Any) -> None:  # noqa: ANN401 - what csv.reader returns
        self.rows: list[tuple[list[str], int]] = []
        self.error: csv.Error | None = None
        # The module's own limit stops at the first long cell; ours are told all at once.
        before = csv.field_size_limit(MOST_BYTES)
        try:
            for cells in islice(reader, _BATCH):
                self.rows.append((cells, reader.line_num))
        except csv.Error as error:
            self.error = error
        finally:
            csv.field_size_limit(before)

    def __bool__(self) -> bool:
        return bool(self.rows) or self.error is not None


_BATCH = 256
"""Rows for which the limit is lifted once."""
