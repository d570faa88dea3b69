"""What people and evidence decide about mails, on the real outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fault_server import FaultServer
from letters import letter_event, reminder_row
from mail_office import account, issued, mail_room

from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.mail import SmtpSender
from cecert.domain.certificate.specimen import specimen_certificate
from cecert.domain.mail.bounces import Bounce, BounceKind, return_path
from cecert.domain.mail.message import MailKind, MailState, OutboxRow, Receipt
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import InputError, LedgerError
from cecert.ports import Event
from cecert.testing import MemoryOffice, sample_provider
from cecert.workflows.deliver.decisions import (
    pace_of,
    plan,
    quarantine,
    record_bounces,
    resend,
    resolve,
    retry_failed,
    send_trial,
)
from cecert.workflows.deliver.deliver import MailRoom, deliver
from cecert.workflows.deliver.reconcile import (
    SendLogFindings,
    forgotten,
    is_reissued,
    settle_by_evidence,
)
from cecert.workflows.revoke import notice_of, revoke

OFFICE = MemoryOffice()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    """A mail room over SQLite, with three queued mails."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    create_ledger(url)
    office = MemoryOffice()
    with open_database(url, "example-ssw") as database:
        office.ledger = database.ledger  # type: ignore[assignment]  # the real one in its place
        issued(office, 3)
        yield mail_room(office, 1, ledger=database.ledger, outbox=database.outbox)


def settled(room: MailRoom, state: MailState, number: int = 0, reply: str = "said") -> OutboxRow:
    """Bring one mail into *state* as a run would."""
    row = room.outbox.rows()[number]
    event = Event(state.value, room.clock.now(), row.certificate_id, "run", reply)
    assert room.outbox.move(row.key, frozenset(MailState), MailState.QUEUED, event)
    while (claimed := room.outbox.claim("one", room.clock.now())) and claimed.key != row.key:
        pass
    assert claimed is not None
    assert room.outbox.settle(claimed, "one", Receipt(state, reply), event)
    for each in room.outbox.rows():
        room.outbox.move(each.key, frozenset({MailState.SENDING}), MailState.QUEUED, event)
    return row


def now_of(room: MailRoom, row: OutboxRow) -> OutboxRow:
    found = room.outbox.row(row.key)
    assert found is not None
    return found


def last_event(room: MailRoom, row: OutboxRow) -> tuple[str, str, str]:
    event = room.ledger.events(row.certificate_id)[-1]
    return (event.kind, event.actor, event.reason)


def test_an_uncertain_mail_that_arrived_counts_as_sent(room: MailRoom) -> None:
    row = settled(room, MailState.UNCERTAIN)
    resolve(room, str(row.certificate_id).lower(), delivered=True, reason="in Sent Items")
    assert now_of(room, row).state is MailState.SENT
    assert last_event(room, row) == ("sent", "cecert.testing", "in Sent Items")


def test_an_uncertain_mail_is_sent_again_byte_for_byte(room: MailRoom) -> None:
    row = settled(room, MailState.UNCERTAIN)
    resolve(room, row.key, delivered=False, reason="she has not got it")
    again = now_of(room, row)
    assert (again.state_word, again.attempts) == ("queued", 0)
    assert (again.message_id, again.queued_at) == (row.message_id, row.queued_at)


@pytest.mark.parametrize("state", [MailState.SENT, MailState.FAILED, MailState.QUEUED])
def test_only_uncertain_mails_can_be_resolved(room: MailRoom, state: MailState) -> None:
    row = settled(room, state)
    with pytest.raises(InputError, match="has no uncertain mail"):
        resolve(room, row.key, delivered=True, reason="")


def test_a_name_that_names_no_mail_is_refused(room: MailRoom) -> None:
    with pytest.raises(InputError, match="'nobody' names no mail"):
        resolve(room, "nobody", delivered=True, reason="")


def test_failed_mails_are_queued_again_by_name_or_all(room: MailRoom) -> None:
    first = settled(room, MailState.FAILED, 0)
    second = settled(room, MailState.FAILED, 1)
    assert retry_failed(room, [str(first.certificate_id)]) == 1
    assert now_of(room, first).state_word == "queued"
    assert now_of(room, second).state is MailState.FAILED
    assert retry_failed(room, course_id="another") == 0
    assert retry_failed(room) == 1
    with pytest.raises(InputError, match="has no failed or bounced mail"):
        retry_failed(room, [second.key])


