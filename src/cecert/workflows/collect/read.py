"""Gathering: each export read in the right order of day and month and in the right zone.

The operator's word comes first, then what a file proves by itself, then the plan: the
one order for which its stamps fall on planned dates. Where two orders do and differ,
nobody guesses: the candidates are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from sys import intern
from typing import TypeVar
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.clock_checks import fitting_orders
from cecert.domain.evidence.collection import Report, SourceRecord
from cecert.domain.evidence.completion import MATERIAL, POST_TEST
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.export import (
    AttendanceFile,
    DateOrder,
    EvaluationFile,
    EvaluationResponse,
    FileFacts,
)
from cecert.domain.evidence.local_times import zone_of
from cecert.domain.evidence.matching import Connection
from cecert.errors import Fault, InputError
from cecert.ports import EvidenceReader, SourceFile
from cecert.workflows.collect.conference_reports import placed
from cecert.workflows.collect.date_orders import OrderSearch, swapped_days
from cecert.workflows.collect.report_times import (
    NO_DATE,
    Keep,
    Timing,
    connections,
    tells_sessions,
)
from cecert.workflows.collect.unsaid import uncounted

__all__ = ["Reading", "kept", "read_report", "read_responses"]

File = TypeVar("File", AttendanceFile, EvaluationFile)

STUDY = frozenset({POST_TEST, MATERIAL})
"""What may be done before the sessions of a hybrid course."""

LATEST_RESPONSE = timedelta(days=366)
"""How long after a course its evaluations may come in, for telling their order of dates."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the files of one course are read.

    Attributes:
        course: The course.
        reader: Reads exports.
        zone: The operator's zone for files that state none, None for the course's.
        order: The operator's order of day, month and year, None to learn it.
        days: The day of files that have times and no dates, by path.
        sessions: Ids of the sessions that a report of a conference is of, by path; a file that
            is left out tells them by its times or its title.
        keep: Keeps the connections of a report.
    """

    course: Course
    reader: EvidenceReader
    zone: ZoneInfo | None = None
    order: DateOrder | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    sessions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: Keep = tuple

    def zone_of(self, facts: FileFacts) -> ZoneInfo:
        """Return the zone of a file's stamps that have none: its own, else as stated here."""
        return zone_of(facts, self.zone or ZoneInfo(self.course.timezone))


def kept(facts: FileFacts, purpose: str) -> SourceRecord:
    """Return what the evidence keeps of a file that was read."""
    return SourceRecord(facts.name, facts.sha256, purpose, facts.format, facts.size)


def read_report(file: SourceFile, reading: Reading) -> tuple[Report | None, tuple[Fault, ...]]:
    """Read an attendance report; None with the reasons where it cannot be used."""
    try:
        read = _report_search(reading).found(file, reading.order)
    except InputError as error:
        return None, error.faults or (Fault(file.name, "", str(error), error.hint),)
    # The caller's name: two folders may each hold a participants.csv.
    read = replace(read, facts=replace(read.facts, name=file.name))
    if read.refusal:
        return None, (Fault(file.name, read.facts.format, read.refusal, read.advice),)
    zone = reading.zone_of(read.facts)
    swapped = swapped_days(read.connections, reading.course, zone)
    if swapped:
        return None, tuple(replace(each, place=f"{file.name}: {each.place}") for each in swapped)
    stated = reading.days.get(file.path)
    if stated is not None and all(each.dated for each in read.connections):
        problem = "has dates of its own, and --date gives it another"
        return None, (Fault(file.name, f"{stated}", problem, "leave --date out"),)
    timing = Timing(zone, stated or _only_day(read, reading.course))
    rows, faults = connections(read, timing, reading.keep)
    if faults:
        return None, tuple(_with_day(each, file, reading.course) for each in faults)
    if reading.course.format is CourseFormat.CONFERENCE or tells_sessions(read):
        titles = [each.topic for each in read.occurrences]
        told = reading.sessions.get(file.path), titles
        rows, faults = placed(rows, file, reading.course, told, reading.keep)
    return (None if faults else _report(read, rows)), faults


def _with_day(fault: Fault, file: SourceFile, course: Course) -> Fault:
    """Return a fault with the way out, where it is for want of a date."""
    if fault.problem != NO_DATE:
        return fault
    days = " or ".join(f"--date {file.path or file.name}={each}" for each in course.days)
    return replace(fault, remedy=f"say of which day the file is: {days}")


def _report(read: AttendanceFile, rows: Sequence[Connection]) -> Report:
    facts = read.facts
    guess = ("no real export of this format was seen; check what was read",)
    notes = (*facts.notes, *(guess if read.experimental else ()))
    aware = bool(rows) and all(
        each.join is None or each.join.tzinfo is not None for each in read.connections
    )
    return Report(
        file=kept(facts, "attendance"),
        connections=rows,
        occurrence=_occurrence(read),
        zone_stated=aware or facts.zone is not None,
        notes=tuple(f"{facts.name}: {note}" for note in notes),
    )


def _occurrence(read: AttendanceFile) -> str:
    for each in read.occurrences:
        if each.meeting_id and each.start is not None:
            return f"{each.meeting_id} {each.start.isoformat()}"
    return ""


