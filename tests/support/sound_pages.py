"""Pages that are sound: no two texts overlap, nothing leaves the sheet, no type is too small."""

from __future__ import annotations

from itertools import combinations

from boxes import overlap

from cecert.adapters.render.layout.page import Box, Drawn, Page, Symbol, inks
from cecert.domain.certificate.certificate import Certificate

FRAME = 34.9
"""Inner edge of the classic frame, half its rule included."""

CLIPPED = 18
"""What a printer may clip; only ornament lies there."""

LEAST_SIZE = 7.5
TOUCH = 0.4
"""Points two ink boxes may share: a descender beside an accent, never a stroke."""


def text_boxes(page: Page) -> list[tuple[str, Box]]:
    return [(ink.shaped.text, ink.box) for ink in inks(page)]


def code_box(page: Page) -> Box | None:
    kids = (kid for element in page.body for kid in element.kids)
    return next((kid.box for kid in kids if isinstance(kid, Symbol)), None)


def rules(page: Page) -> list[Box]:
    """Return the horizontal rules; a signature's may be crossed by its picture, by no text."""
    boxes = [each.box for each in page.behind if isinstance(each, Drawn)]
    return [each for each in boxes if each.top - each.bottom < 1.5]


def collisions(page: Page) -> list[tuple[str, str]]:
    found = [
        (one, other)
        for (one, first), (other, second) in combinations(text_boxes(page), 2)
        if overlap(first, second, TOUCH)
    ]
    found += [
        (text, "rule")
        for text, box in text_boxes(page)
        for rule in rules(page)
        if overlap(box, rule.widened(0.2))
    ]
    code = code_box(page)
    if code:
        quiet = code.widened(5)
        found += [(text, "QR code") for text, box in text_boxes(page) if overlap(box, quiet)]
    return found


def outside(page: Page, edge: float) -> list[str]:
    return [
        text
        for text, box in text_boxes(page)
        if box.left < edge
        or box.bottom < edge
        or box.right > page.width - edge
        or box.top > page.height - edge
    ]


def assert_sound(drawn: Certificate, pages: tuple[Page, ...]) -> None:
    edge = FRAME if drawn.layout.startswith("classic") else CLIPPED
    for page in pages:
        assert collisions(page) == []
        assert outside(page, edge) == []
        assert min(ink.size for ink in inks(page)) >= LEAST_SIZE