def test_a_restored_ledger_holds_its_queued_mails_until_the_log_or_a_person_decides(
    room: MailRoom,
) -> None:
    first, second, _ = room.outbox.rows()
    assert quarantine(room, room.clock.now() - timedelta(days=1)) == 3
    assert {row.state for row in room.outbox.rows()} == {MailState.UNCERTAIN}
    room.send_log.note(first, "250 ok", room.clock.now())
    assert settle_by_evidence(room) == SendLogFindings(settled=1)
    assert now_of(room, first).state is MailState.SENT
    assert now_of(room, second).state is MailState.UNCERTAIN
    assert asyncio.run(deliver(room)).tally == {}
    assert "the ledger was restored as of" in last_event(room, second)[2]


def as_made_before_the_restore(row: OutboxRow, sha256: str = "") -> OutboxRow:
    """The mail of this name that the forgotten ledger had sent."""
    yesterday = row.queued_at - timedelta(days=1)
    return replace(row, queued_at=yesterday, sha256=sha256 or row.sha256)


def test_a_mail_made_again_with_another_file_waits_for_a_person(room: MailRoom) -> None:
    first, second, _ = room.outbox.rows()
    room.send_log.note(
        as_made_before_the_restore(first, sha256="0" * 64), "250 ok", room.clock.now()
    )
    room.send_log.note(as_made_before_the_restore(second), "250 ok", room.clock.now())
    evidence = settle_by_evidence(room)
    assert (evidence.settled, [each.key for each in evidence.reissued]) == (1, [first.key])
    assert evidence.reissued[0].reply == now_of(room, first).reply
    assert is_reissued(now_of(room, first))
    assert now_of(room, second).state is MailState.SENT  # the same file is what was promised
    assert settle_by_evidence(room) == SendLogFindings()  # said once
    with pytest.raises(InputError, match="is not sent under its name") as refused:
        resolve(room, first.key, delivered=False, reason="again")
    assert "cecert resend" in refused.value.hint
    resolve(room, first.key, delivered=True, reason="let it be")
    assert resend(room, of(first)).purpose == "resend-1"


def test_a_mail_that_stands_in_the_log_twice_counts_as_sent(room: MailRoom) -> None:
    row = room.outbox.rows()[0]
    before = as_made_before_the_restore(row, sha256="0" * 64)
    for each in (before, row, before):
        room.send_log.note(each, "250 ok", room.clock.now())
    assert settle_by_evidence(room) == SendLogFindings(settled=1)
    assert now_of(room, row).state is MailState.SENT


@pytest.mark.parametrize("sha256", ["", "0" * 64])
def test_a_mail_claimed_while_the_log_is_read_is_its_claimer_s(room: MailRoom, sha256: str) -> None:
    row = room.outbox.rows()[0]
    room.send_log.note(as_made_before_the_restore(row, sha256), "250 ok", room.clock.now())

    class Racing:
        def __getattr__(self, name: str) -> object:
            return getattr(room.outbox, name)

        def move(self, *words: object) -> bool:
            del words
            return False

    outbox: Any = Racing()
    assert settle_by_evidence(replace(room, outbox=outbox)) == SendLogFindings()


def test_certificates_that_were_mailed_and_that_the_ledger_lacks_are_named_once(
    room: MailRoom,
) -> None:
    row = room.outbox.rows()[0]
    lost = replace(row, key="3K50-VMEJ-KFZV-NS3G:issue", message_id="<lost@example.edu>")
    again = replace(row, key=f"{row.certificate_id}:resend-1", message_id="<again@example.edu>")
    for each in (row, lost, lost, again):
        room.send_log.note(each, "250 ok", room.clock.now())
    assert forgotten(room) == ["3K50-VMEJ-KFZV-NS3G"]


def test_a_backup_from_tomorrow_is_a_mistake(room: MailRoom) -> None:
    with pytest.raises(InputError, match="has not come yet"):
        quarantine(room, room.clock.now() + timedelta(minutes=1))
    assert {row.state for row in room.outbox.rows()} == {MailState.QUEUED}


