"""An entry of `forms.toml` proposed from a file's headers and a few of its values.

A proposal is for a person to read and correct: what cannot be told is left as "", which
is refused where it is read, so that nothing is decided by having forgotten it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import tomlkit
from tomlkit.items import Table

from cecert.adapters.exports.form import LICENSE_PARTS
from cecert.adapters.exports.format import headers_of
from cecert.adapters.exports.registration_form import CREDIT_WORD, credit_values
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.cells import email_of
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.openings import Opened, openings
from cecert.domain.course.credential_choices import CredentialChoices
from cecert.domain.evidence.answers import is_statement, may_attest
from cecert.domain.people.person import parse_licenses
from cecert.domain.values.states import state_code

__all__ = ["proposed_entry"]

_FIRST_NAME = re.compile(r"\b(?:first|given)[ _]?name\b|^vorname$|^prénom$|^nombre$", re.IGNORECASE)
_LAST_NAME = re.compile(
    r"\b(?:last|family)[ _]?name\b|\bsurname\b|^nachname$|^apellidos?$", re.IGNORECASE
)
_NAME = re.compile(r"\bname\b|^student$|^participant$|^attendee$", re.IGNORECASE)
_EMAIL = re.compile(r"\be-?mail\b|^correo|^adresse e-?mail|メール", re.IGNORECASE)
_TIMESTAMP = re.compile(
    r"^timestamp$|\bsubmi(?:tted|ssion)\b|^completion time$|^completed", re.IGNORECASE
)
_JOIN = re.compile(r"\bjoin(?:ed)?\b|\bentered\b|\barriv|\bcheck(?:ed)?[- ]?in\b", re.IGNORECASE)
_LEAVE = re.compile(r"\bleft\b|\bleave\b|\bexited\b|\bcheck(?:ed)?[- ]?out\b", re.IGNORECASE)
_LICENSE = re.compile(r"\blicen[sc]|^state$", re.IGNORECASE)
_STATE = re.compile(r"\bstate\b", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:type|title|level|kind)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:number|no|num)\b|#", re.IGNORECASE)
_PAYMENT = re.compile(r"\bpaid\b|\bpayment\b", re.IGNORECASE)
_STATUS = re.compile(r"\bstatus\b", re.IGNORECASE)
_SCORE = re.compile(r"\bscore\b|\bgrade\b|\btotal points\b", re.IGNORECASE)
_CAMERA = re.compile(r"\bcamera\b|\bvisible\b", re.IGNORECASE)

_FIELDS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "first_name": (_FIRST_NAME,),
    "last_name": (_LAST_NAME,),
    "name": (_NAME,),
    "email": (_EMAIL,),
    "timestamp": (_TIMESTAMP,),
    "join": (_JOIN,),
    "leave": (_LEAVE,),
    "state": (_LICENSE, _STATE),
    "title": (_LICENSE, _TITLE),
    "number": (_LICENSE, _NUMBER),
    "fee_paid": (_PAYMENT,),
    "status": (_STATUS,),
    "score": (_SCORE,),
    "visible": (_CAMERA,),
}
"""Words of a header, all of which tell a field."""

_LONGEST = 120
"""Characters of a header that names a field; what is longer is a question of another kind."""

_MOST_VALUES = 12
"""Different answers of a column that is a choice; more are somebody's own words."""

_SAMPLE = 2_000


def proposed_entry(source: Source, choices: CredentialChoices, statement: str = "") -> str:
    """Return an entry for a file, as TOML.

    Args:
        source: The file.
        choices: The credential types there are.
        statement: What participants attest to, by which its question is known.

    Raises:
        InputError: If it is no table.
    """
    opened = max(openings(source), key=lambda each: _likeness(_header(each)))
    header = _header(opened)
    rows = [row for row in opened.grid.silently() if row.line > header.line and not row.is_blank]
    return _Proposal(header, rows[:_SAMPLE], choices, statement).text()


def _header(opened: Opened) -> Row:
    """Return the row that is the header: the one with most words of a header, then the fullest."""
    rows = [each for each in opened.grid.head if not each.is_blank]
    return max(rows, key=_likeness, default=Row(1, ()))


