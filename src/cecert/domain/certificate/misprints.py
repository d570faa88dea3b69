"""Proofreading: what stands on a drawn certificate, compared with its record before it is sealed.

A seal says that the page is the provider's word. So whatever drew it, the words on it
are held against the record once more: whose it is, for what, its id, and of each credit
hours, unit and whose approval. White does not count, because texts are broken over lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import (
    UNBROKEN,
    approval_heading,
    approval_number,
    approval_words,
    category_split,
)
from cecert.domain.certificate.printed_text import Difference
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.values.text import without_white
from cecert.domain.values.wording import hours_figure

__all__ = ["CREDIT_FACTS", "SPOKEN", "STATEMENT_OF", "PrintedLine", "PrintedPage", "misprints"]

STATEMENT_OF = "statement of credit "
"""What a statement is called that stands apart from its credit, before the credit's place: 0."""

SPOKEN = "spoken "
"""What stands before what a line is, where a page tells those who listen in words of its own."""

CREDIT_FACTS = (
    "credit for", "categories", "awarded by", "approved by", "approval number", "statement",
)  # fmt: skip
"""What is said of a credit besides its hours and their unit."""

_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")
_REPLACED = re.compile(rf"[0-9A-HJKMNP-TV-Z]{{4}}(?:{UNBROKEN}[0-9A-HJKMNP-TV-Z]{{4}}){{3}}")


class PrintedLine(NamedTuple):
    """A line of text on a page, or a stretch of one.

    Attributes:
        what: `recipient name`, `course title` and `id` say whose page it is and for what;
            `hours` begins a credit, whose `unit` and further facts (`CREDIT_FACTS`) follow.
            Others may stand between and are not compared.
        text: Its words in logical order, NFC.
    """

    what: str
    text: str


PrintedPage = Sequence[PrintedLine]
"""The lines of a page in reading order."""


def misprints(pages: Sequence[PrintedPage], certificate: Certificate) -> tuple[Difference, ...]:
    """Return the facts of *certificate* that its *pages* do not say, or say otherwise.

    The first page says all of them. A further page names the same recipient, course and
    id, and lists the same credits or none.
    """
    return tuple(_misprints(pages, certificate))


def _misprints(pages: Sequence[PrintedPage], certificate: Certificate) -> Iterator[Difference]:
    texts = [_texts(page) for page in pages] or [{}]
    whole = {"recipient name": certificate.recipient.name, "course title": certificate.course.title}
    for fact, certified in whole.items():
        wanted = _letters(certified)
        for page in texts:
            printed = "".join(page.get(fact, ()))
            spoken = page.get(SPOKEN + fact, [certified])
            for each in (printed, *spoken):
                if _letters(each) != wanted:
                    yield Difference(fact, certified, each.strip() or "nothing")
    number = certificate.id.text
    for page in texts:
        numbers = _ID.findall(" ".join(page.get("id", ())))
        if set(numbers) != {number}:
            yield Difference("id", number, ", ".join(numbers) or "nothing")
    shared = tuple([_shared(page) for page in pages])
    replaced = {each.text for each in (certificate.supersedes,) if each is not None}
    own = [text for page in texts for said in page.values() for text in said]
    named = _named(shared) | _replaced_in(own)
    if named != replaced:
        told = (", ".join(sorted(each)) or "nothing" for each in (replaced, named))
        yield Difference("replaces", *told)
    # Where nobody has approved anything there is no table, and hours stand alone.
    heading = approval_heading(certificate.credit_lines) if certificate.claims_approval else ""
    left_out = () if certificate.names_awarders else ("awarded by",)
    yield from _credit_misprints(shared, certificate.credit_lines, heading, left_out)


def _shared(page: PrintedPage) -> tuple[PrintedLine, ...]:
    """Return what a page says besides whose it is: most certificates of a course say as much."""
    return tuple([line for line in page if line[0] not in _WHOSE])


@lru_cache(maxsize=64)
def _named(shared: Sequence[PrintedPage]) -> frozenset[str]:
    return _replaced_in([line.text for page in shared for line in page])