def test_a_certificate_is_sent_again_as_a_new_message(room: MailRoom) -> None:
    row = settled(room, MailState.SENT)
    again = resend(room, of(row), to="ana.new@example.org")
    assert again.key == f"{row.certificate_id}:resend-1"
    assert now_of(room, again) == again
    assert again.message_id != row.message_id
    assert again.sha256 == row.sha256
    assert last_event(room, row) == ("resent", "cecert.testing", "to ana.new@example.org")
    room.outbox.move(
        again.key, frozenset({MailState.QUEUED}), MailState.SENT,
        Event("sent", room.clock.now(), row.certificate_id, "run", "250"),
    )  # fmt: skip
    third = resend(room, of(row))
    assert (third.purpose, third.recipient) == ("resend-2", row.recipient)


@pytest.mark.parametrize(
    ("state", "hint"),
    [(MailState.QUEUED, "cecert deliver"), (MailState.UNCERTAIN, "cecert mail resolve")],
)
def test_nothing_is_sent_again_while_a_mail_is_under_way(
    room: MailRoom, state: MailState, hint: str
) -> None:
    row = settled(room, state)
    with pytest.raises(InputError, match="a mail of") as caught:
        resend(room, of(row))
    assert hint in caught.value.hint


def test_a_resend_needs_a_standing_certificate_and_an_address_that_can_work(
    room: MailRoom,
) -> None:
    row = settled(room, MailState.SENT)
    with pytest.raises(InputError, match="is not an e-mail address"):
        resend(room, of(row), to="ana")
    with pytest.raises(LedgerError, match="the ledger has no certificate"):
        resend(room, CertificateId(bytes(10)))
    revoked = Event("revoked", room.clock.now(), row.certificate_id, "me", "wrong person")
    room.ledger.revoke(of(row), revoked)
    with pytest.raises(LedgerError, match="is revoked; it is not sent"):
        resend(room, of(row))


def test_of_two_mails_in_one_state_the_key_names_one(room: MailRoom) -> None:
    row = settled(room, MailState.FAILED)
    again = resend(room, of(row))
    event = Event("failed", room.clock.now(), row.certificate_id, "run", "550")
    room.outbox.move(again.key, frozenset({MailState.QUEUED}), MailState.FAILED, event)
    with pytest.raises(InputError, match="has 2 failed or bounced mails: name one of"):
        retry_failed(room, [str(row.certificate_id)])
    assert retry_failed(room, [again.key]) == 1


def test_what_came_back_by_the_sender_s_fault_is_sent_once_more_as_a_new_message(
    room: MailRoom,
) -> None:
    row = settled(room, MailState.SENT)
    blocked = replace(notice(row), status="5.7.26", diagnostic="550 5.7.26 unauthenticated")
    record_bounces(room, [blocked])
    room.clock.forward(timedelta(days=1))  # type: ignore[attr-defined]  # the fake's
    assert retry_failed(room) == 1
    assert retry_failed(room) == 0  # somebody has seen to it
    again = max(room.outbox.of_certificate(of(row)), key=lambda each: each.queued_at)
    assert (again.purpose, again.state, again.recipient) == (
        "retry-1", MailState.QUEUED, row.recipient,
    )  # fmt: skip
    # Services drop a second mail with a Message-ID they know, and ours took the first.
    assert again.message_id != row.message_id
    assert (again.note, again.sha256) == (row.note, row.sha256)
    assert record_bounces(room, [blocked]).bounced == ()
    assert now_of(room, again).state is MailState.QUEUED


@pytest.mark.parametrize(
    ("status", "advice"),
    [("5.1.1", "Ask for the right address"), ("5.2.2", "Ask for room in it"), ("5.0.0", "Read")],
)
def test_what_came_back_for_another_reason_is_not_retried(
    status: str, advice: str, room: MailRoom
) -> None:
    row = settled(room, MailState.SENT)
    record_bounces(room, [replace(notice(row), status=status, diagnostic="550 no")])
    assert retry_failed(room) == 0
    with pytest.raises(InputError, match="came back: ") as refused:
        retry_failed(room, [str(row.certificate_id)])
    assert advice in refused.value.hint
    assert f"cecert resend {row.certificate_id}" in refused.value.hint


def test_nobody_is_sent_again_what_does_not_stand_any_more(room: MailRoom) -> None:
    row = settled(room, MailState.SENT)
    record_bounces(room, [replace(notice(row), status="5.7.1", diagnostic="550 no")])
    revoked = Event("revoked", room.clock.now(), row.certificate_id, "me", "wrong person")
    room.ledger.revoke(of(row), revoked)
    assert retry_failed(room) == 0


def of(row: OutboxRow) -> CertificateId:
    assert row.certificate_id is not None
    return row.certificate_id


