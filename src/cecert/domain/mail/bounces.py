"""Bounces: which mail came back, and why.

Every mail has a return path of its own (VERP): the bounce address, the certificate's
number, and ten digits that only who knows the mail can tell, so that nobody marks
other people's mails as bounced by guessing.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from cecert.domain.mail.letter import message_id_of_letter
from cecert.domain.mail.message import MailKind, OutboxRow
from cecert.domain.values.certificate_id import CertificateId

__all__ = [
    "Bounce",
    "BounceClass",
    "BounceKind",
    "bounce_class",
    "certificates_named",
    "letters_named",
    "return_path",
    "row_of",
]

DIGITS = 10


class BounceKind(Enum):
    """What a delivery status notification says (RFC 3464 2.3.3, Action)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    """Also relayed and expanded: the mail was taken further."""


class BounceClass(Enum):
    """Whose it is to put right that a mail was refused or came back (RFC 3463 3)."""

    SENDER = "sender"
    """5.7.x, and 5.1.7 and 5.1.8: the other side does not trust who sends."""
    ADDRESS = "address"
    """5.1.x: there is no such address."""
    MAILBOX = "mailbox"
    """5.2.x: the mailbox is full or closed."""
    OTHER = "other"

    @property
    def told(self) -> str:
        """What happened, in a sentence."""
        return _TOLD[self][0]

    @property
    def advice(self) -> str:
        """What can be done, in a sentence."""
        return _TOLD[self][1]

    @property
    def commands(self) -> tuple[str, ...]:
        """What is typed then, `{id}` standing for the certificate's."""
        return _TOLD[self][2]


_TOLD = {
    BounceClass.SENDER: (
        "The other side does not accept mail from this sender; the address is not at fault.",
        "Put SPF, DKIM and DMARC of the From address right, or a block list; then send again.",
        ("cecert mail retry {id}",),
    ),
    BounceClass.ADDRESS: (
        "There is no such address.",
        "Ask for the right address and send it there. The certificate stays as it is.",
        ("cecert resend {id} --to ADDRESS",),
    ),
    BounceClass.MAILBOX: (
        "The mailbox is full, closed, or takes no mail of this size.",
        "Ask for room in it and send it again, or ask for another address.",
        ("cecert resend {id}", "cecert resend {id} --to ADDRESS"),
    ),
    BounceClass.OTHER: (
        "It could not be delivered, and the notification does not say whose fault that is.",
        "Read the words of the mail server; if they do not help, ask for another address.",
        ("cecert resend {id} --to ADDRESS",),
    ),
}

_CODE = re.compile(r"(?<![\d.])[45]\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SUBJECTS = {1: BounceClass.ADDRESS, 2: BounceClass.MAILBOX, 7: BounceClass.SENDER}
_OF_SENDER = {(1, 7), (1, 8)}
"""Codes about the sender's address among those about addresses."""


def bounce_class(words: str) -> BounceClass:
    """Return whose it is to put right, by the enhanced status codes in a mail server's words.

    >>> bounce_class("550 5.7.26 unauthenticated"), bounce_class("5.0.0 550 5.1.1 no such user")
    (<BounceClass.SENDER: 'sender'>, <BounceClass.ADDRESS: 'address'>)
    >>> bounce_class("552 mailbox full, it seems")
    <BounceClass.OTHER: 'other'>
    """
    for found in _CODE.finditer(words):
        subject, detail = int(found[1]), int(found[2])
        if (subject, detail) in _OF_SENDER:
            return BounceClass.SENDER
        if subject in _SUBJECTS:
            return _SUBJECTS[subject]
    return BounceClass.OTHER


@dataclass(frozen=True, slots=True)
class Bounce:
    """One notification about one recipient, as it was read.

    Attributes:
        source: The file it stands in.
        kind: What it says.
        status: Enhanced status code: `5.1.1`.
        diagnostic: The remote server's words.
        returned_to: Addresses it was sent to; one may be our return path.
        envelope_id: ENVID we gave, the outbox row's key; "" if there is none.
        message_id: Message-ID of the returned message; "" if there is none.
    """

    source: str
    kind: BounceKind
    status: str
    diagnostic: str
    returned_to: tuple[str, ...] = ()
    envelope_id: str = ""
    message_id: str = ""

    def __str__(self) -> str:
        return " ".join(each for each in (self.status, self.diagnostic) if each)


def return_path(row: OutboxRow, bounce_to: str) -> str:
    """Return the envelope sender of *row*: `ce-bounce+7q2m....0123456789@example.edu`."""
    local, _, host = bounce_to.rpartition("@")
    return f"{local}+{row.number}.{_digits(row)}@{host}"


def _digits(row: OutboxRow) -> str:
    secret = f"cecert return path {row.message_id} {row.sha256}"
    return sha256(secret.encode()).hexdigest()[:DIGITS]


_PATH = re.compile(rf"\+([0-9a-z]{{16}})\.([0-9a-f]{{{DIGITS}}})@", re.IGNORECASE)


def certificates_named(bounce: Bounce) -> Iterator[CertificateId]:
    """Yield the certificates that the return paths of *bounce* name, whether it is true or not."""
    for path in bounce.returned_to:
        if found := _PATH.search(path):
            try:
                yield CertificateId.parse(found[1])
            except ValueError:  # 16 characters that are no id: not a path of ours
                continue


def letters_named(bounce: Bounce, mail_host: str) -> Iterator[str]:
    """Yield the Message-IDs of letters that the return paths of *bounce* may be of.

    Args:
        bounce: As it was read.
        mail_host: Host part of the office's Message-IDs.
    """
    for path in bounce.returned_to:
        if found := _PATH.search(path):
            for kind in (MailKind.REMIND, MailKind.DENIED):
                yield message_id_of_letter(found[1].lower(), kind, mail_host)


def row_of(bounce: Bounce, rows: Iterable[OutboxRow]) -> OutboxRow | None:
    """Return the mail that *bounce* is about, or None if it is about none of *rows*.

    The return path proves it. Without one, the Message-ID does, which holds the
    certificate's number and which only sender and recipient have seen.
    """
    for row in rows:
        if any(_proves(path, row) for path in bounce.returned_to):
            return row
        if bounce.message_id == row.message_id and bounce.envelope_id in {"", row.key}:
            return row
    return None


def _proves(path: str, row: OutboxRow) -> bool:
    found = _PATH.search(path)
    return (
        found is not None
        and found[1].lower() == row.number
        and hmac.compare_digest(found[2].lower(), _digits(row))
    )
