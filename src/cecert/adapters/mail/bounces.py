"""Reading bounces: delivery status notifications (RFC 3464) as files, a folder or a Maildir."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from pathlib import Path

from cecert.domain.mail.bounces import Bounce, BounceKind
from cecert.errors import InputError

__all__ = ["read_bounces"]

LARGEST = 1024 * 1024
"""Bytes of a bounce that are read; ours ask for headers only (RET=HDRS)."""

MOST_FILES = 100_000
MOST_WORDS = 500
"""Characters of a diagnostic that are kept."""

_KINDS = {
    "failed": BounceKind.FAILED,
    "delayed": BounceKind.DELAYED,
    "delivered": BounceKind.DELIVERED,
    "relayed": BounceKind.DELIVERED,
    "expanded": BounceKind.DELIVERED,
}
_RETURNED_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


def read_bounces(path: Path) -> tuple[Sequence[Bounce], Sequence[str]]:
    """Read the bounces in *path*: one message, a folder of messages, or a Maildir.

    Returns:
        The bounces, and the files that are none.

    Raises:
        InputError: If *path* is missing or cannot be read.
    """
    found: list[Bounce] = []
    others: list[str] = []
    for file in _files(path):
        bounces = _bounces(file)
        found += bounces
        if not bounces:
            others.append(str(file))
    return found, others


def _files(path: Path) -> list[Path]:
    try:
        if path.is_file():
            return [path]
        if (path / "new").is_dir() or (path / "cur").is_dir():
            folders = [path / "new", path / "cur"]
        else:
            folders = [path]
        files = [
            each
            for folder in folders
            if folder.is_dir() or folder == path
            for each in sorted(folder.iterdir())
            if each.is_file() and not each.name.startswith(".")
        ]
    except OSError as fault:
        raise InputError(f"bounces in {path} cannot be read: {fault.strerror}") from fault
    if len(files) > MOST_FILES:
        raise InputError(f"{path} holds {len(files)} files, {MOST_FILES} are read at once")
    return files


def _bounces(file: Path) -> Sequence[Bounce]:
    try:
        with file.open("rb") as stream:
            message = BytesParser(policy=compat32).parsebytes(stream.read(LARGEST))
        reports = [each for each in message.walk() if each.get_content_type() == _STATUS_TYPE]
        return [bounce for each in reports for bounce in _of_report(file, message, each)]
    except OSError as fault:
        raise InputError(f"{file} cannot be read: {fault.strerror}") from fault
    except (MessageError, ValueError, LookupError, RecursionError):
        return []  # somebody's idea of a message; it is named as no bounce


_STATUS_TYPE = "message/delivery-status"


def _of_report(file: Path, message: Message, report: Message) -> Iterator[Bounce]:
    """Read one report: a block about the message, then one for each recipient."""
    blocks = [each for each in _blocks(report) if each.keys()]
    envelope_id = _xtext(_field(blocks[0], "Original-Envelope-Id")) if blocks else ""
    for block in blocks[1:]:
        kind = _KINDS.get(_field(block, "Action").casefold())
        if kind is not None:
            yield Bounce(
                source=str(file),
                kind=kind,
                status=_field(block, "Status").split(" ")[0],
                diagnostic=_field(block, "Diagnostic-Code").partition(";")[2].strip()[:MOST_WORDS],
                returned_to=tuple(_field(message, name) for name in _RETURNED_TO),
                envelope_id=envelope_id,
                message_id=_returned_id(message),
            )


def _blocks(report: Message) -> Sequence[Message]:
    payload = report.get_payload()
    return (
        [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    )


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())


def _returned_id(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            headers = text.decode("utf-8", "replace") if isinstance(text, bytes) else ""
            return _field(HeaderParser().parsestr(headers), "Message-ID")
        if part.get_content_type() == "message/rfc822":
            _, *inside = part.walk()  # the parser puts the returned message in, and its parts
            return _field(inside[0], "Message-ID")
    return ""


def _xtext(text: str) -> str:
    return _XCHAR.sub(lambda found: chr(int(found[1], 16)), text)


_XCHAR = re.compile(r"\+([0-9A-F]{2})")
