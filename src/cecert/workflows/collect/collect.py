"""Collecting: registrations, reports and lists become one completion list with its evidence.

Nothing is written here, and the clock decides nothing: the same files give the same
result, whoever collects them and whenever. What cannot be used is refused as a whole,
with every fault; what a person must look at goes on, marked, and is never issued.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cecert.domain.course.course import Course
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.attendance import judge
from cecert.domain.evidence.clock_checks import host_proposals
from cecert.domain.evidence.collection import Collection, Participant, Registrant
from cecert.domain.evidence.completion import MATERIAL, SESSIONS, completion_of
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.matching import Attribution, link
from cecert.domain.evidence.overrides import Override, OverrideKind, Ruling
from cecert.domain.evidence.parallel import told_parallel
from cecert.domain.evidence.rulings import Gathering, rule_by, sessions_of
from cecert.domain.evidence.suggestions import Suggestion, suggest
from cecert.domain.values.intervals import Interval
from cecert.errors import Fault, InputError
from cecert.workflows.collect.assignment import Assigned, assigned
from cecert.workflows.collect.checks import unclaimed_reports
from cecert.workflows.collect.lists import Lists
from cecert.workflows.collect.names import spelling_notes
from cecert.workflows.collect.preparation import Gathered, Prepared, prepared
from cecert.workflows.collect.terms import CourseTerms

__all__ = ["Gathered", "collect", "collect_so_far"]

STEP = 500
"""People judged between two calls of a progress callback."""

Progress = Callable[[int, int], None]
"""Told people judged and people in all."""


def collect(
    course: Course,
    gathered: Gathered,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> Collection:
    """Judge everybody who is registered in a course, by all that was read.

    Args:
        course: With an attendance rule.
        gathered: What was read.
        progress: Told how many of how many people are judged.
        now: For saying that a session without a report is still ahead; it decides nothing.

    Raises:
        ConfigurationError: If the course has no attendance rule.
        InputError: If anything that was read cannot be used together; all of it is named.
    """
    ready = prepared(course, gathered, now)
    _refuse((*ready.faults, *ready.uncovered.values(), *ready.override_faults))
    return _judged(course, ready, progress)


def collect_so_far(
    course: Course,
    gathered: Gathered,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> Collection:
    """Judge everybody as `collect` does, where reports of some sessions may still be missing.

    Args:
        course: With an attendance rule.
        gathered: What was read.
        progress: Told how many of how many people are judged.
        now: For saying that a session without a report is still ahead; it decides nothing.

    Returns:
        The collection; its `uncovered` are the sessions without a report.

    Raises:
        ConfigurationError: If the course has no attendance rule.
        InputError: If anything that was read cannot be used together; all of it is named.
    """
    ready = prepared(course, gathered, now)
    _refuse((*ready.faults, *ready.override_faults))
    return _judged(course, ready, progress)


def _refuse(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise InputError("the files cannot be used together; nothing was written", faults)


def _judged(course: Course, ready: Prepared, progress: Progress | None) -> Collection:
    gathered = ready.gathered
    registrants = gathered.registrants
    participants = [each.identity for each in registrants]
    counted = participants if progress is None else _counted(participants, progress)
    evidence = Gathering(course, ready.attributions)
    rulings = rule_by(evidence, gathered.overrides, counted)
    if course.format is CourseFormat.CONFERENCE:
        rulings = told_parallel(rulings)
    session_inputs = {each.id: evidence.session_inputs(each) for each in course.sessions}
    terms = CourseTerms(course, registrants, rulings)
    listed = assigned(gathered.lists, registrants, ready.directory, gathered.overrides, terms)
    del evidence, terms  # of many people they are large, and nobody asks them any more
    found = replace(_collection(course, ready, rulings, listed), session_inputs=session_inputs)
    people = found.participants
    if course.format.dated_by_person:
        people = tuple(_with_completion(people, course, gathered.lists, listed))
    if ready.uncovered:
        people = tuple(replace(each, unreported=frozenset(ready.uncovered)) for each in people)
    return replace(found, participants=people)


def _with_completion(
    people: Sequence[Participant], course: Course, lists: Lists, listed: Assigned
) -> Iterator[Participant]:
    """Yield everybody with what they have completed, by the rows that count."""
    for each in people:
        identity = each.identity
        rows = {what: row for what in Lists.ALL if (row := listed.found.get((identity, what)))}
        if course.sessions and len(each.attended) == len(course.sessions):
            rows[SESSIONS] = Done("", course.sessions[-1].day)
        credentials = each.registrant.credentials
        material = bool(lists.completed_on)
        completion = completion_of(course, credentials, rows, with_material=material)
        yield replace(each, completion=completion)


def _counted(participants: Sequence[str], progress: Progress) -> Iterator[str]:
    for done, each in enumerate(participants):
        if done % STEP == 0:
            progress(done, len(participants))
        yield each
    progress(len(participants), len(participants))


def _collection(
    course: Course,
    ready: Prepared,
    rulings: dict[tuple[str, str], Ruling],
    listed: Assigned,
) -> Collection:
    """Put together what was found; of *rulings* nothing is left, as whoever has one keeps it."""
    gathered, attributions = ready.gathered, ready.attributions
    registrants, overrides = gathered.registrants, gathered.overrides
    linked = link(attributions, overrides)
    pool = [each for each in linked if not each.claims]
    hints = suggest(
        [
            (session.id, each)
            for each in pool
            for session in sessions_of(each.connection.stay, course.sessions)
        ],
        {each.identity: each.name for each in registrants},
        rulings,
    )
    hints = tuple(each for each in hints if not _denied(each, overrides))
    if unclaimed := tuple(unclaimed_reports(gathered.reports, pool, hints)):
        raise InputError("the files cannot be used together; nothing was written", unclaimed)
    held: dict[str, list[Attribution]] = defaultdict(list)
    for each in linked:
        for participant in dict.fromkeys(claim.participant for claim in each.claims):
            held[participant].append(each)
    proposed: Mapping[str, list[Suggestion]] = defaultdict(list)
    for hint in hints:
        proposed[hint.participant].append(hint)
    participants = tuple(
        _participant(
            each,
            course,
            rulings,
            held.pop(each.identity, ()),
            proposed.get(each.identity, ()),
            listed,
        )
        for each in registrants
    )
    spelled = spelling_notes(participants, listed.found)
    return Collection(
        course=course,
        participants=participants,
        nobody=tuple(pool),
        files=gathered.files,
        overrides=ready.overrides,
        # Once, however many options name the file that a note is about.
        notes=tuple(
            dict.fromkeys(
                [
                    *gathered.notes,
                    *spelled,
                    *(note for each in gathered.reports for note in each.notes),
                ]
            )
        ),
        proposals=host_proposals(course, [each.connection for each in attributions]),
        session_inputs={},
        unmatched=listed.unmatched,
        uncovered=ready.uncovered,
    )


def _denied(hint: Suggestion, overrides: Sequence[Override]) -> bool:
    """Say whether somebody has said that these connections are not this person's."""
    rows = {key for each in hint.connections for key in (each.mark, each.place)}
    return any(
        each.kind is OverrideKind.UNLINK
        and each.participant == hint.participant
        and (each.inputs or each.connection) in rows
        for each in overrides
    )


