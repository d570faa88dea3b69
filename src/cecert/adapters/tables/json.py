"""JSON answers of a platform's interface, as a table: a row a participant."""

from __future__ import annotations

import json
from typing import Any

from cecert.adapters.tables.bytes import Text, unusable
from cecert.adapters.tables.grids import MOST_ROWS, Row
from cecert.adapters.tables.workbook import SheetGrid

__all__ = ["looks_like_json", "read_json"]

PEOPLE = "participants"


def looks_like_json(text: Text) -> bool:
    """Say whether a text is meant as JSON."""
    # A survey's third header row begins with a brace, its first never does.
    return text.text.lstrip()[:1] in {"{", "["}


def read_json(name: str, text: Text) -> SheetGrid:
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
        Row(number, tuple(_text(each.get(key)) for key in keys))
        for number, each in enumerate(people, 1)
    ]
    return SheetGrid(name, rows)


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


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
