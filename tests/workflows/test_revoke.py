"""Revoking, over the fakes: final, with a reason, and the mail goes with it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from mail_office import mail_room

from cecert.domain.certificate.certificate import REVOCATION_REASONS, CertificateState
from cecert.domain.certificate.correction import Correction
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.message import MailKind, MailState, OutboxRow
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import InputError, LedgerError
from cecert.ports import Entry, Event
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import correct
from cecert.workflows.deliver.decisions import resend
from cecert.workflows.deliver.deliver import deliver
from cecert.workflows.issue.issue import issue
from cecert.workflows.revoke import notice_of, revoke


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def entry(office: MemoryOffice) -> Entry:
    awards = [each for each in decide(sample_record(), sample_course()) if isinstance(each, Award)]
    return issue(awards, office.desk()).issued[0]


def act(
    office: MemoryOffice, certificate_id: CertificateId, reason_class: str, reason: str
) -> CertificateState:
    return revoke(
        certificate_id, office.ledger, office.clock,
        actor="Mary", reason_class=reason_class, reason=reason,
    )  # fmt: skip


@pytest.mark.parametrize("reason_class", REVOCATION_REASONS)
def test_a_revoked_certificate_and_its_mail_end_together(
    office: MemoryOffice, entry: Entry, reason_class: str
) -> None:
    own = entry.certificate.id
    assert act(office, own, reason_class, " row 17 ") is CertificateState.STANDING
    assert office.ledger.entry(own).state is CertificateState.REVOKED  # type: ignore[union-attr]
    assert office.ledger.row(entry.mail.key).state is MailState.CANCELLED  # type: ignore[union-attr]
    assert office.ledger.statuses(1) == {entry.certificate.slot.index: CertificateState.REVOKED}
    event = office.ledger.events(own)[-1]
    assert (event.kind, event.actor, event.reason) == ("revoked", "Mary", f"{reason_class}: row 17")


def test_revoking_again_changes_nothing(office: MemoryOffice, entry: Entry) -> None:
    own = entry.certificate.id
    act(office, own, "wrong-person", "first")
    events = list(office.ledger.events(own))
    assert act(office, own, "evidence-false", "second") is CertificateState.REVOKED
    assert office.ledger.events(own) == events


@pytest.mark.parametrize(
    ("reason_class", "reason", "kind", "why"),
    [
        ("because", "row 17", InputError, "no reason class"),
        ("wrong-person", "  ", InputError, "this one is blank"),
    ],
)
def test_a_revocation_without_a_reason_is_refused(
    office: MemoryOffice, entry: Entry, reason_class: str, reason: str, kind: type[Exception],
    why: str,
) -> None:  # fmt: skip
    with pytest.raises(kind, match=why):
        act(office, entry.certificate.id, reason_class, reason)
    assert office.ledger.entry(entry.certificate.id) == entry


def test_nobody_s_certificate_cannot_be_revoked(office: MemoryOffice) -> None:
    with pytest.raises(LedgerError, match="has no certificate 0000-0000-0000-0000"):
        act(office, CertificateId(bytes(10)), "wrong-person", "row 17")


def told(
    office: MemoryOffice, entry: Entry, reason: str = "row 17 was another"
) -> OutboxRow | None:
    """Revoke and tell the holder; return the mail that does."""
    revoke(
        entry.certificate.id, office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason=reason, tell=office.ledger,
    )  # fmt: skip
    return notice_of(entry.certificate.id, office.ledger)


def send(office: MemoryOffice) -> dict[str, int]:
    return dict(asyncio.run(deliver(mail_room(office, office.sender))).tally)


def moved(office: MemoryOffice, row: OutboxRow, state: MailState) -> None:
    event = Event(state.value, office.clock.now(), row.certificate_id, "run", "550 5.1.1 nobody")
    assert office.ledger.move(row.key, frozenset(MailState), state, event)


def test_the_holder_is_told_by_one_mail_that_carries_nothing(
    office: MemoryOffice, entry: Entry
) -> None:
    send(office)
    row = told(office, entry)
    assert row is not None
    assert (row.kind, row.recipient, row.sha256) == (MailKind.REVOKED, entry.email, "")
    assert row.note == "issued-in-error: row 17 was another"
    kinds = [each.kind for each in office.ledger.events(entry.certificate.id)]
    assert kinds[-2:] == ["revoked", "queued"]
    assert send(office) == {"sent": 1}
    assert b"application/pdf" not in office.sender.mails[-1].content


def test_nobody_is_told_unless_the_office_says_so(office: MemoryOffice, entry: Entry) -> None:
    send(office)
    act(office, entry.certificate.id, "issued-in-error", "row 17")
    assert notice_of(entry.certificate.id, office.ledger) is None
    assert send(office) == {}


def test_whom_no_mail_of_it_reached_is_not_told_that_it_is_gone(
    office: MemoryOffice, entry: Entry
) -> None:
    assert told(office, entry) is None
    assert send(office) == {}


@pytest.mark.parametrize("state", [MailState.UNCERTAIN, MailState.BOUNCED, MailState.COMMITTING])
def test_whom_a_mail_of_it_may_have_reached_is_told(
    office: MemoryOffice, entry: Entry, state: MailState
) -> None:
    moved(office, entry.mail, state)
    assert told(office, entry) is not None


def test_the_holder_is_told_where_the_last_mail_went_that_did_not_come_back(
    office: MemoryOffice, entry: Entry
) -> None:
    send(office)
    moved(office, entry.mail, MailState.BOUNCED)
    resend(mail_room(office, office.sender), entry.certificate.id, to="ana@example.net")
    send(office)
    row = told(office, entry)
    assert row is not None
    assert row.recipient == "ana@example.net"


def test_revoking_again_tells_nobody_again(office: MemoryOffice, entry: Entry) -> None:
    send(office)
    row = told(office, entry)
    assert told(office, entry, "once more") == row
    assert len(office.ledger.of_certificate(entry.certificate.id)) == 2


def test_a_reason_that_no_mail_can_say_revokes_nothing(office: MemoryOffice, entry: Entry) -> None:
    with pytest.raises(InputError, match="the holder would read the reason"):
        told(office, entry, "row 17" + chr(0x202E))
    with pytest.raises(InputError, match="nothing was revoked") as caught:
        told(office, entry, "x" * 501)
    assert "has 501 characters, at most 500" in str(caught.value.faults[0])
    assert office.ledger.entry(entry.certificate.id).state is CertificateState.STANDING  # type: ignore[union-attr]


def test_who_is_told_of_a_correction_is_not_told_that_it_was_revoked(
    office: MemoryOffice, entry: Entry
) -> None:
    send(office)
    corrected = correct(
        entry.certificate.id, Correction("misspelt", name="Ana Ruíz"), office.desk()
    ).entry
    assert notice_of(entry.certificate.id, office.ledger) is None
    assert send(office) == {"sent": 1}
    assert replace(corrected.mail, note="").kind is MailKind.CERTIFICATE
