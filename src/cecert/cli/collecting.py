"""`collect` and `override`: from exports to a completion list, and decisions about them."""

from __future__ import annotations

import shlex
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from cecert.cli.options import Actor, AsJson, Config, Course, actor_name, open_office
from cecert.cli.talk import answer, answer_json, say, table
from cecert.domain.attendance import Status
from cecert.domain.collection import Collection, Participant
from cecert.domain.evidence import DateOrder
from cecert.domain.intervals import Interval
from cecert.domain.overrides import Override, OverrideKind
from cecert.domain.questions import questions_of
from cecert.errors import InputError
from cecert.office.collecting import (
    Collected,
    CollectedEvidence,
    CollectOrder,
    add_override,
    collect_course,
    read_collected,
)

__all__ = [
    "collect",
    "override_actual_window",
    "override_alias",
    "override_decision",
    "override_link",
    "override_segment",
    "override_unlink",
]

Files = list[Path] | None


def collect(
    course: Course,
    registrations: Annotated[
        Path, typer.Option(metavar="FILE", help="The registrations: who may get a certificate.")
    ],
    attendance: Annotated[
        list[Path], typer.Option(metavar="FILE", help="An attendance report; once for each file.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The completion list to write.")
    ],
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
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="Of files that state none; else the course's.")
    ] = "",
    date_order: Annotated[
        DateOrder | None, typer.Option(help="Of files that do not prove theirs.")
    ] = None,
    overrides: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Decisions about the evidence.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(metavar="EXPORT=TOML", help="Which column is which in one of the files."),
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a completion list from registrations, attendance reports and survey exports.

    Beside it go the evidence, a report for people, and the raw files. Nothing is issued.
    """
    office = open_office(config)
    opened = office.course(course)
    order = CollectOrder(
        registrations=registrations,
        attendance=tuple(attendance),
        output=output,
        evaluation=tuple(evaluation or ()),
        attestation=tuple(attestation or ()),
        post_test=tuple(post_test or ()),
        visibility=tuple(visibility or ()),
        overrides=overrides,
        timezone=_zone_name(timezone),
        date_order=date_order,
        course=course,
        mappings=_mappings(mapping or []),
    )
    _refuse_unused(order)
    collected = collect_course(order, opened, office)
    _tell(collected, as_json=as_json)


def _mappings(given: list[str]) -> dict[str, Path]:
    pairs = [each.rpartition("=") for each in given]
    for (export, _, mapping), text in zip(pairs, given, strict=True):
        if not export or not mapping:
            raise InputError(
                f"--mapping {text} names no export", hint="such as --mapping eval.csv=eval.toml"
            )
    return {str(Path(export)): Path(mapping) for export, _, mapping in pairs}


def _refuse_unused(order: CollectOrder) -> None:
    lists = [path for paths in order.lists().values() for path in paths]
    read = {str(each) for each in (order.registrations, *order.attendance, *lists)}
    if unused := sorted(order.mappings.keys() - read):
        raise InputError(
            f"--mapping {unused[0]}=... is for a file that is not collected",
            hint=f"it is for one of {', '.join(sorted(read))}",
        )


def _zone_name(given: str) -> str:
    try:
        return ZoneInfo(given).key if given else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"{given!r} is no time zone", hint="an IANA name, such as America/New_York"
        ) from None


def _tell(collected: Collected, *, as_json: bool) -> None:
    collection = collected.collection
    for note in (*collection.notes, *collection.proposals, *collection.unmatched):
        say(f"note: {note}")
    if as_json:
        answer_json(_document(collected))
    else:
        rows = [_row(each, collection) for each in collection.participants]
        sessions = [each.id for each in collection.course.sessions]
        table(("name", *sessions, "review"), rows)
    for path in collected.written:
        say(f"wrote {path}")
    counts = ", ".join(f"{number} {word}" for word, number in _counts(collection).items())
    asked = len(questions_of(collection))
    say(f"{len(collection.participants)} people: {counts}; nothing was issued")
    if asked:
        say(f"hint: {asked} questions wait for an answer in {collected.written[2]}")


def _counts(collection: Collection) -> dict[str, int]:
    found = Counter(each.status for each in collection.participants)
    return {each.value: found[each] for each in Status if found[each]}


def _row(participant: Participant, collection: Collection) -> tuple[str, ...]:
    codes = {each.attendance.session.id: each.code for each in participant.rulings}
    sessions = (codes[each.id] for each in collection.course.sessions)
    return (participant.registrant.name, *sessions, participant.review)


def _document(collected: Collected) -> dict[str, object]:
    collection = collected.collection
    return {
        "course": collection.course.id,
        "participants": [
            {
                "participant": each.identity,
                "name": each.registrant.name,
                "status": each.status.value,
                "attended": list(each.attended),
                "review": each.review,
                "sessions": {it.attendance.session.id: it.code for it in each.rulings},
            }
            for each in collection.participants
        ],
        "nobody": [each.connection.place for each in collection.nobody],
        "questions": [each.text for each in questions_of(collection)],
        "notes": [*collection.notes, *collection.proposals, *collection.unmatched],
        "written": [str(each) for each in collected.written],
        "counts": _counts(collection),
    }


# Overrides

Who = Annotated[
    str, typer.Argument(metavar="PARTICIPANT", help="A participant_id, else the address.")
]
SessionId = Annotated[str, typer.Argument(metavar="SESSION", help="A session's id: day-1.")]
Row = Annotated[str, typer.Argument(metavar="FILE:LINE", help="A connection: oct29.csv:44.")]
Start = Annotated[str, typer.Argument(metavar="START", help="2020-10-22T13:00:00, local.")]
End = Annotated[str, typer.Argument(metavar="END", help="2020-10-22T16:02:00, local.")]
Why = Annotated[str, typer.Option("--why", metavar="REASON", help="The reason, for the record.")]
Reference = Annotated[
    str, typer.Option("--reference", metavar="TEXT", help="Where the proof lies: ticket 17.")
]
Into = Annotated[Path, typer.Option("--overrides", metavar="FILE", help="The file to add to.")]
Evidence = Annotated[
    Path, typer.Option("--evidence", metavar="FILE", help="What the last collect found.")
]
OVERRIDES, EVIDENCE = Path("overrides.toml"), Path("completions.evidence.json")


def override_link(
    participant: Who,
    connection: Row,
    why: Why,
    by: Actor = None,
    reference: Reference = "",
    overrides: Into = OVERRIDES,
    evidence: Evidence = EVIDENCE,
) -> None:
    """Say that a connection is this participant's."""
    _link(OverrideKind.LINK, (participant, connection), (by, why, reference), (overrides, evidence))


