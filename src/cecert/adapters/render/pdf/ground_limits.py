"""What a letterhead's page may ask of whoever draws it: a file of anybody's is bounded first.

A small PDF can be endless to draw: forms that draw one another many times over, pictures of
billions of pixels. They are counted without being drawn, and refused: the page would hang
every reader it is shown in.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pypdf import PageObject
from pypdf.generic import DictionaryObject, StreamObject

from cecert.adapters.render.pdf.ground_facts import resolved

__all__ = ["quiet", "refuse_endless"]

MOST_DRAWN = 20_000
"""Forms and pictures a page draws, each as often as it is drawn."""

MOST_NESTED = 15
"""Forms within forms; PDFium draws no deeper ones."""

MOST_PIXELS = 80_000_000
"""Of one picture: a whole sheet at 800 dots an inch has fewer."""

MOST_OPERATORS = 4_000_000
"""Bytes of the operators of a page or form; to look through these takes seconds."""

_DRAWN = re.compile(rb"/([^\s/\[\]()<>{}%]{1,127})\s+Do\b")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep to itself what pypdf notes of a damaged file, a line for each place."""
    notes = logging.getLogger("pypdf")
    before = notes.level
    notes.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        notes.setLevel(before)


def refuse_endless(page: PageObject) -> None:
    """Refuse a page that draws more than any letterhead does.

    Raises:
        ValueError: If it does; str() goes on after "cannot be read: ".
    """
    contents = page.get_contents()
    data = b"" if contents is None else contents.get_data()
    _Count().of(resolved(page.get("/Resources")), data, ())


class _Count:
    """Counts what is drawn, each form once however often it is drawn."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, resources: Any, data: bytes, above: tuple[int, ...]) -> int:  # noqa: ANN401
        """Return how much is drawn by operators.

        Args:
            resources: Where they find what they name.
            data: The operators.
            above: The forms that these are drawn within.
        """
        if len(data) > MOST_OPERATORS:
            raise ValueError(f"has {len(data):,} bytes of drawing, at most {MOST_OPERATORS:,}")
        if len(above) > MOST_NESTED:
            raise ValueError(f"draws forms within forms, more than {MOST_NESTED} deep")
        found = (
            resolved(resources.get("/XObject")) if isinstance(resources, DictionaryObject) else {}
        )
        total = 0
        for name, times in Counter(_DRAWN.findall(data)).items():
            drawn = resolved((found or {}).get("/" + name.decode("latin-1")))
            if isinstance(drawn, StreamObject):
                total += times * self._drawn(drawn, resources, above)
            if total > MOST_DRAWN:
                raise ValueError(f"draws more than {MOST_DRAWN:,} forms and pictures")
        return total

    def _drawn(self, drawn: StreamObject, outer: Any, above: tuple[int, ...]) -> int:  # noqa: ANN401
        if drawn.get("/Subtype") != "/Form":
            _refuse_large(drawn)
            return 1
        key = id(drawn)
        if key in above:
            raise ValueError("has a form that draws itself")
        if key not in self._known:
            own = resolved(drawn.get("/Resources", outer))
            self._known[key] = 1 + self.of(own, drawn.get_data(), (*above, key))
        return self._known[key]


def _refuse_large(picture: StreamObject) -> None:
    width, height = (resolved(picture.get(side, 0)) for side in ("/Width", "/Height"))
    if int(width) * int(height) > MOST_PIXELS:
        millions = int(width) * int(height) // 1_000_000
        raise ValueError(f"draws a picture of {millions:,} megapixels")
