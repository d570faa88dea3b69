"""What `inspect` says of a file, under the keys that `--json` has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from cecert.domain.documents.inspection import (
    AttendanceDocument,
    EvaluationDocument,
    ExportDocument,
    MappedDocument,
    MappedRowDocument,
    NoShowDocument,
    OccurrenceDocument,
    PersonDocument,
    RegistrationsDocument,
    ResponseDocument,
    SessionDocument,
)
from cecert.domain.evidence.export import (
    AttendanceFile,
    EvaluationFile,
    EvaluationResponse,
    EvidenceFile,
    FileFacts,
    MappedRow,
    Occurrence,
    OrderKnownBy,
    RegistrantRow,
    RegistrationFile,
    ReportedConnection,
    RowKind,
)
from cecert.domain.evidence.export_people import PersonSeen, people_seen, same_names, shared_emails
from cecert.domain.evidence.local_times import instants, zone_of

__all__ = ["document_of"]


_SEVERAL_MEETINGS = frozenset({"teams_list"})
"""Formats of which one file may hold several meetings, told apart by their days."""


UTC_ZONE = ZoneInfo("UTC")
"""Stands in for a zone that nobody stated: lengths are then those of the wall clock."""


Inspected = AttendanceDocument | EvaluationDocument | RegistrationsDocument | MappedDocument


def document_of(file: EvidenceFile, zone: ZoneInfo | None) -> Inspected:
    """Return everything `inspect` says of a file.

    What a long file has many of, people or rows, is an iterator: each is made when it is
    written.

    Args:
        file: What was read.
        zone: What its local times mean, None where nobody said.
    """
    if isinstance(file, AttendanceFile):
        return _attendance(file, zone)
    if isinstance(file, EvaluationFile):
        return _evaluation(file, zone)
    facts = _facts(file.facts, zone)
    if isinstance(file, RegistrationFile):
        people = map(_registrant, file.registrants)
        return {**facts, "registrants": people, "rows": len(file.registrants)}
    return {**facts, "mapped_rows": map(_mapped_row, file.rows), "rows": len(file.rows)}


def _facts(facts: FileFacts, zone: ZoneInfo | None) -> ExportDocument:
    used = zone_of(facts, zone or UTC_ZONE).key
    order = None if facts.date_order is None else facts.date_order.value
    if facts.order_known_by is OrderKnownBy.NAMED_MONTH:
        order = "named month"
    return {
        "file": facts.name,
        "format": facts.format,
        "sha256": facts.sha256,
        "size": facts.size,
        "encoding": facts.encoding,
        "newline": facts.newline or None,
        "date_order": order,
        "date_order_known_by": facts.order_known_by.value,
        "time_zone_stated_in_file": facts.zone,
        "time_zone_used": None if zone is None and facts.zone is None else used,
        "columns_used": list(facts.columns_used),
        "columns_unused": list(facts.columns_unused),
        "notes": list(facts.notes),
    }


def _mapped_row(row: MappedRow) -> MappedRowDocument:
    return {"line": row.line, "fields": dict(row.fields)}


def _attendance(file: AttendanceFile, zone: ZoneInfo | None) -> AttendanceDocument:
    people = people_seen(file, zone or UTC_ZONE)
    no_shows = [each for each in file.connections if each.kind is RowKind.NO_SHOW]
    document: AttendanceDocument = {
        **_facts(file.facts, zone),  # type: ignore[typeddict-item]  # facts have neither other key
        "rows": len(file.connections),
        "usable_as_attendance": _is_usable(file),
        "refusal": file.refusal or None,
        "advice": file.advice or None,
        "experimental": file.experimental,
        "occurrences": [_occurrence(each) for each in file.occurrences],
        "people": (_person(each, file, zone) for each in people),
        "same_name_suggestions": [list(keys) for keys in same_names(people)],
        "shared_emails": {email: list(keys) for email, keys in shared_emails(people).items()},
    }
    if no_shows:
        document["no_shows"] = [_no_show(each) for each in no_shows]
    if file.facts.format in _SEVERAL_MEETINGS:
        document["sessions"] = _sessions(file, zone)
    return document


def _is_usable(file: AttendanceFile) -> bool:
    return not file.refusal and all(each.shows_gaps for each in file.connections)


def _sessions(file: AttendanceFile, zone: ZoneInfo | None) -> list[SessionDocument]:
    """Return the people of each day on which somebody joined, for reports of several meetings."""
    joined = [(each.join, each) for each in file.connections if each.join is not None]
    days: dict[str, list[ReportedConnection]] = {}
    for join, row in joined:
        days.setdefault(join.date().isoformat(), []).append(row)
    return [
        {
            "date": day,
            "people": [
                _person(person, file, zone)
                for person in people_seen(replace(file, connections=tuple(rows)), zone or UTC_ZONE)
            ],
        }
        for day, rows in sorted(days.items())
    ]


def _person(person: PersonSeen, file: AttendanceFile, zone: ZoneInfo | None) -> PersonDocument:
    whole = person.segments is not None and person.total_seconds is not None
    inside = [each for each in person.rows if each.kind is not RowKind.WAITING_ROOM]
    minutes = [_minutes(each.reported_seconds) for each in inside]
    document: PersonDocument = {
        "key": person.key,
        "names": list(person.names),
        "emails": list(person.emails),
        "total_present_seconds": person.total_seconds,
        "sum_of_segments_seconds": person.sum_seconds if whole else None,
        "overlap_seconds": person.sum_seconds - person.present_seconds if whole else None,
        "segments": person.segments,
        "merged_intervals": len(person.intervals) if whole else None,
        "first_join": _moment_text(person.first_join, person.rows),
        "last_leave": _moment_text(person.last_leave, person.rows),
        "first_join_utc": _utc_text(person, file, zone),
        "waiting_room_rows": person.waiting_rows,
        "waiting_room_seconds": person.waiting_seconds,
        "reported_minutes": minutes[0] if len(minutes) == 1 and not whole else minutes,
        "lines": [each.line for each in person.rows],
        "roles": list(person.roles),
        "flags": list(person.flags),
    }
    if whole:
        document["intervals"] = _intervals(person, file, zone)
    _add_extras(document, person)
    return document


def _add_extras(document: PersonDocument, person: PersonSeen) -> None:
    if person.open_since:
        document["open_since"] = [each.isoformat() for each in person.open_since]
    kinds = {each.kind for each in person.rows}
    if RowKind.ENVELOPE in kinds:
        document["span_seconds"] = person.present_seconds
    if RowKind.SNAPSHOT in kinds:
        document["seen_in_snapshots"] = [place for each in person.rows for place in each.seen]
    if RowKind.TOTAL in kinds and any(each.reported_seconds is not None for each in person.rows):
        seconds = sum(each.reported_seconds or 0 for each in person.rows)
        breakout = sum(each.reported_seconds or 0 for each in person.rows if each.breakout)
        document["reported_total_minutes"] = _minutes(seconds)
        if breakout:
            document["breakout_minutes_sum"] = _minutes(breakout)
            document["main_session_minutes_sum"] = _minutes(seconds - breakout)


def _moment_text(moment: datetime | None, rows: Sequence[ReportedConnection]) -> str | None:
    """Return a stamp as the file means it: local without an offset, or with the one it has."""
    if moment is None:
        return None
    if all(each.dated for each in rows):
        return moment.isoformat()
    exact = "seconds" if moment.second else "minutes"
    return moment.time().isoformat(exact)


def _utc_text(person: PersonSeen, file: AttendanceFile, zone: ZoneInfo | None) -> str | None:
    stamp = person.first_join
    known = zone is not None or (stamp is not None and stamp.tzinfo is not None)
    if stamp is None or not known or not all(each.dated for each in person.rows):
        return None
    found = instants(stamp, zone_of(file.facts, zone or UTC_ZONE))
    return found[0].isoformat()


def _intervals(
    person: PersonSeen, file: AttendanceFile, zone: ZoneInfo | None
) -> list[tuple[str, str]]:
    local = person.first_join is None or person.first_join.tzinfo is None
    used = zone_of(file.facts, zone or UTC_ZONE)

    def text(instant: datetime) -> str:
        return (instant.astimezone(used).replace(tzinfo=None) if local else instant).isoformat()

    return [(text(start), text(end)) for start, end in person.intervals]


def _minutes(seconds: int | None) -> float | int | None:
    if seconds is None:
        return None
    return seconds // 60 if seconds % 60 == 0 else seconds / 60


def _occurrence(each: Occurrence) -> OccurrenceDocument:
    seconds = None
    if each.start is not None and each.end is not None:
        seconds = int((each.end - each.start).total_seconds())
    return {
        "meeting_id": each.meeting_id or None,
        "topic": each.topic or None,
        "start": None if each.start is None else each.start.isoformat(),
        "end": None if each.end is None else each.end.isoformat(),
        "seconds": seconds,
        "reported_minutes": each.reported_minutes,
        "participants": each.participants,
        "line": each.line,
    }


def _no_show(row: ReportedConnection) -> NoShowDocument:
    return {
        "key": row.key,
        "name": row.name,
        "approval": row.approval or None,
        "section": row.role,
    }


def _registrant(row: RegistrantRow) -> Mapping[str, str]:
    known = {"name": row.name, "email": row.email, "status": row.status}
    named = {each.casefold() for each in row.fields}
    added = {key: value for key, value in known.items() if value and key not in named}
    return {**row.fields, **added}


def _evaluation(file: EvaluationFile, zone: ZoneInfo | None) -> EvaluationDocument:
    return {
        **_facts(file.facts, zone),
        "rows": len(file.responses),
        "header_rows": file.header_rows,
        "zone": file.facts.zone if file.facts.zone and "/" in file.facts.zone else None,
        "previews_left_out": file.previews,
        "required_questions": list(file.required),
        "responses": map(_response, file.responses),
    }


def _response(response: EvaluationResponse) -> ResponseDocument:
    return {
        "id": response.response_id or None,
        "email": response.email or None,
        "submitted": None if response.submitted is None else response.submitted.isoformat(),
        "finished": response.finished,
        "complete": response.complete,
        "score": _score(response),
        "score_per_cent": _number(response.per_cent),
        "line": response.line,
    }


def _score(response: EvaluationResponse) -> float | list[float | None] | None:
    points = _number(response.points)
    if response.points is None or response.out_of is None:
        return points
    return [points, _number(response.out_of)]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