def _only_day(read: AttendanceFile, course: Course) -> date | None:
    """Return the day of stamps that have no date: the meeting's, else the course's only one."""
    starts = [each.start for each in read.occurrences if each.start and each.start.year > 1]
    if starts:
        return starts[0].date()
    return course.days[0] if len(course.days) == 1 else None


def _report_search(reading: Reading) -> OrderSearch[AttendanceFile]:
    sessions, zone = reading.course.sessions, ZoneInfo(reading.course.timezone)
    planned = {each.day + timedelta(days=by) for each in sessions for by in (-1, 0, 1)}
    return OrderSearch(
        reading.reader.attendance,
        lambda each: _report_stamps(each, reading),
        lambda stamps: fitting_orders(stamps, sessions),
        lambda stamp: stamp.astimezone(zone).date() in planned,
    )


def _report_stamps(file: AttendanceFile, reading: Reading) -> Iterator[datetime]:
    zone = reading.zone_of(file.facts)
    stamps = (each.join or each.leave for each in file.connections)
    return (_aware(each, zone) for each in stamps if each is not None)


def _response_search(purpose: str, reading: Reading) -> OrderSearch[EvaluationFile]:
    """Return the search for the order in which responses lie after the course began.

    What is studied has no plan: then no order is likelier than another.
    """
    course = reading.course
    studied = course.format.dated_by_person and (purpose in STUDY or not course.sessions)
    first = None if studied else course.sessions[0].start

    def is_likely(stamp: datetime) -> bool:
        return first is None or first <= stamp <= first + LATEST_RESPONSE

    def fitting(stamps: Mapping[str, Sequence[datetime]]) -> Sequence[str]:
        likely = [each for each, found in stamps.items() if found and all(map(is_likely, found))]
        return likely or list(stamps)

    return OrderSearch(
        reading.reader.evaluation,
        lambda each: _response_stamps(each, reading),
        fitting,
        is_likely,
    )


# Thousands hand in an evaluation in the same minutes.
@lru_cache(maxsize=4_096)
def _aware(stamp: datetime, zone: ZoneInfo) -> datetime:
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)


def read_responses(
    file: SourceFile, purpose: str, reading: Reading
) -> tuple[tuple[Done, ...], tuple[str, ...], SourceRecord]:
    """Read a survey's responses: who completed it, when, with which score.

    Args:
        file: A survey platform's export.
        purpose: `evaluation`, `attestation`, `post_test` or `completed_on`.
        reading: How it is read.

    Returns:
        A row for each response, a line for each that does not count, and what is kept of
        the file.

    Raises:
        InputError: If it cannot be read, or has no column that is an attestation and is
            given as one.
    """
    read = _response_search(purpose, reading).found(file, reading.order)
    if purpose == "attestation" and not read.attestation:
        raise _no_attestation(read.facts)
    zone = reading.zone_of(read.facts)
    done = tuple(_done(each, purpose, zone, read.facts.name) for each in read.responses)
    notes = [f"{read.facts.name}: {note}" for note in read.facts.notes]
    if purpose == "evaluation" and read.unnamed_attestation and reading.course.asks_to_attest:
        notes.append(_not_taken(read))
    notes += [
        uncounted(response, read.facts.name)
        for response, row in zip(read.responses, done, strict=True)
        if row.said in {Said.NO, Said.BLANK}
    ]
    return done, tuple(notes), kept(read.facts, purpose)


def _not_taken(read: EvaluationFile) -> str:
    return (
        f"{read.facts.name}: {read.unnamed_attestation!r} is not taken for the attestation that"
        " the course asks for: if it is, name it in forms.toml (attestation = ...)"
    )


def _no_attestation(facts: FileFacts) -> InputError:
    columns = ", ".join((*facts.columns_used, *facts.columns_unused))
    fault = Fault(
        facts.name,
        facts.format,
        f"has no column that is an attestation; its columns are {columns}",
        "name the question in a mapping file (attestation = ...), give it the words of "
        "[attestation] in the course file, or call it attestation",
    )
    return InputError(f"{facts.name} cannot be used", (fault,))


def _response_stamps(file: EvaluationFile, reading: Reading) -> Iterator[datetime]:
    zone = reading.zone_of(file.facts)
    return (_aware(each.submitted, zone) for each in file.responses if each.submitted)


def _said(response: EvaluationResponse, purpose: str) -> Said:
    """Say whether a response says that it was done."""
    attested = response.attested if purpose == "attestation" else Said.YES
    dated = response.submitted is not None or purpose == "post_test"
    if attested in {None, Said.NO}:
        return Said.NO
    return attested if response.complete and dated and attested else Said.BLANK


def _done(response: EvaluationResponse, purpose: str, zone: ZoneInfo, file: str) -> Done:
    submitted = response.submitted
    return Done(
        key=intern(response.email),
        moment=None if submitted is None else _aware(submitted, zone),
        score=response.per_cent,
        place=f"{file}: line {response.line}",
        said=_said(response, purpose),
        further_keys=response.further_emails,
        names=(*filter(None, (response.name,)), *response.further_names),
        licenses=response.licenses,
    )
