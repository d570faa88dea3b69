"""The sessions of a course as a list on the second page, in one column or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cecert.adapters.render.layout.page import Element
from cecert.adapters.render.layout.setting import LayoutContext, NoRoomError, UndrawableError
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.text.breaking import DoesNotFitError, broken
from cecert.adapters.render.text.fitting import spaced
from cecert.adapters.render.text.shaping import Style
from cecert.errors import Fault

__all__ = ["session_list"]

MOST_IN_ONE = 14
"""Sessions that stand in one column, where the page holds nothing but them."""

BETWEEN = 28
"""Points between two columns."""

_Row = Sequence[str]
"""The lines of a session."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """A way to set a list.

    Attributes:
        style: Its type.
        columns: The rows of each.
    """

    style: Style
    columns: Sequence[Sequence[_Row]]

    @property
    def height(self) -> float:
        """From the first baseline to the last, in points."""
        return self.style.leading * (max(sum(map(len, each)) for each in self.columns) - 1)

    @property
    def breaks_rows(self) -> bool:
        """Whether a session takes more than a line."""
        return any(len(row) > 1 for column in self.columns for row in column)


def session_list(
    setting: LayoutContext,
    words: LayoutWords,
    edges: tuple[float, float],
    room: tuple[float, float],
    *,
    alone: bool,
) -> tuple[list[Element], float]:
    """Place sessions as a list, and return its last baseline.

    The largest type is taken in which each session has a line; where none has, the largest in
    which the list has room.

    Args:
        setting: The certificate and its layout.
        words: What it says of the sessions.
        edges: Left and right of the text; a list stands on the left edge in a layout that
            has no axis, else in the middle.
        room: Its first baseline, and the lowest that the last may have.
        alone: Whether nothing but the list stands on the page: then its type is larger.

    Raises:
        NoRoomError: If the page does not hold it in the least type, and the statements.
        UndrawableError: If it does not hold it alone.
    """
    top, floor = room
    width = edges[1] - edges[0]
    with setting.naming("sessions", "; ".join(words.all_sessions)):
        ways = _ways(setting, words, width, alone=alone)
    fitting = [each for each in ways if each.height <= top - floor]
    if not fitting:
        refusal = NoRoomError(min(each.height for each in ways), top - floor)
        raise _too_many(setting, words, refusal) if alone else refusal
    way = next((each for each in fitting if not each.breaks_rows), fitting[0])
    return _placed(setting, way, edges, top)


def _too_many(setting: LayoutContext, words: LayoutWords, refusal: NoRoomError) -> UndrawableError:
    place = f"{setting.certificate.recipient.name}: sessions"
    problem = f"leave no room on the second page at the least size allowed: {refusal}"
    return UndrawableError(Fault(place, " ".join(words.sessions), problem))


def _ways(
    setting: LayoutContext, words: LayoutWords, width: float, *, alone: bool
) -> list[_Columns]:
    """Return the ways to set the list, from the largest type down.

    Raises:
        DoesNotFitError: If a single word is wider than every column.
    """
    figures, usual = setting.layout.figures["page2"], setting.layout.styles["page2_sessions"]
    full, short = words.all_sessions, words.short_sessions
    large, least = usual.at(*figures["sessions_alone"]), usual.at(*figures["sessions_least"])
    tried = [(usual, full, 2), (usual, short, 2), (usual, short, 3), (least, short, 3)]
    tried.append((least, short, 1))
    if alone:
        first = 1 if len(full) <= MOST_IN_ONE else 2
        tried = [(large, full, first), (large, short, 2), *tried]
    found, refusals = list[_Columns](), list[DoesNotFitError]()
    for style, phrases, count in tried:
        try:
            found.append(_columns(style, phrases, count, width))
        except DoesNotFitError as narrow:
            refusals.append(narrow)
    if not found:
        raise refusals[-1]
    return found


def _columns(style: Style, phrases: Sequence[str], count: int, width: float) -> _Columns:
    room = (width - BETWEEN * (count - 1)) / count
    rows = [broken(each, style, room) for each in phrases]
    most = -(-len(rows) // count)
    return _Columns(style, [rows[start : start + most] for start in range(0, len(rows), most)])


def _placed(
    setting: LayoutContext, way: _Columns, edges: tuple[float, float], top: float
) -> tuple[list[Element], float]:
    style, align = way.style, setting.layout.figures["page2"]["sessions_align"]
    widths = [max(style.width(line) for row in column for line in row) for column in way.columns]
    whole = sum(widths) + BETWEEN * (len(widths) - 1)
    x = edges[0] + (edges[1] - edges[0] - whole) * align
    items: list[Element] = []
    for column, width in zip(way.columns, widths, strict=True):
        y = top
        for row in column:
            items.append(_item(setting, style, row, x, y))
            y -= style.leading * len(row)
        x += width + BETWEEN
    return [Element("L", tuple(items))], top - way.height


def _item(setting: LayoutContext, style: Style, row: Sequence[str], x: float, y: float) -> Element:
    inks = tuple(
        setting.left(style, line, x, y - index * style.leading, "sessions")
        for index, line in enumerate(spaced(row))
    )
    return Element("LI", (Element("LBody", inks),))
