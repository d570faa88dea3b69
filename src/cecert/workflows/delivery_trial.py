"""Trying out the mail account: one mail with a specimen, of which nothing is recorded."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.mail.message import TEST, Receipt, queue_row
from cecert.domain.people.person import email_problems
from cecert.errors import InputError
from cecert.ports import Entry
from cecert.workflows.mail_room import MailRoom

__all__ = ["send_trial"]


async def send_trial(room: MailRoom, specimen: Certificate, document: bytes, to: str) -> Receipt:
    """Send a `[TEST]` mail, whose Message-ID no real mail has.

    Args:
        room: The office's.
        specimen: From `specimen_certificate`.
        document: Its PDF, with SPECIMEN across it.
        to: Who gets it.

    Raises:
        InputError: If the address cannot work.
        DeliveryError: If the service refuses us or cannot be reached.
    """
    if problems := email_problems(to):
        raise InputError(f"{to!r} {problems[0]}")
    now = room.clock.now()
    digest = sha256(document).hexdigest()
    row = queue_row(specimen, to, digest, now, room.account.mail_host)
    stamp = f"{TEST}-{now:%Y%m%d%H%M%S%f}"
    row = replace(
        row,
        key=f"{specimen.id}:{stamp}",
        message_id=f"<{stamp}.{digest[:16]}@{room.account.mail_host}>",
    )
    entry = Entry(specimen, to, "specimen.pdf", digest, row, room.actor)
    mail = room.writer.write(entry, row, document)
    async with room.sender.lane() as lane:
        return await lane.send(mail, _nothing_to_record)


async def _nothing_to_record() -> bool:
    return True
