"""Overrides: what a person decided about the evidence, by whom, when and why.

An override is only ever added; one that was wrong is undone by a further one, so that
both stay visible. Each run of `collect` starts from the raw evidence and
replays them; the rows of the reports are never edited. An override holds a mark of what
it was decided on (`inputs`): where that changed since, it is stale and the question is
open again (docs/spec/attendance.md 8).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache

from cecert.domain.evidence.attendance import Attendance, AttendanceStatus
from cecert.domain.values.intervals import Interval
from cecert.domain.values.quick_making import quickly_made

__all__ = [
    "HELD_PURPOSES",
    "MarkBeginning",
    "Override",
    "OverrideKind",
    "Ruling",
    "in_force",
    "mark_of",
    "row_mark",
    "undo_problem",
    "undone_by",
]

HELD_PURPOSES = ("evaluation", "attestation", "post_test", "visible", "fee_paid", "completed_on")
"""What may be held for a decision; a decision names it in the place of a session."""


class OverrideKind(Enum):
    """What an override does; the values stand in the file."""

    LINK = "link"
    """A connection is this participant's."""
    UNLINK = "unlink"
    """A connection is not this participant's."""
    ALIAS = "alias"
    """A display name or address is this participant's, in every report."""
    ACTUAL_WINDOW = "actual_window"
    """A session really took place from then to then."""
    SEGMENT = "segment"
    """A participant was present from then to then, by other evidence (a sign-in sheet)."""
    DECISION = "decision"
    """The participant meets a session, or does not, whatever the reports say."""
    UNDO = "undo"
    """An earlier override no longer holds; it stays in the file, and so does this."""


_NEEDS = {
    OverrideKind.LINK: ("participant", "connection"),
    OverrideKind.UNLINK: ("participant", "connection"),
    OverrideKind.ALIAS: ("participant", "alias"),
    OverrideKind.ACTUAL_WINDOW: ("session", "period"),
    OverrideKind.SEGMENT: ("participant", "session", "period"),
    OverrideKind.DECISION: ("participant", "session", "status"),
    OverrideKind.UNDO: (),
}


@dataclass(frozen=True, slots=True)
class Override:
    """One act of a person upon the evidence.

    Attributes:
        kind: What it does.
        by: Who.
        at: When it was decided, aware.
        why: The reason, never blank.
        participant: Identity of the participant, "" where none is meant.
        session: Id of the session, "" where none is meant.
        connection: `file.csv:44`, the connection's row when it was decided.
        alias: The display name or address.
        period: From when to when.
        status: What a decision makes of the session.
        reference: Where the evidence for it lies: a ticket, a sheet.
        old: What stood there before, for the record.
        inputs: Mark of what it was decided on; "" ties it to nothing.
        undoes: Number of the override that an undo takes back, from 1 in the file's
            order; 0 in all others.
        place: Where it stands, for messages.
    """

    kind: OverrideKind
    by: str
    at: datetime
    why: str
    participant: str = ""
    session: str = ""
    connection: str = ""
    alias: str = ""
    period: Interval | None = None
    status: AttendanceStatus | None = None
    reference: str = ""
    old: str = ""
    inputs: str = ""
    undoes: int = 0
    place: str = ""

    def __post_init__(self) -> None:
        for name in ("by", "why", *_NEEDS[self.kind]):
            value = getattr(self, name)
            if value is None or (isinstance(value, str) and not value.strip()):
                raise ValueError(f"a {self.kind.value} override needs {name}")
        if self.at.tzinfo is None:
            raise ValueError("an override's time needs an offset")
        if self.status is AttendanceStatus.NO_EVIDENCE:
            raise ValueError("a decision is MET, NOT_MET or REVIEW")
        if (self.kind is OverrideKind.UNDO) is (self.undoes < 1):
            raise ValueError("an undo, and nothing else, needs undoes: a number from 1")

    def is_stale(self, inputs: str) -> bool:
        """Say whether the evidence has changed since it was decided."""
        return self.inputs not in {"", inputs}

    @property
    def mark(self) -> str:
        """Mark of everything it says, by which an undo knows what it undoes."""
        period = self.period and (self.period.start, self.period.end)
        status = self.status and self.status.value
        return mark_of(
            self.kind.value, self.by, self.at.astimezone(UTC), self.why, self.participant,
            self.session, self.connection, self.alias, period, status, self.reference,
            self.old, self.inputs, self.undoes,
        )  # fmt: skip

    def __str__(self) -> str:
        return f"override by {self.by}: {self.why}"


def undone_by(overrides: Sequence[Override]) -> Mapping[int, int]:
    """Return by which override each that no longer holds was undone, both by number from 1.

    An undo that was undone itself undoes nothing: what it took back holds again, unless
    another undo of the same stands.
    """
    gone: dict[int, int] = {}
    for number, each in reversed(list(enumerate(overrides, 1))):
        if each.undoes and number not in gone:
            gone.setdefault(each.undoes, number)
    return gone


