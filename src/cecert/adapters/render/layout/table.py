"""The credit table: hours, credit, who awards, who approved, and the statement's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from cecert.adapters.render.layout.page import Element, Ink, Item
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.text.breaking import DoesNotFitError, broken
from cecert.adapters.render.text.fitting import Figures, spaced
from cecert.adapters.render.text.shaping import Style
from cecert.domain.certificate.phrases import (
    approval_heading,
    approval_number,
    approval_words,
    category_split,
)
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.values.wording import hours_figure

__all__ = ["CreditTable", "FitStep", "page_one_table", "page_two_table"]

GRID_OFFSET = 0.73
"""Where a baseline stands in its line, as a share of the leading from the line's top."""


@dataclass(frozen=True, slots=True, eq=False)
class FitStep:
    """One rung of the fit ladder; each is made once for a course, and is known by being itself.

    Attributes:
        step: The table's sizes, a table of the layout file.
        white: Factor of the least white between lines.
        session_lines: Lines of session times on the first page at most; 0 where they are a list.
        room: White that must be left over besides.
        moved: The statements stand on page 2.
        floors: Name and title stand in the least sizes they may have.
    """

    step: Figures
    white: float
    session_lines: int
    room: float = 0.0
    moved: bool = False
    floors: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A text of a cell: its style, its words, its field's name for a fault, and its fact.

    What the fact is called is compared with the record before anything is sealed
    (`misprints.CREDIT_FACTS`).
    """

    style: Style
    text: str
    field: str
    fact: str


Span = tuple[Style, str, str]
"""A stretch of a line in one style: its words, and which fact they say."""

Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    figure: str
    unit: tuple[str, ...]
    cells: tuple[tuple[Line, ...], ...]


class CreditTable:
    """A table, measured when it is made and placed by its upper edge."""

    def __init__(
        self,
        setting: LayoutContext,
        step: Figures,
        figures: Figures,
        columns: Sequence[tuple[str, float]],
        left: float,
    ) -> None:
        """Prepare an empty table.

        Args:
            setting: The certificate and its styles.
            step: Sizes of type, leading and padding.
            figures: The table's measures in the layout file.
            columns: Head and width of each; the width is without its gutter.
            left: Its left edge.
        """
        self.setting, self.step, self.figures = setting, step, figures
        self.heads = [head for head, _ in columns]
        self.widths = [width for _, width in columns]
        steps = (width + figures["gutter"] for width in self.widths)
        self.lefts = list(accumulate(steps, initial=left))[:-1]
        self.edges = (left, self.lefts[-1] + self.widths[-1])
        self.leading, self.padding = float(step["leading"]), float(step["padding"])
        self.run_in = bool(step.get("run_in"))
        self.rows: list[_Row] = []

    # Styles of this step

    def _sized(self, name: str, size: str, otherwise: float = 0.0) -> Style:
        style = self.setting.layout.styles[name]
        return style.at(self.step.get(size, otherwise) or style.size, self.leading)

    @cached_property
    def plain(self) -> Style:
        """Style of the facts of a cell."""
        return self._sized("cell", "facts")

    @cached_property
    def bold(self) -> Style:
        """Style of credentials and approval numbers."""
        return self._sized("cell_bold", "facts")

    @cached_property
    def soft(self) -> Style:
        """Style of what is said beside a fact."""
        return self._sized("cell_soft", "facts")

    @cached_property
    def hours(self) -> Style:
        """Style of the figure of hours."""
        return self._sized("hours", "hours")

    @cached_property
    def unit(self) -> Style:
        """Style of the unit below the hours."""
        return self._sized("unit", "unit")

    @cached_property
    def statement(self) -> Style:
        """Style of the statements of approval."""
        return self._sized("statement", "statement")

    # Measuring

    def add(self, line: CreditLine, cells: Sequence[Sequence[_Part]]) -> None:
        """Add a row: its hours, and the texts of its further cells.

        Raises:
            UndrawableError: If a word is wider than its column.
        """
        # Nothing stands below hours but their unit, which may reach into the gutter.
        room = self.widths[0] + self.figures["gutter"] - 2
        with self.setting.naming(f"unit of {line.credential}", line.unit):
            unit = _unit(line, self.unit, room)
        built = tuple(
            self._broken(parts, width) for parts, width in zip(cells, self.widths[1:], strict=True)
        )
        self.rows.append(_Row(hours_figure(line.hours), unit, built))

    def check_head(self, column: int) -> None:
        """Refuse a head that runs into the next column.

        Raises:
            DoesNotFitError: If it does.
        """
        needed = self.setting.layout.styles["table_head"].width(self.heads[column])
        room = self.widths[column] + self.figures["gutter"] - 2
        if needed > room:
            raise DoesNotFitError(needed, room)

    def _broken(self, parts: Sequence[_Part], width: float) -> tuple[Line, ...]:
        lines: list[Line] = []
        for part in parts:
            if part.text:
                if self.run_in and lines and (joined := _joined(lines[-1], part, width)):
                    lines[-1] = joined
                    continue
                with self.setting.naming(part.field, part.text):
                    texts = broken(part.text, part.style, width)
                lines += [((part.style, text, part.fact),) for text in texts]
        return tuple(lines)

    @property
    def height(self) -> float:
        """From its first rule to its last."""
        return float(self.figures["head"]) + sum(map(self._row_height, self.rows))

    def _row_height(self, row: _Row) -> float:
        # The least is for hours and a unit of one line.
        least = self.step.get("least_lines", 3) + len(row.unit) - 1
        lines = max(least, *(len(each) for each in row.cells))
        return float(2 * self.padding + lines * self.leading)

    # Placing

    def placed(self, top: float) -> tuple[Element, tuple[Item, ...]]:
        """Return the table with its upper rule at *top*, and its rules, which are artifacts."""
        heavy, between = (
            self.setting.layout.colours[self.figures["rule_colour"]],
            self.setting.layout.colours["row"],
        )
        above, below = self.figures["top_rule"], self.figures["head_rule"]
        y = top - self.figures["head"]
        rules = [self._rule(y, below, heavy)]
        if above:
            rules.append(self._rule(top, above, heavy))
        head = Element("THead", (self._head(top - self.figures["head_baseline"]),))
        body = []
        for row in self.rows:
            body.append(self._row(row, y))
            y -= self._row_height(row)
            rules.append(self._rule(y, self.figures["row_rule"], between))
        rules[-1] = self._rule(y, above or below, heavy)
        return Element("Table", (head, Element("TBody", tuple(body)))), tuple(rules)

    def _rule(self, y: float, weight: float, colour: str) -> Item:
        return self.setting.rule(*self.edges, y, weight, colour)

    def _head(self, y: float) -> Element:
        style = self.setting.layout.styles["table_head"]
        cells = [
            Element("TH", (self.setting.left(style, head, x, y, "table head"),), scope="Column")
            for head, x in zip(self.heads, self.lefts, strict=True)
        ]
        return Element("TR", tuple(cells))

    def _row(self, row: _Row, top: float) -> Element:
        first = top - self.padding - GRID_OFFSET * self.leading
        cells = [Element("TD", tuple(self._hours(row, first)))]
        for x, lines in zip(self.lefts[1:], row.cells, strict=True):
            cells.append(Element("TD", tuple(self._cell(lines, x, first))))
        return Element("TR", tuple(cells))

    def _hours(self, row: _Row, first: float) -> list[Ink]:
        """Set the figure on the second line of the grid and its unit from the third on."""
        drop = self.step.get("hours_drop", self.leading)
        y = first - drop - self.step.get("unit_drop", self.leading)
        x = self.lefts[0]
        return [
            self.setting.left(self.hours, row.figure, x, first - drop, "hours"),
            *(
                self.setting.left(self.unit, text, x, y - index * self.leading, "unit")
                for index, text in enumerate(spaced(row.unit))
            ),
        ]

    def _cell(self, lines: Sequence[Line], x: float, first: float) -> list[Ink]:
        inks: list[Ink] = []
        for index, line in enumerate(lines):
            along, y = x, first - index * self.leading
            for style, text, fact in _parted(line, last=index == len(lines) - 1):
                inks.append(self.setting.left(style, text, along, y, fact))
                along += style.width(text)
        return inks

    # What its cells say

    def credit(self, line: CreditLine) -> list[_Part]:
        """Return profession, jurisdiction and category split."""
        profession = "profession" if line.profession else "label"
        return [
            _Part(
                self.bold,
                line.profession or line.label,
                f"{profession} of {line.credential}",
                "credit for",
            ),
            _Part(
                self.plain, line.jurisdiction, f"jurisdiction of {line.credential}", "credit for"
            ),
            _Part(
                self.soft, category_split(line), f"categories of {line.credential}", "categories"
            ),
        ]

    def awarder(self, line: CreditLine) -> list[_Part]:
        """Return who awards the credit."""
        return [
            _Part(self.plain, line.awarded_by, f"awarding body of {line.credential}", "awarded by")
        ]

    def approver(self, line: CreditLine, heading: str) -> list[_Part]:
        """Return who approved it, or by which rule it is approved, below *heading*."""
        words, what = approval_words(line, heading), "basis" if line.basis else "approver"
        return [_Part(self.plain, words, f"{what} of {line.credential}", "approved by")]

    def number(self, line: CreditLine) -> list[_Part]:
        """Return the approval's number and period."""
        style = self.bold if line.number else self.soft
        return [
            _Part(
                style,
                approval_number(line),
                f"approval number of {line.credential}",
                "approval number",
            )
        ]

    def words(self, line: CreditLine) -> list[_Part]:
        """Return the statement of approval."""
        return [
            _Part(self.statement, line.statement, f"statement of {line.credential}", "statement")
        ]


