"""Entries for ledgers under test: real certificates of the sample course, made of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.promises import queue_row
from cecert.domain.people.person import PersonSigns
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Entry, Event
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.issue.compose import Composer, Draft, signed, tried_out
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.plan import participants_of, plan_certificates

USUAL_SLOT = StatusSlot(1, 77)
AT = datetime(2020, 11, 5, 15, tzinfo=UTC)


def entry_for(
    record: CompletionRecord, *, slot: int = 1, list_id: int = 1, course: Course | None = None
) -> Entry:
    """Return the entry that `issue` would make for a record that earns what it asks for."""
    course = course or sample_course()
    awards = [each for each in decide(record, course) if isinstance(each, Award)]
    certificate = composed_at(MemoryOffice().desk(), awards, StatusSlot(list_id, slot))
    return entry_of(certificate, record.email)


def composed_at(
    desk: IssuingDesk, awards: Sequence[Award], slot: StatusSlot = USUAL_SLOT
) -> Certificate:
    """Return the one certificate of *awards* with its token signed, as `issue` makes it."""
    (planned,) = plan_certificates(participants_of(awards), []).certificates
    draft = tried_out(Composer(desk, "by hand").compose(planned), desk)
    assert isinstance(draft, Draft), draft
    return signed(draft, slot, desk)


def entry_of(certificate: Certificate, email: str) -> Entry:
    digest = sha256(f"document of {certificate.id}".encode()).hexdigest()
    return Entry(
        certificate=certificate,
        email=email,
        document=f"{certificate.id}-{digest[:16]}.pdf",
        sha256=digest,
        mail=queue_row(certificate, email, digest, AT, "example.edu"),
        actor="Maria",
        evidence='{"row": "17"}',
    )


def person(number: int, **changes: object) -> Entry:
    """Return the entry of one of many people, each with a slot of their own."""
    letters = "".join(chr(ord("A") + int(digit)) for digit in str(number))
    record = sample_record(name=f"Person {letters}", email=f"person{number}@example.org", **changes)
    return entry_for(record, slot=1000 + number)


def people(count: int, first: int = 1) -> list[Entry]:
    return [person(number) for number in range(first, first + count)]


def correction_of(entry: Entry, name: str, *, slot: int = 2) -> Entry:
    """Return the entry that corrects the name on *entry*."""
    old = entry.certificate
    new = replace(
        old,
        id=CertificateId(bytes([old.id.value[0] ^ 0xFF]) + old.id.value[1:]),
        revision=old.revision + 1,
        recipient=replace(old.recipient, name=name),
        slot=StatusSlot(old.slot.list_id, slot),
        supersedes=old.id,
    )
    return entry_of(new, entry.email)


def event(kind: str, entry: Entry, reason: str = "", at: datetime = AT) -> Event:
    return Event(kind, at, entry.certificate.id, "Maria", reason)


def signs(entry: Entry) -> PersonSigns:
    """Return by what the holder of *entry* is found."""
    own = entry.certificate.recipient
    return PersonSigns.of(own.participant, own.name, entry.email, own.licenses)


def ids(entries: Sequence[Entry]) -> list[CertificateId]:
    return [each.certificate.id for each in entries]
