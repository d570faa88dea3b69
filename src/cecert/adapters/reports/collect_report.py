"""The report of `collect`: what to do next, what to decide, who was there when."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cecert.adapters.reports.commands import Commands
from cecert.adapters.reports.drawings import by_urgency, panel, question_card, timeline_row
from cecert.adapters.reports.headings import (
    counted,
    counts,
    due,
    heading,
    mark,
    pieces,
    steps,
)
from cecert.adapters.reports.svg import Drawings
from cecert.domain.course.course import Course, NamePolicy
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Collection, Participant
from cecert.domain.evidence.explanation import evidence_lines, explain
from cecert.domain.evidence.overrides import undone_by
from cecert.domain.evidence.questions import questions_of
from cecert.domain.evidence.standing import (
    ByState,
    Standing,
    State,
    by_state,
    headline,
    so_far,
    standings_of,
)
from cecert.domain.values.durations import exact
from cecert.domain.values.wording import MONTHS, day_phrase

__all__ = ["CollectReport", "collection_report"]


MOST_MARKS = 120
"""Most people for whom each has a mark; over it one bar shows the shares."""


_TOLD = (State.UNPROVEN, State.UNFOUND, State.WAITING, State.DENIED)
"""States that say something to everybody in them."""


class CollectReport:
    """What a collection's report says, as its templates show it: plain values by their names.

    Attributes:
        collection: What was found.
        commands: What was run, and what the answers' file is called.
        standing: Everybody, by where they stand.
        questions: What is asked, by its number from 1.
    """

    def __init__(self, collection: Collection, commands: Commands, standing: ByState) -> None:
        """Take what was found, and where everybody stands by it."""
        self.collection = collection
        self.commands = commands
        self.standing = standing
        self.questions = dict(enumerate(questions_of(collection), 1))
        self._drawings = Drawings(collection.course.sessions)
        self._in_parts = collection.course.format is CourseFormat.CONFERENCE
        self._asked = {
            each.identity: number
            for number, question in self.questions.items()
            for each in question.participants
        }

    @cached_property
    def top(self) -> dict[str, Any]:
        """Which course it is, how many stand where, what is to be done next: once for all pages."""
        collection = self.collection
        total = len(collection.participants)
        return {
            "course": heading(collection.course),
            "headline": so_far(collection) if collection.uncovered else headline(self.standing),
            "due": due(collection.course),
            "counts": counts(self.standing),
            "marks": total <= MOST_MARKS,
            "total": total,
            "steps": list(self._steps()),
            "read_from": counted(len(collection.files), "file"),
        }

    def people(
        self,
        standing: ByState,
        rows: Iterable[Participant],
        anchor: Callable[[str], str] = lambda _: "",
    ) -> dict[str, Any]:
        """Return the sections of people, and their rows of the timeline, each drawn as it is shown.

        Args:
            standing: Those whom the sections tell of, by where they stand.
            rows: Those who have a row, in its order.
            anchor: Where links to a person of an identity lead; "" for nowhere.
        """
        sessions, people_ = self.collection.course.sessions, list(rows)
        told = {state.value: [self._person(each) for each in standing[state]] for state in _TOLD}
        found = {each["identity"] for people in told.values() for each in people}
        for each in chain.from_iterable(told.values()):
            each["anchor"] = anchor(each["identity"])
        return {
            **told,
            "ready": [_ready(each) for each in standing[State.READY]],
            "panels": []
            if self._in_parts
            else [panel(each, self._drawings.axis) for each in sessions],
            "in_parts": self._in_parts,
            "own_days": self.collection.course.format.dated_by_person,
            "sessions": len(sessions),
            "completions": list(self._completions(people_, found, anchor)),
            "rows": (
                timeline_row(each, self._asked, self._drawings)
                | {"anchor": "" if each.identity in found else anchor(each.identity)}
                for each in (people_ if sessions else ())
            ),
        }

    def _completions(
        self, people_: Sequence[Participant], told: Container[str], anchor: Callable[[str], str]
    ) -> Iterator[dict[str, Any]]:
        """Yield what each person has completed, and by what; nothing where there is no such day."""
        alone = not self.collection.course.sessions
        for each in people_:
            if each.completion is not None:
                linked = alone and each.identity not in told
                yield {
                    "name": each.registrant.name,
                    "anchor": anchor(each.identity) if linked else "",
                    "mark": "none" if each.completed_on is None else "met",
                    "word": day_phrase(each.completed_on) if each.completed_on else "NOT COMPLETED",
                    "why": each.completion.why,
                    "question": self._asked.get(each.identity),
                }

    def decisions(self) -> dict[str, Any]:
        """Return the questions with what answers them, and whose no connection is."""
        return {
            "questions": [
                question_card(number, each, self._drawings, self.commands)
                for number, each in self.questions.items()
            ],
            "commands": self.commands,
            "nobody": _nobody(self.collection, self.commands),
            "nobody_count": len(self.collection.nobody),
        }

    def record(self) -> dict[str, Any]:
        """Return by what was judged: the rule, the files, what was decided before."""
        collection = self.collection
        return {
            "rule": list(_rule(collection.course)),
            "files": collection.files,
            "overrides": list(_overrides(collection)),
            "notes": collection.notes,
            "proposals": [
                {
                    "sentence": each.sentence,
                    "command": self.commands.proposed(each, _zone(collection)),
                }
                for each in collection.proposals
            ],
            "unmatched": collection.unmatched,
        }

    def _steps(self) -> Iterator[dict[str, Any]]:
        collection = self.collection
        if not collection.uncovered:
            questions = list(self.questions.values())
            yield from steps(self.standing, questions, self.commands, collection.course)
            return
        yield {
            "anchor": "waiting",
            "link": "Collect again",
            "rest": "with the reports of all sessions",
            "note": "; ".join(str(each) for each in collection.uncovered.values()),
            "commands": [self.commands.collect],
        }

    def _person(self, standing: Standing) -> dict[str, Any]:
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
            "question": self._asked.get(participant.identity),
        }


def collection_report(
    collection: Collection,
    templates: Path,
    commands: Commands,
    standing: ByState | None = None,
) -> Iterator[bytes]:
    """Yield the report of a collection as one page; the same collection gives the same bytes.

    Args:
        collection: What was found.
        templates: The folder of templates.
        commands: What was run, and what the answers' file is called.
        standing: Where everybody stands, where the caller knows it already.
    """
    report = CollectReport(collection, commands, standing or by_state(standings_of(collection)))
    return pieces(
        templates,
        "collect.html",
        **report.top,
        **report.decisions(),
        **report.people(report.standing, by_urgency(collection.participants)),
        **report.record(),
        index="",
        registrants=[
            {
                "name": each.registrant.name,
                "identity": each.identity,
                "word": shlex.quote(each.identity),
            }
            for each in collection.participants
        ],
    )


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


def _nobody(collection: Collection, commands: Commands) -> Iterator[dict[str, Any]]:
    zone = _zone(collection)
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
            # A waiting room is no presence: it is nobody's to have.
            "assigning": () if stay.waiting else commands.assigning(connection.place),
        }


def _zone(collection: Collection) -> tzinfo | None:
    return ZoneInfo(collection.course.timezone)


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
    if not course.sessions:
        return
    if course.attendance_rule is not None:
        for name, words in _LIMITS.items():
            yield words, exact(getattr(course.attendance_rule, name))
    decides = course.unique_name is NamePolicy.SURE
    yield "a full name that nobody else has", "decides" if decides else "raises a question"


def _overrides(collection: Collection) -> Iterator[dict[str, str]]:
    names = {each.identity: each.registrant.name for each in collection.participants}
    gone = undone_by(collection.overrides)
    for number, each in enumerate(collection.overrides, 1):
        about = [names.get(each.participant, each.participant), each.session, each.connection]
        about += [f"override {each.undoes}"] if each.undoes else []
        yield {
            "number": str(number),
            "undone": f"undone by {gone[number]}" if number in gone else "",
            "kind": each.kind.value.replace("_", " "),
            "about": ", ".join(part for part in (*about, each.alias) if part),
            "new": "" if each.status is None else each.status.value.replace("_", " "),
            "by": each.by,
            "at": f"{each.at:%Y-%m-%d %H:%M} UTC",
            "why": each.why,
            "reference": each.reference,
        }
