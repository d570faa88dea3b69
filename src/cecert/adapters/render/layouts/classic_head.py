"""The head of the classic layout: who gives, what it is, to whom, for what, when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cecert.adapters.render.layout import ornament
from cecert.adapters.render.layout.first_page import HeadLine, kept_lines, name_or_title
from cecert.adapters.render.layout.page import Box, Drawn, Element
from cecert.adapters.render.layout.setting import DOT, UNSET, LayoutContext, paragraph
from cecert.adapters.render.layout.table import FitStep
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.pdf.content import ARTIFACT
from cecert.adapters.render.text.breaking import packed
from cecert.adapters.render.text.fitting import fitted, spaced
from cecert.adapters.render.text.shaping import Style

__all__ = ["Head", "is_compact", "swelled_rule"]


def is_compact(setting: LayoutContext, rung: FitStep) -> bool:
    """Say whether a rung has so little white that rule and office's line go."""
    return bool(rung.white < setting.layout.figures["fit"]["compact_below"])


class Head:
    """The head's lines, from the provider down to the sessions."""

    def __init__(
        self, setting: LayoutContext, words: LayoutWords, rung: FitStep, edges: tuple[float, float]
    ) -> None:
        self.setting, self.words, self.rung = setting, words, rung
        self.compact = is_compact(setting, rung)
        self.fit = setting.layout.figures["fit"]
        self.axis = setting.width / 2
        self.measure = edges[1] - edges[0]
        self.narrow = float(self.measure * setting.layout.figures["grid"]["name_measure"])

    def own(self) -> list[HeadLine]:
        """Return the lines that say who it is, which are each certificate's own."""
        found = [self._fitted("name")]
        if licenses := [each.printed for each in self.setting.certificate.recipient.licenses]:
            found += self._packed("licenses", self._style("licenses"), licenses)
        return found

    def above(self) -> list[HeadLine]:
        """Return the lines above the name, which a course's certificates share."""
        return kept_lines(self._above())

    def below(self) -> list[HeadLine]:
        """Return the lines below name and licences, which a course's certificates share."""
        return kept_lines(self._below())

    def _above(self) -> Iterator[HeadLine]:
        yield from self._provider()
        yield self._line("heading", self._style("heading"), self.words.heading, "H1")
        if not self.compact:
            yield HeadLine("rule", 0, 0, self._swelled)
        yield self._line("certifies", self._style("clause"), self.setting.layout.words["certifies"])

    def _below(self) -> Iterator[HeadLine]:
        yield self._line("clause", self._style("clause"), self.words.clause)
        yield self._fitted("title")
        yield from self._facts()

    def _swelled(self, y: float) -> Element:
        return Element(ARTIFACT, (swelled_rule(self.setting, y),), own=True)

    def _style(self, name: str) -> Style:
        style = self.setting.layout.styles[name]
        size = self.fit["compact"].get(name) if self.compact else None
        return style.at(size) if size else style

    def _line(self, white: str, style: Style, text: str, role: str = "P") -> HeadLine:
        def place(y: float) -> Element:
            ink = self.setting.centred(style, text, self.axis, y, white)
            return paragraph(role, [ink], own=True)

        return HeadLine(white, style.rise(text), style.drop, place)

    def _provider(self) -> Iterator[HeadLine]:
        provider = self.setting.certificate.provider
        name, office = self._style("provider"), self._style("office")
        width = name.width(provider.name) + office.dot_gap + office.width(provider.office)
        if self.compact and provider.office and width <= self.measure:
            yield self._beside(name, office, self.axis - width / 2)
            return
        yield from self._shrunk("", "provider", provider.name, "provider name")
        if provider.office:
            yield from self._shrunk("office", "office", provider.office, "provider office")

    def _beside(self, name: Style, office: Style, x: float) -> HeadLine:
        provider = self.setting.certificate.provider
        spans = [(name, provider.name), (office, provider.office)]

        def place(y: float) -> Element:
            return paragraph("P", self.setting.spanned(spans, x, y, "provider"), own=True)

        return HeadLine("", name.cap, office.drop, place)

    def _shrunk(self, white: str, name: str, text: str, field: str) -> Iterator[HeadLine]:
        with self.setting.naming(field, text):
            style, texts = fitted(text, self._style(name), self.measure, self.fit[name])
        for index, line in enumerate(spaced(texts)):
            yield self._line("further_facts" if index else white, style, line)

    def _fitted(self, which: str) -> HeadLine:
        centred = partial(self.setting.centred, x=self.axis)
        return name_or_title(self.setting, self.rung, which, self.narrow, centred)

    def _facts(self) -> Iterator[HeadLine]:
        style, sessions = self._style("facts"), self.words.sessions
        yield from self._packed("facts", style, self.words.how)
        if len(sessions) == 1:
            yield from self._packed("further_facts", style, [*sessions, self.words.credit_date])
            return
        for each in [sessions] if self._pairs(style) else [[each] for each in sessions]:
            yield from self._packed("further_facts", style, each)
        yield from self._packed("further_facts", style, [self.words.credit_date])

    def _pairs(self, style: Style) -> bool:
        """Say whether sessions stand two to a line: many of them, and no line with one between."""
        sessions = self.words.sessions
        if len(sessions) <= self.fit["sessions_single"]:
            return False
        with self.setting.naming("sessions", DOT.join(sessions)):
            lines = packed(sessions, style, self.measure, style.dot_gap)
        return all(len(line) > 1 for line in lines[:-1])

    def _packed(self, white: str, style: Style, parts: Sequence[str]) -> Iterator[HeadLine]:
        try:
            lines = packed(parts, style, self.measure, style.dot_gap)
        except UNSET as trouble:
            field = white.replace("_", " ")
            raise self.setting.undrawable(field, DOT.join(parts), trouble) from None
        for index, line in enumerate(lines):
            yield self._dotted("further_facts" if index else white, style, line, white)

    def _dotted(self, white: str, style: Style, parts: Sequence[str], what: str) -> HeadLine:
        def place(y: float) -> Element:
            inks = self.setting.dotted(style, parts, self.axis, y, what)
            return paragraph("P", inks, own=True)

        rise = max(map(style.rise, parts))
        return HeadLine(white, rise, style.drop, place)


def swelled_rule(setting: LayoutContext, y: float) -> Drawn:
    """Return the swelled rule on the axis."""
    axis = setting.width / 2
    operators = ornament.swelled_rule(axis, y, setting.layout.colours["bronze"])
    return Drawn(operators.encode(), Box(axis - 75, y - 4.2, axis + 75, y + 4.2))
