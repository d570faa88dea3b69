"""Stacking: lines one below the other, with the white that is left shared out between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cecert.adapters.render.fitting import Figures
from cecert.adapters.render.page import Element
from cecert.adapters.render.setting import NoRoomError
from cecert.adapters.render.table import Rung

__all__ = ["HeadLine", "kept_lines", "stacked"]

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


def stacked(
    lines: Sequence[HeadLine], whites: Figures, rung: Rung, ceiling: float, floor: float
) -> list[float]:
    """Return the baseline of each line between *ceiling* and *floor*.

    Args:
        lines: From the top down.
        whites: By name: the least white above, its share of what is left over, and
            what it never falls under; `table` is the white above the floor.
        rung: Whose factor the least white is multiplied with.
        ceiling: Where the first line's rise begins.
        floor: Where the last white ends.

    Raises:
        NoRoomError: If less is left over than the rung asks for.
    """
    names = [*(line.white for line in lines), "table"]
    rows = [(*whites.get(name, (0, 0)), 0)[:3] for name in names]
    least = [max(white * rung.white, limit) for white, _, limit in rows]
    needed = sum(line.rise + line.drop for line in lines) + sum(least)
    left_over = ceiling - floor - needed
    if left_over < rung.room:
        raise NoRoomError(needed + rung.room, ceiling - floor)
    unit = left_over / sum(share for _, share, _ in rows)
    y, baselines = ceiling, []
    for line, (_, share, _), white in zip(lines, rows, least, strict=False):
        y -= white + share * unit + line.rise
        baselines.append(y)
        y -= line.drop
    return baselines
