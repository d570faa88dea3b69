"""The day on which somebody completed a course: that of the last thing that was required.

Of self-study and hybrid courses that day is the credit date, so it is never taken from
anywhere but from what was handed in: the post-test that was passed, the evaluation and the
attestation where they are asked for, and a learning platform's word that the material was
completed where a file of it is given. Who lacks one of them has no day yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from cecert.domain.course.course import ATTENDANCE, Course
from cecert.domain.course.credit_line import Requirements
from cecert.domain.decision.decide import civil_day
from cecert.domain.evidence.done import Done
from cecert.domain.values.wording import day_phrase, hours_figure, joined

__all__ = [
    "MATERIAL",
    "POST_TEST",
    "SESSIONS",
    "Completion",
    "Step",
    "completion_of",
    "marks_asked",
    "passed_on",
]

POST_TEST, MATERIAL, SESSIONS = "post_test", "completed_on", "sessions"
"""What study is shown by, as columns of a list call it; and what hybrid courses have besides."""

_WORDS = {
    SESSIONS: "last session",
    MATERIAL: "completion of the material",
    POST_TEST: "post-test",
    "evaluation": "evaluation",
    "attestation": "attestation",
}
"""What can be required, in the order in which it is told."""


_LACKING = {
    SESSIONS: "not every session attended in full",
    POST_TEST: "no post-test that passes",
}
"""What is said of what is missing, where a part of it may be there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was required and was done.

    Attributes:
        what: `post_test`, `evaluation`, `attestation`, `completed_on` for the material, or
            `sessions` for the last of them.
        day: The civil day at the course.
        place: Where it was read; "" for a session, which the course file plans.
        score: Of a post-test, in per cent.
    """

    what: str
    day: date
    place: str = ""
    score: Decimal | None = None

    def __str__(self) -> str:
        scored = "" if self.score is None else f" passed with {hours_figure(self.score)} per cent"
        read = f" ({self.place})" if self.place else ""
        return f"{_WORDS[self.what]}{scored} on {day_phrase(self.day)}{read}"


@dataclass(frozen=True, slots=True)
class Completion:
    """What somebody has done of what a course requires, and the day on which it was all done.

    Attributes:
        steps: What was done, in the order of its days.
        missing: What was not, by the names of `Step`.
    """

    steps: tuple[Step, ...]
    missing: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day of the last step; None while something is missing."""
        return None if self.missing or not self.steps else self.steps[-1].day

    @property
    def last(self) -> tuple[Step, ...]:
        """The steps of that day: one, or several; () while there is no day."""
        return tuple(each for each in self.steps if each.day == self.day)

    @property
    def why(self) -> str:
        """Say by what the day is that day, each with its place; or what is missing."""
        done = "; ".join(map(str, self.steps))
        if self.day is None:
            lacking = joined([_LACKING.get(each, f"no {_WORDS[each]}") for each in self.missing])
            return f"Not completed: {lacking}." + (f" Done: {done}." if done else "")
        last = joined([f"the {_WORDS[each.what]}" for each in self.last])
        only = "all that" if len(self.steps) == len(self.last) else "the last of what"
        return f"Completed on {day_phrase(self.day)}, by {last}, {only} is required: {done}."


def completion_of(
    course: Course,
    credentials: Sequence[str],
    rows: Mapping[str, Done],
    *,
    with_material: bool,
) -> Completion:
    """Return what somebody has completed, by the rows that count for them.

    There is one day for all credits that the person asks for: that of the last thing which
    those ask for whose requirements are met.

    Args:
        course: One that each person completes on a day of their own.
        credentials: Credential types asked for.
        rows: By what they are of; a post-test counts where it passes. Under `sessions` the last
            of them, for whoever attended all in full.
        with_material: Whether some file says who completed the material: then that is
            required, too.
    """
    each_asks = [
        (_steps_of(each, course, rows), tuple(_missing_of(each, course, rows)))
        for each in _asked(course, credentials, with_material=with_material)
    ]
    met = [steps for steps, missing in each_asks if not missing]
    steps = _together(met or [steps for steps, _ in each_asks])
    if met:
        return Completion(steps)
    lacking = {each for _, missing in each_asks for each in missing}
    return Completion(steps, tuple(each for each in _WORDS if each in lacking))


def marks_asked(course: Course, credentials: Sequence[str]) -> tuple[Decimal, ...]:
    """Return the pass marks that the credits somebody asks for have, the highest first."""
    asked = _requirements(course, credentials)
    return tuple(sorted({each.post_test for each in asked if each.post_test}, reverse=True))


def passed_on(course: Course, credentials: Sequence[str], test: Done | None) -> date | None:
    """Return the day on which somebody passed the post-test, None where they have not.

    Nobody evaluates a course, or attests to it, before that day. A learning platform's word
    on the material is no such day: what it waits for may be the evaluation itself.

    Args:
        course: One that each person completes on a day of their own.
        credentials: Credential types asked for, of whose pass marks the lowest counts.
        test: The test that counts for the person.
    """
    least = marks_asked(course, credentials)[-1:]
    rows = {} if test is None else {POST_TEST: test}
    found = [_step(POST_TEST, mark, course, rows) for mark in least]
    return next((each.day for each in found if each is not None), None)


def _requirements(course: Course, credentials: Sequence[str]) -> list[Requirements]:
    """Return what the credits that somebody asks for require; what all do, if none is offered."""
    found = (course.credit_for(each) for each in credentials or (ATTENDANCE,))
    lines = [each for each in found if each is not None]
    return [each.requirements for each in lines or course.credit_lines]


_Asked = Mapping[str, Decimal | None]
"""What is required, with the pass mark of a post-test."""


def _asked(course: Course, credentials: Sequence[str], *, with_material: bool) -> Iterator[_Asked]:
    for each in _requirements(course, credentials):
        asked: dict[str, Decimal | None] = {}
        if course.sessions:
            asked[SESSIONS] = None
        if with_material:
            asked[MATERIAL] = None
        if each.post_test is not None:
            asked[POST_TEST] = each.post_test
        asked |= dict.fromkeys(
            what for what in ("evaluation", "attestation") if getattr(each, what)
        )
        yield asked


def _steps_of(asked: _Asked, course: Course, rows: Mapping[str, Done]) -> list[Step]:
    found = (_step(what, mark, course, rows) for what, mark in asked.items())
    return [each for each in found if each is not None]


def _missing_of(asked: _Asked, course: Course, rows: Mapping[str, Done]) -> Iterator[str]:
    return (what for what, mark in asked.items() if _step(what, mark, course, rows) is None)


def _step(what: str, mark: Decimal | None, course: Course, rows: Mapping[str, Done]) -> Step | None:
    """Return what was done of one thing, None where it was not, or nothing says when."""
    row = rows.get(what)
    if row is None or row.moment is None:
        return None
    if mark is not None and (row.score is None or row.score < mark):
        return None
    score = row.score if what == POST_TEST else None
    return Step(what, civil_day(row.moment, ZoneInfo(course.timezone)), row.place, score)


def _together(ways: Iterable[Sequence[Step]]) -> tuple[Step, ...]:
    steps = dict.fromkeys(step for way in ways for step in way)
    order = tuple(_WORDS)
    return tuple(sorted(steps, key=lambda each: (each.day, order.index(each.what))))
