"""Mails without a certificate, whose texts are kept: a revocation, reminders, a denial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from letters import DENIAL, REMINDER, reminder_row
from mail_office import TEMPLATES, account, issued

from cecert.adapters.mail import MailLook, TemplateMailWriter
from cecert.domain.mail.message import Mail, OutboxRow
from cecert.domain.mail.promises import revoked_row
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_provider

__all__ = ["LETTERS", "body", "golden_mail", "letter_mail", "parsed"]

_OFFICE = MemoryOffice()
(_ENTRY,) = issued(_OFFICE, 1, credentials=("ny-social-work", "ma-social-work"))
_NOTICE = revoked_row(
    _ENTRY.certificate,
    [_ENTRY.mail],
    _OFFICE.clock.now(),
    "issued-in-error: row 17 was another person of nearly the same name",
)
_MANY = replace(
    REMINDER,
    gaps=("evaluation", "attestation", "post-test", "fee", "license"),
    sentences=(
        "We have not received your course evaluation.",
        "We have not received your signed statement that you attended.",
        "Your post-test has 60 per cent; 80 per cent pass.",
        "The CE fee is still open.",
        "This credit is for licensees, and we have no license of yours.",
    ),
)
_ONE = replace(REMINDER, gaps=REMINDER.gaps[:1], sentences=REMINDER.sentences[:1])

LETTERS: Mapping[str, tuple[Entry | None, OutboxRow]] = {
    "revoked": (_ENTRY, _NOTICE),
    "revoked-as-asked": (_ENTRY, replace(_NOTICE, note="requested-by-holder: you wrote to us")),
    "remind": (None, reminder_row()),
    "remind-one": (None, reminder_row(1, _ONE)),
    "remind-all": (None, reminder_row(1, _MANY)),
    "denied": (None, reminder_row(1, DENIAL)),
}


def letter_mail(name: str, look: MailLook | None = None) -> Mail:
    """Return a mail of `LETTERS` as it would be sent."""
    writer = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), look=look or MailLook())
    return writer.write(*LETTERS[name], b"")


def parsed(mail: Mail) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(mail.content)
    assert isinstance(message, EmailMessage)
    return message


def body(mail: Mail, kind: str = "plain") -> str:
    part = parsed(mail).get_body((kind,))
    assert part is not None
    content: str = part.get_content().replace("\r\n", "\n")
    return content


def golden_mail(name: str) -> str:
    """Return what is kept of a mail: its Subject, and its text."""
    mail = letter_mail(name)
    return f"Subject: {parsed(mail)['Subject']}\n\n{body(mail)}"
