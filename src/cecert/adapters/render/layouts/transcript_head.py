"""The heads of a transcript's pages: whose it is, of whom, and of which days."""

from __future__ import annotations

from collections.abc import Sequence

from cecert.adapters.render.layout import ornament
from cecert.adapters.render.layout.page import Box, Drawn, Element, Ink, Item
from cecert.adapters.render.layout.setting import DOT, LayoutContext, paragraph
from cecert.adapters.render.text.breaking import balanced, packed
from cecert.adapters.render.text.fitting import fitted
from cecert.adapters.render.text.shaping import Style
from cecert.domain.certificate.transcript import Transcript, TranscriptIssuer
from cecert.domain.values.wording import counted

__all__ = ["Head"]

_Spans = Sequence[tuple[Style, str, str]]
"""Style, words and fact of stretches of one line."""

SheetHead = tuple[list[Element], list[Item], float]
"""What is read, what is only drawn, and where what follows begins."""


class Head:
    """Writes the heads of pages."""

    def __init__(
        self,
        setting: LayoutContext,
        transcript: Transcript,
        issuer: TranscriptIssuer,
        edges: tuple[float, float],
    ) -> None:
        """Take what the heads say.

        Args:
            setting: The transcript's layout.
            transcript: Whose it is, and of which days.
            issuer: Who drew it up.
            edges: Left and right of the text, in points.
        """
        self.setting, self.transcript, self.issuer = setting, transcript, issuer
        self.grid, self.words = setting.layout.figures["grid"], setting.layout.words
        self.fit, self.styles = setting.layout.figures["fit"], setting.layout.styles
        self.axis, self.measure = setting.width / 2, edges[1] - edges[0]

    def first(self) -> SheetHead:
        """Return the head of the first page."""
        elements, y = self._provider("provider", "office")
        y -= self.grid["heading_below"]
        elements.append(self._heading("heading", "H1", y))
        y -= self.grid["rule_below"]
        behind: list[Item] = [self._swelled(self.grid["rule"], y)]
        y = self._name(elements, y)
        y = self._licenses(elements, y)
        y = self._period(elements, y - self.grid["period_below"])
        return elements, behind, y - self.grid["table_below"]

    def further(self) -> SheetHead:
        """Return the head of every other page."""
        elements, y = self._provider("further_provider", "")
        y -= self.grid["further_heading_below"]
        elements.append(self._heading("further_heading", "P", y))
        y -= self.grid["further_rule_below"]
        behind: list[Item] = [self._swelled(self.grid["further_rule"], y)]
        y -= self.grid["further_name_below"]
        y = self._whose(elements, y)
        return elements, behind, y - self.grid["further_table_below"]

    # Lines

    def _centred(self, role: str, style: Style, text: str, y: float, what: str) -> Element:
        return paragraph(role, [self.setting.centred(style, text, self.axis, y, what)])

    def _heading(self, style: str, role: str, y: float) -> Element:
        return self._centred(role, self.styles[style], self.words["transcript"], y, "heading")

    def _swelled(self, length: float, y: float) -> Drawn:
        colour = self.setting.layout.colours["bronze"]
        operators = ornament.swelled_rule(self.axis, y, colour, length)
        half = length / 2
        return Drawn(operators.encode(), Box(self.axis - half, y - 4.2, self.axis + half, y + 4.2))

    def _provider(self, name: str, office: str) -> tuple[list[Element], float]:
        provider, y = self.issuer.provider, self.setting.height - self.grid["provider"]
        elements = []
        texts = [(name, provider.name, "provider name")]
        if office and provider.office:
            texts.append((office, provider.office, "provider office"))
        for place, (style_name, text, field) in enumerate(texts):
            y -= self.grid["office_below"] if place else 0.0
            with self.setting.naming(field, text):
                style, lines = fitted(
                    text, self.styles[style_name], self.measure, self.fit[style_name]
                )
            for index, line in enumerate(lines):
                y -= style.size * 1.2 if index else 0.0
                elements.append(self._centred("P", style, line, y, field))
        return elements, y

    def _name(self, elements: list[Element], y: float) -> float:
        name, fit = self.transcript.name, self.fit["name"]
        with self.setting.naming("recipient name", name):
            style, texts = fitted(name, self.styles["name"], self.measure, fit)
            lines, first = style.lines(texts), style.shaped(texts[0])
        # The white above a name is that above one at its largest.
        y -= self.grid["name_below"] - (self.styles["name"].cap - first.top * style.size)
        inks = [
            self.setting.centred(style, text, self.axis, y - drop, "whose") for text, drop in lines
        ]
        elements.append(paragraph("P", inks, actual_text=name))
        last = style.shaped(texts[-1])
        below = max(0.0, -last.bottom * style.size - 0.24 * self.styles["name"].size)
        return y - lines[-1][1] - below

    def _licenses(self, elements: list[Element], y: float) -> float:
        printed = [each.printed for each in self.transcript.licenses]
        if not printed:
            return y
        style = self.styles["licenses"]
        with self.setting.naming("licenses", "; ".join(printed)):
            lines = packed(printed, style, self.measure, style.dot_gap)
        y -= self.grid["licenses_below"]
        for index, line in enumerate(lines):
            y -= style.leading if index else 0.0
            elements.append(paragraph("P", self.setting.dotted(style, line, self.axis, y, "held")))
        return y

    # The period

    def _covered(self) -> list[tuple[str, str]]:
        """Return the words of the period with the style of each."""
        bounds = self.transcript.period.bounds
        if not bounds:
            return [("period", self.words["transcript_all"])]
        before, _, after = self.words["transcript_courses_from"].partition("{period}")
        spans = [("period", before)]
        for index, (word, day) in enumerate(bounds):
            spans += [("period", f"{' ' if index else ''}{word} "), ("period_bold", day)]
        return [*spans, ("period", after)] if after else spans

    def _counts(self) -> str:
        return self.words["transcript_counts"].format(
            listed=counted(len(self.transcript.rows), "certificate"),
            standing=self.transcript.standing,
            day=self.issuer.day_of(self.transcript.drawn_up_at),
        )

    def _period(self, elements: list[Element], y: float) -> float:
        """Place the period and how many certificates there are, on one line where both fit."""
        spans = [(self.styles[name], text, "period") for name, text in self._covered()]
        plain = self.styles["period"]
        counts = self._counts()
        gap = plain.dot_gap
        width = sum(style.width(text) for style, text, _ in spans) + gap + plain.width(counts)
        if width <= self.measure:
            x = self.axis - width / 2
            inks = self._set(spans, x, y)
            x += width - plain.width(counts)
            dot = self.setting.left(plain, DOT, x - (gap + plain.width(DOT)) / 2, y, "period")
            inks += [dot, self.setting.left(plain, counts, x, y, "period")]
            elements.append(paragraph("P", inks))
            return y
        for index, line in enumerate([spans, [(plain, counts, "period")]]):
            y -= plain.leading if index else 0.0
            wide = sum(style.width(text) for style, text, _ in line)
            elements.append(paragraph("P", self._set(line, self.axis - wide / 2, y)))
        return y

    def _set(self, spans: _Spans, x: float, y: float) -> list[Ink]:
        inks = []
        for style, text, what in spans:
            inks.append(self.setting.left(style, text, x, y, what))
            x += style.width(text)
        return inks

    def _days(self) -> str:
        """Write the period: `January 1, 2024 to December 31, 2025`; otherwise in words."""
        period = self.transcript.period
        if period.first and period.last:
            return period.phrase.removeprefix("from ")
        return period.phrase or self.words["transcript_all"]

    def _whose(self, elements: list[Element], y: float) -> float:
        """Place name and period of a further page, on one line where both fit."""
        styles, name = self.styles, self.transcript.name
        period = f"{self._days()}{self.words['transcript_continued']}"
        opening = (styles["further_for"], f"{self.words['for']} ", "for")
        named = (styles["further_name"], name, "whose")
        plain = styles["further_period"]
        widths = [style.width(text) for style, text, _ in (opening, named)]
        width = sum(widths) + plain.dot_gap + plain.width(period)
        if width <= self.measure:
            x = self.axis - width / 2
            inks = self._set([opening], x, y)
            inks += self.setting.spanned(
                [(named[0], name), (plain, period)], x + widths[0], y, "whose", "period"
            )
            elements.append(paragraph("P", inks))
            return y
        with self.setting.naming("recipient name", name):
            lines = balanced(name, styles["further_name"], self.measure, 3)
        for line in (*lines, period):
            style = plain if line is period else styles["further_name"]
            elements.append(self._centred("P", style, line, y, "period"))
            y -= style.size * 1.25
        return y + plain.size * 1.25
