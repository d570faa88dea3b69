"""Tables as files for people: CSV or an Excel workbook, by the end of the file's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from cecert.domain.values.spreadsheets import guarded
from cecert.errors import InputError
from cecert.office.papers.records import csv_text

__all__ = ["TableWriter", "csv_file", "table_writer"]

TableWriter: TypeAlias = Callable[[Sequence[str], Sequence[Sequence[str]]], bytes]
"""Makes a file of columns and rows, no cell of which a spreadsheet runs."""


def table_writer(path: Path, what: str) -> TableWriter:
    """Return what makes the content of a table's file, known by the end of its name.

    Args:
        path: The file.
        what: What the table is: `a roster`.

    Raises:
        InputError: If tables are not written so.
    """
    ending = path.suffix.lower()
    if ending in _WRITERS:
        return _WRITERS[ending]
    kind = f"{ending[1:].upper()} file" if ending else "file without an ending"
    raise InputError(
        f"{what} is not written as a {kind}: {path.name}",
        hint="name a .csv, or an .xlsx for Excel",
    )


def csv_file(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a table as a CSV file that Excel knows as UTF-8, by its byte order mark."""
    return ("\ufeff" + csv_text(columns, rows)).encode()


def _workbook(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    from cecert.adapters.tables.workbook_writer import workbook_of

    # As in CSV: saved as such, a cell must not become a formula.
    return workbook_of(columns, [[guarded(cell) for cell in row] for row in rows])


_WRITERS: dict[str, TableWriter] = {".csv": csv_file, ".xlsx": _workbook}
