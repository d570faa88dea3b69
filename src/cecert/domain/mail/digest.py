"""The digest: one mail to the office after a batch, instead of a copy of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Digest", "DigestLine"]


@dataclass(frozen=True, slots=True)
class DigestLine:
    """What became of one mail, for the office's own eyes.

    Attributes:
        certificate: The certificate's id, or the letter's key.
        course: Its course's id.
        name: The recipient's.
        email: Where it went.
        state: sent, deferred, failed, uncertain or cancelled.
        reply: The mail service's words.
    """

    certificate: str
    course: str
    name: str
    email: str
    state: str
    reply: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a batch did.

    Attributes:
        to: The office's address.
        at: When it ended, UTC.
        lines: One for each mail that was tried.
        left: How many were not.
        halted: Why it stopped before the end, or "".
        checkpoint: Of the log, as it was published last, for somebody to keep; "" without one.
    """

    to: str
    at: datetime
    lines: tuple[DigestLine, ...]
    left: int = 0
    halted: str = ""
    checkpoint: str = ""
