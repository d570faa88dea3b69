"""Fitting: one line at the layout's size, smaller to its floor, several lines, then an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cecert.adapters.render.text.breaking import DoesNotFitError, balanced, holds
from cecert.adapters.render.text.shaping import Style

__all__ = [
    "Figures",
    "fitted",
    "fitted_picture",
    "least",
    "one_line",
    "spaced",
]

Figures = Mapping[str, Any]
"""A table of a layout file."""

STEP = 0.5
"""Points by which type shrinks between one try and the next."""


def fitted(text: str, style: Style, measure: float, fit: Figures) -> tuple[Style, tuple[str, ...]]:
    """Set *text* on one line, smaller if it must be, else on several balanced ones.

    Args:
        text: What is set.
        style: How.
        measure: Width in points.
        fit: `one`, the largest and the least size on one line; `lines` at most, and
            `many`, the largest and the least size on those.

    Raises:
        DoesNotFitError: If the least size on the most lines does not hold it.
    """
    largest, least = fit["one"]
    wide = style.at(largest).width(text)
    if wide <= measure:
        return style.at(largest), (text,)
    if wide * least / largest <= measure:
        return style.at(int(largest * measure / wide * 10) / 10), (text,)
    return _on_several(text, style, measure, fit)


def least(fit: Figures) -> Figures:
    """Return what *fit* allows of type in its least sizes."""
    return {**fit, "one": [fit["one"][1]] * 2, "many": [fit["many"][1]] * 2}


def _on_several(
    text: str, style: Style, measure: float, fit: Figures
) -> tuple[Style, tuple[str, ...]]:
    largest, floor = fit["many"]
    size = max(largest, floor)
    while size > floor and not holds(text, style.at(size), measure, fit["lines"]):
        size = max(floor, size - STEP)
    return style.at(size), balanced(text, style.at(size), measure, fit["lines"])


def one_line(text: str, style: Style, measure: float, floor: float) -> Style:
    """Return *style* in the size that sets *text* on one line.

    Args:
        text: What is set.
        style: Its usual size is the largest.
        measure: Width in points.
        floor: The least size, in points.

    Raises:
        DoesNotFitError: If that is below *floor*.
    """
    wide = style.width(text)
    if wide <= measure:
        return style
    if (needed := wide * floor / style.size) > measure:
        raise DoesNotFitError(needed, measure)
    return style.at(style.size * measure / wide)


def fitted_picture(pixels: tuple[int, int], width: float, height: float) -> tuple[float, float]:
    """Return the size of a picture that keeps its proportions and fits a box.

    Args:
        pixels: Width and height of the picture.
        width: Of the box, in points.
        height: Of the box.
    """
    scale = min(width / pixels[0], height / pixels[1])
    return pixels[0] * scale, pixels[1] * scale


def spaced(texts: Sequence[str]) -> list[str]:
    """End every line but the last in a space, which parts its words for who listens."""
    return [*(f"{text} " for text in texts[:-1]), texts[-1]]
