"""Ports to the mail: what was promised, and the service that takes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from cecert.domain.mail.digest import Digest
from cecert.domain.mail.message import Mail, MailState, OutboxRow, Receipt
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports.ledger import Entry, Event

__all__ = [
    "MailConnection",
    "MailFolder",
    "MailSender",
    "MailWriter",
    "Outbox",
    "Presence",
    "SendLog",
    "SentFolder",
    "TakenMail",
]

T = TypeVar("T")


class Outbox(Protocol):
    """The mails that were promised (docs/spec/delivery.md 4). Every method is one transaction.

    Only `walk_mails` and `in_turn`, which go through any number of mails and hold a few
    at a time, read in short transactions one after the other: they lock nothing between
    them, and yield each mail as it stood when it was read.

    A mail moves queued, sending, committing, and then sent, failed or uncertain; what
    is committing is never claimed again, so that safety needs no clock and no lease.
    """

    def rows(self, course_id: str = "") -> Sequence[OutboxRow]:
        """Return all mails, of one course or of all, in the order they were queued."""
        ...

    def mails_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[OutboxRow]:
        """Return all mails of these certificates, in the order they were queued."""
        ...

    def walk_mails(
        self, course_id: str = "", states: Collection[MailState] = tuple(MailState)
    ) -> Iterator[OutboxRow]:
        """Yield what `rows` returns, of some states or of all, a few at a time.

        Each mail comes once at most; what is queued meanwhile comes last.
        """
        ...

    def in_turn(self, course_id: str = "", until: datetime | None = None) -> Iterator[OutboxRow]:
        """Yield the queued mails in the order `claim` takes them, a few at a time.

        Those due by *until*, or all where it is None; one that is put off meanwhile, and
        not beyond *until*, may come twice.
        """
        ...

    def row(self, key: str) -> OutboxRow | None:
        """Return one mail, or None."""
        ...

    def of_certificate(self, certificate_id: CertificateId) -> Sequence[OutboxRow]:
        """Return the mails of a certificate, in the order they were queued."""
        ...

    def named(self, message_ids: Collection[str]) -> Sequence[OutboxRow]:
        """Return the mails that have one of *message_ids* (some hundreds at most)."""
        ...

    def sent_since(self, instant: datetime) -> int:
        """Return how many mails the service took, or may have taken, after *instant*."""
        ...

    def queue(self, row: OutboxRow, event: Event) -> bool:
        """Add a mail to those already there (a resend, a letter); False if its key is there.

        Raises:
            LedgerError: If its certificate is not what it is sent while (`OutboxRow.sent_while`).
        """
        ...

    def counts(self, course_id: str = "") -> Mapping[MailState, int]:
        """Return how many mails stand in each state that has any, of one course or of all."""
        ...

    def claim(self, owner: str, now: datetime, course_id: str = "") -> OutboxRow | None:
        """Take the queued mail that is due longest for *owner*: sending, one attempt more.

        `first_tried_at` is set where it was None. The claim is a lease of 30 minutes
        (more than the sum of the time-outs of RFC 5321 4.5.3.2), after which `reap`
        may free it. PostgreSQL skips rows that another sender has locked.

        Args:
            owner: Who will send it, by a name no other run has.
            now: Mails due later are left.
            course_id: Of this course only; "" for all.

        Returns:
            The mail as it is now; None if none is due.
        """
        ...

    def mark_committing(self, key: str, owner: str) -> bool:
        """Move a mail from sending to committing; False if it is not *owner*'s any more."""
        ...

    def settle(self, row: OutboxRow, owner: str, receipt: Receipt, event: Event) -> bool:
        """Record the outcome of an attempt with *event*, whose `at` is when it settled.

        A sending, committing or (a late but definite answer) uncertain mail of *owner*
        gets the receipt's state and reply; `due` becomes `retry_after` seconds after
        *event*; an attempt that does not count is taken off again, as if it had never
        been (`first_tried_at` too). A QUEUED receipt gives the mail back without an
        owner, and without an event if it does not count.

        Args:
            row: The mail, as it was claimed.
            owner: Who claimed it.
            receipt: What became of it.
            event: What is recorded with it.

        Returns:
            False if it is not *owner*'s; then nothing was recorded.
        """
        ...

    def together(self, acts: Sequence[Callable[[Outbox], T]]) -> Sequence[T]:
        """Return what *acts* return, each called with an outbox; all are one transaction.

        For what is short, and of which each alone would wait for the disk: `claim`,
        `mark_committing`, `settle` and `move`. They are done in their order.

        Raises:
            CecertError: What the first of them raises that does; then none was done.
        """
        ...

    def reap(self, dead: str = "") -> int:
        """Free mails whose lease is over: sending goes back to queued, committing is uncertain.

        Leases are kept by the database's clock: a machine whose clock is wrong frees
        nobody's mail. An uncertain one gets its event, and keeps its owner, whose late
        answer still settles it.

        Args:
            dead: Owners whose names begin with it are gone, whatever their lease says;
                "" for nobody.
        """
        ...

    def move(
        self, key: str, sources: Collection[MailState], target: MailState, event: Event
    ) -> bool:
        """Move a mail by decision or evidence; False if it stands in none of *sources*.

        Reply and `settled_at` become the event's. A mail moved to QUEUED is due at
        once, with no attempts and no `first_tried_at`; its owner and lease are gone.

        Args:
            key: The mail's.
            sources: The states it may be moved from.
            target: The state it is moved to.
            event: Why it is moved.
        """
        ...

    def reserve(self, account: str, interval: float) -> float:
        """Take the next sending slot of an account that all senders on all machines share.

        Slots are *interval* seconds apart by the database's clock, divided by the
        account's speed (`slow_down`); a slot in the past is now.

        Returns:
            Seconds to wait until the slot.
        """
        ...

    def slow_down(self, account: str) -> None:
        """Halve the account's speed (1 at first, 0.05 at least); it regains 0.05 a minute."""
        ...


