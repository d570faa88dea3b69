"""What a format is to this package: how it is known, and how it is read.

A new one is a module with two functions and an entry in `registry.FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cecert.adapters.tables.date_columns import Stamps
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms, refuse_doubles
from cecert.domain.evidence.answers import plain_word
from cecert.domain.evidence.export import EvidenceFile, FileFacts

__all__ = ["Format", "Headers", "Job", "SurveyMapping", "headers_of"]

Headers = str | tuple[str, ...]
"""The header of a field, or those of the columns that make it up."""


def headers_of(headers: Headers) -> tuple[str, ...]:
    """Return the headers of a field, one or several."""
    return (headers,) if isinstance(headers, str) else headers


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """What a mapping file says about an evaluation.

    Attributes:
        columns: Headers by field: `email`, `name`, `attestation`, `score`.
        required: Headers of the questions that must be answered; () for the default.
        out_of: The highest score, where the platform does not write it; 0 for unknown.
        statement: What the course's participants attest to, word for word; "" for none.
        values: What answers mean, by field and normalised answer.
    """

    columns: Mapping[str, Headers] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    out_of: int = 0
    statement: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One reading of one file.

    Attributes:
        facts: What is known of the file so far.
        grid: Its rows.
        stamps: Reads its dates.
        synonyms: Names of columns.
        wishes: What a mapping file says.
    """

    facts: FileFacts
    grid: Grid
    stamps: Stamps
    synonyms: Synonyms
    wishes: SurveyMapping = field(default_factory=SurveyMapping)

    def rows_below(self, header: Row) -> Iterator[Row]:
        """Go through the rows below a header that hold anything."""
        return (row for row in self.grid if row.line > header.line and not row.is_blank)

    def waited(self, cell: str, line: int) -> bool:
        """Say whether a cell says that somebody was in the waiting room.

        A word that is neither yes nor no is a fault: it is not known to be presence.
        """
        said = plain_word(cell)
        if said is None and cell:
            self.stamps.fault(line, "waiting room", cell, "is neither yes nor no")
        return said is True

    def refuse_doubles(self, columns: Columns) -> None:
        """Refuse a table in which a column stands twice.

        Raises:
            InputError: As `headers.refuse_doubles`.
        """
        refuse_doubles(self.facts.name, columns)

    def facts_with(
        self,
        columns: Columns | None = None,
        *,
        zone: str | None = None,
        notes: tuple[str, ...] = (),
    ) -> FileFacts:
        """Return the file's facts with what this reading found out.

        Args:
            columns: The known ones; None where the file has no table of them.
            zone: What the file says its times are local to, None where it says nothing.
            notes: What a person should see.
        """
        return replace(
            self.facts,
            zone=zone,
            columns_used=() if columns is None else columns.used,
            columns_unused=() if columns is None else columns.unused,
            notes=(*self.facts.notes, *notes),
        )


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of export: how it is known, and how it is read.

    Attributes:
        name: As `inspect` names it: `zoom_participants`.
        find: Returns the header by which a grid is of this format, None if it is not.
        read: Reads a grid of this format.
        answers: Its columns that are not known hold what people typed freely; nobody takes
            those apart, and no error shows them.
    """

    name: str
    find: Callable[[Grid, Synonyms], Columns | None]
    read: Callable[[Job, Columns], EvidenceFile]
    answers: bool = False
