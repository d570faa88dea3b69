"""`override`: decisions about the evidence, with who, when and why.

Each is tied to what the last `collect` found, so that it goes stale when that changes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cecert.cli._output import say
from cecert.cli.override_act import Act, act_of
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.overrides import OverrideKind
from cecert.domain.values.intervals import Interval
from cecert.errors import InputError

__all__ = ["actual_window", "alias", "decision", "link", "segment", "unlink"]

Who = Annotated[
    str, typer.Argument(metavar="PARTICIPANT", help="A participant_id, else the address.")
]
SessionId = Annotated[str, typer.Argument(metavar="SESSION", help="A session's id: day-1.")]
Row = Annotated[str, typer.Argument(metavar="FILE:LINE", help="A connection: oct29.csv:44.")]
Start = Annotated[str, typer.Argument(metavar="START", help="2020-10-22T13:00:00, local.")]
End = Annotated[str, typer.Argument(metavar="END", help="2020-10-22T16:02:00, local.")]


@act_of
def link(act: Act, participant: Who, connection: Row) -> None:
    """Say that a connection is this participant's."""
    _link(act, OverrideKind.LINK, participant, connection)


@act_of
def unlink(act: Act, participant: Who, connection: Row) -> None:
    """Say that a connection is not this participant's."""
    _link(act, OverrideKind.UNLINK, participant, connection)


def _link(act: Act, kind: OverrideKind, participant: str, connection: str) -> None:
    found = act.found()
    who, mark = found.participant(participant), found.row(connection)
    for told in found.loses(who, connection) if kind is OverrideKind.LINK else ():
        say(f"warning: {told}")
    act.add(kind, found, participant=who, connection=connection, inputs=mark)


@act_of
def alias(
    act: Act,
    participant: Who,
    alias: Annotated[str, typer.Argument(metavar="ALIAS", help="A display name, or an address.")],
) -> None:
    """Say that a display name or an address is this participant's in every report."""
    found = act.found()
    act.add(OverrideKind.ALIAS, found, participant=found.participant(participant), alias=alias)


@act_of
def actual_window(act: Act, session: SessionId, start: Start, end: End) -> None:
    """Declare when a session really took place.

    A shorter session may earn fewer hours than the course file says: look at it again.
    """
    found = act.found()
    where, period = found.session(session), _period(start, end, found.zone)
    act.add(
        OverrideKind.ACTUAL_WINDOW, found, session=where, period=period,
        inputs=found.sessions[session],
    )  # fmt: skip
    say("hint: a shorter session may earn fewer hours; look at the course file's hours again")


@act_of
def segment(act: Act, participant: Who, session: SessionId, start: Start, end: End) -> None:
    """Say that a participant was present from then to then, by other proof: a sign-in sheet."""
    found = act.found()
    who, where = found.participant(participant), found.session(session)
    act.add(
        OverrideKind.SEGMENT, found, participant=who, session=where,
        period=_period(start, end, found.zone), inputs=found.statuses[who, where][1],
    )  # fmt: skip


@act_of
def decision(
    act: Act,
    participant: Who,
    session: Annotated[
        str,
        typer.Argument(
            metavar="SESSION",
            help="A session's id; evaluation, attestation, post_test, visible if in review.",
        ),
    ],
    status: Annotated[
        str, typer.Argument(metavar="MET|NOT_MET|REVIEW", help="What the session is for them.")
    ],
) -> None:
    """Decide that a participant meets a session, or does not, whatever the reports say.

    In the place of a session it also takes `evaluation`, `attestation`, `post_test` or
    `visible`, where what was handed in is in review.
    """
    found = act.found()
    who = found.participant(participant)
    old, inputs = found.decided(who, session)
    act.add(
        OverrideKind.DECISION, found, participant=who, session=session,
        status=_status(status), old=old, inputs=inputs,
    )  # fmt: skip


def _status(given: str) -> AttendanceStatus:
    word = given.upper().replace("-", "_").replace(" ", "_")
    if word not in {"MET", "NOT_MET", "REVIEW"}:
        raise InputError(f"{given!r} is no decision", hint="MET, NOT_MET or REVIEW")
    return AttendanceStatus(word)


def _period(start: str, end: str, zone: ZoneInfo) -> Interval:
    first, last = (_instant(each, zone) for each in (start, end))
    if last <= first:
        raise InputError(f"{end} is not later than {start}")
    return Interval(first, last)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        local = datetime.fromisoformat(text)
        aware = local if local.tzinfo else local.replace(tzinfo=zone)
        return aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise InputError(f"{text!r} is no time", hint="such as 2020-10-22T13:00:00") from None
