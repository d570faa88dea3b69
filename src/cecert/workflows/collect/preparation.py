"""What was read of a course, put together and checked before anything is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cecert.domain.course.course import Course, NamePolicy
from cecert.domain.evidence.collection import Registrant, Report, SourceRecord
from cecert.domain.evidence.matching import Attributions, Directory, Rows, attribute
from cecert.domain.evidence.overrides import Override, OverrideKind, in_force
from cecert.domain.evidence.rulings import sessions_of
from cecert.errors import ConfigurationError, Fault
from cecert.workflows.collect.checks import (
    course_faults,
    double_exports,
    override_faults,
    registration_faults,
    report_faults,
)
from cecert.workflows.collect.lists import Lists, list_faults, undated_faults
from cecert.workflows.collect.lost_zeros import shortened_ids
from cecert.workflows.collect.names import note_takers, twice_licensed

__all__ = ["Gathered", "Prepared", "prepared", "told_apart"]


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


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was read, put together and checked.

    Attributes:
        gathered: With the registrants told apart, and notes of it.
        directory: Knows who is registered.
        attributions: The rows of all reports, with whose they are.
        overrides: Everything that was decided, undone or not; `gathered` has what holds.
        faults, override_faults: What keeps the files from being used together.
        uncovered: Sessions that no report is of.
    """

    gathered: Gathered
    directory: Directory
    attributions: Attributions
    overrides: tuple[Override, ...]
    faults: tuple[Fault, ...]
    uncovered: Mapping[str, Fault]
    override_faults: tuple[Fault, ...]


def prepared(course: Course, gathered: Gathered, now: datetime | None) -> Prepared:
    """Put together what was read of a course, and name what keeps it from being used.

    Args:
        course: With an attendance rule, where it has sessions.
        gathered: What was read.
        now: For saying that a session without a report, or a day of completion, is still
            ahead; it decides nothing.

    Raises:
        ConfigurationError: If the course has sessions and no attendance rule.
    """
    if course.sessions and course.attendance_rule is None:
        raise ConfigurationError(
            f"course {course.id} has no attendance rule",
            hint="write [requirements.attendance] into its file: the limits are the provider's own",
        )
    overrides = in_force(gathered.overrides)
    registrants, told = told_apart(gathered.registrants)
    reports, twice = _once(gathered.reports)
    # Before the directory is there: each of the two takes memory of its own to be made.
    rows = Rows.by_time(
        [each.connections for each in reports], lambda stay: sessions_of(stay, course.sessions)
    )
    directory = Directory(
        ((each.identity, each.name, each.email) for each in registrants),
        (each for each in overrides if each.kind is OverrideKind.ALIAS),
        {each.identity: each.licenses for each in registrants if each.licenses},
        {each.identity: each.further_emails for each in registrants if each.further_emails},
        {each.identity: each.further_ids for each in registrants if each.further_ids},
    )
    names_decide = course.unique_name is NamePolicy.SURE
    attributions = attribute(rows, directory, names_decide=names_decide)
    shortened = shortened_ids(reports, attributions, directory)
    notes = (
        *gathered.notes, *told, *twice, *double_exports(reports, course, rows),
        *twice_licensed(registrants), *note_takers(reports, rows),
        *(note for each in shortened for note in each.notes),
    )  # fmt: skip
    return Prepared(
        replace(gathered, registrants=registrants, notes=notes, overrides=overrides),
        directory,
        attributions,
        gathered.overrides,
        (
            *registration_faults(registrants, course),
            *list_faults(gathered.lists, directory),
            *report_faults(reports, course),
            *undated_faults(gathered.lists, course, now),
            *(fault for each in shortened for fault in each.faults),
        ),
        dict(course_faults(reports, course, rows, now)),
        tuple(override_faults(overrides, course, directory, attributions)),
    )


def told_apart(
    registrants: Iterable[Registrant],
) -> tuple[tuple[Registrant, ...], tuple[str, ...]]:
    """Give people who share an address and have no id of the registrar's one each.

    Returns:
        The registrants, and a note for each address that is shared.
    """
    rows = tuple(registrants)
    first: dict[str, str] = {}
    shared: dict[str, dict[str, None]] = {}
    for each in rows:
        name = first.setdefault(each.identity, each.name)
        if name != each.name:
            shared.setdefault(each.identity, {name: None})[each.name] = None
    if not shared:
        return rows, ()
    apart = tuple(
        replace(each, participant_id=f"{each.identity} {each.name}")
        if each.identity in shared and not each.participant_id
        else each
        for each in rows
    )
    notes = tuple(
        f"{' and '.join(shared[each])} share {each}: each was given a participant_id; better "
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
