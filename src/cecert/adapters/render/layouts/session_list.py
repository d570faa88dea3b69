"""The sessions of a course as a list of its own on the second page, in one or two columns."""

from __future__ import annotations

from collections.abc import Sequence

from cecert.adapters.render.layout.page import Element
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.text.breaking import broken
from cecert.adapters.render.text.fitting import spaced
from cecert.adapters.render.text.shaping import Style

__all__ = ["session_list"]

MOST_IN_ONE = 14
"""Sessions that stand in one column, where the page holds nothing but them."""

BETWEEN = 28
"""Points between two columns."""


def session_list(
    setting: LayoutContext,
    phrases: Sequence[str],
    edges: tuple[float, float],
    top: float,
    *,
    alone: bool,
) -> tuple[list[Element], float]:
    """Place sessions as a list, and return its last baseline.

    Args:
        setting: The certificate and its layout.
        phrases: A session, or several at equal times, each.
        edges: Left and right of the text; a list stands on the left edge in a layout that
            has no axis, else in the middle.
        top: Its first baseline.
        alone: Whether nothing but the list stands on the page: then its type is larger.
    """
    figures, style = setting.layout.figures["page2"], setting.layout.styles["page2_sessions"]
    count, room = 2, (edges[1] - edges[0] - BETWEEN) / 2
    if alone:
        style = style.at(*figures["sessions_alone"])
        if len(phrases) <= MOST_IN_ONE:
            count, room = 1, edges[1] - edges[0]
    with setting.naming("sessions", "; ".join(phrases)):
        rows = [broken(each, style, room) for each in phrases]
    half = -(-len(rows) // count)
    columns = [rows[start : start + half] for start in range(0, len(rows), half)]
    widths = [max(style.width(line) for row in column for line in row) for column in columns]
    whole = sum(widths) + BETWEEN * (len(columns) - 1)
    x = edges[0] + (edges[1] - edges[0] - whole) * figures["sessions_align"]
    items: list[Element] = []
    last = top
    for column, width in zip(columns, widths, strict=True):
        y = top
        for row in column:
            items.append(_item(setting, style, row, x, y))
            y -= style.leading * len(row)
        last = min(last, y + style.leading)
        x += width + BETWEEN
    return [Element("L", tuple(items))], last


def _item(setting: LayoutContext, style: Style, row: Sequence[str], x: float, y: float) -> Element:
    inks = tuple(
        setting.left(style, line, x, y - index * style.leading, "sessions")
        for index, line in enumerate(spaced(row))
    )
    return Element("LI", (Element("LBody", inks),))