_NOTHING = Done("")


def _participant(
    registrant: Registrant,
    course: Course,
    rulings: dict[tuple[str, str], Ruling],
    held: Sequence[Attribution],
    hints: Sequence[Suggestion],
    listed: Assigned,
) -> Participant:
    identity = registrant.identity
    evaluation, attestation, test, camera, fee, _ = (
        listed.found.get((identity, purpose), _NOTHING) for purpose in Lists.ALL
    )
    paid = registrant.fee_paid if fee is _NOTHING and not _asked(listed, identity) else fee.noted
    return Participant(
        registrant=registrant
        if paid is registrant.fee_paid
        else replace(registrant, fee_paid=paid),
        rulings=tuple(
            _hinted(
                rulings.pop((identity, session.id)),
                [each for each in hints if each.session == session.id],
            )
            for session in course.sessions
        ),
        evaluation=evaluation.moment,
        attestation=attestation.moment,
        post_test=test.score,
        visible=camera.noted,
        attributions=tuple(held),
        suggestions=tuple(hints),
        held=tuple(
            each for each in listed.held.get(identity, ()) if _matters(each.purpose, course)
        ),
    )


def _asked(listed: Assigned, identity: str) -> bool:
    """Say whether somebody's payment is, or was, a question."""
    return any(each.purpose == "fee_paid" for each in listed.held.get(identity, ()))


def _matters(purpose: str, course: Course) -> bool:
    """Say whether any credit of the course asks for it."""
    if purpose == MATERIAL:
        return course.format.dated_by_person
    asked = [course.requirements, *(line.requirements for line in course.credit_lines)]
    return any(getattr(each, purpose.removesuffix("_paid")) for each in asked)


def _hinted(ruling: Ruling, hints: Sequence[Suggestion]) -> Ruling:
    """Judge again with the connections that somebody should look at as possible ones."""
    if not hints:
        return ruling
    attendance = ruling.attendance
    stays = [*attendance.stays, *(stay for each in hints for stay in each.stays)]
    window = Interval(attendance.required.start, attendance.required.end)
    judged = judge(stays, attendance.session, attendance.rule, window)
    return replace(ruling, attendance=judged)
