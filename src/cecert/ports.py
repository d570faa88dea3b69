"""Ports: what cecert asks of the world, in the words of the domain.

Each Protocol is as small as its users allow. `cecert.adapters` holds what stands
behind them in earnest, `cecert.testing` the fakes, for our tests and for users'.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from cecert.domain.certificates import Certificate, CertificateState, StatusSlot
from cecert.domain.completions import CompletionRecord
from cecert.domain.digests import Digest
from cecert.domain.evidence import AttendanceFile, DateOrder, EvaluationFile
from cecert.domain.identifiers import CertificateId
from cecert.domain.messages import Mail, MailState, OutboxRow, Receipt
from cecert.domain.trust import TrustFile
from cecert.errors import Fault

__all__ = [
    "Archive",
    "Clock",
    "CompletionList",
    "Drawing",
    "Entry",
    "EntryResult",
    "Event",
    "EvidenceReader",
    "HeldLine",
    "Lane",
    "Ledger",
    "MailFolder",
    "MailSender",
    "MailWriter",
    "OfferedLists",
    "Outbox",
    "PdfContent",
    "PdfReader",
    "Presence",
    "Randomness",
    "ReattestedSource",
    "Renderer",
    "SealFinding",
    "SealPlace",
    "SealReader",
    "SealState",
    "Sealer",
    "SendLog",
    "Site",
    "SiteMaker",
    "SourceFile",
    "SourceTable",
    "StatusSource",
]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, UTC, aware."""
        ...


class Randomness(Protocol):
    """Chooses by chance; status slots must not follow the order of issue."""

    def below(self, bound: int) -> int:
        """Return a uniform integer in [0, *bound*)."""
        ...


