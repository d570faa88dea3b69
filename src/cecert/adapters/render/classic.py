"""The classic layout: an engraved diploma on a centred axis (design sections 1, 2 and 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cecert.adapters.render import ornament
from cecert.adapters.render.breaking import DoesNotFitError, balanced, broken, packed
from cecert.adapters.render.classic_foot import Foot
from cecert.adapters.render.page import Box, Drawn, Element, Ink, Item, Page, Picture
from cecert.adapters.render.setting import (
    DOT,
    NoRoomError,
    Setting,
    UndrawableError,
    dot_gap,
    dotted_width,
    paragraph,
)
from cecert.adapters.render.specimen import across
from cecert.adapters.render.styles import Style
from cecert.adapters.render.table import Table, TableType, page_one_table, page_two_table
from cecert.adapters.render.wordings import Words, words_of
from cecert.domain.wording import hours_figure
from cecert.errors import Fault

__all__ = ["compose_classic"]


def compose_classic(setting: Setting) -> tuple[Page, ...]:
    """Compose the pages of a certificate; the first candidate of the fit ladder that holds.

    Raises:
        UndrawableError: If a text is too wide or a page too small at every step.
    """
    refusal: NoRoomError | None = None
    for candidate in _candidates(setting):
        try:
            return candidate()
        except NoRoomError as tight:
            refusal = tight
    raise UndrawableError(_no_room(setting, refusal))


def _no_room(setting: Setting, refusal: NoRoomError | None) -> Fault:
    place = f"{setting.certificate.recipient.name}: course title"
    problem = f"leaves no room on the page at the least sizes allowed: {refusal}"
    return Fault(place, setting.certificate.course.title, problem, "shorten it")


Candidate = Callable[[], tuple[Page, ...]]


def _candidates(setting: Setting) -> Iterator[Candidate]:
    words = words_of(setting.certificate)
    fit = setting.layout.figures["fit"]
    steps = setting.layout.figures["table"]["step"]
    whites = fit["white"]
    second = bool(words.all_sessions)
    if len(setting.certificate.credit_lines) <= 2:  # noqa: PLR2004
        large = next(step for step in steps if step.get("large"))
        yield lambda: _pages(
            setting, words, large, whites[0], second=second, room=fit["large_room"]
        )
    plain = [step for step in steps if not step.get("large")]
    for white in whites:
        yield lambda white=white: _pages(setting, words, plain[0], white, second=second)
    for step in plain[1:]:
        yield lambda step=step: _pages(setting, words, step, whites[-1], second=second)
    for white in whites:
        yield lambda white=white: _pages(setting, words, plain[0], white, second=True, moved=True)
    for step in plain[1:]:
        yield lambda step=step: _pages(setting, words, step, whites[-1], second=True, moved=True)


def _pages(
    setting: Setting,
    words: Words,
    step: Any,
    white: float,
    *,
    second: bool,
    moved: bool = False,
    room: float = 0.0,
) -> tuple[Page, ...]:
    first = _First(setting, words, step, white, statements=not moved, pages=1 + second)
    page = first.page(room)
    return (page, _second_page(setting, words, statements=moved)) if second else (page,)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the head: its white above by name, its height, and how it is placed."""

    white: str
    rise: float
    drop: float
    place: Callable[[float], Element | None]


