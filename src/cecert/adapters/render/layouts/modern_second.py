"""The second page of the modern layout: the statements, all of them, or the sessions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from cecert.adapters.render.layout.page import Element, Item, Page
from cecert.adapters.render.layout.setting import (
    LayoutContext,
    NoRoomError,
    paragraph,
)
from cecert.adapters.render.layout.specimen import across
from cecert.adapters.render.layout.table import FitStep, page_two_table
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.layouts.modern_column import Column
from cecert.adapters.render.layouts.modern_first import plate
from cecert.adapters.render.layouts.session_list import session_list
from cecert.adapters.render.text.breaking import packed
from cecert.adapters.render.text.italics import italic_title

__all__ = ["second_page"]


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
        self.figures, self.grid = setting.layout.figures["page2"], setting.layout.figures["grid"]
        self.x = self.grid["axis"]
        self.measure = setting.width - self.grid["margin"] - self.x

    def page(self) -> Page:
        setting, keep, key = self.setting, self.setting.kept.get, self.rung
        column = Column(setting, self.words, 2)
        provider, _ = keep("second provider", make=lambda: column.head(with_logo=False))
        heading, y = keep("second heading", key, make=self._heading)
        whose, y = self._whose(y - self.figures["line"])
        sessions, y = keep("sessions", key, y, make=partial(self._sessions, y))
        table, rules = keep("second table", key, y, make=lambda: self._table(y))
        elements = (
            *provider,
            heading,
            *whose,
            *sessions,
            *table,
            *keep("second foot", make=lambda: tuple(self._foot())),
            *column.end(),
            *keep("plate", make=lambda: tuple(plate(setting))),
        )
        sign = across(setting) if setting.specimen else ()
        behind = keep("second behind", key, y, make=lambda: (*column.ground(), *sign, *rules))
        return Page(setting.width, setting.height, behind, elements)

    def _table(self, y: float) -> tuple[tuple[Element, ...], tuple[Item, ...]]:
        """Place the statements below *y*, where they moved to this page."""
        if not self.rung.moved:
            return (), ()
        edges = (self.x, self.x + self.measure)
        table = page_two_table(self.setting, self.rung, edges, self.figures)
        top = y - self.figures["above_table"]
        available = top - self.grid["foot"] - self.figures["above_foot"]
        if table.height > available:
            raise NoRoomError(table.height, available)
        element, rules = table.placed(top)
        return (element,), rules

    def _heading(self) -> tuple[Element, float]:
        style = self.setting.layout.styles["heading"]
        y = self.setting.height - self.grid["top"] - style.cap
        text = self.setting.layout.words[
            "statements_heading" if self.rung.moved else "sessions_heading"
        ]
        return paragraph("H2", [self.setting.left(style, text, self.x, y, "heading")]), y

    def _whose(self, y: float) -> tuple[list[Element], float]:
        """Place name, title and dates, each packed on as few lines as hold it."""
        certificate, elements = self.setting.certificate, []
        rows = [
            ("page2_name", certificate.recipient.name, "recipient name"),
            ("page2_title", italic_title(certificate.course), "course title"),
            ("page2_plain", self.words.dates, "dates"),
        ]
        for name, text, what in rows:
            style = self.setting.layout.styles[name]
            with self.setting.naming("second page", text):
                lines = packed([text], style, self.measure, 0)
            for (line,) in lines:
                ink = self.setting.left(style, line, self.x, y, what)
                elements.append(paragraph("P", [ink], own=True))
                y -= self.figures["leading"]
        return elements, y + self.figures["leading"]

    def _sessions(self, y: float) -> tuple[list[Element], float]:
        """Place what the first page only counts; return the last baseline."""
        if not self.words.all_sessions or self.words.beside:
            return [], y
        top = y - self.figures["above_sessions" if self.rung.moved else "above_sessions_alone"]
        room = (top, self.grid["foot"] + self.figures["above_foot"])
        edges, alone = (self.x, self.x + self.measure), not self.rung.moved
        return session_list(self.setting, self.words, edges, room, alone=alone)

    def _foot(self) -> Iterator[Element]:
        kept = self.setting.layout.words["kept_specimen" if self.setting.specimen else "kept"]
        style = self.setting.layout.styles["note"]
        yield paragraph("P", [self.setting.left(style, kept, self.x, self.grid["foot"], "foot")])