@dataclass(frozen=True, slots=True)
class TakenMail:
    """One mail that the service took, as the send log has it.

    Attributes:
        key, message_id: The outbox row's.
        sha256: Of the PDF it carried, hexadecimal; "" where an older line does not say.
        queued_at: When that mail was queued, which is its Date; None where an older line
            does not say.
        at: When it was taken.
        reply: The service's words.
    """

    key: str
    message_id: str
    sha256: str
    queued_at: datetime | None
    at: datetime
    reply: str


class SendLog(Protocol):
    """The append-only list of mails the service took, kept apart from the ledger.

    A ledger restored from yesterday's backup believes that today's mails are queued;
    this list is what contradicts it (docs/spec/delivery.md 4.2).
    """

    def note(self, row: OutboxRow, reply: str, at: datetime) -> None:
        """Write down, durably, that the service took this mail.

        Args:
            row: The mail.
            reply: The service's words.
            at: When it was taken, aware.

        Raises:
            DeliveryError: If it cannot be written.
        """
        ...

    def accepted(self) -> Iterable[TakenMail]:
        """Yield every mail ever noted; a torn last line is left out."""
        ...


class SentFolder(Protocol):
    """The folder where the mail service files a copy of each mail that it took."""

    async def holds(self, message_ids: Collection[str]) -> Collection[str]:
        """Return those of *message_ids* that it holds; of the others nobody can say.

        Raises:
            DeliveryError: If it cannot be searched.
        """
        ...


class Presence(Protocol):
    """Tells whether another sender of this office runs on this machine.

    A lease lasts 30 minutes; who is alone knows at once that the others are dead. It
    only saves waiting: safety is the commit mark's.
    """

    def hold(self, if_alone: Callable[[], None]) -> AbstractContextManager[None]:
        """Be present until the context ends; first call *if_alone* if nobody else is."""
        ...


class MailFolder(Protocol):
    """A folder of messages for people to look at."""

    def check(self, names: frozenset[str]) -> None:
        """Refuse the folder if it holds messages besides *names*.

        Raises:
            InputError: If it does, or is no folder.
        """
        ...

    def put(self, name: str, content: bytes) -> str:
        """Write `<name>.eml` and return its path."""
        ...


class MailConnection(Protocol):
    """One connection of a mail sender, opened when it is first needed and reused."""

    async def open(self) -> None:
        """Connect, secure and log in, where that is not done.

        Raises:
            ServiceUnavailableError: If the service cannot be reached or asks to wait.
            DeliveryError: If it refuses this account for good, or is not to be trusted.
        """
        ...

    async def send(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        """Hand *mail* over; *commit* is awaited between the last body byte and the final dot.

        Where *commit* says False, the final dot is not sent and the receipt is QUEUED.

        Returns:
            What became of this mail.

        Raises:
            ServiceUnavailableError, DeliveryError: As `open`; the mail was not taken.
        """
        ...


class MailSender(Protocol):
    """A service that takes mails for delivery."""

    def lane(self) -> AbstractAsyncContextManager[MailConnection]:
        """Return a lane; leaving the context closes its connection."""
        ...


class MailWriter(Protocol):
    """Builds the mail of a row: a certificate's, a notice about one, or a letter."""

    def check(self, entry: Entry | None, row: OutboxRow) -> None:
        """Render the mail without its document, to find what is wrong before any is sent.

        Args:
            entry: The certificate the mail is about, None of a letter.
            row: The mail as it was queued.

        Raises:
            DeliveryError: As `write`, as far as it can be told.
        """
        ...

    def write(self, entry: Entry | None, row: OutboxRow, document: bytes) -> Mail:
        """Build the message of a mail, and check the finished bytes.

        Args:
            entry: The certificate the mail is about, None of a letter.
            row: The mail as it was queued, for this certificate.
            document: The sealed PDF it carries, whose digest stands in *row*; b"" for none.

        Raises:
            DeliveryError: If it is not exactly this recipient's mail with this document.
        """
        ...

    def write_digest(self, digest: Digest) -> Mail:
        """Build the office's mail about a batch."""
        ...
