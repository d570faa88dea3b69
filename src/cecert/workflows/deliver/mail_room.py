"""The mail room: everything the office hands to the delivery workflows, whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cecert.domain.mail.message import MailAccount, OutboxRow
from cecert.ports import (
    Archive,
    Clock,
    Ledger,
    MailSender,
    MailWriter,
    Outbox,
    Presence,
    Randomness,
    SendLog,
    SentFolder,
)

__all__ = ["MailRoom", "nothing_to_record"]


@dataclass(frozen=True, slots=True)
class MailRoom:
    """Everything delivering needs of the office.

    Attributes:
        account: Whose rate is shared.
        owner: Name of this run that no other run has, beginning with `station`; claims
            are held in it.
        station: What the names of all runs of this office on this machine begin with.
        actor: Who delivers, for the events.
        connections: Most connections at once.
        ledger, outbox, archive, writer, sender, send_log, presence, clock, randomness:
            The ports.
        sent_folder: Where uncertain mails are looked for, None for nowhere.
    """

    ledger: Ledger
    outbox: Outbox
    archive: Archive
    writer: MailWriter
    sender: MailSender
    send_log: SendLog
    presence: Presence
    clock: Clock
    randomness: Randomness
    account: MailAccount
    owner: str
    station: str
    actor: str
    connections: int = 4
    sent_folder: SentFolder | None = None

    def waiting(self, course_id: str = "") -> Iterator[OutboxRow]:
        """Yield the mails that `deliver` would send now, queued and due, in their turn."""
        return self.outbox.in_turn(course_id, self.clock.now())


async def nothing_to_record() -> bool:
    """Let a mail go that stands in no outbox: there is nothing to mark before its final dot."""
    return True
