"""Rows of a transcript's two tables: a total for each board, a certificate for each course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from cecert.adapters.render.layout.page import Element, Ink, Item
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.layout.words import dates_words
from cecert.adapters.render.layouts.transcript_cells import (
    Line,
    Span,
    down,
    lines_of,
    packed_spans,
    set_lines,
)
from cecert.adapters.render.text.italics import italic_title
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.phrases import (
    UNBROKEN,
    approval_number,
    approval_of_another,
    category_split,
    format_phrase,
)
from cecert.domain.certificate.transcript import Total, TranscriptIssuer, TranscriptRow
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import hours_figure

__all__ = ["TableRow", "list_row", "total_row"]

Placed = tuple[Element, tuple[Item, ...]]
"""A row of structure, and what of it is only drawn."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that is measured and not yet placed.

    Attributes:
        height: From the rule above it to the rule below.
        place: Sets it below a rule.
    """

    height: float
    place: Callable[[float], Placed]


DOT = " \N{MIDDLE DOT} "
AFTER_BOX = 3.0
"""White between a frame and what stands on its line, in points."""


def total_row(
    setting: LayoutContext, total: Total, heading: str, lefts: Sequence[float]
) -> TableRow:
    """Measure the row of a total.

    Args:
        setting: The transcript's layout.
        total: What is told.
        heading: What stands above who approved.
        lefts: Left edge of each column, and the right edge of the last.
    """
    figures, styles = setting.layout.figures["totals"], setting.layout.styles
    widths = [right - left - figures["gutter"] for left, right in pairwise(lefts)]
    widths[-1] += figures["gutter"]
    line = total.line
    cells = [
        _figure(setting, total, widths[0]),
        [
            *lines_of(setting, line.profession or line.label, "cell_bold", widths[1], "credit for"),
            *lines_of(setting, line.jurisdiction, "cell", widths[1], "credit for"),
        ],
        _approval(setting, line, heading, widths[2]),
        lines_of(setting, str(total.certificates), "cell", widths[3], "courses"),
        _of_these(setting, total, widths[4]),
    ]
    rise, figure = styles["cell"].cap, figures["figure_drop"]
    lowest = max(*(down(each) for each in cells[1:]), figure + down(cells[0]))

    def place(top: float) -> Placed:
        y = top - figures["above"] - rise
        kids, frames = [], list[Item]()
        for index, (x, lines) in enumerate(zip(lefts, cells, strict=False)):
            inks, drawn = set_lines(setting, lines, x, y - (0 if index else figure))
            kids.append(Element("TD", tuple(inks)))
            frames += drawn
        return Element("TR", tuple(kids)), tuple(frames)

    return TableRow(figures["above"] + rise + lowest + figures["below"], place)


def _figure(setting: LayoutContext, total: Total, width: float) -> list[Line]:
    """Return the figure of a total and its unit: beside it, where that has room, else below."""
    styles, gap = setting.layout.styles, setting.layout.figures["totals"]["unit_gap"]
    figure, unit, leading = hours_figure(total.hours), total.line.unit, styles["unit"].leading
    own: Span = (styles["total"], figure)
    if styles["total"].width(figure) + gap + styles["unit"].width(unit) <= width:
        return [Line((own, (styles["unit"], unit)), leading, "total", gap)]
    return [Line((own,), leading, "total"), *_unit(setting, total.line, width)]


def _unit(setting: LayoutContext, line: CreditLine, width: float) -> list[Line]:
    """Return a unit on several lines; its short form, if one word is wider than the column."""
    styles = setting.layout.styles
    widest = max(styles["unit"].width(each) for each in line.unit.split(" "))
    text = line.unit_short if widest > width and line.unit_short else line.unit
    return lines_of(setting, text, "unit", width, "unit")


def _approval(setting: LayoutContext, line: CreditLine, heading: str, width: float) -> list[Line]:
    """Return who approved a credit, who awards it, where another does, and the number."""
    said = approval_of_another(line, setting.certificate.provider.name, heading)
    return [
        *lines_of(setting, said, "cell", width, "approved by"),
        *lines_of(setting, approval_number(line), "cell_bold", width, "approval number"),
    ]


def _of_these(setting: LayoutContext, total: Total, width: float) -> list[Line]:
    styles, words = setting.layout.styles, setting.layout.words
    if not total.categories:
        return lines_of(setting, words["transcript_no_category"], "cell_soft", width, "categories")
    parts = [(each.hours, each.code) for each in total.categories]
    if total.without_category:
        parts.append((total.without_category, words["transcript_without_category"]))
    pieces = [_piece(setting, hours, name) for hours, name in parts]
    return packed_spans(pieces, (styles["cell"], DOT), width, styles["cell"].leading)


def _piece(setting: LayoutContext, hours: Decimal, name: str) -> tuple[Span, ...]:
    styles = setting.layout.styles
    return (styles["cell_bold"], hours_figure(hours)), (styles["cell"], f" {name}")


# A certificate


@dataclass(frozen=True, slots=True)
class _Credit:
    """One credit of a certificate: what stands beside the figure of its hours, and below."""

    figure: str
    unit: list[Line]
    board: list[Line]
    number: list[Line]
    below: list[Line]

    @property
    def height(self) -> float:
        """From its first baseline to its last."""
        board = self.board + self.below
        return max(down(self.unit), down(board), down(self.number))


def list_row(
    setting: LayoutContext, row: TranscriptRow, issuer: TranscriptIssuer, lefts: Sequence[float]
) -> TableRow:
    """Measure the row of a certificate.

    Args:
        setting: The transcript's layout.
        row: What is told.
        issuer: Whose transcript it is.
        lefts: Left edge of each column, and the right edge of the last.
    """
    return _ListRow(setting, row, issuer, lefts).measured()


class _ListRow:
    def __init__(
        self,
        setting: LayoutContext,
        row: TranscriptRow,
        issuer: TranscriptIssuer,
        lefts: Sequence[float],
    ) -> None:
        self.setting, self.row, self.issuer, self.lefts = setting, row, issuer, lefts
        self.figures, self.words = setting.layout.figures["list"], setting.layout.words
        self.styles, self.own = setting.layout.styles, row.certificate
        gutter = self.figures["gutter"]
        self.first_width, self.second_width = (
            lefts[1] - lefts[0] - gutter, lefts[2] - lefts[1] - gutter,
        )  # fmt: skip

    def measured(self) -> TableRow:
        dates, after = self._dates(), self._state()
        course, lines, last = self._course(), self._credits(), self._uncounted()
        leading = self.styles["cell"].leading
        first = down(dates) + leading + sum(each.drop for each in after)
        third = self._credits_height(lines) + sum(each.drop for each in last)
        rise, above = self.styles["title"].cap, self.figures["above"]
        height = above + rise + max(first, down(course), third) + self.figures["below"]

        def place(top: float) -> Placed:
            y = top - above - rise
            opening, frames = self._place_first(dates, after, y)
            inks, more = set_lines(self.setting, course, self.lefts[1], y)
            cells = (opening, Element("TD", tuple(inks)), self._place_credits(lines, last, y))
            return Element("TR", cells), (*frames, *more)

        return TableRow(height, place)

    def _lines(self, text: str, style: str, width: float, what: str) -> list[Line]:
        return lines_of(self.setting, text, style, width, what)

    # When, which, and what became of it

    def _dates(self) -> list[Line]:
        text = dates_words(self.own.course, self.words)
        return self._lines(text, "cell", self.first_width, "dates")

    def _state(self) -> list[Line]:
        """Return the lines below the id."""
        found = self._state_word()
        if self.own.supersedes is not None:
            text = self.words["transcript_replaces"].format(id=_unbroken(self.own.supersedes))
            found += self._lines(text, "cell", self.first_width, "replaces")
        return found

    def _state_word(self) -> list[Line]:
        words, width = self.words, self.first_width
        if self.row.counts:
            return self._lines(words["transcript_valid"], "cell_bold", width, "state")
        leading = self.styles["cell"].leading + 2
        if self.row.state is CertificateState.REVOKED:
            name, by = words["transcript_revoked"], ""
            if self.row.revoked_at is not None:
                by = self.issuer.day_of(self.row.revoked_at)
        else:
            name, by = words["transcript_replaced"], ""
            if self.row.replaced_by is not None:
                number = _unbroken(self.row.replaced_by)
                by = words["transcript_replaced_by"].format(id=number)
        bold, plain = self.styles["cell_bold"], self.styles["cell"]
        if bold.width(name) + plain.width(by) + 12 <= width:
            spans: tuple[Span, ...] = ((bold, name), (plain, by)) if by else ((bold, name),)
            return [Line(spans, leading, "state", AFTER_BOX, boxed=True)]
        lines = self._lines(by, "cell", width, "state")
        lines[:1] = [Line(lines[0].spans, leading, "state")] if lines else []
        return [Line(((bold, name),), leading, "state", boxed=True), *lines]

    def _place_first(
        self, dates: Sequence[Line], after: Sequence[Line], y: float
    ) -> tuple[Element, Sequence[Item]]:
        """Place the first cell; the id is read before the dates, so that a row begins with it."""
        x, leading = self.lefts[0], self.styles["cell"].leading
        number = self.own.id.text
        below = y - down(dates) - leading
        link = self.setting.left(self.styles["cell_bold"], f"{number} ", x, below, "certificate id")
        alt = self.words["alt_transcript_link"].format(id=number, host=self.issuer.verify_host)
        inks, _ = set_lines(self.setting, dates, x, y)
        drop = after[0].drop if after else 0.0
        rest, frames = set_lines(self.setting, after, x, below - drop)
        said = Element("P", (*inks, *rest))
        clicked = Element("Link", (link,), alt=alt, link=self.own.token_url)
        return Element("TD", (clicked, said)), frames

    # The course

    def _course(self) -> list[Line]:
        course, width = self.own.course, self.second_width
        title = "title" if self.row.counts else "title_soft"
        lines = self._lines(italic_title(course), title, width, "course title")
        lines += self._lines(format_phrase(course), "cell_italic", width, "format")
        lines += self._lines("; ".join(course.instructors), "cell_soft", width, "instructors")
        named, own = self.setting.certificate.recipient.name, self.own
        for words, said, today in (
            ("transcript_issued_to", own.recipient.name, named),
            ("transcript_issued_by", own.provider.name, self.issuer.provider.name),
        ):
            if said != today:
                lines += self._lines(self.words[words], "cell_italic", width, "name")
                lines += self._lines(said, "cell", width, "whose")
        return lines

    # Its credits

    def _credits(self) -> list[_Credit]:
        return [self._credit(each) for each in self.own.credit_lines]

    def _credit(self, line: CreditLine) -> _Credit:
        figures = self.figures
        board = ", ".join(each for each in (line.profession, line.jurisdiction) if each)
        last = self.lefts[3] - self._number_left
        return _Credit(
            figure=hours_figure(line.hours),
            unit=_unit(self.setting, line, figures["unit"] - 3),
            board=self._lines(board or line.label, "cell_bold", figures["board"] - 5, "credit for"),
            number=self._lines(self._number(line), "cell", last, "approval number"),
            below=self._lines(
                category_split(line), "cell_italic", figures["board"] - 5, "categories"
            ),
        )

    @property
    def _number_left(self) -> float:
        figures = self.figures
        return float(self.lefts[2] + figures["figure"] + figures["unit"] + figures["board"])

    def _number(self, line: CreditLine) -> str:
        """Return what a board knows the approval by: its number, its rule, or who awards."""
        if line.number:
            return f"{line.number_label} {line.number}"
        if line.basis:
            return line.basis
        return line.awarded_by if line.awarded_by != self.issuer.provider.name else ""

    def _uncounted(self) -> list[Line]:
        if self.row.counts:
            return []
        words, width = self.words["transcript_not_counted"], self.lefts[3] - self.lefts[2]
        return self._lines(words, "cell_italic", width, "state")

    def _credits_height(self, lines: Sequence[_Credit]) -> float:
        heights = sum(each.height for each in lines)
        return heights + (len(lines) - 1) * self._apart

    @property
    def _apart(self) -> float:
        return float(self.styles["cell"].leading + self.figures["line_gap"])

    def _place_credits(self, lines: Sequence[_Credit], last: Sequence[Line], y: float) -> Element:
        figures, inks = self.figures, list[Ink]()
        x = self.lefts[2]
        places = (x + figures["figure"], x + figures["figure"] + figures["unit"], self._number_left)
        style = self.styles["hours" if self.row.counts else "hours_soft"]
        for each in lines:
            figure = f"{each.figure} "
            inks.append(self.setting.left(style, figure, x, y - figures["figure_drop"], "hours"))
            parts = (each.unit, each.board + each.below, each.number)
            for part, left in zip(parts, places, strict=True):
                inks += set_lines(self.setting, part, left, y)[0]
            y -= each.height + self._apart
        if last:
            y += self._apart - self.styles["cell"].leading
            inks += set_lines(self.setting, last, places[1], y)[0]
        return Element("TD", tuple(inks))


def _unbroken(number: CertificateId) -> str:
    """Write the number of another certificate, which a reader must not take for the row's own."""
    return number.text.replace("-", UNBROKEN)
