"""The classic layout: an engraved diploma on a centred axis (design sections 1, 2 and 9)."""

from __future__ import annotations

from collections.abc import Iterator

from cecert.adapters.render.classic_first import FirstPage
from cecert.adapters.render.classic_second import second_page
from cecert.adapters.render.fitting import Figures
from cecert.adapters.render.page import Page
from cecert.adapters.render.setting import NoRoomError, Setting, no_room
from cecert.adapters.render.table import Rung
from cecert.adapters.render.wordings import words_of

__all__ = ["compose_classic"]


def compose_classic(setting: Setting) -> tuple[Page, ...]:
    """Compose the pages of a certificate on the first rung of the fit ladder that holds it.

    Raises:
        UndrawableError: If a text is too wide, or the pages too small on every rung.
    """
    refusal = NoRoomError(0, 0)
    for rung in _ladder(setting.layout.figures, len(setting.certificate.credit_lines)):
        words = words_of(setting.certificate, rung.session_lines)
        two = rung.moved or bool(words.all_sessions)
        try:
            first = FirstPage(setting, words, rung, pages=1 + two).page()
            return (first, second_page(setting, words, statements=rung.moved)) if two else (first,)
        except NoRoomError as tight:
            refusal = tight
    raise no_room(setting, refusal)


def _ladder(figures: Figures, lines: int) -> Iterator[Rung]:
    """Return the rungs of design section 9 in order, for so many credit lines."""
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
    for white in fit["last_white"]:
        yield Rung(table["moved"][-1], white, last, moved=True)