def override_unlink(
    participant: Who,
    connection: Row,
    why: Why,
    by: Actor = None,
    reference: Reference = "",
    overrides: Into = OVERRIDES,
    evidence: Evidence = EVIDENCE,
) -> None:
    """Say that a connection is not this participant's."""
    _link(
        OverrideKind.UNLINK, (participant, connection), (by, why, reference), (overrides, evidence)
    )


def override_alias(
    participant: Who,
    alias: Annotated[str, typer.Argument(metavar="ALIAS", help="A display name, or an address.")],
    why: Why,
    by: Actor = None,
    reference: Reference = "",
    overrides: Into = OVERRIDES,
    evidence: Evidence = EVIDENCE,
) -> None:
    """Say that a display name or an address is this participant's in every report."""
    found = read_collected(evidence)
    _add(
        overrides,
        found,
        _made(OverrideKind.ALIAS, by, why, reference, participant=found.participant(participant),
              alias=alias),
    )  # fmt: skip


def override_actual_window(
    session: SessionId,
    start: Start,
    end: End,
    why: Why,
    by: Actor = None,
    reference: Reference = "",
    overrides: Into = OVERRIDES,
    evidence: Evidence = EVIDENCE,
) -> None:
    """Declare when a session really took place.

    A shorter session may earn fewer hours than the course file says: look at it again.
    """
    found = read_collected(evidence)
    act = _made(
        OverrideKind.ACTUAL_WINDOW, by, why, reference, session=found.session(session),
        period=_period(start, end, found.zone), inputs=found.sessions[session],
    )  # fmt: skip
    _add(overrides, found, act)
    say("hint: a shorter session may earn fewer hours; look at the course file's hours again")


def override_segment(
    participant: Who,
    session: SessionId,
    start: Start,
    end: End,
    why: Why,
    by: Actor = None,
    reference: Reference = "",
    overrides: Into = OVERRIDES,
    evidence: Evidence = EVIDENCE,
) -> None:
    """Say that a participant was present from then to then, by other proof: a sign-in sheet."""
    found = read_collected(evidence)
    who, where = found.participant(participant), found.session(session)
    act = _made(
        OverrideKind.SEGMENT, by, why, reference, participant=who, session=where,
        period=_period(start, end, found.zone), inputs=found.statuses[who, where][1],
    )  # fmt: skip
    _add(overrides, found, act)


def override_decision(
    participant: Who,
    session: SessionId,
    status: Annotated[
        str, typer.Argument(metavar="MET|NOT_MET|REVIEW", help="What the session is for them.")
    ],
    why: Why,
    by: Actor = None,
    reference: Reference = "",
    overrides: Into = OVERRIDES,
    evidence: Evidence = EVIDENCE,
) -> None:
    """Decide that a participant meets a session, or does not, whatever the reports say."""
    found = read_collected(evidence)
    who, where = found.participant(participant), found.session(session)
    old, inputs = found.statuses[who, where]
    act = _made(
        OverrideKind.DECISION, by, why, reference, participant=who, session=where,
        status=_status(status), old=old, inputs=inputs,
    )  # fmt: skip
    _add(overrides, found, act)


def _status(given: str) -> Status:
    word = given.upper().replace("-", "_").replace(" ", "_")
    if word not in {"MET", "NOT_MET", "REVIEW"}:
        raise InputError(f"{given!r} is no decision", hint="MET, NOT_MET or REVIEW")
    return Status(word)


def _link(
    kind: OverrideKind,
    about: tuple[str, str],
    who: tuple[str | None, str, str],
    files: tuple[Path, Path],
) -> None:
    found = read_collected(files[1])
    participant, connection = found.participant(about[0]), about[1]
    mark = found.row(connection)
    _add(
        files[0],
        found,
        _made(kind, *who, participant=participant, connection=connection, inputs=mark),
    )


def _made(
    kind: OverrideKind, by: str | None, why: str, reference: str, **about: object
) -> Override:
    if not why.strip():
        raise InputError("an override needs a reason, and this one is blank")
    at = datetime.now(UTC).replace(microsecond=0)
    return Override(
        kind,
        by=actor_name(by),
        at=at,
        why=why.strip(),
        reference=reference.strip(),
        **about,  # type: ignore[arg-type] # by kind
    )


def _period(start: str, end: str, zone: ZoneInfo) -> Interval:
    first, last = (_instant(each, zone) for each in (start, end))
    if last <= first:
        raise InputError(f"{end} is not later than {start}")
    return Interval(first, last)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no time", hint="such as 2020-10-22T13:00:00") from None
    aware = local if local.tzinfo else local.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(microsecond=0)


def _add(overrides: Path, found: CollectedEvidence, override: Override) -> None:
    add_override(overrides, override, found.zone)
    answer(str(overrides))
    say("next: run cecert collect again with " + shlex.join(["--overrides", str(overrides)]))
