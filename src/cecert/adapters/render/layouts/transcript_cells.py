"""Cells of a transcript's tables: lines of text that always find room.

What is listed was printed on a certificate, whose lines are longer. So nothing is refused
here: a word that is wider than its column is set smaller, then broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cecert.adapters.render.layout.ornament import outlined_box
from cecert.adapters.render.layout.page import Box, Ink, Item
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.text.breaking import DoesNotFitError, broken
from cecert.adapters.render.text.shaping import Style

__all__ = ["Line", "Span", "down", "lines_of", "packed_spans", "set_lines"]

SMALLER = 0.4
"""Points by which type shrinks between one try and the next."""

Span = tuple[Style, str]
"""Words in one style."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell.

    Attributes:
        spans: What stands on it, from the left.
        drop: How far its baseline is below the one above.
        what: Which fact it says.
        gap: White after its first span, in points.
        boxed: Whether its first span has a frame.
    """

    spans: tuple[Span, ...]
    drop: float
    what: str = ""
    gap: float = 0.0
    boxed: bool = False


def lines_of(
    setting: LayoutContext, text: str, style: str, measure: float, what: str
) -> list[Line]:
    """Break *text* into lines of a column.

    Args:
        setting: The transcript's layout.
        text: One paragraph; "" has no line.
        style: How it is set, by name.
        measure: Width of the column, in points.
        what: Which fact it says.

    Raises:
        UndrawableError: If no face has one of its characters.
    """
    if not text:
        return []
    usual, least = setting.layout.styles[style], setting.layout.figures["fit"]["least"]
    with setting.naming(what, text):
        fit, texts = _broken(text, usual, measure, least)
    return [Line(((fit, each),), usual.leading, what) for each in texts]


def _broken(text: str, style: Style, measure: float, least: float) -> tuple[Style, Sequence[str]]:
    size = style.size
    while size > least:
        fit = style.at(size, style.leading)
        try:
            return fit, broken(text, fit, measure)
        except DoesNotFitError:
            size -= SMALLER
    fit = style.at(least, style.leading)
    return fit, broken(" ".join(_pieces(text, fit, measure)), fit, measure)


def _pieces(text: str, style: Style, measure: float) -> Iterator[str]:
    """Return the words of *text*, those that are wider than the measure cut."""
    for word in text.split(" "):
        piece = ""
        for letter in word:
            if piece and style.width(piece + letter) > measure:
                yield piece
                piece = ""
            piece += letter
        yield piece


def packed_spans(
    pieces: Sequence[tuple[Span, ...]], between: Span, measure: float, leading: float
) -> list[Line]:
    """Put pieces on as few lines as hold them, with a sign between two.

    Args:
        pieces: Each is not broken.
        between: The sign; it ends a line that others follow.
        measure: Width of the column, in points.
        leading: From one line to the next.
    """
    lines: list[tuple[Span, ...]] = []
    for index, piece in enumerate(pieces):
        ended = (*piece, between) if index < len(pieces) - 1 else piece
        if lines and _width((*lines[-1], *ended)) <= measure:
            lines[-1] = (*lines[-1], *ended)
        else:
            lines.append(ended)
    return [Line(each, leading, "categories") for each in lines]


def _width(spans: Iterable[Span]) -> float:
    return sum(style.width(text) for style, text in spans)


def down(lines: Sequence[Line]) -> float:
    """Return how far the last baseline of *lines* is below the first."""
    return sum(each.drop for each in lines[1:])


BOX_SIDE, BOX_ABOVE, BOX_BELOW = 3.4, 7.2, 2.6
"""White beside framed words, and how far above and below the baseline the frame is, in points."""


def set_lines(
    setting: LayoutContext, lines: Sequence[Line], x: float, y: float
) -> tuple[list[Ink], list[Item]]:
    """Set *lines* one below the other, and return the text and the frames, which are only drawn.

    Each line ends in a space, which parts its words for who listens.

    Args:
        setting: The transcript's layout.
        lines: What is set.
        x: Where they begin, in points.
        y: The first baseline.
    """
    inks: list[Ink] = []
    frames: list[Item] = []
    for index, line in enumerate(lines):
        y -= line.drop if index else 0.0
        side = BOX_SIDE if line.boxed else 0.0
        along, last = x + side, len(line.spans) - 1
        for place, (style, text) in enumerate(line.spans):
            ended = place == last or line.gap
            said = f"{text} " if ended else text
            inks.append(setting.left(style, said, along, y, line.what))
            width = style.width(text)
            if line.boxed and not place:
                frames.append(_frame(setting, along - side, along + width + side, y))
            along += width + (line.gap + side if not place else 0.0)
    return inks, frames


def _frame(setting: LayoutContext, left: float, right: float, y: float) -> Item:
    weight = setting.layout.figures["list"]["box"]
    box = Box(left, y - BOX_BELOW, right, y + BOX_ABOVE)
    return outlined_box(box, weight, setting.layout.colours["ink"])
