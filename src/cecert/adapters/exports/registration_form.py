"""Registrations of a platform, known without an entry: names, addresses, states, credits.

A platform's own columns are known by name. Which credit people ask for is a question that
every office words its own way: it is known by its header, and taken only where every answer
plainly is one credential type. What is not plain is left to an entry of `forms.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cecert.adapters.exports.form import Form
from cecert.adapters.exports.format import Headers, headers_of
from cecert.adapters.exports.formats.registration import REGISTRATION
from cecert.adapters.exports.identity_questions import identity_of
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.headers import Columns, Synonyms, folded, normalised
from cecert.adapters.tables.openings import Opened, openings
from cecert.domain.course.credential_choices import CredentialChoices, parts_of

__all__ = [
    "CREDIT_WORD",
    "Registrations",
    "asks_for_credit",
    "credit_values",
    "registrations_of",
]

CREDIT_WORD = re.compile(
    r"\b(ces?|ceus?|credits?|credentials?|continuing education|certificates?)\b", re.IGNORECASE
)
"""What a question has that asks which credit somebody wants."""

_PLATFORM = ("registered", "approval")
_OWN = frozenset(
    {"participant_id", "licenses", "fee_paid", "role", "different_from", "further_ids"}
)
"""Columns of an office's own list that mean the same wherever its header stands."""

_SAMPLE = 2_000
"""Rows whose answers are looked at."""

_UNASKED = frozenset({"", "-", "--", "n/a", "na", "none"})


@dataclass(frozen=True, slots=True)
class Registrations:
    """A registration list that was recognised.

    Attributes:
        form: What its columns are, as an entry would say it.
        questions: Headers that ask for a credit.
        unclear: Answers to them that are no credential type for sure.
        understood: Answers that were understood, each with its type, where it says it otherwise.
    """

    form: Form
    questions: tuple[str, ...]
    unclear: tuple[str, ...]
    understood: tuple[tuple[str, str], ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it can be read without an entry.

        A platform's may ask for no credit; in a list of somebody's own the column is missing.
        """
        if self.unclear or len(self.questions) > 1:
            return False
        return bool(self.form.name or self.questions)


def registrations_of(
    source: Source,
    synonyms: Synonyms,
    choices: CredentialChoices,
    shipped: Sequence[Form] = (),
) -> Registrations | None:
    """Return what a registration list says of itself, None for what is none.

    Args:
        source: The file.
        synonyms: Names of columns.
        choices: The credential types there are.
        shipped: Registration lists of which more is known than their columns' names.

    Raises:
        InputError: If it is no text and no workbook.
    """
    for opened in openings(source):
        for form in shipped:
            if (header := form.header(opened)) is not None:
                known = dict(form.columns)
                state = synonyms.columns(REGISTRATION.name, header).places.get("approval")
                if state is not None:
                    known.setdefault("status", header.cell(state))
                return _read(opened, header, known, choices, name=form.name)
        if (columns := REGISTRATION.find(opened.grid, synonyms)) is not None:
            named = dict(_columns(columns))
            if all(each in columns for each in _PLATFORM):
                return _read(opened, columns.header, named, choices, name=REGISTRATION.name)
            own = dict(_own_columns(columns.header))
            return _read(opened, columns.header, own | named, choices, name="")
    return None


def _own_columns(header: Row) -> Iterator[tuple[str, Headers]]:
    """Yield what an office's own list says in columns of their own names.

    Lines above the header, or a name in two columns, make it no less the office's: a role or a
    fee that was typed there counts.
    """
    cells = [each.strip() for each in header.cells]
    for each in cells:
        if (field := folded(each)) in _OWN and cells.count(each) == 1:
            yield field, each


def _read(
    opened: Opened,
    header: Row,
    named: Mapping[str, Headers],
    choices: CredentialChoices,
    *,
    name: str,
) -> Registrations:
    rows = _rows(opened, header)
    taken = {each for headers in named.values() for each in headers_of(headers)}
    asked = [
        place
        for place, cell in enumerate(header.cells)
        if cell.strip() not in taken and CREDIT_WORD.search(cell)
    ]
    plain = [place for place in asked if _all_plain(rows, place, choices)]
    used = plain if len(plain) == 1 else asked
    found = [each for place in used for each in credit_values(rows, place, choices)]
    columns, values = dict(named), {}
    if len(used) == 1:
        columns["credentials"] = header.cell(used[0])
        values = {"credentials": {normalised(said): meant for said, meant in found if meant}}
    unclear = tuple(said for said, meant in found if not meant)
    form = Form("its header", ("registration",), columns=columns, values=values, name=name)
    questions = tuple(header.cell(place) for place in used)
    understood = tuple(each for each in found if each[1] and not choices.plainly(each[0]))
    return Registrations(form, questions, unclear, understood)


def _rows(opened: Opened, header: Row) -> Sequence[Row]:
    rows = (row for row in opened.grid.silently() if row.line > header.line and not row.is_blank)
    return [row for row, _ in zip(rows, range(_SAMPLE), strict=False)]


def _columns(columns: Columns) -> Iterator[tuple[str, Headers]]:
    header = columns.header

    def of(field: str) -> str:
        return header.cell(columns.places[field])

    if "first_name" in columns and "last_name" in columns:
        yield "name", (of("first_name"), of("last_name"))
    elif "name" in columns:
        yield "name", of("name")
    elif "first_name" in columns:
        yield "name", of("first_name")
    for field, called in (("approval", "status"), ("id", "participant_id")):
        if field in columns:
            yield called, of(field)
    if "email" in columns:
        further = tuple(_further_emails(columns))
        yield "email", (of("email"), *further) if further else of("email")


def _further_emails(columns: Columns) -> Iterator[str]:
    """Yield the headers of other columns that ask who registers for an address."""
    cells = [each.strip() for each in columns.header.cells]
    known = set(columns.places.values())
    for place in identity_of(enumerate(cells)).emails:
        if place not in known and cells.count(cells[place]) == 1:
            yield cells[place]


def credit_values(
    rows: Sequence[Row], place: int, choices: CredentialChoices
) -> Iterator[tuple[str, str]]:
    """Yield each answer of a column once, with the type it is, "" where that is not plain.

    Args:
        rows: Below the header.
        place: The column's.
        choices: The credential types there are.
    """
    seen: set[str] = set()
    for row in rows:
        cell = row.cell(place)
        for each in parts_of(cell, choices.likely) if cell.casefold() not in _UNASKED else ():
            if each not in seen:
                seen.add(each)
                yield each, choices.likely(each)


def asks_for_credit(source: Source, choices: CredentialChoices) -> bool:
    """Say whether a table has a question for credit, each answer of which is plainly a type.

    Args:
        source: The file.
        choices: The credential types there are.

    Raises:
        InputError: If it is no text and no workbook.
    """
    return any(
        CREDIT_WORD.search(cell) and _all_plain(_rows(opened, row), place, choices)
        for opened in openings(source)
        for row in opened.grid.head[:5]
        for place, cell in enumerate(row.cells)
    )


def _all_plain(rows: Sequence[Row], place: int, choices: CredentialChoices) -> bool:
    found = [meant for _, meant in credit_values(rows, place, choices)]
    return bool(found) and all(found)
