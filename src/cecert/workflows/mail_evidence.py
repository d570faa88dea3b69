"""Evidence about uncertain mails: what lies in the Sent folder was taken (MAIL 4.6).

What does not lie there may have been taken all the same, so it stays uncertain and
nothing is ever sent again by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from cecert.domain.messages import MailState, OutboxRow
from cecert.ports import Event
from cecert.workflows.mail_room import MailRoom

__all__ = ["settle_by_sent_folder"]

_UNCERTAIN = frozenset({MailState.UNCERTAIN})


async def settle_by_sent_folder(room: MailRoom) -> Sequence[OutboxRow]:
    """Settle as sent every uncertain mail that the Sent folder holds; return those.

    Raises:
        DeliveryError: If the folder cannot be searched; nothing was settled.
    """
    rows = list(room.outbox.walk_mails(states=_UNCERTAIN))
    if room.sent_folder is None or not rows:
        return ()
    found = frozenset(await room.sent_folder.holds([row.message_id for row in rows]))
    return [row for row in rows if row.message_id in found and _settled(room, row)]


def _settled(room: MailRoom, row: OutboxRow) -> bool:
    reason = "by the Sent folder: it holds the mail"
    event = Event("sent", room.clock.now(), row.certificate_id, room.actor, reason)
    return room.outbox.move(row.key, _UNCERTAIN, MailState.SENT, event)
