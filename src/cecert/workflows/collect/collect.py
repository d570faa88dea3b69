"""Collecting: registrations, reports and lists become one completion list with its evidence.

Nothing is written here, and the clock decides nothing: the same files give the same
result, whoever collects them and whenever. What cannot be used is refused as a whole,
with every fault; what a person must look at goes on, marked, and is never issued.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cecert.domain.course.course import Course, NamePolicy
from cecert.domain.evidence.attendance import judge
from cecert.domain.evidence.clock_checks import host_proposals
from cecert.domain.evidence.collection import (
    Collection,
    Done,
    Participant,
    Registrant,
    Report,
    SourceRecord,
)
from cecert.domain.evidence.matching import Attribution, Connection, Directory, attribute, link
from cecert.domain.evidence.overrides import Override, OverrideKind, Ruling
from cecert.domain.evidence.rulings import Gathering, rule, sessions_of
from cecert.domain.evidence.suggestions import Suggestion, suggest
from cecert.domain.values.intervals import Interval
from cecert.errors import ConfigurationError, Fault, InputError
from cecert.workflows.collect.checks import (
    course_faults,
    double_exports,
    override_faults,
    registration_faults,
    report_faults,
    unclaimed_reports,
)
from cecert.workflows.collect.lists import Assigned, Lists, assigned, list_faults

__all__ = ["Gathered", "collect", "collect_so_far"]

STEP = 500
"""People judged between two calls of a progress callback."""

Progress = Callable[[int, int], None]
"""Told people judged and people in all."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was read to collect one course.

    Attributes:
        registrants: The registrations, in the file's order.
        reports: Attendance, in the order given.
        lists: Evaluations, attestations, tests and visibility notes.
        overrides: In the file's order.
        files: Every file read, attendance included.
        notes: What the readers want a person to see.
    """

    registrants: tuple[Registrant, ...]
    reports: tuple[Report, ...]
    lists: Lists = field(default_factory=Lists)
    overrides: tuple[Override, ...] = ()
    files: tuple[SourceRecord, ...] = ()
    notes: tuple[str, ...] = ()


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
    ready = _ready(course, gathered, now)
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
    ready = _ready(course, gathered, now)
    _refuse((*ready.faults, *ready.override_faults))
    return _judged(course, ready, progress)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was read, put together and checked.

    Attributes:
        gathered: With the registrants told apart, and notes of it.
        directory: Knows who is registered.
        attributions: The rows of all reports, with whose they are.
        faults, override_faults: What keeps the files from being used together.
        uncovered: Sessions that no report is of.
    """

    gathered: Gathered
    directory: Directory
    attributions: tuple[Attribution, ...]
    faults: tuple[Fault, ...]
    uncovered: Mapping[str, Fault]
    override_faults: tuple[Fault, ...]


