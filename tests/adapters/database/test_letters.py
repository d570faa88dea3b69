"""Mails without a certificate of their own: letters, and the notice of a revocation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_entries import AT, event, person
from letters import DENIAL, letter_event, reminder_row

from cecert.adapters.database import Database
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailKind, MailState, OutboxRow, Receipt
from cecert.domain.mail.promises import revoked_row
from cecert.errors import LedgerError
from cecert.ports import Entry, Ledger, Outbox


@pytest.fixture
def mailed(ledger: Ledger, outbox: Outbox) -> Entry:
    """A certificate whose mail was sent."""
    made = person(1)
    sent_by(ledger, outbox, made)
    return made


def sent_by(ledger: Ledger, outbox: Outbox, made: Entry) -> None:
    ledger.enter([made], AT)
    row = outbox.claim("run/1", AT)
    assert row is not None
    outbox.settle(row, "run/1", Receipt(MailState.SENT, "250 ok"), event("sent", made))


def notice(entry: Entry) -> OutboxRow:
    return revoked_row(entry.certificate, [entry.mail], AT, "wrong-person: another Ana")


def test_a_letter_is_read_back_exactly(outbox: Outbox) -> None:
    rows = [reminder_row(), reminder_row(2), reminder_row(1, DENIAL)]
    assert all(outbox.queue(each, letter_event("queued", each)) for each in rows)
    assert list(outbox.rows("mbt-2020-10")) == rows
    assert [each.kind for each in rows] == [MailKind.REMIND, MailKind.REMIND, MailKind.DENIED]


def test_a_letter_s_key_is_taken_once(outbox: Outbox, ledger: Ledger) -> None:
    row = reminder_row()
    assert outbox.queue(row, letter_event("queued", row))
    assert not outbox.queue(replace(row, note="{}"), letter_event("queued", row))
    assert len(ledger.events(None)) == 1


def test_a_letter_goes_through_the_states_of_every_mail(outbox: Outbox, ledger: Ledger) -> None:
    row = reminder_row()
    outbox.queue(row, letter_event("queued", row))
    claimed = outbox.claim("run/1", AT)
    assert claimed is not None
    assert outbox.mark_committing(row.key, "run/1")
    sent = Receipt(MailState.SENT, "250 ok")
    assert outbox.settle(claimed, "run/1", sent, letter_event("sent", row, "250 ok"))
    assert [each.kind for each in ledger.events(None)] == ["queued", "sent"]
    assert {each.key for each in ledger.events(None)} == {row.key}


def test_the_event_of_a_letter_whose_sender_is_gone_names_it(database: Database) -> None:
    row = reminder_row()
    database.outbox.queue(row, letter_event("queued", row))
    database.outbox.claim("run/1", AT)
    database.outbox.mark_committing(row.key, "run/1")
    assert database.outbox.reap("run/") == 1
    last = database.ledger.events(None)[-1]
    assert (last.kind, last.certificate_id, last.key) == ("uncertain", None, row.key)


def test_a_notice_is_queued_with_the_revocation(
    ledger: Ledger, outbox: Outbox, mailed: Entry
) -> None:
    row = notice(mailed)
    before = ledger.revoke(mailed.certificate.id, event("revoked", mailed, "wrong-person: no"), row)
    assert before is CertificateState.STANDING
    assert outbox.row(row.key) == row
    kinds = [each.kind for each in ledger.events(mailed.certificate.id)]
    assert kinds[-2:] == ["revoked", "queued"]


def test_a_notice_of_what_never_went_out_is_not_queued(ledger: Ledger, outbox: Outbox) -> None:
    made = person(1)
    ledger.enter([made], AT)
    outbox.claim("run/1", AT)  # being sent, and not committing: its sender sends no dot now
    ledger.revoke(made.certificate.id, event("revoked", made, "wrong-person: no"), notice(made))
    assert [each.state for each in outbox.rows()] == [MailState.CANCELLED]
    assert not outbox.mark_committing(made.mail.key, "run/1")


def test_a_notice_that_cannot_be_queued_revokes_nothing(database: Database) -> None:
    made, ledger = person(1), database.ledger
    own = made.certificate.id
    sent_by(ledger, database.outbox, made)
    twin = replace(notice(made), message_id=made.mail.message_id)
    with pytest.raises(LedgerError):
        ledger.revoke(own, event("revoked", made, "wrong-person: no"), twin)
    assert ledger.states([own]) == {own: CertificateState.STANDING}
    assert len(database.outbox.rows()) == 1
    assert [each.kind for each in ledger.events(own)][-1] == "sent"


def test_only_a_revoked_certificate_has_a_notice(outbox: Outbox, mailed: Entry) -> None:
    with pytest.raises(LedgerError, match="does not stand: no mail is queued"):
        outbox.queue(notice(mailed), event("queued", mailed))


def test_the_audit_finds_nothing_wrong_with_letters_and_notices(database: Database) -> None:
    row, made = reminder_row(), person(1)
    sent_by(database.ledger, database.outbox, made)
    database.outbox.queue(row, letter_event("queued", row))
    said = event("revoked", made, "wrong-person: no")
    database.ledger.revoke(made.certificate.id, said, notice(made))
    assert list(database.ledger.irregularities()) == []
