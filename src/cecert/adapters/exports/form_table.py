"""A table read through a form: one column a field, as an office's own list has it.

Names of two columns are joined, a licence of three is put together, and what the form
says becomes what cecert means; a row keeps its number, and a bad cell its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cecert.adapters.exports.form import LICENSE_PARTS, Form
from cecert.adapters.exports.format import headers_of
from cecert.adapters.exports.mapping import find_mapped, missing_columns
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.cells import email_of, name_of
from cecert.adapters.tables.grids import CellProblem, Row
from cecert.adapters.tables.headers import Columns, normalised, refuse_doubles
from cecert.adapters.tables.lists import ListTable, table_below
from cecert.adapters.tables.openings import openings
from cecert.domain.course.credential_choices import parts_of
from cecert.domain.values.states import state_code

__all__ = ["form_table"]

FURTHER_EMAILS = "further_emails"
"""The column of what else in a row is an address; every one counts if it is a registrant's."""

_NO_LICENSE = frozenset({"", "n/a", "na", "none", "-", "--", "not applicable"})


def form_table(form: Form, source: Source, kind: str) -> ListTable:
    """Return a file as a table of fields.

    Args:
        form: What its columns are.
        source: The file.
        kind: As what it is read, of the form's kinds.

    Raises:
        ConfigurationError: If the file lacks a mapped column.
        InputError: If it cannot be used, or a mapped column stands there twice.
    """
    mapping = form.mapping(kind)
    ways = tuple(openings(source))
    for opened in ways:
        if (columns := find_mapped(mapping, opened.grid)) is not None:
            refuse_doubles(source.name, columns)
            table = table_below(columns.header, opened)
            notes = (*table.notes, *_unused_note(source.name, form, columns))
            if kind == "registration" and "credentials" not in columns:
                return _asking_nothing(source.name, _through(table, form, columns), notes)
            return replace(_through(table, form, columns), notes=notes)
    raise missing_columns(mapping, ways[0].grid, source.name)


def _unused_note(file: str, form: Form, columns: Columns) -> Iterator[str]:
    if columns.unused:
        yield f"{file}: columns not used, as {form.place} tells: {', '.join(columns.unused)}"


def _asking_nothing(file: str, table: ListTable, notes: Sequence[str]) -> ListTable:
    """Return registrations in which nobody asks for a credential type, with a note of it."""
    told = (
        f"{file}: no column says which credit people ask for: everybody is taken to ask for "
        "attendance alone; name the column in forms.toml (credentials = ...)"
    )
    rows = tuple(replace(each, cells=(*each.cells, "")) for each in table.rows)
    return ListTable((*table.headers, "credentials"), rows, (*notes, told), table.row_word)


def _through(table: ListTable, form: Form, columns: Columns) -> ListTable:
    """Return a table of the fields that a form finds in *columns* of a table."""
    fields = tuple(_fields(form, columns))
    return ListTable(
        tuple(each.name for each in fields),
        tuple(_row(row, fields) for row in table.rows if not _is_nobodys(row)),
        table.notes,
        table.row_word,
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """A field: the columns it is made of, and how."""

    name: str
    places: tuple[int, ...]
    made: Callable[[Sequence[str]], str]


def _fields(form: Form, columns: Columns) -> Iterator[_Field]:
    for name, headers in form.columns.items():
        if name not in columns or name in LICENSE_PARTS:
            continue
        places = columns.together.get(name, (columns.places[name],))
        if name == "sortable_name":
            yield _Field("name", places, _turned)
        elif name == "status":
            yield _Field("registration_status", places, _meant(form, name))
        elif name == "email":
            yield _Field(name, places, _address)
            if len(places) > 1:
                yield _Field(FURTHER_EMAILS, places, _further)
        elif name == "credentials":
            yield _Field(name, places, _chosen(form))
        elif len(headers_of(headers)) > 1:
            yield _Field(name, places, lambda cells: name_of(" ".join(cells)))
        else:
            yield _Field(name, places, _meant(form, name))
    if all(each in columns for each in LICENSE_PARTS):
        yield _Field("licenses", tuple(columns.places[it] for it in LICENSE_PARTS), _license(form))


_NOBODYS = frozenset({"points possible", "overall average", "student, test", "test student"})
"""What stands in a learning system's list of people, and is none."""


def _is_nobodys(row: Row) -> bool:
    return any(normalised(each) in _NOBODYS for each in row.cells[:2])


def _row(row: Row, fields: Sequence[_Field]) -> Row:
    cells = tuple(each.made([row.cell(place) for place in each.places]) for each in fields)
    return Row(row.line, cells, row.number, tuple(_problems(row, fields)))


def _problems(row: Row, fields: Sequence[_Field]) -> Iterator[CellProblem]:
    for problem in row.problems:
        if problem.place is None:
            yield problem
        for place, each in enumerate(fields):
            if problem.place in each.places:
                yield replace(problem, place=place)


def _meant(form: Form, name: str) -> Callable[[Sequence[str]], str]:
    return lambda cells: form.meant(name, cells[0])


def _address(cells: Sequence[str]) -> str:
    found = next((each for each in cells if email_of(each)), "")
    return email_of(found) or next(filter(None, cells), "")


def _further(cells: Sequence[str]) -> str:
    """Return the addresses of a row but the first."""
    return ";".join(dict.fromkeys(filter(None, map(email_of, cells)))).partition(";")[2]


def _turned(cells: Sequence[str]) -> str:
    """Return `Okafor, Maren` as it is printed; more than one comma is left for a person."""
    last, comma, first = cells[0].partition(",")
    if not comma or "," in first:
        return cells[0]
    return name_of(f"{first} {last}")


def _chosen(form: Form) -> Callable[[Sequence[str]], str]:
    listed = form.values.get("credentials", {})

    def made(cells: Sequence[str]) -> str:
        parts = parts_of(cells[0], lambda choice: choice if normalised(choice) in listed else "")
        types = (each for part in parts for each in form.meant("credentials", part).split(";"))
        return ";".join(dict.fromkeys(filter(None, types)))

    return made


def _license(form: Form) -> Callable[[Sequence[str]], str]:
    def made(cells: Sequence[str]) -> str:
        state, title, number = (
            form.meant(name, cell) for name, cell in zip(LICENSE_PARTS, cells, strict=True)
        )
        if number.casefold() in _NO_LICENSE and title.casefold() in _NO_LICENSE:
            return ""
        return " ".join(filter(None, (state_code(state) or state, title, number)))

    return made
