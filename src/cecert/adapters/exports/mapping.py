"""Mapping files: which column is which field, for any table a platform or person made.

    kind = "attendance"            # or "registrations", "evaluation", "list"
    [columns]                      # field = "header as it stands in the file"
    name = "Teilnehmer"
    join = "Kommt"
    leave = "Geht"

For an evaluation it also says which questions are required, and whose columns hold the
address, the attestation and the score; the platform's own columns stay known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cecert.adapters.exports.format import Headers, Job, SurveyMapping, headers_of
from cecert.adapters.exports.formats.survey import Survey, questions_of, read_responses
from cecert.adapters.tables.cells import email_of, name_of
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, normalised
from cecert.domain.evidence.export import (
    AttendanceFile,
    EvaluationFile,
    MappedFile,
    MappedRow,
    RegistrantRow,
    RegistrationFile,
    ReportedConnection,
    RowKind,
)
from cecert.errors import ConfigurationError, Fault

__all__ = [
    "FIELDS",
    "ColumnMapping",
    "best_hits",
    "find_mapped",
    "mapping_of",
    "missing_columns",
    "nearest_known",
    "read_mapped",
]


FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "attendance": (
        ("name", "join"),
        ("leave", "email", "id", "role", "waiting", "licenses", "session"),
    ),
    "registrations": (
        ("name", "email"),
        ("participant_id", "credentials", "licenses", "fee_paid", "role"),
    ),
    "evaluation": ((), ("email", "name", "submitted", "finished", "score", "attestation")),
    "list": ((), ()),
}
"""Fields a mapping of each kind must and may have; a `list` has any."""

_KEYS = ("kind", "columns", "required", "out_of")
_SURVEY_FIELDS = {"submitted": "ended", "finished": "finished"}
"""Fields of an evaluation that stand for columns of a platform's own."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a mapping file says of a table.

    Attributes:
        kind: What the table is.
        columns: Headers by field.
        required: Headers of questions that must be answered.
        out_of: The highest score, 0 where the file writes it.
        values: What cells mean, by field and normalised cell.
    """

    kind: str
    columns: Mapping[str, Headers] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    out_of: int = 0
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def format(self) -> str:
        """What `inspect` calls a table read through it."""
        return f"mapped_{self.kind}"

    @property
    def wishes(self) -> SurveyMapping:
        """What it says about a survey whose platform is known."""
        asked = {
            name: header for name, header in self.columns.items() if name not in _SURVEY_FIELDS
        }
        return SurveyMapping(asked, self.required, self.out_of, values=self.values)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that a file must have to be read through it."""
        mapped = (each for headers in self.columns.values() for each in headers_of(headers))
        return (*mapped, *self.required)

    def meant(self, name: str, cell: str) -> str:
        """Return what a cell of a field means: what the mapping says of it, else itself."""
        return self.values.get(name, {}).get(normalised(cell), cell)


def mapping_of(path: Path, document: Mapping[str, Any]) -> ColumnMapping:
    """Return the mapping that a file's *document* is.

    Raises:
        ConfigurationError: If anything in it cannot be used; every fault is listed.
    """
    if faults := tuple(_faults(path.name, document)):
        raise ConfigurationError(f"{path} cannot be used", faults)
    return ColumnMapping(
        document["kind"],
        document.get("columns", {}),
        tuple(document.get("required", ())),
        document.get("out_of", 0),
    )


def _faults(name: str, document: Mapping[str, Any]) -> Iterator[Fault]:
    for key in document:
        if key not in _KEYS:
            yield Fault(f"{name}: {key}", "", "is not known", nearest_known(key, _KEYS))
    kind = document.get("kind", "")
    if not isinstance(kind, str) or kind not in FIELDS:
        yield Fault(f"{name}: kind", str(kind), f"is none of {', '.join(FIELDS)}")
        return
    columns = document.get("columns", {})
    if not isinstance(columns, dict) or not _are_texts(columns.values()):
        yield Fault(f"{name}: columns", "", "is no table of headers by field")
        return
    yield from _field_faults(name, kind, columns)
    required = document.get("required", [])
    if not isinstance(required, list) or not _are_texts(required):
        yield Fault(f"{name}: required", "", "is no list of headers")
    out_of = document.get("out_of", 0)
    if isinstance(out_of, bool) or not isinstance(out_of, int) or out_of < 0:
        yield Fault(f"{name}: out_of", str(out_of), "is no highest score")


def _field_faults(name: str, kind: str, columns: Mapping[str, str]) -> Iterator[Fault]:
    needed, optional = FIELDS[kind]
    for each in needed:
        if each not in columns:
            yield Fault(f"{name}: columns.{each}", "", f"is missing: {kind} need it")
    for each in columns:
        if kind != "list" and each not in (*needed, *optional):
            known = (*needed, *optional)
            yield Fault(f"{name}: columns.{each}", "", "is not known", nearest_known(each, known))


def _are_texts(values: Any) -> bool:  # noqa: ANN401 - whatever TOML has there
    return all(isinstance(each, str) and each.strip() for each in values)


def nearest_known(word: str, known: tuple[str, ...]) -> str:
    """Return what to write for a word that is not known: the one most like it, else all."""
    found = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {found[0]}?" if found else f"known are {', '.join(known)}"


