"""A table as rows of text cells, whatever kind of file it was in.

A grid is read again each time it is gone through, so that a long export is never held
in memory as cells.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from itertools import chain, islice
from typing import Protocol

from cecert.adapters.tables.bytes import Text, unusable

__all__ = ["DELIMITERS", "HEAD_ROWS", "MOST_ROWS", "Grid", "Progress", "Row", "TextGrid"]

MOST_ROWS = 250_000
"""Rows of the longest export we read."""

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
class Row:
    """One row; `line` is where it begins in the file, from 1."""

    line: int
    cells: tuple[str, ...]

    def cell(self, place: int | None) -> str:
        """Return a cell without outer blanks, "" where the row is too short or has no such."""
        return self.cells[place].strip() if place is not None and place < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(each.strip() for each in self.cells)


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


def _told_nobody(_done: int, _total: int) -> None:
    """Take note of nothing."""


class TextGrid:
    """Rows of delimited text.

    Quotes are read as spreadsheets write them; a quote that is never closed is an error,
    because it would swallow the rest of the file without a word.
    """

    def __init__(
        self, name: str, text: Text, delimiter: str, progress: Progress = _told_nobody
    ) -> None:
        """Take the text; *progress* is told while it is gone through."""
        self.name = name
        self.delimiter = delimiter
        self._text = text.text
        self._progress = progress
        self._lines = self._text.count("\n") or self._text.count("\r")

    @cached_property
    def head(self) -> Sequence[Row]:
        """Return the first rows."""
        return tuple(islice(self._rows(), HEAD_ROWS))

    def __iter__(self) -> Iterator[Row]:
        """Go through all rows."""
        for number, row in enumerate(self._rows(), 1):
            if number % STEP == 0:
                self._progress(number, max(self._lines, number))
            if number > MOST_ROWS:
                raise unusable(self.name, f"has more than {MOST_ROWS} rows")
            yield row

    def silently(self) -> Iterator[Row]:
        """Go through all rows without a word of progress."""
        return self._rows()

    def _rows(self) -> Iterator[Row]:
        lines = chain(StringIO(self._text, newline=""), [_END])
        reader = csv.reader(lines, delimiter=self.delimiter)
        begins = 1
        try:
            for cells in reader:
                if cells and cells[-1].endswith(_END):
                    self._refuse_open_quote(cells, begins)
                    continue
                self._refuse_wide(cells, begins)
                yield Row(begins, tuple(cells))
                begins = reader.line_num + 1
        except csv.Error as error:
            problem = f"has a cell in line {begins} that has no end: {error}"
            raise unusable(self.name, problem, "a quote may be open") from error

    def _refuse_open_quote(self, cells: Sequence[str], line: int) -> None:
        if cells != [_END]:
            problem = f"has a quote in line {line} that is never closed"
            raise unusable(self.name, problem, "the file may be cut off")

    def _refuse_wide(self, cells: Sequence[str], line: int) -> None:
        if len(cells) > MOST_CELLS:
            raise unusable(self.name, f"has {len(cells)} cells in line {line}")


_END = "\0"
"""Follows the last line: no text has it any more, and only an open quote can swallow it."""
