"""Excel workbooks as rows of text: the values of the first visible sheet, nothing computed.

A workbook is a zip file full of XML from anywhere: its unpacked size is limited before
it is opened, and openpyxl reads it with defusedxml. What a reader could take for a value
and is none (a formula, a merged cell, an error) is refused, all such cells at once.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from cecert.adapters.tables.bytes import MOST_BYTES, Source, unusable
from cecert.adapters.tables.grids import HEAD_ROWS, MOST_CELLS, MOST_ROWS, Row
from cecert.errors import Fault, InputError

__all__ = ["SheetGrid", "read_workbook"]

MOST_PARTS = 1_000
"""Files in the largest workbook we open."""

PIECE = 65_536
"""Bytes of a part that are unpacked at once."""

MOST_FAULTS = 20
"""Cells named in one error; the rest are counted."""

_REFUSED = {"f": "holds a formula", "e": "holds an error of Excel's"}
"""What is wrong with a cell of that type of openpyxl's."""

_DAMAGE = (KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, EOFError)
"""What openpyxl and the XML parser raise for a part that is missing or makes no sense."""


class SheetGrid:
    """Rows of one sheet."""

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


def read_workbook(source: Source) -> tuple[SheetGrid, tuple[str, ...]]:
    """Read the first visible sheet of an `.xlsx` file; the notes say what was left out.

    Raises:
        InputError: If it is none, is too large, has macros, merged cells or formulas, or is
            damaged.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_unsafe(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles it does not keep
            return _first_sheet(source)
    except (BadZipFile, InvalidFileException, *_DAMAGE) as error:
        raise unusable(source.name, f"is a damaged workbook: {str(error)[:200]}") from error


def _refuse_unsafe(source: Source) -> None:
    try:
        with ZipFile(BytesIO(source.data)) as archive:
            parts = archive.infolist()
            _refuse_large(source, sum(each.file_size for each in parts), len(parts))
            names = [each.filename for each in parts]
            marked = [each for each in names if _holds(archive, each, b"<mergeCell ")]
            merged = any(each.startswith("xl/worksheets/sheet") for each in marked)
    except (BadZipFile, *_DAMAGE, OSError, RuntimeError) as error:
        raise unusable(source.name, "is no Excel workbook", "it may be cut off") from error
    if "xl/workbook.xml" not in names:
        raise unusable(source.name, "is a zip file, not an Excel workbook", "unpack it first")
    if any(each.endswith("vbaProject.bin") for each in names):
        raise unusable(source.name, "has a macro", "save it as .xlsx without macros, or as CSV")
    if merged:
        problem = "has merged cells: which row they belong to cannot be told"
        raise unusable(source.name, problem, "unmerge them, or export the table again")


def _holds(archive: ZipFile, part: str, mark: bytes) -> bool:
    """Go through a part, and say whether *mark* is in it.

    Piece by piece, and through every part before openpyxl reads any as a whole: what a
    file says of their sizes need not be so, and then the check of the part's end fails.
    """
    found, held = False, b""
    with archive.open(part) as file:
        while piece := file.read(PIECE):
            held = held[-len(mark) :] + piece
            found = found or mark in held
    return found


def _refuse_large(source: Source, unpacked: int, parts: int) -> None:
    if parts > MOST_PARTS or unpacked > MOST_BYTES:
        problem = f"unpacks to {parts} parts and {unpacked} bytes, which is too much"
        raise unusable(source.name, problem)


def _first_sheet(source: Source) -> tuple[SheetGrid, tuple[str, ...]]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(source.data), read_only=True, data_only=False)
    try:
        sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
        if not sheets:
            raise unusable(source.name, "has no visible sheet")
        sheet, *others = sheets
        sheet.reset_dimensions()  # the file's own claim may be a million rows of nothing
        rows = _rows(sheet.iter_rows(max_col=MOST_CELLS), source.name)
    finally:
        book.close()
    notes = (f"only sheet {sheet.title!r} was read",) if others else ()
    return SheetGrid(source.name, rows), notes


def _rows(sheet: Iterable[tuple[Any, ...]], name: str) -> Sequence[Row]:
    rows, faults = [], []
    for number, cells in enumerate(sheet, 1):
        if number > MOST_ROWS:
            raise unusable(name, f"has more than {MOST_ROWS} rows")
        for place, cell in enumerate(cells, 1):
            if problem := _REFUSED.get(cell.data_type, ""):
                where = f"{name}: row {number}, column {place}"
                # Without what it says: the cell may be somebody's answer.
                faults.append(Fault(where, "", problem, "put the value itself there"))
        rows.append(Row(number, tuple(_text(cell) for cell in cells)))
    if faults:
        raise InputError(f"{name} cannot be used: {len(faults)} cells", tuple(faults[:MOST_FAULTS]))
    return rows


def _text(cell: Any) -> str:  # noqa: ANN401  # one of openpyxl's three kinds of cell
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return _to_the_second(value).isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return f"{number.normalize():f}" if number.is_finite() else str(number)
    return "" if value is None else str(value)


def _to_the_second(value: datetime) -> datetime:
    # Excel keeps days as a float: a second comes back as 0.999999 of itself.
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)