def find_mapped(mapping: ColumnMapping, grid: Grid) -> Columns | None:
    """Return the header that has all mapped columns, None where no row has."""
    asked = {normalised(each) for each in mapping.headers}
    for row in grid.head:
        names = [normalised(each) for each in row.cells]
        if asked <= set(names) and names:
            return _columns(mapping, row, names)
    return None


def _columns(mapping: ColumnMapping, row: Row, names: list[str]) -> Columns:
    found = {
        field: [_places(names, header) for header in headers_of(headers)]
        for field, headers in mapping.columns.items()
    }
    twice = {
        field: tuple(place for held in each for place in held)
        for field, each in found.items()
        if any(len(held) > 1 for held in each)
    }
    several = {
        field: tuple(held[0] for held in each) for field, each in found.items() if len(each) > 1
    }
    first = {field: each[0][0] for field, each in found.items()}
    return Columns(row, first, doubles=twice, together=several)


def _places(names: list[str], header: str) -> tuple[int, ...]:
    wanted = normalised(header)
    return tuple(place for place, name in enumerate(names) if name == wanted)


def missing_columns(mapping: ColumnMapping, grid: Grid, name: str) -> ConfigurationError:
    """Return the error that names the mapped columns the file has not.

    Args:
        mapping: Which column is which.
        grid: The table.
        name: The file's, for messages.
    """
    rows = [row for row in grid.head if not row.is_blank]
    asked = mapping.headers
    header = max(rows, key=lambda row: _hits(row, asked), default=Row(1, ()))
    names = {normalised(each): each.strip() for each in header.cells if each.strip()}
    faults = []
    for each in asked:
        if normalised(each) not in names:
            near = get_close_matches(normalised(each), names, n=1, cutoff=0.6)
            remedy = f"is it {names[near[0]]!r}?" if near else f"it has {', '.join(names.values())}"
            faults.append(Fault(f"{name}: line {header.line}", each, "is no column here", remedy))
    return ConfigurationError(f"the mapping does not fit {name}", tuple(faults))


def best_hits(mapping: ColumnMapping, grid: Grid) -> tuple[int, int]:
    """Return how many mapped columns the best row of a grid has, and how wide it is."""
    asked = mapping.headers
    return max((_hits(row, asked) for row in grid.head), default=(0, 0))


def _hits(row: Row, asked: Sequence[str]) -> tuple[int, int]:
    names = {normalised(each) for each in row.cells}
    return sum(normalised(each) in names for each in asked), len(row.cells)


def read_mapped(
    mapping: ColumnMapping, job: Job, columns: Columns
) -> AttendanceFile | RegistrationFile | EvaluationFile | MappedFile:
    """Read a table through its mapping.

    Args:
        mapping: What the table is, and its columns.
        job: The reading of the file.
        columns: Where the mapped columns stand.
    """
    if mapping.kind == "attendance":
        rows = job.rows_below(columns.header)
        connections = tuple(_connection(mapping, job, columns, row) for row in rows)
        return AttendanceFile(job.facts_with(columns), connections)
    if mapping.kind == "registrations":
        return RegistrationFile(job.facts_with(columns), tuple(_registrants(job, columns)))
    if mapping.kind == "evaluation":
        return _evaluation(mapping, job, columns)
    listed = tuple(
        MappedRow({name: columns.cell(row, name) for name in columns.places}, row.line)
        for row in job.rows_below(columns.header)
    )
    return MappedFile(job.facts_with(columns), listed)


def _connection(mapping: ColumnMapping, job: Job, columns: Columns, row: Row) -> ReportedConnection:
    def cell(name: str) -> str:
        return mapping.meant(name, columns.cell(row, name))

    emails = [each for it in columns.parts(row, "email") if (each := email_of(it))]
    join, leave = job.stamps.ends(cell("join"), cell("leave"), row.line)
    return ReportedConnection(
        name=name_of(" ".join(columns.parts(row, "name"))),
        email=next(iter(emails), ""),
        platform_id=cell("id"),
        join=join,
        leave=leave,
        line=row.line,
        kind=RowKind.WAITING_ROOM if job.waited(cell("waiting"), row.line) else RowKind.PRESENCE,
        dated=job.stamps.dated(cell("join")),
        resolution=job.stamps.resolution_of(cell("join")),
        role=cell("role"),
        licenses=(cell("licenses"),) if cell("licenses") else (),
        session=cell("session"),
        further_emails=tuple(dict.fromkeys(emails[1:])),
    )


def _registrants(job: Job, columns: Columns) -> Iterator[RegistrantRow]:
    for row in job.rows_below(columns.header):
        fields = {name: " ".join(filter(None, columns.parts(row, name))) for name in columns.places}
        yield RegistrantRow(
            name=name_of(fields.get("name", "")),
            email=next(filter(None, map(email_of, columns.parts(row, "email"))), ""),
            fields=fields,
            line=row.line,
        )


def _evaluation(mapping: ColumnMapping, job: Job, columns: Columns) -> EvaluationFile:
    places = {
        _SURVEY_FIELDS[name]: place
        for name, place in columns.places.items()
        if name in _SURVEY_FIELDS
    }
    own = Columns(columns.header, places)
    asked = {
        place
        for name in mapping.columns
        if name not in _SURVEY_FIELDS
        for place in columns.together.get(name, (columns.places[name],))
    }
    questions = tuple(each for each in questions_of(own) if not asked & set(each.places))
    survey = Survey(own, questions)
    return read_responses(job, survey, job.rows_below(columns.header))
