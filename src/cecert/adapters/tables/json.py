"""JSON as a table, in its two shapes: a platform's answer, and a list of JSON Lines.

An answer is one document with a list of participants, or of registrants with the questions
that the host asked. A list is one object a line, its keys the columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cecert.adapters.tables.bytes import Text, unusable
from cecert.adapters.tables.grids import MOST_ROWS, CellProblem, HeldGrid, Row

__all__ = ["looks_like_json", "read_json", "read_json_lines"]

PEOPLE = ("participants", "registrants")
"""What a platform calls a list of people in its answers."""

_QUESTIONS = "custom_questions"
"""Where a registrant's answers stand to what the host asked: title and value of each."""

MOST_KEYS = 200
"""Different keys of a list's lines: it has thirteen columns."""


def looks_like_json(text: Text) -> bool:
    """Say whether a text is meant as JSON."""
    # A survey's third header row begins with a brace, its first never does.
    return text.text.lstrip()[:1] in {"{", "["}


def read_json(name: str, text: Text) -> HeldGrid:
    """Return people as rows below a header of their keys; pages may stand in a list.

    A question that the host asked is a column under its own words.

    Raises:
        InputError: If it is no JSON, or holds no people.
    """
    try:
        document: Any = json.loads(text.text)
    except (ValueError, RecursionError) as error:
        problem = f"is no complete JSON: {str(error)[:100]}"
        raise unusable(name, problem, "fetch the report again") from error
    people = _people(document)
    if people is None:
        what = " or ".join(PEOPLE)
        raise unusable(name, f"has no list of {what}", "save the answer as Zoom gave it")
    if len(people) > MOST_ROWS:
        raise unusable(name, f"has more than {MOST_ROWS} participants")
    if _unread_page(document):
        raise unusable(
            name, "is one page of several: next_page_token is not empty", "fetch all pages"
        )
    people = [_with_answers(each) if _QUESTIONS in each else each for each in people]
    keys = list(dict.fromkeys(key for each in people for key in each))
    rows = [Row(0, tuple(keys))]
    rows += [
        Row(number, tuple(_shown(each.get(key)) for key in keys), number)
        for number, each in enumerate(people, 1)
    ]
    return HeldGrid(name, rows)


def _people(document: object) -> list[dict[str, Any]] | None:
    """Return the people of an answer, of a list of answers, or of a bare list."""
    pages: list[Any] = document if isinstance(document, list) else [document]
    listed = [key for key in PEOPLE if all(_has_list(each, key) for each in pages)]
    if pages and len(listed) == 1:
        pages = [person for page in pages for person in page[listed[0]]]
    elif not isinstance(document, list):
        return None
    plain = all(isinstance(each, dict) and not set(PEOPLE) & each.keys() for each in pages)
    return pages if plain else None


def _has_list(page: object, key: str) -> bool:
    return isinstance(page, dict) and isinstance(page.get(key), list)


def _with_answers(person: dict[str, Any]) -> dict[str, Any]:
    """Return a registrant with a key for each question of the host's."""
    found = {key: value for key, value in person.items() if key != _QUESTIONS}
    asked = person[_QUESTIONS]
    for each in asked if isinstance(asked, list) else ():
        if isinstance(each, dict) and isinstance(title := each.get("title"), str):
            # A question may be called as one of Zoom's own columns is.
            found.setdefault(f"{title} (question)" if title in person else title, each.get("value"))
    return found


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
