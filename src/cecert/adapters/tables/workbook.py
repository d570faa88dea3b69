"""Excel workbooks as rows of text: the values of the first visible sheet, nothing computed.

A workbook is a zip file full of XML from anywhere: its unpacked size is limited before
it is opened, and openpyxl reads it with defusedxml. Merged cells and macros are refused:
which rows a merged cell is of nobody can tell, and whoever is given none of it is denied.
What is no value (a formula, an error) is a problem of its cell.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from cecert.adapters.tables.bytes import MOST_BYTES, Source, unusable
from cecert.adapters.tables.grids import MOST_CELLS, MOST_ROWS, CellProblem, HeldGrid, Row
from cecert.adapters.zip_damage import ZIP_DAMAGE, refuse_other_packing
from cecert.errors import Fault, InputError

__all__ = ["read_workbook"]

MOST_PARTS = 1_000
"""Files in the largest workbook we open."""

PIECE = 65_536
"""Bytes of a part that are unpacked at once."""

MOST_FAULTS = 20
"""Merged cells named in one error; the rest are counted."""

_REFUSED = {"f": "holds a formula", "e": "holds an error of Excel's"}
"""What is wrong with a cell of that type of openpyxl's."""

_REMEDY = "put the value itself there"
_DAMAGE = (*ZIP_DAMAGE, TypeError, AttributeError, SyntaxError, ArithmeticError)
"""What zipfile, the XML parser and openpyxl raise for parts that are missing or senseless."""