def _replaced_in(texts: Sequence[str]) -> frozenset[str]:
    """Return the ids of certificates that *texts* say are replaced."""
    found = _REPLACED.findall(" ".join(texts))
    return frozenset([each.replace(UNBROKEN, "-") for each in found])


_WHOSE = frozenset(
    {"recipient name", "course title", "id", f"{SPOKEN}recipient name", f"{SPOKEN}course title"}
)


def _texts(page: PrintedPage) -> dict[str, list[str]]:
    """Return what a page says of whose it is and for what."""
    found: dict[str, list[str]] = {}
    for what, text in page:
        if what in _WHOSE:
            found.setdefault(what, []).append(text)
    return found


_Row = dict[str, list[str]]
"""What a page says about one credit, by fact."""


_OF_CREDIT = frozenset({"unit", *CREDIT_FACTS})


def _rows(page: PrintedPage) -> list[_Row]:
    rows: list[_Row] = []
    for what, text in page:
        if what == "hours":
            rows.append({what: [text]})
        elif rows and what in _OF_CREDIT:
            rows[-1].setdefault(what, []).append(text)
    # Those that stand apart may stand before their credits, too.
    for what, text in page:
        place = what.removeprefix(STATEMENT_OF)
        if place != what and int(place) < len(rows):
            rows[int(place)].setdefault("statement", []).append(text)
    return rows


@lru_cache(maxsize=64)  # pages of a course are alike in this
def _credit_misprints(
    pages: Sequence[PrintedPage],
    lines: Sequence[CreditLine],
    heading: str,
    left_out: Collection[str],
) -> Sequence[Difference]:
    """Return what is said of credits otherwise than it is certified.

    Args:
        pages: What each says.
        lines: The credits.
        heading: Of the column that says whose approval each is; "" without a table.
        left_out: Facts that no line need have.
    """
    return tuple(_of_credits([_rows(page) for page in pages] or [[]], lines, heading, left_out))


def _of_credits(
    tables: Sequence[Sequence[_Row]],
    lines: Sequence[CreditLine],
    heading: str,
    left_out: Collection[str],
) -> Iterator[Difference]:
    tables = [rows for number, rows in enumerate(tables) if rows or not number]
    for rows in tables:
        if len(rows) != len(lines):
            yield Difference("credits", f"{len(lines)} lines", f"{len(rows)} lines")
            return
    for line, *rows in zip(lines, *tables, strict=True):
        for fact, certified in (_facts(line, heading) if heading else _bare_facts(line)).items():
            if fact in left_out and not any(fact in row for row in rows):
                continue
            short = line.unit_short if fact == "unit" else ""
            for printed in _told(rows, fact):
                if _listed(printed) not in {_listed(certified), _listed(short or certified)}:
                    told = printed.strip() or "nothing"
                    yield Difference(f"{fact} of {line.credential}", certified, told)


def _told(rows: Sequence[_Row], fact: str) -> list[str]:
    """Return what each page says of a fact; what one of them says, another may leave out."""
    told = ["".join(row[fact]) for row in rows if fact in row]
    return told or [""]


@lru_cache(maxsize=256)  # all certificates of a course have the same lines
def _bare_facts(line: CreditLine) -> Mapping[str, str]:
    return {"hours": hours_figure(line.hours), "unit": line.unit}


@lru_cache(maxsize=256)
def _facts(line: CreditLine, heading: str) -> Mapping[str, str]:
    texts = (
        f"{line.profession or line.label} {line.jurisdiction}",
        category_split(line),
        line.awarded_by,
        approval_words(line, heading),
        approval_number(line),
        line.statement,
    )
    return {**_bare_facts(line), **dict(zip(CREDIT_FACTS, texts, strict=True))}


@lru_cache(maxsize=4096)
def _listed(text: str) -> str:
    """Return *text* without white and commas: facts that share a line are parted by them."""
    return _letters(text).replace(",", "")


# Certificates of a course have most of their texts in common.
_letters = lru_cache(maxsize=4096)(without_white)