def _refuse(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise InputError("the files cannot be used together; nothing was written", faults)


def _ready(course: Course, gathered: Gathered, now: datetime | None) -> _Ready:
    if course.attendance_rule is None:
        raise ConfigurationError(
            f"course {course.id} has no attendance rule",
            hint="write [requirements.attendance] into its file: the limits are the provider's own",
        )
    registrants, told = told_apart(gathered.registrants)
    reports, twice = _once(gathered.reports)
    directory = Directory(
        ((each.identity, each.name, each.email) for each in registrants),
        (each for each in gathered.overrides if each.kind is OverrideKind.ALIAS),
        {each.identity: each.licenses for each in registrants},
    )
    names_decide = course.unique_name is NamePolicy.SURE
    attributions = attribute(_distinct_rows(reports), directory, names_decide=names_decide)
    notes = (*gathered.notes, *told, *twice, *double_exports(reports, course))
    return _Ready(
        replace(gathered, registrants=registrants, notes=notes),
        directory,
        attributions,
        (
            *registration_faults(registrants, course),
            *list_faults(gathered.lists, registrants, directory),
            *report_faults(reports, course),
        ),
        dict(course_faults(reports, course, now)),
        tuple(override_faults(gathered.overrides, course, directory, attributions)),
    )


def _judged(course: Course, ready: _Ready, progress: Progress | None) -> Collection:
    gathered = ready.gathered
    registrants = gathered.registrants
    participants = [each.identity for each in registrants]
    counted = participants if progress is None else _counted(participants, progress)
    rulings = rule(course, ready.attributions, gathered.overrides, counted)
    listed = assigned(gathered.lists, registrants, ready.directory, gathered.overrides, course)
    found = _collection(course, registrants, ready.attributions, rulings, gathered, listed)
    return replace(found, uncovered=ready.uncovered)


def _counted(participants: Sequence[str], progress: Progress) -> Iterator[str]:
    for done, each in enumerate(participants):
        if done % STEP == 0:
            progress(done, len(participants))
        yield each
    progress(len(participants), len(participants))


def told_apart(
    registrants: Iterable[Registrant],
) -> tuple[tuple[Registrant, ...], tuple[str, ...]]:
    """Give people who share an address and have no id of the registrar's one each.

    Returns:
        The registrants, and a note for each address that is shared.
    """
    rows = tuple(registrants)
    holders: dict[str, dict[str, None]] = {}
    for each in rows:
        holders.setdefault(each.identity, {})[each.name] = None
    shared = {identity for identity, names in holders.items() if len(names) > 1}
    apart = tuple(
        replace(each, participant_id=f"{each.identity} {each.name}")
        if each.identity in shared and not each.participant_id
        else each
        for each in rows
    )
    notes = tuple(
        f"{' and '.join(holders[each])} share {each}: each was given a participant_id; better "
        "give them their own in the registrations"
        for each in sorted(shared)
    )
    return apart, notes


def _once(reports: Sequence[Report]) -> tuple[tuple[Report, ...], tuple[str, ...]]:
    """Leave out a file that was given twice."""
    used: dict[str, Report] = {}
    notes = tuple(
        f"{each.file.name} is the same file as {first.file.name}; used once"
        for each in reports
        if (first := used.setdefault(each.file.sha256, each)) is not each
    )
    return tuple(used.values()), notes


def _distinct_rows(reports: Sequence[Report]) -> tuple[Connection, ...]:
    """Return every row once, by time: two exports of one meeting repeat them."""
    rows: dict[str, Connection] = {}
    for each in sorted((row for report in reports for row in report.connections), key=_order):
        rows.setdefault(each.mark, each)
    return tuple(rows.values())


def _order(connection: Connection) -> tuple[object, ...]:
    stay = connection.stay
    return stay.joined, stay.file, stay.line, connection.sha256


def _collection(
    course: Course,
    registrants: Sequence[Registrant],
    attributions: Sequence[Attribution],
    rulings: Mapping[tuple[str, str], Ruling],
    gathered: Gathered,
    listed: Assigned,
) -> Collection:
    overrides = gathered.overrides
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
    held: Mapping[str, list[Attribution]] = defaultdict(list)
    for each in linked:
        for participant in dict.fromkeys(claim.participant for claim in each.claims):
            held[participant].append(each)
    participants = tuple(
        _participant(each, course, rulings, held[each.identity], hints, listed)
        for each in registrants
    )
    evidence = Gathering(course, attributions)
    return Collection(
        course=course,
        participants=participants,
        nobody=tuple(pool),
        files=gathered.files,
        overrides=overrides,
        notes=(
            *gathered.notes,
            *(note for each in gathered.reports for note in each.notes),
        ),
        proposals=host_proposals(course, [each.connection for each in attributions]),
        session_inputs={each.id: evidence.session_inputs(each) for each in course.sessions},
        unmatched=listed.unmatched,
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
    rulings: Mapping[tuple[str, str], Ruling],
    held: Sequence[Attribution],
    hints: Sequence[Suggestion],
    listed: Assigned,
) -> Participant:
    identity = registrant.identity
    mine = tuple(each for each in hints if each.participant == identity)
    evaluation, attestation, test, camera, fee = (
        listed.found.get((identity, purpose), _NOTHING) for purpose in Lists.ALL
    )
    paid = registrant.fee_paid if fee is _NOTHING and not _asked(listed, identity) else fee.noted
    return Participant(
        registrant=replace(registrant, fee_paid=paid),
        rulings=tuple(
            _hinted(
                rulings[identity, session.id], [each for each in mine if each.session == session.id]
            )
            for session in course.sessions
        ),
        evaluation=evaluation.moment,
        attestation=attestation.moment,
        post_test=test.score,
        visible=camera.noted,
        attributions=tuple(held),
        suggestions=mine,
        held=tuple(
            each for each in listed.held.get(identity, ()) if _matters(each.purpose, course)
        ),
    )


def _asked(listed: Assigned, identity: str) -> bool:
    """Say whether somebody's payment is, or was, a question."""
    return any(each.purpose == "fee_paid" for each in listed.held.get(identity, ()))


def _matters(purpose: str, course: Course) -> bool:
    """Say whether any credit of the course asks for it."""
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
