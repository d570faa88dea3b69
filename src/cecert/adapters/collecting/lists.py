"""Lists of who did what: attestations, post-tests, camera notes, completed evaluations.

Each row stands under an address or a participant id. A file that a survey platform wrote
is read by its own reader; these are the tables that an office keeps itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from cecert.adapters.collecting.columns import CellReader, Cells, Columns, folded
from cecert.domain.collection import Done
from cecert.errors import Fault, InputError
from cecert.ports import SourceTable

__all__ = ["is_office_list", "read_list"]

KEYS = ("participant_id", "email")


def is_office_list(table: SourceTable, column: str) -> bool:
    """Say whether a table is an office's own list with this column."""
    names = {folded(each) for each in table.headers}
    return column in names and bool(names & set(KEYS))


def read_list(
    table: SourceTable, file: str, column: str, readers: Mapping[str, CellReader]
) -> tuple[Done, ...]:
    """Read an office's list.

    Args:
        table: As text.
        file: Its name, for messages.
        column: `evaluation`, `attestation`, `post_test` or `visible`.
        readers: How cells are read, by column.

    Returns:
        The rows whose cell says something.

    Raises:
        InputError: If a column is missing or any cell is bad; all of them are named.
    """
    known = {name: readers[name] for name in (*KEYS, column)}
    cells = Cells.of(table, Columns((column,), known, KEYS), file)
    faults = list(cells.faults)
    done = []
    for number, values in cells.rows:
        place = f"{file}: row {number}"
        key = values.get("participant_id") or values.get("email")
        if not key:
            faults += _keyless(place, cells)
        elif values.get(column) is not None:
            done.append(_done(key, column, values[column], place))
    if faults:
        raise InputError(f"{file} has {len(faults)} bad cells; nothing was written", tuple(faults))
    return tuple(done)


def _keyless(place: str, cells: Cells) -> list[Fault]:
    # A bad address was told as such.
    told = any(each.place.startswith(f"{place}, ") for each in cells.faults)
    return [] if told else [Fault(place, "", "has neither an address nor a participant_id")]


def _done(key: str, column: str, value: object, place: str) -> Done:
    kind = {"post_test": "score", "visible": "noted"}.get(column, "moment")
    return Done(key, place=place, **{kind: value})  # type: ignore[arg-type] # by column
