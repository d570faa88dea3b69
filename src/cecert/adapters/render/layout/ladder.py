"""The fit ladder: what is tried in turn until a certificate fits its pages.

Source: docs/spec/certificate-design.md 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cecert.adapters.render.layout.page import Page
from cecert.adapters.render.layout.setting import (
    FullColumnError,
    LayoutContext,
    NoRoomError,
    TooWideError,
    no_room,
)
from cecert.adapters.render.layout.table import FitStep
from cecert.adapters.render.layout.words import LayoutWords, words_of
from cecert.adapters.render.text.fitting import Figures

__all__ = ["FirstPage", "SecondPage", "composed", "rungs"]

FirstPage = Callable[[LayoutContext, LayoutWords, FitStep, int], Page]
"""Composes the first of so many pages."""

SecondPage = Callable[[LayoutContext, LayoutWords, FitStep], Page]
"""Composes the second page on one rung of its own."""


def composed(setting: LayoutContext, first: FirstPage, second: SecondPage) -> tuple[Page, ...]:
    """Compose the pages of a certificate on the first rung that holds it.

    Args:
        setting: The certificate and its layout.
        first: Composes the first page.
        second: Composes the second, where there is one.

    Raises:
        UndrawableError: If a text is too wide, or the pages too small on every rung.
    """
    fit = setting.layout.figures["fit"]
    refusal: NoRoomError | TooWideError = NoRoomError(0, 0)
    for session_lines in (fit["session_lines"], fit["last_session_lines"]):
        for rung in rungs(setting.layout.figures, session_lines):
            try:
                return _on(rung, setting, first, second)
            except FullColumnError as full:
                refusal = full
                break
            except (NoRoomError, TooWideError) as tight:
                refusal = tight
    raise no_room(setting, refusal) if isinstance(refusal, NoRoomError) else refusal


def _on(
    rung: FitStep, setting: LayoutContext, first: FirstPage, second: SecondPage
) -> tuple[Page, ...]:
    words = setting.kept.get(
        "words",
        rung.session_lines,
        make=partial(words_of, setting.certificate, setting.layout.words, rung.session_lines),
    )
    if not rung.moved and not words.all_sessions:
        return (first(setting, words, rung, 1),)
    page = first(setting, words, rung, 2)
    return page, _second(setting, words, second, moved=rung.moved)


def _second(setting: LayoutContext, words: LayoutWords, second: SecondPage, *, moved: bool) -> Page:
    refusal: NoRoomError | TooWideError = NoRoomError(0, 0)
    for step in setting.layout.figures["page2"]["step"]:
        try:
            return second(setting, words, FitStep(step, 1, 0, moved=moved))
        except (NoRoomError, TooWideError) as tight:
            refusal = tight
    raise refusal


def rungs(figures: Figures, sessions: int) -> Iterator[FitStep]:
    """Return the rungs of a layout in the order they are tried.

    Type a step up is tried first. White shrinks to the layout's floor and no further. What
    is too much then is taken from type: the table's, which may run in, and at last that of
    name and title. Last of all, the column of hours takes from the others what long units
    need.

    Args:
        figures: The layout's.
        sessions: Lines of session times on the first page at most.
    """
    table, fit = figures["table"], figures["fit"]
    floor = fit["white"][-1]
    yield FitStep(table["large"], fit["white"][0], sessions, room=fit["large_room"])
    yield FitStep(table["fair"], fit["white"][0], sessions)
    for steps, moved in ((table["step"], False), (table["moved"], True)):
        for white in fit["white"]:
            yield FitStep(steps[0], white, sessions, moved=moved)
        for step in steps[1:]:
            yield FitStep(step, floor, sessions, moved=moved)
    yield FitStep(table["moved"][-1], floor, sessions, moved=True, floors=True)
    for floors in (False, True):
        yield FitStep(table["long_units"], floor, sessions, moved=True, floors=floors)
