"""The credit table: hours, credit, who awards, who approved, and the statement's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cecert.adapters.render.breaking import broken
from cecert.adapters.render.page import Element, Ink, Item
from cecert.adapters.render.setting import Setting
from cecert.adapters.render.styles import Style
from cecert.domain.courses import CreditLine
from cecert.domain.wording import approval_number, category_split, hours_figure

__all__ = ["Table", "TableType", "page_one_table", "page_two_table"]

GRID_OFFSET = 0.73
"""Where a baseline stands in its line, as a share of the leading from the line's top."""


@dataclass(frozen=True, slots=True)
class TableType:
    """Type and measures of a table at one step of the fit ladder."""

    cell: Style
    bold: Style
    soft: Style
    statement: Style
    hours: Style
    unit: Style
    columns: tuple[float, ...]
    gutter: float
    padding: float
    hours_drop: float | None = None

    @property
    def leading(self) -> float:
        """The grid all cells of a row share."""
        return self.statement.leading


@dataclass(frozen=True, slots=True)
class _Line:
    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    figure: str
    unit: str
    cells: tuple[tuple[_Line, ...], ...]

    @property
    def lines(self) -> int:
        return max(3, *(len(each) for each in self.cells))


@dataclass(frozen=True, slots=True)
class Table:
    """A table measured and ready to be placed by its upper edge."""

    setting: Setting
    type: TableType
    heads: tuple[str, ...]
    rows: tuple[_Row, ...]
    left: float
    right: float
    figures: Any = field(repr=False)

    @property
    def height(self) -> float:
        """From its first rule to its last."""
        return float(self.figures["head"]) + sum(map(self._row_height, self.rows))

    def _row_height(self, row: _Row) -> float:
        return 2 * self.type.padding + row.lines * self.type.leading

    def placed(self, top: float) -> tuple[Element, tuple[Item, ...]]:
        """Return the table with its upper rule at *top*, and its rules, which are artifacts."""
        rules: list[Item] = [self._rule(top, 0, "accent")]
        rows = [Element("THead", (self._head(top),))]
        y = top - self.figures["head"]
        rules.append(self._rule(y, 1, "accent"))
        body = []
        for index, row in enumerate(self.rows):
            body.append(self._placed_row(row, y))
            y -= self._row_height(row)
            last = index == len(self.rows) - 1
            rules.append(self._rule(y, 0 if last else 1, "accent" if last else "row"))
        rows.append(Element("TBody", tuple(body)))
        return Element("Table", tuple(rows)), tuple(rules)

    def _rule(self, y: float, which: int, colour: str) -> Item:
        key = "head_rules" if colour == "accent" else "row_rules"
        weight = self.figures[key][which] if colour == "accent" else self.figures[key]
        return self.setting.rule(self.left, self.right, y, weight, self.setting.colour(colour))

    def _lefts(self) -> list[float]:
        lefts = [self.left]
        for width in self.type.columns:
            lefts.append(lefts[-1] + width)
        return lefts

    def _head(self, top: float) -> Element:
        style = self.setting.style("table_head")
        y = top - self.figures["head_baseline"]
        cells = [
            Element("TH", (self.setting.left(style, head, x, y, "table head"),), scope="Column")
            for head, x in zip(self.heads, self._lefts(), strict=True)
        ]
        return Element("TR", tuple(cells))

    def _placed_row(self, row: _Row, top: float) -> Element:
        lefts = self._lefts()
        first = top - self.type.padding - GRID_OFFSET * self.type.leading
        cells = [Element("TD", tuple(self._hours(row, lefts[0], first)))]
        for x, lines in zip(lefts[1:], row.cells, strict=True):
            cells.append(Element("TD", tuple(self._cell(lines, x, first))))
        return Element("TR", tuple(cells))

    def _hours(self, row: _Row, x: float, first: float) -> list[Ink]:
        drop = self.type.hours_drop
        figure_y = first - (self.type.leading if drop is None else drop)
        unit_y = figure_y - (self.type.leading if drop is None else 1.22 * self.type.leading)
        return [
            self.setting.left(self.type.hours, row.figure, x, figure_y, "hours"),
            self.setting.left(self.type.unit, row.unit, x, unit_y, "unit"),
        ]

    def _cell(self, lines: Sequence[_Line], x: float, first: float) -> list[Ink]:
        last = len(lines) - 1
        return [
            self.setting.left(
                line.style,
                line.text if index == last else f"{line.text} ",
                x,
                first - index * self.type.leading,
                "cell",
            )
            for index, line in enumerate(lines)
        ]


