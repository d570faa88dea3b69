"""`completions.evidence.json`: what stands behind every cell of the completion list.

`decide` and `issue` hold the list against it; `cecert override` takes from it what a
decision is tied to; an auditor reads which line of which file said so. No answer of an
evaluation is in it. The same collection gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from cecert.adapters.completion_list.write import moment
from cecert.domain.course.course import Course
from cecert.domain.evidence.attendance import Estimate
from cecert.domain.evidence.collection import Collection, Held, Participant
from cecert.domain.evidence.explanation import explain
from cecert.domain.evidence.matching import Attribution
from cecert.domain.evidence.overrides import Override, Ruling, undone_by
from cecert.domain.values.json_text import JsonText, json_pieces, one_line
from cecert.domain.values.wording import hours_figure

__all__ = ["FORMAT", "evidence_document", "evidence_row"]

FORMAT = 1


def evidence_row(participant: Participant, course: Course) -> str:
    """Return what stands behind one person, as JSON of one line."""
    return one_line(_row(participant, course))


def evidence_document(
    collection: Collection,
    list_name: str,
    sha256: str,
    rows: Iterable[str] | None = None,
) -> Iterator[bytes]:
    """Yield the evidence file piece by piece: nobody holds what stands behind everybody at once.

    Args:
        collection: What was found.
        list_name: Name of the completion list it belongs to.
        sha256: Of its content, hexadecimal, which tells later whether it was edited.
        rows: What stands behind each person, as `evidence_row` has it, where that was made before;
            else it is made as it is written.
    """
    course = collection.course
    made = (evidence_row(each, course) for each in collection.participants)
    document: dict[str, object] = {
        "format": FORMAT,
        "completions": {"name": list_name, "sha256": sha256},
        "course": _course(collection),
        "rows": map(JsonText, made if rows is None else rows),
        "nobody": (_connection(each) for each in collection.nobody),
        "unmatched": iter(collection.unmatched),
        "overrides": _overrides(collection.overrides),
        "files": (
            {
                "name": each.name,
                "sha256": each.sha256,
                "purpose": each.purpose,
                "found": each.found,
                "size": each.size,
            }
            for each in collection.files
        ),
        "notes": iter(collection.notes),
        "proposals": (each.sentence for each in collection.proposals),
    }
    for each in json_pieces(document, " ", one_line):
        yield each.encode()


def _course(collection: Collection) -> dict[str, object]:
    course = collection.course
    limits = course.attendance_rule
    return {
        "id": course.id,
        "timezone": course.timezone,
        "sessions": [
            {
                "id": each.id,
                "start": each.start.isoformat(),
                "end": each.end.isoformat(),
                "breaks": [[it.start.isoformat(), it.end.isoformat()] for it in each.breaks],
                "inputs": collection.session_inputs[each.id],
            }
            for each in course.sessions
        ],
        "rule_seconds": asdict(limits) if limits else {},
        "attestation": asdict(course.attestation) if course.attestation else None,
    }


def _row(participant: Participant, course: Course) -> dict[str, object]:
    zone = ZoneInfo(course.timezone)
    registrant = participant.registrant
    return {
        "participant": participant.identity,
        "name": registrant.name,
        "email": registrant.email,
        "registered": registrant.place,
        "attended": ";".join(participant.attended),
        "review": participant.review,
        "status": participant.status.value,
        **_completion(participant),
        "evaluation": moment(participant.evaluation, zone),
        "attestation": moment(participant.attestation, zone),
        "held": [_held(each) for each in participant.held],
        "sessions": [_session(each, participant, zone) for each in participant.rulings],
        "suggestions": [
            {
                "session": each.session,
                "connections": [it.place for it in each.connections],
                "reasons": list(each.reasons),
            }
            for each in participant.suggestions
        ],
    }


def _completion(participant: Participant) -> dict[str, object]:
    """Return the day of completion and by what it is that day; {} where nobody has one."""
    completion = participant.completion
    if completion is None:
        return {}
    return {
        "completed_on": "" if completion.day is None else completion.day.isoformat(),
        "completion": {
            "why": completion.why,
            "steps": [
                {
                    "what": each.what,
                    "day": each.day.isoformat(),
                    "place": each.place,
                    "score": None if each.score is None else hours_figure(each.score),
                    "last": each in completion.last,
                }
                for each in completion.steps
            ],
            "missing": list(completion.missing),
        },
    }


def _session(ruling: Ruling, participant: Participant, zone: ZoneInfo) -> dict[str, object]:
    attendance = ruling.attendance
    places = {(each.file, each.line) for each in attendance.stays}
    connections = ((each, each.connection.stay) for each in participant.attributions)
    held = [each for each, stay in connections if (stay.file, stay.line) in places]
    acts = (*ruling.acts, *ruling.stale)
    return {
        "session": attendance.session.id,
        "status": ruling.code,
        "required_seconds": attendance.required.seconds,
        "present_seconds_min": attendance.least.counted.seconds,
        "present_seconds_max": attendance.most.counted.seconds,
        "absences": _absences(attendance.least, zone),
        "reasons": list(attendance.reasons),
        "notes": list(ruling.notes),
        "explanation": explain(ruling),
        "said": list(participant.said(ruling)),
        "inputs": ruling.inputs,
        "overrides": [str(each) for each in acts],
        "decisions": [
            _override(each) | {"stale": each in ruling.stale}
            for each in dict.fromkeys((*_decision(ruling), *acts))
        ],
        "evidence": [_claimed(each, participant.identity) for each in held],
    }


def _held(held: Held) -> dict[str, object]:
    deciding = [each for each in (held.decision, held.stale) if each is not None]
    return {
        "purpose": held.purpose,
        "status": held.status.value,
        "why": held.why,
        "place": held.place,
        "inputs": held.inputs,
        "decisions": [_override(each) | {"stale": each is held.stale} for each in deciding],
    }


def _decision(ruling: Ruling) -> tuple[Override, ...]:
    return () if ruling.decision is None else (ruling.decision,)


def _absences(bound: Estimate, zone: ZoneInfo) -> list[dict[str, object]]:
    return [
        {
            "kind": each.kind.value,
            "start": _local(each.missed.start, zone),
            "end": _local(each.missed.end, zone),
            "seconds": each.seconds,
        }
        for each in bound.absences
    ]


# Thousands come and go in the same second of a meeting.
@lru_cache(maxsize=4_096)
def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat()


def _utc(instant: datetime) -> str:
    return f"{instant.isoformat()[:_SECOND]}Z"


def _claimed(attribution: Attribution, participant: str) -> dict[str, object]:
    claim = next(each for each in attribution.claims if each.participant == participant)
    return {**_connection(attribution), "sure": claim.sure, "why": claim.why}


def _connection(attribution: Attribution) -> dict[str, object]:
    connection = attribution.connection
    stay = connection.stay
    return {
        "file": stay.file,
        "line": stay.line,
        "sha256": connection.sha256,
        "shown_name": connection.shown_name,
        "joined": _instants(stay.joined),
        "left": _instants(stay.left),
        "waiting": stay.waiting,
        "mark": connection.mark,
    }


# Thousands come and go in the same second of a meeting.
@lru_cache(maxsize=4_096)
def _instants(bounds: tuple[datetime, datetime] | None) -> str:
    """Write the earliest and the latest instant of one end, in UTC; once where they are one."""
    if bounds is None:
        return ""
    early, late = _utc(bounds[0]), _utc(bounds[1])
    return early if early == late else f"{early}/{late}"


_SECOND = len("2020-10-22T17:00:00")


def _overrides(overrides: Sequence[Override]) -> Iterator[dict[str, object]]:
    gone = undone_by(overrides)
    for number, each in enumerate(overrides, 1):
        written = _override(each) | ({"undoes": each.undoes} if each.undoes else {})
        yield written | ({"undone_by": gone[number]} if number in gone else {})


def _override(override: Override) -> dict[str, object]:
    return {
        "place": override.place,
        "kind": override.kind.value,
        "participant": override.participant,
        "session": override.session,
        "by": override.by,
        "at": override.at.isoformat(),
        "why": override.why,
        "reference": override.reference,
    }
