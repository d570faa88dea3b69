"""The outbox: claimed once, committed once, settled by whoever holds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ledger_entries import AT, event, people, person
from sqlalchemy import text

from cecert.adapters.database import Database
from cecert.domain.mail.message import MailState, OutboxRow, Receipt
from cecert.domain.mail.promises import resend_row
from cecert.errors import LedgerError
from cecert.ports import Entry, Event, Ledger, Outbox

LATER = AT + timedelta(minutes=3)
SENT = Receipt(MailState.SENT, "250 2.0.0 taken")
DEFERRED = Receipt(MailState.QUEUED, "451 4.7.1 try later", retry_after=300)
GIVEN_BACK = Receipt(MailState.QUEUED, "421 4.3.2 closing", counts=False)


@pytest.fixture
def entry(ledger: Ledger) -> Entry:
    """A certificate whose mail is queued."""
    made = person(1)
    ledger.enter([made], AT)
    return made


def said(row: OutboxRow, kind: str, reason: str = "", at: datetime = LATER) -> Event:
    return Event(kind, at, row.certificate_id, "Maria", reason)


def claimed(outbox: Outbox, owner: str = "one", now: datetime = AT) -> OutboxRow:
    row = outbox.claim(owner, now)
    assert row is not None
    return row


def now(outbox: Outbox, row: OutboxRow) -> OutboxRow:
    found = outbox.row(row.key)
    assert found is not None
    return found


def test_a_queued_mail_is_read_back_exactly(entry: Entry, outbox: Outbox) -> None:
    assert outbox.row(entry.mail.key) == entry.mail
    assert list(outbox.rows()) == [entry.mail]
    assert outbox.row("no such key") is None


def test_what_is_recorded_together_is_all_recorded_or_nothing(
    ledger: Ledger, outbox: Outbox
) -> None:
    ledger.enter(people(3), AT)
    first = claimed(outbox)

    def refused(joined: Outbox) -> OutboxRow:
        del joined
        raise LedgerError("no")

    acts = [
        lambda joined: joined.mark_committing(first.key, "one"),
        lambda joined: joined.claim("two", AT),
    ]
    with pytest.raises(LedgerError, match="no"):
        outbox.together([*acts, refused])
    assert outbox.counts() == {MailState.SENDING: 1, MailState.QUEUED: 2}
    marked, second = outbox.together(acts)
    assert marked is True
    assert isinstance(second, OutboxRow)
    assert second.key != first.key
    settled, third = outbox.together(
        [
            lambda joined: joined.settle(first, "one", SENT, said(first, "sent")),
            lambda joined: joined.claim("three", AT),
        ]
    )
    assert settled is True
    assert isinstance(third, OutboxRow)
    assert outbox.counts() == {MailState.SENT: 1, MailState.SENDING: 2}
    assert first.certificate_id is not None
    told = ledger.events_of([first.certificate_id])[first.certificate_id]
    assert [each.kind for each in told] == ["issued", "queued", "sent"]


def test_the_day_of_the_deadline_is_the_courses(entry: Entry, outbox: Outbox) -> None:
    found = now(outbox, entry.mail)
    assert f"{found.deadline:%Y-%m-%d %H:%M:%S %Z}" == "2020-11-28 23:59:59 EST"


def test_rows_and_counts_are_of_one_course_or_of_all(entry: Entry, outbox: Outbox) -> None:
    assert list(outbox.rows("mbt-2020-10")) == [entry.mail]
    assert list(outbox.rows("another-course")) == []
    assert outbox.counts("mbt-2020-10") == {MailState.QUEUED: 1}
    assert outbox.counts("another-course") == {}


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few mails be many."""
    monkeypatch.setattr("cecert.adapters.database.outbox.CHUNK", 2)


@pytest.mark.usefixtures("chunks_of_two")
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_a_walk_comes_by_every_mail_once_in_the_order_they_were_queued(
    ledger: Ledger, outbox: Outbox, count: int
) -> None:
    ledger.enter(people(count), AT)
    assert list(outbox.walk_mails()) == list(outbox.rows())
    assert list(outbox.walk_mails("mbt-2020-10")) == list(outbox.rows())
    assert list(outbox.walk_mails("another-course")) == []
    assert len(list(outbox.in_turn())) == count