Fill = Callable[[CreditLine], Sequence[tuple[Style, str, str]]]


def _row(setting: Setting, line: CreditLine, kind: TableType, cells: Sequence[Fill], measure: float
) -> _Row:  # fmt: skip
    widths = [*(width - kind.gutter for width in kind.columns[1:]), measure]
    unit = line.unit
    with setting.naming(f"unit of {line.credential}", unit):
        broken(unit, kind.unit, kind.columns[0] - 2)
    built = [_filled(setting, fill(line), width) for fill, width in zip(cells, widths, strict=True)]
    return _Row(hours_figure(line.hours), unit, tuple(built))


def _filled(
    setting: Setting, parts: Sequence[tuple[Style, str, str]], width: float
) -> tuple[_Line, ...]:
    lines: list[_Line] = []
    for style, text, what in parts:
        if text:
            with setting.naming(what, text):
                lines += [_Line(style, piece) for piece in broken(text, style, width)]
    return tuple(lines)


def page_one_table(
    setting: Setting, kind: TableType, edges: tuple[float, float], figures: Any, *, statements: bool  # noqa: ANN401  # a table of a TOML file
) -> Table:  # fmt: skip
    """Measure the first page's table, with or without the statements' words."""

    def credit(line: CreditLine) -> list[tuple[Style, str, str]]:
        return [
            (kind.bold, line.profession or line.label, "credit for"),
            (kind.cell, line.jurisdiction, "credit for"),
            (kind.soft, category_split(line), "categories"),
        ]

    def awarder(line: CreditLine) -> list[tuple[Style, str, str]]:
        return [(kind.cell, line.awarded_by, "awarded by")]

    def approver(line: CreditLine) -> list[tuple[Style, str, str]]:
        number = kind.bold if line.number else kind.soft
        return [
            (kind.cell, line.approver, "approved by"),
            (number, approval_number(line), "approval number"),
        ]

    def statement(line: CreditLine) -> list[tuple[Style, str, str]]:
        return [(kind.statement, line.statement, "statement")]

    heads: tuple[str, ...] = ("Hours", "Credit for", "Awarded by", "Approved by", "Statement")
    cells: list[Fill] = [credit, awarder, approver, statement]
    if not statements:
        heads, cells = heads[:-1], cells[:-1]
    return _table(setting, kind, heads, cells, edges, figures)


def page_two_table(setting: Setting, kind: TableType, edges: tuple[float, float], figures: Any  # noqa: ANN401  # a table of a TOML file
) -> Table:  # fmt: skip
    """Measure the second page's table, which holds the statements."""

    def credit(line: CreditLine) -> list[tuple[Style, str, str]]:
        return [
            (kind.bold, line.profession or line.label, "credit for"),
            (kind.cell, line.jurisdiction, "credit for"),
            (kind.soft, category_split(line), "categories"),
        ]

    def awarder(line: CreditLine) -> list[tuple[Style, str, str]]:
        number = kind.bold if line.number else kind.soft
        return [
            (kind.cell, line.awarded_by, "awarded by"),
            (number, approval_number(line), "approval number"),
        ]

    def statement(line: CreditLine) -> list[tuple[Style, str, str]]:
        return [(kind.statement, line.statement, "statement")]

    heads = ("Hours", "Credit for", "Awarded by, number", "Statement")
    return _table(setting, kind, heads, [credit, awarder, statement], edges, figures)


def _table(
    setting: Setting,
    kind: TableType,
    heads: tuple[str, ...],
    cells: Sequence[Fill],
    edges: tuple[float, float],
    figures: Any,  # noqa: ANN401  # a table of a TOML file
) -> Table:
    left, right = edges
    measure = right - left - sum(kind.columns)
    lines = setting.certificate.credit_lines
    rows = [_row(setting, line, kind, cells, measure) for line in lines]
    return Table(setting, kind, heads, tuple(rows), left, right, figures)