class _First:
    """The first page at one step of the ladder."""

    def __init__(
        self,
        setting: Setting,
        words: Words,
        step: Any,
        white: float,
        *,
        statements: bool,
        pages: int,
    ) -> None:
        self.setting, self.words, self.white, self.pages = setting, words, white, pages
        self.figures = setting.layout.figures
        self.grid = self.figures["grid"]
        self.compact = white < self.figures["fit"]["compact_below"]
        self.axis = setting.width / 2
        self.edges = (self.grid["edge"], setting.width - self.grid["edge"])
        self.measure = self.edges[1] - self.edges[0]
        self.statements = statements
        self.step = step

    def page(self, room: float) -> Page:
        setting = self.setting
        rules: list[Item] = []
        body, bottom = self._bottom(rules)
        lines = list(self._head())
        head = self._placed(lines, self._ceiling(), bottom, room, rules)
        foot = Foot(setting, self.words, self.pages)
        behind: list[Item] = [_frame(setting)]
        if setting.specimen:
            behind += across(setting)
        behind += [*self._logo_white(), *rules, *foot.rules()]
        note = self._note()
        elements = (*self._logo(), *head, *body, *note, *foot.elements())
        return Page(setting.width, setting.height, tuple(behind), elements)

    # From the table up

    def _bottom(self, rules: list[Item]) -> tuple[list[Element], float]:
        """Place what stands above the note; return it and its upper edge."""
        if not self.setting.certificate.claims_approval:
            return self._attendance()
        table = self._table()
        top = self.grid["table_foot"] + table.height
        element, own = table.placed(top)
        rules += own
        return [element], top

    def _table(self) -> Table:
        figures = self.figures["table"]
        columns = self.step.get("columns", figures["columns"])
        kind = _table_type(self.setting, self.step, columns, figures["gutter"])
        if not self.statements:
            kind = _table_type(self.setting, self.step, figures["facts_columns"], figures["gutter"])
        return page_one_table(self.setting, kind, self.edges, figures, statements=self.statements)

    def _attendance(self) -> tuple[list[Element], float]:
        """Place the hours of a certificate that claims no approval: they have no table."""
        hours, unit = self.setting.style("hours").at(30), self.setting.style("facts")
        y = self.grid["table_foot"] + 10
        elements = []
        for line in reversed(self.setting.certificate.credit_lines):
            inks = (
                self.setting.centred(hours, hours_figure(line.hours), self.axis, y + 15, "hours"),
                self.setting.centred(unit, line.unit, self.axis, y, "unit"),
            )
            elements.append(paragraph("P", inks))
            y += 52
        return elements[::-1], y - 10

    def _note(self) -> Sequence[Element]:
        text = self.words.note
        if not self.statements:
            text = f"Statements of approval are on page 2. {text}"
        style = self.setting.style("note")
        y = self.grid["note"]
        with self.setting.naming("note", text):
            lines = _note_lines(text, style, self.measure, self.figures["fit"]["note_floor"])
        style, texts = lines
        if len(texts) > 1:
            y += 1.2
        inks = [
            self.setting.centred(style, line, self.axis, y - index * 9.4, "note")
            for index, line in enumerate(texts)
        ]
        return [paragraph("P", inks)]

    # The head

    def _ceiling(self) -> float:
        """Return where the head's first capitals end."""
        if "logo" in self.setting.pictures:
            box = self._logo_box()
            return box.bottom - self.grid["below_logo"]
        return self.setting.height - self.grid["frame_inside"] - self.grid["below_frame"]

    def _head(self) -> Iterator[_Line]:
        certificate = self.setting.certificate
        yield from self._provider()
        yield self._text("heading", "heading", self.words.heading, "heading", role="H1")
        if not self.compact:
            yield _Line("rule", 0, 0, lambda _: None)
        yield self._text("certifies", "clause", "This certifies that", "certifies")
        yield from self._name()
        if certificate.recipient.licenses:
            parts = [each.printed for each in certificate.recipient.licenses]
            yield from self._packed("licenses", "licenses", parts, "licenses", "licenses")
        yield self._text("clause", "clause", self.words.clause, "clause")
        yield from self._title()
        yield from self._facts()

    def _style(self, name: str) -> Style:
        style = self.setting.style(name)
        size = self.figures["fit"]["compact"].get(name) if self.compact else None
        return style.at(size) if size else style

    def _provider(self) -> Iterator[_Line]:
        provider = self.setting.certificate.provider
        name, office = self.setting.style("provider"), self.setting.style("office")
        if self.compact and provider.office:
            spans = [(name, provider.name), (office, provider.office)]
            width = name.width(provider.name) + dot_gap(office) + office.width(provider.office)
            if width <= self.measure:
                yield _Line("", name.cap, office.drop, lambda y: paragraph(
                    "P", self.setting.spanned(spans, self.axis - width / 2, y, "provider")
                ))  # fmt: skip
                return
        with self.setting.naming("provider name", provider.name):
            lines = _shrunk(provider.name, name, self.measure, 10)
        yield from self._lines("", "", lines, "provider", "P")
        if provider.office:
            with self.setting.naming("provider office", provider.office):
                fitted = _shrunk(provider.office, office, self.measure, 9)
            yield from self._lines("office", "further_facts", fitted, "office", "P")

    def _text(self, white: str, name: str, text: str, what: str, role: str = "P") -> _Line:
        style = self._style(name)

        def place(y: float) -> Element:
            return paragraph(role, [self.setting.centred(style, text, self.axis, y, what)])

        return _Line(white, style.cap, style.drop, place)

    def _name(self) -> Iterator[_Line]:
        name = self.setting.certificate.recipient.name
        style = self.setting.style("name")
        with self.setting.naming("recipient name", name):
            style, texts = _fitted(name, style, self._narrow(), self.figures["fit"]["name"])
            shaped = [style.shaped(each) for each in texts]
        rise = shaped[0].top * style.size
        drop = max(-shaped[-1].bottom, 0.16) * style.size
        between = [max(style.leading, 1.02 * style.size)] * (len(texts) - 1)
        height = sum(between)

        def place(y: float) -> Element:
            inks = [
                self.setting.centred(style, _spaced(text, index, texts), self.axis,
                                     y - sum(between[:index]), "recipient name")
                for index, text in enumerate(texts)
            ]  # fmt: skip
            return paragraph("P", inks, actual_text=name)

        yield _Line("name", rise, drop + height, place)

    def _title(self) -> Iterator[_Line]:
        title = self.setting.certificate.course.title
        style = self.setting.style("title")
        with self.setting.naming("course title", title):
            style, texts = _fitted(title, style, self._narrow(), self.figures["fit"]["title"])
        height = (len(texts) - 1) * style.leading

        def place(y: float) -> Element:
            inks = [
                self.setting.centred(style, _spaced(text, index, texts), self.axis,
                                     y - index * style.leading, "course title")
                for index, text in enumerate(texts)
            ]  # fmt: skip
            return paragraph("P", inks, actual_text=title)

        yield _Line("title", style.cap, style.drop + height, place)

    def _narrow(self) -> float:
        return float(self.measure * self.grid["name_measure"])

    def _facts(self) -> Iterator[_Line]:
        yield from self._packed("facts", "facts", self.words.how, "facts", "course facts")
        sessions, credit_date = self.words.sessions, self.words.credit_date
        if len(sessions) == 1:
            parts = [[sessions[0], credit_date]]
        else:
            parts = [[each] for each in sessions] + [[credit_date]]
        for each in parts:
            yield from self._packed("further_facts", "facts", each, "further_facts", "sessions")

    def _packed(
        self, white: str, name: str, parts: Sequence[str], further: str, what: str
    ) -> Iterator[_Line]:
        style = self._style(name)
        with self.setting.naming(what, DOT.join(parts)):
            lines = packed(parts, style, self.measure, dot_gap(style))
        for index, line in enumerate(lines):
            own = white if not index else "further_facts"

            def place(y: float, line: Sequence[str] = line) -> Element:
                return paragraph("P", self.setting.dotted(style, line, self.axis, y, what))

            yield _Line(own, style.cap, style.drop, place)

    def _lines(
        self, white: str, further: str, fitted: tuple[Style, Sequence[str]], what: str, role: str
    ) -> Iterator[_Line]:
        style, texts = fitted
        for index, text in enumerate(texts):

            def place(y: float, text: str = _spaced(text, index, texts)) -> Element:
                return paragraph(role, [self.setting.centred(style, text, self.axis, y, what)])

            yield _Line(white if not index else "further_facts", style.cap, style.drop, place)

    def _placed(
        self,
        lines: Sequence[_Line],
        ceiling: float,
        floor: float,
        room: float,
        rules: list[Item],
    ) -> list[Element]:
        """Share out the white between *ceiling* and *floor* and place the lines."""
        names = [line.white for line in lines] + ["table"]
        whites = [self.figures["white"].get(each, (0, 0)) for each in names]
        least = [each[0] * self.white for each in whites]
        heights = sum(line.rise + line.drop for line in lines)
        left_over = ceiling - floor - heights - sum(least)
        if left_over < room:
            raise NoRoomError(ceiling - floor - left_over + room, ceiling - floor)
        unit = left_over / sum(each[1] for each in whites)
        y, elements = ceiling, []
        for line, (_, share), minimum in zip(lines, whites, least, strict=False):
            y -= minimum + share * unit + line.rise
            if element := line.place(y):
                elements.append(element)
            else:
                rules.append(self._swelled(y))
            y -= line.drop
        return elements

    def _swelled(self, y: float) -> Drawn:
        operators = ornament.swelled_rule(self.axis, y, self.setting.colour("bronze"))
        return Drawn(operators.encode(), Box(self.axis - 75, y - 4.2, self.axis + 75, y + 4.2))

    # The logo

    def _logo_box(self) -> Box:
        most_width, most_height = self.grid["logo_compact" if self.compact else "logo"]
        width, height = fitted_picture(self.setting.pictures["logo"], most_width, most_height)
        centre = self.setting.height - self.grid["logo_centre"]
        left, bottom = self.axis - width / 2, centre - height / 2
        return Box(left, bottom, left + width, bottom + height)

    def _logo_white(self) -> Iterator[Item]:
        if "logo" in self.setting.pictures:
            box, white = self._logo_box(), self.grid["logo_white"]
            operators = ornament.filled_rectangle(
                box.left - white, box.bottom - white,
                box.right - box.left + 2 * white, box.top - box.bottom + 2 * white, "#FFFFFF",
            )  # fmt: skip
            yield Drawn(operators.encode(), box)

    def _logo(self) -> Iterator[Element]:
        if "logo" in self.setting.pictures:
            name = self.setting.certificate.provider.name
            picture = Picture("logo", self._logo_box())
            yield Element("Figure", (picture,), alt=f"Logo of {name}")