def notice(row: OutboxRow, kind: BounceKind = BounceKind.FAILED) -> Bounce:
    path = return_path(row, "bounce@example.edu")
    return Bounce("dsn.eml", kind, "5.1.1", "550 no such user", returned_to=(path,))


@pytest.mark.parametrize("before", [MailState.SENT, MailState.UNCERTAIN])
def test_a_mail_that_came_back_is_marked_once(room: MailRoom, before: MailState) -> None:
    row = settled(room, before)
    report = record_bounces(room, [notice(row)])
    assert [each.key for each, _ in report.bounced] == [row.key]
    assert now_of(room, row).state is MailState.BOUNCED
    assert last_event(room, row) == ("bounced", "cecert.testing", "5.1.1 550 no such user")
    again = record_bounces(room, [notice(row)])
    assert (again.bounced, len(again.known)) == ((), 1)


def test_a_notification_of_delivery_settles_an_uncertain_mail(room: MailRoom) -> None:
    row = settled(room, MailState.UNCERTAIN)
    report = record_bounces(room, [notice(row, BounceKind.DELIVERED)])
    assert len(report.evidence) == 1
    assert now_of(room, row).state is MailState.SENT


def test_a_delay_and_a_stranger_s_bounce_change_nothing(room: MailRoom) -> None:
    row = settled(room, MailState.SENT)
    strange = replace(notice(row), returned_to=("bounce@example.edu",))
    report = record_bounces(room, [notice(row, BounceKind.DELAYED), strange])
    assert (len(report.known), report.unknown) == (1, (strange,))
    assert now_of(room, row).state is MailState.SENT


def test_a_plan_counts_what_went_out_in_the_last_day(room: MailRoom) -> None:
    limited = replace(room, account=account(1, daily_limit=2, rate_per_minute=30))
    settled(room, MailState.SENT)
    pace = pace_of(limited)
    assert (pace.per_day, pace.sent_today, pace.left_today) == (2, 1, 1)
    assert plan(limited).total == 2
    assert plan(limited).days == 2
    assert pace_of(room).left_today is None


def test_a_trial_mail_is_marked_and_leaves_no_trace() -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            room = mail_room(OFFICE, SmtpSender(account(server.port)))
            specimen = specimen_certificate(
                sample_provider(), "classic/1", "verify.example.edu", room.clock.now()
            )
            receipt = await send_trial(room, specimen, b"%PDF-specimen", "me@example.edu")
            assert receipt.state is MailState.SENT
            (mail,) = server.taken
            assert mail.recipient == "me@example.edu"
            assert b"Subject: [TEST] Your certificate of attendance" in mail.content
            assert b"Message-ID: <test-" in mail.content
            assert not room.outbox.rows()
            with pytest.raises(InputError, match="is not an e-mail address"):
                await send_trial(room, specimen, b"", "me")

    asyncio.run(scene())


def test_a_mail_settled_by_somebody_else_meanwhile_is_left_alone(room: MailRoom) -> None:
    row = settled(room, MailState.UNCERTAIN)

    class Racing:
        def __getattr__(self, name: str) -> object:
            return getattr(room.outbox, name)

        def move(self, *words: object) -> bool:
            del words
            return False

        def queue(self, *words: object) -> bool:
            del words
            return False

    outbox: Any = Racing()
    racing = replace(room, outbox=outbox)
    with pytest.raises(InputError, match="was settled meanwhile"):
        resolve(racing, row.key, delivered=True, reason="")
    resolve(room, row.key, delivered=True, reason="")
    with pytest.raises(InputError, match="queued by somebody else"):
        resend(racing, of(row))


def ended(room: MailRoom, row: OutboxRow) -> None:
    event = Event("revoked", room.clock.now(), row.certificate_id, "me", "wrong-person: no")
    room.ledger.revoke(of(row), event)


def test_a_failed_mail_of_a_revoked_certificate_is_owed_to_nobody(room: MailRoom) -> None:
    row = settled(room, MailState.FAILED)
    ended(room, row)
    assert retry_failed(room) == 0
    with pytest.raises(InputError, match="is not sent again: its certificate is revoked"):
        retry_failed(room, [str(row.certificate_id)])
    assert now_of(room, row).state is MailState.FAILED


