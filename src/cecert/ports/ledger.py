"""Ports that keep what was promised: the archive and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Protocol, TypeAlias

from cecert.domain.certificate.certificate import Certificate, CertificateState, StatusSlot
from cecert.domain.mail.message import OutboxRow
from cecert.domain.people.person import PersonSigns
from cecert.domain.people.search import PersonSearch
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.quick_making import quickly_made
from cecert.ports.sharing import Share
from cecert.ports.system import Randomness

__all__ = [
    "Entry",
    "EntryResult",
    "Event",
    "HeldLine",
    "Irregularity",
    "Ledger",
    "Note",
    "Report",
    "Requirement",
    "nothing",
]


@quickly_made
@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate as it is entered in the ledger, with the mail that it promises.

    Threads may share it.

    Attributes:
        certificate: The frozen snapshot.
        email: Where it is mailed.
        document: Name in the archive.
        sha256: Of the sealed document, hexadecimal.
        mail: The mail to queue in the same transaction.
        actor: Who issued it.
        state: As the ledger has it now.
        evidence: The completion record it rests on, as JSON, "" where none was kept.
        level: What its seal has beyond a signature, for the event of its issue; "" where the
            office asks for nothing more.
        different_from: Of whom somebody made sure that they are not its recipient; None where
            that is not asked when it is entered, as of a correction. It is not kept.
    """

    certificate: Certificate
    email: str
    document: str
    sha256: str
    mail: OutboxRow
    actor: str
    state: CertificateState = CertificateState.STANDING
    evidence: str = ""
    different_from: frozenset[str] | None = field(default=None, compare=False)
    level: str = field(default="", compare=False)

    @property
    def signs(self) -> PersonSigns:
        """By what its recipient is found."""
        who = self.certificate.recipient
        return PersonSigns.of(
            who.participant, who.name, self.email, who.licenses, self.different_from or ()
        )


