"""The words below a signature: who signs, their title, and for whom, where it is another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.text.breaking import DoesNotFitError
from cecert.adapters.render.text.fitting import Figures, one_line
from cecert.adapters.render.text.shaping import Style
from cecert.domain.course.provider import Signatory

__all__ = ["SignatureLine", "signature_lines"]


class SignatureLine(NamedTuple):
    """A line below the rule of a signature.

    Attributes:
        what: `signatory` or `signatory_title`.
        style: How it is set.
        text: Its words.
        below: Its baseline below the rule, in points.
    """

    what: str
    style: Style
    text: str
    below: float


def signature_lines(
    setting: LayoutContext, signatory: Signatory, room: float, grid: Figures
) -> Iterator[SignatureLine]:
    """Return the lines below a signature: name and title, and who signs for another says so.

    An organisation follows the title on its line, or stands below it where both are too long
    or it has a contact, which follows it.

    Args:
        setting: The certificate and its styles.
        signatory: Who signs.
        room: Width in points.
        grid: The layout's measures.

    Raises:
        UndrawableError: If one is too wide in the least type.
    """
    below: tuple[float, ...] = (grid["name_below"], grid["title_below"])
    most: Figures = {}
    rows = [("signatory", signatory.name), ("signatory_title", signatory.title)]
    if signatory.organisation:
        both = ", ".join(each for each in (signatory.title, signatory.organisation) if each)
        rows[1] = ("signatory_title", both)
        if signatory.contact or not _fits(both, setting, room, grid):
            rows[1:] = [
                ("signatory_title", signatory.title),
                ("signatory_title", signatory.whom),
            ]
            below, most = tuple(grid["three_below"]), grid["three_sizes"]
    for (what, text), down in zip(rows, below, strict=True):
        if text:
            style = setting.layout.styles[what]
            style = style.at(min(style.size, most.get(what, style.size)))
            with setting.naming(what.replace("_", " "), text):
                style = one_line(text, style, room, grid["signature_floor"])
            yield SignatureLine(what, style, text, down)


def _fits(text: str, setting: LayoutContext, room: float, grid: Figures) -> bool:
    try:
        one_line(text, setting.layout.styles["signatory_title"], room, grid["signature_floor"])
    except DoesNotFitError:
        return False
    return True
