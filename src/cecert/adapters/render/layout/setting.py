"""Setting: what every part of a layout needs to set text, and to say what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeVar, cast

from cecert.adapters.render.layout.ornament import polyline
from cecert.adapters.render.layout.page import Box, Drawn, Element, Ink
from cecert.adapters.render.layout.pictures import PictureShape
from cecert.adapters.render.text.breaking import DoesNotFitError
from cecert.adapters.render.text.italics import unmarked
from cecert.adapters.render.text.layout_file import Layout
from cecert.adapters.render.text.scripts import font_advice
from cecert.adapters.render.text.shaping import MissingGlyphError, Style
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.values.text import code_point
from cecert.errors import Fault

__all__ = [
    "DOT",
    "FullColumnError",
    "FullPageError",
    "LayoutCache",
    "LayoutContext",
    "NoRoomError",
    "TooWideError",
    "UndrawableError",
    "lacking",
    "no_room",
    "paragraph",
]

DOT = " \N{MIDDLE DOT} "
"""What parts two facts on one line."""


UNSET = (MissingGlyphError, DoesNotFitError)
"""What goes wrong when a text is set."""


class UndrawableError(Exception):
    """A certificate cannot be drawn.

    Attributes:
        fault: Person, field and reason.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class TooWideError(UndrawableError):
    """A text is too wide for its place; a wider column of another rung may hold it."""


class FullPageError(UndrawableError):
    """The pages hold no more on any rung; which text is too much, `culprit` finds."""


class NoRoomError(Exception):
    """A page does not hold what stands on it at the sizes tried; smaller ones may.

    Attributes:
        needed: Height in points.
        available: Height in points.
    """

    def __init__(self, needed: float, available: float) -> None:
        super().__init__(f"needs {needed:.0f} pt, has {available:.0f}")
        self.needed = needed
        self.available = available


class FullColumnError(NoRoomError):
    """A column of facts does not hold them, whatever is tried on the rest of the page."""


T = TypeVar("T")
PERSONAL = frozenset({"recipient name", "licenses", "id"})
"""Texts that are one person's; all others are the course's."""


class LayoutCache:
    """Pieces of a layout, made once for all certificates of a course that share them.

    Attributes:
        complete: Whether every text they share has its glyphs.
    """

    def __init__(self, *, complete: bool = True) -> None:
        self.complete = complete
        self._pieces: dict[tuple[Hashable, ...], Any] = {}
        # A piece is known by being one object: two threads must not make it twice. Making
        # one may ask for others.
        self._lock = RLock()

    def get(self, *key: Hashable, make: Callable[[], T]) -> T:
        """Return the piece of that key, made if it is not there yet; other threads wait for it."""
        found: T | object = self._pieces.get(key, _MISSING)
        if found is _MISSING:
            with self._lock:
                found = self._pieces.get(key, _MISSING)
                if found is _MISSING:
                    found = self._pieces[key] = make()
        return cast("T", found)


_MISSING = object()


