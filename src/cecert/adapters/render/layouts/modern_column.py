"""The information column of the modern layout: who gives, the course's facts, the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cecert.adapters.render.layout import ornament
from cecert.adapters.render.layout.first_page import quiet_zone, symbol_figure
from cecert.adapters.render.layout.page import Box, Drawn, Element, Ink, Item, Picture
from cecert.adapters.render.layout.setting import FullColumnError, LayoutContext, paragraph
from cecert.adapters.render.layout.specimen import SPECIMEN_ID
from cecert.adapters.render.layout.words import LayoutWords, day_lines
from cecert.adapters.render.qr import POINTS
from cecert.adapters.render.text.breaking import broken
from cecert.adapters.render.text.fitting import fitted, fitted_picture, one_line, spaced
from cecert.adapters.render.text.shaping import Style
from cecert.domain.certificate.phrases import format_phrase
from cecert.domain.values.wording import day_phrase

__all__ = ["Column"]

LOGO = "logo"

_Pair = tuple[str, tuple[str, ...]]
"""A label and its value; each text of the value begins a line."""


class Column:
    """The column of a page; the code stands on the first one only."""

    def __init__(self, setting: LayoutContext, words: LayoutWords, pages: int) -> None:
        self.setting, self.words, self.pages = setting, words, pages
        self.grid, self.said = setting.layout.figures["grid"], setting.layout.words
        self.x, self.measure = self.grid["column"]

    def ground(self) -> Iterator[Item]:
        """Return tint and strip."""
        height, (middle, half) = self.setting.height, self.grid["strip"]
        box = Box(0, 0, self.grid["tint"], height)
        yield Drawn(ornament.filled(box, self.setting.layout.colours["tint"]).encode(), box)
        # The band runs along x; a turn makes it stand.
        wave = ornament.band(height, half, half * 1.9 / 4.5, 0.24).placed(f"0 1 -1 0 {middle} 0")
        stroke = ornament.colour(self.setting.layout.colours["strip"], "RG")
        yield ornament.Motif.joined([stroke, wave]).drawn(
            Box(middle - half, 0, middle + half, height)
        )

    def head(self, *, with_logo: bool) -> tuple[list[Element], float]:
        """Place logo, provider and office; return the last baseline."""
        top = self.setting.height - self.grid["top"]
        provider = self.setting.certificate.provider
        elements, y = [], top - self.setting.layout.styles["provider"].cap
        if with_logo and LOGO in self.setting.pictures:
            width, height = fitted_picture(self.setting.pictures[LOGO].size, *self.grid["logo"])
            box = Box(self.x, top - height, self.x + width, top)
            alt = self.said["alt_logo"].format(name=provider.name)
            elements.append(Element("Figure", (Picture(LOGO, box),), alt=alt))
            y = box.bottom - self.grid["below_logo"]
        element, y = self._texts("provider", provider.name, y)
        elements.append(element)
        if provider.office:
            element, y = self._texts("office", provider.office, y - self.grid["office"])
            elements.append(element)
        return elements, y

    def _texts(self, name: str, text: str, y: float) -> tuple[Element, float]:
        with self.setting.naming(name, text):
            fit = self.setting.layout.figures["fit"][name]
            style, lines = fitted(text, self.setting.layout.styles[name], self.measure, fit)
        return self._lines(style, lines, y, name), y - style.leading * (len(lines) - 1)

    def _lines(self, style: Style, lines: Sequence[str], y: float, what: str) -> Element:
        inks = [
            self.setting.left(style, line, self.x, y - index * style.leading, what)
            for index, line in enumerate(spaced(lines))
        ]
        return paragraph("P", inks)

    def facts(self, y: float) -> list[Element]:
        """Place label and value pairs below *y*, in the largest type that has room.

        Raises:
            FullColumnError: If none has.
        """
        floor = self._ceiling_of_code() + self.grid["qr_white"]
        for size in self.grid["values"]:
            elements, last = self._pairs(y, self.setting.layout.styles["facts"].at(size))
            if last >= floor:
                return elements
        raise FullColumnError(y - last, y - floor)

    def _ceiling_of_code(self) -> float:
        return float(self.grid["qr"][1] + POINTS + quiet_zone(self.setting))

    def _pairs(self, y: float, style: Style) -> tuple[list[Element], float]:
        scale = style.size / self.setting.layout.styles["facts"].size
        label_style, elements = self.setting.layout.styles["label"], []
        y -= self.grid["pairs"] * scale
        for label, texts in self._facts():
            with self.setting.naming(label.lower(), ", ".join(texts)):
                lines = [line for text in texts for line in broken(text, style, self.measure)]
            elements.append(
                paragraph("P", [self.setting.left(label_style, f"{label} ", self.x, y, "label")])
            )
            y -= self.grid["label"] * scale
            elements.append(self._lines(style, lines, y, "value"))
            y -= style.leading * (len(lines) - 1) + self.grid["pair"] * scale
        return elements, y + self.grid["pair"] * scale - style.drop

    def _facts(self) -> Iterator[_Pair]:
        certificate = self.setting.certificate
        course = certificate.course
        yield self.said["label_format"], (format_phrase(course),)
        yield self.said["label_sessions"], self._sessions()
        if course.instructors:
            several = "s" if len(course.instructors) > 1 else ""
            yield self.said[f"label_instructor{several}"], course.instructors
        if course.level:
            yield self.said["label_level"], (f"{course.level[0].upper()}{course.level[1:]}",)
        yield self.said["label_credit_date"], (day_phrase(certificate.credit_date),)
        opening = self.said["issued"].partition("{")[0]
        yield self.said["label_issued"], (self.words.issued.removeprefix(opening),)
        if self.words.replaces:
            label, _, number = self.words.replaces.rpartition(" ")
            yield label, (number,)

    def _sessions(self) -> tuple[str, ...]:
        if self.words.all_sessions:
            return self.words.sessions
        return day_lines(self.setting.certificate.course)

    # The code

    def code(self) -> list[Element]:
        """Place the code, the id and what to do with them."""
        figure = partial(symbol_figure, self.setting, *self.grid["qr"])
        number = SPECIMEN_ID if self.setting.specimen else self.setting.certificate.id.text
        label = self.setting.layout.styles["label"]
        lines = [
            self.setting.left(
                label, f"{self.said['certificate']} ", self.x, self.grid["certificate"], "label"
            )
        ]
        lines.append(
            self.setting.left(
                self.setting.layout.styles["id"], number, self.x, self.grid["id"], "id"
            )
        )
        return [
            self.setting.kept.get("symbol", self.setting.modules, make=figure),
            paragraph("P", lines, own=True),
            *self.setting.kept.get("caption", make=lambda: (paragraph("P", self._caption()),)),
        ]

    def _caption(self) -> list[Ink]:
        if self.setting.specimen:
            rows = [
                ("label_red", f"{self.said['specimen']} "),
                ("caption", self.said["specimen_code"]),
            ]
        else:
            caption = self.setting.layout.styles["caption"]
            scan = broken(self.said["scan"], caption, self.measure)
            rows = [
                *(("caption", f"{each} ") for each in scan),
                ("caption_bold", self.words.host),
            ]
        inks = []
        for index, (name, text) in enumerate(rows):
            with self.setting.naming("verify host", text):
                style = one_line(text.strip(), self.setting.layout.styles[name], self.measure, 7.6)
            y = self.grid["caption"] - index * self.setting.layout.styles["caption"].leading
            inks.append(self.setting.left(style, text, self.x, y, "caption"))
        return inks

    def end(self) -> list[Element]:
        """Place the id on a page without the code."""
        number = SPECIMEN_ID if self.setting.specimen else self.setting.certificate.id.text
        rows = [
            ("label", f"{self.said['certificate']} ", 21.4),
            ("id", f"{number} ", 10.8),
            ("caption", self.said["page_two"], 0),
        ]
        inks = [
            self.setting.left(
                self.setting.layout.styles[name], text, self.x, self.grid["foot"] + rise, "id"
            )
            for name, text, rise in rows
        ]
        return [paragraph("P", inks, own=True)]