def _unit(line: CreditLine, style: Style, room: float) -> tuple[str, ...]:
    """Break a unit into lines; its short form, if a word of it is wider than the column."""
    try:
        return broken(line.unit, style, room)
    except DoesNotFitError:
        if not line.unit_short:
            raise
        return broken(line.unit_short, style, room)


def _joined(line: Line, part: _Part, width: float) -> Line:
    """Return *part* run in at the end of *line*, or () if its measure does not hold both."""
    *before, (style, text, fact) = line
    longer = (*before, (style, f"{text}, ", fact), (part.style, part.text, part.fact))
    return longer if sum(style.width(text) for style, text, _ in longer) <= width else ()


def _parted(line: Line, *, last: bool) -> Line:
    """End a line in a space, unless it is the last: it parts words for who listens."""
    *before, (style, text, fact) = line
    return line if last else (*before, (style, f"{text} ", fact))


def page_one_table(
    setting: LayoutContext, rung: FitStep, edges: tuple[float, float], figures: Figures
) -> CreditTable:
    """Measure the first page's table; without the statements' words where they moved.

    Args:
        setting: The certificate and its styles.
        rung: The sizes that are tried.
        edges: Left and right of the table, in points.
        figures: The table's measures in the layout file.
    """
    lines = setting.certificate.credit_lines
    heading = approval_heading(lines)
    words, named = setting.layout.words, setting.certificate.names_awarders
    heads = [words["hours"], words["credit_for"], words["awarded_by"] if named else "", heading]
    if not rung.moved:
        heads.append(words["statement"])
    key = "facts_columns" if rung.moved else "columns"
    table = _table(setting, rung, edges, figures, heads, key)
    with setting.naming("heading of the approver", heading):
        table.check_head(3 if named else 2)
    for line in lines:
        cells = [table.credit(line), *([table.awarder(line)] if named else ())]
        cells.append([*table.approver(line, heading), *table.number(line)])
        table.add(line, cells if rung.moved else [*cells, table.words(line)])
    return table


