"""`override`: decisions about the evidence, with who, when and why.

Each is tied to what the last `collect` found, so that it goes stale when that changes.
"""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cecert.cli.options import Actor, actor_name
from cecert.cli.talk import answer, say
from cecert.domain.attendance import Status
from cecert.domain.intervals import Interval
from cecert.domain.overrides import Override, OverrideKind
from cecert.errors import InputError
from cecert.office.collecting import CollectedEvidence, add_override, read_collected

__all__ = ["actual_window", "alias", "decision", "link", "segment", "unlink"]

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


def link(
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


def unlink(
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


def alias(
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


def actual_window(
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


def segment(
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


def decision(
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