@pytest.mark.usefixtures("chunks_of_two")
def test_a_walk_by_state_passes_the_others_over(ledger: Ledger, outbox: Outbox) -> None:
    entries = people(7)
    ledger.enter(entries, AT)
    for each in entries[::2]:
        outbox.move(each.mail.key, {MailState.QUEUED}, MailState.SENT, said(each.mail, "sent"))
    queued, sent = frozenset({MailState.QUEUED}), frozenset({MailState.SENT})
    keys = [each.mail.key for each in entries]
    assert [row.key for row in outbox.walk_mails(states=queued)] == keys[1::2]
    assert [row.key for row in outbox.walk_mails("mbt-2020-10", sent)] == keys[::2]
    assert [row.key for row in outbox.in_turn()] == keys[1::2]


@pytest.mark.usefixtures("chunks_of_two")
def test_a_walk_goes_on_while_others_move_mails_and_queue_new_ones(
    ledger: Ledger, outbox: Outbox
) -> None:
    ledger.enter(people(5), AT)
    seen = []
    for row in outbox.walk_mails(states={MailState.QUEUED}):
        seen.append(row.key)
        assert outbox.move(row.key, {MailState.QUEUED}, MailState.SENT, said(row, "sent"))
        if len(seen) == 3:
            ledger.enter([person(9)], AT)
    assert seen == [row.key for row in outbox.rows()]
    assert len(seen) == 6


@pytest.mark.usefixtures("chunks_of_two")
def test_mails_come_in_the_turn_in_which_they_are_claimed(ledger: Ledger, outbox: Outbox) -> None:
    dues = [3, 0, 1, 3, 0, 1, 2, 0, 3]
    entries = [
        replace(each, mail=replace(each.mail, due=AT + timedelta(hours=hours)))
        for each, hours in zip(people(len(dues)), dues, strict=True)
    ]
    ledger.enter(entries, AT)
    until = AT + timedelta(hours=2)
    due = [row.key for row in outbox.in_turn(until=until)]
    everything = [row.key for row in outbox.in_turn("mbt-2020-10")]
    assert everything[: len(due)] == due
    assert len(everything) == len(dues)
    assert list(outbox.in_turn("another-course")) == []
    claims = [claimed(outbox, now=AT + timedelta(hours=3)).key for _ in dues]
    assert claims == everything
    assert len(due) == 6


def test_mails_are_found_by_their_certificate_and_by_their_message_id(
    ledger: Ledger, outbox: Outbox
) -> None:
    first, second = people(2)
    ledger.enter([first, second], AT)
    again = resend_row(first.certificate, first.mail, 1, LATER)
    outbox.queue(again, said(again, "resent"))
    assert list(outbox.of_certificate(first.certificate.id)) == [first.mail, again]
    assert list(outbox.of_certificate(person(3).certificate.id)) == []
    named = outbox.named({again.message_id, second.mail.message_id, "<nobody@example.org>"})
    assert list(named) == [second.mail, again]
    assert list(outbox.named([])) == []


def test_what_the_service_may_have_taken_counts_against_the_day(
    ledger: Ledger, outbox: Outbox
) -> None:
    states = [MailState.SENT, MailState.UNCERTAIN, MailState.BOUNCED, MailState.FAILED]
    entries = people(5)
    ledger.enter(entries, AT)
    for entry, state in zip(entries, states, strict=False):
        outbox.move(entry.mail.key, {MailState.QUEUED}, state, said(entry.mail, state.value))
    assert outbox.sent_since(LATER - timedelta(seconds=1)) == 3
    assert outbox.sent_since(LATER) == 0


def test_a_claim_takes_the_mail_and_counts_the_attempt(entry: Entry, outbox: Outbox) -> None:
    row = outbox.claim("one", LATER)
    assert row == replace(entry.mail, state=MailState.SENDING, attempts=1, first_tried_at=LATER)
    assert outbox.claim("two", LATER) is None


def test_the_mail_that_is_due_longest_is_claimed_first(ledger: Ledger, outbox: Outbox) -> None:
    first, second = people(2)
    mail = replace(first.mail, due=LATER)
    ledger.enter([replace(first, mail=mail), second], AT)
    assert claimed(outbox, now=LATER).key == second.mail.key
    assert claimed(outbox, now=LATER).key == first.mail.key