def page_two_table(
    setting: LayoutContext, rung: FitStep, edges: tuple[float, float], figures: Figures
) -> CreditTable:
    """Measure the second page's table, which holds the statements.

    Args:
        setting: The certificate and its styles.
        rung: The sizes that are tried.
        edges: Left and right of the table, in points.
        figures: The table's measures in the layout file.
    """
    words, named = setting.layout.words, setting.certificate.names_awarders
    keys = ("hours", "credit_for", "awarded_by_number" if named else "number", "statement")
    heads = [words[each] for each in keys]
    table = _table(setting, rung, edges, figures, heads, "columns")
    for line in setting.certificate.credit_lines:
        awarded = [*(table.awarder(line) if named else ()), *table.number(line)]
        table.add(line, [table.credit(line), awarded, table.words(line)])
    return table


def _table(
    setting: LayoutContext,
    rung: FitStep,
    edges: tuple[float, float],
    figures: Figures,
    heads: Sequence[str],
    key: str,
) -> CreditTable:
    """Return an empty table whose last column takes what the others leave.

    A head that is "" has no column.
    """
    left, right = edges
    given = zip(heads, [*rung.step.get(key, figures[key]), 0], strict=True)
    columns = [(head, width) for head, width in given if head]
    taken = sum(width for _, width in columns)
    widths = [width - figures["gutter"] for _, width in columns[:-1]]
    widths.append(right - left - taken)
    names = [head for head, _ in columns]
    return CreditTable(setting, rung.step, figures, list(zip(names, widths, strict=True)), left)
