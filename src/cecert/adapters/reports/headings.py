"""The page of a report and its top: how many stand where, and what to do next, by urgency.

A page is a template with every value escaped; all reports share one style.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from cecert.adapters.reports.standing import Standing, State
from cecert.domain.course.course import Course
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Collection
from cecert.domain.evidence.questions import Question
from cecert.domain.values.wording import MONTHS, clock_phrase, dates_phrase, day_phrase, joined

__all__ = [
    "ByState",
    "Commands",
    "counted",
    "counts",
    "due",
    "either",
    "heading",
    "headline",
    "mark",
    "page",
    "people",
    "so_far",
    "steps",
]

ByState = Mapping[State, Sequence[Standing]]

_SECTIONS = {
    State.READY: ("ready", "can have a certificate", "can have a certificate"),
    State.REVIEW: ("decision", "needs your decision", "need your decision"),
    State.UNPROVEN: ("unproven", "needs other proof", "need other proof"),
    State.WAITING: ("waiting", "waits for the participant", "wait for the participant"),
    State.DENIED: ("denied", "gets no certificate", "get no certificate"),
}

_PROOF = "cecert override segment PARTICIPANT SESSION START END --why REASON"


@dataclass(frozen=True, slots=True)
class Commands:
    """What was run and what can be run next.

    Attributes:
        collect: As it was run.
        course: The course file, as named.
        completions: The completion list, as named; "" where it lies beside the course.
        overrides: The overrides' file, as named or as it would be called.
        overrides_text: What stands in that file, for the answers to follow.
        course_option: Where the course's folder holds all of it: `--course mbt-2020-10`.
    """

    collect: str = "cecert collect course.toml"
    course: str = "course.toml"
    completions: str = "completions.csv"
    overrides: str = "overrides.toml"
    overrides_text: str = ""
    course_option: str = ""

    @property
    def where(self) -> str:
        """The options of `override` that say where it belongs."""
        return self.course_option or f"--overrides {self.overrides}"


def page(templates: Path, name: str, **values: object) -> bytes:
    """Return a page as UTF-8 HTML.

    Args:
        templates: The folder of templates.
        name: A template of `report/`.
        values: What it shows; every value is escaped.
    """
    folder = templates / "report"
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (folder / "report.css").read_text("utf-8")
    script = (folder / "report.js").read_text("utf-8")
    # Both are ours; a value never gets into them.
    pieces = environment.get_template(name).generate(
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        **values,
    )
    # Piece by piece: a page of many people is a million of them.
    content = bytearray()
    for each in pieces:
        content += each.encode()
    return bytes(content)


def heading(course: Course) -> dict[str, str]:
    """Return the lines that say which course it is."""
    spans = dict.fromkeys(clock_phrase(each.start, each.end) for each in course.sessions)
    return {
        "title": course.title,
        "id": course.id,
        "when": f"{dates_phrase(course.days)}, {joined(list(spans))}",
        "zone": course.timezone,
    }


def so_far(collection: Collection) -> str:
    """Return what is said instead of the counts while reports of sessions are missing."""
    days = [
        f"{each.id} ({day_phrase(each.day)})"
        for each in collection.course.sessions
        if each.id in collection.uncovered
    ]
    return f"This is the report so far: there is no report of {joined(days)} yet."


def headline(by_state: ByState) -> str:
    """Return the one sentence with the counts."""
    ready, total = len(by_state[State.READY]), sum(map(len, by_state.values()))
    review, unproven, waiting, denied = (
        len(by_state[each]) for each in (State.REVIEW, State.UNPROVEN, State.WAITING, State.DENIED)
    )
    if ready == total:
        return f"All {total} people can have their certificate now. Nothing is left to decide."
    owed = dict.fromkeys(what for each in by_state[State.WAITING] for what in each.owes)
    parts = [
        f"{review} need{'s' if review == 1 else ''} your decision" if review else "",
        f"{unproven} need{'s' if unproven == 1 else ''} proof from another source"
        if unproven
        else "",
        f"{waiting} still owe{'s' if waiting == 1 else ''} {either(list(owed))}" if waiting else "",
        f"{denied} cannot get one" if denied else "",
    ]
    rest = [each for each in parts if each]
    told = rest[0] if len(rest) == 1 else f"{', '.join(rest[:-1])}, and {rest[-1]}"
    return f"{ready} of {total} people can have their certificate now. {told}."


def due(course: Course) -> dict[str, str]:
    """Return by when certificates are due."""
    return {"day": day_phrase(course.due_on), "after": counted(course.delivery_days, "day")}


def counts(by_state: ByState) -> list[dict[str, Any]]:
    """Return the marks and words of each state that somebody is in."""
    return [
        {
            "state": state.value,
            "number": len(by_state[state]),
            "anchor": anchor,
            "label": one if len(by_state[state]) == 1 else many,
            "marks": [mark(each) for each in by_state[state]],
        }
        for state, (anchor, one, many) in _SECTIONS.items()
        if by_state[state]
    ]


def mark(standing: Standing) -> str:
    """Return which mark shows a standing."""
    if standing.state is State.DENIED:
        return "none" if standing.participant.status is AttendanceStatus.NO_EVIDENCE else "stop"
    marks = {State.READY: "met", State.REVIEW: "review", State.WAITING: "wait"}
    return marks.get(standing.state, "none")


def steps(
    by_state: ByState,
    questions: Sequence[Question],
    commands: Commands,
    course: Course,
) -> Iterator[dict[str, Any]]:
    """Yield what to do next, the most urgent first.

    Args:
        by_state: Everybody, by where they stand; every state is a key.
        questions: What is asked; while there are some, issuing waits for the answers.
        commands: What was run, from which the next commands are made.
        course: Says by when certificates are due.
    """
    issue = [
        f"cecert issue {commands.course} {commands.completions}".rstrip(),
        f"cecert deliver --course {course.id} --expect N",
    ]
    if questions:
        again = commands.collect
        if "--overrides" not in again and not commands.course_option:
            again += f" --overrides {commands.overrides}"
        asked = {each.identity for question in questions for each in question.participants}
        yield {
            "anchor": "decision",
            "link": f"Answer {counted(len(questions), 'question')}",
            "rest": f"about {people(len(asked))}",
            "note": "Save the answers beside course.toml, then run these. "
            "N is the number that issue prints.",
            "commands": [again, *issue],
        }
    elif by_state[State.READY]:
        yield {
            "anchor": "ready",
            "link": f"Issue {counted(len(by_state[State.READY]), 'certificate')}",
            "rest": "",
            "note": "Nothing is left to decide. N is the number that issue prints.",
            "commands": issue,
        }
    if unproven := by_state[State.UNPROVEN]:
        yield {
            "anchor": "unproven",
            "link": f"Find other proof for {people(len(unproven))}",
            "rest": "such as a sign-in sheet or the moderator's notes",
            "note": "Their report has only first and last times. Where another source shows that "
            "somebody was there throughout, enter it with your name and the reason, and run "
            "collect again. PARTICIPANT is the address or id as registered.",
            "commands": [f"{_PROOF} {commands.where}"],
        }
    if waiting := by_state[State.WAITING]:
        owed = dict.fromkeys(what for each in waiting for what in each.owes)
        yield {
            "anchor": "waiting",
            "link": f"Remind {people(len(waiting))}",
            "rest": f"by {MONTHS[course.due_on.month - 1]} {course.due_on.day}",
            "note": f"Missing: {either(list(owed))}. All of them met attendance.",
            "commands": [],
        }
    if denied := by_state[State.DENIED]:
        yield {
            "anchor": "denied",
            "link": f"Tell {people(len(denied))}",
            "rest": "why they get no certificate",
            "note": "A sentence to read out stands with each name.",
            "commands": [],
        }


def counted(number: int, what: str) -> str:
    """Write a number of things: `1 file`, `6 files`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def people(number: int) -> str:
    """Write a number of people."""
    return "1 person" if number == 1 else f"{number} people"


def either(parts: Sequence[str]) -> str:
    """Join as a choice: `an evaluation or a fee`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
