"""The sessions of a course below its title, where the column of facts has no room for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cecert.adapters.render.layout.first_page import HeadLine
from cecert.adapters.render.layout.page import Element
from cecert.adapters.render.layout.setting import LayoutContext, paragraph
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.text.breaking import broken
from cecert.adapters.render.text.fitting import spaced
from cecert.adapters.render.text.shaping import Style

__all__ = ["sessions_beside"]

BETWEEN = 18
"""Points between two sessions on one line."""

_Texts = Sequence[tuple[float, str]]
"""What stands on a line: how far from the left, and its words."""


def sessions_beside(
    setting: LayoutContext, words: LayoutWords, edges: tuple[float, float]
) -> Iterator[HeadLine]:
    """Return the lines of the sessions: two to a line where they fit so, else one.

    Args:
        setting: The certificate and its layout.
        words: What it says of the sessions.
        edges: Left and right of the text.
    """
    style = setting.layout.styles["sessions"]
    with setting.naming("sessions", "; ".join(words.all_sessions)):
        lines = _lines(style, words, edges[1] - edges[0])
    for index, texts in enumerate(lines):
        yield _head_line(setting, style, texts, edges[0], "further" if index else "sessions")


def _lines(style: Style, words: LayoutWords, measure: float) -> list[_Texts]:
    half = (measure - BETWEEN) / 2
    for phrases in (words.all_sessions, words.short_sessions):
        if len(phrases) > 1 and all(style.width(each) <= half for each in phrases):
            pairs = [phrases[start : start + 2] for start in range(0, len(phrases), 2)]
            places = (0.0, half + BETWEEN)
            return [list(zip(places, spaced(pair), strict=False)) for pair in pairs]
    rows = [line for each in words.all_sessions for line in broken(each, style, measure)]
    return [[(0.0, row)] for row in rows]


def _head_line(
    setting: LayoutContext, style: Style, texts: _Texts, x: float, white: str
) -> HeadLine:
    def place(y: float) -> Element:
        inks = [setting.left(style, text, x + right, y, "sessions") for right, text in texts]
        return paragraph("P", inks, own=True)

    return HeadLine(white, style.cap, style.drop, place)