def _likeness(row: Row) -> tuple[int, int]:
    known = sum(any(_tells(field, cell) for field in _FIELDS) for cell in row.cells)
    return known, sum(bool(cell.strip()) for cell in row.cells)


def _tells(field: str, header: str) -> bool:
    """Say whether a header has the words of a field."""
    return len(header) <= _LONGEST and all(each.search(header) for each in _FIELDS[field])


class _Proposal:
    """What one file seems to be."""

    def __init__(
        self, header: Row, rows: Sequence[Row], choices: CredentialChoices, statement: str
    ) -> None:
        self._cells = [" ".join(each.split()) for each in header.cells]
        self._rows = rows
        self._choices = choices
        self._places = dict(self._found())
        self._credit = self._credit_place()
        self._attests = self._attestation(statement)

    def text(self) -> str:
        """Return the entry."""
        kinds, columns = self._kinds_and_columns()
        entry = tomlkit.table()
        entry.add("kinds", list(kinds))
        entry.add("recognise", self._marks(columns))
        entry.add("columns", _columns_table(columns))
        values = tomlkit.table()
        for field, table in self._values(columns):
            values.add(field, table)
        if values:
            entry.add("values", values)
        forms = tomlkit.aot()
        forms.append(entry)
        document = tomlkit.document()
        document.append("form", forms)
        return f"{_HEADING}\n{tomlkit.dumps(document)}"

    def _found(self) -> Iterator[tuple[str, int]]:
        for field in _FIELDS:
            for place, cell in enumerate(self._cells):
                # Whether somebody paid is no state of a registration.
                if _tells(field, cell) and not (field == "status" and _tells("fee_paid", cell)):
                    yield field, place
                    break

    def _credit_place(self) -> int | None:
        taken = {self._places.get(each) for each in (*LICENSE_PARTS, "name", "email")}
        asked = [
            place
            for place, cell in enumerate(self._cells)
            if place not in taken and CREDIT_WORD.search(cell) and self._is_choice(place)
        ]
        plain = [
            place
            for place in asked
            if any(meant for _, meant in credit_values(self._rows, place, self._choices))
        ]
        return next(iter((*plain, *asked)), None)

    def _attestation(self, statement: str) -> int | None:
        for place, cell in enumerate(self._cells):
            if cell and (is_statement(cell) or may_attest(cell) or cell == statement):
                return place
        return None

    def _kinds_and_columns(self) -> tuple[tuple[str, ...], dict[str, object]]:
        found = self._places
        if "join" in found and ("name" in found or "last_name" in found):
            return ("attendance",), self._named("join", "leave") | self._person()
        if self._credit is not None or "number" in found:
            return ("registration",), self._registration()
        if "visible" in found and "email" in found:
            return ("visibility",), self._named("email", "visible")
        if "timestamp" not in found and "fee_paid" in found and "email" in found:
            return ("payment",), self._named("email", "fee_paid")
        if "timestamp" in found or self._attests is not None or "score" in found:
            return self._survey()
        columns = {"name": "", "email": ""} | self._registration()
        return ("registration",), columns

    def _survey(self) -> tuple[tuple[str, ...], dict[str, object]]:
        columns = self._person()
        kinds = ["evaluation"]
        if self._attests is not None:
            kinds.append("attestation")
            columns["attestation"] = self._cells[self._attests]
        if "score" in self._places:
            kinds.append("post-test")
            columns |= self._named("score")
        if "timestamp" in self._places:
            columns["submitted"] = self._cells[self._places["timestamp"]]
        return tuple(kinds), columns

    def _registration(self) -> dict[str, object]:
        columns = self._person()
        if self._credit is not None:
            columns["credentials"] = self._cells[self._credit]
        places = {self._places[each] for each in LICENSE_PARTS if each in self._places}
        if len(places) == len(LICENSE_PARTS):
            columns["licenses"] = self._named(*LICENSE_PARTS)
        elif (whole := self._whole_licenses()) is not None:
            columns["licenses"] = self._cells[whole]
        return columns | self._named("fee_paid", "status")

    def _whole_licenses(self) -> int | None:
        """Return the column in which whole licences stand, as `NY LMSW 012345`."""
        for place, cell in enumerate(self._cells):
            answers = self._answers(place) if _LICENSE.search(cell) else ()
            if answers and all(map(_is_licenses, answers)):
                return place
        return None

    def _person(self) -> dict[str, object]:
        found = self._places
        columns: dict[str, object] = {}
        if "first_name" in found and "last_name" in found:
            columns["name"] = self._listed("first_name", "last_name")
        elif "name" in found:
            columns |= self._named("name")
        emails = self._emails()
        if emails:
            columns["email"] = emails[0] if len(emails) == 1 else emails
        return columns

    def _emails(self) -> list[str]:
        """Return the columns of addresses, by header, else by what stands in them."""
        shares = {
            place: [bool(email_of(cell)) for row in self._rows if (cell := row.cell(place))]
            for place, _ in enumerate(self._cells)
        }
        named = [each for each in shares if _tells("email", self._cells[each])]
        places = [each for each in named if any(shares[each])]
        places = places or [each for each in shares if sum(shares[each]) * 2 > len(shares[each])]
        return [self._cells[each] for each in places if self._cells[each]]

    def _listed(self, *fields: str) -> list[str]:
        return [self._cells[self._places[each]] for each in fields]

    def _named(self, *fields: str) -> dict[str, object]:
        return {each: self._cells[self._places[each]] for each in fields if each in self._places}

    def _marks(self, columns: Mapping[str, object]) -> list[str]:
        """Return the headers by which the file is known again: those that the entry uses."""
        marks = [
            header
            for headers in columns.values()
            for header in (headers.values() if isinstance(headers, dict) else _several(headers))
        ]
        named = marks if all(marks) else self._cells
        return list(dict.fromkeys(filter(None, named)))

    def _values(self, columns: Mapping[str, object]) -> Iterator[tuple[str, Table]]:
        if "credentials" in columns and self._credit is not None:
            yield "credentials", _table(credit_values(self._rows, self._credit, self._choices))
        parts = LICENSE_PARTS[:2] if isinstance(columns.get("licenses"), dict) else ()
        for field in (*parts, "fee_paid", "status"):
            place = self._places.get(field)
            if place is not None and (field in columns or field in parts):
                said = [each for each in self._answers(place) if _needs_meaning(field, each)]
                if said and len(said) <= _MOST_VALUES:
                    yield field, _table((each, _likely(field, each)) for each in said)

    def _answers(self, place: int) -> Sequence[str]:
        return list(dict.fromkeys(filter(None, (row.cell(place) for row in self._rows))))

    def _is_choice(self, place: int) -> bool:
        return 0 < len(self._answers(place)) <= _MOST_VALUES * 2


