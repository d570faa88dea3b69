"""The mail account that an office sends from, and what is unsafe or suspicious about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address

from cecert.domain.people.person import email_problems

__all__ = ["MailAccount", "MailSecurity", "account_problems", "alignment_problems", "is_loopback"]


_FREE = {
    "gmail.com": ("gmail.com", "google.com"), "googlemail.com": ("gmail.com", "google.com"),
    "yahoo.com": ("yahoo.com",), "aol.com": ("aol.com",), "icloud.com": ("me.com", "icloud.com"),
    "outlook.com": ("outlook.com", "office365.com"), "live.com": ("outlook.com", "office365.com"),
    "hotmail.com": ("outlook.com", "office365.com"), "msn.com": ("outlook.com", "office365.com"),
}  # fmt: skip
"""Domains of public mailboxes, and of the hosts that alone may send for them."""


_OF_COUNTRY = 2
"""Letters of a country's domain."""

_SHARED = frozenset({"ac", "co", "com", "edu", "gov", "net", "nhs", "org", "sch"})
"""Names right below a country's, below which anybody registers."""


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
