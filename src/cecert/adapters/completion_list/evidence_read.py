"""Reading the evidence file back: what a decision is about, and what it is tied to.

The evidence beside a list: what `collect` found, against what the list says now.

`collect` writes `completions.evidence.json` beside `completions.csv`. Where it stands,
the columns `attended` and `review` are findings, and changing them in a spreadsheet
would leave no trace of who decided and why; `cecert override` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ValidationError

from cecert.adapters.tables.bytes import read_source, unusable
from cecert.domain.decision.completion_record import SessionFinding, Unattended
from cecert.domain.decision.decide import civil_day
from cecert.domain.evidence.attendance import GAPS_NOTE, AttendanceStatus
from cecert.domain.evidence.overrides import HELD_PURPOSES
from cecert.domain.values.wording import joined, other_format
from cecert.errors import InputError

__all__ = ["CollectedEvidence", "CollectedRow", "read_collected", "read_evidence"]

AGAIN = "run cecert collect again, or name its evidence file with --evidence"


class _Row(BaseModel):
    file: str
    line: int
    mark: str
    shown_name: str = ""
    sure: bool = False


class _Ruled(BaseModel):
    session: str
    status: str
    inputs: str
    evidence: list[_Row] = []


class _Suggested(BaseModel):
    session: str
    connections: list[str] = []


class _Held(BaseModel):
    purpose: str
    status: str
    inputs: str


class _Person(BaseModel):
    participant: str
    name: str
    sessions: list[_Ruled]
    held: list[_Held] = []
    suggestions: list[_Suggested] = []


class _Session(BaseModel):
    id: str
    inputs: str


class _Course(BaseModel):
    id: str
    timezone: str
    sessions: list[_Session]


class _Document(BaseModel):
    format: int
    course: _Course
    rows: list[_Person]
    nobody: list[_Row] = []


@dataclass(frozen=True, slots=True)
class CollectedEvidence:
    """What the last `collect` found, as far as decisions need it.

    Attributes:
        zone: The course's.
        people: Name by identity.
        statuses: Status and mark of the evidence, by identity and session id.
        sessions: Mark of all connections to a session, by its id.
        rows: Mark of a connection's row, by `file.csv:44`.
        held: Status and mark of what is or was a question besides, by identity and purpose.
        course: The id of the course that was collected.
        owners: Whose each connection surely is, by its place, with the sessions it counts in.
    """

    zone: ZoneInfo
    people: Mapping[str, str]
    statuses: Mapping[tuple[str, str], tuple[str, str]]
    sessions: Mapping[str, str]
    rows: Mapping[str, str]
    held: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    course: str = ""
    owners: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def participant(self, given: str) -> str:
        """Return the identity meant by an identity or a registered name.

        Raises:
            InputError: If nobody, or more than one, is meant.
        """
        found = [each for each, name in self.people.items() if given in {each, name}]
        if given in self.people or given.casefold() in self.people:
            return given if given in self.people else given.casefold()
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f"{given!r} are several people: {', '.join(found)}")
        raise InputError(f"{given!r} is nobody who registered", hint=_near(given, self.people))

    def session(self, given: str) -> str:
        """Return a session's id.

        Raises:
            InputError: If the course has no such session.
        """
        if given not in self.sessions:
            raise InputError(f"{given!r} is no session", hint=f"one of {', '.join(self.sessions)}")
        return given

    def decided(self, participant: str, given: str) -> tuple[str, str]:
        """Return status and mark of what a decision is about: a session, or something held.

        Raises:
            InputError: If the course has no such session, and nothing of this kind is held.
        """
        if given in HELD_PURPOSES and given not in self.sessions:
            if (participant, given) not in self.held:
                raise InputError(
                    f"no {given} of {participant} is a question",
                    hint="what is in question stands in the column review",
                )
            return self.held[participant, given]
        return self.statuses[participant, self.session(given)]

    def row(self, given: str) -> str:
        """Return the mark of a connection's row.

        Raises:
            InputError: If no report has this row.
        """
        if given not in self.rows:
            raise InputError(
                f"{given!r} is no row of any report", hint="FILE:LINE, such as oct29.csv:44"
            )
        return self.rows[given]

    def loses(self, participant: str, connection: str) -> Iterator[str]:
        """Yield who has met a session with a connection that would become somebody else's.

        Args:
            participant: Whose it becomes.
            connection: `file.csv:44`.
        """
        for owner, sessions in self.owners.get(connection, {}).items():
            met = [each for each in sessions if self.statuses[owner, each][0] == "MET"]
            if owner != participant and met:
                name = self.people[owner]
                yield (
                    f"{connection} is {name}'s, who has met {joined(met)} with it: it is taken "
                    f"from them; if both were there, decide for {name} too"
                )


def _near(given: str, people: Mapping[str, str]) -> str:
    near = get_close_matches(given.casefold(), [*people, *people.values()], n=1)
    return f"did you mean {near[0]}?" if near else "a participant_id, else the address"


def read_collected(path: Path) -> CollectedEvidence:
    """Read an evidence file.

    Raises:
        InputError: If it is missing, or not one that `collect` wrote.
    """
    try:
        document: Any = json.loads(path.read_bytes())
        read = _Document.model_validate(document)
        zone = ZoneInfo(read.course.timezone)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint=AGAIN) from error
    except (ValueError, RecursionError, ValidationError, ZoneInfoNotFoundError) as error:
        raise InputError(f"{path} is no evidence file of collect's", hint=AGAIN) from error
    if read.format != FORMAT:
        raise InputError(f"{path} {other_format(read.format, [FORMAT])}")
    held = [row for person in read.rows for ruled in person.sessions for row in ruled.evidence]
    return CollectedEvidence(
        zone=zone,
        course=read.course.id,
        people={each.participant: each.name for each in read.rows},
        statuses=_statuses(read.rows),
        sessions={each.id: each.inputs for each in read.course.sessions},
        held={
            (person.participant, each.purpose): (each.status, each.inputs)
            for person in read.rows
            for each in person.held
        },
        owners=_owners(read.rows),
        rows={f"{each.file}:{each.line}": each.mark for each in (*held, *read.nobody)},
    )


def _owners(people: Sequence[_Person]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for person in people:
        for ruled in person.sessions:
            for row in ruled.evidence:
                if row.sure:
                    sessions = found.setdefault(f"{row.file}:{row.line}", {})
                    held = sessions.get(person.participant, ())
                    sessions[person.participant] = (*held, ruled.session)
    return found


def _statuses(people: Sequence[_Person]) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (person.participant, ruled.session): (ruled.status, ruled.inputs)
        for person in people
        for ruled in person.sessions
    }


FORMAT = 1
"""The evidence file's format that this cecert reads."""


