"""The fit ladder: what is tried in turn until a certificate fits its pages (design section 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cecert.adapters.render.fitting import Figures
from cecert.adapters.render.page import Page
from cecert.adapters.render.setting import NoRoomError, Setting, no_room
from cecert.adapters.render.table import Rung
from cecert.adapters.render.wordings import Words, words_of

__all__ = ["FirstPage", "SecondPage", "composed", "rungs"]

FirstPage = Callable[[Setting, Words, Rung, int], Page]
"""Composes the first of so many pages."""

SecondPage = Callable[[Setting, Words, Rung], Page]
"""Composes the second page on one rung of its own."""


def composed(setting: Setting, first: FirstPage, second: SecondPage) -> tuple[Page, ...]:
    """Compose the pages of a certificate on the first rung that holds it.

    Raises:
        UndrawableError: If a text is too wide, or the pages too small on every rung.
    """
    refusal = NoRoomError(0, 0)
    for rung in rungs(setting.layout.figures, len(setting.certificate.credit_lines)):
        words = setting.kept.get(
            "words",
            rung.session_lines,
            make=partial(words_of, setting.certificate, rung.session_lines),
        )
        try:
            if not rung.moved and not words.all_sessions:
                return (first(setting, words, rung, 1),)
            page = first(setting, words, rung, 2)
            return page, _second(setting, words, second, moved=rung.moved)
        except NoRoomError as tight:
            refusal = tight
    raise no_room(setting, refusal)


def _second(setting: Setting, words: Words, second: SecondPage, *, moved: bool) -> Page:
    refusal = NoRoomError(0, 0)
    for step in setting.layout.figures["page2"]["step"]:
        try:
            return second(setting, words, Rung(step, 1, 0, moved=moved))
        except NoRoomError as tight:
            refusal = tight
    raise refusal


def rungs(figures: Figures, lines: int) -> Iterator[Rung]:
    """Return the rungs of a layout, for so many credit lines, in the order they are tried.

    White shrinks to the layout's floor and no further. What is too much then is taken
    from type: the table's, which may run in, and at last that of name and title.
    """
    table, fit = figures["table"], figures["fit"]
    usual, last = fit["session_lines"], fit["last_session_lines"]
    if lines <= fit["large_lines"]:
        yield Rung(table["large"], fit["white"][0], usual, room=fit["large_room"])
    for white in fit["white"]:
        yield Rung(table["step"][0], white, usual)
    for step in table["step"][1:]:
        yield Rung(step, fit["white"][-1], usual)
    for white in fit["white"]:
        yield Rung(table["moved"][0], white, usual, moved=True)
    for step in table["moved"][1:]:
        yield Rung(step, fit["white"][-1], usual, moved=True)
    for sessions in (usual, last):
        yield Rung(table["moved"][-1], fit["white"][-1], sessions, moved=True, floors=True)
