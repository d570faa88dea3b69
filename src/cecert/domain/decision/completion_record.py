"""Completion records: the evidence about one participant in one course."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from cecert.argument_types import typed
from cecert.domain.people.person import License, email_problems, folded_email, name_problems
from cecert.errors import WrongValueError

__all__ = ["CompletionRecord", "SessionFinding", "Unattended"]

CANDIDATE_ROLES = frozenset({"", "participant"})
KNOWN_ROLES = CANDIDATE_ROLES | {"instructor", "staff", "host"}


class Unattended(Enum):
    """How a session was found that somebody did not surely attend; the evidence's words.

    Threads may share it.
    """

    NOT_MET = "NOT_MET"
    NO_EVIDENCE = "NO_EVIDENCE"
    REVIEW = "REVIEW"


@dataclass(frozen=True, slots=True)
class SessionFinding:
    """What `collect` found of one session that somebody did not surely attend.

    Threads may share it.

    Attributes:
        session: Its id.
        status: How it was found.
        said: What the person is told about it; () while it is in REVIEW.
        gaps_hidden: Its report shows no gaps, so that it proves no presence; another source may.
    """

    session: str
    status: Unattended
    said: tuple[str, ...] = ()
    gaps_hidden: bool = False


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """What is known of one participant; a row of `completions.csv`. Threads may share it.

    Attributes:
        name: As printed, never re-cased, NFC.
        email: Where the certificate is mailed.
        credentials: Credential types asked for; empty means `attendance`.
        attended: Ids of the sessions attended in full.
        participant_id: The registrar's own id, "" where there is none.
        licenses: Professional licences to print.
        visible: On camera throughout; None where nobody noted it.
        completed_on: The civil day at the course on which it was completed, where each person
            has a day of their own; None where they have not.
        evaluation: When the evaluation was completed, None if it was not.
        attestation: When attendance was attested, None if it was not.
        post_test: Score in per cent, None without a test.
        fee_paid: None where nobody noted it.
        role: "" or `participant`; others are not candidates unless the course says so.
        review: What a person must still decide; "" if nothing.
        place: Where the record was read, for messages: `row 17`.
        evidence: What `collect` found behind it, as JSON; "" for a list made by hand.
        findings: What `collect` found of each session not attended; () for a list made by hand.
        held: What was handed in and is still looked at: `evaluation`, `attestation`,
            `post_test`, `visible`, `fee_paid`.
        different_from: Identities or addresses of others of whom somebody made sure that they
            are not this person, though name or licence is the same.
        identity: Who this is: the registrar's id, else the e-mail address, casefolded.
    """

    name: str
    email: str
    credentials: tuple[str, ...] = ()
    attended: frozenset[str] = frozenset()
    participant_id: str = ""
    licenses: tuple[License, ...] = ()
    visible: bool | None = None
    evaluation: date | datetime | None = None
    attestation: date | datetime | None = None
    post_test: Decimal | None = None
    fee_paid: bool | None = None
    role: str = ""
    review: str = ""
    place: str = ""
    evidence: str = ""
    findings: tuple[SessionFinding, ...] = ()
    held: frozenset[str] = frozenset()
    different_from: tuple[str, ...] = ()
    completed_on: date | None = None
    identity: str = field(init=False, compare=False)

    @typed
    def __post_init__(self) -> None:
        if problems := name_problems(self.name):
            raise WrongValueError(f"name {self.name[:80]!r} {problems[0]}")
        if unmailable := email_problems(self.email):
            raise WrongValueError(f"email {self.email[:80]!r} {unmailable[0]}")
        if len(set(self.credentials)) != len(self.credentials):
            raise WrongValueError("a credential type is asked for twice")
        for moment in (self.evaluation, self.attestation):
            if moment is not None and not _is_usable(moment):
                raise WrongValueError(f"{moment} is no instant with a zone, or of no such year")
        object.__setattr__(self, "identity", self.participant_id or folded_email(self.email))

    def finding(self, session: str) -> SessionFinding | None:
        """Return what `collect` found of a session not attended, None where nobody knows."""
        return next((each for each in self.findings if each.session == session), None)


def _is_usable(moment: date | datetime) -> bool:
    # Not a week from the calendar's ends: each zone has a day for it.
    zoned = not isinstance(moment, datetime) or moment.tzinfo is not None
    return zoned and date.min.year < moment.year < date.max.year
