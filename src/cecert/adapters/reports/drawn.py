"""What a report shows of one person, as plain values: drawn when the person is judged.

It depends on nobody else. The number of a question and where links lead are put to it when the
page is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from cecert.adapters.reports.drawings import timeline_row
from cecert.adapters.reports.headings import counted, mark
from cecert.adapters.reports.svg import Drawings
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Participant
from cecert.domain.evidence.explanation import explain
from cecert.domain.evidence.standing import Standing, State
from cecert.domain.values.wording import day_phrase

__all__ = ["TOLD", "Drawn", "drawn_of"]

TOLD = (State.UNPROVEN, State.UNFOUND, State.WAITING, State.DENIED)
"""States that say something to everybody in them."""

Drawn = dict[str, Any]
"""What is shown of somebody: `told` or `ready` in a section, `completed`, and the `row`."""


def drawn_of(standing: Standing, drawings: Drawings) -> Drawn:
    """Return what is shown of somebody, by where they stand.

    Args:
        standing: Whose.
        drawings: Draws on the course's scale.
    """
    participant = standing.participant
    return {
        "told": _told(standing) if standing.state in TOLD else {},
        "ready": _ready(standing) if standing.state is State.READY else {},
        "completed": _completion(participant),
        "row": timeline_row(participant, {}, drawings) if participant.rulings else {},
    }


def _completion(participant: Participant) -> dict[str, Any]:
    """Return what somebody has completed, and by what; {} where there is no such day."""
    if participant.completion is None:
        return {}
    day = participant.completed_on
    return {
        "name": participant.registrant.name,
        "mark": "none" if day is None else "met",
        "word": day_phrase(day) if day else "NOT COMPLETED",
        "why": participant.completion.why,
    }


def _told(standing: Standing) -> dict[str, Any]:
    participant = standing.participant
    open_ = [
        each
        for each in participant.rulings
        if each.status is not AttendanceStatus.MET
        and (each.attendance.stays or not participant.counts_in_parts)
    ]
    return {
        "name": participant.registrant.name,
        "email": participant.registrant.email,
        "identity": participant.identity,
        "word": standing.word,
        "mark": mark(standing),
        "said": standing.said,
        "explained": [*map(explain, open_), *_completed(participant)] or [_done(participant)],
    }


def _completed(participant: Participant) -> Iterator[str]:
    """Yield what of the course was done, where that has a day of its own and is not all."""
    if participant.completion is not None and participant.completed_on is None:
        yield participant.completion.why


def _done(participant: Participant) -> str:
    """Say what of somebody is there, where nothing of it is open."""
    registrant = participant.registrant
    fee = {True: "Fee paid.", False: "Fee: no.", None: "Fee: nothing noted."}[registrant.fee_paid]
    dated = (("Evaluation", participant.evaluation), ("Attestation", participant.attestation))
    told = [f"{what}: {'none' if when is None else _written(when)}." for what, when in dated]
    met = len(participant.attended)
    attended = ["Attendance MET."] if participant.rulings else []
    if participant.counts_in_parts:
        attended = [f"{counted(met, 'session')} MET." if met else "No connection in any session."]
    if participant.completion is not None:
        attended.append(participant.completion.why)
    return " ".join((*attended, *told, fee, f"{registrant.place}."))


def _written(moment: date | datetime) -> str:
    return day_phrase(moment.date() if isinstance(moment, datetime) else moment)


def _ready(standing: Standing) -> dict[str, Any]:
    labels = dict.fromkeys(
        each.label for each in standing.participant.rulings if each.status is AttendanceStatus.MET
    )
    reasons = [
        str(override)
        for each in standing.participant.rulings
        for override in ((each.decision,) if each.decision else each.acts)
    ]
    overridden = [each for each in labels if "override" in each]
    return {
        "name": standing.participant.registrant.name,
        "credentials": standing.credentials,
        "label": overridden[0] if overridden else _ready_by(standing.participant, labels),
        "reasons": list(dict.fromkeys(reasons)),
    }


def _ready_by(participant: Participant, labels: Iterable[str]) -> str:
    """Return what makes somebody ready: attendance, in how many sessions, or a day."""
    if participant.completion is not None and participant.completion.day is not None:
        return day_phrase(participant.completion.day)
    if len(participant.attended) < len(participant.rulings):
        return counted(len(participant.attended), "session")
    return next(iter(labels), "MET")
