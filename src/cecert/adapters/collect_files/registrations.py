"""The registrations: the master list of who may get a certificate, and of which kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from sys import intern
from typing import Any

from cecert.adapters.tables.cells import CellReader
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.headers import folded
from cecert.adapters.tables.lists import ListCells, ListColumns, ListTable
from cecert.domain.evidence.collection import Registrant
from cecert.errors import InputError

__all__ = ["NEEDED", "read_registrations"]

STATE = "registration_status"
"""The column that a platform's list has for it; in an office's own, `status` may be anything."""

FURTHER = "further_emails"
"""The column of somebody's other addresses: they identify too, and nothing is mailed to them."""

IDS = "further_ids"
"""The column of somebody's ids in other systems, such as a learning platform's."""

_BETWEEN = re.compile(r"[;,\s]+")

_GONE = frozenset(
    {"cancelled", "canceled", "denied", "declined", "rejected", "deleted", "refunded", "withdrawn",
     "removed", "not attending", "not approved"}
)  # fmt: skip
_STANDING = frozenset(
    {"", "approved", "accepted", "attending", "attended", "checked in", "confirmed", "registered",
     "complete", "completed", "paid", "active"}
)  # fmt: skip

_REMEMBERED = 1_024
"""Cells of credential types of which is known what they mean."""

NEEDED = ("name", "email", "credentials")
KNOWN = (*NEEDED, "participant_id", "licenses", "fee_paid", "role", "different_from")


def read_registrations(
    table: ListTable, file: str, readers: Mapping[str, CellReader]
) -> tuple[tuple[Registrant, ...], tuple[str, ...]]:
    """Read the registrations by the columns of the completion list; who cancelled is left out.

    Args:
        table: As text.
        file: Its name, for messages.
        readers: How a completion list's cells are read, by column.

    Returns:
        The registrants in the file's order, and notes.

    Raises:
        InputError: If a column is missing or any cell is bad; all of them are named.
    """
    known = {name: readers[name] for name in KNOWN} | {STATE: _read_state}
    known |= {"email": partial(_read_one, readers["email"])}
    # Many ask for the same.
    known |= {"credentials": lru_cache(maxsize=_REMEMBERED)(readers["credentials"])}
    known |= {FURTHER: partial(_read_further, readers["email"])}
    known |= {IDS: partial(_read_further, readers["participant_id"])}
    standing, left_out = _without_gone(table)
    if left_out and not standing.rows:
        raise InputError(f"{file} has nobody who has not cancelled")
    cells = ListCells.of(standing, ListColumns(NEEDED, known), file)
    if cells.faults:
        raise InputError(
            f"{file} has {len(cells.faults)} bad cells; nothing was written", tuple(cells.faults)
        )
    registrants = tuple(
        Registrant(
            **{name: value for name, value in values.items() if name != STATE}
            # Reports have the same texts: each is held once.
            | {name: intern(values[name]) for name in ("name", "email")},
            place=cells.place(number),
        )
        for number, values in cells.rows
    )
    ignored = [each for each in cells.unknown if not (left_out and folded(each) == "status")]
    return registrants, (
        *table.notes, *_notes(file, ignored), *_left_out(file, table, left_out),
    )  # fmt: skip


def _without_gone(table: ListTable) -> tuple[ListTable, Sequence[Row]]:
    """Return the table without the rows of who has cancelled, or was not admitted, and those."""
    names = [folded(each) for each in table.headers]
    places = [place for place, each in enumerate(names) if each in {STATE, "status"}]
    gone = [row for row in table.rows if any(_is_gone(row.cell(place)) for place in places)]
    numbers = {row.line for row in gone}
    left = tuple(row for row in table.rows if row.line not in numbers)
    return replace(table, rows=left), gone


def _is_gone(cell: str) -> bool:
    return " ".join(cell.casefold().split()) in _GONE


def _left_out(file: str, table: ListTable, rows: Sequence[Row]) -> Sequence[str]:
    if not rows:
        return ()
    names = [folded(each) for each in table.headers]
    name = names.index("name") if "name" in names else None
    told = ", ".join(f"{row.cell(name)} ({table.row_word} {row.number})" for row in rows)
    return (f"{file}: left out as cancelled or not admitted: {told}",)


def _read_state(cell: str) -> str:
    """Read what became of a registration; a word that is not known is nobody's to guess."""
    if " ".join(cell.casefold().split()) not in _STANDING:
        raise ValueError(
            "is no state of a registration that is known: say in forms.toml, under "
            "[form.values.status], whether it means registered or cancelled"
        )
    return cell


def _read_one(read: CellReader, cell: str) -> Any:  # noqa: ANN401 - as *read*
    if len(_addresses(cell)) > 1:
        raise ValueError(f"has several addresses: the others belong into a column {FURTHER}")
    return read(cell)


def _read_further(read: CellReader, cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(read(each)) for each in _addresses(cell)))


def _addresses(cell: str) -> list[str]:
    """Return addresses that semicolons, commas or blanks part."""
    return [each for each in _BETWEEN.split(cell) if each]


def _notes(file: str, ignored: Sequence[str]) -> tuple[str, ...]:
    if not ignored:
        return ()
    return (f"{file}: columns not known and ignored: {', '.join(ignored)}",)
