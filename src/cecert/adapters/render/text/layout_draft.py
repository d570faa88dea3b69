"""Layouts that a program puts together: the tables of a layout file, checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from cecert.adapters.render.text.layout_file import LEAST_CONTRAST, contrast
from cecert.errors import Fault

__all__ = ["LayoutDraft", "draft_faults", "drafted"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_OWN = frozenset({"name", "version"})
_OPEN = frozenset({"colours", "follow", "beside", "italics"})
"""Tables whose keys are names that the layout itself gives, or faces."""
_STYLE: Mapping[str, Any] = {
    "face": "", "size": 1, "leading": 1, "tracking": 0, "colour": "", "features": [""],
    "small_capitals": True, "tabular": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayoutDraft:
    """A layout that a program puts together. Threads may share it.

    Certificates record its name and version 1, and are drawn anew with what has that name then. So
    what moves anything, once something was issued, is a layout of another name.

    Attributes:
        name: At most 40 lower-case letters, digits and `-`.
        like: The shipped layout whose code places what the tables say: `classic` or `modern`.
        tables: What a layout file says (`templates/layouts`), so far as it differs from that of
            *like*. Lengths are points, colours `#RRGGBB`, faces those of `fonts`.
    """

    name: str
    like: str
    tables: Mapping[str, Any] = field(default_factory=dict)


def drafted(draft: LayoutDraft, shipped: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a layout file would say: the *shipped* one's tables with the draft's in them."""
    document = _merged(shipped, draft.tables)
    return {**document, "name": draft.name, "version": 1}


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    found = deepcopy(dict(below))
    for name, value in above.items():
        inner = found.get(name)
        if isinstance(value, Mapping) and isinstance(inner, Mapping):
            found[name] = _merged(inner, value)
        else:
            found[name] = deepcopy(value)
    return found


def draft_faults(
    draft: LayoutDraft, shipped: Mapping[str, Mapping[str, Any]], faces: Collection[str], place: str
) -> Sequence[Fault]:
    """Return all that is wrong with a draft.

    Args:
        draft: The layout.
        shipped: What the layout files say, by name.
        faces: Names of the faces there are.
        place: Where the draft stands, for the faults.
    """
    faults = []
    if not _NAME.fullmatch(draft.name) or draft.name in shipped:
        remedy = "at most 40 lower-case letters, digits and -, and no shipped layout's"
        faults.append(Fault(f"{place}.name", draft.name, "is no name of a layout", remedy))
    if draft.like not in shipped:
        there = " and ".join(shipped)
        faults.append(Fault(f"{place}.like", draft.like, "is no shipped layout", f"{there} are"))
        return faults
    below = shipped[draft.like]
    faults += _misfits(draft.tables, below, place)
    return faults or [*_unreadable(drafted(draft, below), faces, place)]


def _misfits(given: Mapping[str, Any], below: Mapping[str, Any], place: str) -> Iterator[Fault]:
    for name, value in given.items():
        if name not in below or (name in _OWN and place.count(".") == 0):
            yield Fault(f"{place}.{name}", "", "is nothing that the code asks for")
        elif name == "styles" and isinstance(value, Mapping):
            for style, row in value.items():
                if style not in below[name]:
                    yield Fault(f"{place}.styles.{style}", "", "is no style of this layout")
                else:
                    yield from _misfit(row, _STYLE, f"{place}.styles.{style}")
        elif name in _OPEN and isinstance(value, Mapping):
            like = next(iter(below[name].values()))
            for key, each in value.items():
                yield from _misfit(each, like, f"{place}.{name}.{key}")
        else:
            yield from _misfit(value, below[name], f"{place}.{name}")


def _misfit(value: object, like: object, place: str) -> Iterator[Fault]:
    if isinstance(like, Mapping):
        if isinstance(value, Mapping):
            yield from _misfits(value, like, place)
        else:
            yield Fault(place, str(value), "is no table")
    elif isinstance(like, list):
        yield from _misfit_list(value, like, place)
    elif problem := _wrong_kind(value, like):
        yield Fault(place, str(value), problem)


def _misfit_list(value: object, like: list[Any], place: str) -> Iterator[Fault]:
    items = value if isinstance(value, list | tuple) else ()
    if isinstance(like[0], int | float) and len(items) != len(like):
        yield Fault(place, str(value), f"is no list of {len(like)}")
    elif not items:
        yield Fault(place, str(value), "is no list")
    for number, each in enumerate(items, 1):
        yield from _misfit(each, _any_of(like), f"{place}[{number}]")


def _wrong_kind(value: object, like: object) -> str:
    if isinstance(like, bool) or isinstance(value, bool):
        return "" if isinstance(like, bool) and isinstance(value, bool) else "is the wrong kind"
    if isinstance(like, int | float):
        return "" if isinstance(value, int | float) and isfinite(value) else "is no number"
    return "" if isinstance(value, str) else "is no text"


def _any_of(items: Sequence[Any]) -> object:
    """Return what an item of a list may be: of tables, one with every key that one of them has."""
    if isinstance(items[0], Mapping):
        return {name: value for each in items for name, value in each.items()}
    return items[0]


def _unreadable(document: Mapping[str, Any], faces: Collection[str], place: str) -> Iterator[Fault]:
    """Yield a fault for each colour and face that there is not, or that nobody could read."""
    colours = document["colours"]
    wrong = [name for name, value in colours.items() if not _is_colour(value)]
    for name in wrong:
        yield Fault(f"{place}.colours.{name}", colours[name], "is no colour", "#1D3557 is one")
    for name in (each for each in document["accent_grounds"] if not _is_colour(each)):
        yield Fault(f"{place}.accent_grounds", name, "is no colour", "#1D3557 is one")
    for name, row in document["styles"].items():
        if row["face"] not in faces:
            yield Fault(f"{place}.styles.{name}.face", row["face"], "is no face in fonts")
        if row["colour"] not in colours:
            yield Fault(f"{place}.styles.{name}.colour", row["colour"], "is not among the colours")
        elif row["colour"] not in wrong and name != "specimen":
            yield from _pale(colours[row["colour"]], document, f"{place}.styles.{name}.colour")


def _is_colour(text: object) -> bool:
    return isinstance(text, str) and _COLOUR.fullmatch(text) is not None


def _pale(colour: str, document: Mapping[str, Any], place: str) -> Iterator[Fault]:
    grounds = [each for each in document["accent_grounds"] if _is_colour(each)]
    worst = min((contrast(colour, each) for each in grounds), default=LEAST_CONTRAST)
    if worst < LEAST_CONTRAST:
        problem = f"has a contrast of {worst:.2f}:1, text needs {LEAST_CONTRAST}:1"
        yield Fault(place, colour, problem, "a darker colour")
