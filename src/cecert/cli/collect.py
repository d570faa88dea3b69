"""`collect`: from registrations, reports and surveys to a completion list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date as Day  # noqa: N812 - `date` is the option
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cecert.cli._options import AsJson, Config, Course, open_office, time_zone
from cecert.cli._output import answer_json, plain, progress_bars, say, table
from cecert.cli.decide import list_beside
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Collection, Participant
from cecert.domain.evidence.export import DateOrder
from cecert.domain.evidence.questions import questions_of
from cecert.errors import InputError

if TYPE_CHECKING:
    from cecert.domain.documents.evidence import CollectDocument, ParticipantDocument
    from cecert.office.collect.collect import Collected
    from cecert.office.collect.course_folder import Taken
    from cecert.office.collect.order import CollectOrder

__all__ = ["collect"]

Files = list[Path] | None


def collect(
    course: Course,
    registrations: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The registrations: who may get a certificate."),
    ] = None,
    attendance: Annotated[
        Files, typer.Option(metavar="FILE", help="An attendance report; once for each file.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The completion list to write; completions.csv beside the course's file.",
        ),
    ] = None,
    evaluation: Annotated[
        Files, typer.Option(metavar="FILE", help="The evaluation's responses.")
    ] = None,
    attestation: Annotated[
        Files, typer.Option(metavar="FILE", help="Who attested attendance, and when.")
    ] = None,
    post_test: Annotated[
        Files, typer.Option(metavar="FILE", help="The post-test's scores.")
    ] = None,
    visibility: Annotated[
        Files, typer.Option(metavar="FILE", help="The moderator's camera notes.")
    ] = None,
    payment: Annotated[Files, typer.Option(metavar="FILE", help="Who has paid the fee.")] = None,
    completion: Annotated[
        Files, typer.Option(metavar="FILE", help="Who completed the material, and when.")
    ] = None,
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="Of files that state none; else the course's.")
    ] = "",
    date_order: Annotated[
        DateOrder | None, typer.Option(help="Of files that do not prove theirs.")
    ] = None,
    date: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE=DAY", help="The day of a report of times without dates."),
    ] = None,
    session: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE=SESSION", help="The session that a conference's report is of."),
    ] = None,
    overrides: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Decisions about the evidence.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPORT=TOML", help="Which column is which in one file: an entry of forms.toml."
        ),
    ] = None,
    synonyms: Annotated[
        Files, typer.Option(metavar="TOML", help="Further names of columns of a known format.")
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a completion list from registrations, attendance reports and survey exports.

    Without registrations or reports, everything in files/ beside the course's file is taken,
    each known by its content. Beside the list go the evidence, a report for people, and the
    raw files. Nothing is issued.
    """
    from cecert.office.collect.collect import collect_course, from_folder
    from cecert.office.collect.order import CollectOrder

    office = open_office(config)
    path = office.course_path(course)
    opened = office.course(path)
    by_hand = attendance or (post_test and not opened.sessions)
    by_folder = registrations is None or not by_hand
    zone = time_zone(timezone)
    order = CollectOrder(
        registrations=registrations,
        attendance=tuple(attendance or ()),
        output=output or list_beside(office, path),
        evaluation=tuple(evaluation or ()),
        attestation=tuple(attestation or ()),
        post_test=tuple(post_test or ()),
        visibility=tuple(visibility or ()),
        payment=tuple(payment or ()),
        completion=tuple(completion or ()),
        overrides=overrides,
        timezone="" if zone is None else zone.key,
        date_order=date_order,
        course=path,
        called=str(course) if by_folder else "",
        mappings=_mappings(mapping or []),
        dates=_dates(date or []),
        sessions=_sessions(session or []),
        synonyms=tuple(synonyms or ()),
    )
    taken: tuple[Taken, ...] = ()
    if by_folder:
        order, taken = from_folder(order, opened, office)
        for each in taken:
            say(f"taken: {_taken(each)}")
    _refuse_unused(order, taken)
    with progress_bars() as told:
        collected = collect_course(order, opened, office, told)
    _tell(collected, taken, as_json=as_json)
    if collected.collection.uncovered:
        _stop_so_far(collected)


def _taken(each: Taken) -> str:
    kinds = " and ".join(each.kinds) or "nothing, an option gives another"
    rows = "1 row" if each.rows == 1 else f"{each.rows} rows"
    return f"{each.path.name} as {kinds} ({each.format}, {rows}: {each.why})"


def _stop_so_far(collected: Collected) -> None:
    """Leave with status 1: something that should be there is not, and what can be said was."""
    for each in collected.collection.uncovered.values():
        say(f"{each.place}: {each.problem}")
    say(f"the report so far is {collected.report}; there is no completion list")
    say("hint: put the missing reports into the course's files/, and collect again")
    raise typer.Exit(1)


def _mappings(given: list[str]) -> dict[str, Path]:
    pairs = [each.rpartition("=") for each in given]
    for (export, _, mapping), text in zip(pairs, given, strict=True):
        if not export or not mapping:
            raise InputError(
                f"--mapping {text} names no export", hint="such as --mapping eval.csv=eval.toml"
            )
    return {str(Path(export)): Path(mapping) for export, _, mapping in pairs}


