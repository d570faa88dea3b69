"""The registrations: the master list of who may get a certificate, and of which kind."""

from __future__ import annotations

from collections.abc import Mapping

from cecert.adapters.tables.cells import CellReader
from cecert.adapters.tables.lists import ListCells, ListColumns, ListTable
from cecert.domain.evidence.collection import Registrant
from cecert.errors import InputError

__all__ = ["read_registrations"]

NEEDED = ("name", "email", "credentials")
KNOWN = (*NEEDED, "participant_id", "licenses", "fee_paid", "role", "different_from")


def read_registrations(
    table: ListTable, file: str, readers: Mapping[str, CellReader]
) -> tuple[tuple[Registrant, ...], tuple[str, ...]]:
    """Read the registrations by the columns of the completion list.

    Args:
        table: As text.
        file: Its name, for messages.
        readers: How a completion list's cells are read, by column.

    Returns:
        The registrants in the file's order, and notes.

    Raises:
        InputError: If a column is missing or any cell is bad; all of them are named.
    """
    columns = ListColumns(NEEDED, {name: readers[name] for name in KNOWN})
    cells = ListCells.of(table, columns, file)
    if cells.faults:
        raise InputError(
            f"{file} has {len(cells.faults)} bad cells; nothing was written", tuple(cells.faults)
        )
    registrants = tuple(
        Registrant(**values, place=cells.place(number)) for number, values in cells.rows
    )
    return registrants, (*table.notes, *_notes(cells))


def _notes(cells: ListCells) -> tuple[str, ...]:
    if not cells.unknown:
        return ()
    return (f"{cells.file}: columns not known and ignored: {', '.join(cells.unknown)}",)
