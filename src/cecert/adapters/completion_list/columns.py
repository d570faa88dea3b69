"""The columns of a completion list: which there are, which are missing, which are unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cecert.adapters.tables.headers import folded, header_faults
from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Requirements
from cecert.errors import Fault

__all__ = ["COLUMNS", "CompletionColumns", "find_columns"]

REQUIRED = ("name", "email", "credentials", "attended")
"""Without these nobody can be decided upon."""

ASKED_FOR = ("visible", "evaluation", "attestation", "post_test", "fee_paid")
"""Each is evidence for a requirement a course may have."""

COMPLETED = "completed_on"
"""Where each person completes a course on a day of their own."""

COLUMNS = (
    "participant_id", *REQUIRED, COMPLETED, "licenses", *ASKED_FOR, "role", "review", "why",
    "different_from",
)  # fmt: skip
"""`why` is for people to read: `collect` writes it, and nothing is decided by it."""


@dataclass(frozen=True, slots=True)
class CompletionColumns:
    """Where each known column stands.

    Attributes:
        places: Known columns and their place, from 0.
        notes: Unknown columns, and columns the course needs and the list lacks.
        faults: Columns missing or twice.
    """

    places: Mapping[str, int]
    notes: tuple[str, ...]
    faults: tuple[Fault, ...]


def find_columns(headers: tuple[str, ...], course: Course, file: str) -> CompletionColumns:
    """Find the known columns by name, whatever their order, case and blanks.

    Args:
        headers: As written.
        course: What it asks for; a column it needs and the list lacks is noted.
        file: The list's name, for faults.
    """
    names = [folded(each) for each in headers]
    required, known = _columns_of(course)
    places = {name: names.index(name) for name in known if name in names}
    unknown = [each.strip() for each, name in zip(headers, names, strict=True) if name not in known]
    notes = [*_unknown(unknown), *_lacking(places, course)]
    return CompletionColumns(
        places, tuple(notes), tuple(header_faults(file, headers, required, known))
    )


def _columns_of(course: Course) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns without which nobody can be decided upon, and all there may be."""
    own = course.format.dated_by_person
    required = [each for each in REQUIRED if each != "attended" or course.sessions]
    known = tuple(each for each in COLUMNS if own or each != COMPLETED)
    return (*required, COMPLETED) if own else tuple(required), known


def _unknown(unknown: list[str]) -> Iterator[str]:
    if named := [each for each in unknown if each]:
        yield f"columns not known and ignored: {', '.join(named)}"


def _lacking(places: Mapping[str, int], course: Course) -> Iterator[str]:
    asked = [course.requirements, *(line.requirements for line in course.credit_lines)]
    for column in ASKED_FOR:
        if column not in places and any(_asks(each, column) for each in asked):
            yield f"there is no column {column}, which the course asks for: everybody lacks it"


def _asks(requirements: Requirements, column: str) -> bool:
    if column == "post_test":
        return requirements.post_test is not None
    return bool(getattr(requirements, column.removesuffix("_paid")))
