"""What `collect` makes of registrations, reports and lists; nobody is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cecert.domain.course.course import Course
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.clock_checks import Proposal
from cecert.domain.evidence.doubts import doubts
from cecert.domain.evidence.explanation import say_why
from cecert.domain.evidence.matching import Attribution, Connection
from cecert.domain.evidence.overrides import Override, Ruling
from cecert.domain.people.person import License, folded_email
from cecert.domain.values.quick_making import quickly_made
from cecert.errors import Fault

# Who looks for suggestions needs a library; who only tells them does not.
if TYPE_CHECKING:
    from cecert.domain.evidence.completion import Completion
    from cecert.domain.evidence.suggestions import Suggestion

__all__ = [
    "Collection",
    "Held",
    "Participant",
    "Registrant",
    "Report",
    "SourceRecord",
]


@quickly_made
@dataclass(frozen=True, slots=True)
class Registrant:
    """A row of the registrations: the master list.

    Attributes:
        name: As printed, never re-cased.
        email: Where the certificate is mailed.
        participant_id: The registrar's own id, "" where there is none.
        credentials: Credential types asked for.
        licenses: Professional licences.
        fee_paid: None where nobody noted it.
        role: "" or `participant`, else `instructor`, `staff`, `host`.
        further_emails: Other addresses of the registration, by which the person is known too.
        further_ids: Ids of other systems, likewise: a learning platform's.
        place: Where it was read: `registrations.csv: row 12`.
        different_from: Identities or addresses of others of whom somebody made sure that they
            are not this person.
        identity: Who this is: the registrar's id, else the e-mail address, casefolded.
    """

    name: str
    email: str
    participant_id: str = ""
    credentials: tuple[str, ...] = ()
    licenses: tuple[License, ...] = ()
    fee_paid: bool | None = None
    role: str = ""
    further_emails: tuple[str, ...] = ()
    place: str = ""
    different_from: tuple[str, ...] = ()
    further_ids: tuple[str, ...] = ()
    identity: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        folded = folded_email(self.email)
        # Nearly all addresses are folded as they stand: one text is held, not two.
        own = self.email if folded == self.email else folded
        object.__setattr__(self, "identity", self.participant_id or own)


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody handed in, and a person must look at before it counts.

    Attributes:
        purpose: One of `overrides.HELD_PURPOSES`.
        why: What is to be looked at, with both dates where it is early.
        place: Where it stands: `eval.csv: line 3`.
        inputs: Mark of what was handed in, for a decision about it.
        decision: What a person has decided, None while it is open.
        stale: What was decided on something else than stands there now, None without.
    """

    purpose: str
    why: str
    place: str
    inputs: str
    decision: Override | None = None
    stale: Override | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet what is held."""
        return self.decision is None or self.decision.status is AttendanceStatus.REVIEW

    @property
    def status(self) -> AttendanceStatus:
        """REVIEW, or what was decided."""
        decided = None if self.decision is None else self.decision.status
        return decided or AttendanceStatus.REVIEW

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why it is looked at; the first is no sentence of its own, as it follows a colon."""
        told = (f"{self.why} ({self.place})",)
        if self.stale is None:
            return told
        decided = f"{self.stale.by} decided: {self.stale.why.rstrip('.')}"
        return (*told, f"{decided}. What was handed in has changed since.")

    def __str__(self) -> str:
        return f"{self.purpose}: {'. '.join(self.doubts)}"


_BEST_OF_PARTS = (
    AttendanceStatus.REVIEW,
    AttendanceStatus.MET,
    AttendanceStatus.NOT_MET,
    AttendanceStatus.NO_EVIDENCE,
)
"""Of a conference: nobody has to be in every session, and one that is met counts."""

_WORST_FIRST = (
    AttendanceStatus.NOT_MET,
    AttendanceStatus.NO_EVIDENCE,
    AttendanceStatus.REVIEW,
    AttendanceStatus.MET,
)


