"""The self-check on final bytes: nobody gets somebody else's certificate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from hashlib import sha256

from cecert.domain.mail.message import Mail, OutboxRow
from cecert.errors import DeliveryError
from cecert.ports import Entry

__all__ = ["HEADERS", "check_mail"]

HEADERS = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type",
)  # fmt: skip
"""Every header of a mail, each exactly once, and no other."""

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\\]+@[^\s@<>,;:\"()\\]+\Z")


def check_mail(mail: Mail, entry: Entry, row: OutboxRow) -> None:
    """Read *mail* back and compare it with its row and its entry.

    Raises:
        DeliveryError: If anything is not as it must be; it lists all that is not.
    """
    if problems := list(_problems(mail, entry, row)):
        raise DeliveryError(
            f"the mail of {row.certificate_id} was not sent: " + "; ".join(problems)
        )


def _problems(mail: Mail, entry: Entry, row: OutboxRow) -> Iterator[str]:
    if (entry.certificate.id, entry.sha256) != (row.certificate_id, row.sha256):
        yield "row and certificate do not belong together"
    for address in (mail.recipient, mail.envelope_from):
        if not address.isascii() or not _ADDRESS.match(address):
            yield f"{address!r} cannot be on an envelope"
    message = BytesParser(policy=compat32).parsebytes(mail.content)
    yield from _header_problems(message, mail, row)
    yield from _part_problems(message, entry, row)


def _header_problems(message: Message, mail: Mail, row: OutboxRow) -> Iterator[str]:
    found = sorted(name.casefold() for name in message.keys())  # noqa: SIM118  # repeats count
    if found != sorted(name.casefold() for name in HEADERS):
        yield f"its headers are {', '.join(message.keys())}"
    if message["To"] != mail.recipient:
        yield f"To is {message['To']!r}, the envelope {mail.recipient!r}"
    if message["Message-ID"] != row.message_id:
        yield f"Message-ID is {message['Message-ID']!r}"


def _part_problems(message: Message, entry: Entry, row: OutboxRow) -> Iterator[str]:
    parts = [each for each in message.walk() if not each.is_multipart()]
    types = [each.get_content_type() for each in parts]
    if types != ["text/plain", "text/html", "application/pdf"]:
        yield f"its parts are {', '.join(types)}"
        return
    if sha256(_content(parts[2])).hexdigest() != row.sha256:
        yield "its PDF is not the one that was issued"
    words = " ".join(_content(parts[0]).decode("utf-8").split())
    for value in (entry.certificate.recipient.name, str(row.certificate_id)):
        if " ".join(value.split()) not in words:
            yield f"{value!r} is missing from its text"


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
