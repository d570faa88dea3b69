"""The credits of a letterhead: each with its hours alone on a line, and its facts beside them.

Whoever compares a page with its code looks for the figure of hours on a line of its own
(`printed_text`), and what was drawn is held against the record fact by fact (`misprints`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from cecert.adapters.render.layout.page import Box, Element, Ink
from cecert.adapters.render.layout.setting import LayoutContext, paragraph
from cecert.adapters.render.text.breaking import DoesNotFitError, broken
from cecert.adapters.render.text.shaping import Style
from cecert.domain.certificate.phrases import (
    approval_heading,
    approval_number,
    approval_words,
    category_split,
)
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.values.wording import hours_figure

__all__ = ["credit_elements"]

LEAST_SIZE = 7.5
LEADING = 1.2
GAP = 10
"""Points between the hours and the facts beside them."""

FIGURE = 1.3
"""Size of the figure of hours, by that of the facts."""

BETWEEN = 0.3
"""White between two credits, in lines."""

_Part = tuple[str, str]
"""What a stretch of text says, "" for what only joins, and its words."""


class _Row(NamedTuple):
    figure: str
    unit: tuple[str, ...]
    facts: list[list[tuple[str, str]]]


def credit_elements(
    setting: LayoutContext, box: Box, style: Style, left_out: Collection[str]
) -> list[Element]:
    """Set the credits in the largest type that their place holds.

    Args:
        setting: The certificate and its layout.
        box: The place.
        style: Of the facts.
        left_out: Facts that stand elsewhere: `statement`, or `awarded by` where nobody but the
            provider awards anything.

    Raises:
        DoesNotFitError: If the place is too low for the least type; its figures are heights.
    """
    width, height = box.right - box.left, box.top - box.bottom
    size, needed = style.size, height
    while size >= LEAST_SIZE:
        smaller = style.at(size, size * LEADING)
        try:
            rows, hours = _rows(setting, smaller, width, left_out)
        except DoesNotFitError:
            rows, hours = [], 0.0
        lines = sum(map(_lines_of, rows)) + BETWEEN * (len(rows) - 1)
        needed = lines * smaller.leading
        if rows and needed <= height + 0.01:
            return list(_placed(setting, smaller, rows, box, hours))
        size -= 0.25
    raise DoesNotFitError(max(needed, height), height)


def _lines_of(row: _Row) -> int:
    return max(1 + len(row.unit), len(row.facts))


def _rows(
    setting: LayoutContext, style: Style, width: float, left_out: Collection[str]
) -> tuple[list[_Row], float]:
    """Break the credits into lines, and return them with the width of the hours' column."""
    lines = setting.certificate.credit_lines
    figure = style.at(style.size * FIGURE)
    hours = max(
        max(style.width(line.unit), figure.width(hours_figure(line.hours))) for line in lines
    )
    hours = min(hours, width / 4)
    rows = []
    for line in lines:
        facts = [
            each
            for parts in _facts(setting, line, left_out)
            for each in _broken(parts, style, width - hours - GAP)
        ]
        rows.append(_Row(hours_figure(line.hours), broken(line.unit, style, hours), facts))
    return rows, hours


def _facts(
    setting: LayoutContext, line: CreditLine, left_out: Collection[str]
) -> Iterator[list[_Part]]:
    """Return the paragraphs of a credit, part by part."""
    credit = line.profession or line.label
    what = [("credit for", credit)]
    if line.jurisdiction:
        what += [("", ", "), ("credit for", line.jurisdiction)]
    if split := category_split(line):
        what += [("", "; "), ("categories", split)]
    yield what
    if not setting.certificate.claims_approval:
        return
    by: list[_Part] = []
    words = setting.layout.words
    heading = approval_heading(setting.certificate.credit_lines)
    # What stands over a table's column opens the words here; where lines differ, each has its own.
    approval = approval_words(line, heading)
    label = approval_heading([line]) if approval == (line.basis or line.approver) else ""
    for opening, fact, text in (
        (words["awarded_by"], "awarded by", line.awarded_by),
        (label, "approved by", approval),
        ("", "approval number", approval_number(line)),
    ):
        if text and fact not in left_out:
            before = f"{opening} " if opening else ""
            if by:
                by.append(("", f"; {before[:1].lower()}{before[1:]}"))
            elif before:
                by.append(("", before))
            by.append((fact, text))
    if by:
        yield by
    if line.statement and "statement" not in left_out:
        yield [("statement", line.statement)]


def _broken(parts: Sequence[_Part], style: Style, width: float) -> list[list[_Part]]:
    """Break a paragraph, and cut each line where another fact begins."""
    text = "".join(words for _, words in parts)
    facts = [fact for fact, words in parts for _ in words]
    found, at = [], 0
    for line in broken(text, style, width):
        at = text.index(line, at)
        marked = zip(facts[at : at + len(line)], line, strict=True)
        groups = groupby(marked, key=lambda each: each[0])
        found.append([(fact, "".join(each for _, each in group)) for fact, group in groups])
        at += len(line)
    return found


def _placed(
    setting: LayoutContext, style: Style, rows: Sequence[_Row], box: Box, hours: float
) -> Iterator[Element]:
    figure = style.at(style.size * FIGURE)
    y, x = box.top - 0.92 * style.size, box.left + hours + GAP
    for row in rows:
        inks = [setting.left(figure, row.figure, box.left, y, "hours")]
        for index, text in enumerate(row.unit, 1):
            inks.append(setting.left(style, text, box.left, y - index * style.leading, "unit"))
        yield paragraph("P", inks, own=True)
        for index, spans in enumerate(row.facts):
            line = _spans(setting, style, spans, x, y - index * style.leading)
            yield paragraph("P", line, own=True)
        y -= (_lines_of(row) + BETWEEN) * style.leading


def _spans(
    setting: LayoutContext, style: Style, spans: Sequence[_Part], x: float, y: float
) -> list[Ink]:
    inks = []
    for fact, text in spans:
        inks.append(setting.left(style, text, x, y, fact or "credits"))
        x += style.width(text)
    return inks
