"""The mail room: everything the office hands to the delivery workflows, whole.

It knows of each mail whether it is still to be sent, and has it written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.account import MailAccount
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import Mail, MailKind, OutboxRow
from cecert.domain.values.wording import day_phrase
from cecert.errors import DeliveryError
from cecert.ports import (
    Archive,
    Clock,
    Entry,
    Event,
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

    One run of `deliver` has it, and one thread at a time.

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
        checkpoint: Of the log, as it was published last: the digest carries it to somebody else.
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
    checkpoint: str = ""

    def waiting(self, course_id: str = "") -> Iterator[OutboxRow]:
        """Yield the mails that `deliver` would send now, queued and due, in their turn."""
        return self.outbox.in_turn(course_id, self.clock.now())

    @typed
    def entry_of(self, row: OutboxRow) -> Entry | None:
        """Return the certificate that a mail is about, None of a letter, or where there is none."""
        return None if row.certificate_id is None else self.ledger.entry(row.certificate_id)

    @typed
    def hindrance(self, row: OutboxRow, entry: Entry | None) -> str:
        """Return why a mail is not to be sent any more, "" if it is.

        Args:
            row: The mail.
            entry: The certificate that it is about.

        Raises:
            DeliveryError: If it is a letter whose words cannot be read.
        """
        if row.certificate_id is None:
            return self._hindrance_of_letter(row)
        if entry is None or entry.state is not row.sent_while:
            return "its certificate does not stand any more"
        return ""

    def _hindrance_of_letter(self, row: OutboxRow) -> str:
        try:
            letter = letter_of(row)
        except ValueError as error:
            raise DeliveryError(str(error)) from error
        theirs = self.ledger.entries_of(letter.course_id, [letter.participant])
        if any(
            each.state is CertificateState.STANDING
            and each.certificate.issued_at >= row.queued_at.replace(microsecond=0)
            for each in theirs
        ):
            return "a certificate was issued meanwhile"
        if row.kind is MailKind.REMIND and self.clock.now() > letter.ends:
            return f"reminders of its course ended on {day_phrase(letter.ends.date())}"
        return ""

    @typed
    def written(self, row: OutboxRow, entry: Entry | None) -> Mail:
        """Return the message of a mail.

        Args:
            row: The mail.
            entry: The certificate that it is about.

        Raises:
            CecertError: If its document is not there, or the message cannot be written or is
                not exactly this recipient's.
        """
        document = self.archive.get(entry.document) if entry and row.sha256 else b""
        return self.writer.write(entry, row, document)

    @typed
    def event(self, kind: str, row: OutboxRow, reason: str) -> Event:
        """Return the event of a mail, now.

        Args:
            kind: As of `Event`.
            row: The mail.
            reason: Why, or the mail server's words.
        """
        key = row.key if row.certificate_id is None else ""
        return Event(kind, self.clock.now(), row.certificate_id, self.actor, reason, key)


async def nothing_to_record() -> bool:
    """Let a mail go that stands in no outbox: there is nothing to mark before its final dot."""
    return True
