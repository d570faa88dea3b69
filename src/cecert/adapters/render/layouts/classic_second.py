"""The second page of the classic layout: the statements, all of them, or the sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cecert.adapters.render.layout.page import Element, Item, Page
from cecert.adapters.render.layout.setting import (
    LayoutContext,
    NoRoomError,
    paragraph,
)
from cecert.adapters.render.layout.specimen import SPECIMEN_ID, across
from cecert.adapters.render.layout.table import FitStep, page_two_table
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.layouts.classic_first import frame
from cecert.adapters.render.layouts.classic_head import swelled_rule
from cecert.adapters.render.layouts.session_list import session_list
from cecert.adapters.render.text.breaking import balanced
from cecert.adapters.render.text.fitting import fitted
from cecert.adapters.render.text.italics import italic_title
from cecert.adapters.render.text.shaping import Style

__all__ = ["second_page"]

WHOSE = ("recipient name", "course title", "dates")
MOST_LINES = 4
"""Of a name, a title or dates, where the three do not share one line."""


def second_page(setting: LayoutContext, words: LayoutWords, rung: FitStep) -> Page:
    """Compose the second page: the statements where they moved, else only the sessions.

    Args:
        setting: The certificate and its layout.
        words: What the course's certificates say.
        rung: The sizes that are tried.

    Raises:
        NoRoomError: If the rung is too wide for what stands there.
        UndrawableError: If a text is too wide.
    """
    return _SecondPage(setting, words, rung).page()


class _SecondPage:
    def __init__(self, setting: LayoutContext, words: LayoutWords, rung: FitStep) -> None:
        self.setting, self.words, self.rung = setting, words, rung
        self.figures = setting.layout.figures["page2"]
        self.axis = setting.width / 2
        edge = setting.layout.figures["grid"]["edge"]
        self.edges = (edge, setting.width - edge)
        self.measure = self.edges[1] - self.edges[0]

    def page(self) -> Page:
        setting, keep, key = self.setting, self.setting.kept.get, self.rung
        whose, y = self._whose()
        sessions, y = keep("sessions", key, y, make=partial(self._sessions, y))
        table, rules = keep("second table", key, y, make=lambda: self._table(y))
        elements = (
            *keep("second head", key, make=lambda: tuple(self._head())),
            *whose,
            *sessions,
            *table,
            *keep("second foot", make=lambda: (self._kept(),)),
            self._number(),
        )
        behind = keep("second behind", key, y, make=lambda: (*self._ground(), *rules))
        return Page(setting.width, setting.height, behind, elements)

    def _ground(self) -> Iterator[Item]:
        yield frame(self.setting)
        if self.setting.specimen:
            yield from across(self.setting)
        yield swelled_rule(self.setting, self.setting.height - self.figures["rule"])

    def _table(self, y: float) -> tuple[tuple[Element, ...], tuple[Item, ...]]:
        """Place the statements below *y*, where they moved to this page."""
        if not self.rung.moved:
            return (), ()
        table = page_two_table(self.setting, self.rung, self.edges, self.figures)
        top = min(self.setting.height - self.figures["table"], y - self.figures["above_table"])
        available = top - self.figures["foot"] - self.figures["above_foot"]
        if table.height > available:
            raise NoRoomError(table.height, available)
        element, rules = table.placed(top)
        return (element,), rules

    def _head(self) -> Iterator[Element]:
        provider, y = self.setting.certificate.provider.name, self.setting.height
        with self.setting.naming("provider name", provider):
            fit = {"one": self.figures["provider_sizes"], "lines": 1, "many": [8, 8]}
            style, _ = fitted(
                provider, self.setting.layout.styles["page2_provider"], self.measure, fit
            )
        yield self._centred("P", style, provider, y - self.figures["provider"])
        heading = self.setting.layout.words[
            "statements_heading" if self.rung.moved else "sessions_heading"
        ]
        style = self.setting.layout.styles["statements_heading"]
        yield self._centred("H2", style, heading, y - self.figures["heading"])

    def _centred(self, role: str, style: Style, text: str, y: float) -> Element:
        return paragraph(role, [self.setting.centred(style, text, self.axis, y, "second page")])

    def _whose(self) -> tuple[list[Element], float]:
        """Place name, title and dates, on one line where they fit; return the last baseline."""
        certificate, styles = self.setting.certificate, self.setting.layout.styles
        y = self.setting.height - self.figures["line"]
        spans = [
            (styles["page2_name"], certificate.recipient.name),
            (styles["page2_title"], italic_title(certificate.course)),
            (styles["page2_dates"], self.words.dates),
        ]
        said = f"{self.setting.layout.words['for']} "
        opening = styles["page2_for"].width(said)
        width = opening + sum(each.width(text) for each, text in spans)
        width += 2 * styles["page2_dates"].dot_gap
        if width > self.measure:
            return self._stacked(spans, y)
        x = self.axis - width / 2
        inks = [self.setting.left(styles["page2_for"], said, x, y, "for")]
        inks += self.setting.spanned(spans, x + opening, y, *WHOSE)
        return [paragraph("P", inks, own=True)], y

    def _stacked(self, spans: Sequence[tuple[Style, str]], y: float) -> tuple[list[Element], float]:
        elements = []
        leading = self.figures["leading"]
        for (style, text), what in zip(spans, WHOSE, strict=True):
            with self.setting.naming("second page", text):
                lines = balanced(text, style, self.measure, MOST_LINES)
            for line in lines:
                ink = self.setting.centred(style, line, self.axis, y, what)
                elements.append(paragraph("P", [ink], own=True))
                y -= leading
        return elements, y + leading

    def _sessions(self, y: float) -> tuple[list[Element], float]:
        """Place what the first page only counts; return the last baseline."""
        if not self.words.all_sessions or self.words.beside:
            return [], y
        top = y - self.figures["above_sessions" if self.rung.moved else "above_sessions_alone"]
        room = (top, self.figures["foot"] + self.figures["above_foot"])
        alone = not self.rung.moved
        return session_list(self.setting, self.words, self.edges, room, alone=alone)

    def _kept(self) -> Element:
        text = self.setting.layout.words["kept_specimen" if self.setting.specimen else "kept"]
        style, y = self.setting.layout.styles["page2_foot"], self.figures["foot"]
        return paragraph("P", [self.setting.left(style, text, self.edges[0], y, "foot")])

    def _number(self) -> Element:
        setting, y = self.setting, self.figures["foot"]
        number = SPECIMEN_ID if setting.specimen else setting.certificate.id.text
        plain, bold = setting.layout.styles["page2_plain"], setting.layout.styles["page2_id"]
        said = setting.layout.words
        opening, page = f"{said['certificate']} ", said["page_two"]
        x = self.edges[1] - plain.dot_gap - bold.width(number)
        x -= plain.width(opening) + plain.width(page)
        spans = [(bold, number), (plain, page)]
        inks = setting.spanned(spans, x + plain.width(opening), y, "id", "foot")
        return paragraph("P", [setting.left(plain, opening, x, y, "foot"), *inks], own=True)
