"""JSON as a table, in its two shapes: a platform's answer, and a list of JSON Lines.

An answer is one document with a list of participants. A list is one object a line, its
keys the columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cecert.adapters.tables.bytes import Text, unusable
from cecert.adapters.tables.grids import MOST_ROWS, CellProblem, HeldGrid, Row

__all__ = ["looks_like_json", "read_json", "read_json_lines"]

PEOPLE = "participants"

MOST_KEYS = 200
"""Different keys of a list's lines: it has thirteen columns."""


def looks_like_json(text: Text) -> bool:
    """Say whether a text is meant as JSON."""
    # A survey's third header row begins with a brace, its first never does.
    return text.text.lstrip()[:1] in {"{", "["}


def read_json(name: str, text: Text) -> HeldGrid:
    """Return participants as rows below a header of their keys; pages may stand in a list.

    Raises:
        InputError: If it is no JSON, or holds no participants.
    """
    try:
        document: Any = json.loads(text.text)
    except (ValueError, RecursionError) as error:
        problem = f"is no complete JSON: {str(error)[:100]}"
        raise unusable(name, problem, "fetch the report again") from error
    people = _people(document)
    if people is None:
        raise unusable(name, f"has no list of {PEOPLE}", "save the answer as Zoom gave it")
    if len(people) > MOST_ROWS:
        raise unusable(name, f"has more than {MOST_ROWS} participants")
    if _unread_page(document):
        raise unusable(
            name, "is one page of several: next_page_token is not empty", "fetch all pages"
        )
    keys = list(dict.fromkeys(key for each in people for key in each))
    rows = [Row(0, tuple(keys))]
    rows += [
        Row(number, tuple(_shown(each.get(key)) for key in keys), number)
        for number, each in enumerate(people, 1)
    ]
    return HeldGrid(name, rows)


def _people(document: object) -> list[dict[str, Any]] | None:
    """Return the participants of an answer, of a list of answers, or of a bare list."""
    pages: list[Any] = document if isinstance(document, list) else [document]
    if all(isinstance(each, dict) and isinstance(each.get(PEOPLE), list) for each in pages):
        pages = [person for page in pages for person in page[PEOPLE]]
    elif not isinstance(document, list):
        return None
    return pages if all(isinstance(each, dict) and PEOPLE not in each for each in pages) else None


def _unread_page(document: object) -> bool:
    page = document[-1] if isinstance(document, list) and document else document
    return isinstance(page, dict) and bool(page.get("next_page_token"))


def _shown(value: object) -> str:
    text = _text(value)
    return str(value) if text is None else text


def read_json_lines(name: str, text: Text) -> HeldGrid:
    """Return the lines as rows below a header of all keys.

    A list of texts stands for a cell with `;` in it. What no cell can hold is a problem of
    its row.

    Raises:
        InputError: If no line is an object, or there are too many lines or keys.
    """
    lines = [(number, line) for number, line in enumerate(text.text.split("\n"), 1) if line.strip()]
    if len(lines) > MOST_ROWS:
        raise unusable(name, f"has more than {MOST_ROWS} lines")
    parsed = [(number, _parsed(line)) for number, line in lines]
    headers = dict.fromkeys(
        key for _, values in parsed if isinstance(values, dict) for key in values
    )
    if not headers:
        raise unusable(name, "holds no JSON object")
    if len(headers) > MOST_KEYS:
        raise unusable(name, f"has more than {MOST_KEYS} different keys")
    rows = [_row(number, values, tuple(headers)) for number, values in parsed]
    return HeldGrid(name, [Row(0, tuple(headers)), *rows])


class _RepeatedKeyError(ValueError):
    """An object has one key twice."""


def _parsed(line: str) -> dict[str, Any] | str:
    """Return a line's object, or what is wrong with the line."""
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


def _row(number: int, values: dict[str, Any] | str, headers: tuple[str, ...]) -> Row:
    if isinstance(values, str):
        return Row(number, ("",) * len(headers), number, (CellProblem(None, "", values),))
    cells, problems = [], []
    for place, header in enumerate(headers):
        text = _text(values.get(header))
        if text is None:
            shown = json.dumps(values[header], default=str)
            problems.append(CellProblem(place, shown, "is neither text, number, true nor false"))
        cells.append(text or "")
    return Row(number, tuple(cells), number, tuple(problems))


def _text(value: object) -> str | None:
    """Return a value as a cell holds it, None for what no cell can hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _joined(value)
    return str(value) if isinstance(value, str | int | float | Decimal) else None


def _joined(values: Iterable[object]) -> str | None:
    texts = [each for each in values if isinstance(each, str) and ";" not in each]
    return ";".join(texts) if texts == list(values) else None