def read_workbook(source: Source) -> tuple[HeldGrid, tuple[str, ...]]:
    """Read the first visible sheet of an `.xlsx` file; the notes say what was left out.

    Raises:
        InputError: If it is none, is too large, has macros or merged cells, or is damaged.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    merged = _merged_cells(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles it does not keep
            return _first_sheet(source, merged)
    except (InvalidFileException, *_DAMAGE) as error:
        raise unusable(source.name, f"is a damaged workbook: {str(error)[:200]}") from error


def _merged_cells(source: Source) -> dict[str, list[str]]:
    """Return the merged ranges of each part, having refused what is unsafe to open.

    Every part is gone through piece by piece before openpyxl reads any as a whole: what a
    file says of their sizes need not be so, and then the check of the part's end fails.
    """
    with _archive(source) as archive:
        parts = archive.infolist()
        _refuse_large(source, sum(each.file_size for each in parts), len(parts))
        try:
            refuse_other_packing(parts)
            merged = {each.filename: _merged_in(archive, each.filename) for each in parts}
        except _DAMAGE as error:
            raise unusable(source.name, f"is a damaged workbook: {str(error)[:200]}") from error
    if "xl/workbook.xml" not in merged:
        raise unusable(source.name, "is a zip file, not an Excel workbook", "unpack it first")
    if any(each.endswith("vbaProject.bin") for each in merged):
        raise unusable(source.name, "has a macro", "save it as .xlsx without macros, or as CSV")
    return merged


def _archive(source: Source) -> ZipFile:
    try:
        return ZipFile(BytesIO(source.data))
    except _DAMAGE as error:
        remedy = "it may have a password, or be an old .xls, or be cut off"
        raise unusable(source.name, "is no Excel workbook (.xlsx)", remedy) from error


def _refuse_large(source: Source, unpacked: int, parts: int) -> None:
    if parts > MOST_PARTS or unpacked > MOST_BYTES:
        problem = f"unpacks to {parts} parts and {unpacked} bytes, which is too much"
        raise unusable(source.name, problem)


_MERGED = re.compile(
    rb"<(?:[A-Za-z][\w.-]{0,30}:)?mergeCell\s[^<>]{0,200}?\bref\s{0,9}=\s{0,9}[\"']([A-Z0-9:$]{2,40})"
)
_LONGEST_MARK = 400
"""Bytes that `_MERGED` takes at most."""


def _merged_in(archive: ZipFile, part: str) -> list[str]:
    """Go through a part, and return the ranges of its merged cells."""
    found: dict[str, None] = {}
    held = b""
    with archive.open(part) as file:
        while piece := file.read(PIECE):
            # XML in UTF-16 has a NUL in each of these characters.
            held += piece.replace(b"\0", b"")
            found |= dict.fromkeys(each.decode("ascii") for each in _MERGED.findall(held))
            held = held[-_LONGEST_MARK:]
    return list(found)


def _first_sheet(source: Source, merged: dict[str, list[str]]) -> tuple[HeldGrid, tuple[str, ...]]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(source.data), read_only=True, data_only=False)
    try:
        sheets: list[Any] = [each for each in book.worksheets if each.sheet_state == "visible"]
        if not sheets:
            raise unusable(source.name, "has no visible sheet")
        sheet, *others = sheets
        # openpyxl tells in no other way which part a sheet is in.
        _refuse_merged(source.name, merged.get(sheet._worksheet_path.lstrip("/"), []))  # noqa: SLF001
        sheet.reset_dimensions()  # the file's own claim may be a million rows of nothing
        rows = _rows(sheet.iter_rows(), source.name)
    finally:
        book.close()
    notes = (f"only sheet {sheet.title!r} was read",) if others else ()
    return HeldGrid(source.name, rows), notes


def _refuse_merged(name: str, ranges: Sequence[str]) -> None:
    if not ranges:
        return
    problem = "has merged cells: which row they belong to cannot be told"
    remedy = "unmerge them and fill in each row, or export the table again"
    faults = tuple(Fault(f"{name}: cells {each}", "", problem, remedy) for each in ranges)
    raise InputError(f"{name} cannot be used: it has merged cells", faults[:MOST_FAULTS])


def _rows(sheet: Iterable[tuple[Any, ...]], name: str) -> list[Row]:
    rows = []
    for number, cells in enumerate(sheet, 1):
        if number > MOST_ROWS:
            raise unusable(name, f"has more than {MOST_ROWS} rows")
        if any(each.value is not None for each in cells[MOST_CELLS:]):
            raise unusable(name, f"row {number} has more than {MOST_CELLS} cells")
        texts = tuple(_text(cell) for cell in cells[:MOST_CELLS])
        rows.append(Row(number, texts, number, tuple(_problems(cells[:MOST_CELLS]))))
    return rows


def _problems(cells: Sequence[Any]) -> Iterable[CellProblem]:
    for place, cell in enumerate(cells):
        if problem := _REFUSED.get(cell.data_type, ""):
            yield CellProblem(place, str(cell.value), problem, _REMEDY)
        elif isinstance(cell.value, time | timedelta):
            problem = "is a time of day without a date"
            yield CellProblem(place, str(cell.value), problem, _REMEDY, in_lists=True)


def _text(cell: Any) -> str:  # noqa: ANN401  # one of openpyxl's three kinds of cell
    """Return a cell as Excel would save it in a CSV file."""
    value = cell.value
    if value is None or cell.data_type in _REFUSED:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return _moment(value, str(cell.number_format))
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return str(value)


def _moment(value: datetime, shown_as: str) -> str:
    # Excel keeps days as a float: a second comes back as 0.999999 of itself.
    moment = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    if moment.time() == time() and not _CLOCK.search(_QUOTED.sub("", shown_as)):
        return moment.date().isoformat()
    return moment.isoformat(" ")


_QUOTED = re.compile(r'"[^"]{0,60}"|\[[^\[\]]{0,60}\]|\\.')
_CLOCK = re.compile("[hs]", re.IGNORECASE)
"""Hours or seconds in a number format: the cell shows a time of day, too."""


def _number(value: float, shown_as: str) -> str:
    number = Decimal(repr(value))
    if not number.is_finite():
        return str(number)
    per_cent = "%" in shown_as
    return f"{(number * 100 if per_cent else number).normalize():f}{'%' if per_cent else ''}"
