"""The rows of the timeline and the cards of the questions, ready for the page.

A card says what each answer writes: the override's lines without who, when and why, to be
pasted, and the command that does the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cecert.adapters.reports.commands import Commands
from cecert.adapters.reports.svg import Drawings
from cecert.adapters.reports.timeline import Axis
from cecert.domain.course.session import Session
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Participant
from cecert.domain.evidence.explanation import day_of, explain, session_phrase
from cecert.domain.evidence.overrides import Ruling
from cecert.domain.evidence.questions import OverrideAct, Question
from cecert.domain.values.wording import WEEKDAYS

__all__ = [
    "by_urgency",
    "panel",
    "question_card",
    "timeline_row",
]

_ORDER = (
    AttendanceStatus.REVIEW,
    AttendanceStatus.NOT_MET,
    AttendanceStatus.NO_EVIDENCE,
    AttendanceStatus.MET,
)


def question_card(
    number: int, question: Question, drawings: Drawings, commands: Commands
) -> dict[str, Any]:
    """Return a question with its drawing, its reasons, and what each answer does.

    Args:
        number: Of the question, from 1, as the timeline's rows refer to it.
        question: What is asked.
        drawings: Draws on the course's scale.
        commands: Of which each answer is one.

    Returns:
        What the template shows: plain values under the names it uses.
    """
    axis = drawings.axis
    first: dict[str, Ruling] = {}
    for _, ruling in question.rulings:
        first.setdefault(ruling.attendance.session.id, ruling)
    return {
        "number": number,
        "text": question.text,
        "why": question.why,
        "panels": [
            {
                "day": day_of(each),
                "ticks": list(axis.ticks(each.attendance.session)),
                "breaks": _breaks(axis, each.attendance.session),
                "drawing": drawings.drawing(each, low=True),
            }
            for each in first.values()
        ],
        "answers": [
            {
                "label": each.label,
                "follows": each.follows,
                "toml": [_toml_of(act) for act in each.acts],
                "commands": [commands.answer(act) for act in each.acts],
            }
            for each in question.answers
        ],
    }


def _toml_of(act: OverrideAct) -> str:
    """Return the act as the beginning of an `[[override]]` table.

    A JSON string is a TOML basic string.
    """
    values = {
        "kind": act.kind.value,
        "participant": act.participant,
        "session": act.session,
        "connection": act.connection,
        "status": act.status.value if act.status else "",
        "inputs": act.inputs,
    }
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=True)}" for key, value in values.items() if value
    ]
    return "\n".join(["[[override]]", *lines])


def _breaks(axis: Axis, session: Session) -> list[float]:
    x = axis.scale(session).x
    return [round((x(each.start) + x(each.end)) / 2, 3) for each in session.breaks]


def panel(session: Session, axis: Axis) -> dict[str, Any]:
    """Return the head of a session's column."""
    return {
        "day": f"{WEEKDAYS[session.start.weekday()]}, {session_phrase(session)}",
        "ticks": list(axis.ticks(session)),
        "breaks": _breaks(axis, session),
    }


def by_urgency(participants: Sequence[Participant]) -> list[Participant]:
    """Return people in the timeline's order: open questions first, the plain ones last."""

    def place(each: Participant) -> tuple[object, ...]:
        findings = _has_findings(each)
        return (_ORDER.index(each.attendance), not findings, each.registrant.name, each.identity)

    return sorted(participants, key=place)


def _has_findings(participant: Participant) -> bool:
    return any(
        each.status is not AttendanceStatus.MET
        or each.decision
        or each.acts
        or any(absence.seconds > 0 for absence in each.attendance.least.absences)
        for each in participant.rulings
        if not _not_gone_to(each)
    )


def timeline_row(
    participant: Participant, asked: Mapping[str, int], drawings: Drawings
) -> dict[str, Any]:
    """Return a person's row: the drawings, and the explanation where there is something to say.

    Args:
        participant: The person.
        asked: By identity, the number of the question that is about them.
        drawings: Draws on the course's scale.

    Returns:
        What the template shows: plain values under the names it uses.
    """
    findings = _has_findings(participant)
    gone_to = [each for each in participant.rulings if not _not_gone_to(each)]
    return {
        "name": participant.registrant.name,
        "word": _word(participant),
        "mark": _attendance_mark(participant.attendance),
        "parts": participant.counts_in_parts,
        "panels": [
            (
                day_of(each),
                # Plain, so that it can wait on the disk: who writes it knows that it is a drawing.
                str.__str__(drawings.drawing(each, low=not findings)),
                panel(session, drawings.axis) if (session := each.attendance.session).title else {},
            )
            for each in gone_to
        ],
        "explained": [explain(each) for each in participant.rulings if _tells(each)]
        if findings
        else [],
        "question": asked.get(participant.identity),
    }


def _not_gone_to(ruling: Ruling) -> bool:
    """Say whether it is of a session of a conference in which somebody never was."""
    attendance = ruling.attendance
    touched = attendance.stays or ruling.decision or ruling.acts or ruling.stale
    return bool(attendance.session.title) and not touched


def _tells(ruling: Ruling) -> bool:
    return not _not_gone_to(ruling) and (
        ruling.status is not AttendanceStatus.MET
        or ruling.decision is not None
        or bool(ruling.acts)
        or bool(ruling.attendance.least.absences)
    )


def _word(participant: Participant) -> str:
    overridden = [each.label for each in participant.rulings if "override" in each.label]
    if participant.attendance is AttendanceStatus.MET and overridden:
        return overridden[0]
    return participant.attendance.value.replace("_", " ")


def _attendance_mark(status: AttendanceStatus) -> str:
    return {
        AttendanceStatus.MET: "met",
        AttendanceStatus.REVIEW: "review",
        AttendanceStatus.NOT_MET: "stop",
        AttendanceStatus.NO_EVIDENCE: "none",
    }[status]
