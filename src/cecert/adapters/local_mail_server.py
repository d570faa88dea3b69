"""A real mail server on loopback that keeps what it takes in mailboxes, for the demonstration."""

from __future__ import annotations

from asyncio import Server
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cecert.argument_types import typed

__all__ = ["LocalMailServer", "ReceivedMail", "local_mail_server"]

LARGEST_MAIL = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail as it arrived.

    Attributes:
        mailbox: The one recipient it was handed over for.
        path: The file it lies in.
        message: Parsed.
    """

    mailbox: str
    path: Path
    message: EmailMessage

    @property
    def pdf(self) -> bytes:
        """The one PDF attached to the mail.

        Raises:
            ValueError: If not exactly one PDF is attached.
        """
        (found,) = (
            part
            for part in self.message.iter_attachments()
            if part.get_content_type() == "application/pdf"
        )
        content = found.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise TypeError("the attachment has no content")
        return content


class LocalMailServer:
    """Where the server listens, and what it has taken.

    Attributes:
        host, port: Where it listens.
    """

    @typed
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self.host = "127.0.0.1"
        self.port = 0

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail in its recipient's mailbox, and return the server's reply.

        Args:
            server: aiosmtpd's, of the connection.
            session: aiosmtpd's, of the connection.
            envelope: Recipients and content; it has one recipient, or is refused (554).
        """
        del server, session
        if len(envelope.rcpt_tos) != 1 or not isinstance(envelope.content, bytes):
            return "554 one recipient a mail"
        self._count += 1
        mailbox = self._folder / _folder_name(envelope.rcpt_tos[0])
        mailbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        (mailbox / f"{self._count:05}.eml").write_bytes(envelope.content)
        return f"250 OK, kept as {self._count:05}"

    def mails(self) -> Sequence[ReceivedMail]:
        """Return every mail in every mailbox, in the order of arrival."""
        paths = sorted(self._folder.glob("*/*.eml"), key=lambda path: path.name)
        return [_read(path) for path in paths]


def _folder_name(address: str) -> str:
    return "".join(each if each.isalnum() or each in "@._+-" else "_" for each in address.lower())


def _read(path: Path) -> ReceivedMail:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    if not isinstance(message, EmailMessage):
        raise TypeError(f"{path} is no message")
    return ReceivedMail(path.parent.name, path, message)


class _FreePortController(Controller):
    """aiosmtpd's controller connects to the port it was asked for, which 0 is not."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)  # noqa: S101  # narrows for mypy
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's is untyped


@contextmanager
@typed
def local_mail_server(folder: Path) -> Iterator[LocalMailServer]:
    """Serve SMTP on a free port of 127.0.0.1 until the block ends, mailboxes in *folder*."""
    server = LocalMailServer(folder)
    controller = _FreePortController(
        server, hostname=server.host, port=0, data_size_limit=LARGEST_MAIL
    )
    controller.start()
    try:
        server.port = controller.port
        yield server
    finally:
        controller.stop()
