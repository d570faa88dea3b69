"""Pieces of the first page that both layouts have, each with lines of its own kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cecert.adapters.render.layout.page import Element, Ink, Item
from cecert.adapters.render.layout.setting import LayoutContext, paragraph
from cecert.adapters.render.layout.stacking import HeadLine
from cecert.adapters.render.layout.table import FitStep, page_one_table
from cecert.adapters.render.text.fitting import fitted, least, line_drops, one_line, rise_of, spaced
from cecert.adapters.render.text.shaping import Style
from cecert.domain.values.wording import hours_figure

__all__ = ["SetLine", "name_or_title", "table_or_hours"]

LEAST_DESCENT = 0.16
"""Descent of a name without descenders, in em: it stands on the same white as others."""

SetLine = Callable[[Style, str, float, str], Ink]
"""Sets a text of a style on a baseline, as what it is: round the axis, or from it on."""

Body = tuple[Sequence[Element], tuple[Item, ...], float]
"""Elements, rules, and where their upper edge stands."""


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
    if which == "title":
        text, field = setting.certificate.course.title, "course title"
    with setting.naming(field, text):
        fit = setting.layout.figures["fit"][which]
        fit = least(fit) if rung.floors else fit
        style, texts = fitted(text, setting.layout.styles[which], measure, fit)
        drops = line_drops(style, texts)

    def place(y: float) -> Element:
        lines = zip(spaced(texts), drops, strict=True)
        inks = [line(style, each, y - drop, field) for each, drop in lines]
        return paragraph("P", inks, actual_text=text, own=True)

    first, last = style.shaped(texts[0]), style.shaped(texts[-1])
    if which == "title":
        return HeadLine(which, rise_of(style, texts[0]), style.drop + drops[-1], place)
    below = max(-last.bottom, LEAST_DESCENT) * style.size
    return HeadLine(which, first.top * style.size, below + drops[-1], place)


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
        figure = line(style, hours_figure(credit.hours), y + rise, "hours")
        elements.append(paragraph("P", (figure, line(unit, credit.unit, y, "unit"))))
        y += rise + style.cap + grid["attendance_gap"]
    return elements[::-1], y - grid["attendance_gap"]
