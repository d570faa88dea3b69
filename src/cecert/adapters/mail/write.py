"""Writing the mail: templates become one message of bytes, which is then read back and checked.

The check of the final bytes is the gate against somebody else's certificate: one recipient,
one PDF with the row's digest, the right name and id in the words, no header beyond the list.
No name of a participant stands in a header, because on common Pythons one there can become
another header (CVE-2024-6923).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    meta,
    select_autoescape,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

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
from cecert.adapters.tables.toml import read_toml
from cecert.domain.course.provider import Provider
from cecert.domain.mail.bounces import return_path
from cecert.domain.mail.digest import Digest
from cecert.domain.mail.message import Mail, MailAccount, OutboxRow
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
from cecert.errors import ConfigurationError, DeliveryError, Fault
from cecert.ports import Entry

__all__ = [
    "HEADERS",
    "MailLook",
    "TemplateMailWriter",
    "check_mail",
]

HEADERS = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type",
)  # fmt: skip
"""Every header of a mail, each exactly once, and no other."""

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\\]+@[^\s@<>,;:\"()\\]+\Z")

LANGUAGE = "en.toml"
"""Of the words of mails, beside their templates."""

_COLUMNS = 72
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class MailLook:
    """How the office's mails look.

    Attributes:
        logo: Shown at the top of the HTML, None for none.
        accent: Colour of its lines, `#1D3557`; "" for that of its text.
    """

    logo: Picture | None = None
    accent: str = ""


class TemplateMailWriter:
    """Builds mails from `certificate.txt` and `certificate.html`, in the words of `en.toml`."""

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
        environment = _environment(folders)
        self._text = _load(environment, "certificate.txt", WORDS)
        self._html = _load(environment, "certificate.html", WORDS)
        self._digest = _load(environment, "digest.txt", DIGEST_WORDS)
        self._say = read_toml(templates / "mail" / LANGUAGE)

    def check(self, entry: Entry, row: OutboxRow) -> None:
        """Render the words, and check what goes into headers.

        Raises:
            DeliveryError: If a template fails, or a header would carry what it must not.
        """
        self._words(entry, row)
        _check_title(entry)

    def write(self, entry: Entry, row: OutboxRow, document: bytes) -> Mail:
        """Build the message of *row*, the same bytes every time, and check them.

        Args:
            entry: The certificate it is about.
            row: The mail as it was queued; its time is the message's Date.
            document: The PDF to attach.

        Raises:
            DeliveryError: If *document* is not the row's, or the message is not exactly
                this recipient's.
        """
        if sha256(document).hexdigest() != row.sha256:
            raise DeliveryError(
                f"the PDF of {row.certificate_id} is not the one that was issued",
                hint="restore it from the backup, then run cecert mail retry",
            )
        if problems := email_problems(row.recipient):
            shown = row.recipient if len(row.recipient) <= _SHOWN else row.recipient[:_SHOWN] + "…"
            raise DeliveryError(f"{shown!r} cannot be mailed to: it {problems[0]}")
        _check_title(entry)
        text, html = self._words(entry, row)
        content = assembled(
            self._headers(entry, row),
            [text_part("plain", text), related_part(text_part("html", html), self._look.logo)],
            pdf_part(attachment_name(entry.certificate, self._say), document),
        )
        mail = Mail(row.key, self._return_path(row), _wire(row.recipient), content)
        check_mail(mail, entry, row)
        return mail

    def _headers(self, entry: Entry, row: OutboxRow) -> list[bytes]:
        date = format_datetime(_local(row.queued_at, self._zone))
        return [
            self._sender,
            f"To: {_wire(row.recipient)}\r\n".encode("ascii"),
            self._reply_to,
            header("Subject", mail_subject(entry.certificate, row, self._say)),
            f"Date: {date}\r\nMessage-ID: {row.message_id}\r\n".encode("ascii"),
            b"Auto-Submitted: auto-generated\r\n",  # RFC 3834
            b"X-Auto-Response-Suppress: All\r\n",
        ]

    def write_digest(self, digest: Digest) -> Mail:
        """Build the office's mail about a batch, as text."""
        date = _local(digest.at, self._zone)
        said = digest_words(digest, self._say)
        words = _render(self._digest, {"digest": said, "at": date, "say": self._say})
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

    def _words(self, entry: Entry, row: OutboxRow) -> tuple[str, str]:
        logo = self._look.logo
        words = {
            **mail_words(entry.certificate, row, self._provider, self._say),
            "accent": self._look.accent,
            "logo": None if logo is None else {**_shown(logo), "alt": self._provider.name},
        }
        return _render(self._text, words), _render(self._html, words)


def _environment(folders: Sequence[Path]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    kept = {each: environment.filters[each] for each in ("format", "upper", "escape")}
    environment.filters = {**kept, "fold": _fold}
    return environment


def _load(environment: ImmutableSandboxedEnvironment, name: str, words: frozenset[str]) -> Template:
    try:
        source = (environment.loader or FileSystemLoader(())).get_source(environment, name)[0]
        unknown = meta.find_undeclared_variables(environment.parse(source)) - words
        template = environment.get_template(name)
    except (TemplateError, UnicodeDecodeError) as error:
        fault = Fault(f"mail template {name}", "", f"cannot be used: {error}")
        raise ConfigurationError("mails cannot be written", (fault,)) from error
    if unknown:
        fault = Fault(f"mail template {name}", ", ".join(sorted(unknown)), "is no word of a mail")
        known = f"it may use {', '.join(sorted(words))}"
        raise ConfigurationError("mails cannot be written", (fault,), hint=known)
    return template


def _render(template: Template, words: Mapping[str, object]) -> str:
    try:
        return template.render(words)
    except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise DeliveryError(f"mail template {template.name}: {error}") from error


def _fold(text: str, first: str = "", rest: int = 0) -> str:
    """Break a paragraph at 72 columns, *first* before its first line, *rest* spaces after."""
    return textwrap.fill(
        text, _COLUMNS, initial_indent=first, subsequent_indent=" " * rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _check_title(entry: Entry) -> None:
    """Refuse a title that could become a header of its own."""
    title = entry.certificate.course.title
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


def check_mail(mail: Mail, entry: Entry, row: OutboxRow) -> None:
    """Read *mail* back and compare it with its row and its entry.

    Args:
        mail: As it would be sent.
        entry: The certificate it is about.
        row: The mail as it was queued.

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
    if types not in _PARTS:
        yield f"its parts are {', '.join(types)}"
        return
    if sha256(_content(parts[-1])).hexdigest() != row.sha256:
        yield "its PDF is not the one that was issued"
    words = " ".join(_content(parts[0]).decode("utf-8").split())
    for value in (entry.certificate.recipient.name, str(row.certificate_id)):
        if " ".join(value.split()) not in words:
            yield f"{value!r} is missing from its text"


_PARTS = (
    ["text/plain", "text/html", "application/pdf"],
    ["text/plain", "text/html", "image/png", "application/pdf"],
)
"""With the office's logo, or without."""


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
