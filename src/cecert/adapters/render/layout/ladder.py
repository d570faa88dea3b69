"""The fit ladder: what is tried in turn until a certificate fits its pages.

Source: docs/spec/certificate-design.md 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
from cecert.adapters.render.layout.words import (
    LayoutWords,
    stand_whole,
    words_beside,
    words_of,
)
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
    ladder = setting.kept.get("ladder", make=partial(_ladder, setting))
    refusals: list[NoRoomError | TooWideError] = []
    for steps in ladder.first:
        seconds = _SecondPages(setting, second, ladder.second)
        for rung, words in steps:
            try:
                page = first(setting, words, rung, 1 + _goes_on(rung, words))
                if not _goes_on(rung, words):
                    return (page,)
                return page, seconds.page(words, moved=rung.moved)
            # Its frames have the page that did not fit, and this one, which would refer to itself.
            except FullColumnError as full:
                refusals.append(full.with_traceback(None))
                break
            except (NoRoomError, TooWideError) as tight:
                refusals.append(tight.with_traceback(None))
    refusal = refusals[-1]
    raise no_room(setting, refusal) if isinstance(refusal, NoRoomError) else refusal


@dataclass(frozen=True, slots=True)
class _SecondPages:
    """The second page of words of one kind: what refuses it after one first page, does after all.

    Attributes:
        setting: The certificate and its layout.
        compose: Composes the page on one rung.
        steps: The page's rungs, by whether the statements moved to it.
        refused: Why there is none, by the same.
    """

    setting: LayoutContext
    compose: SecondPage
    steps: tuple[tuple[FitStep, ...], tuple[FitStep, ...]]
    refused: dict[bool, NoRoomError | TooWideError] = field(default_factory=dict)

    def page(self, words: LayoutWords, *, moved: bool) -> Page:
        """Compose it on the first rung that holds it.

        Raises:
            NoRoomError: If none does, or
            TooWideError: if a text is too wide on each.
        """
        if moved in self.refused:
            raise self.refused[moved]
        for rung in self.steps[moved]:
            try:
                return self.compose(self.setting, words, rung)
            except (NoRoomError, TooWideError) as tight:
                self.refused[moved] = tight.with_traceback(None)
        raise self.refused[moved]


_Tried = tuple[tuple[FitStep, LayoutWords], ...]
"""Rungs, and the words each sets."""

BESIDE = 0
"""Lines of sessions where they are a list on the first page."""


@dataclass(frozen=True, slots=True)
class _Ladder:
    """What is tried for the certificates of a course.

    Attributes:
        first: Rungs of the first page and the words each sets: those with the usual lines
            of session times, those with a list of them beside, then those with fewer, if that
            makes other words.
        second: Rungs of the second page, by whether the statements moved to it.
    """

    first: tuple[_Tried, ...]
    second: tuple[tuple[FitStep, ...], tuple[FitStep, ...]]


def _ladder(setting: LayoutContext) -> _Ladder:
    figures, certificate = setting.layout.figures, setting.certificate
    fit = figures["fit"]

    def tried(sessions: int) -> _Tried:
        return tuple([(rung, said[sessions]) for rung in rungs(figures, sessions)])

    usual, least = fit["session_lines"], fit["last_session_lines"]
    said = {each: words_of(certificate, setting.layout.words, each) for each in (usual, least)}
    counts = [usual] if said[least] == said[usual] else [usual, least]
    said[BESIDE] = words_beside(certificate, setting.layout.words)
    several = len(certificate.course.sessions) > 1
    if several and len(said[BESIDE].all_sessions) <= fit.get("sessions_beside", 0):
        # A list on the first page is better than one on a page of its own, and than long
        # phrases in a narrow column.
        before = said[usual].all_sessions or stand_whole(certificate.course)
        counts.insert(0 if before else 1, BESIDE)
    steps = figures["page2"]["step"]
    kept, moved = (
        tuple([FitStep(step, 1, 0, moved=moved) for step in steps]) for moved in (False, True)
    )
    return _Ladder(tuple(map(tried, counts)), (kept, moved))


def _goes_on(rung: FitStep, words: LayoutWords) -> bool:
    """Say whether there is a second page: statements moved there, or sessions are listed."""
    return rung.moved or (bool(words.all_sessions) and not words.beside)


def rungs(figures: Figures, sessions: int) -> Iterator[FitStep]:
    """Return the rungs of a layout in the order they are tried.

    Type a step up is tried first. White shrinks to the layout's floor and no further. What
    is too much then is taken from type: the table's, which may run in, and at last that of
    name and title. Last of all, the column of hours takes from the others what long units
    need.

    Args:
        figures: The layout's.
        sessions: Lines of session times on the first page at most; 0 where they are a list.
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