def _dates(given: list[str]) -> dict[str, Day]:
    found = {}
    for text in given:
        path, _, day = text.rpartition("=")
        try:
            found[str(Path(path))] = Day.fromisoformat(day)
        except ValueError:
            path = ""
        if not path:
            raise InputError(
                f"--date {text} is no file and day", hint="such as --date oct22.csv=2020-10-22"
            )
    return found


def _sessions(given: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for text in given:
        path, _, session = text.rpartition("=")
        if not path or not session:
            raise InputError(
                f"--session {text} is no file and session", hint="such as --session grief.csv=grief"
            )
        found[str(Path(path))] = (*found.get(str(Path(path)), ()), session)
    return found


def _refuse_unused(order: CollectOrder, taken: Sequence[Taken]) -> None:
    lists = [path for paths in order.lists().values() for path in paths]
    read = {str(each) for each in (order.registrations, *order.attendance, *lists)}
    read |= {str(each.path) for each in taken}
    named = {"--mapping": order.mappings, "--date": order.dates, "--session": order.sessions}
    for option, files in named.items():
        if unused := sorted(files.keys() - read):
            raise InputError(
                f"{option} {unused[0]}=... is for a file that is not collected",
                hint=f"it is for one of {', '.join(sorted(read))}",
            )


def _tell(collected: Collected, taken: Sequence[Taken], *, as_json: bool) -> None:
    collection = collected.collection
    for note in (*collection.notes, *collection.unmatched):
        say(f"note: {note}")
    zone = ZoneInfo(collection.course.timezone)
    for each in collection.proposals:
        say(f"note: {each}")
        say(f"  {collected.commands.proposed(each, zone)}")
    if as_json:
        answer_json(_document(collected, taken))
    else:
        rows = (_row(each, collection) for each in collection.participants)
        sessions = [each.id for each in collection.course.sessions]
        own_day = ["completed_on"] if collection.course.format.dated_by_person else []
        table(("name", *sessions, *own_day, "why"), rows)
    for path in collected.written:
        if path not in collected.moved:
            say(f"wrote {path}")
    for path in collected.moved:
        say(f"moved the list of before aside: {path}")
    if not collection.uncovered:
        told = collected.headline.rstrip(".")
        say(f"{told[0].lower()}{told[1:]}; nothing was issued")
    _ask(collected)


MOST_ASKED = 10
"""Questions that the terminal asks; the report has all of them."""


def _ask(collected: Collected) -> None:
    """Say each question with the commands that answer it."""
    questions = questions_of(collected.collection)
    for number, each in enumerate(questions[:MOST_ASKED], 1):
        say(plain(f"question {number}: {each.text}"))
        say(plain(f"  {' '.join(each.why)}"))
        for choice in each.answers:
            for act in choice.acts:
                say(plain(f"  {choice.label}: {collected.commands.answer(act)}"))
    if questions:
        asked = "1 question waits" if len(questions) == 1 else f"{len(questions)} questions wait"
        say(f"hint: {asked} for an answer; {collected.report} has the evidence of each")


def _counts(collection: Collection) -> dict[str, int]:
    found = Counter(each.status for each in collection.participants)
    return {each.value: found[each] for each in AttendanceStatus if found[each]}


def _row(participant: Participant, collection: Collection) -> tuple[str, ...]:
    course = collection.course
    sessions = (
        "no report yet" if each.id in collection.uncovered else code
        for each, code in zip(course.sessions, participant.codes, strict=True)
    )
    own_day = []
    if course.format.dated_by_person:
        own_day.append(str(participant.completed_on or "-"))
    return (participant.registrant.name, *sessions, *own_day, participant.why)


def _participant(participant: Participant, sessions: Sequence[str]) -> ParticipantDocument:
    document: ParticipantDocument = {
        "participant": participant.identity,
        "name": participant.registrant.name,
        "status": participant.status.value,
        "attended": list(participant.attended),
        "review": participant.review,
        "sessions": dict(zip(sessions, participant.codes, strict=True)),
    }
    if (completion := participant.completion) is not None:
        day = completion.day
        document["completed_on"] = None if day is None else day.isoformat()
        document["completion"] = completion.why
    return document


def _document(collected: Collected, taken: Sequence[Taken]) -> CollectDocument:
    collection = collected.collection
    sessions = [each.id for each in collection.course.sessions]
    return {
        "course": collection.course.id,
        "participants": [_participant(each, sessions) for each in collection.participants],
        "nobody": [each.connection.place for each in collection.nobody],
        "questions": [each.text for each in questions_of(collection)],
        "notes": [
            *collection.notes,
            *map(str, collection.proposals),
            *collection.unmatched,
        ],
        "written": [str(each) for each in collected.written],
        "counts": _counts(collection),
        "files": [
            {
                "file": str(each.path),
                "kinds": list(each.kinds),
                "format": each.format,
                "rows": each.rows,
                "why": each.why,
            }
            for each in taken
        ],
        "uncovered": list(collection.uncovered),
    }