def _several(headers: object) -> Iterable[str]:
    return headers_of(headers) if isinstance(headers, str) else headers  # type: ignore[return-value] # a list of them


def _columns_table(columns: Mapping[str, object]) -> Table:
    table = tomlkit.table()
    for field, headers in columns.items():
        if isinstance(headers, dict):
            inline = tomlkit.inline_table()
            inline.update(headers)
            table.add(field, inline)
        else:
            table.add(field, headers)
    return table


def _table(pairs: Iterable[tuple[str, str]]) -> Table:
    table = tomlkit.table()
    for said, meant in pairs:
        table.add(said, meant)
    return table


_STATES = frozenset(
    {"approved", "cancelled", "canceled", "attending", "not attending", "checked in", "denied"}
)
_PAID = {
    **dict.fromkeys(("paid", "succeeded", "completed", "complete", "captured"), "yes"),
    **dict.fromkeys(("unpaid", "refunded", "failed", "cancelled", "canceled"), "no"),
}


def _is_licenses(cell: str) -> bool:
    try:
        return bool(parse_licenses(cell))
    except ValueError:
        return False


def _needs_meaning(field: str, said: str) -> bool:
    known = {"fee_paid": frozenset({"yes", "no"}), "status": _STATES}.get(field, frozenset())
    return said.casefold() not in known


def _likely(field: str, said: str) -> str:
    if field in LICENSE_PARTS:
        return state_code(said) or said
    return _PAID.get(said.casefold(), "") if field == "fee_paid" else ""


_HEADING = """\
# Read this through: each "" must be filled in, and nothing here is used before it is saved in
# forms.toml, beside cecert.toml or in the course's folder.
"""