def test_mails_due_at_once_are_claimed_in_the_order_of_issue(
    ledger: Ledger, outbox: Outbox
) -> None:
    entries = people(4)
    ledger.enter(entries, AT)
    assert [claimed(outbox).key for _ in entries] == [each.mail.key for each in entries]


def test_nothing_is_claimed_before_it_is_due(entry: Entry, outbox: Outbox) -> None:
    assert outbox.claim("one", entry.mail.due - timedelta(microseconds=1)) is None
    assert outbox.claim("one", entry.mail.due) is not None


@pytest.mark.usefixtures("entry")
def test_only_mails_of_the_course_are_claimed(outbox: Outbox) -> None:
    assert outbox.claim("one", AT, "another-course") is None
    assert outbox.claim("one", AT, "mbt-2020-10") is not None


@pytest.mark.usefixtures("entry")
def test_committing_is_for_the_one_who_sends(outbox: Outbox) -> None:
    row = claimed(outbox)
    assert not outbox.mark_committing(row.key, "two")
    assert outbox.mark_committing(row.key, "one")
    assert now(outbox, row).state is MailState.COMMITTING


@pytest.mark.usefixtures("entry")
def test_committing_is_never_marked_twice_nor_claimed_again(outbox: Outbox) -> None:
    row = claimed(outbox)
    assert outbox.mark_committing(row.key, "one")
    assert not outbox.mark_committing(row.key, "one")
    assert outbox.claim("two", AT + timedelta(days=1000)) is None


def test_a_mail_that_was_taken_is_sent_with_its_event(
    entry: Entry, ledger: Ledger, outbox: Outbox
) -> None:
    row = claimed(outbox)
    outbox.mark_committing(row.key, "one")
    assert outbox.settle(row, "one", SENT, said(row, "sent", SENT.reply))
    found = now(outbox, row)
    assert (found.state, found.reply, found.settled_at) == (MailState.SENT, SENT.reply, LATER)
    assert ledger.events(entry.certificate.id)[-1] == said(row, "sent", SENT.reply)


def test_a_deferred_mail_waits_and_keeps_its_attempts(entry: Entry, outbox: Outbox) -> None:
    row = claimed(outbox)
    assert outbox.settle(row, "one", DEFERRED, said(row, "deferred"))
    found = now(outbox, row)
    assert (found.state, found.attempts, found.state_word) == (MailState.QUEUED, 1, "deferred")
    assert found.due == LATER + timedelta(seconds=300)
    assert found.first_tried_at == AT
    assert outbox.claim("two", LATER) is None
    again = claimed(outbox, "two", found.due)
    assert (again.attempts, again.first_tried_at) == (2, AT)
    assert entry.mail.message_id == again.message_id


def test_an_attempt_that_does_not_count_leaves_no_trace(
    entry: Entry, ledger: Ledger, outbox: Outbox
) -> None:
    row = claimed(outbox)
    before = list(ledger.events(entry.certificate.id))
    assert outbox.settle(row, "one", GIVEN_BACK, said(row, "queued"))
    found = now(outbox, row)
    assert (found.state, found.attempts, found.first_tried_at) == (MailState.QUEUED, 0, None)
    assert list(ledger.events(entry.certificate.id)) == before


@pytest.mark.usefixtures("entry")
def test_a_later_attempt_that_does_not_count_keeps_the_first(outbox: Outbox) -> None:
    row = claimed(outbox)
    outbox.settle(row, "one", DEFERRED, said(row, "deferred"))
    again = claimed(outbox, "one", LATER + timedelta(hours=1))
    outbox.settle(again, "one", GIVEN_BACK, said(row, "queued"))
    found = now(outbox, row)
    assert (found.attempts, found.first_tried_at) == (1, AT)


def test_nobody_settles_what_another_holds(entry: Entry, ledger: Ledger, outbox: Outbox) -> None:
    row = claimed(outbox)
    assert not outbox.settle(row, "two", SENT, said(row, "sent"))
    assert now(outbox, row) == row
    assert said(row, "sent") not in ledger.events(entry.certificate.id)


