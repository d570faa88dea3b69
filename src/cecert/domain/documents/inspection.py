"""The documents of `inspect`: one for each kind of export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NotRequired, TypedDict

__all__ = [
    "AttendanceDocument",
    "EvaluationDocument",
    "ExportDocument",
    "MappedDocument",
    "MappedRowDocument",
    "NoShowDocument",
    "OccurrenceDocument",
    "PersonDocument",
    "RegistrationsDocument",
    "ResponseDocument",
    "SessionDocument",
]


class ExportDocument(TypedDict):
    """What can be said of any export."""

    file: str
    format: str
    sha256: str
    size: int
    encoding: str
    newline: str | None
    date_order: str | None
    date_order_known_by: str
    time_zone_stated_in_file: str | None
    time_zone_used: str | None
    columns_used: list[str]
    columns_unused: list[str]
    notes: list[str]


class OccurrenceDocument(TypedDict):
    """A meeting that an export tells of."""

    meeting_id: str | None
    topic: str | None
    start: str | None
    end: str | None
    seconds: int | None
    reported_minutes: float | None
    participants: int | None
    line: int


class PersonDocument(TypedDict):
    """Somebody in an export, and what their rows amount to."""

    key: str
    names: list[str]
    emails: list[str]
    total_present_seconds: int | None
    sum_of_segments_seconds: int | None
    overlap_seconds: int | None
    segments: int | None
    merged_intervals: int | None
    first_join: str | None
    last_leave: str | None
    first_join_utc: str | None
    waiting_room_rows: int
    waiting_room_seconds: int
    reported_minutes: float | list[float | None] | None
    lines: list[int]
    roles: list[str]
    flags: list[str]
    intervals: NotRequired[list[tuple[str, str]]]
    open_since: NotRequired[list[str]]
    span_seconds: NotRequired[int]
    seen_in_snapshots: NotRequired[list[int]]
    reported_total_minutes: NotRequired[float | None]
    breakout_minutes_sum: NotRequired[float | None]
    main_session_minutes_sum: NotRequired[float | None]


class NoShowDocument(TypedDict):
    """Somebody who registered and did not come."""

    key: str
    name: str
    approval: str | None
    section: str


class SessionDocument(TypedDict):
    """The people of one day, where a report is of several meetings."""

    date: str
    people: list[PersonDocument]


class AttendanceDocument(ExportDocument):
    """The document of `inspect` of a report of attendance."""

    rows: int
    usable_as_attendance: bool
    refusal: str | None
    advice: str | None
    experimental: bool
    occurrences: list[OccurrenceDocument]
    people: Iterable[PersonDocument]
    same_name_suggestions: list[list[str]]
    shared_emails: dict[str, list[str]]
    no_shows: NotRequired[list[NoShowDocument]]
    sessions: NotRequired[list[SessionDocument]]


class ResponseDocument(TypedDict):
    """A response to an evaluation or a test; no answer of it."""

    id: str | None
    email: str | None
    submitted: str | None
    finished: bool | None
    complete: bool | None
    score: float | list[float | None] | None
    score_per_cent: float | None
    line: int


class EvaluationDocument(ExportDocument):
    """The document of `inspect` of an evaluation or a test."""

    rows: int
    header_rows: int
    zone: str | None
    previews_left_out: int
    required_questions: list[str]
    responses: Iterable[ResponseDocument]


class RegistrationsDocument(ExportDocument):
    """The document of `inspect` of registrations; a registrant has the columns of the file."""

    registrants: Iterable[Mapping[str, str]]
    rows: int


class MappedRowDocument(TypedDict):
    """A row of a table that was read by a mapping."""

    line: int
    fields: dict[str, str]


class MappedDocument(ExportDocument):
    """The document of `inspect` of any other table."""

    mapped_rows: Iterable[MappedRowDocument]
    rows: int
