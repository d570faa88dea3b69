"""Stacking: lines one below the other, with the white that is left shared out between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cecert.adapters.render.layout.page import Element
from cecert.adapters.render.layout.setting import NoRoomError
from cecert.adapters.render.layout.table import FitStep
from cecert.adapters.render.text.fitting import Figures

__all__ = ["HeadLine", "Stack", "kept_lines", "stack_of", "stacked"]

MOST_PLACES = 64
"""Baselines of a kept line whose elements are kept; most names are as high as another."""


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line of the head, or several that keep together.

    Attributes:
        white: Name of the white above it in the layout file.
        rise, drop: What it takes above and below its first baseline.
        place: Sets it on a baseline.
    """

    white: str
    rise: float
    drop: float
    place: Callable[[float], Element]


def kept_lines(lines: Iterable[HeadLine]) -> list[HeadLine]:
    """Return lines that give the same element for the same baseline."""
    return [replace(line, place=lru_cache(MOST_PLACES)(line.place)) for line in lines]


Height = tuple[str, float, float]
"""White above, rise and drop of a line."""

Stack = Callable[[tuple[Height, ...]], Sequence[float]]
"""Returns the baselines of lines from the top down, or raises `NoRoomError`."""


def stacked(lines: Sequence[HeadLine], stack: Stack) -> list[Element]:
    """Place *lines* one below the other.

    Raises:
        NoRoomError: If less is left over than the rung asks for.
    """
    baselines = stack(tuple([(line.white, line.rise, line.drop) for line in lines]))
    return [line.place(y) for line, y in zip(lines, baselines, strict=True)]


def stack_of(whites: Figures, rung: FitStep, ceiling: float, floor: float) -> Stack:
    """Return what shares out the white between *ceiling* and *floor*, and keeps what it found.

    Args:
        whites: By name: the least white above, its share of what is left over, and
            what it never falls under; `table` is the white above the floor.
        rung: Whose factor the least white is multiplied with.
        ceiling: Where the first line's rise begins.
        floor: Where the last white ends.
    """

    def baselines(heights: tuple[Height, ...]) -> Sequence[float]:
        rows = [(*whites.get(name, (0, 0)), 0)[:3] for name, _, _ in (*heights, _LAST)]
        least = [max(white * rung.white, limit) for white, _, limit in rows]
        needed = sum(rise + drop for _, rise, drop in heights) + sum(least)
        left_over = ceiling - floor - needed
        if left_over < rung.room:
            raise NoRoomError(needed + rung.room, ceiling - floor)
        unit = left_over / sum(share for _, share, _ in rows)
        y, found = ceiling, []
        for (_, rise, drop), (_, share, _), white in zip(heights, rows, least, strict=False):
            y -= white + share * unit + rise
            found.append(y)
            y -= drop
        return found

    return lru_cache(MOST_PLACES)(baselines)


_LAST: Height = ("table", 0, 0)
