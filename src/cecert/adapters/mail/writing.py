"""Writing the mail: templates become one message of bytes, which is then read back and checked.

The check is the gate against somebody else's certificate: one recipient, one PDF with
the row's digest, the right name and id in the words, no header beyond the list. No
name of a participant stands in a header, because on common Pythons one there can
become another header (CVE-2024-6923).
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
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

from cecert.adapters.mail.assembling import (
    assemble,
    header,
    pdf_part,
    sender_value,
    text_part,
)
from cecert.adapters.mail.checking import check_mail
from cecert.domain.course.provider import Provider
from cecert.domain.mail.bounces import return_path
from cecert.domain.mail.digest import Digest
from cecert.domain.mail.message import Mail, MailAccount, OutboxRow
from cecert.domain.mail.words import WORDS, mail_subject, mail_words
from cecert.domain.people.person import email_problems
from cecert.domain.values.text import text_problems
from cecert.errors import ConfigurationError, DeliveryError, Fault
from cecert.ports import Entry

__all__ = ["TemplateMailWriter"]

COLUMNS = 72
_SHOWN = 60


class TemplateMailWriter:
    """Builds mails from `certificate.txt` and `certificate.html`."""

    def __init__(
        self,
        templates: Path,
        account: MailAccount,
        provider: Provider,
        own: Path | None = None,
    ) -> None:
        """Load the templates.

        Args:
            templates: The folder `templates`; the mail's are in its folder `mail`.
            account: Whose From and Reply-To they carry.
            provider: Who can be reached, today.
            own: A folder whose templates stand in for those of the same name.

        Raises:
            ConfigurationError: If a template is missing or uses what mails do not have.
        """
        self._account = account
        self._provider = provider
        self._zone = ZoneInfo(provider.timezone)
        self._sender = header("From", sender_value(account.sender_name, _wire(account.sender)))
        self._reply_to = header("Reply-To", _wire(account.reply_to or account.sender))
        folders = [templates / "mail"] if own is None else [own, templates / "mail"]
        environment = _environment(folders)
        self._text = _load(environment, "certificate.txt", WORDS)
        self._html = _load(environment, "certificate.html", WORDS)
        self._digest = _load(environment, "digest.txt", frozenset({"digest", "at"}))

    def check(self, entry: Entry, row: OutboxRow) -> None:
        """Render the words, and check what goes into headers.

        Raises:
            DeliveryError: If a template fails, or a header would carry what it must not.
        """
        self._words(entry, row)
        _check_title(entry)

    def write(self, entry: Entry, row: OutboxRow, document: bytes) -> Mail:
        """Build the message of *row*, the same bytes every time, and check them.

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
        content = assemble(
            self._headers(entry, row),
            [text_part("plain", text), text_part("html", html)],
            pdf_part(f"CE-certificate-{row.certificate_id}.pdf", document),
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
            header("Subject", mail_subject(entry.certificate, row)),
            f"Date: {date}\r\nMessage-ID: {row.message_id}\r\n".encode("ascii"),
            b"Auto-Submitted: auto-generated\r\n",  # RFC 3834
            b"X-Auto-Response-Suppress: All\r\n",
        ]

    def write_digest(self, digest: Digest) -> Mail:
        """Build the office's mail about a batch, as text."""
        date = _local(digest.at, self._zone)
        words = _render(self._digest, {"digest": digest, "at": date})
        message_id = f"<digest.{digest.at:%Y%m%d%H%M%S%f}@{self._account.mail_host}>"
        headers = [
            self._sender,
            header("To", _wire(digest.to)),
            header("Subject", digest.subject),
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
        words = mail_words(entry.certificate, row, self._provider)
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
        text, COLUMNS, initial_indent=first, subsequent_indent=" " * rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _check_title(entry: Entry) -> None:
    """Refuse a title that could become a header of its own."""
    title = entry.certificate.course.title
    problems = text_problems(title) + (["holds '=?'"] if "=?" in title else [])
    if problems:
        raise DeliveryError(f"course title {title!r} cannot be a Subject: it {problems[0]}")


def _wire(address: str) -> str:
    """Return *address* as the wire needs it: an international domain in its ASCII form."""
    local, _, host = address.rpartition("@")
    return f"{local}@{host.encode('idna').decode('ascii')}"


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(microsecond=0)