def test_an_uncertain_mail_of_a_revoked_certificate_is_not_sent_again(room: MailRoom) -> None:
    row = settled(room, MailState.UNCERTAIN)
    ended(room, row)
    with pytest.raises(InputError, match="is not sent again: its certificate is revoked") as why:
        resolve(room, str(row.certificate_id), delivered=False, reason="ask")
    assert "--delivered lets it be" in why.value.hint
    resolve(room, str(row.certificate_id), delivered=True, reason="she has it")
    assert now_of(room, row).state is MailState.SENT


def told(room: MailRoom) -> OutboxRow:
    """Return the notice of a certificate that was mailed and then revoked."""
    row = settled(room, MailState.SENT)
    revoke(
        of(row), room.ledger, room.clock,
        actor="me", reason_class="issued-in-error", reason="a slip", tell=room.outbox,
    )  # fmt: skip
    found = notice_of(of(row), room.outbox)
    assert found is not None
    return found


def test_a_notice_that_came_back_is_sent_again_where_the_holder_is(room: MailRoom) -> None:
    row = told(room)
    failed = Event("failed", room.clock.now(), row.certificate_id, "run", "550 5.1.1 nobody")
    room.outbox.move(row.key, frozenset({MailState.QUEUED}), MailState.FAILED, failed)
    again = resend(room, of(row), to="ana@example.net")
    assert (again.kind, again.recipient, again.note) == (
        MailKind.REVOKED, "ana@example.net", row.note,
    )  # fmt: skip
    assert again.message_id != row.message_id
    assert again.sha256 == ""


def test_a_notice_that_failed_is_retried(room: MailRoom) -> None:
    row = told(room)
    failed = Event("failed", room.clock.now(), row.certificate_id, "run", "554 5.7.1 blocked")
    room.outbox.move(row.key, frozenset({MailState.QUEUED}), MailState.FAILED, failed)
    assert retry_failed(room, [str(row.certificate_id)]) == 1
    assert now_of(room, row).state is MailState.QUEUED


def test_a_notice_that_came_back_by_our_fault_goes_once_more(room: MailRoom) -> None:
    row = told(room)
    back = Event("bounced", room.clock.now(), row.certificate_id, "run", "550 5.7.26 no")
    room.outbox.move(row.key, frozenset({MailState.QUEUED}), MailState.BOUNCED, back)
    room.clock.forward(timedelta(days=1))  # type: ignore[attr-defined]  # the fake's
    assert retry_failed(room) == 1
    again = list(room.outbox.of_certificate(of(row)))[-1]
    assert (again.purpose, again.kind) == ("revoked-retry-1", MailKind.REVOKED)


def letter(room: MailRoom) -> OutboxRow:
    row = reminder_row(at=room.clock.now())
    assert room.outbox.queue(row, letter_event("queued", row))
    return row


def test_a_letter_is_decided_and_retried_by_its_key(room: MailRoom) -> None:
    row = letter(room)
    lost = letter_event("uncertain", row, "cut")
    room.outbox.move(row.key, frozenset({MailState.QUEUED}), MailState.UNCERTAIN, lost)
    resolve(room, row.key, delivered=True, reason="she has it")
    assert now_of(room, row).state is MailState.SENT
    with pytest.raises(InputError, match="has no uncertain mail"):
        resolve(room, row.key, delivered=True, reason="again")
    back = letter_event("bounced", row, "550 5.7.26 no")
    room.outbox.move(row.key, frozenset({MailState.SENT}), MailState.BOUNCED, back)
    room.clock.forward(timedelta(days=1))  # type: ignore[attr-defined]  # the fake's
    assert retry_failed(room, [row.key]) == 1
    again = room.outbox.row(row.key.removesuffix("1") + "2")
    assert again is not None
    assert again.note == row.note
    assert again.message_id != row.message_id


def test_a_letter_that_came_back_is_known_by_its_return_path(room: MailRoom) -> None:
    row = letter(room)
    sent = letter_event("sent", row)
    room.outbox.move(row.key, frozenset({MailState.QUEUED}), MailState.SENT, sent)
    report = record_bounces(room, [notice(row)])
    assert [each.key for each, _ in report.bounced] == [row.key]
    assert now_of(room, row).state is MailState.BOUNCED


def test_a_letter_that_came_back_needs_another_address(room: MailRoom) -> None:
    row = letter(room)
    back = letter_event("bounced", row, "550 5.1.1 nobody")
    room.outbox.move(row.key, frozenset({MailState.QUEUED}), MailState.BOUNCED, back)
    with pytest.raises(InputError, match="came back") as refused:
        retry_failed(room, [row.key])
    assert "put it into the list" in refused.value.hint
