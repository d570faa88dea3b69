"""A list of corrections: a certificate in each row, and what is right about it.

An empty cell leaves what stands there; `none` in `licenses` takes all licences away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cecert.adapters.completion_list.cells import read_email, read_name, read_words
from cecert.adapters.tables.bytes import read_source
from cecert.adapters.tables.cells import CellReader
from cecert.adapters.tables.lists import ListCells, ListColumns, list_table
from cecert.domain.certificate.correction import Correction, CorrectionRow
from cecert.domain.people.person import License, parse_licenses
from cecert.errors import Fault, InputError

__all__ = ["read_corrections"]

_NONE = "none"


def read_corrections(path: Path, reason: str = "") -> tuple[CorrectionRow, ...]:
    """Read a list: `certificate`, and `name`, `licenses`, `email` where they are wrong.

    Args:
        path: CSV, a workbook or JSON Lines.
        reason: Of rows that give none of their own.

    Raises:
        InputError: If a column is missing or a cell is bad; all of them are named.
    """
    columns = ListColumns(("certificate",), _READERS, ("name", "licenses"))
    cells = ListCells.of(list_table(read_source(path)), columns, path.name)
    for unknown in cells.unknown:
        # A misspelt column would leave what is wrong as it is.
        cells.faults.append(Fault(f"{path.name}: header", unknown, "is no known column"))
    rows = tuple(_rows(cells, reason))
    if cells.faults:
        raise InputError("nothing was corrected", tuple(cells.faults))
    return rows


def _rows(cells: ListCells, reason: str) -> Iterator[CorrectionRow]:
    for number, values in cells.rows:
        place = cells.place(number)
        if not values.get("certificate"):
            cells.faults.append(Fault(place, "", "names no certificate"))
        elif values.get("name") is None and values.get("licenses") is None:
            cells.faults.append(Fault(place, "", "says nothing that is to be corrected"))
        yield CorrectionRow(place, values.get("certificate", ""), _correction(values, reason))


def _correction(values: Mapping[str, Any], reason: str) -> Correction:
    return Correction(
        values.get("reason") or reason,
        values.get("name"),
        values.get("licenses"),
        values.get("email"),
    )


def _licenses(cell: str) -> tuple[License, ...] | None:
    if not cell:
        return None
    return () if cell.casefold() == _NONE else parse_licenses(cell)


_READERS: Mapping[str, CellReader] = {
    "certificate": read_words,
    "name": lambda cell: read_name(cell) if cell else None,
    "licenses": _licenses,
    "email": lambda cell: read_email(cell) if cell else None,
    "reason": read_words,
}