@pytest.mark.usefixtures("entry")
def test_what_is_settled_stays(outbox: Outbox) -> None:
    row = claimed(outbox)
    assert outbox.settle(row, "one", SENT, said(row, "sent"))
    failed = Receipt(MailState.FAILED, "550 no such mailbox")
    assert not outbox.settle(row, "one", failed, said(row, "failed"))
    assert now(outbox, row).state is MailState.SENT


@pytest.mark.usefixtures("entry")
def test_a_given_back_mail_belongs_to_nobody(outbox: Outbox) -> None:
    row = claimed(outbox)
    outbox.settle(row, "one", GIVEN_BACK, said(row, "queued"))
    assert not outbox.mark_committing(row.key, "one")
    assert not outbox.settle(row, "one", SENT, said(row, "sent"))


@pytest.mark.usefixtures("entry")
def test_a_late_but_definite_answer_settles_an_uncertain_mail(outbox: Outbox) -> None:
    row = claimed(outbox)
    outbox.mark_committing(row.key, "one")
    lost = Receipt(MailState.UNCERTAIN, "the connection was cut")
    assert outbox.settle(row, "one", lost, said(row, "uncertain"))
    assert now(outbox, row).state is MailState.UNCERTAIN
    assert outbox.settle(row, "one", SENT, said(row, "sent"))
    assert now(outbox, row).state is MailState.SENT


@pytest.mark.parametrize(
    ("target", "kind"), [(MailState.SENT, "sent"), (MailState.QUEUED, "queued")]
)
def test_a_person_resolves_an_uncertain_mail(
    entry: Entry, ledger: Ledger, outbox: Outbox, target: MailState, kind: str
) -> None:
    row = claimed(outbox)
    outbox.mark_committing(row.key, "one")
    outbox.settle(row, "one", Receipt(MailState.UNCERTAIN, "cut"), said(row, "uncertain"))
    decision = said(row, kind, "she telephoned", LATER + timedelta(days=1))
    assert outbox.move(row.key, {MailState.UNCERTAIN}, target, decision)
    found = now(outbox, row)
    assert (found.state, found.reply, found.settled_at) == (target, "she telephoned", decision.at)
    assert ledger.events(entry.certificate.id)[-1] == decision
    assert not outbox.settle(row, "one", SENT, said(row, "sent", "too late"))


@pytest.mark.usefixtures("entry")
def test_a_mail_queued_again_begins_anew(outbox: Outbox) -> None:
    row = claimed(outbox)
    outbox.settle(row, "one", Receipt(MailState.FAILED, "550 policy"), said(row, "failed"))
    again = said(row, "queued", "the policy was changed", LATER + timedelta(hours=1))
    assert outbox.move(row.key, {MailState.FAILED}, MailState.QUEUED, again)
    found = now(outbox, row)
    assert (found.due, found.attempts, found.first_tried_at) == (again.at, 0, None)
    assert claimed(outbox, "two", again.at).message_id == row.message_id


def test_a_mail_elsewhere_is_not_moved(entry: Entry, ledger: Ledger, outbox: Outbox) -> None:
    decision = said(entry.mail, "sent")
    assert not outbox.move(entry.mail.key, {MailState.UNCERTAIN}, MailState.SENT, decision)
    assert not outbox.move("no such key", {MailState.QUEUED}, MailState.SENT, decision)
    assert outbox.row(entry.mail.key) == entry.mail
    assert decision not in ledger.events(entry.certificate.id)


def test_a_bounce_is_marked(entry: Entry, ledger: Ledger, outbox: Outbox) -> None:
    row = claimed(outbox)
    outbox.settle(row, "one", SENT, said(row, "sent"))
    bounce = said(row, "bounced", "5.1.1 no such mailbox")
    assert outbox.move(row.key, {MailState.SENT}, MailState.BOUNCED, bounce)
    assert now(outbox, row).state is MailState.BOUNCED
    assert ledger.events(entry.certificate.id)[-1] == bounce


