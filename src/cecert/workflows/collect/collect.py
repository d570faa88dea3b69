"""Collecting: registrations, reports and lists become one completion list with its evidence.

Nothing is written here, and the clock decides nothing: the same files give the same
result, whoever collects them and whenever. What cannot be used is refused as a whole,
with every fault; what a person must look at goes on, marked, and is never issued.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cecert.domain.course.course import Course
from cecert.domain.evidence.clock_checks import host_proposals
from cecert.domain.evidence.collection import Collection, Participant, Registrant
from cecert.domain.evidence.matching import Attribution
from cecert.domain.evidence.overrides import Override, OverrideKind, Ruling
from cecert.domain.evidence.people import People, Waiting
from cecert.domain.evidence.rulings import Bench, Gathering
from cecert.domain.evidence.suggestions import Suggestion, is_settled, suggest
from cecert.errors import Fault, InputError
from cecert.workflows.collect.assignment import assigned
from cecert.workflows.collect.checks import unclaimed_reports
from cecert.workflows.collect.judging import Judging, Rulings
from cecert.workflows.collect.names import handed_names, spelling_note
from cecert.workflows.collect.preparation import Gathered, Prepared, prepared
from cecert.workflows.collect.terms import CourseTerms
from cecert.workflows.collect.unsaid import unsaid_notes

__all__ = ["Aside", "Gathered", "collect", "collect_so_far"]

STEP = 500
"""People judged between two calls of a progress callback."""

TOGETHER = 200
"""People of whom one thing after the other is made: that of all together is quicker."""

Progress = Callable[[int, int], None]
"""Told people judged and people in all."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What is done while people are judged, so that not all of them are held.

    Attributes:
        waiting: Where waits what was told of those who are not held; None to hold everybody.
        judged: Told everybody with their numbers, some at a time, when they are judged; those
            about whom something is open come last.
    """

    waiting: Waiting | None = None
    judged: Callable[[Sequence[tuple[int, Participant]]], None] = lambda _people: None


def collect(
    course: Course,
    gathered: Gathered,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
    aside: Aside | None = None,
) -> Collection:
    """Judge everybody who is registered in a course, by all that was read.

    Args:
        course: With an attendance rule.
        gathered: What was read.
        progress: Told how many of how many people are judged.
        now: For saying that a session without a report is still ahead; it decides nothing.
        aside: What is done beside it for many people.

    Raises:
        ConfigurationError: If the course has no attendance rule.
        InputError: If anything that was read cannot be used together; all of it is named.
    """
    collecting = _Collecting(course, _covered(prepared(course, gathered, now)), aside or Aside())
    return collecting.collection(progress)


def collect_so_far(
    course: Course,
    gathered: Gathered,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
    aside: Aside | None = None,
) -> Collection:
    """Judge everybody as `collect` does, where reports of some sessions may still be missing.

    Args:
        course: With an attendance rule.
        gathered: What was read.
        progress: Told how many of how many people are judged.
        now: For saying that a session without a report is still ahead; it decides nothing.
        aside: What is done beside it for many people.

    Returns:
        The collection; its `uncovered` are the sessions without a report.

    Raises:
        ConfigurationError: If the course has no attendance rule.
        InputError: If anything that was read cannot be used together; all of it is named.
    """
    collecting = _Collecting(course, _usable(prepared(course, gathered, now)), aside or Aside())
    return collecting.collection(progress)


def _usable(ready: Prepared) -> Prepared:
    """Return what can be used together, where a session may be without a report.

    Raises:
        InputError: If it cannot; all of it is named.
    """
    _refuse((*ready.faults, *ready.override_faults))
    return ready


def _covered(ready: Prepared) -> Prepared:
    """Return what can be used together, with a report of every session.

    Raises:
        InputError: If it cannot; all of it is named.
    """
    _refuse((*ready.faults, *ready.uncovered.values(), *ready.override_faults))
    return ready


def _refuse(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise InputError("the files cannot be used together; nothing was written", faults)


class _Collecting:
    """One collection, while it is made; who is registered by which name it knows no more."""

    def __init__(self, course: Course, ready: Prepared, aside: Aside) -> None:
        self._course, self._aside = course, aside
        self._gathered, self._decided = ready.gathered, ready.overrides
        self._registrants, self._overrides = ready.gathered.registrants, ready.gathered.overrides
        self._rows, self._uncovered = ready.attributions.rows, ready.uncovered
        evidence = Gathering(course, ready.attributions)
        bench = Bench(evidence, self._overrides)
        self._linked = bench.linked
        self._inputs = {each.id: evidence.session_inputs(each) for each in course.sessions}
        rulings = Rulings(course, bench)
        lists = ready.gathered.lists
        terms = CourseTerms(course, self._registrants, rulings.of)
        listed = assigned(lists, self._registrants, ready.directory, self._overrides, terms)
        self._unmatched = listed.unmatched
        # While reports are missing, much else has not come in yet either.
        self._unsaid = (
            () if ready.uncovered else tuple(unsaid_notes(lists, self._registrants, course))
        )
        self._judging = Judging(
            course, rulings, self._linked, listed, frozenset(ready.uncovered),
            with_material=bool(lists.completed_on),
        )  # fmt: skip
        self._names = handed_names(listed.found)
        self._spelled: dict[int, str] = {}
        judged = partial(_judged, self._judging, self._registrants)
        self._people = People(self._registrants, judged, aside.waiting)

    def collection(self, progress: Progress | None) -> Collection:
        """Judge everybody, those last about whom connections of nobody's may say something."""
        open_: dict[tuple[str, str], Ruling] = {}
        waiting: list[int] = []
        for begun in range(0, len(self._registrants), TOGETHER):
            settled = []
            for number, identity in enumerate(self._counted(begun, progress), begun):
                rulings = self._judging.rulings(identity)
                if all(map(is_settled, rulings)):
                    settled.append((number, rulings))
                else:
                    waiting.append(number)
                    open_ |= {(identity, it.attendance.session.id): it for it in rulings}
            self._take(settled)
        if progress is not None:
            progress(len(self._registrants), len(self._registrants))
        pool = self._suggest(open_)
        for begun in range(0, len(waiting), TOGETHER):
            some = waiting[begun : begun + TOGETHER]
            self._take([(each, self._rulings_in(open_, each)) for each in some])
        return self._found(pool)

    def _rulings_in(
        self, found: Mapping[tuple[str, str], Ruling], number: int
    ) -> tuple[Ruling, ...]:
        identity = self._registrants[number].identity
        return tuple(found[identity, each.id] for each in self._course.sessions)

    def _counted(self, begun: int, progress: Progress | None) -> Iterator[str]:
        """Go through the next identities, and tell how many people are judged."""
        people = self._registrants
        for number in range(begun, min(begun + TOGETHER, len(people))):
            if progress is not None and number % STEP == 0:
                progress(number, len(people))
            yield people[number].identity

    def _take(self, judged: Sequence[tuple[int, tuple[Ruling, ...]]]) -> None:
        """Take some people who were judged; they are told one after the other, each by all."""
        people = [
            (number, self._judging.person(self._registrants[number], rulings))
            for number, rulings in judged
        ]
        for number, person in people:
            if note := spelling_note(person, self._names.get(person.identity, ())):
                self._spelled[number] = note
        self._aside.judged(people)
        self._people.take(people)

    def _suggest(self, open_: Mapping[tuple[str, str], Ruling]) -> tuple[Attribution, ...]:
        """Find whose the connections of nobody's may be, and return these.

        Raises:
            InputError: If no row of a report is, or may be, anybody's.
        """
        nobodys = tuple(self._linked.nobodys())
        hints = suggest(
            [(session.id, each) for each, sessions in nobodys for session in sessions],
            {each.identity: each.name for each in self._registrants},
            open_,
        )
        hints = tuple(each for each in hints if not _denied(each, self._overrides))
        pool = tuple(each for each, _ in nobodys)
        if unclaimed := tuple(unclaimed_reports(self._gathered.reports, pool, hints)):
            raise InputError("the files cannot be used together; nothing was written", unclaimed)
        proposed: Mapping[str, list[Suggestion]] = defaultdict(list)
        for hint in hints:
            proposed[hint.participant].append(hint)
        self._judging.proposed = proposed
        return pool

    def _found(self, pool: tuple[Attribution, ...]) -> Collection:
        gathered = self._gathered
        return Collection(
            course=self._course,
            participants=self._people,
            nobody=pool,
            files=gathered.files,
            overrides=self._decided,
            # Once, however many options name the file that a note is about.
            notes=tuple(
                dict.fromkeys(
                    [
                        *gathered.notes,
                        *(self._spelled[each] for each in sorted(self._spelled)),
                        *(note for each in gathered.reports for note in each.notes),
                        *self._unsaid,
                    ]
                )
            ),
            proposals=host_proposals(self._course, self._rows),
            session_inputs=self._inputs,
            unmatched=self._unmatched,
            uncovered=self._uncovered,
        )


def _judged(judging: Judging, registrants: Sequence[Registrant], number: int) -> Participant:
    registrant = registrants[number]
    return judging.person(registrant, judging.rulings(registrant.identity))


def _denied(hint: Suggestion, overrides: Sequence[Override]) -> bool:
    """Say whether somebody has said that these connections are not this person's."""
    rows = {key for each in hint.connections for key in (each.mark, each.place)}
    return any(
        each.kind is OverrideKind.UNLINK
        and each.participant == hint.participant
        and (each.inputs or each.connection) in rows
        for each in overrides
    )