def fitted_picture(pixels: tuple[int, int], width: float, height: float) -> tuple[float, float]:
    """Return the size of a picture that keeps its proportions and fits a box."""
    scale = min(width / pixels[0], height / pixels[1])
    return pixels[0] * scale, pixels[1] * scale


def _frame(setting: Setting) -> Drawn:
    operators = ornament.frame(
        setting.width, setting.height, setting.colour("accent"), setting.colour("guilloche")
    )
    return Drawn(operators.encode(), Box(18, 18, setting.width - 18, setting.height - 18))


def _spaced(text: str, index: int, texts: Sequence[str]) -> str:
    """Return a line with the space that parts it from the next one for who listens."""
    return text if index == len(texts) - 1 else f"{text} "


def _fitted(text: str, style: Style, measure: float, fit: Any) -> tuple[Style, tuple[str, ...]]:  # noqa: ANN401  # a table of a TOML file
    """Set *text* on one line, smaller if it must be, else on several balanced ones.

    Raises:
        DoesNotFitError: If the least size on the most lines does not hold it.
    """
    largest, least = fit["one"]
    wide = style.at(largest).width(text)
    if wide * least / largest <= measure:
        size = min(largest, _down(largest * measure / wide)) if wide else largest
        return style.at(size), (text,)
    first, floor = fit["many"]
    size = first
    while True:
        smaller = style.at(size)
        try:
            return smaller, balanced(text, smaller, measure, fit["lines"])
        except DoesNotFitError:
            if size <= floor:
                raise
            size = max(floor, size - 0.5)


