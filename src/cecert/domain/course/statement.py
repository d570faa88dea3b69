"""Approval statements: the words a board expects, filled in and compared with the facts.

Statements that people type by hand drift: hours of an earlier course, a number of
another office, an organisation that was never approved. So the words are templates
with few fields, and what a template or a text says in digits must be what the
approval and the credit line say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from cecert.domain.course.approval import Approval
from cecert.domain.values.wording import hours_figure

__all__ = [
    "STATEMENT_FIELDS",
    "WriteStatement",
    "contradictions",
    "missing_wording",
    "statement_fields",
    "unplaced_figures",
]

WriteStatement = Callable[[str, Mapping[str, str]], str]
"""Fills a template with fields, or raises ValueError saying what is wrong with it."""

_OF_APPROVAL = (
    "provider", "presented_by", "holder", "number", "number_plain", "hours", "valid_from",
    "valid_to", "co_sponsored",
)  # fmt: skip
STATEMENT_FIELDS = (*_OF_APPROVAL, "program", "format")
"""What a statement template may use; all are text, and what does not apply is not there."""

_NUMBER_CLAIM = re.compile(
    r"(?:\#|\bno\.|\bnumber|\bprovider)\s*(?:(?:\#:?|:)\s*)?([A-Za-z]{0,8}-?\d[\w-]*)",
    re.IGNORECASE,
)
_HOURS_CLAIM = re.compile(
    r"(?<![\w.#-])(\d+(?:\.\d+)?)\s+(?:[A-Za-z-]+\s+){0,4}?(?:hours?|credits?|CEs?|CEUs?|units?)\b"
)
_CITATION = re.compile(
    # Where a number or white space begins, so that none is read again from its middle.
    r"(?:(?<!\d)\d+\s*|(?<![\d\s])\s+|)"
    r"(?:CMR|NYCRR|CFR|CCR|TAC|U\.S\.C\.|Law|[Ss]ection|Part|\N{SECTION SIGN})"
    r"\s*(?:,\s*)?[\d.-]+"
)
_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b(?:19|20)\d\d\b")
_WORD = re.compile(  # with the figure it stands in: the number 12 is no part of 1.12
    r"(?:\d[\d.]*\.)?[\w-]+(?:\.[\d.]*\d)?"
)
_FIGURE = re.compile(r"\d[\d.]*\d|\d")


def statement_fields(
    approval: Approval,
    hours: Decimal,
    provider: str,
    presented_by: str,
    *,
    co_sponsored: bool,
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the fields of `STATEMENT_FIELDS` that one credit of one course has.

    What an approval lacks (a number, an end) is left out, so that no statement prints
    a blank in its place.

    Args:
        approval: The credit rests on it.
        hours: As declared for the credit.
        provider: The provider's name.
        presented_by: The organisation that conducts the course.
        co_sponsored: Whether the approval's holder is another organisation.
        more: `program`, what of the provider offers the course, and `format`, how it is held
            by the word of the course's file; "" for nothing.
    """
    values = (
        provider,
        presented_by,
        approval.holder,
        approval.number,
        approval.listed_number,
        hours_figure(hours),
        _numeric(approval.valid_from),
        _numeric(approval.valid_to),
        "yes" if co_sponsored else "",
    )
    fields = {**dict(zip(_OF_APPROVAL, values, strict=True)), **(more or {})}
    return {name: value for name, value in fields.items() if value}


def _numeric(day: date | None) -> str:
    return f"{day.month}/{day.day}/{day.year}" if day else ""


def contradictions(statement: str, number: str, hours: Iterable[Decimal]) -> list[str]:
    """Say which figures of *statement* are not the approval's number or the credit's hours.

    >>> contradictions("provider #0169, 6 contact hours", "0169", [Decimal(6)])
    []
    >>> contradictions("provider #0161, 5.5 contact hours", "0169", [Decimal(6)])
    ["says number 0161, the approval's is 0169", 'says 5.5 hours, the credit has 6']

    Args:
        statement: The words, filled in.
        number: The approval's number without its `#`, or "".
        hours: The credit's hours, then those of its categories.
    """
    allowed = [hours_figure(each) for each in hours]
    numbers = dict.fromkeys(_NUMBER_CLAIM.findall(statement))
    figures = dict.fromkeys(hours_figure(Decimal(each)) for each in _HOURS_CLAIM.findall(statement))
    return [
        f"says number {each}, the approval's is {number or 'none'}"
        for each in numbers
        if each.casefold() != number.casefold()
    ] + [
        f"says {each} hours, the credit has {allowed[0]}" for each in figures if each not in allowed
    ]


def unplaced_figures(statement: str, number: str) -> list[str]:
    """Return the figures of *statement* that are no number, hours, date or citation.

    They may be right, but only a person can tell. The number may have letters, and stand
    there without a word before it.

    >>> unplaced_figures("since 2015, under 8 NYCRR 74.10, provider #0169, 6 hours", "0169")
    []
    >>> unplaced_figures("Approved provider, 0161", "0169")
    ['0161']
    >>> unplaced_figures("Approved provider, SW-0169.", "SW-0169")
    []
    >>> unplaced_figures("in the terms of rule 1.12", "12")
    ['1.12']
    >>> unplaced_figures("social workers SW 0169.", "SW 0169")
    []
    """
    own = number.casefold()
    if " " in own:
        statement = statement.replace(number, " ")
    statement = _WORD.sub(lambda word: " " if word[0].casefold() == own else word[0], statement)
    for placed in (_NUMBER_CLAIM, _HOURS_CLAIM, _CITATION, _DATE):
        statement = placed.sub(" ", statement)
    return [each for each in dict.fromkeys(_FIGURE.findall(statement)) if each != number]


def missing_wording(statement: str, fixed: Iterable[str]) -> list[str]:
    """Return those of the *fixed* sentences that *statement* does not hold verbatim.

    Only the style of an apostrophe and the run of white space are let through.
    """
    words = _levelled(statement)
    return [each for each in fixed if _levelled(each) not in words]


def _levelled(text: str) -> str:
    return " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
