"""Content: what stands on a page as operators, marked piece by piece for the structure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from cecert.adapters.render.layout.ornament import number
from cecert.adapters.render.layout.page import (
    Box,
    Drawn,
    Element,
    Form,
    Ink,
    Item,
    Page,
    Picture,
    Symbol,
)

__all__ = [
    "ARTIFACT",
    "Segment",
    "drawn_forms",
    "element_inks",
    "marked",
    "own_places",
    "own_stretch",
    "placed",
    "segments",
]

ARTIFACT = "Artifact"
"""Role of what is only drawn; it has no place in the structure."""

SYMBOL = "Q"
"""Resource name of the QR code."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a page that all certificates of a course share, or that each has its own."""

    own: bool
    elements: tuple[Element, ...]


def segments(page: Page) -> list[Segment]:
    """Cut a page's body where what is shared and what is its own change."""
    grouped = groupby(page.body, key=attrgetter("own"))
    return [Segment(own, tuple(group)) for own, group in grouped]


def own_places(page: Page) -> list[slice]:
    """Return where in a page's body the stretches stand that are a document's own."""
    found, start = [], 0
    for segment in segments(page):
        end = start + len(segment.elements)
        if segment.own:
            found.append(slice(start, end))
        start = end
    return found


Text = Callable[[Ink], str]
"""Turns a line of text into operators."""


def marked(element: Element, mark: int | None, items: Sequence[Item], text: Text) -> list[str]:
    """Return items of an element as marked content.

    Args:
        element: Whose they are.
        mark: Its mark on the page, None for an artifact.
        items: What is drawn, in order.
        text: Writes a line of text.
    """
    begun = f"/{ARTIFACT} BMC" if mark is None else f"/{element.role} <</MCID {mark}>> BDC"
    drawn = [text(item) if isinstance(item, Ink) else placed(item) for item in items]
    return [begun, *drawn, "EMC"]


def own_stretch(elements: Sequence[Element], mark: int, lines: Iterable[str]) -> bytes:
    """Return a stretch that is a document's own, as marked content.

    Args:
        elements: What it draws.
        mark: Of the first that is no artifact; they count up.
        lines: Operators of its lines of text, in order.
    """
    text, parts = iter(lines), []
    for element in elements:
        items = [kid for kid in element.kids if not isinstance(kid, Element)]
        shown = None if element.role == ARTIFACT else mark
        parts += marked(element, shown, items, lambda _: next(text))
        mark += element.role != ARTIFACT
    return "\n".join([*parts, ""]).encode("ascii")


def placed(item: Drawn | Picture | Symbol) -> str:
    """Return the operators that draw *item*."""
    if isinstance(item, Drawn):
        return f"q {item.operators.decode('ascii')} Q"
    if isinstance(item, Picture):
        return _image(item.box, picture_name(item.key))
    return _image(item.box, SYMBOL, "0 g ")


def picture_name(key: str) -> str:
    """Return the resource name of a picture."""
    return f"I{key.encode().hex()}"


def _image(box: Box, name: str, before: str = "") -> str:
    size = f"{number(box.right - box.left)} 0 0 {number(box.top - box.bottom)}"
    return f"q {before}{size} {number(box.left)} {number(box.bottom)} cm /{name} Do Q"


def drawn_forms(items: Sequence[Item]) -> Iterator[Form]:
    """Return the forms that *items* place."""
    for item in items:
        if isinstance(item, Drawn):
            yield from item.forms


def element_inks(element: Element) -> Iterator[Ink]:
    """Return the lines of text of *element* and what it holds."""
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from element_inks(kid)
        elif isinstance(kid, Ink):
            yield kid