class EntryResult(Enum):
    """What became of one entry."""

    ENTERED = "entered"
    HELD = "held"
    """A standing certificate already carries one of its credit lines: a race was lost."""
    SLOT_TAKEN = "slot-taken"
    """Its status slot went to another certificate meanwhile: draw it again with a new one."""
    CLAIMED = "claimed"
    """Another run claims it since the claim under which it was drawn has ended."""
    OTHER_IDENTITY = "other-identity"
    """The same person holds a certificate of this course under another identity, or may:
    nobody has said that they are two."""


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
        former_names: Names on certificates of the participant in this course that were
            corrected; told of those whose name is not the one that was asked for.
    """

    participant: str
    name: str
    email: str
    marks: frozenset[str]
    credential: str
    certificate_id: CertificateId
    former_names: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def signs(self) -> PersonSigns:
        """By what the holder is found."""
        return PersonSigns.held(self.participant, self.name, self.email, self.marks)


@quickly_made
@dataclass(frozen=True, slots=True)
class Event:
    """One act upon a certificate; events are only ever added. Threads may share it.

    Attributes:
        kind: issued, queued, sent, deferred, failed, uncertain, revoked, ...
        at: UTC.
        certificate_id: None for an act upon the ledger as a whole.
        actor: Who.
        reason: Why, or the mail server's words; "" where there is nothing to say.
        key: The key of the office that the act is upon, or that of the letter; "" for neither.
    """

    kind: str
    at: datetime
    certificate_id: CertificateId | None
    actor: str
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Irregularity:
    """Something in a ledger that contradicts itself: it was changed behind cecert's back.

    Threads may share it.

    Attributes:
        certificate_id: Whose, None if it is of none.
        place: Where: `leaf 17 of the log`, `credit ny-social-work`.
        sentence: What is wrong, without a full stop.
    """

    certificate_id: CertificateId | None
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """That a register of credits was told of a certificate's credit for a licence.

    Attributes:
        register: Which: `cebroker`; a word without a space.
        license: The licence, as text.
        certificate_id: The certificate.
        credential: The credit that counts there.
        at: When it was noted, UTC.
        actor: Who reported it.
        file: The name of the file that tells it; "" where somebody did it by hand.
    """

    register: str
    license: str
    certificate_id: CertificateId
    credential: str
    at: datetime
    actor: str
    file: str


Note: TypeAlias = Callable[[Sequence[Report], Sequence[Event]], None]
"""Notes what a register was told, with the events that say so."""


Requirement: TypeAlias = Callable[[Sequence[Certificate]], None]
"""Raises what keeps certificates from being entered."""


def nothing(certificates: Sequence[Certificate]) -> None:
    """Require nothing of *certificates*."""


class Ledger(Protocol):
    """What was promised, and the proof of it."""

    def held_lines(self, course_id: str, people: Collection[PersonSigns]) -> Sequence[HeldLine]:
        """Return the credit lines on standing certificates of all who may be one of *people*.

        Those are who has the identity, who has the address for an identity, who has a mark,
        a licence or the name in common, however written, and, where the address is the
        identity, who is mailed there. The lines are in order of issue; what is read does not
        depend on what others hold.
        """
        ...

    def revoked_lines(
        self, course_id: str, participants: Collection[str]
    ) -> Mapping[tuple[str, str], CertificateId]:
        """Return the revoked certificate of each identity and credential type of a course.

        Of several the newest; what is read does not depend on what others hold.
        """
        ...

    def entries_of(self, course_id: str, participants: Collection[str]) -> Sequence[Entry]:
        """Return all entries of some identities in a course, in order of issue.

        What is read does not depend on what others hold.
        """
        ...

    def free_slots(self, randomness: Randomness, count: int) -> Sequence[StatusSlot]:
        """Return *count* slots no certificate has, chosen by chance in the list that is filling."""
        ...

    def sharing(self, course_id: str) -> AbstractContextManager[Share]:
        """Give this run's share of making a course's certificates, until the context ends.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        ...

    def enter(
        self,
        entries: Sequence[Entry],
        at: datetime,
        require: Requirement = nothing,
        owner: str = "",
    ) -> Sequence[EntryResult]:
        """Enter *entries* (at most 100) in one transaction and queue their mails.

        Who is alike to somebody under another identity (`likeness`) is refused: always where
        they are one person; where it is a question that is asked, unless it was answered, or
        the recipient holds a certificate of the course already.

        Args:
            entries: A group; an entry counts for those after it.
            at: When they were issued.
            require: What must hold of their certificates now: it is called once nobody else
                can enter anything or change keys, and what it raises undoes everything.
            owner: Under what name they were claimed (`Share`), which ends with this; "" if
                they were not.

        Returns:
            One result an entry, in order; only ENTERED ones changed anything.

        Raises:
            LedgerError: If the ledger cannot be written; nothing was entered.
        """
        ...

    def entry(self, certificate_id: CertificateId) -> Entry | None:
        """Return the entry of a certificate, or None."""
        ...

    def find(self, search: PersonSearch, limit: int) -> Sequence[Entry]:
        """Return the entries that a search finds, the newest first, at most *limit* of them.

        What is read does not depend on what is not found.
        """
        ...

    def states(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, CertificateState]:
        """Return what became of these certificates (some hundreds at most)."""
        ...

    def entries(self, course_id: str = "") -> Sequence[Entry]:
        """Return all entries in order of issue, of one course or of all."""
        ...

    def walk(self, course_id: str = "") -> Iterator[Entry]:
        """Yield what `entries` returns, a few at a time, for whoever goes through all."""
        ...

    def walk_days(self, first: date, last: date) -> Iterator[Entry]:
        """Yield the entries whose credit date is in a span of days, of all courses.

        They are in order of issue, and what is read does not depend on other days.
        """
        ...

    def reports(self, register: str, course_id: str = "") -> Sequence[Report]:
        """Return what a register was told, in the order it was noted, of one course or of all."""
        ...

    def reports_of(
        self, register: str, certificate_ids: Collection[CertificateId]
    ) -> Sequence[Report]:
        """Return what a register was told of these certificates (some hundreds at most)."""
        ...

    def reporting(self) -> AbstractContextManager[Note]:
        """Keep everybody from reporting, entering, superseding and revoking until the end.

        What is read meanwhile stays true. The context's value notes reports and events,
        which are kept if the context ends without an error.

        Raises:
            LedgerError: If the ledger cannot be written, others hold it too long, or a
                register was told already of what is noted; nothing was noted.
        """
        ...

    def names(self, certificate_ids: Collection[CertificateId]) -> Mapping[CertificateId, str]:
        """Return the recipients' names of these certificates (some hundreds at most)."""
        ...

    def count(self, course_id: str = "") -> int:
        """Return how many entries there are, of one course or of all."""
        ...

    def revoke(
        self, certificate_id: CertificateId, event: Event, notice: OutboxRow | None = None
    ) -> CertificateState:
        """Revoke a standing certificate, cancel its mail and queue *notice*, in one transaction.

        A mail that is queued, or being sent and not yet committing, is cancelled.

        Args:
            certificate_id: The certificate.
            event: Who revokes it, and why.
            notice: What tells its holder, None to tell nobody. It is queued, with an event,
                only where a mail of the certificate may have gone out: who never got it is
                not told that it is gone.

        Returns:
            The state it had before; only STANDING was changed.

        Raises:
            LedgerError: If there is no such certificate.
        """
        ...

    def supersede(
        self, old: CertificateId, entry: Entry, event: Event, require: Requirement = nothing
    ) -> EntryResult:
        """Enter the correction of a standing certificate, which is then superseded.

        One transaction: the old one's mail is cancelled as by `revoke`, its credit lines
        and marks are free for *entry*, and the new one is entered as by `enter`.

        Args:
            old: The certificate that is corrected.
            entry: The correction; its certificate's `supersedes` is *old*.
            event: The old one's: superseded, by whom and why.
            require: As of `enter`.

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

    def alone(self) -> AbstractContextManager[Callable[[Event], None]]:
        """Keep everybody from entering, superseding and revoking until the context ends.

        What is read meanwhile stays true. The context's value adds an event, which is kept
        if the context ends without an error.

        Raises:
            LedgerError: If the ledger cannot be written, or others hold it too long.
        """
        ...

    def status_lists(self) -> Sequence[int]:
        """Return the numbers of the status lists in which a certificate has a slot."""
        ...

    def in_slots(self, list_id: int, slots: Collection[int]) -> Mapping[int, CertificateId]:
        """Return whose some slots of a status list are (some hundreds at most)."""
        ...

    def newest_event(self) -> int:
        """Return a number that grows with every event; 0 before the first."""
        ...

    def statuses(self, list_id: int) -> Mapping[int, CertificateState]:
        """Return the state of each slot of a status list that a certificate has."""
        ...

    def newest_instant(self) -> datetime | None:
        """Return the latest time that one of the last events of certificates has, or None.

        What is signed with keys says its own time: their events do not count.
        What is read does not grow with the ledger.
        """
        ...

    def irregularities(self) -> Iterator[Irregularity]:
        """Yield what contradicts itself, in the ledger as a whole.

        It stands in one transaction that reads, for as long as it is gone through.
        """
        ...

    def newest_issue(self, kid: str) -> datetime | None:
        """Return the newest issue instant of the certificates whose tokens a key signed.

        Args:
            kid: The key's, hexadecimal.

        Returns:
            None where there is none; whatever became of a certificate, it counts.
        """
        ...

    def events(
        self, certificate_id: CertificateId | None, kinds: Collection[str] = ()
    ) -> Sequence[Event]:
        """Return what happened to a certificate, oldest first; None for the ledger as a whole.

        Of *kinds* alone, if there are any: mails of no certificate have events too, and no
        others of the whole are as many.
        """
        ...

    def last_event(self, kind: str) -> Event | None:
        """Return the last of a kind that the ledger as a whole has; None without one.

        What is read does not grow with how many there are.
        """
        ...

    def events_of(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, Sequence[Event]]:
        """Return what happened to each of these certificates, oldest first; not one without any."""
        ...

    def everything_of(self, participant: str) -> Sequence[Entry]:
        """Return all entries of an identity, of whatever course, in order of issue.

        What is read does not depend on what others hold, but for the courses there are.
        """
        ...
