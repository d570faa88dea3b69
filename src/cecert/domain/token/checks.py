"""The four questions a verification asks, in their order, and the code that answers each.

Is it ours (the token), is it whole (the seal), does it say what was certified (its
words), does it still stand (its status).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cecert.domain.token.verify import STATUS_OUTCOMES, Outcome, Verification

__all__ = ["Check", "CheckKind", "status_check", "token_check", "unasked"]


class CheckKind(Enum):
    """What is asked of a certificate, one after the other. Threads may share it."""

    TOKEN = "token"  # a word
    SEAL = "seal"
    TEXT = "text"
    STATUS = "status"


_GOOD = {
    CheckKind.TOKEN: "GENUINE",
    CheckKind.SEAL: "INTACT",
    CheckKind.TEXT: "SAME",
    CheckKind.STATUS: "NOT_REVOKED",
}
NOT_CHECKED = "NOT_CHECKED"


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer. Threads may share it.

    Attributes:
        question: What was asked.
        fault: What is wrong; None if nothing is, or if it was not asked.
        detail: Figures behind it, for people.
        asked: False where there was nothing to ask it of.
    """

    question: CheckKind
    fault: Outcome | None = None
    detail: str = ""
    asked: bool = True

    @property
    def code(self) -> str:
        """The one code of this check: GENUINE, INTACT, SAME, NOT_REVOKED, or what is wrong."""
        if not self.asked:
            return NOT_CHECKED
        return _GOOD[self.question] if self.fault is None else self.fault.value


def unasked(question: CheckKind, why: str) -> Check:
    """Return the check that was not made, and why."""
    return Check(question, detail=why, asked=False)


def token_check(found: Verification) -> Check:
    """Say whether the token is ours: every step of W5 but the last."""
    if found.outcome in STATUS_OUTCOMES:
        return Check(CheckKind.TOKEN)
    return Check(CheckKind.TOKEN, found.outcome, found.detail)


def status_check(found: Verification) -> Check:
    """Say whether the certificate still stands: the last step of W5."""
    if found.outcome not in STATUS_OUTCOMES:
        return unasked(CheckKind.STATUS, "the code is not genuine, or could not be checked")
    if found.outcome is Outcome.VALID:
        return Check(CheckKind.STATUS, detail=found.detail)
    return Check(CheckKind.STATUS, found.outcome, found.detail)
