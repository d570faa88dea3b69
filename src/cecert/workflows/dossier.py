"""Dossiers: everything the ledger has about one person in one course, for an auditor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import OutboxRow
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault, InputError
from cecert.ports import Archive, Clock, Entry, Event, Ledger, Outbox
from cecert.workflows.person import Other, Person, found_person

__all__ = ["Dossier", "DossierDesk", "draw_up"]


@dataclass(frozen=True, slots=True)
class DossierDesk:
    """What drawing up needs.

    Attributes:
        ledger: Is read, and takes the events.
        outbox: Has the mails.
        archive: Has the documents.
        clock: Tells when.
        actor: Who asks.
    """

    ledger: Ledger
    outbox: Outbox
    archive: Archive
    clock: Clock
    actor: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the ledger has about one person in one course.

    Attributes:
        participant: The identity.
        entries: The certificates, in order of issue.
        documents: The sealed file of each.
        events: What happened to each, oldest first, that it was drawn up here too.
        mails: Of each, in the order they were queued.
        at: When it was drawn up.
        actor: Who asked.
        others: Other identities that may be the same person; nothing of theirs is here.
        letters: Reminders and the like to the person, about no certificate.
    """

    participant: str
    entries: tuple[Entry, ...]
    documents: Mapping[CertificateId, bytes]
    events: Mapping[CertificateId, Sequence[Event]]
    mails: Mapping[CertificateId, Sequence[OutboxRow]]
    at: datetime
    actor: str
    others: tuple[Other, ...] = ()
    letters: tuple[OutboxRow, ...] = ()

    @property
    def main(self) -> Entry:
        """The newest certificate that stands, else the newest."""
        standing = [each for each in self.entries if each.state is CertificateState.STANDING]
        return (standing or self.entries)[-1]

    @property
    def course_id(self) -> str:
        """Id of the course that all its certificates are of."""
        return self.entries[0].certificate.course.id


def draw_up(text: str, course_id: str, desk: DossierDesk) -> Dossier:
    """Draw up the dossier of the one person whom a text finds, and enter that it was.

    Args:
        text: A certificate's id, an identity, or whatever `find` knows.
        course_id: The course; "" for that of the id, or for the only one there is.
        desk: What it needs.

    Raises:
        InputError: If it finds nobody or several, or the course cannot be told.
        LedgerError: If it is a whole id of no certificate here, or a document is missing.
    """
    person = found_person(text, desk.ledger)
    entries = _of_course(person, course_id or _course_of(text, person))
    ids = [each.certificate.id for each in entries]
    documents = {each.certificate.id: desk.archive.get(each.document) for each in entries}
    at = desk.clock.now()
    for each in ids:
        desk.ledger.add_event(Event("exported", at, each, desk.actor, "dossier drawn up"))
    return Dossier(
        participant=person.participant,
        entries=entries,
        documents=documents,
        events={each: tuple(desk.ledger.events(each)) for each in ids},
        mails={each: tuple(desk.outbox.of_certificate(each)) for each in ids},
        at=at,
        actor=desk.actor,
        others=person.others,
        letters=tuple(_letters(person.participant, entries[0].certificate.course.id, desk)),
    )


def _letters(participant: str, course_id: str, desk: DossierDesk) -> Iterator[OutboxRow]:
    for row in desk.outbox.rows(course_id):
        if row.certificate_id is None and letter_of(row).participant == participant:
            yield row


def _course_of(text: str, person: Person) -> str:
    """Return the course that is meant where none was named."""
    courses = {each.certificate.course.id: each for each in person.entries}
    try:
        given = CertificateId.parse(text)
    except ValueError:
        given = None
    named = (each for each in person.entries if each.certificate.id == given)
    if (entry := next(named, None)) is not None:
        return entry.certificate.course.id
    if len(courses) > 1:
        faults = tuple(
            Fault(course, "", entry.certificate.course.title) for course, entry in courses.items()
        )
        hint = "say which: --course COURSE"
        raise InputError(
            f"{person.name} has certificates of {len(courses)} courses", faults, hint=hint
        )
    return next(iter(courses))


def _of_course(person: Person, course_id: str) -> tuple[Entry, ...]:
    found = tuple(each for each in person.entries if each.certificate.course.id == course_id)
    if not found:
        held = dict.fromkeys(each.certificate.course.id for each in person.entries)
        raise InputError(
            f"{person.name} has no certificate of course {course_id!r}",
            hint=f"there are some of {', '.join(held)}",
        )
    return found
