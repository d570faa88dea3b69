"""The check of a finished message: the gate against somebody else's certificate.

What will go over the wire is read back: one recipient, the row's PDF and no other, the right
name and id in the words, no header beyond the list.
"""

from __future__ import annotations

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from hashlib import sha256

from cecert.adapters.mail.mime import PICTURE_ID
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import Mail, MailKind, OutboxRow
from cecert.errors import DeliveryError
from cecert.ports import Entry

__all__ = ["HEADERS", "check_mail"]

HEADERS = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type",
)  # fmt: skip
"""Every header of a mail, each exactly once, and no other."""

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\\]+@[^\s@<>,;:\"()\\]+\Z")


def check_mail(mail: Mail, entry: Entry | None, row: OutboxRow) -> None:
    """Read *mail* back and compare it with its row and its entry.

    Args:
        mail: As it would be sent.
        entry: The certificate it is about, None of a letter.
        row: The mail as it was queued.

    Raises:
        DeliveryError: If anything is not as it must be; it lists all that is not.
    """
    if problems := list(_problems(mail, entry, row)):
        raise DeliveryError(f"the mail of {row.about} was not sent: " + "; ".join(problems))


def _problems(mail: Mail, entry: Entry | None, row: OutboxRow) -> Iterator[str]:
    if not _belong_together(entry, row):
        yield "row and certificate do not belong together"
    for address in (mail.recipient, mail.envelope_from):
        if not address.isascii() or not _ADDRESS.match(address):
            yield f"{address!r} cannot be on an envelope"
    content, document = _taken_apart(mail.content) if row.sha256 else (mail.content, b"")
    message = BytesParser(policy=compat32).parsebytes(_without_html(content))
    yield from _header_problems(message, mail, row)
    yield from _part_problems(message, row, document, _told(entry, row))


def _taken_apart(content: bytes) -> tuple[bytes, bytes]:
    """Return a message with a short stand-in for its last part's base64, and what that was.

    The library goes through a thousand lines one by one, which takes most of the check. What
    is taken out is base64 and line ends alone, so no header, boundary or part can be in it;
    a message of another shape is returned whole, with nothing.
    """
    end = content.rfind(b"\r\n--")
    start = content.rfind(b"\r\n\r\n", 0, end) + len(b"\r\n\r\n")
    body = content[start:end]
    if not 0 < start < end or body.translate(None, _BASE64):
        return content, b""
    try:
        document = a2b_base64(body)
    except BinasciiError:
        return content, b""
    return content[:start] + _STAND_IN + content[end:], document


def _without_html(content: bytes) -> bytes:
    """Return a message without the words of its HTML and its picture, of which nothing is asked.

    The library goes through their lines too. Where "--" stands in them they are left, for it
    begins each boundary; so no part can be in what is taken out.
    """
    for head in _UNASKED:
        start = content.find(head) + len(head)
        end = content.find(b"\r\n--", start)
        if len(head) <= start < end and b"--" not in content[start:end]:
            content = content[:start] + content[end:]
    return content


_HTML = (
    b'Content-Type: text/html; charset="utf-8"\r\n'
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
)
_PICTURE = b"Content-ID: <%b>\r\n\r\n" % PICTURE_ID.encode("ascii")
_UNASKED = (_HTML, _PICTURE)
"""What stands before them, and in no other words of ours."""

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_STAND_IN = b"Y2VjZXJ0"


def _told(entry: Entry | None, row: OutboxRow) -> Sequence[str]:
    """Return what the text of a mail must hold, so that nobody gets another's."""
    if entry is None:
        return (letter_of(row).name,)
    return (entry.certificate.recipient.name, str(entry.certificate.id))


def _belong_together(entry: Entry | None, row: OutboxRow) -> bool:
    if entry is None:
        return row.certificate_id is None and not row.sha256
    carried = entry.sha256 if row.kind is MailKind.CERTIFICATE else ""
    return (entry.certificate.id, carried) == (row.certificate_id, row.sha256)


def _header_problems(message: Message, mail: Mail, row: OutboxRow) -> Iterator[str]:
    found = sorted(name.casefold() for name in message.keys())  # noqa: SIM118  # repeats count
    if found != sorted(name.casefold() for name in HEADERS):
        yield f"its headers are {', '.join(message.keys())}"
    if message["To"] != mail.recipient:
        yield f"To is {message['To']!r}, the envelope {mail.recipient!r}"
    if message["Message-ID"] != row.message_id:
        yield f"Message-ID is {message['Message-ID']!r}"


def _part_problems(
    message: Message, row: OutboxRow, document: bytes, told: Sequence[str]
) -> Iterator[str]:
    """Yield what is wrong with the parts of a message.

    Args:
        message: With a stand-in for its document, if *document* was taken out.
        row: The mail as it was queued.
        document: What was taken out, b"" for nothing.
        told: What its text must hold.
    """
    parts = [each for each in message.walk() if not each.is_multipart()]
    types = [each.get_content_type() for each in parts]
    carries = ["application/pdf"] if row.sha256 else []
    if types not in [[*each, *carries] for each in _PARTS]:
        yield f"its parts are {', '.join(types)}"
        return
    if row.sha256:
        last = _content(parts[-1])
        carried = document if document and last == a2b_base64(_STAND_IN) else last
        if sha256(carried).hexdigest() != row.sha256:
            yield "its PDF is not the one that was issued"
    words = " ".join(_content(parts[0]).decode("utf-8").split())
    for value in told:
        if " ".join(value.split()) not in words:
            yield f"{value!r} is missing from its text"


_PARTS = (["text/plain", "text/html"], ["text/plain", "text/html", "image/png"])
"""Without the office's logo, or with it; then what the mail carries."""


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
