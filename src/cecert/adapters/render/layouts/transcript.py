"""The transcript: the classic frame on an upright sheet, totals, and a list that goes on and on.

Source: docs/spec/transcript.md 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from cecert.adapters.render.layout import ornament
from cecert.adapters.render.layout.page import Box, Drawn, Element, Ink, Item, Page
from cecert.adapters.render.layout.setting import (
    UNSET,
    LayoutContext,
    UndrawableError,
    paragraph,
)
from cecert.adapters.render.layouts.transcript_cells import (
    Line,
    Span,
    down,
    packed_spans,
    set_lines,
)
from cecert.adapters.render.layouts.transcript_foot import transcript_foot
from cecert.adapters.render.layouts.transcript_head import Head
from cecert.adapters.render.layouts.transcript_rows import TableRow, list_row, total_row
from cecert.adapters.render.text.breaking import balanced, broken
from cecert.adapters.render.text.fitting import spaced
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.phrases import approval_heading
from cecert.domain.certificate.transcript import Transcript, TranscriptIssuer
from cecert.domain.course.regime import RuleSource
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import counted
from cecert.errors import Fault

__all__ = ["MOST_PAGES", "compose_transcript"]

STATES = {
    CertificateState.SUPERSEDED: "transcript_replaced",
    CertificateState.REVOKED: "transcript_revoked",
}
"""Words for the states that count for nothing, by key."""

MOST_PAGES = 50
"""No reader of documents here takes more of a file."""


def compose_transcript(
    setting: LayoutContext,
    transcript: Transcript,
    issuer: TranscriptIssuer,
    number: CertificateId,
) -> tuple[Page, ...]:
    """Compose the pages of a transcript.

    Args:
        setting: Its layout; the certificate is the newest of those listed.
        transcript: What it says.
        issuer: Whose it is.
        number: What its pages are called.

    Raises:
        UndrawableError: If a text has a character that no face has, or the pages are too many.
    """
    try:
        return _Transcript(setting, transcript, issuer, number).pages()
    except UNSET as trouble:
        raise setting.undrawable("transcript", "", trouble) from None


@dataclass(slots=True)
class _Sheet:
    """A page as far as it is filled.

    Attributes:
        floor: Nothing that flows stands lower, in points.
        y: Where the next thing begins.
        body: What is read.
        behind: What is only drawn.
    """

    floor: float
    y: float
    body: list[Element] = field(default_factory=list)
    behind: list[Item] = field(default_factory=list)


class _Transcript:
    def __init__(
        self,
        setting: LayoutContext,
        transcript: Transcript,
        issuer: TranscriptIssuer,
        number: CertificateId,
    ) -> None:
        self.setting, self.transcript, self.issuer = setting, transcript, issuer
        self.number = number
        self.grid, self.words = setting.layout.figures["grid"], setting.layout.words
        self.styles, self.axis = setting.layout.styles, setting.width / 2
        self.edges = (self.grid["edge"], setting.width - self.grid["edge"])
        self.head = Head(setting, transcript, issuer, self.edges)
        self.sheets: list[_Sheet] = []
        self.going_on: list[tuple[_Sheet, int, int, float]] = []

    def pages(self) -> tuple[Page, ...]:
        self._first_sheet()
        self._totals()
        self._list()
        self._end()
        self._say_what_follows()
        foot = list(transcript_foot(self.setting, self.issuer))
        self.sheets[0].body += foot
        count = len(self.sheets)
        return tuple(
            Page(
                self.setting.width,
                self.setting.height,
                (self._frame(), *sheet.behind),
                (*sheet.body, *self._last_line(number, count)),
            )
            for number, sheet in enumerate(self.sheets, 1)
        )

    def _frame(self) -> Drawn:
        colours = self.setting.layout.colours
        width, height = self.setting.width, self.setting.height
        motif = ornament.frame(width, height, colours["accent"], colours["guilloche"])
        return motif.drawn(Box(18, 18, width - 18, height - 18))

    # Sheets

    @property
    def sheet(self) -> _Sheet:
        """The one that is being filled."""
        return self.sheets[-1]

    def _first_sheet(self) -> None:
        elements, behind, y = self.head.first()
        floor = self.grid["foot"] + self.grid["square"] + self.grid["above_foot"]
        self.sheets.append(_Sheet(floor, y, elements, behind))

    def _next_sheet(self) -> None:
        if len(self.sheets) == MOST_PAGES:
            problem = f"needs more than {MOST_PAGES} pages"
            fault = Fault(self.transcript.name, "", problem, "a shorter period: --from, --to")
            raise UndrawableError(fault)
        elements, behind, y = self.head.further()
        floor = self.grid["last_line"] + self.grid["above_last_line"]
        self.sheets.append(_Sheet(floor, y, elements, behind))

    # Tables

    def _totals(self) -> None:
        figures = self.setting.layout.figures["totals"]
        if not self.transcript.totals:
            self._sentence(self.words["transcript_no_total"], figures["note_below"])
            self.sheet.y -= figures["next_table"]
            return
        heads = ("transcript_total", "credit_for", "transcript_courses", "transcript_of_these")
        words = [self.words[each] for each in heads]
        words.insert(2, approval_heading([each.line for each in self.transcript.totals]))
        lefts = self._lefts(figures)
        rows = [total_row(self.setting, each, words[2], lefts) for each in self.transcript.totals]
        self._table("totals", words, lefts, rows, figures)
        self._sentence(self.words["transcript_never_add"], figures["note_below"])
        self.sheet.y -= figures["next_table"]

    def _list(self) -> None:
        figures = self.setting.layout.figures["list"]
        heads = ("transcript_completed", "transcript_course", "transcript_hours")
        lefts = self._lefts(figures)
        rows = [list_row(self.setting, each, self.issuer, lefts) for each in self.transcript.rows]
        self._table("list", [self.words[each] for each in heads], lefts, rows, figures)

    def _lefts(self, figures: dict[str, Any]) -> list[float]:
        """Return the left edge of each column, and the right edge of the last."""
        return [*accumulate(figures["columns"], initial=self.edges[0]), self.edges[1]]

    def _table(
        self,
        thread: str,
        heads: Sequence[str],
        lefts: Sequence[float],
        rows: Sequence[TableRow],
        figures: dict[str, Any],
    ) -> None:
        """Place a table, which goes on over pages; each page's part has the heads once more."""
        left = list(rows)
        while left:
            room = self.sheet.y - self.sheet.floor - figures["head"]
            fitting = _fitting(left, room)
            if thread == "list" and 1 < fitting == len(left):
                end = self.sheet.y - figures["head"] - sum(each.height for each in left)
                # The end does not stand on a page of its own.
                fitting -= not self._has_room_for_end(end)
            if not fitting:
                if left[0].height > self._most_room(figures):
                    fault = Fault(self.transcript.name, "", "has a certificate too long for a page")
                    raise UndrawableError(fault)
                self._next_sheet()
                continue
            first = len(left) == len(rows)
            self._part(thread, heads, lefts, left[:fitting], figures, first=first)
            del left[:fitting]
            if left and thread == "list":
                self._go_on(len(left), figures)

    def _most_room(self, figures: dict[str, Any]) -> float:
        below = self.grid["last_line"] + self.grid["above_last_line"]
        return float(self.head.further()[2] - below - figures["head"])

    def _part(
        self,
        thread: str,
        heads: Sequence[str],
        lefts: Sequence[float],
        rows: Sequence[TableRow],
        figures: dict[str, Any],
        *,
        first: bool,
    ) -> None:
        colours, sheet = self.setting.layout.colours, self.sheet
        top, y = sheet.y, sheet.y - figures["head"]
        rules = [self._rule(top, 0.8, colours["accent"]), self._rule(y, 0.5, colours["accent"])]
        header = self._head_row(heads, lefts, top - figures["head_baseline"])
        body = []
        for each in rows:
            element, drawn = each.place(y)
            body.append(element)
            rules += drawn
            y -= each.height
            rules.append(self._rule(y, 0.35, colours["row"]))
        rules[-1] = self._rule(y, 0.8, colours["accent"])
        rest = Element("TBody", tuple(body) if first else (header, *body))
        parts = (Element("THead", (header,)), rest) if first else (rest,)
        sheet.body.append(Element("Table", parts, thread=thread))
        sheet.behind += rules
        sheet.y = y

    def _rule(self, y: float, weight: float, colour: str) -> Item:
        return self.setting.rule(*self.edges, y, weight, colour)

    def _head_row(self, heads: Sequence[str], lefts: Sequence[float], y: float) -> Element:
        style = self.styles["table_head"]
        cells = [
            Element("TH", (self.setting.left(style, head, x, y, "table head"),), scope="Column")
            for head, x in zip(heads, lefts, strict=False)
        ]
        return Element("TR", tuple(cells))

    def _go_on(self, count: int, figures: dict[str, Any]) -> None:
        """Leave the sheet, on which it is said later how many certificates follow."""
        sheet = self.sheet
        self.going_on.append((sheet, len(sheet.body), count, sheet.y - figures["more_below"]))
        sheet.y = sheet.floor

    def _say_what_follows(self) -> None:
        for number, (sheet, at, count, y) in enumerate(self.going_on, 1):
            last = number == len(self.going_on)
            text = self.words["transcript_more" if last else "transcript_more_from"].format(
                count=f"{count} more certificate{'' if count == 1 else 's'}",
                page=self.sheets.index(sheet) + 2,
            )
            ink = self.setting.right(self.styles["note"], text, self.edges[1], y, "note")
            sheet.body.insert(at, paragraph("P", [ink]))

    # Sentences

    def _sentence(self, text: str, below: float) -> None:
        """Set a sentence on the axis, on lines of nearly the same width."""
        style, measure = self.styles["note"], self.edges[1] - self.edges[0]
        lines = balanced(text, style, measure, 3)
        if self.sheet.y - below - (len(lines) - 1) * style.leading < self.sheet.floor:
            self._next_sheet()
        y = self.sheet.y - below
        inks = [
            self.setting.centred(style, each, self.axis, y - index * style.leading, "note")
            for index, each in enumerate(spaced(lines))
        ]
        self.sheet.body.append(paragraph("P", inks))
        self.sheet.y = y - (len(lines) - 1) * style.leading - 0.2 * style.size

    # The end

    def _notes(self) -> list[tuple[str, list[Line], float]]:
        """Return the notes at the end: head, lines, and where they begin."""
        words, gap = self.words, self.setting.layout.figures["list"]["notes_gap"]
        width = (self.edges[1] - self.edges[0] - gap) / 2
        rely = self._plain(words["transcript_rely_text"], width)
        return [
            (words["transcript_states"], self._states(width), self.edges[0]),
            (words["transcript_rely"], rely, self.edges[0] + width + gap),
        ]

    def _renewals(self) -> list[Line]:
        """Return what renewals need, as far as a text that somebody read states it."""
        bold, plain = self.styles["notes_bold"], self.styles["notes"]
        width = self.edges[1] - self.edges[0]
        told = [
            each
            for each in self.transcript.totals
            if each.renewal and each.renewal.evidence is not RuleSource.UNVERIFIED
        ]
        lines: list[Line] = []
        for each in told:
            words = each.renewal.told if each.renewal else ""
            spans = [(bold, each.line.label), (plain, f": {words}.")]
            lines += _flowed(spans, width, plain.leading)
        if lines:
            lines += self._plain(
                self.words["transcript_renewal_text"], self.edges[1] - self.edges[0]
            )
        return lines

    @property
    def _end_height(self) -> float:
        """From what is above the end down to its last baseline."""
        figures, head = self.setting.layout.figures["list"], self.styles["notes"].leading + 2
        deepest = max(down(lines) for _, lines, _ in self._notes())
        if renewals := self._renewals():
            deepest += figures["renewal_below"] + head + down(renewals)
        return float(figures["end_below"] + figures["notes_below"] + head + deepest)

    def _has_room_for_end(self, below: float) -> bool:
        """Say whether the end has room on the sheet, below what stands that far down."""
        # Its last words may reach into the white above the foot.
        return bool(below - self._end_height >= self.sheet.floor - self.grid["above_foot"] / 2)

    def _end(self) -> None:
        figures = self.setting.layout.figures["list"]
        if not self._has_room_for_end(self.sheet.y):
            self._next_sheet()
        text = self.words["transcript_end"].format(
            listed=counted(len(self.transcript.rows), "certificate"),
            standing=self.transcript.standing,
        )
        self._sentence(text, figures["end_below"])
        y = self.sheet.y - figures["notes_below"]
        notes, head = self._notes(), self.styles["notes"].leading + 2
        for title, lines, x in notes:
            self._note(title, lines, x, y)
        if renewals := self._renewals():
            y -= head + max(down(lines) for _, lines, _ in notes) + figures["renewal_below"]
            self._note(self.words["transcript_renewal"], renewals, self.edges[0], y)

    def _note(self, title: str, lines: Sequence[Line], x: float, y: float) -> None:
        ink = self.setting.left(self.styles["notes_head"], title, x, y, "notes")
        inks, _ = set_lines(self.setting, lines, x, y - self.styles["notes"].leading - 2)
        self.sheet.body += [Element("H2", (ink,)), paragraph("P", inks)]

    def _states(self, width: float) -> list[Line]:
        bold, plain = self.styles["notes_bold"], self.styles["notes"]
        words, spans = self.words, list[Span]()
        shown = {each.state for each in self.transcript.rows}
        for state, word in STATES.items():
            if state in shown:
                spans += [(bold, words[word]), (plain, f": {words[f'{word}_means']}")]
        day = self.issuer.day_of(self.transcript.drawn_up_at)
        spans.append((plain, words["transcript_states_text"].format(day=day)))
        return _flowed(spans, width, plain.leading)

    def _plain(self, text: str, width: float) -> list[Line]:
        style = self.styles["notes"]
        return [
            Line(((style, each),), style.leading, "notes") for each in broken(text, style, width)
        ]

    # The last line of each page

    def _last_line(self, number: int, count: int) -> Iterator[Element]:
        words, y = self.words, self.grid["last_line"]
        day = self.issuer.day_of(self.transcript.drawn_up_at)
        opening = (
            words["transcript_drawn_up"].format(day=day)
            if number == 1
            else words["transcript_part"]
        )
        pages = words["transcript_both_pages" if count == 2 else "transcript_all_pages"]  # noqa: PLR2004
        keep = words["transcript_keep"].format(pages=pages.format(count=count))
        text = opening if count == 1 else f"{opening} {keep}"
        yield paragraph(
            "P", [self.setting.left(self.styles["foot"], text, self.edges[0], y, "foot")]
        )
        plain, bold = self.styles["foot_plain"], self.styles["foot_bold"]
        said = f"{words['transcript_number']} "
        page = words["transcript_page"].format(page=number, count=count)
        x = self.edges[1] - plain.width(page) - plain.dot_gap - bold.width(self.number.text)
        inks: list[Ink] = [self.setting.left(plain, said, x - plain.width(said), y, "foot")]
        inks += self.setting.spanned([(bold, self.number.text), (plain, page)], x, y, "foot")
        yield paragraph("P", inks)


def _fitting(rows: Sequence[TableRow], room: float) -> int:
    """Return how many of *rows* have room."""
    heights = accumulate(each.height for each in rows)
    return sum(height <= room for height in heights)


def _flowed(spans: Sequence[Span], width: float, leading: float) -> list[Line]:
    """Break words of several styles into lines; a colon stays with the word before it."""
    pieces: list[tuple[Span, ...]] = []
    for style, text in spans:
        for word in text.split(" "):
            if word == ":" or (word.startswith(":") and pieces):
                pieces[-1] = (*pieces[-1], (style, word))
            else:
                pieces.append(((style, word),))
    return packed_spans(pieces, (spans[-1][0], " "), width, leading)