class _RuledSession(BaseModel):
    session: str
    status: str
    said: list[str] = []
    notes: list[str] = []


class CollectedRow(BaseModel):
    """What `collect` wrote of one participant, as text in the list's own form."""

    participant: str
    attended: str = ""
    review: str = ""
    completed_on: str | None = None
    """None in the evidence of a cecert that knew no day of completion."""
    evaluation: str = ""
    attestation: str = ""
    sessions: list[_RuledSession] = []
    held: list[_Held] = []
    text: str = ""
    """All of it, as JSON: what a certificate's record keeps."""

    @property
    def findings(self) -> tuple[SessionFinding, ...]:
        """What was found of each session not attended; a word nobody knows counts as NOT_MET."""
        known = {each.value: each for each in Unattended}
        found = [(each, each.status.removesuffix("_BY_OVERRIDE")) for each in self.sessions]
        return tuple(
            SessionFinding(
                each.session,
                known.get(word, Unattended.NOT_MET),
                tuple(each.said),
                GAPS_NOTE in each.notes,
            )
            for each, word in found
            if word != AttendanceStatus.MET.value
        )

    @property
    def open_purposes(self) -> frozenset[str]:
        """What was handed in and nobody has decided yet."""
        review = AttendanceStatus.REVIEW.value
        return frozenset(each.purpose for each in self.held if each.status == review)

    def is_dated(self, column: str, moment: date | datetime, zone: ZoneInfo) -> bool:
        """Say whether `collect` found an evaluation or attestation at a moment.

        Args:
            column: `evaluation` or `attestation`.
            moment: As the list has it: a day alone stands there as its midnight.
            zone: The course's.
        """
        text = self.evaluation if column == "evaluation" else self.attestation
        if "T" in text:
            return isinstance(moment, datetime) and datetime.fromisoformat(text) == moment
        return text == civil_day(moment, zone).isoformat()


class _Evidence(BaseModel):
    rows: list[dict[str, Any]]


def read_evidence(path: Path) -> Mapping[str, CollectedRow]:
    """Return what an evidence file says of the rows of its list, by participant.

    Raises:
        InputError: If it cannot be used.
    """
    content = read_source(path).data
    try:
        document: Any = json.loads(content)
        if isinstance(document, dict) and document.get("format") != FORMAT:
            raise unusable(path.name, other_format(document.get("format"), [FORMAT]))
        rows = [_row(each) for each in _Evidence.model_validate(document).rows]
    except (ValueError, RecursionError) as error:
        raise unusable(
            path.name, "is no evidence file of collect's", "run collect again"
        ) from error
    return {each.participant: each for each in rows}


def _row(found: Mapping[str, Any]) -> CollectedRow:
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return CollectedRow.model_validate({**found, "text": text})
