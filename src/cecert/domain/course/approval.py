"""Approvals: who approved which organisation, for what, from when to when, with which words.

The holder of an approval and the organisation on a course are names that people typed: two
are one organisation only as far as a program may say so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from cecert.argument_types import typed
from cecert.domain.course.formats import CourseFormat
from cecert.errors import WrongValueError

__all__ = ["Approval", "ApprovalStatus", "is_part_of", "same_organisation"]


class ApprovalStatus(Enum):
    """What the approver decided; conditional approval has existed in New York.

    Threads may share it.
    """

    APPROVED = "approved"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval of one organisation for one credential type. Threads may share it.

    Attributes:
        credential: The credential type, a regime's id.
        holder: The organisation approved, in the name on the approver's list.
        number: As the approver lists it, `#0169`; "" where none is issued.
        valid_from: First day in force.
        valid_to: Last day in force, None where approval has no term.
        checked_on: When a person last checked it with the approver; None warns.
        status: What the approver decided.
        statement: The name of a statement template, or the text itself.
        formats: The formats it covers; empty covers all.
    """

    credential: str
    holder: str
    number: str
    valid_from: date
    valid_to: date | None
    checked_on: date | None = None
    status: ApprovalStatus = ApprovalStatus.APPROVED
    statement: str = ""
    formats: frozenset[CourseFormat] = frozenset()

    @typed
    def __post_init__(self) -> None:
        if self.valid_to and self.valid_to < self.valid_from:
            raise WrongValueError(
                f"approval for {self.credential} ends {self.valid_to}, "
                f"before it begins {self.valid_from}"
            )

    @property
    def listed_number(self) -> str:
        """The number without its `#`, as the token carries it (docs/spec/token.md W2)."""
        return self.number.removeprefix("#").strip()

    def days_out_of_force(self, days: Iterable[date]) -> list[date]:
        """Return those of *days* on which this approval is not in force."""
        last = self.valid_to or date.max
        return [day for day in days if not self.valid_from <= day <= last]

    def covers(self, course_format: CourseFormat) -> bool:
        """Say whether courses of this format are covered."""
        return not self.formats or course_format in self.formats


def same_organisation(first: str, second: str) -> bool:
    """Say whether two names are the same but for case and white space.

    >>> same_organisation("Amego Prepare", "AMEGO  Prepare")
    True
    """
    return _folded(first) == _folded(second)


def is_part_of(holder: str, organisation: str) -> bool:
    """Say whether *holder* is *organisation*, or an office of it: its name begins with it.

    >>> is_part_of("Smith College School for Social Work, SW OPE", "Smith College School")
    True
    >>> is_part_of("Amego Prepare", "Amego Pre")
    False
    """
    whole, start = _folded(holder), _folded(organisation)
    return whole.startswith(start) and not whole[len(start) : len(start) + 1].isalnum()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()
