"""JSON Lines: one object a line, its keys the columns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from cecert.adapters.completion_list.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    CellError,
    ListRow,
    ListTable,
    unusable,
)
from cecert.adapters.completion_list.text_files import decode

__all__ = ["read_json_lines"]


class _RepeatedKeyError(ValueError):
    """An object has one key twice."""


def read_json_lines(content: bytes, path: Path) -> ListTable:
    """Read a `.jsonl` file; lists of texts stand for cells with `;` in them.

    Raises:
        InputError: If it cannot be decoded, no line is an object, or it is too long.
    """
    text, notes = decode(content, path)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > MOST_ROWS:
        raise unusable(path, f"has more than {MOST_ROWS} lines")
    parsed = [(number, _parse(line)) for number, line in lines]
    headers = dict.fromkeys(
        key for _, values in parsed if isinstance(values, dict) for key in values
    )
    if not headers:
        raise unusable(path, "holds no JSON object")
    if len(headers) > MOST_COLUMNS:
        raise unusable(path, f"has more than {MOST_COLUMNS} different keys")
    rows = tuple(_row(number, values, tuple(headers)) for number, values in parsed)
    return ListTable(tuple(headers), rows, notes, "line")


def _parse(line: str) -> dict[str, Any] | str:
    try:
        values = json.loads(
            line, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_once
        )
    except _RepeatedKeyError as error:
        return str(error)
    except (ValueError, RecursionError):
        return "is not JSON"
    return values if isinstance(values, dict) else "is not a JSON object"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _RepeatedKeyError("has one key twice")
    return values


def _row(number: int, values: dict[str, Any] | str, headers: tuple[str, ...]) -> ListRow:
    if isinstance(values, str):
        return ListRow(number, ("",) * len(headers), (CellError(None, "", values),))
    cells, troubles = [], []
    for column, header in enumerate(headers):
        text = _text(values.get(header))
        if text is None:
            shown = json.dumps(values[header], default=str)
            troubles.append(CellError(column, shown, "is neither text, number, true nor false"))
        cells.append(text or "")
    return ListRow(number, tuple(cells), tuple(troubles))


def _text(value: object) -> str | None:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _joined(value)
    return str(value) if isinstance(value, str | int | Decimal) else None


def _joined(values: Iterable[object]) -> str | None:
    texts = [each for each in values if isinstance(each, str) and ";" not in each]
    return ";".join(texts) if texts == list(values) else None
