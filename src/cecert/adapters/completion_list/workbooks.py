"""Excel workbooks: the first sheet's values, and nothing that computes.

A workbook is a zip file full of XML from anywhere, so its unpacked size is limited
before it is opened, and openpyxl reads it with defusedxml, which refuses entities.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cecert.adapters.completion_list.tables import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    CellError,
    ListRow,
    ListTable,
    unusable,
)

__all__ = ["read_workbook"]

MOST_PARTS = 1_000
"""Files in the largest workbook we open."""

_REFUSED = {"f": "holds a formula", "e": "holds an error of Excel's"}
"""What is wrong with a cell of that type of openpyxl's."""


PIECE = 65_536
"""Bytes of a part that are unpacked at once."""


def read_workbook(content: bytes, path: Path) -> ListTable:
    """Read the first visible sheet of an `.xlsx` file.

    Raises:
        InputError: If it is none, would unpack to more than `MOST_BYTES`, or is damaged.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_bombs(content, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles it does not keep
            _go_through(content)
            return _table(content, path)
    except (InvalidFileException, *_DAMAGE) as error:
        raise unusable(path, f"is a damaged workbook: {str(error)[:200]}") from error


_DAMAGE = (
    LookupError, ValueError, TypeError, AttributeError, SyntaxError, EOFError, OSError,
    ArithmeticError, RuntimeError, zlib.error, BadZipFile,
)  # fmt: skip
"""What zipfile, the XML parser and openpyxl raise for parts that are missing or senseless."""


def _refuse_bombs(content: bytes, path: Path) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except _DAMAGE as error:
        raise unusable(
            path, "is no Excel workbook (.xlsx)", "it may have a password, or be an old .xls"
        ) from error
    unpacked = sum(each.file_size for each in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_BYTES:
        raise unusable(
            path, f"unpacks to {len(parts)} parts and {unpacked} bytes, which is too much"
        )


def _go_through(content: bytes) -> None:
    """Read every part piece by piece, before openpyxl reads any as a whole.

    What a file says of their sizes need not be so; then the check of a part's end fails.
    """
    with ZipFile(BytesIO(content)) as archive:
        for each in archive.infolist():
            with archive.open(each) as part:
                while part.read(PIECE):
                    pass


def _table(content: bytes, path: Path) -> ListTable:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=False)
    try:
        sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
        if not sheets:
            raise unusable(path, "has no visible sheet")
        sheet, *others = sheets
        sheet.reset_dimensions()  # the file's own claim may be a million rows of nothing
        rows = list(_rows(sheet.iter_rows(max_col=MOST_COLUMNS), path))
    finally:
        book.close()
    if not rows:
        raise unusable(path, "is empty")
    headers = _without_empty_end(rows[0].cells)
    notes = (f"{path.name}: only sheet {sheet.title!r} was read",) if others else ()
    return ListTable(headers, tuple(_cut(row, len(headers)) for row in rows[1:]), notes)


def _rows(sheet: Iterable[tuple[Any, ...]], path: Path) -> Iterator[ListRow]:
    for number, cells in enumerate(sheet, 1):
        if number > MOST_ROWS:
            raise unusable(path, f"has more than {MOST_ROWS} rows")
        if used := [(place, cell) for place, cell in enumerate(cells) if cell.value is not None]:
            row = _row(number, used)
            if row.troubles or any(map(str.strip, row.cells)):
                yield row


def _row(number: int, used: Sequence[tuple[int, Any]]) -> ListRow:
    texts = [""] * (used[-1][0] + 1)
    troubles = []
    for place, cell in used:
        text, problem = _text(cell)
        if problem:
            troubles.append(CellError(place, text, problem, "put the value itself there"))
        else:
            texts[place] = text
    return ListRow(number, tuple(texts), tuple(troubles))


def _without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    used = [place for place, each in enumerate(cells, 1) if each.strip()]
    return cells[: max(used, default=0)]


def _cut(row: ListRow, width: int) -> ListRow:
    beyond = [each for each in row.cells[width:] if each.strip()]
    troubles = [each for each in row.troubles if (each.column or 0) < width]
    if beyond:
        troubles.append(CellError(None, beyond[0], "has cells to the right of the header"))
    return ListRow(row.number, (*row.cells, *[""] * width)[:width], tuple(troubles))


def _text(cell: Any) -> tuple[str, str]:  # noqa: ANN401  # one of openpyxl's three kinds of cell
    """Return the cell's text, and what is wrong with it or ""."""
    if problem := _REFUSED.get(cell.data_type, ""):
        return str(cell.value), problem
    if isinstance(cell.value, time | timedelta):
        return str(cell.value), "is a time of day without a date"
    return _written(cell.value, cell), ""


def _written(value: object, cell: Any) -> str:  # noqa: ANN401  # see _text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return str(value)


def _day(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.time() == time():
        return value.date().isoformat()
    return value.replace(microsecond=0).isoformat()


def _number(value: float, shown_as: str) -> str:
    number = Decimal(repr(value))
    if "%" in shown_as:
        number *= 100
    return f"{number.normalize():f}" if number.is_finite() else str(number)
