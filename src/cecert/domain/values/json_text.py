"""JSON documents of any length, written piece by piece.

A line for each entry of a long list is what people search and compare, and what lets a
list be written that nobody ever holds as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

__all__ = ["JsonText", "json_pieces", "one_line"]


class JsonText(str):
    """A value that is JSON text already, on one line."""

    __slots__ = ()


def json_pieces(
    document: Mapping[str, object], indent: str, whole: Callable[[object], str]
) -> Iterator[str]:
    """Yield the pieces of a document's text.

    Args:
        document: Its values by their keys; an iterator's entries get a line each, and the
            next is drawn when its own line is.
        indent: What each level begins its lines with.
        whole: Writes a value that is no iterator.
    """
    opening = "{"
    for key, value in document.items():
        yield f"{opening}\n{indent}{one_line(key)}: "
        if isinstance(value, Iterator):
            yield from _entries(value, indent)
        else:
            yield whole(value)
        opening = ","
    yield "{}\n" if opening == "{" else "\n}\n"


def _entries(entries: Iterator[object], indent: str) -> Iterator[str]:
    opening = "["
    for each in entries:
        yield f"{opening}\n{indent * 2}{one_line(each)}"
        opening = ","
    yield "[]" if opening == "[" else f"\n{indent}]"


_ONE_LINE = json.JSONEncoder(ensure_ascii=False, check_circular=False)
"""Made once: an entry of a long list is a line of its own, and nothing of ours holds itself."""


def one_line(value: object) -> str:
    """Return a value's JSON text, on one line and in its own letters."""
    return value if isinstance(value, JsonText) else _ONE_LINE.encode(value)
