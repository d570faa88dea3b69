"""A form: one entry of `forms.toml`, which knows a kind of export and says what it means.

It is known by headers that must all be there, and serves one or more kinds: a form that
is evaluation and attestation at once is one entry. What columns and values mean is said
once, and remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from cecert.adapters.exports.format import Headers, headers_of
from cecert.adapters.exports.mapping import ColumnMapping
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.headers import normalised
from cecert.adapters.tables.openings import Opened, openings

__all__ = ["LICENSE_PARTS", "Form"]

LICENSE_PARTS = ("state", "title", "number")
"""The fields that make up a licence where it stands in three columns."""


@dataclass(frozen=True, slots=True)
class Form:
    """An entry of `forms.toml`.

    Attributes:
        place: Where it stands: `forms.toml: form 2`.
        kinds: What a file of it is, of `Form.FIELDS`.
        recognise: Headers that must all be there; () for one that is named by hand.
        columns: A header, or several, by field; `state`, `title` and `number` make a licence.
        required: Headers of questions that must be answered.
        out_of: The highest score, 0 where the file writes it.
        values: What cells mean, by field and normalised cell; several types with `;`.
        name: What `inspect` and the evidence call it.
    """

    place: str
    kinds: tuple[str, ...]
    recognise: tuple[str, ...] = ()
    columns: Mapping[str, Headers] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    out_of: int = 0
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = ""

    FIELDS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "registration": (
            "name", "sortable_name", "email", "participant_id", "credentials", "licenses",
            *LICENSE_PARTS, "fee_paid", "role", "status", "further_ids",
        ),
        "attendance": (
            "name", "join", "leave", "email", "id", "role", "waiting", "licenses", "session",
        ),
        "evaluation": ("email", "name", "submitted", "finished", "score", "attestation"),
        "attestation": ("email", "name", "submitted", "finished", "score", "attestation"),
        "post-test": ("email", "name", "submitted", "finished", "score", "attestation"),
        "completion": ("email", "name", "submitted", "finished"),
        "visibility": ("email", "participant_id", "name", "licenses", "visible"),
        "payment": ("email", "participant_id", "name", "licenses", "fee_paid"),
        "list": (
            "email", "participant_id", "name", "licenses", "evaluation", "attestation",
            "post_test", "visible", "fee_paid", "completed_on",
        ),
    }  # fmt: skip
    """Fields that each kind may have."""

    NEEDED: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = {
        "registration": (("name", "sortable_name"), ("email",)),
        "attendance": (("name",), ("join",)),
        "visibility": (("email", "participant_id"), ("visible",)),
        "payment": (("email", "participant_id"), ("fee_paid",)),
        "list": (("email", "participant_id"),),
    }
    """Fields that each kind must have, each with what may stand in its place."""

    SURVEYS: ClassVar = frozenset({"evaluation", "attestation", "post-test", "completion"})
    """Kinds that are read as responses; the others but attendance are tables."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that a file of it has."""
        mapped = (each for headers in self.columns.values() for each in headers_of(headers))
        return tuple(dict.fromkeys((*self.recognise, *mapped, *self.required)))

    def knows(self, source: Source) -> bool:
        """Say whether a file is of this form: its headers stand in one of its first rows.

        Raises:
            InputError: If it is no text and no workbook.
        """
        return any(self.header(each) is not None for each in openings(source))

    def header(self, opened: Opened) -> Row | None:
        """Return the row in which the form is recognised, None where none is."""
        wanted = _folded(self.recognise or self.headers)
        return next((each for each in opened.grid.head if wanted <= _folded(each.cells)), None)

    def serves(self, kinds: Iterable[str]) -> bool:
        """Say whether a file of it is one of *kinds*."""
        return bool(set(kinds) & set(self.kinds))

    def mapping(self, kind: str) -> ColumnMapping:
        """Return it as a mapping of columns, for what is read as a report or as responses."""
        known = self.FIELDS[kind]
        read_as = _READ_AS.get(kind, "list")
        columns = {each: held for each, held in self.columns.items() if each in known}
        return ColumnMapping(read_as, columns, self.required, self.out_of, self.values)

    def meant(self, name: str, cell: str) -> str:
        """Return what a cell of a field means: what the entry says of it, else itself."""
        return self.values.get(name, {}).get(normalised(cell), cell)


_READ_AS = {
    "attendance": "attendance",
    "registration": "registrations",
    "evaluation": "evaluation",
    "attestation": "evaluation",
    "post-test": "evaluation",
    "completion": "evaluation",
}


def _folded(headers: Iterable[str]) -> frozenset[str]:
    return frozenset(map(normalised, headers)) - {""}
