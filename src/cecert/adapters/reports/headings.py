"""The page of a report and its top: how many stand where, and what to do next, by urgency.

A page is a template with every value escaped; all reports share one style.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from cecert.adapters.reports.commands import Commands
from cecert.adapters.reports.rows import Rows
from cecert.domain.certificate.certificate import CourseSnapshot
from cecert.domain.certificate.phrases import format_phrase, session_phrases
from cecert.domain.course.course import Course
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.questions import Question
from cecert.domain.evidence.standing import ByState, Standing, State
from cecert.domain.values.wording import MONTHS, day_phrase, either

__all__ = [
    "SECTIONS",
    "counted",
    "counts",
    "due",
    "heading",
    "mark",
    "page",
    "people",
    "pieces",
    "steps",
    "to_do",
]

SECTIONS = {
    State.READY: ("ready", "can have a certificate", "can have a certificate"),
    State.REVIEW: ("decision", "needs your decision", "need your decision"),
    State.UNPROVEN: ("unproven", "needs other proof", "need other proof"),
    State.UNFOUND: (
        "unfound",
        "was not found in the reports",
        "were not found in the reports",
    ),
    State.WAITING: ("waiting", "waits for the participant", "wait for the participant"),
    State.DENIED: ("denied", "gets no certificate", "get no certificate"),
}
"""By where people stand: their section in a report, and what is said of one and of several."""

_PROOF = ("PARTICIPANT", "SESSION", "START", "END")


def page(templates: Path, name: str, **values: object) -> bytes:
    """Return a page as UTF-8 HTML.

    Args:
        templates: The folder of templates.
        name: A template of `report/`.
        values: What it shows; every value is escaped.
    """
    return b"".join(pieces(templates, name, **values))


def pieces(templates: Path, name: str, **values: object) -> Iterator[bytes]:
    """Yield a page as UTF-8 HTML, piece by piece: one of many people is a million of them.

    Args:
        templates: The folder of templates.
        name: A template of `report/`.
        values: What it shows; every value is escaped. An iterator is drawn as it is shown.
    """
    template = _environment(templates / "report").get_template(name)
    return (each.encode() for each in template.generate(**values))


@lru_cache(maxsize=4)
def _environment(folder: Path) -> SandboxedEnvironment:
    """Return what reads the templates of a folder, each of them once for all pages."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # All are ours; a value never gets into them.
    environment.globals |= {
        name: Markup((folder / file).read_text("utf-8"))  # noqa: S704
        for name, file in _SHARED.items()
    }
    state = _states(environment)
    rows = Rows(state, lambda: environment.get_template("drawing.html").module)
    environment.globals |= {"state": state, "present": rows.row}
    return environment


def _states(environment: SandboxedEnvironment) -> Callable[[str, str], Markup]:
    """Return what writes a mark with its word as `drawing.html` does, each once for all people."""

    @lru_cache(maxsize=256)
    def state(kind: str, word: str) -> Markup:
        drawing: Any = environment.get_template("drawing.html").module
        return Markup(drawing.state(kind, word))  # noqa: S704 - a macro's, which has escaped it

    return state


_SHARED = {
    "style": "report.css",
    "script": "report.js",
    "pages_style": "pages.css",
    "search_script": "search.js",
    "dossier_style": "dossier.css",
}


def heading(course: Course) -> dict[str, str]:
    """Return the lines that say which course it is."""
    snapshot = CourseSnapshot.of(course)
    return {
        "title": course.title,
        "id": course.id,
        "when": "; ".join(session_phrases(snapshot)) or "each person on a day of their own",
        "format": format_phrase(snapshot),
        "zone": course.timezone,
    }


def due(course: Course) -> dict[str, str]:
    """Return by when certificates are due; there is no day where each person has their own."""
    if course.format.dated_by_person:
        return {"day": "", "after": counted(course.delivery_days, "day")}
    return {"day": day_phrase(course.due_on), "after": counted(course.delivery_days, "day")}


def by_day(course: Course) -> str:
    """Write until when people may be reminded: `by November 28`; "" where each has their own."""
    if course.format.dated_by_person:
        return ""
    return f"by {MONTHS[course.due_on.month - 1]} {course.due_on.day}"


def counts(by_state: ByState) -> list[dict[str, Any]]:
    """Return the marks and words of each state that somebody is in."""
    return [
        {
            "state": state.value,
            "number": len(by_state[state]),
            "link": f"#{anchor}",
            "label": one if len(by_state[state]) == 1 else many,
            "marks": [mark(by_state[state][0])] * len(by_state[state]),
        }
        for state, (anchor, one, many) in SECTIONS.items()
        if by_state[state]
    ]


def mark(standing: Standing) -> str:
    """Return which mark shows a standing."""
    if standing.state is State.DENIED:
        return "stop"
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
            again += f" {shlex.join(['--overrides', commands.overrides])}"
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
            **_to_do(State.UNPROVEN, len(unproven)),
            "note": "Their report has only first and last times. Where another source shows that "
            "somebody was there throughout, enter it with your name and the reason, and run "
            "collect again. PARTICIPANT is the address or id as registered.",
            "commands": [commands.override("segment", *_PROOF)],
        }
    if unfound := by_state[State.UNFOUND]:
        yield {
            "anchor": "unfound",
            **_to_do(State.UNFOUND, len(unfound)),
            "note": "No report has a connection of theirs. Where they tell the name or address "
            "that the platform showed, enter it with your name and the reason, and run collect "
            "again. "
            "PARTICIPANT is the address or id as registered.",
            "commands": [commands.override("alias", "PARTICIPANT", "SHOWN")],
        }
    if waiting := by_state[State.WAITING]:
        owed = dict.fromkeys(what for each in waiting for what in each.owes)
        yield {
            "anchor": "waiting",
            "link": f"Remind {people(len(waiting))}",
            "rest": by_day(course),
            "note": f"Missing: {either(list(owed))}.{_attended_already(course)} Whom it helps to "
            "ask stands in the .mail-merge.csv beside this page, too.",
            "commands": [f"cecert mail remind {commands.course} {commands.completions}".rstrip()],
        }
    if denied := by_state[State.DENIED]:
        yield {
            "anchor": "denied",
            "link": f"Tell {people(len(denied))}",
            "rest": "why they get no certificate",
            "note": "A sentence to read out stands with each name; read it first.",
            "commands": [commands.tell_denied],
        }


def _attended_already(course: Course) -> str:
    """Say what those who wait have done already; "" of self-study, which nobody attends."""
    if course.format is CourseFormat.CONFERENCE:
        return " All of them attended a session in full."
    return " All of them met attendance." if course.sessions else ""


def to_do(state: State, number: int) -> tuple[str, str]:
    """Return what is to be done about people without evidence: what, and how.

    Args:
        state: UNPROVEN or UNFOUND.
        number: How many they are.
    """
    if state is State.UNPROVEN:
        proof = "such as a sign-in sheet or the moderator's notes"
        return f"Find other proof for {people(number)}", proof
    return f"Ask {people(number)}", "under which name or address they were there"


def _to_do(state: State, number: int) -> dict[str, str]:
    return dict(zip(("link", "rest"), to_do(state, number), strict=True))


def counted(number: int, what: str) -> str:
    """Write a number of things: `1 file`, `6 files`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def people(number: int) -> str:
    """Write a number of people."""
    return "1 person" if number == 1 else f"{number} people"