def test_a_resend_is_a_mail_of_its_own(entry: Entry, ledger: Ledger, outbox: Outbox) -> None:
    again = resend_row(entry.certificate, entry.mail, 1, LATER, "ana@home.example")
    assert outbox.queue(again, said(again, "resent"))
    assert list(outbox.rows()) == [entry.mail, again]
    assert ledger.events(entry.certificate.id)[-1] == said(again, "resent")
    kept = ledger.entry(entry.certificate.id)
    assert kept is not None
    assert kept.mail == entry.mail


def test_a_mail_is_queued_once(entry: Entry, ledger: Ledger, outbox: Outbox) -> None:
    assert not outbox.queue(entry.mail, said(entry.mail, "resent"))
    assert said(entry.mail, "resent") not in ledger.events(entry.certificate.id)


def test_no_mail_is_queued_for_a_certificate_that_does_not_stand(
    entry: Entry, ledger: Ledger, outbox: Outbox
) -> None:
    again = resend_row(entry.certificate, entry.mail, 1, LATER)
    ledger.revoke(entry.certificate.id, event("revoked", entry))
    with pytest.raises(LedgerError, match="does not stand"):
        outbox.queue(again, said(again, "resent"))
    stranger = person(2)
    with pytest.raises(LedgerError, match="does not stand"):
        outbox.queue(stranger.mail, event("resent", stranger))


def test_what_no_text_column_holds_is_replaced_not_refused(database: Database) -> None:
    entry = person(1)
    database.ledger.enter([entry], AT)
    row = claimed(database.outbox)
    reply = "550 \x00 no\udcff"
    database.outbox.settle(row, "one", Receipt(MailState.FAILED, reply), said(row, "failed", reply))
    assert now(database.outbox, row).reply == "550 \ufffd no\ufffd"
    assert database.ledger.events(entry.certificate.id)[-1].reason == "550 \ufffd no\ufffd"


def end_leases(database: Database) -> None:
    with database._engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET lease = lease - 1801"))


def test_a_lease_of_half_an_hour_frees_what_a_dead_sender_held(database: Database) -> None:
    entries = people(3)
    database.ledger.enter(entries, AT)
    outbox = database.outbox
    sending, committing, sent = (claimed(outbox) for _ in entries)
    outbox.mark_committing(committing.key, "one")
    outbox.settle(sent, "one", SENT, said(sent, "sent"))
    assert outbox.reap() == 0
    end_leases(database)
    assert outbox.reap() == 2
    assert outbox.reap() == 0
    assert now(outbox, sending).state is MailState.QUEUED
    lost = now(outbox, committing)
    assert lost.state is MailState.UNCERTAIN
    assert lost.settled_at is not None
    assert abs(lost.settled_at - datetime.now(UTC)) < timedelta(minutes=5)
    last = database.ledger.events(committing.certificate_id)[-1]
    assert (last.kind, last.at, last.reason) == ("uncertain", lost.settled_at, lost.reply)
    assert now(outbox, sent).state is MailState.SENT


def test_who_lost_the_lease_does_not_commit(database: Database) -> None:
    database.ledger.enter([person(1)], AT)
    outbox = database.outbox
    row = claimed(outbox)
    end_leases(database)
    outbox.reap()
    assert not outbox.mark_committing(row.key, "one")
    assert not outbox.settle(row, "one", SENT, said(row, "sent"))
    assert claimed(outbox, "two").attempts == 2


def test_the_late_answer_of_its_owner_settles_a_reaped_commit(database: Database) -> None:
    database.ledger.enter([person(1)], AT)
    outbox = database.outbox
    row = claimed(outbox)
    outbox.mark_committing(row.key, "one")
    end_leases(database)
    outbox.reap()
    assert not outbox.settle(row, "two", SENT, said(row, "sent"))
    assert outbox.settle(row, "one", SENT, said(row, "sent"))
    assert now(outbox, row).state is MailState.SENT


def test_owners_known_to_be_dead_need_no_lease(database: Database) -> None:
    database.ledger.enter(people(3), AT)
    outbox = database.outbox
    gone = claimed(outbox, "host_a%-17")
    alive = claimed(outbox, "host_ab-18")
    other_case = claimed(outbox, "HOST_A%-19")
    assert outbox.reap("host_a%") == 1
    assert now(outbox, gone).state is MailState.QUEUED
    assert now(outbox, alive).state is MailState.SENDING
    assert now(outbox, other_case).state is MailState.SENDING
