"""Writing the mail: templates become one message of bytes, which is then read back and checked.

The check of the final bytes is the gate against somebody else's certificate: one recipient,
one PDF with the row's digest, the right name and id in the words, no header beyond the list.
No name of a participant stands in a header, because on common Pythons one there can become
another header (CVE-2024-6923).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from cecert.adapters.mail.check import check_mail
from cecert.adapters.mail.mime import (
    PICTURE_ID,
    Picture,
    assembled,
    header,
    mailbox_header,
    pdf_part,
    related_part,
    text_part,
)
from cecert.adapters.mail.templates import MailTemplates, rendered
from cecert.adapters.tables.toml import read_toml
from cecert.domain.certificate.profile_link import profile_link
from cecert.domain.course.provider import Provider
from cecert.domain.mail.account import MailAccount
from cecert.domain.mail.bounces import return_path
from cecert.domain.mail.digest import Digest
from cecert.domain.mail.letter import Letter, letter_of
from cecert.domain.mail.letter_words import (
    LETTER_WORDS,
    NOTICE_WORDS,
    letter_subject,
    letter_words,
    notice_subject,
    notice_words,
)
from cecert.domain.mail.message import Mail, MailKind, OutboxRow
from cecert.domain.mail.words import (
    DIGEST_WORDS,
    WORDS,
    attachment_name,
    digest_words,
    mail_subject,
    mail_words,
)
from cecert.domain.people.person import email_problems
from cecert.domain.values.text import text_problems
from cecert.errors import DeliveryError
from cecert.ports import Entry

__all__ = [
    "MailLook",
    "TemplateMailWriter",
]

LANGUAGE = "en.toml"
"""Of the words of mails, beside their templates."""

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class MailLook:
    """How the office's mails look.

    Attributes:
        logo: Shown at the top of the HTML, None for none.
        accent: Colour of its lines, `#1D3557`; "" for that of its text.
        linkedin: Whether a certificate's mail has the link that adds it to a LinkedIn profile.
    """

    logo: Picture | None = None
    accent: str = ""
    linkedin: bool = False


_WORDS = {
    MailKind.CERTIFICATE: WORDS,
    MailKind.REVOKED: NOTICE_WORDS,
    MailKind.REMIND: LETTER_WORDS,
    MailKind.DENIED: LETTER_WORDS,
}
"""The words of each kind's templates, which are called as it is."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a mail says, before it is laid out.

    Attributes:
        subject: Of the message.
        title: Of the course, which stands in it.
        words: For the templates.
    """

    subject: str
    title: str
    words: Mapping[str, object]


class TemplateMailWriter:
    """Builds mails from the templates of their kinds, in the words of `en.toml`."""

    def __init__(
        self,
        templates: Path,
        account: MailAccount,
        provider: Provider,
        own: Path | None = None,
        look: MailLook = MailLook(),
    ) -> None:
        """Load the templates.

        Args:
            templates: The folder `templates`; the mail's are in its folder `mail`.
            account: Whose From and Reply-To they carry.
            provider: Who can be reached, today.
            own: A folder whose templates stand in for those of the same name.
            look: The office's logo and colour.

        Raises:
            ConfigurationError: If a template is missing or uses what mails do not have.
        """
        self._account = account
        self._provider = provider
        self._zone = ZoneInfo(provider.timezone)
        self._look = look
        self._sender = mailbox_header("From", account.sender_name, _wire(account.sender))
        self._reply_to = header("Reply-To", _wire(account.reply_to or account.sender))
        folders = [templates / "mail"] if own is None else [own, templates / "mail"]
        held = MailTemplates(folders)
        self._templates = {
            kind: tuple(held.load(f"{kind.value}.{each}", words) for each in _FORMS)
            for kind, words in _WORDS.items()
        }
        self._digest = held.load("digest.txt", DIGEST_WORDS)
        held.load("frame.html", frozenset())  # others import it when they are rendered
        self._say = read_toml(templates / "mail" / LANGUAGE)

    def check(self, entry: Entry | None, row: OutboxRow) -> None:
        """Render the words, and check what goes into headers.

        Args:
            entry: The certificate it is about, None of a letter.
            row: The mail as it was queued.

        Raises:
            DeliveryError: If a template fails, or a header would carry what it must not.
        """
        said = self._said(entry, row)
        self._rendered(row, said)
        _check_title(said.title)

    def write(self, entry: Entry | None, row: OutboxRow, document: bytes) -> Mail:
        """Build the message of *row*, the same bytes every time, and check them.

        Args:
            entry: The certificate it is about, None of a letter.
            row: The mail as it was queued; its time is the message's Date.
            document: The PDF to attach, b"" for none.

        Raises:
            DeliveryError: If *document* is not the row's, or the message is not exactly
                this recipient's.
        """
        if (sha256(document).hexdigest() if document else "") != row.sha256:
            raise DeliveryError(
                f"the PDF of {row.about} is not the one that was issued",
                hint="restore it from the backup, then run cecert mail retry",
            )
        if problems := email_problems(row.recipient):
            shown = row.recipient if len(row.recipient) <= _SHOWN else row.recipient[:_SHOWN] + "…"
            raise DeliveryError(f"{shown!r} cannot be mailed to: it {problems[0]}")
        said = self._said(entry, row)
        _check_title(said.title)
        text, html = self._rendered(row, said)
        content = assembled(
            self._headers(said.subject, row),
            [text_part("plain", text), related_part(text_part("html", html), self._look.logo)],
            self._attached(entry, document),
        )
        mail = Mail(row.key, self._return_path(row), _wire(row.recipient), content)
        check_mail(mail, entry, row)
        return mail

    def _attached(self, entry: Entry | None, document: bytes) -> list[bytes]:
        if entry is None or not document:
            return []
        return [pdf_part(attachment_name(entry.certificate, self._say), document)]

    def _headers(self, subject: str, row: OutboxRow) -> list[bytes]:
        date = format_datetime(_local(row.queued_at, self._zone))
        return [
            self._sender,
            f"To: {_wire(row.recipient)}\r\n".encode("ascii"),
            self._reply_to,
            header("Subject", subject),
            f"Date: {date}\r\nMessage-ID: {row.message_id}\r\n".encode("ascii"),
            b"Auto-Submitted: auto-generated\r\n",  # RFC 3834
            b"X-Auto-Response-Suppress: All\r\n",
        ]

    def write_digest(self, digest: Digest) -> Mail:
        """Build the office's mail about a batch, as text."""
        date = _local(digest.at, self._zone)
        said = digest_words(digest, self._say)
        words = rendered(self._digest, {"digest": said, "at": date, "say": self._say})
        message_id = f"<digest.{digest.at:%Y%m%d%H%M%S%f}@{self._account.mail_host}>"
        headers = [
            self._sender,
            header("To", _wire(digest.to)),
            header("Subject", str(said["subject"])),
            f"Date: {format_datetime(date)}\r\nMessage-ID: {message_id}\r\n".encode("ascii"),
            b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n",
        ]
        content = b"".join([*headers, text_part("plain", words)])
        return Mail("digest", _wire(self._account.sender), _wire(digest.to), content)

    def _return_path(self, row: OutboxRow) -> str:
        if self._account.bounce_to:
            return _wire(return_path(row, self._account.bounce_to))
        return _wire(self._account.sender)

    def _said(self, entry: Entry | None, row: OutboxRow) -> _Said:
        """Return what a mail says.

        Raises:
            DeliveryError: If it is about a certificate that is not there, or a letter whose
                words cannot be read.
        """
        contact, say = self._provider, self._say
        if entry is None:
            letter = _letter(row)
            words = letter_words(letter, contact, say)
            return _Said(letter_subject(letter, say), letter.title, words)
        own = entry.certificate
        if row.kind is MailKind.REVOKED:
            notice = notice_words(own, row, contact, say)
            return _Said(notice_subject(own, say), own.course.title, notice)
        link = profile_link(own) if self._look.linkedin else ""
        words = {**mail_words(own, row, contact, say), "linkedin": link}
        return _Said(mail_subject(own, row, say), own.course.title, words)

    def _rendered(self, row: OutboxRow, said: _Said) -> tuple[str, str]:
        logo = self._look.logo
        words = {
            **said.words,
            "accent": self._look.accent,
            "logo": None if logo is None else {**_shown(logo), "alt": self._provider.name},
        }
        text, html = (rendered(each, words) for each in self._templates[row.kind])
        return text, html


_FORMS = ("txt", "html")


def _letter(row: OutboxRow) -> Letter:
    if row.certificate_id is not None:
        raise DeliveryError(f"{row.key} is about no certificate of the ledger")
    try:
        return letter_of(row)
    except ValueError as error:
        raise DeliveryError(str(error)) from error


def _check_title(title: str) -> None:
    """Refuse a course's title that could become a header of its own."""
    problems = text_problems(title) + (["holds '=?'"] if "=?" in title else [])
    if problems:
        raise DeliveryError(f"course title {title!r} cannot be a Subject: it {problems[0]}")


def _shown(logo: Picture) -> dict[str, object]:
    return {"source": f"cid:{PICTURE_ID}", "width": logo.width, "height": logo.height}


def _wire(address: str) -> str:
    """Return *address* as the wire needs it: an international domain in its ASCII form."""
    local, _, host = address.rpartition("@")
    return f"{local}@{host.encode('idna').decode('ascii')}"


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(microsecond=0)
