"""A page as a display list: what stands where, and what each piece is to a reader.

The layout writes it, the tests look at it, the backend turns it into PDF. Lengths are
points, the origin is the lower left corner, y of a text is its baseline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cecert.adapters.render.text.shaping import Shaped
from cecert.domain.values.quick_making import quickly_made

__all__ = ["Box", "Drawn", "Element", "Form", "Ink", "Item", "Page", "Picture", "Symbol", "inks"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its sides along the axes, in points.

    Attributes:
        left, bottom: Its lower left corner.
        right, top: Its upper right corner.
    """

    left: float
    bottom: float
    right: float
    top: float

    def widened(self, by: float) -> Box:
        """Return the rectangle with *by* more on each side."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)


@quickly_made
@dataclass(frozen=True, slots=True)
class Ink:
    """A line of text in one style.

    Attributes:
        x, y: Where its baseline begins, in points.
        shaped: Its glyphs.
        size: Points.
        colour: `#RRGGBB`.
        what: Which fact it says, "" for none.
        personal: Whether the words are the recipient's, and not all certificates' of the course.
    """

    x: float
    y: float
    shaped: Shaped
    size: float
    colour: str
    what: str = ""
    personal: bool = False

    @property
    def width(self) -> float:
        """Its advance in points."""
        return self.shaped.width * self.size

    @property
    def box(self) -> Box:
        """Where its ink is."""
        return Box(
            self.x,
            self.y + self.shaped.bottom * self.size,
            self.x + self.width,
            self.y + self.shaped.top * self.size,
        )


@dataclass(frozen=True, slots=True)
class Form:
    """A small drawing that is held once and placed many times, by its name.

    Attributes:
        name: Of the resource; equal drawings have equal names.
        box: Where it draws, in its own coordinates.
        operators: What it is, as PDF draws it.
    """

    name: str
    box: Box
    operators: bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """Vector operators, the forms they place, and where they draw.

    Attributes:
        operators: As PDF draws it, ASCII.
        box: Where it draws, in points.
        forms: Those that the operators place.
    """

    operators: bytes
    box: Box
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class Symbol:
    """The place of the QR code, without its quiet zone."""

    box: Box


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster picture by its key among the document's pictures."""

    key: str
    box: Box


Item = Ink | Drawn | Picture | Symbol


@quickly_made
@dataclass(frozen=True, slots=True)
class Element:
    """A piece of the document's structure (ISO 32000-1, 14.8).

    Attributes:
        role: Standard structure type, or `Artifact` for what no reader announces.
        kids: What it holds, in reading order.
        alt: Alternate text of a figure.
        actual_text: The words, where extraction could garble them.
        scope: `Column` or `Row` for a header cell.
        own: It stands elsewhere, or differs, from one recipient to the next; all others of
            a course share it.
        personal: It differs: its words are the recipient's.
        link: Where a `Link` leads that holds lines of text; else "".
        thread: Tables of one thread on several pages are one table; "" for one of its own.
    """

    role: str
    kids: tuple[Element | Item, ...]
    alt: str = ""
    actual_text: str = ""
    scope: str = ""
    own: bool = False
    personal: bool = False
    link: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page; lengths in points.

    Attributes:
        width, height: The sheet.
        behind: Artifacts, which are drawn first.
        body: What is read, in its order.
    """

    width: float
    height: float
    behind: tuple[Item, ...]
    body: tuple[Element, ...]


def inks(page: Page) -> Iterator[Ink]:
    """Return every line of text of *page*, in reading order."""
    for element in page.body:
        yield from _inks_of(element)


def _inks_of(element: Element) -> Iterator[Ink]:
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _inks_of(kid)
        elif isinstance(kid, Ink):
            yield kid
