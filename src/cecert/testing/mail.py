"""Mail for tests: a service that takes every mail into a list, and words as plain as can be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

from cecert.argument_types import typed
from cecert.domain.mail.digest import Digest
from cecert.domain.mail.message import Mail, MailState, OutboxRow, Receipt
from cecert.ports import Entry, TakenMail

__all__ = ["Alone", "MemoryMailSender", "MemorySendLog", "PlainMailWriter"]


class MemoryMailSender:
    """Takes every mail, and keeps it in `mails`."""

    @typed
    def __init__(self) -> None:
        self.mails: list[Mail] = []

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[MemoryMailSender]:
        """Return the sender itself, as its only connection."""
        yield self

    async def open(self) -> None:
        """Do nothing: the sender is always ready."""

    @typed
    async def send(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        """Take *mail*, once it is committed."""
        if not await commit():
            return Receipt(MailState.QUEUED, "another sender took it over", counts=False)
        self.mails.append(mail)
        return Receipt(MailState.SENT, f"250 taken as number {len(self.mails)}")


class MemorySendLog:
    """Remembers every mail that the service took."""

    @typed
    def __init__(self) -> None:
        self.mails: list[TakenMail] = []

    @typed
    def note(self, row: OutboxRow, reply: str, at: datetime) -> None:
        """Remember a mail that was taken.

        Args:
            row: The mail.
            reply: The service's words.
            at: When it was taken.
        """
        taken = TakenMail(row.key, row.message_id, row.sha256, row.queued_at, at, reply)
        self.mails.append(taken)

    def accepted(self) -> Iterable[TakenMail]:
        """Return every mail that was taken, in order."""
        return tuple(self.mails)


class Alone:
    """Is always alone: in memory there is one process."""

    @contextmanager
    def hold(self, if_alone: Callable[[], None]) -> Iterator[None]:
        """Call *if_alone*, because nobody else ever sends."""
        if_alone()
        yield


class PlainMailWriter:
    """Writes a subject, and the document after it."""

    def check(self, entry: Entry | None, row: OutboxRow) -> None:
        """Find nothing wrong with any mail."""

    @typed
    def write(self, entry: Entry | None, row: OutboxRow, document: bytes) -> Mail:
        """Build a message of a subject and the document.

        Args:
            entry: The certificate it is about, None of a letter.
            row: The mail as it was queued.
            document: Goes in as it is, unchecked.
        """
        title = entry.certificate.course.title if entry else row.course_id
        subject = f"{row.purpose}: {title}".encode(errors="replace")
        head = b"Subject: %b\r\nMessage-ID: %b\r\n\r\n" % (
            subject,
            row.message_id.encode(errors="replace"),
        )
        return Mail(row.key, "ce@example.edu", row.recipient, head + document)

    @typed
    def write_digest(self, digest: Digest) -> Mail:
        """Write its subject, and one line a mail."""
        lines = "".join(f"{each.name}: {each.state}\r\n" for each in digest.lines)
        content = f"Subject: {len(digest.lines)} mails\r\n\r\n{lines}".encode()
        return Mail("digest", "ce@example.edu", digest.to, content)
