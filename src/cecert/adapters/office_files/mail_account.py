"""`[mail]` as the account certificates are mailed from, and how it is logged in to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cecert.adapters.office_files.office_shape import MailAuth, MailShape
from cecert.domain.mail.account import MailAccount, MailSecurity, is_loopback
from cecert.domain.people.person import email_problems

__all__ = ["MailLogin", "SentPlace", "mail_account", "mail_login", "sent_place"]

FaultTold = Callable[[str, str, str], None]
"""Is told place, value and problem of what is wrong."""


@dataclass(frozen=True, slots=True)
class MailLogin:
    """How to log in to the mail service; the secret is elsewhere.

    Attributes:
        auth: With a password, or with whose tokens.
        tenant: Of Microsoft 365: its id, or a domain of it; "" else.
        client_id: Of the application there; "" else.
        key_file: Key of Google's service account, None else.
    """

    auth: MailAuth = MailAuth.PASSWORD
    tenant: str = ""
    client_id: str = ""
    key_file: Path | None = None


@dataclass(frozen=True, slots=True)
class SentPlace:
    """Where the mail service files a copy of each mail it took, on IMAP.

    Attributes:
        host, port: The IMAP service's, with TLS from the first byte.
        folder: The folder's name as IMAP writes it, "" for the one marked as Sent.
    """

    host: str
    port: int
    folder: str = ""


def mail_account(shape: MailShape, fault: FaultTold) -> MailAccount:
    """Return the account that mails go out from.

    `security` left out means starttls, on a loopback host none; `user` left out means
    no AUTH (docs/spec/delivery.md 8). With `maildir` there is no host, and nothing that is its.
    """
    if shape.maildir:
        _refuse(_of_a_service(shape), "is a mail service's, and maildir names a folder", fault)
    elif shape.host is None:
        fault("mail.host", "", "is missing: name a host, or a folder with maildir")
    host = "" if shape.maildir else shape.host or ""
    security = _security(shape, host, fault)
    name, sender = parseaddr(shape.sender)
    if problems := email_problems(sender):
        fault("mail.from", shape.sender, problems[0])
    return MailAccount(
        host=host,
        port=(shape.port or security.usual_port) if host else 0,
        security=security,
        sender=sender,
        sender_name=name,
        reply_to=shape.reply_to or "",
        user=shape.user,
        rate_per_minute=shape.rate_per_minute,
        daily_limit=shape.daily_limit,
        digest_to=shape.digest_to or "",
        bounce_to=shape.bounce_to or "",
    )


def _security(shape: MailShape, host: str, fault: FaultTold) -> MailSecurity:
    local = not host or is_loopback(host)
    security = shape.security or (MailSecurity.NONE if local else MailSecurity.STARTTLS)
    if security is MailSecurity.NONE and not local:
        fault("mail.security", "none", f"would send to {host} in clear; it is not this host")
    if security is MailSecurity.NONE and host and shape.user:
        fault("mail.user", shape.user, "would send a password in clear; security is none")
    return security


def mail_login(
    shape: MailShape, file_at: Callable[[str, str], Path | None], fault: FaultTold
) -> MailLogin:
    """Return how to log in to the mail service.

    Args:
        shape: `[mail]` as it is written.
        file_at: Finds the file that a key names: given the key's place and the name, it
            returns the path, None for no name, and tells the fault if there is none.
        fault: Is told what is missing, and what does nothing.
    """
    auth = shape.auth or MailAuth.PASSWORD
    needed = dict(_NEEDED[auth])
    for key, why in needed.items():
        if not getattr(shape, key):
            fault(f"mail.{key}", "", f'is missing: auth = "{auth.value}" needs {why}')
    others = {key for each in MailAuth for key, _ in _NEEDED[each]} - {"user", *needed}
    if auth is MailAuth.GOOGLE:
        others.add("password_file")
    _refuse(
        {key: getattr(shape, key) for key in sorted(others)},
        f'does nothing with auth = "{auth.value}"',
        fault,
    )
    key_file = file_at("mail.service_account_file", shape.service_account_file)
    return MailLogin(auth, shape.tenant or "", shape.client_id or "", key_file)


_NEEDED = {
    MailAuth.PASSWORD: (),
    MailAuth.MICROSOFT: (
        ("user", "the mailbox that sends"),
        ("tenant", "the tenant's id, or a domain of it"),
        ("client_id", "the application's id"),
    ),
    MailAuth.GOOGLE: (
        ("user", "the mailbox that sends"),
        ("service_account_file", "the service account's key"),
    ),
}


def _of_a_service(shape: MailShape) -> dict[str, object]:
    # Whoever sends the folder's mails on logs in, and says where bounces come back to.
    keys = ("host", "port", "security", "auth", "user", "password_file", "bounce_to", "evidence")
    return {key: getattr(shape, key) for key in keys}


def _refuse(given: dict[str, object], problem: str, fault: FaultTold) -> None:
    for key, value in given.items():
        if value:
            fault(f"mail.{key}", str(getattr(value, "value", value)), problem)


def sent_place(shape: MailShape, fault: FaultTold) -> SentPlace | None:
    """Return where `evidence` looks for uncertain mails, None for nowhere."""
    if not shape.evidence or shape.maildir:
        return None
    if not shape.user:
        fault("mail.evidence", shape.evidence, "needs user, whose mailbox is searched")
    try:
        return _imap_place(shape.evidence)
    except ValueError as error:
        fault("mail.evidence", shape.evidence, str(error))
        return None


def _imap_place(url: str) -> SentPlace:
    """Read an IMAP URL (RFC 5092) of TLS only.

    >>> _imap_place("imaps://imap.example.edu/Sent Items")
    SentPlace(host='imap.example.edu', port=993, folder='Sent Items')

    Raises:
        ValueError: If it is none.
    """
    parts = urlsplit(url)
    if parts.scheme != "imaps" or not parts.hostname:
        raise ValueError("is not an address such as imaps://imap.example.edu/Sent Items")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("is not a plain address: no user, query or fragment")
    folder = unquote(parts.path.removeprefix("/"))
    if not folder.isascii() or not folder.isprintable():
        raise ValueError(
            "names a folder with letters outside ASCII; leave it out, or name it as IMAP does"
        )
    return SentPlace(parts.hostname, parts.port or IMAPS, folder)


IMAPS = 993
