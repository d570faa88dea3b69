"""Documents of `collect`, `fetch zoom` and `override list`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict

__all__ = [
    "CollectDocument",
    "FetchDocument",
    "FetchedListDocument",
    "MeetingDocument",
    "OverrideDocument",
    "OverridesDocument",
    "ParticipantDocument",
    "TakenDocument",
]


class ParticipantDocument(TypedDict):
    """What the evidence says of one person."""

    participant: str
    name: str
    status: str
    attended: list[str]
    review: str
    sessions: dict[str, str]
    completed_on: NotRequired[str | None]
    completion: NotRequired[str]


class TakenDocument(TypedDict):
    """A file of the course's folder, and what it was taken for."""

    file: str
    kinds: list[str]
    format: str
    rows: int
    why: str


class CollectDocument(TypedDict):
    """The document of `collect`."""

    course: str
    participants: list[ParticipantDocument]
    nobody: list[str]
    questions: list[str]
    notes: list[str]
    written: list[str]
    counts: dict[str, int]
    files: list[TakenDocument]
    uncovered: list[str]


class FetchedListDocument(TypedDict):
    """A list that was fetched of a meeting."""

    list: str
    began: str | None
    rows: int
    pages: Sequence[str]


class MeetingDocument(TypedDict):
    """A meeting whose lists were fetched."""

    meeting: str
    folder: str
    changed: bool
    lists: list[FetchedListDocument]
    left_out: list[str]


class FetchDocument(TypedDict):
    """The document of `fetch zoom`."""

    course: str
    meetings: list[MeetingDocument]


class OverrideDocument(TypedDict):
    """An entry of an overrides' file."""

    number: int
    kind: str
    participant: str
    name: str
    session: str
    connection: str
    alias: str
    start: str | None
    end: str | None
    status: str | None
    by: str
    at: str
    why: str
    reference: str
    undoes: int | None
    undone_by: int | None


class OverridesDocument(TypedDict):
    """The document of `override list`."""

    file: str
    overrides: list[OverrideDocument]
    counts: dict[str, int]
