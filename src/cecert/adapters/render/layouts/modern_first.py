"""The first page of the modern layout: head, table, note and foot on the main axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cecert.adapters.render.layout import rosette
from cecert.adapters.render.layout.first_page import (
    Body,
    HeadLine,
    name_or_title,
    stack_of,
    stacked,
    table_or_hours,
)
from cecert.adapters.render.layout.page import Box, Element, Ink, Item, Page
from cecert.adapters.render.layout.setting import (
    DOT,
    LayoutContext,
    UndrawableError,
    paragraph,
)
from cecert.adapters.render.layout.signatures import SignatureWords, signature_words
from cecert.adapters.render.layout.specimen import across
from cecert.adapters.render.layout.table import FitStep
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.layouts.modern_column import Column
from cecert.adapters.render.layouts.sessions_beside import sessions_beside
from cecert.adapters.render.layouts.signature_figure import signature_figure
from cecert.adapters.render.text.breaking import DoesNotFitError, packed
from cecert.adapters.render.text.fitting import one_line, spaced
from cecert.adapters.render.text.shaping import Style
from cecert.domain.course.provider import Signatory
from cecert.errors import Fault

__all__ = ["first_page", "plate", "seal_box"]

MOST_SIGNATORIES = 2
MOST_ADDRESS_LINES = 2
SHORT_SIGNATURE = 2
"""Lines below a signature that has room above an address of two."""


def first_page(setting: LayoutContext, words: LayoutWords, rung: FitStep, pages: int) -> Page:
    """Compose the first page on one rung of the ladder.

    Args:
        setting: The certificate and its layout.
        words: What the course's certificates say.
        rung: The sizes and whites that are tried.
        pages: How many pages there are; a second one is told of.

    Raises:
        NoRoomError: If the rung is too wide for what stands there.
        UndrawableError: If a text is too wide for every rung.
    """
    return _FirstPage(setting, words, rung, pages).page()


class _FirstPage:
    def __init__(
        self, setting: LayoutContext, words: LayoutWords, rung: FitStep, pages: int
    ) -> None:
        self.setting, self.words, self.rung, self.pages = setting, words, rung, pages
        self.figures = setting.layout.figures
        self.grid, self.fit = self.figures["grid"], self.figures["fit"]
        self.x = self.grid["axis"]
        self.measure = setting.width - self.grid["margin"] - self.x
        self.edges = (self.x, self.x + self.measure)

    def page(self) -> Page:
        setting, keep, key = self.setting, self.setting.kept.get, self.rung
        column = Column(setting, self.words, self.pages)
        provider, y = keep("provider", make=lambda: column.head(with_logo=True))
        facts = keep(
            "facts", self.rung.session_lines, setting.modules, make=lambda: column.facts(y)
        )
        body, rules, top = keep("body", key, make=self._body)
        ceiling = setting.height - self.grid["top"] - setting.layout.styles["heading"].cap
        white = self.figures["white"]
        stack = keep("stack", key, make=lambda: stack_of(white, self.rung, ceiling, top))
        elements = (
            *provider,
            keep("heading", make=lambda: self._heading(ceiling)),
            *stacked(list(self._head()), stack),
            *facts,
            *body,
            *keep("foot", key, make=lambda: tuple(self._foot())),
            *column.code(),
            *keep("plate", make=lambda: tuple(plate(setting))),
        )
        behind = keep("behind", key, make=lambda: self._behind(column, rules))
        return Page(setting.width, setting.height, behind, elements)

    def _behind(self, column: Column, rules: Sequence[Item]) -> tuple[Item, ...]:
        sign = across(self.setting) if self.setting.specimen else ()
        return (*column.ground(), *sign, *rules, *self._foot_rules())

    def _foot(self) -> Iterator[Element]:
        yield self._note()
        yield from self._signatures()
        yield from self._address()
        yield self._seal_words()

    def _heading(self, y: float) -> Element:
        style = self.setting.layout.styles["heading"]
        return paragraph("H1", [self.setting.left(style, self.words.heading, self.x, y, "heading")])

    # The head

    def _head(self) -> Iterator[HeadLine]:
        certificate = self.setting.certificate
        yield name_or_title(self.setting, self.rung, "name", self.measure, self._hung)
        if licenses := [each.printed for each in certificate.recipient.licenses]:
            yield from self._licenses(licenses)
        yield from self.setting.kept.get(
            "below the name", self.rung.floors, self.words.beside, make=self._below
        )

    def _below(self) -> tuple[HeadLine, ...]:
        clause = self.setting.layout.styles["clause"]
        return (
            HeadLine("clause", clause.cap, clause.drop, self._clause),
            name_or_title(self.setting, self.rung, "title", self.measure, self._left),
            *(sessions_beside(self.setting, self.words, self.edges) if self.words.beside else ()),
        )

    def _clause(self, y: float) -> Element:
        style = self.setting.layout.styles["clause"]
        ink = self.setting.left(style, self.words.clause, self.x, y, "clause")
        return paragraph("P", [ink], own=True)

    def _licenses(self, parts: Sequence[str]) -> Iterator[HeadLine]:
        style = self.setting.layout.styles["licenses"]
        with self.setting.naming("licenses", DOT.join(parts)):
            lines = packed(parts, style, self.measure, style.dot_gap)
        for index, line in enumerate(lines):
            yield self._dotted(style, line, "further" if index else "licenses")

    def _dotted(self, style: Style, line: Sequence[str], white: str) -> HeadLine:
        spans = [(style, part) for part in line]

        def place(y: float) -> Element:
            return paragraph("P", self.setting.spanned(spans, self.x, y, "licenses"), own=True)

        return HeadLine(white, style.cap, style.drop, place)

    # The table, or the hours of who asked for no credit

    def _body(self) -> Body:
        unit = self.setting.layout.styles["clause"]
        return table_or_hours(self.setting, self.rung, self.edges, unit, self._left)

    def _left(self, style: Style, text: str, y: float, what: str) -> Ink:
        return self.setting.left(style, text, self.x, y, what)

    def _hung(self, style: Style, text: str, y: float, what: str) -> Ink:
        hang = self.grid["hang"] * style.size
        return self.setting.left(style, text, self.x - hang, y, what)

    def _note(self) -> Element:
        style = self.setting.layout.styles["note"]
        texts = [*self.words.note_sentences]
        if self.rung.moved:
            texts.append(self.setting.layout.words["moved"])
        if self.pages > 1:
            texts.append(f"{self.setting.layout.words['page_one']}.")
        with self.setting.naming("note", " ".join(texts)):
            lines = packed(texts, style, self.measure, style.width(" "))
        inks = [
            self.setting.left(
                style, line, self.x, self.grid["note"] - index * style.leading, "note"
            )
            for index, line in enumerate(spaced([" ".join(each) for each in lines]))
        ]
        return paragraph("P", inks)

    # The foot

    def _foot_rules(self) -> Iterator[Item]:
        if self.setting.specimen:
            box = seal_box(self.setting)
            size = box.right - box.left
            motif = rosette.plain_rosette(size, self.setting)
            yield motif.placed(f"1 0 0 1 {box.left:.3f} {box.bottom:.3f}").drawn(box)

    def _places(self) -> list[tuple[float, float]]:
        count = max(1, len(self.setting.certificate.signatories))
        gap = self.grid["signature_gap"]
        room = seal_box(self.setting).left - gap - self.x
        width = min(self.grid["signature_width"], (room - gap * (count - 1)) / count)
        lefts = [self.x + index * (width + gap) for index in range(count)]
        return [(left, left + width) for left in lefts]

    def _signatures(self) -> Iterator[Element]:
        signatories = self.setting.certificate.signatories or (Signatory("", ""),)
        if len(signatories) > MOST_SIGNATORIES:
            problem = f"this layout has room for {MOST_SIGNATORIES}"
            raise UndrawableError(Fault("signatory", str(len(signatories)), problem))
        places = self._places()
        (left, right), *_ = places
        words = signature_words(self.setting, signatories, right - left)
        rule = self.grid["signature_rule"] + words.lifted + self._above_address(words)
        for signatory, lines, place in zip(signatories, words.lines, places, strict=True):
            yield from signature_figure(self.setting, signatory, *place, rule)
            for line in lines:
                y = rule - line.below
                ink = self.setting.left(line.style, line.text, place[0], y, line.what)
                yield paragraph("P", [ink])

    def _above_address(self, words: SignatureWords) -> float:
        """Return by how much signatures of many lines rise where the address has two."""
        many = max(map(len, words.lines)) > SHORT_SIGNATURE
        return (len(self._address_rows()) - 1) * self._address_style.leading if many else 0.0

    @property
    def _address_style(self) -> Style:
        return self.setting.layout.styles["address"]

    def _address_rows(self) -> Sequence[Sequence[str]]:
        provider, style = self.setting.certificate.provider, self._address_style
        parts = [each for each in (provider.address, *self.words.contact) if each]
        if not parts:
            return ((),)
        with self.setting.naming("provider address", DOT.join(parts)):
            lines = packed(parts, style, self.measure, style.dot_gap)
            if len(lines) > MOST_ADDRESS_LINES:
                needed = sum(map(style.width, parts)) / MOST_ADDRESS_LINES
                raise DoesNotFitError(needed, self.measure)
        return lines

    def _address(self) -> Iterator[Element]:
        lines, style = self._address_rows(), self._address_style
        for index, line in enumerate(lines):
            y = self.grid["foot"] + style.leading * (len(lines) - 1 - index)
            if spans := [(style, part) for part in line]:
                yield paragraph("P", self.setting.spanned(spans, self.x, y, "address"))

    def _seal_words(self) -> Element:
        box = seal_box(self.setting)
        x = (box.left + box.right) / 2 + self.grid["seal_words"]
        provider, said = self.setting.certificate.provider.name, self.setting.layout.words
        rows = [
            ("seal", f"{said['sealed_by']} "),
            ("seal_bold", f"{provider} "),
            ("seal_small", said["open_file"]),
        ]
        if self.setting.specimen:
            rows = [("seal_red", f"{said['specimen']} "), ("seal_small", said["specimen_file"])]
        inks, leading = [], self.setting.layout.styles["seal"].leading
        first = self.grid["seal_middle"] + leading * (len(rows) - 1) / 2 - 0.6
        for index, (name, text) in enumerate(rows):
            with self.setting.naming("provider name", text):
                style = one_line(
                    text.strip(), self.setting.layout.styles[name], self.edges[1] - x, 7.5
                )
            inks.append(self.setting.left(style, text, x, first - index * leading, "seal"))
        return paragraph("P", inks)


def seal_box(setting: LayoutContext) -> Box:
    """Return the seal's place: its left edge on the axis of the statements."""
    figures = setting.layout.figures
    grid, radius = figures["grid"], figures["grid"]["seal_radius"]
    left = grid["axis"] + sum(figures["table"]["columns"])
    return Box(left, grid["seal_middle"] - radius, left + 2 * radius, grid["seal_middle"] + radius)


def plate(setting: LayoutContext) -> Iterator[Element]:
    """Place the words that no copy of a specimen is without."""
    if not setting.specimen:
        return
    x = setting.layout.figures["grid"]["axis"]
    words = setting.layout.words["specimen_plate"].capitalize()
    yield paragraph("P", [setting.left(setting.layout.styles["plate"], words, x, 21, "plate")])
