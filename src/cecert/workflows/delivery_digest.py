"""The office's copy: one digest a batch, for whoever `[mail] digest_to` names.

It is no certificate: nothing is recorded of it, and a digest that could not be sent is
said in the summary and never sent later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cecert.domain.mail.digest import Digest, DigestLine
from cecert.domain.mail.message import MailState
from cecert.errors import CecertError
from cecert.workflows.delivery_report import Delivered, DeliveryReport
from cecert.workflows.mail_room import MailRoom

__all__ = ["send_digest"]


async def send_digest(room: MailRoom, report: DeliveryReport, mails: Sequence[Delivered]) -> str:
    """Send the digest of a batch, if one is wanted and there is anything to say.

    Args:
        room: The office's.
        report: Of the batch.
        mails: What became of each mail of it.

    Returns:
        Why it was not sent, or "".
    """
    if not room.account.digest_to or not mails:
        return ""
    digest = Digest(
        to=room.account.digest_to,
        at=room.clock.now(),
        lines=tuple(_lines(room, mails)),
        left=report.left,
        halted=report.halted,
    )
    try:
        async with room.sender.lane() as lane:
            receipt = await lane.send(room.writer.write_digest(digest), _nothing_to_record)
    except CecertError as error:
        return str(error)
    return "" if receipt.state is MailState.SENT else receipt.reply


async def _nothing_to_record() -> bool:
    return True


def _lines(room: MailRoom, mails: Sequence[Delivered]) -> Iterator[DigestLine]:
    for mail in mails:
        entry = room.ledger.entry(mail.certificate_id)
        if entry is not None:
            yield DigestLine(
                certificate=str(mail.certificate_id),
                course=entry.certificate.course.id,
                name=entry.certificate.recipient.name,
                email=entry.email,
                state=mail.state,
                reply=mail.reply,
            )
