"""Documents of `decide`, `issue` and `lint`: who has earned what, and what is wrong in files."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

__all__ = [
    "AlreadyDocument",
    "AwardDocument",
    "DecideDocument",
    "DecidedRowDocument",
    "DenialDocument",
    "FindingDocument",
    "IssueDocument",
    "IssuedDocument",
    "LintDocument",
    "OwnRegimeDocument",
    "ShortfallDocument",
]


class DecidedRowDocument(TypedDict):
    """Whom a decision is about, and which credit."""

    place: str
    participant: str
    name: str
    credential: str


class AwardDocument(DecidedRowDocument):
    """A credit that somebody has earned."""

    outcome: Literal["award"]
    hours: str
    unit: str
    requirements_met_on: str
    notes: list[str]


class ShortfallDocument(TypedDict):
    """What is missing for a credit."""

    kind: str
    figures: dict[str, str]
    sentence: str


class DenialDocument(DecidedRowDocument):
    """A credit that somebody has not earned."""

    outcome: Literal["denial"]
    shortfalls: list[ShortfallDocument]


class DecideDocument(TypedDict):
    """The document of `decide`."""

    course: str
    decisions: list[AwardDocument | DenialDocument]
    bad_rows: list[str]
    questions: NotRequired[list[str]]
    undrawable: NotRequired[list[str]]
    counts: dict[str, int]


class IssuedDocument(TypedDict):
    """A certificate that was issued."""

    id: str
    participant: str
    name: str
    credentials: list[str]
    file: str
    sha256: str
    further: bool


class AlreadyDocument(TypedDict):
    """A credit that somebody has a certificate of already."""

    id: str
    participant: str
    name: str
    credential: str


class IssueDocument(TypedDict):
    """The document of `issue`."""

    course: str
    issued: list[IssuedDocument]
    already: list[AlreadyDocument]
    withheld: list[str]
    denied: list[AwardDocument | DenialDocument]
    counts: dict[str, int]


class FindingDocument(TypedDict):
    """What is wrong or unchecked in a file."""

    severity: str
    place: str
    message: str
    code: str
    seen: bool


class OwnRegimeDocument(TypedDict):
    """A file of the office's in the place of a shipped regime."""

    id: str
    verified_by: str
    last_verified: str | None


class LintDocument(TypedDict):
    """The document of `lint`."""

    findings: list[FindingDocument]
    own_regimes: list[OwnRegimeDocument]
    counts: dict[str, int]