def _down(size: float) -> float:
    return int(size * 10) / 10


def _shrunk(text: str, style: Style, measure: float, floor: float) -> tuple[Style, tuple[str, ...]]:
    return _fitted(
        text, style, measure, {"one": [style.size, floor], "lines": 2, "many": [floor, floor]}
    )


def _note_lines(
    text: str, style: Style, measure: float, floor: float
) -> tuple[Style, tuple[str, ...]]:
    wide = style.width(text)
    if wide <= measure:
        return style, (text,)
    if wide * floor / style.size <= measure:
        return style.at(style.size * measure / wide), (text,)
    return style.at(floor), broken(text, style.at(floor), measure)


def _table_type(setting: Setting, step: Any, columns: Sequence[float], gutter: float) -> TableType:  # noqa: ANN401  # a table of a TOML file
    leading = step["leading"]
    return TableType(
        cell=setting.style("cell").at(step["facts"], leading),
        bold=setting.style("cell_bold").at(step["facts"], leading),
        soft=setting.style("cell_soft").at(step["facts"], leading),
        statement=setting.style("statement").at(step["statement"], leading),
        hours=setting.style("hours").at(step.get("hours", setting.style("hours").size)),
        unit=setting.style("unit").at(step.get("unit", setting.style("unit").size)),
        columns=tuple(columns),
        gutter=gutter,
        padding=step["padding"],
    )


# The second page


def _second_page(setting: Setting, words: Words, *, statements: bool) -> Page:
    figures = setting.layout.figures["page2"]
    refusal: NoRoomError | None = None
    for statement, leading, padding in figures["steps"]:
        step = {"statement": statement, "leading": leading, "facts": min(9.6, statement)}
        kind = _table_type(
            setting, step | {"padding": padding}, figures["columns"], figures["gutter"]
        )
        try:
            return _Second(setting, words, kind, statements=statements).page()
        except NoRoomError as tight:
            refusal = tight
    assert refusal is not None  # noqa: S101  # a layout has at least one step
    raise refusal