_NOTHING: Mapping[str, tuple[str, ...]] = {}
"""What is said of nearly everybody."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Participant:
    """Everything known of one registrant.

    Attributes:
        registrant: As registered.
        rulings: One a session, in the course's order.
        evaluation: When the evaluation was completed.
        attestation: When attendance was attested.
        post_test: Score in per cent.
        visible: On camera throughout, by the moderator's note.
        attributions: Every connection that is, or may be, this person's.
        suggestions: Connections of nobody's that somebody should look at.
        held: What was handed in and is, or was, a question.
        unreported: Ids of sessions that no report is of yet: nobody is told anything of them.
        completion: What was done of what the course requires, and when all of it was, where
            each person has a day of completion; None where nobody has.
        identity: The identity the person is known by in the course.
        counts_in_parts: Whether each session counts by itself, as those of a conference do.
        attended: Ids of the sessions met.
        attendance: The worst of its sessions, of a conference the best; MET where there are none.
        review: What a person must look at, "" if nothing.
    """

    registrant: Registrant
    rulings: tuple[Ruling, ...]
    evaluation: date | datetime | None = None
    attestation: date | datetime | None = None
    post_test: Decimal | None = None
    visible: bool | None = None
    attributions: tuple[Attribution, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    held: tuple[Held, ...] = ()
    unreported: frozenset[str] = frozenset()
    completion: Completion | None = None

    identity: str = field(init=False, compare=False, repr=False)
    counts_in_parts: bool = field(init=False, compare=False, repr=False)
    attended: tuple[str, ...] = field(init=False, compare=False, repr=False)
    attendance: AttendanceStatus = field(init=False, compare=False, repr=False)
    review: str = field(init=False, compare=False, repr=False)
    _doubts: Mapping[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)
    _said: Mapping[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Worked out once: list, evidence, report and terminal all ask.
        by_session = {each.attendance.session.id: each for each in self.rulings}
        found = {each.status for each in self.rulings}
        in_parts = any(each.attendance.session.title for each in self.rulings[:1])
        order = _BEST_OF_PARTS if in_parts else _WORST_FIRST
        identity = self.registrant.identity
        open_ = {
            session: doubts(identity, ruling, self.attributions, self.suggestions)
            for session, ruling in by_session.items()
            if ruling.status is AttendanceStatus.REVIEW
        }
        said = {
            session: told
            for session, ruling in by_session.items()
            if session not in self.unreported and (told := say_why(ruling))
        }
        met = [each for each in self.rulings if each.status is AttendanceStatus.MET]
        asked = [f"{session}: {' '.join(told)}" for session, told in open_.items() if told]
        derived = {
            "identity": identity,
            "counts_in_parts": in_parts,
            "attended": tuple([each.attendance.session.id for each in met]),
            "attendance": min(found, key=order.index, default=AttendanceStatus.MET),
            "review": "; ".join([*asked, *(str(each) for each in self.held if each.is_open)]),
            "_doubts": open_ or _NOTHING,
            "_said": said or _NOTHING,
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def completed_on(self) -> date | None:
        """The day on which all that is required was done; None where there is none."""
        return None if self.completion is None else self.completion.day

    @property
    def codes(self) -> tuple[str, ...]:
        """What stands for each session, in the course's order: MET_BY_OVERRIDE."""
        return tuple([each.code for each in self.rulings])

    @property
    def why(self) -> str:
        """What is told of it, for people: what is open, and what the person is told of the rest."""
        said = [sentence for told in self._said.values() for sentence in told]
        return " ".join(filter(None, (self.review, *said)))

    def said(self, ruling: Ruling) -> tuple[str, ...]:
        """Return what the person is told of a session; () while there is no report of it."""
        return self._said.get(ruling.attendance.session.id, ())

    def doubts(self, ruling: Ruling) -> tuple[str, ...]:
        """Say why one of the sessions is in REVIEW, in sentences; () where it is not."""
        return self._doubts.get(ruling.attendance.session.id, ())

    @property
    def status(self) -> AttendanceStatus:
        """The course's result: its attendance, in REVIEW where only something held is open.

        Of self-study, which has none, it is MET once the course was completed.
        """
        if self.attendance is AttendanceStatus.MET and self.review:
            return AttendanceStatus.REVIEW
        if not self.rulings and self.completed_on is None:
            return AttendanceStatus.NO_EVIDENCE
        return self.attendance


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A file that was read.

    Attributes:
        name: Its name, without folders.
        sha256: Of its content, hexadecimal.
        purpose: `registrations`, `attendance`, `evaluation`, ...
        found: What it was recognised as.
        size: In bytes.
    """

    name: str
    sha256: str
    purpose: str
    found: str
    size: int


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything that collecting found, of one course.

    Attributes:
        course: The course.
        participants: Everybody registered, in the registrations' order.
        nobody: Connections that no registrant claims.
        files: What was read, in the order given.
        overrides: Everything that was decided, in the file's order, what was undone included.
        notes: What a person should see, though it stops nothing.
        proposals: Windows to declare, and the like: never applied by themselves.
        session_inputs: Mark of each session's evidence, for `actual_window`.
        unmatched: Evaluations and the like of people who are not registered.
        uncovered: Sessions that no report is of yet, with what is to be done: nobody is
            judged by them, and nothing can be issued.
    """

    course: Course
    participants: Sequence[Participant]
    nobody: tuple[Attribution, ...]
    files: tuple[SourceRecord, ...]
    overrides: tuple[Override, ...]
    notes: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    session_inputs: Mapping[str, str]
    unmatched: tuple[str, ...] = ()
    uncovered: Mapping[str, Fault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """An attendance report, read.

    Attributes:
        file: Which file, and what it was recognised as.
        connections: Its rows, waiting-room rows included.
        occurrence: What tells this meeting from every other, "" where the report does
            not say: meeting id and start.
        zone_stated: The file itself says its zone, so that the plan need not prove it.
        notes: What was understood or missing, for a person.
    """

    file: SourceRecord
    connections: Sequence[Connection]
    occurrence: str = ""
    zone_stated: bool = False
    notes: tuple[str, ...] = ()
