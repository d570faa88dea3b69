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

from cecert.domain.mail.message import OutboxRow
from cecert.domain.values.certificate_id import CertificateId

__all__ = ["Bounce", "BounceKind", "certificates_named", "return_path", "row_of"]

DIGITS = 10


class BounceKind(Enum):
    """What a delivery status notification says (RFC 3464 2.3.3, Action)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    """Also relayed and expanded: the mail was taken further."""


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
    number = str(row.certificate_id).replace("-", "").lower()
    return f"{local}+{number}.{_digits(row)}@{host}"


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


def row_of(bounce: Bounce, rows: Iterable[OutboxRow]) -> OutboxRow | None:
    """Return the mail that *bounce* is about, or None if it is about none of *rows*.

    The return path proves it. Without one, the Message-ID does, which holds the
    certificate's number and which only sender and recipient have seen.
    """
    for row in rows:
        number = str(row.certificate_id).replace("-", "").lower()
        if any(_proves(path, number, row) for path in bounce.returned_to):
            return row
        if bounce.message_id == row.message_id and bounce.envelope_id in {"", row.key}:
            return row
    return None


def _proves(path: str, number: str, row: OutboxRow) -> bool:
    found = _PATH.search(path)
    return (
        found is not None
        and found[1].lower() == number
        and hmac.compare_digest(found[2].lower(), _digits(row))
    )