class _Second:
    """The second page at one step of its ladder."""

    def __init__(
        self, setting: Setting, words: Words, kind: TableType, *, statements: bool
    ) -> None:
        self.setting, self.words, self.kind = setting, words, kind
        self.figures = setting.layout.figures["page2"]
        self.axis = setting.width / 2
        edge = setting.layout.figures["grid"]["edge"]
        self.edges = (edge, setting.width - edge)
        self.statements = statements

    def page(self) -> Page:
        setting, height = self.setting, self.setting.height
        provider = setting.style("page2_provider")
        with setting.naming("provider name", setting.certificate.provider.name):
            name_style, names = _shrunk(
                setting.certificate.provider.name, provider, self.edges[1] - self.edges[0], 9
            )
        heading = "Statements of Approval" if self.statements else "Sessions"
        elements = [
            paragraph("P", [setting.centred(name_style, names[0], self.axis,
                                            height - self.figures["provider"], "provider")]),
            paragraph("H2", [setting.centred(setting.style("statements_heading"), heading, self.axis,
                                             height - self.figures["heading"], "heading")]),
        ]  # fmt: skip
        rules: list[Item] = [_frame(setting)]
        if setting.specimen:
            rules += across(setting)
        rules.append(self._swelled(height - self.figures["rule"]))
        lines, y = self._whose(height - self.figures["line"])
        elements += lines
        elements += self._sessions(y)
        y = self._below(elements, height - self.figures["table"])
        if self.statements:
            element, own = self._placed_table(y)
            elements.append(element)
            rules += own
        elements += self._foot()
        return Page(setting.width, height, tuple(rules), tuple(elements))

    def _below(self, elements: Sequence[Element], least: float) -> float:
        lowest = min(
            (kid.box.bottom for each in elements for kid in each.kids if isinstance(kid, Ink)),
            default=least,
        )
        return min(least, lowest - 16)

    def _placed_table(self, top: float) -> tuple[Element, tuple[Item, ...]]:
        from dataclasses import replace

        kind = replace(self.kind, hours_drop=self.figures["hours_drop"])
        table = page_two_table(self.setting, kind, self.edges, self.figures)
        available = top - self.figures["foot"] - 16
        if table.height > available:
            raise NoRoomError(table.height, available)
        return table.placed(top)

    def _swelled(self, y: float) -> Drawn:
        operators = ornament.swelled_rule(self.axis, y, self.setting.colour("bronze"))
        return Drawn(operators.encode(), Box(self.axis - 75, y - 4.2, self.axis + 75, y + 4.2))

    def _whose(self, y: float) -> tuple[list[Element], float]:
        """Place name, title and dates: on one line where they fit, else on one each."""
        certificate, style = self.setting.certificate, self.setting.style
        spans = [
            (style("page2_name"), certificate.recipient.name),
            (style("page2_title"), certificate.course.title),
            (style("page2_dates"), self.words.dates),
        ]
        opening, gap = style("page2_for").width("for "), dot_gap(style("page2_dates"))
        width = opening + sum(each.width(text) for each, text in spans) + 2 * gap
        measure = self.edges[1] - self.edges[0]
        if width <= measure:
            x = self.axis - width / 2
            inks = [self.setting.left(style("page2_for"), "for ", x, y, "for")]
            inks += self.setting.spanned(spans, x + opening, y, "whose")
            return [paragraph("P", inks)], y
        elements = []
        for each, text in spans:
            with self.setting.naming("second page", text):
                lines = broken(text, each, measure)
            for line in lines:
                elements.append(
                    paragraph("P", [self.setting.centred(each, line, self.axis, y, "whose")])
                )
                y -= 14
        return elements, y + 14

    def _sessions(self, y: float) -> list[Element]:
        style = self.setting.style("facts")
        elements = []
        for index, line in enumerate(self.words.all_sessions):
            with self.setting.naming("sessions", line):
                broken(line, style, self.edges[1] - self.edges[0])
            place = y - 18 - index * 12.4
            elements.append(
                paragraph("P", [self.setting.centred(style, line, self.axis, place, "sessions")])
            )
        return elements

    def _foot(self) -> list[Element]:
        setting, y = self.setting, self.figures["foot"]
        kept = (
            "This page is part of the certificate and is sealed with it. "
            "Keep both pages with your license records."
        )
        if setting.specimen:
            kept = "This page is part of a specimen and is not sealed."
        plain, bold = setting.style("page2_plain"), setting.style("page2_id")
        number = "0000-0000-0000-0000" if setting.specimen else str(setting.certificate.id)
        page = "Page 2 of 2"
        width = (
            plain.width("Certificate ") + bold.width(number) + dot_gap(plain) + plain.width(page)
        )
        x = self.edges[1] - width
        inks = [setting.left(plain, "Certificate ", x, y, "id")]
        inks += setting.spanned(
            [(bold, number), (plain, page)], x + plain.width("Certificate "), y, "id"
        )
        return [
            paragraph(
                "P", [setting.left(setting.style("page2_foot"), kept, self.edges[0], y, "foot")]
            ),
            paragraph("P", inks),
        ]


_ = dotted_width
