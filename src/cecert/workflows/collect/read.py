"""Gathering: each export read in the right order of day and month and in the right zone.

The operator's word comes first, then what a file proves by itself, then the plan: the
one order for which its stamps fall on planned dates. Where two orders do and differ,
nobody guesses: the candidates are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.clock_checks import fitting_orders
from cecert.domain.evidence.collection import Done, Report, SourceRecord
from cecert.domain.evidence.export import (
    AttendanceFile,
    DateOrder,
    EvaluationFile,
    EvaluationResponse,
    FileFacts,
)
from cecert.domain.evidence.local_times import zone_of
from cecert.domain.evidence.matching import Connection
from cecert.domain.values.wording import day_phrase
from cecert.errors import AmbiguousDateError, Fault, InputError
from cecert.ports import EvidenceReader, SourceFile
from cecert.workflows.collect.report_times import Timing, connections

__all__ = ["Reading", "kept", "read_report", "read_responses"]

File = TypeVar("File", AttendanceFile, EvaluationFile)

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
    """

    course: Course
    reader: EvidenceReader
    zone: ZoneInfo | None = None
    order: DateOrder | None = None

    def zone_of(self, facts: FileFacts) -> ZoneInfo:
        """Return the zone of a file's stamps that have none: its own, else as stated here."""
        return zone_of(facts, self.zone or ZoneInfo(self.course.timezone))


def kept(facts: FileFacts, purpose: str) -> SourceRecord:
    """Return what the evidence keeps of a file that was read."""
    return SourceRecord(facts.name, facts.sha256, purpose, facts.format, facts.size)


def read_report(file: SourceFile, reading: Reading) -> tuple[Report | None, tuple[Fault, ...]]:
    """Read an attendance report; None with the reasons where it cannot be used."""
    try:
        read = _in_order(file, reading, reading.reader.attendance, _report_orders)
    except InputError as error:
        return None, error.faults or (Fault(file.name, "", str(error), error.hint),)
    # The caller's name: two folders may each hold a participants.csv.
    read = replace(read, facts=replace(read.facts, name=file.name))
    if read.refusal:
        return None, (Fault(file.name, read.facts.format, read.refusal, read.advice),)
    timing = Timing(reading.zone_of(read.facts), _only_day(read, reading.course))
    rows, faults = connections(read, timing)
    if faults:
        return None, faults
    return _report(read, rows), ()


def _report(read: AttendanceFile, rows: tuple[Connection, ...]) -> Report:
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


def _in_order(
    file: SourceFile,
    reading: Reading,
    read: Callable[[SourceFile, DateOrder | None], File],
    fitting: Callable[[Mapping[str, File], Reading], Mapping[str, Sequence[datetime]]],
) -> File:
    """Read *file* in the order stated or proven, else in the one that fits the plan.

    Raises:
        InputError: If it cannot be read, or two orders fit and differ.
    """
    if reading.order is not None:
        return read(file, reading.order)
    try:
        return read(file, None)
    except AmbiguousDateError as error:
        candidates = {each: read(file, DateOrder(each)) for each in error.orders}
        orders = fitting(candidates, reading)
        if len(orders) != 1:
            raise _ambiguous(file.name, orders) from error
        return candidates[next(iter(orders))]


def _ambiguous(name: str, orders: Mapping[str, Sequence[datetime]]) -> InputError:
    meant = "; ".join(
        f"{order}: {day_phrase(min(stamps).date())} to {day_phrase(max(stamps).date())}"
        for order, stamps in orders.items()
    )
    fault = Fault(
        name,
        "",
        f"AMBIGUOUS_DATE: its dates can be read in more than one order of day and month: {meant}",
        "say --date-order",
    )
    return InputError(f"{name} cannot be used", (fault,))


def _report_orders(
    candidates: Mapping[str, AttendanceFile], reading: Reading
) -> Mapping[str, Sequence[datetime]]:
    joins = {order: _report_stamps(each, reading) for order, each in candidates.items()}
    return {order: joins[order] for order in fitting_orders(joins, reading.course.sessions)}


def _report_stamps(file: AttendanceFile, reading: Reading) -> Sequence[datetime]:
    zone = reading.zone_of(file.facts)
    stamps = (each.join or each.leave for each in file.connections)
    return [_aware(each, zone) for each in stamps if each is not None]


def _response_orders(
    candidates: Mapping[str, EvaluationFile], reading: Reading
) -> Mapping[str, Sequence[datetime]]:
    """Return the orders in which every response lies after the course began, else all."""
    first = reading.course.sessions[0].start
    stamps = {order: _response_stamps(each, reading) for order, each in candidates.items()}
    likely = {
        order: found
        for order, found in stamps.items()
        if found and first <= min(found) and max(found) <= first + LATEST_RESPONSE
    }
    return likely or stamps


def _aware(stamp: datetime, zone: ZoneInfo) -> datetime:
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)


def read_responses(
    file: SourceFile, purpose: str, reading: Reading
) -> tuple[tuple[Done, ...], tuple[str, ...], SourceRecord]:
    """Read a survey's responses: who completed it, when, with which score.

    Args:
        file: A survey platform's export.
        purpose: `evaluation`, `attestation` or `post_test`.
        reading: How it is read.

    Returns:
        A row for each response, a line for each that does not count, and what is kept of
        the file.

    Raises:
        InputError: If it cannot be read, or has no column that is an attestation and is
            given as one.
    """
    read = _in_order(file, reading, reading.reader.evaluation, _response_orders)
    if purpose == "attestation" and not read.attestation:
        raise _no_attestation(read.facts)
    zone = reading.zone_of(read.facts)
    done = tuple(_done(each, purpose, zone, read.facts.name) for each in read.responses)
    notes = [f"{read.facts.name}: {note}" for note in read.facts.notes]
    notes += [
        _incomplete(response, read.facts.name)
        for response, row in zip(read.responses, done, strict=True)
        if row.said in {Said.NO, Said.BLANK}
    ]
    return done, tuple(notes), kept(read.facts, purpose)


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


def _response_stamps(file: EvaluationFile, reading: Reading) -> Sequence[datetime]:
    zone = reading.zone_of(file.facts)
    return [_aware(each.submitted, zone) for each in file.responses if each.submitted]


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
        key=response.email,
        moment=None if submitted is None else _aware(submitted, zone),
        score=response.per_cent,
        place=f"{file}: line {response.line}",
        said=_said(response, purpose),
        further_keys=response.further_emails,
        names=(*filter(None, (response.name,)), *response.further_names),
        licenses=response.licenses,
    )


def _incomplete(response: EvaluationResponse, file: str) -> str:
    who = response.email or "somebody without an address"
    missing = len(response.unanswered)
    why = "it was not finished"
    if missing:
        why = f"{missing} required question{'s are' if missing > 1 else ' is'} unanswered"
    elif response.complete:
        why = "it has no date" if response.submitted is None else "attendance is not attested"
    return f"{file}: line {response.line}: the response of {who} does not count: {why}"
