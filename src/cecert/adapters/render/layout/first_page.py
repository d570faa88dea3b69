"""Pieces of the first page that both layouts have: its stacked lines, its table, its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cecert.adapters.render.layout import ornament
from cecert.adapters.render.layout.page import Box, Drawn, Element, Ink, Item, Symbol
from cecert.adapters.render.layout.setting import UNSET, LayoutContext, NoRoomError, paragraph
from cecert.adapters.render.layout.table import FitStep, page_one_table
from cecert.adapters.render.qr import POINTS
from cecert.adapters.render.text.fitting import Figures, fitted, least, one_line
from cecert.adapters.render.text.italics import italic_title
from cecert.adapters.render.text.shaping import Style
from cecert.domain.token.qr import QUIET_MODULES
from cecert.domain.values.wording import hours_figure

__all__ = [
    "HeadLine", "SetLine", "Stack", "kept_lines", "lack_of", "name_or_title",
    "quiet_zone", "stack_of", "stacked", "symbol_figure", "table_or_hours",
]  # fmt: skip

LEAST_DESCENT = 0.16
"""Descent of a name without descenders, in em: it stands on the same white as others."""

SetLine = Callable[..., Ink]
"""Sets a text of a style round the axis, or from it on: its baseline is `y`, `what` it is."""

Body = tuple[Sequence[Element], tuple[Item, ...], float]
"""Elements, rules, and where their upper edge stands."""


# Lines one below the other

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


def lack_of(lines: Sequence[HeadLine], stack: Stack) -> tuple[float, float] | None:
    """Return what not even *lines* alone have room for: height needed and there is; else None."""
    try:
        stack(tuple([(line.white, line.rise, line.drop) for line in lines]))
    except NoRoomError as refusal:
        # Not the refusal itself: raised for each certificate, it would keep what each had drawn.
        return refusal.needed, refusal.available
    return None


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

# Name and title


def name_or_title(
    setting: LayoutContext, rung: FitStep, which: str, measure: float, line: SetLine
) -> HeadLine:
    """Set a name or a title: real ink above the name, and the words as one for who listens.

    Args:
        setting: The certificate and its layout.
        rung: Whether type stands at its floors.
        which: `name` or `title`, as the layout calls its style, fit and white.
        measure: Width in points.
        line: Sets each of its lines.

    Raises:
        UndrawableError: If the text is too wide at its least size.
    """
    text, field = setting.certificate.recipient.name, "recipient name"
    typed = text
    if which == "title":
        text, field = setting.certificate.course.title, "course title"
        typed = italic_title(setting.certificate.course)
    fit = setting.layout.figures["fit"][which]
    try:
        style, texts = fitted(
            typed, setting.layout.styles[which], measure, least(fit) if rung.floors else fit
        )
        lines = style.lines(texts)
        first, last, rise = style.shaped(texts[0]), style.shaped(texts[-1]), style.rise(texts[0])
    except UNSET as trouble:
        raise setting.undrawable(field, text, trouble) from None

    def place(y: float) -> Element:
        inks = [line(style, words, y=y - drop, what=field) for words, drop in lines]
        return paragraph("P", inks, actual_text=text, own=True)

    _, lowest = lines[-1]
    if which == "title":
        return HeadLine(which, rise, style.drop + lowest, place)
    below = max(-last.bottom, LEAST_DESCENT) * style.size
    return HeadLine(which, first.top * style.size, below + lowest, place)


# Table or hours, and the code


def table_or_hours(
    setting: LayoutContext, rung: FitStep, edges: tuple[float, float], unit: Style, line: SetLine
) -> Body:
    """Place the table, or the hours of a certificate that claims no approval.

    Args:
        setting: The certificate and its layout.
        rung: The table's sizes.
        edges: Left and right of the table.
        unit: Style of the unit of hours that stand alone.
        line: Sets those hours and their unit.
    """
    figures = setting.layout.figures
    if not setting.certificate.claims_approval:
        elements, top = _hours(setting, edges[1] - edges[0], unit, line)
        return elements, (), top
    table = page_one_table(setting, rung, edges, figures["table"])
    top = figures["grid"]["table_foot"] + table.height
    element, rules = table.placed(top)
    return [element], rules, top


def _hours(
    setting: LayoutContext, measure: float, usual: Style, line: SetLine
) -> tuple[Sequence[Element], float]:
    grid, style = setting.layout.figures["grid"], setting.layout.styles["attendance_hours"]
    floor = setting.layout.figures["fit"]["note_floor"]
    y, elements = grid["attendance"], []
    for credit in reversed(setting.certificate.credit_lines):
        with setting.naming(f"unit of {credit.credential}", credit.unit):
            unit = one_line(credit.unit, usual, measure, floor)
        rise = 0.4 * style.size + unit.cap
        figure = line(style, hours_figure(credit.hours), y=y + rise, what="hours")
        elements.append(paragraph("P", (figure, line(unit, credit.unit, y=y, what="unit"))))
        y += rise + style.cap + grid["attendance_gap"]
    return elements[::-1], y - grid["attendance_gap"]


def symbol_figure(setting: LayoutContext, x: float, y: float) -> Element:
    """Return the code's place, the lower left corner of its first module at (x, y), and its words.

    Args:
        setting: The certificate, or a specimen, whose code verifies nowhere.
        x: In points.
        y: In points.
    """
    box = Box(x, y, x + POINTS, y + POINTS)
    ground = box.widened(quiet_zone(setting))
    white = Drawn(ornament.filled(ground, "#FFFFFF").encode(), ground)
    words = setting.layout.words
    alt = words["alt_code"].format(host=setting.certificate.verify_host)
    if setting.specimen:
        alt = words["alt_code_specimen"]
    return Element("Figure", (white, Symbol(box)), alt=alt)


def quiet_zone(setting: LayoutContext) -> float:
    """Return the width of the white around the code, in points."""
    return QUIET_MODULES * POINTS / setting.modules
