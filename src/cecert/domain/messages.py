"""The mail of a certificate, as data: what was promised, what was sent, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cecert.domain.identifiers import CertificateId

__all__ = ["Mail", "MailState", "OutboxRow", "Receipt"]


class MailState(Enum):
    """Where a mail stands (MAIL 4.1)."""

    QUEUED = "queued"
    """Waiting; after a temporary refusal with `attempts` and a later `due`: deferred."""
    SENDING = "sending"
    """A sender holds it and has not finished the message: nothing was accepted."""
    COMMITTING = "committing"
    """The final dot may have been sent; never claimed again."""
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """The service may or may not have taken it; it waits for a person."""
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One mail that was promised. One row binds person, address and document for ever.

    Attributes:
        key: One mail each: certificate id and purpose, `7Q2M-...:issue`.
        certificate_id: The certificate it carries.
        course_id: For `--course`.
        recipient: The bare address.
        message_id: `<...@host>`, the same on every attempt.
        sha256: Of the PDF, hexadecimal.
        queued_at: Also the mail's Date, the same on every attempt.
        due: Not before this instant.
        deadline: By when it should have arrived; passing it fails nothing.
        state: Where it stands.
        attempts: How often it was claimed.
        reply: The service's last words.
        settled_at: When it got its present state, None while queued for the first time.
    """

    key: str
    certificate_id: CertificateId
    course_id: str
    recipient: str
    message_id: str
    sha256: str
    queued_at: datetime
    due: datetime
    deadline: datetime
    state: MailState = MailState.QUEUED
    attempts: int = 0
    reply: str = ""
    settled_at: datetime | None = None

    @property
    def state_word(self) -> str:
        """The word people see: a queued mail that was tried before is deferred."""
        if self.state is MailState.QUEUED and self.attempts:
            return "deferred"
        return self.state.value


@dataclass(frozen=True, slots=True)
class Mail:
    """A message ready for the wire.

    Attributes:
        key: The outbox row's.
        envelope_from: The bare address of the envelope sender.
        recipient: The one and only envelope recipient.
        content: The whole message as bytes, CRLF line ends, not dot-stuffed.
    """

    key: str
    envelope_from: str
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one attempt.

    Attributes:
        state: SENT, QUEUED (deferred), FAILED or UNCERTAIN.
        reply: The service's words, or what happened to the connection.
        retry_after: Seconds until the next attempt, for QUEUED.
        counts: False if the attempt never reached this mail's own transaction.
    """

    state: MailState
    reply: str
    retry_after: int = 0
    counts: bool = True