def in_force(overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Return the overrides to replay: without those that were undone, and without the undos."""
    gone = undone_by(overrides)
    return tuple(
        each
        for number, each in enumerate(overrides, 1)
        if number not in gone and each.kind is not OverrideKind.UNDO
    )


def undo_problem(undo: Override, before: Sequence[Override]) -> str:
    """Return why an undo cannot be used after those *before* it, "" if it can.

    Args:
        undo: The undo.
        before: Everything that stands in front of it in the file.
    """
    number = undo.undoes
    if number > len(before):
        return f"undoes override {number}, and {len(before)} stand before it"
    if undo.is_stale(before[number - 1].mark):
        return f"undoes an override {number} that says something else now"
    if (by := undone_by(before).get(number)) is not None:
        return f"undoes override {number}, which override {by} has undone already"
    return ""


_FACTS = json.JSONEncoder(ensure_ascii=False, default=str)
"""Made once: a mark is made of every connection."""


def mark_of(*facts: object) -> str:
    """Return a mark of facts: 16 hex digits that change when any of them does.

    >>> mark_of("a", 1) == mark_of("a", 1), mark_of("a", 1) == mark_of("a", 2)
    (True, False)
    """
    # A JSON list, because joined strings can collide: a/b + c, a + b/c.
    return _digits(hashlib.sha256(_FACTS.encode(facts).encode()))


def _digits(digest: hashlib._Hash) -> str:
    return digest.hexdigest()[:16]


class MarkBeginning:
    """The facts that many marks begin with, written once.

    >>> MarkBeginning("a", 1).mark([("f0", True)]) == mark_of("a", 1, [("f0", True)])
    True
    """

    def __init__(self, *facts: object) -> None:
        """Take the facts; there is at least one."""
        self._begun = hashlib.sha256(f"{_FACTS.encode(facts)[:-1]}, ".encode())

    def mark(self, rows: Iterable[tuple[str, bool]]) -> str:
        """Return the mark of these facts, and of rows by their marks and whether they are sure."""
        told = ", ".join([f'["{mark}", {_TRUTH[sure]}]' for mark, sure in rows])
        digest = self._begun.copy()
        digest.update(f"[{told}]]".encode())
        return _digits(digest)


_TRUTH = {True: "true", False: "false"}


def row_mark(
    texts: Sequence[str],
    joined: Bounds,
    left: Bounds | None,
    *,
    waiting: bool,
    within: Sequence[str] = (),
) -> str:
    """Return `mark_of` the facts of a report's row: there are a hundred thousand of them.

    Args:
        texts: Its display name, its address and its platform id.
        joined: Earliest and latest instant of joining.
        left: Likewise of leaving; None where no stamp says so.
        waiting: It was in the waiting room.
        within: Ids of the sessions that its report is of; none where the times alone tell.

    >>> at = datetime(2020, 10, 22, 17, tzinfo=UTC)
    >>> said = ("Ana", "", "7")
    >>> row_mark(said, (at, at), None, waiting=True) == mark_of(*said, (at, at), None, True)
    True
    >>> of = row_mark(said, (at, at), (at, at), waiting=False, within=("day-1",))
    >>> of == mark_of(*said, (at, at), (at, at), False, "day-1")
    True
    """
    words = ", ".join([_string(each) for each in texts])
    left_at = "null" if left is None else _pair(left)
    places = "".join([f", {_string(each)}" for each in within])
    facts = f"[{words}, {_pair(joined)}, {left_at}, {_TRUTH[waiting]}{places}]"
    return _digits(hashlib.sha256(facts.encode()))


Bounds = tuple[datetime, datetime]
"""Earliest and latest instant."""

_string = json.encoder.encode_basestring


# Thousands come and go in the same second of a meeting.
@lru_cache(maxsize=4_096)
def _pair(bounds: Bounds) -> str:
    first, last = bounds
    early = str(first)
    return f'["{early}", "{early if first is last else last}"]'


@quickly_made
@dataclass(frozen=True, slots=True)
class Ruling:
    """What stands for one person in one session: the rule's answer, or a person's.

    Attributes:
        attendance: What the rule says, with the overrides of the evidence replayed.
        decision: The decision that stands instead of the rule's, if there is one.
        acts: The other overrides that touched this evidence: links, segments, windows.
        stale: Overrides whose evidence changed; any makes it REVIEW.
        inputs: Mark of the evidence before any override, for the next decision.
        parallel: Titles of sessions at the same time that the person meets too: of a
            conference only one of them can count, and which is a question.
        status: What follows: MET, NOT_MET, REVIEW or NO_EVIDENCE.
    """

    attendance: Attendance
    decision: Override | None = None
    acts: tuple[Override, ...] = ()
    stale: tuple[Override, ...] = ()
    inputs: str = ""
    parallel: tuple[str, ...] = ()
    status: AttendanceStatus = field(init=False, compare=False)

    def __post_init__(self) -> None:
        decided = None if self.decision is None else self.decision.status
        open_ = self.stale or self.parallel
        status = AttendanceStatus.REVIEW if open_ else decided or self.attendance.status
        object.__setattr__(self, "status", status)

    @property
    def code(self) -> str:
        """The status, and whether a person decided it: MET_BY_OVERRIDE."""
        decided = self.decision is not None and not self.stale and not self.parallel
        return f"{self.status.value}_BY_OVERRIDE" if decided else self.status.value

    @property
    def label(self) -> str:
        """As a person reads it: `MET (override by M. Example)`."""
        word = self.status.value.replace("_", " ")
        authors = dict.fromkeys(each.by for each in self._acting())
        return f"{word} (override by {', '.join(authors)})" if authors else word

    def _acting(self) -> Sequence[Override]:
        if self.stale or self.parallel:
            return ()
        return self.acts if self.decision is None else (self.decision,)

    @property
    def notes(self) -> tuple[str, ...]:
        """The rule's notes, the decision's reason, and what has become stale."""
        decided = () if self.decision is None or self.stale else (str(self.decision),)
        gone = tuple(f"stale, its evidence changed: {each}" for each in self.stale)
        return (*self.attendance.notes, *decided, *gone)