@dataclass(frozen=True, slots=True)
class CompletionList:
    """A completion list as it was read.

    Attributes:
        records: Of the good rows, in the file's order.
        faults: Every bad cell of the file; a row with one is in no record.
        notes: What a person should see, though it stops nothing.
        evidence: `collected` where `collect` vouches for the list, else `by hand`.
    """

    records: tuple[CompletionRecord, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: str = "by hand"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that evidence comes in.

    Attributes:
        name: Without folders.
        content: Its bytes.
        path: Where it lies, as it was given.
    """

    name: str
    content: bytes
    path: str = ""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table as text.

    Attributes:
        headers: As written.
        rows: Row number as Excel shows it, and the cells; without blank rows.
        notes: What a person should see.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()


class EvidenceReader(Protocol):
    """Reads what platforms and offices export; a file is known by its content, not its name."""

    def attendance(self, file: SourceFile, order: DateOrder | None) -> AttendanceFile:
        """Read an attendance report.

        Args:
            file: The export.
            order: Of day, month and year, as the operator stated it; None to learn it.

        Raises:
            InputError: If it is none, or its dates cannot be read in this order.
        """
        ...

    def evaluation(self, file: SourceFile, order: DateOrder | None) -> EvaluationFile:
        """Read an evaluation's or a test's responses.

        Raises:
            InputError: As `attendance`.
        """
        ...

    def table(self, file: SourceFile) -> SourceTable:
        """Read any table.

        Raises:
            InputError: If it is none.
        """
        ...


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where a drawn certificate waits for its seal; places are bytes from the file's start.

    Attributes:
        date: Of the signing date, `D:YYYYMMDDHHMMSSZ`.
        hole: Of the `<` that opens the signature's hexadecimal zeros.
        after: Just behind the `>` that closes them; the byte range leaves out what is between.
    """

    date: int
    hole: int
    after: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn certificate, not yet sealed.

    Attributes:
        pdf: The document, complete but for its seal, with the token attached as
            `cecert-token.txt`.
        seal: Where the seal goes, None for what is never sealed.
    """

    pdf: bytes
    seal: SealPlace | None = None


class Renderer(Protocol):
    """Draws certificates."""

    def faults(self, certificate: Certificate) -> Sequence[Fault]:
        """Say what keeps *certificate* from being drawn: missing glyphs, no room."""
        ...

    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate*.

        Raises:
            DrawingError: If `faults` has any.
        """
        ...

    def draw_specimen(self, certificate: Certificate) -> Drawing:
        """Draw *certificate* with SPECIMEN across it and nothing that verifies."""
        ...


class Sealer(Protocol):
    """Seals documents in the provider's name."""

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        """Return the document sealed at *at*: PAdES B-B, certifying, no changes allowed.

        Raises:
            SealError: If it cannot be sealed.
        """
        ...


class Archive(Protocol):
    """Keeps sealed documents for ever, each under a name of its own."""

    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        """Store *documents*, each atomically, and return their names.

        A name holds the id and the document's digest, so that two runs that drew the
        same certificate differently do not meet. All of them are on the disk when it
        returns; many at once, because each wait for the disk costs more than drawing.

        Raises:
            LedgerError: If one cannot be stored; nobody was promised the others.
        """
        ...

    def get(self, name: str) -> bytes:
        """Return the document stored under *name*.

        Raises:
            LedgerError: If it is missing.
        """
        ...

    def discard(self, name: str) -> None:
        """Remove a document that no ledger entry names: the loser of a race deletes its own."""
        ...

    def names(self) -> Sequence[str]:
        """Return the name of everything that lies in it, strays among them, in order.

        Raises:
            LedgerError: If it cannot be looked into.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate as it is entered in the ledger, with the mail that it promises.

    Attributes:
        certificate: The frozen snapshot.
        email: Where it is mailed.
        document: Name in the archive.
        sha256: Of the sealed document, hexadecimal.
        mail: The mail to queue in the same transaction.
        actor: Who issued it.
        state: As the ledger has it now.
        evidence: The completion record it rests on, as JSON, "" where none was kept.
    """

    certificate: Certificate
    email: str
    document: str
    sha256: str
    mail: OutboxRow
    actor: str
    state: CertificateState = CertificateState.STANDING
    evidence: str = ""


class EntryResult(Enum):
    """What became of one entry."""

    ENTERED = "entered"
    HELD = "held"
    """A standing certificate already carries one of its credit lines: a race was lost."""
    SLOT_TAKEN = "slot-taken"
    """Its status slot went to another certificate meanwhile: draw it again with a new one."""
    OTHER_IDENTITY = "other-identity"
    """The same person holds a certificate of this course under another identity."""


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A credit line that a standing certificate of a course carries.

    Attributes:
        participant: The holder's identity.
        name: As printed on the certificate.
        email: Where it was mailed.
        marks: What tells the person across identities (`identity_marks`).
        credential: The credential type.
        certificate_id: The certificate.
    """

    participant: str
    name: str
    email: str
    marks: frozenset[str]
    credential: str
    certificate_id: CertificateId


@dataclass(frozen=True, slots=True)
class Event:
    """One act upon a certificate; events are only ever added.

    Attributes:
        kind: issued, queued, sent, deferred, failed, uncertain, revoked, ...
        at: UTC.
        certificate_id: None for an act upon the ledger as a whole.
        actor: Who.
        reason: Why, or the mail server's words; "" where there is nothing to say.
    """

    kind: str
    at: datetime
    certificate_id: CertificateId | None
    actor: str
    reason: str = ""


class Ledger(Protocol):
    """What was promised, and the proof of it."""

    def held_lines(self, course_id: str) -> Sequence[HeldLine]:
        """Return every credit line on a standing certificate of the course."""
        ...

    def free_slots(self, randomness: Randomness, count: int) -> Sequence[StatusSlot]:
        """Return *count* slots no certificate has, chosen by chance in the list that is filling."""
        ...

    def enter(self, entries: Sequence[Entry], at: datetime) -> Sequence[EntryResult]:
        """Enter *entries* (at most 100) in one transaction and queue their mails.

        Returns:
            One result an entry, in order; only ENTERED ones changed anything.

        Raises:
            LedgerError: If the ledger cannot be written; nothing was entered.
        """
        ...

    def entry(self, certificate_id: CertificateId) -> Entry | None:
        """Return the entry of a certificate, or None."""
        ...

    def entries(self, course_id: str = "") -> Sequence[Entry]:
        """Return all entries in order of issue, of one course or of all."""
        ...

    def walk(self, course_id: str = "") -> Iterator[Entry]:
        """Yield what `entries` returns, a few at a time, for whoever goes through all."""
        ...

    def count(self, course_id: str = "") -> int:
        """Return how many entries there are, of one course or of all."""
        ...

    def revoke(self, certificate_id: CertificateId, event: Event) -> CertificateState:
        """Revoke a standing certificate and cancel its mail, in one transaction.

        A mail that is queued, or being sent and not yet committing, is cancelled.

        Returns:
            The state it had before; only STANDING was changed.

        Raises:
            LedgerError: If there is no such certificate.
        """
        ...

    def supersede(self, old: CertificateId, entry: Entry, event: Event) -> EntryResult:
        """Enter the correction of a standing certificate, which is then superseded.

        One transaction: the old one's mail is cancelled as by `revoke`, its credit lines
        and marks are free for *entry*, and the new one is entered as by `enter`.

        Args:
            old: The certificate that is corrected.
            entry: The correction; its certificate's `supersedes` is *old*.
            event: The old one's: superseded, by whom and why.

        Returns:
            ENTERED; HELD if the old one does not stand any more, or as `enter` says.
            Only ENTERED changed anything.

        Raises:
            LedgerError: If there is no such certificate as *old*.
        """
        ...

    def add_event(self, event: Event) -> None:
        """Add an event that changes nothing else: exported, printed again."""
        ...

    def statuses(self, list_id: int) -> Mapping[int, CertificateState]:
        """Return the state of each slot of a status list that a certificate has."""
        ...

    def list_ids(self) -> Sequence[int]:
        """Return the numbers of the status lists in use, ascending."""
        ...

    def events(self, certificate_id: CertificateId | None) -> Sequence[Event]:
        """Return what happened to a certificate, oldest first; None for the ledger as a whole."""
        ...


class Outbox(Protocol):
    """The mails that were promised (MAIL 4). Every method is one transaction.

    A mail moves queued, sending, committing, and then sent, failed or uncertain; what
    is committing is never claimed again, so that safety needs no clock and no lease.
    """

    def rows(self, course_id: str = "") -> Sequence[OutboxRow]:
        """Return all mails, of one course or of all, in the order they were queued."""
        ...

    def row(self, key: str) -> OutboxRow | None:
        """Return one mail, or None."""
        ...

    def queue(self, row: OutboxRow, event: Event) -> bool:
        """Add a mail to one already entered (a resend); False if the key is there already.

        Raises:
            LedgerError: If its certificate does not stand.
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

        Returns:
            False if it is not *owner*'s; then nothing was recorded.
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


class SendLog(Protocol):
    """The append-only list of mails the service took, kept apart from the ledger.

    A ledger restored from yesterday's backup believes that today's mails are queued;
    this list is what contradicts it (MAIL 4.2).
    """

    def note(self, row: OutboxRow, reply: str, at: datetime) -> None:
        """Write down, durably, that the service took this mail.

        Raises:
            DeliveryError: If it cannot be written.
        """
        ...

    def accepted(self) -> Mapping[str, str]:
        """Return Message-ID and reply of every mail ever noted; a torn last line is left out."""
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


class Lane(Protocol):
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
    """A mail service."""

    def lane(self) -> AbstractAsyncContextManager[Lane]:
        """Return a lane; leaving the context closes its connection."""
        ...


class MailWriter(Protocol):
    """Builds the mail of a certificate."""

    def check(self, entry: Entry, row: OutboxRow) -> None:
        """Render the mail without its document, to find what is wrong before any is sent.

        Raises:
            DeliveryError: As `write`, as far as it can be told.
        """
        ...

    def write(self, entry: Entry, row: OutboxRow, document: bytes) -> Mail:
        """Build and self-check the message.

        Raises:
            DeliveryError: If it is not exactly this recipient's mail with this document.
        """
        ...

    def write_digest(self, digest: Digest) -> Mail:
        """Build the office's mail about a batch."""
        ...


@dataclass(frozen=True, slots=True)
class PdfContent:
    """What a PDF says, read within limits.

    Attributes:
        pages: Number of pages.
        lines: Its text, line by line, in reading order.
        token_text: Content of the attachment `cecert-token.txt`, None if there is none.
        signatures: Number of signature fields that are signed.
    """

    pages: int
    lines: tuple[str, ...]
    token_text: str | None
    signatures: int


class PdfReader(Protocol):
    """Reads PDFs that anybody may have made."""

    def read(self, pdf: bytes) -> PdfContent | str:
        """Return the content, or a sentence that says why it cannot be read."""
        ...

    def qr_texts(self, pdf: bytes) -> Sequence[str]:
        """Return the texts of all QR codes on the first page, drawn at print resolution."""
        ...

    def qr_texts_of_picture(self, picture: bytes) -> Sequence[str] | str:
        """Return the texts of all QR codes in a picture, or why it cannot be read."""
        ...


class SealState(Enum):
    """What a seal proves of a document."""

    MISSING = "missing"
    BROKEN = "broken"
    INTACT = "intact"


@dataclass(frozen=True, slots=True)
class SealFinding:
    """What was found of a document's seal.

    Attributes:
        state: INTACT only if the signature holds and covers the entire file.
        detail: One sentence for people.
        signing_cert_sha256: SHA-256 of the signing certificate (X.509), None if missing.
        signer: The signing certificate's subject, as text.
    """

    state: SealState
    detail: str
    signing_cert_sha256: bytes | None = None
    signer: str = ""


class SealReader(Protocol):
    """Checks seals, with no trust of its own: the trust file says whose seals count."""

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of *pdf* proves."""
        ...


@dataclass(frozen=True, slots=True)
class OfferedLists:
    """A status list as it can be had now; nothing in it is known to be true yet.

    Attributes:
        served: As files and hosts have it, in any order.
        kept: The newest genuine one of an earlier verification.
    """

    served: tuple[bytes, ...] = ()
    kept: bytes | None = None


class StatusSource(Protocol):
    """Gets status lists that were published."""

    def lists(self, bases: Sequence[str], list_id: int) -> OfferedLists:
        """Return the list as *bases* and what else is known have it."""
        ...

    def keep(self, list_id: int, data: bytes) -> None:
        """Keep the newest genuine list, so that an older one is known as such."""
        ...


class ReattestedSource(Protocol):
    """Gets lists of genuine tokens of withdrawn keys."""

    def reattested(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        """Return what *bases* have under *name*, and what else is known; none of it is checked."""
        ...


class Site(Protocol):
    """The folder a web host serves."""

    def read(self, name: str) -> bytes | None:
        """Return what is published under *name* (`status/0.st`), None if nothing is."""
        ...

    def put(self, files: Mapping[str, bytes]) -> Sequence[str]:
        """Publish *files* in their order, each whole or not at all; return what was written.

        A file that says the same already is left as it is.
        """
        ...


class SiteMaker(Protocol):
    """Makes the files of a site that people and programs open."""

    def page(self, trust: TrustFile, trust_file: bytes, lists: Mapping[int, bytes]) -> bytes:
        """Return the verify page, with trust file and status lists inside."""
        ...

    def bundle(self, files: Mapping[str, bytes]) -> bytes:
        """Return *files* in one archive, the same bytes each time."""
        ...