@dataclass(frozen=True, slots=True)
class LayoutContext:
    """A certificate on its way to paper.

    Attributes:
        certificate: What is drawn.
        layout: How.
        width, height: The sheet, in points.
        specimen: Whether it is one.
        pictures: Shapes of the pictures there are, by key.
        modules: Of its code along an edge; all codes of so many have the same place.
        kept: Pieces that all certificates of the course share.
    """

    certificate: Certificate
    layout: Layout
    width: float
    height: float
    specimen: bool
    pictures: dict[str, PictureShape]
    modules: int
    kept: LayoutCache = field(default_factory=LayoutCache)

    @contextmanager
    def naming(self, field: str, value: str) -> Iterator[None]:
        """Turn what goes wrong with a text into a fault that names its person and field.

        Raises:
            UndrawableError: Then.
        """
        try:
            yield
        except UNSET as trouble:
            raise self.undrawable(field, value, trouble) from None

    def undrawable(
        self, field: str, value: str, trouble: MissingGlyphError | DoesNotFitError
    ) -> UndrawableError:
        """Return what is wrong with a text as a fault that names its person and field.

        Args:
            field: What the text is called.
            value: What it says.
            trouble: What went wrong when it was set.
        """
        place, value = f"{self.certificate.recipient.name}: {field}", unmarked(value)[0]
        if isinstance(trouble, MissingGlyphError):
            return UndrawableError(lacking(place, value, trouble.character))
        problem = (
            f"is too wide at the least size allowed: needs {trouble.needed:.0f} pt,"
            f" has {trouble.available:.0f} pt"
        )
        return TooWideError(Fault(place, value, problem, "shorten it"))

    def left(self, style: Style, text: str, x: float, y: float, what: str = "") -> Ink:
        """Set *text* from a place on.

        Args:
            style: How it is set.
            text: What it says.
            x: Its left end, in points.
            y: Its baseline.
            what: Which fact it says, for faults and for reading it back.
        """
        return Ink(x, y, style.shaped(text), style.size, style.colour, what, what in PERSONAL)

    def centred(self, style: Style, text: str, x: float, y: float, what: str = "") -> Ink:
        """Set *text* round a place.

        Args:
            style: How it is set.
            text: What it says.
            x: Its middle, in points.
            y: Its baseline.
            what: Which fact it says, for faults and for reading it back.
        """
        x -= style.width(text) / 2
        return Ink(x, y, style.shaped(text), style.size, style.colour, what, what in PERSONAL)

    def right(self, style: Style, text: str, x: float, y: float, what: str = "") -> Ink:
        """Set *text* up to a place.

        Args:
            style: How it is set.
            text: What it says.
            x: Its right end, in points.
            y: Its baseline.
            what: Which fact it says, for faults and for reading it back.
        """
        x -= style.width(text)
        return Ink(x, y, style.shaped(text), style.size, style.colour, what, what in PERSONAL)

    def dotted(
        self, style: Style, parts: Sequence[str], x: float, y: float, what: str
    ) -> list[Ink]:
        """Set facts on one line, round a place, with centred dots between them.

        Args:
            style: How they are set; a dot has three spaces on each side.
            parts: The facts, in order.
            x: Their middle, in points.
            y: The baseline.
            what: Which fact they say.
        """
        spans = [(style, part) for part in parts]
        return self.spanned(spans, x - style.dotted_width(parts) / 2, y, what)

    def spanned(
        self, spans: Sequence[tuple[Style, str]], x: float, y: float, *whats: str
    ) -> list[Ink]:
        """Set texts on one line, each in its own style, with dots between them.

        *whats* name them, one for each or one for all.

        Args:
            spans: Style and words of each.
            x: Left end of the first, in points.
            y: The baseline.
            *whats: Which facts they say: one for each, or one for all.
        """
        found: list[Ink] = []
        for index, (style, text) in enumerate(spans):
            what = whats[min(index, len(whats) - 1)]
            if found:
                gap = style.dot_gap
                dot = style.width(DOT)
                found.append(self.left(style, DOT, x + (gap - dot) / 2, y, what))
                x += gap
            found.append(self.left(style, text, x, y, what))
            x += style.width(text)
        return found

    def rule(self, x: float, to_x: float, y: float, weight: float, colour: str) -> Drawn:
        """Draw a horizontal rule.

        Args:
            x: Where it begins, in points.
            to_x: Where it ends.
            y: The middle of its weight.
            weight: Points.
            colour: `#RRGGBB`.
        """
        half = weight / 2
        operators = polyline(x, y, to_x, y, weight, colour).encode()
        return Drawn(operators, Box(x, y - half, to_x, y + half))


def lacking(place: str, value: str, characters: str) -> Fault:
    """Return the fault of a text for which no face has a glyph.

    Args:
        place: Whose text it is, and which.
        value: The text.
        characters: What is missing: a character, or one with its variation selector.
    """
    base, *forms = map(code_point, characters)
    form = f" in the form of {' and '.join(forms)}" if forms else ""
    problem = f"holds {base}{form}, which no font here has"
    return Fault(place, value, problem, font_advice(value, characters))


def paragraph(
    role: str, lines: Sequence[Ink], actual_text: str = "", *, own: bool = False
) -> Element:
    """Return lines of text as one element of structure.

    Args:
        role: Its structure type: `P`, `H1`.
        lines: In reading order.
        actual_text: The words, where extraction could garble them.
        own: Whether it stands elsewhere, or differs, from one recipient to the next.
    """
    personal = own and any(line.personal for line in lines)
    return Element(role, tuple(lines), actual_text=actual_text, own=own, personal=personal)


def no_room(setting: LayoutContext, refusal: NoRoomError) -> UndrawableError:
    """Return the error of a certificate that no rung of the ladder holds."""
    certificate = setting.certificate
    name = certificate.recipient.name
    if isinstance(refusal, FullColumnError):
        problem = f"leave no room in their column at the least size allowed: {refusal}"
        facts = ", ".join(certificate.course.instructors)
        return UndrawableError(Fault(f"{name}: instructors", facts, problem, "name fewer"))
    problem = f"leaves no room on the page at the least sizes allowed: {refusal}"
    place = f"{name}: course title"
    return FullPageError(Fault(place, certificate.course.title, problem, "shorten it"))
