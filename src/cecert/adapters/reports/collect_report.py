"""The report of `collect`: what to do next, what to decide, who was there when."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cecert.adapters.reports.commands import Commands
from cecert.adapters.reports.drawings import by_urgency, panel, question_card
from cecert.adapters.reports.drawn import TOLD, Drawn, drawn_of
from cecert.adapters.reports.headings import (
    counted,
    counts,
    due,
    heading,
    pieces,
    steps,
)
from cecert.adapters.reports.svg import Drawings
from cecert.domain.course.course import Course, NamePolicy
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.collection import Collection, Participant
from cecert.domain.evidence.explanation import evidence_lines
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
from cecert.domain.values.wording import MONTHS

__all__ = ["CollectReport", "collection_report"]


MOST_MARKS = 120
"""Most people for whom each has a mark; over it one bar shows the shares."""


class CollectReport:
    """What a collection's report says, as its templates show it: plain values by their names.

    Attributes:
        collection: What was found.
        commands: What was run, and what the answers' file is called.
        standing: Everybody, by where they stand.
        questions: What is asked, by its number from 1.
    """

    def __init__(
        self,
        collection: Collection,
        commands: Commands,
        standing: ByState,
        drawn: Callable[[Standing], Drawn] | None = None,
    ) -> None:
        """Take what was found.

        Args:
            collection: It.
            commands: What was run, and what the answers' file is called.
            standing: Where everybody stands.
            drawn: Returns what is shown of somebody, where it was drawn before.
        """
        self.collection = collection
        self.commands = commands
        self.standing = standing
        self.questions = dict(enumerate(questions_of(collection), 1))
        self._drawings = Drawings(collection.course.sessions)
        self._drawn = drawn or partial(drawn_of, drawings=self._drawings)
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
        drawn = {
            each.participant.identity: self._drawn(each)
            for each in chain.from_iterable(standing.values())
        }
        told = {
            state.value: [drawn[each.participant.identity]["told"] for each in standing[state]]
            for state in TOLD
        }
        for each in chain.from_iterable(told.values()):
            each["question"] = self._asked.get(each["identity"])
            each["anchor"] = anchor(each["identity"])
        found = {each["identity"] for people in told.values() for each in people}
        return {
            **told,
            "ready": [drawn[each.participant.identity]["ready"] for each in standing[State.READY]],
            "panels": []
            if self._in_parts
            else [panel(each, self._drawings.axis) for each in sessions],
            "in_parts": self._in_parts,
            "own_days": self.collection.course.format.dated_by_person,
            "sessions": len(sessions),
            "completions": [
                completed
                | {
                    "anchor": anchor(each.identity)
                    if not sessions and each.identity not in found
                    else "",
                    "question": self._asked.get(each.identity),
                }
                for each in people_
                if (completed := drawn[each.identity]["completed"])
            ],
            "rows": (
                drawn[each.identity]["row"]
                | {
                    "question": self._asked.get(each.identity),
                    "anchor": "" if each.identity in found else anchor(each.identity),
                }
                for each in (people_ if sessions else ())
            ),
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
    asked = {each.participant for each in collection.overrides}
    named = (each.registrant for each in collection.participants) if asked else ()
    names = {each.identity: each.name for each in named if each.identity in asked}
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
