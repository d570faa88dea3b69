"""A mail, as data: what was promised, what was sent, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256 as digest_of
from ipaddress import ip_address

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.people.person import email_problems
from cecert.domain.values.certificate_id import CertificateId

__all__ = [
    "MAY_HAVE_GONE",
    "NOT_ARRIVED",
    "Blame",
    "Mail",
    "MailAccount",
    "MailKind",
    "MailSecurity",
    "MailState",
    "OutboxRow",
    "Receipt",
    "account_problems",
    "alignment_problems",
    "is_loopback",
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


class MailSecurity(Enum):
    """How the connection to the mail service is protected. Threads may share it."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """In clear; only to a loopback host, and never with a password."""

    @property
    def usual_port(self) -> int:
        """The port that services listen on for it (RFC 6409, RFC 8314, RFC 5321)."""
        return {"starttls": 587, "tls": 465, "none": 25}[self.value]


@dataclass(frozen=True, slots=True)
class MailAccount:
    """The account certificates are mailed from; its password is never part of it.

    Threads may share it.

    Attributes:
        host, port: The submission service's, a TCP port; "" and 0 where mails are filed in a
            Maildir.
        security: How the connection is protected.
        sender: The bare address in From.
        sender_name: Printed before it, or "".
        reply_to: Where answers go, "" for the sender.
        user: Login, "" for no AUTH.
        rate_per_minute: Most mails a minute over all senders, None for no limit.
        daily_limit: Most mails a day that the service allows, None where unknown.
        digest_to: Gets one summary a batch, "" for nobody.
        bounce_to: Envelope sender that bounces return to, "" for the sender.
    """

    host: str
    port: int
    security: MailSecurity
    sender: str
    sender_name: str = ""
    reply_to: str = ""
    user: str = ""
    rate_per_minute: int | None = None
    daily_limit: int | None = None
    digest_to: str = ""
    bounce_to: str = ""

    @property
    def name(self) -> str:
        """What senders that share its rate call it."""
        if not self.host:
            return f"{self.sender} in a Maildir"
        return f"{self.user or self.sender} at {self.host}:{self.port}"

    @property
    def mail_host(self) -> str:
        """The sender's domain as the wire needs it (IDNA); host part of Message-IDs."""
        return self.sender.rpartition("@")[2].encode("idna").decode("ascii")


def is_loopback(host: str | None) -> bool:
    """Say whether *host* is this machine, so that nothing travels in clear to another.

    >>> [is_loopback(each) for each in ("localhost", "127.0.0.1", "::1", "127.example.edu", None)]
    [True, True, True, False, False]
    """
    host = host or ""
    if host.casefold() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def account_problems(account: MailAccount) -> list[str]:
    """Say what keeps *account* from being used safely; [] if nothing does."""
    problems = [
        f"{what} {address!r} {problem}"
        for what, address in _addresses(account)
        for problem in email_problems(address)
    ]
    if account.security is MailSecurity.NONE:
        if not is_loopback(account.host):
            problems.append(
                f'security = "none" sends certificates in clear to {account.host}: use "starttls"'
            )
        if account.user:
            problems.append('security = "none" would send a password in clear: use "starttls"')
    return problems


_FREE = {
    "gmail.com": ("gmail.com", "google.com"), "googlemail.com": ("gmail.com", "google.com"),
    "yahoo.com": ("yahoo.com",), "aol.com": ("aol.com",), "icloud.com": ("me.com", "icloud.com"),
    "outlook.com": ("outlook.com", "office365.com"), "live.com": ("outlook.com", "office365.com"),
    "hotmail.com": ("outlook.com", "office365.com"), "msn.com": ("outlook.com", "office365.com"),
}  # fmt: skip
"""Domains of public mailboxes, and of the hosts that alone may send for them."""


def alignment_problems(account: MailAccount) -> list[str]:
    """Say what makes receivers take the account's mails for forged (DMARC, RFC 7489 3.1).

    They compare the domain of From with that of the envelope sender, and with who signed.
    """
    domain = _domain(account.sender)
    problems = []
    if account.bounce_to and not _is_aligned(domain, _domain(account.bounce_to)):
        problems.append(
            f"mails from {domain} whose bounces go to {_domain(account.bounce_to)} fail DMARC, "
            f"unless the mail service signs them (DKIM) for {domain}: receivers refuse them with "
            "5.7.x; bounce_to of the same domain ends that"
        )
    host, allowed = account.host.casefold().rstrip("."), _FREE.get(domain, ())
    elsewhere = not any(_is_part(host, each) for each in allowed)
    if allowed and host and not is_loopback(host) and elsewhere:
        problems.append(
            f"{account.host} may not send for {domain}, a domain of public mailboxes: "
            "receivers refuse such mails with 5.7.x; send from a domain of your own"
        )
    return problems


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold().rstrip(".")


def _is_part(domain: str, of: str) -> bool:
    return domain == of or domain.endswith(f".{of}")


def _is_aligned(domain: str, other: str) -> bool:
    """Say whether one of two domains is part of the other, or both of one a name longer.

    Which names are registered nobody can tell without the public suffix list; two domains
    whose last two names are equal are let pass, or three below a name that many share.
    """
    return (
        _is_part(domain, other)
        or _is_part(other, domain)
        or _registered(domain) == _registered(other)
    )


_OF_COUNTRY = 2
"""Letters of a country's domain."""

_SHARED = frozenset({"ac", "co", "com", "edu", "gov", "net", "nhs", "org", "sch"})
"""Names right below a country's, below which anybody registers."""


def _registered(domain: str) -> list[str]:
    """Return the names of a domain that somebody registered, as far as they can be told."""
    names = domain.split(".")
    below_country = len(names[-1]) == _OF_COUNTRY and names[-2:-1] and names[-2] in _SHARED
    return names[-3:] if below_country else names[-2:]


def _addresses(account: MailAccount) -> list[tuple[str, str]]:
    given = [("from", account.sender)]
    given += [
        (what, address)
        for what, address in (
            ("reply_to", account.reply_to),
            ("digest_to", account.digest_to),
            ("bounce_to", account.bounce_to),
        )
        if address
    ]
    return given


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
