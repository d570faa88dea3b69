"""Evidence about mails: what the send log or the Sent folder says was taken.

Source: docs/spec/delivery.md 4.6.

What lies in neither may have been taken all the same, so what is uncertain stays so, and
nothing is ever sent again by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from cecert.domain.mail.message import FIRST, MailState, OutboxRow
from cecert.ports import TakenMail
from cecert.workflows.deliver.mail_room import MailRoom

__all__ = [
    "SendLogFindings",
    "forgotten",
    "is_reissued",
    "settle_by_evidence",
    "settle_by_sent_folder",
]

LOOKED_UP = 500
"""Mails that are looked up at once."""

_UNCERTAIN = frozenset({MailState.UNCERTAIN})
_OPEN = frozenset({MailState.QUEUED, MailState.UNCERTAIN})
_REISSUED = "another mail of this name was taken before this one was queued: "


@dataclass(frozen=True, slots=True)
class SendLogFindings:
    """What the send log said about mails that were queued or uncertain.

    Attributes:
        settled: How many count as sent now.
        reissued: Mails that are held now: the service took another one of their name,
            before the ledger was restored and they were made anew.
    """

    settled: int = 0
    reissued: tuple[OutboxRow, ...] = ()


def settle_by_evidence(room: MailRoom) -> SendLogFindings:
    """Settle as sent every mail that the send log says was taken.

    A crash between the service's yes and its record leaves such a mail uncertain; a
    ledger restored from a backup believes that it is still queued. One that was made
    again since, with other words or another file, has the name of what was taken and
    is something else: it is uncertain until a person decides.
    """
    if not _OPEN & room.outbox.counts().keys():
        return SendLogFindings()
    settled: set[str] = set()
    others: dict[str, tuple[OutboxRow, TakenMail]] = {}
    for row, taken in _logged(room):
        if row is None or row.state not in _OPEN:
            continue
        if not _is_of(taken, row):
            others[row.key] = row, taken
        elif _moved(room, row, MailState.SENT, f"by the send log: {taken.reply}"):
            settled.add(row.key)
    held = [
        _held(room, row, taken)
        for key, (row, taken) in others.items()
        if key not in settled and not is_reissued(row)
    ]
    return SendLogFindings(len(settled), tuple(row for row in held if row is not None))


def forgotten(room: MailRoom) -> Sequence[str]:
    """Return the numbers of certificates that were mailed and that the ledger does not have.

    After a restore these are what was issued or corrected since the backup.
    """
    numbers = (
        taken.key.removesuffix(f":{FIRST}")
        for row, taken in _logged(room)
        if row is None and taken.key.endswith(f":{FIRST}")
    )
    return list(dict.fromkeys(numbers))


def is_reissued(row: OutboxRow) -> bool:
    """Say whether a mail is held because another one of its name was taken."""
    return row.state is MailState.UNCERTAIN and row.reply.startswith(_REISSUED)


def _logged(room: MailRoom) -> Iterator[tuple[OutboxRow | None, TakenMail]]:
    """Yield every mail of the send log, with its row as it stood when it was looked up."""
    log = iter(room.send_log.accepted())
    while some := list(islice(log, LOOKED_UP)):
        rows = {row.message_id: row for row in room.outbox.named({e.message_id for e in some})}
        yield from ((rows.get(each.message_id), each) for each in some)


def _is_of(taken: TakenMail, row: OutboxRow) -> bool:
    """Say whether what was taken is this very mail, or the first one with this very file."""
    if taken.queued_at is None or taken.queued_at == row.queued_at:
        return True
    return row.purpose == FIRST and taken.sha256 == row.sha256


def _held(room: MailRoom, row: OutboxRow, taken: TakenMail) -> OutboxRow | None:
    """Hold a mail and return it as it is now; None if somebody else took it meanwhile."""
    file = "the same file" if taken.sha256 == row.sha256 else "another file"
    reason = f"{_REISSUED}{file}, {taken.at:%Y-%m-%d %H:%M} UTC, {taken.reply}"
    if not _moved(room, row, MailState.UNCERTAIN, reason):
        return None
    return replace(row, state=MailState.UNCERTAIN, reply=reason)


async def settle_by_sent_folder(room: MailRoom) -> Sequence[OutboxRow]:
    """Settle as sent every uncertain mail that the Sent folder holds; return those.

    Raises:
        DeliveryError: If the folder cannot be searched; nothing was settled.
    """
    rows = await asyncio.to_thread(_sought, room)
    if room.sent_folder is None or not rows:
        return ()
    found = frozenset(await room.sent_folder.holds([row.message_id for row in rows]))
    return await asyncio.to_thread(
        _taken_for_sent, room, [row for row in rows if row.message_id in found]
    )


def _sought(room: MailRoom) -> Sequence[OutboxRow]:
    """Return the uncertain mails that may lie in the Sent folder."""
    return [row for row in room.outbox.walk_mails(states=_UNCERTAIN) if not is_reissued(row)]


def _taken_for_sent(room: MailRoom, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """Settle *rows* as sent; return those that nobody else settled meanwhile."""
    reason = "by the Sent folder: it holds the mail"
    return [row for row in rows if _moved(room, row, MailState.SENT, reason)]


def _moved(room: MailRoom, row: OutboxRow, target: MailState, reason: str) -> bool:
    event = room.event(target.value, row, reason)
    return room.outbox.move(row.key, _OPEN, target, event)
