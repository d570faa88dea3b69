"""A completion list as a table of text, whatever kind of file it was.

The three kinds (CSV, Excel workbook, JSON Lines) become one shape here, so that a cell
means the same in each. What a kind cannot turn into text (a formula, an object) is
kept as a trouble of its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cecert.errors import Fault, InputError

__all__ = [
    "MOST_COLUMNS",
    "MOST_ROWS",
    "CellError",
    "ListRow",
    "ListTable",
    "read_bytes",
    "unusable",
]

MOST_BYTES = 64_000_000
"""Bytes of the largest file we read; 100,000 people take about 20 million."""

MOST_ROWS = 200_000
"""Rows of the longest list."""

MOST_COLUMNS = 200
"""Columns of the widest list."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that is no text, number, date, or yes and no.

    Attributes:
        column: Its place in the row, from 0; None for the row as a whole.
        value: What stands there.
        problem: What is wrong with it.
        remedy: What would be right, or "".
    """

    column: int | None
    value: str
    problem: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row; `number` is the one Excel shows (the header is row 1), or the line's."""

    number: int
    cells: tuple[str, ...]
    troubles: tuple[CellError, ...] = ()


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as text.

    Attributes:
        headers: As written.
        rows: Without blank ones.
        notes: What a person should see.
        row_word: `row`, or `line` for JSON Lines.
    """

    headers: tuple[str, ...]
    rows: tuple[ListRow, ...]
    notes: tuple[str, ...] = ()
    row_word: str = "row"


def read_bytes(path: Path) -> bytes:
    """Return the file's content.

    Raises:
        InputError: If it cannot be read, is empty, or is larger than `MOST_BYTES`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise unusable(path, f"cannot be read: {error.strerror}") from error
    if not content.strip():
        raise unusable(path, "is empty")
    if len(content) > MOST_BYTES:
        raise unusable(path, f"has more than {MOST_BYTES} bytes")
    return content


def unusable(path: Path, problem: str, remedy: str = "") -> InputError:
    """Return the error that the file as a whole cannot be used."""
    return InputError(f"{path} cannot be used", (Fault(path.name, "", problem, remedy),))
