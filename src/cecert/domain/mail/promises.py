"""Promises of mails: the row that stands in the outbox before anything is sent.

A row is made once and says for ever to whom, with which file and which words; its key and its
Message-ID are the same however often it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.mail.message import (
    FIRST,
    NOT_ARRIVED,
    RESEND,
    RETRY,
    REVOKED,
    MailKind,
    MailState,
    OutboxRow,
)

__all__ = ["queue_row", "resend_row", "retry_row", "revoked_row"]


def queue_row(
    certificate: Certificate,
    email: str,
    sha256: str,
    now: datetime,
    mail_host: str,
    note: str = "",
) -> OutboxRow:
    """Return the row that promises *certificate*'s first mail.

    Args:
        certificate: The certificate.
        email: Where it goes.
        sha256: Of the sealed PDF, hexadecimal.
        now: UTC; also the mail's Date.
        mail_host: Host part of the Message-ID.
        note: Why it was corrected, for a certificate that supersedes another; for
            others `1 of 2`, where the participant gets several at once.
    """
    zone = ZoneInfo(certificate.course.timezone)
    return OutboxRow(
        key=f"{certificate.id.text}:{FIRST}",
        certificate_id=certificate.id,
        course_id=certificate.course.id,
        recipient=email,
        message_id=_message_id(certificate, FIRST, mail_host),
        sha256=sha256,
        queued_at=now,
        due=now,
        deadline=datetime.combine(certificate.course.due_on, time(23, 59, 59), zone),
        note=note,
    )


NOTICE_DAYS = 7
"""Days in which a letter that nothing else dates should have arrived."""


def revoked_row(
    certificate: Certificate, mails: Sequence[OutboxRow], now: datetime, reason: str
) -> OutboxRow:
    """Return the row of the mail that tells a holder of the revocation.

    It goes where the newest mail of the certificate went that did not come back.

    Args:
        certificate: The certificate.
        mails: All mails of it, in the order they were queued; at least one.
        now: UTC; also the mail's Date.
        reason: Class and sentence: `issued-in-error: row 17 was another person`.
    """
    arrived = [each for each in mails if each.state not in NOT_ARRIVED]
    row = _again(certificate, (arrived or list(mails))[-1], REVOKED, now)
    zone = ZoneInfo(certificate.course.timezone)
    last = now.astimezone(zone).date() + timedelta(days=NOTICE_DAYS)
    deadline = datetime.combine(last, time(23, 59, 59), zone)
    return replace(row, sha256="", deadline=deadline, note=reason)


def resend_row(
    certificate: Certificate, first: OutboxRow, number: int, now: datetime, email: str = ""
) -> OutboxRow:
    """Return the row of another mail with the same file: a new message, not the old one again.

    Args:
        certificate: The certificate.
        first: The row of its first mail, or of its notice, which then is told again.
        number: 1 for the first resend.
        now: UTC; also the mail's Date.
        email: Where it goes, "" for where the first went.
    """
    again = _again(certificate, first, f"{_opening(first)}{RESEND}-{number}", now)
    note = first.note if first.kind is MailKind.REVOKED else ""
    return replace(again, recipient=email or first.recipient, note=note)


def retry_row(
    certificate: Certificate, bounced: OutboxRow, number: int, now: datetime
) -> OutboxRow:
    """Return the row of a mail that came back through the sender's fault, to be sent once more.

    It says what that one said. But it is a new message: services drop a second mail with a
    Message-ID they know, and ours took the first (docs/spec/delivery.md 1).

    Args:
        certificate: The certificate.
        bounced: The row of the mail that came back.
        number: How many mails of the certificate there were.
        now: UTC; also the mail's Date.
    """
    return _again(certificate, bounced, f"{_opening(bounced)}{RETRY}-{number}", now)


def _opening(row: OutboxRow) -> str:
    return f"{REVOKED}-" if row.kind is MailKind.REVOKED else ""


def _again(certificate: Certificate, first: OutboxRow, purpose: str, now: datetime) -> OutboxRow:
    mail_host = first.message_id.rpartition("@")[2].rstrip(">")
    return replace(
        first,
        key=f"{certificate.id.text}:{purpose}",
        message_id=_message_id(certificate, purpose, mail_host),
        queued_at=now,
        due=now,
        state=MailState.QUEUED,
        attempts=0,
        reply="",
        settled_at=None,
        first_tried_at=None,
    )


def _message_id(certificate: Certificate, purpose: str, mail_host: str) -> str:
    number = certificate.id.text.replace("-", "").lower()
    return f"<{number}.{certificate.revision}.{purpose}@{mail_host}>"
