"""A mail, as data: what was promised, what was sent, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256 as digest_of

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.quick_making import quickly_made

__all__ = [
    "MAY_HAVE_GONE",
    "NOT_ARRIVED",
    "Blame",
    "Mail",
    "MailKind",
    "MailState",
    "OutboxRow",
    "Receipt",
]


FIRST, RESEND, RETRY, TEST, REVOKED = "issue", "resend", "retry", "test", "revoked"
"""Purposes: queued with the certificate, asked for again, came back through our own fault and
sent once more, certifying nothing, telling that the certificate was revoked."""


class MailState(Enum):
    """Where a mail stands (docs/spec/delivery.md 4.1). Threads may share it."""

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


class MailKind(Enum):
    """What a mail is for; its words are in the templates of this name. Threads may share it."""

    CERTIFICATE = "certificate"
    """It brings one."""
    REVOKED = "revoked"
    """It tells a holder that a certificate was revoked."""
    REMIND = "remind"
    """It asks for what only the person can still do."""
    DENIED = "denied"
    """It tells why somebody gets no certificate."""


MAY_HAVE_GONE = frozenset(
    {MailState.COMMITTING, MailState.SENT, MailState.UNCERTAIN, MailState.BOUNCED}
)
"""States of a mail that the service took, or may have taken."""

NOT_ARRIVED = frozenset({MailState.BOUNCED, MailState.FAILED, MailState.CANCELLED})
"""States of a mail that nobody can have read."""


class Blame(Enum):
    """Whose fault it is that a mail was not taken."""

    NOBODY = "nobody"
    RECIPIENT = "recipient"
    """There is no such mailbox (5.1.1): it says nothing about the next mail."""
    ACCOUNT = "account"
    """It may be the sending account's: a quota, a policy, a reply that does not tell."""


@quickly_made
@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One mail that was promised. One row binds person, address and document for ever.

    Threads may share it.

    Attributes:
        key: One mail each: certificate id and purpose, `7Q2M-...:issue`; of a letter about no
            certificate its kind, course, a mark of the person, and which of theirs it is,
            `remind:mbt-2020-10:0123456789abcdef:1`.
        certificate_id: The certificate it is about, None where it is about none.
        course_id: For `--course`.
        recipient: The bare address.
        message_id: `<...@host>`, the same on every attempt.
        sha256: Of the PDF it carries, hexadecimal; "" for none.
        queued_at: Also the mail's Date, the same on every attempt.
        due: Not before this instant.
        deadline: By when it should have arrived; passing it fails nothing.
        state: Where it stands.
        attempts: How often it was claimed.
        reply: The service's last words.
        settled_at: When it got its present state, None while queued for the first time.
        first_tried_at: When it was first claimed, None before; retries end 5 days later.
        note: What the mail says besides: why the certificate was corrected or revoked, or which
            of the participant's certificates of one batch it is, `1 of 2`; all that a letter
            says (`letter.Letter`); "" else.
    """

    key: str
    certificate_id: CertificateId | None
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
    first_tried_at: datetime | None = None
    note: str = ""

    @property
    def purpose(self) -> str:
        """Why this mail is sent, from its key: `issue`, or `resend-1`; of a letter its kind."""
        before, _, after = self.key.partition(":")
        return before if self.certificate_id is None else after

    @property
    def kind(self) -> MailKind:
        """What the mail is for."""
        if self.certificate_id is None:
            return MailKind(self.purpose)
        is_notice = self.purpose.partition("-")[0] == REVOKED
        return MailKind.REVOKED if is_notice else MailKind.CERTIFICATE

    @property
    def sent_while(self) -> CertificateState:
        """What its certificate must be for it to be sent: a notice is of a revoked one."""
        revoked = self.kind is MailKind.REVOKED
        return CertificateState.REVOKED if revoked else CertificateState.STANDING

    @property
    def about(self) -> str:
        """What people see it is about: the certificate's id, or the letter's key."""
        return self.key if self.certificate_id is None else self.certificate_id.text

    @property
    def number(self) -> str:
        """16 lower-case characters for headers: the certificate's id, or a mark of the letter."""
        if self.certificate_id is None:
            return digest_of(self.key.encode()).hexdigest()[:16]
        return self.certificate_id.text.replace("-", "").lower()

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
        blame: Whose fault a refusal is, as far as the reply tells.
    """

    state: MailState
    reply: str
    retry_after: int = 0
    counts: bool = True
    blame: Blame = Blame.NOBODY
