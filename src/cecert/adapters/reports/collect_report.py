"""The report of `collect`: what to do next, what to decide, who was there when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cecert.adapters.reports.drawings import by_urgency, panel, question_card, timeline_row
from cecert.adapters.reports.headings import (
    ByState,
    Commands,
    counted,
    counts,
    due,
    heading,
    headline,
    mark,
    page,
    so_far,
    steps,
)
from cecert.adapters.reports.standing import Standing, State, standings_of
from cecert.domain.course.course import Course, NamePolicy
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Collection, Participant
from cecert.domain.evidence.explanation import evidence_lines, explain
from cecert.domain.evidence.questions import Question, questions_of
from cecert.domain.values.durations import exact
from cecert.domain.values.wording import MONTHS, day_phrase

__all__ = ["collection_report"]


MOST_MARKS = 120
"""Most people for whom each has a mark; over it one bar shows the shares."""

FOLDED_FROM, SHOWN_FIRST = 400, 10
"""With so many people, a section folds after its first rows."""


def collection_report(collection: Collection, templates: Path, commands: Commands) -> bytes:
    """Return the report as HTML; the same collection and commands give the same bytes.

    Args:
        collection: What was found.
        templates: The folder of templates.
        commands: What was run, and what the answers' file is called.
    """
    standings = standings_of(collection)
    questions = questions_of(collection)
    asked = {
        each.identity: number
        for number, question in enumerate(questions, 1)
        for each in question.participants
    }
    by_state = {state: [each for each in standings if each.state is state] for state in State}
    return page(
        templates,
        "collect.html",
        course=heading(collection.course),
        headline=so_far(collection) if collection.uncovered else headline(by_state),
        due=due(collection.course),
        counts=counts(by_state),
        marks=len(standings) <= MOST_MARKS,
        total=len(standings),
        steps=list(_steps(collection, by_state, questions, commands)),
        questions=[
            question_card(number, each, collection, commands.course_option)
            for number, each in enumerate(questions, 1)
        ],
        commands=commands,
        unproven=[_person(each, asked) for each in by_state[State.UNPROVEN]],
        waiting=[_person(each, asked) for each in by_state[State.WAITING]],
        denied=[_person(each, asked) for each in by_state[State.DENIED]],
        ready=[_ready(each) for each in by_state[State.READY]],
        panels=[panel(each, collection) for each in collection.course.sessions],
        rows=(
            timeline_row(each, asked, collection) for each in by_urgency(collection.participants)
        ),
        nobody=_nobody(collection),
        nobody_count=len(collection.nobody),
        rule=list(_rule(collection.course)),
        files=collection.files,
        overrides=list(_overrides(collection)),
        notes=[*collection.notes, *collection.proposals],
        unmatched=collection.unmatched,
        folded=len(standings) >= FOLDED_FROM,
        shown_first=SHOWN_FIRST,
        read_from=counted(len(collection.files), "file"),
    )


def _steps(
    collection: Collection,
    by_state: ByState,
    questions: Sequence[Question],
    commands: Commands,
) -> Iterator[dict[str, Any]]:
    if not collection.uncovered:
        yield from steps(by_state, questions, commands, collection.course)
        return
    yield {
        "anchor": "waiting",
        "link": "Collect again",
        "rest": "with the reports of all sessions",
        "note": "; ".join(str(each) for each in collection.uncovered.values()),
        "commands": [commands.collect],
    }


def _person(standing: Standing, asked: Mapping[str, int]) -> dict[str, Any]:
    participant = standing.participant
    open_ = [each for each in participant.rulings if each.status is not AttendanceStatus.MET]
    return {
        "name": participant.registrant.name,
        "word": standing.word,
        "mark": mark(standing),
        "said": standing.said,
        "explained": [explain(each) for each in open_] or [_met(participant)],
        "question": asked.get(participant.identity),
    }


def _met(participant: Participant) -> str:
    registrant = participant.registrant
    fee = {True: "Fee paid.", False: "Fee: no.", None: "Fee: nothing noted."}[registrant.fee_paid]
    dated = (("Evaluation", participant.evaluation), ("Attestation", participant.attestation))
    told = [f"{what}: {'none' if when is None else _written(when)}." for what, when in dated]
    return f"Attendance MET. {' '.join(told)} {fee} {registrant.place}."


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
        "label": overridden[0] if overridden else "MET",
        "reasons": list(dict.fromkeys(reasons)),
    }


def _nobody(collection: Collection) -> Iterator[dict[str, str]]:
    zone = collection.course.sessions[0].start.tzinfo
    for each in collection.nobody:
        connection = each.connection
        stay = connection.stay
        joined_at = stay.joined[0].astimezone(zone)
        left = "no leave time" if stay.left is None else f"{stay.left[1].astimezone(zone):%H:%M:%S}"
        yield {
            "name": connection.shown_name,
            "role": "waiting room" if stay.waiting else connection.role,
            "when": f"{_date(joined_at)}, {joined_at:%H:%M:%S} to {left}",
            "where": evidence_lines([stay]),
        }


def _date(instant: datetime) -> str:
    return f"{MONTHS[instant.month - 1]} {instant.day}"


_LIMITS = {
    "late_join": "late, at the start",
    "early_leave": "gone early, at the end",
    "gap_each": "away at a time",
    "absent_total": "absent in all",
    "jitter": "a gap up to this is a reconnect",
    "jitter_total": "reconnects in all, before they count",
}


def _rule(course: Course) -> Iterator[tuple[str, str]]:
    if course.attendance_rule is not None:
        for name, words in _LIMITS.items():
            yield words, exact(getattr(course.attendance_rule, name))
    decides = course.unique_name is NamePolicy.SURE
    yield "a full name that nobody else has", "decides" if decides else "raises a question"


def _overrides(collection: Collection) -> Iterator[dict[str, str]]:
    names = {each.identity: each.registrant.name for each in collection.participants}
    for each in collection.overrides:
        about = [names.get(each.participant, each.participant), each.session, each.connection]
        yield {
            "kind": each.kind.value.replace("_", " "),
            "about": ", ".join(part for part in (*about, each.alias) if part),
            "new": "" if each.status is None else each.status.value.replace("_", " "),
            "by": each.by,
            "at": f"{each.at:%Y-%m-%d %H:%M} UTC",
            "why": each.why,
            "reference": each.reference,
        }
