"""The ledger: what was entered is what is read, on both databases and in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from ledger_entries import AT, correction_of, entry_for, event, ids, people, person, signs

from cecert.adapters.database import ledger as records
from cecert.domain.certificate.certificate import CertificateState, StatusSlot
from cecert.domain.mail.message import MailState, Receipt
from cecert.domain.people.person import License
from cecert.domain.token.links import kid_of_link
from cecert.errors import LedgerError
from cecert.ports import EntryResult, Event, Ledger, Outbox
from cecert.testing import SeededRandomness, sample_record

BOTH = ("ny-social-work", "apa-psychology")


def test_what_was_entered_is_read_back_exactly(ledger: Ledger) -> None:
    entered = people(3)
    assert list(ledger.enter(entered, AT)) == [EntryResult.ENTERED] * 3
    assert list(ledger.entries()) == entered
    assert ledger.entry(entered[1].certificate.id) == entered[1]


def test_names_of_every_script_come_back_as_they_were(ledger: Ledger) -> None:
    names = ("Þórdís Żółkiewska-Ştefănescu, Ph.D.", "李 小龍", "O'Neill; DROP TABLE event", "مريم")
    entered = [
        entry_for(sample_record(name=name, email=f"p{slot}@example.org"), slot=slot)
        for slot, name in enumerate(names)
    ]
    ledger.enter(entered, AT)
    assert [each.certificate.recipient.name for each in ledger.entries()] == list(names)


def test_entering_writes_issued_and_queued(ledger: Ledger) -> None:
    entry = person(1)
    ledger.enter([entry], AT)
    assert list(ledger.events(entry.certificate.id)) == [
        event("issued", entry),
        event("queued", entry),
    ]


def test_nothing_entered_is_nothing_done(ledger: Ledger) -> None:
    assert list(ledger.enter([], AT)) == []
    assert list(ledger.entries()) == []
    assert ledger.statuses(1) == {}
    assert ledger.entry(person(1).certificate.id) is None


def test_the_same_certificate_again_is_held(ledger: Ledger) -> None:
    entry = person(1)
    assert list(ledger.enter([entry, entry], AT)) == [EntryResult.ENTERED, EntryResult.HELD]
    assert list(ledger.enter([entry], AT)) == [EntryResult.HELD]
    assert ledger.count() == 1
    assert len(ledger.events(entry.certificate.id)) == 2


def test_a_credit_line_already_carried_is_held(ledger: Ledger) -> None:
    one = entry_for(sample_record(credentials=("ny-social-work",)), slot=1)
    both = entry_for(sample_record(credentials=BOTH), slot=2)
    assert list(ledger.enter([one], AT)) == [EntryResult.ENTERED]
    assert list(ledger.enter([both], AT)) == [EntryResult.HELD]


def test_a_further_type_goes_on_a_further_certificate(ledger: Ledger) -> None:
    one = entry_for(sample_record(credentials=("ny-social-work",)), slot=1)
    further = entry_for(sample_record(credentials=("apa-psychology",)), slot=2)
    assert list(ledger.enter([one, further], AT)) == [EntryResult.ENTERED] * 2


def test_a_mark_is_free_when_the_last_of_its_certificates_is_revoked(ledger: Ledger) -> None:
    types = ("ny-social-work", "apa-psychology")
    mine = [
        entry_for(sample_record(credentials=(each,), participant_id="1"), slot=slot)
        for slot, each in enumerate(types)
    ]
    assert list(ledger.enter(mine, AT)) == [EntryResult.ENTERED] * 2  # both hold one mark
    other = entry_for(sample_record(participant_id="2"), slot=3)
    for entry in mine:
        assert list(ledger.enter([other], AT)) == [EntryResult.OTHER_IDENTITY]
        ledger.revoke(entry.certificate.id, event("revoked", entry))
    assert list(ledger.enter([other], AT)) == [EntryResult.ENTERED]


def test_one_person_under_two_identities_is_refused(ledger: Ledger) -> None:
    licence = (License("NY", "LMSW", "012345"),)
    first = entry_for(sample_record(licenses=licence), slot=1)
    again = entry_for(sample_record(licenses=licence, email="new@example.org"), slot=2)
    assert list(ledger.enter([first, again], AT)) == [
        EntryResult.ENTERED,
        EntryResult.OTHER_IDENTITY,
    ]
    assert list(ledger.enter([again], AT)) == [EntryResult.OTHER_IDENTITY]


def test_a_couple_with_one_address_and_two_ids_are_two_people(ledger: Ledger) -> None:
    couple = [
        entry_for(sample_record(name=name, participant_id=number), slot=int(number))
        for name, number in (("Ana Ruiz", "1"), ("Luis Ruiz", "2"))
    ]
    assert list(ledger.enter(couple, AT)) == [EntryResult.ENTERED] * 2


def test_one_slot_goes_to_one_certificate(ledger: Ledger) -> None:
    first = entry_for(sample_record(name="Person A", email="a@example.org"), slot=7)
    second = entry_for(sample_record(name="Person B", email="b@example.org"), slot=7)
    assert list(ledger.enter([first, second], AT)) == [EntryResult.ENTERED, EntryResult.SLOT_TAKEN]
    assert list(ledger.enter([second], AT)) == [EntryResult.SLOT_TAKEN]
    moved = entry_for(sample_record(name="Person B", email="b@example.org"), slot=8)
    assert list(ledger.enter([moved], AT)) == [EntryResult.ENTERED]


def test_held_lines_are_those_of_standing_certificates_of_the_course(ledger: Ledger) -> None:
    licence = (License("NY", "LMSW", "012345"),)
    held = entry_for(sample_record(credentials=BOTH, licenses=licence), slot=1)
    gone = person(2)
    ledger.enter([held, gone], AT)
    ledger.revoke(gone.certificate.id, event("revoked", gone))
    lines = ledger.held_lines("mbt-2020-10", [signs(held), signs(gone)])
    assert {each.credential for each in lines} == set(BOTH)
    (line,) = (each for each in lines if each.credential == "ny-social-work")
    assert (line.participant, line.name, line.email) == (
        "ana.ruiz@example.org",
        "Ana Ruiz",
        "ana.ruiz@example.org",
    )
    assert line.marks == {
        "email:ana.ruiz@example.org:Ana Ruiz",
        "license:NY LMSW 012345:Ana Ruiz",
    }
    assert line.certificate_id == held.certificate.id
    assert list(ledger.held_lines("another-course", [signs(held)])) == []


def test_a_free_slot_is_one_that_nobody_has(ledger: Ledger) -> None:
    ledger.enter([entry_for(sample_record(), slot=SeededRandomness().below(131_072))], AT)
    (slot,) = ledger.free_slots(SeededRandomness(), 1)
    assert slot.list_id == 1
    assert slot.index not in ledger.statuses(1)


def test_entries_of_one_course_are_found(ledger: Ledger) -> None:
    entry = person(1)
    ledger.enter([entry], AT)
    assert list(ledger.entries("mbt-2020-10")) == [entry]
    assert list(ledger.entries("another-course")) == []
    assert (ledger.count("mbt-2020-10"), ledger.count("another-course")) == (1, 0)


def test_walking_goes_through_all_entries_in_order(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "CHUNK", 3)
    entered = people(7)
    ledger.enter(entered, AT)
    assert list(ledger.walk()) == entered
    assert list(ledger.walk("mbt-2020-10")) == entered
    assert ids(list(ledger.walk("another-course"))) == []


def test_the_ledger_can_be_written_while_somebody_walks(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "CHUNK", 1)
    ledger.enter(people(2), AT)
    walk = ledger.walk()
    next(walk)
    assert list(ledger.enter([person(3)], AT)) == [EntryResult.ENTERED]
    assert next(walk).email == "person2@example.org"


def test_revoking_frees_the_line_and_cancels_the_mail(ledger: Ledger, outbox: Outbox) -> None:
    entry = entry_for(sample_record(), slot=1)
    ledger.enter([entry], AT)
    said = event("revoked", entry, "wrong-person: another Ana")
    assert ledger.revoke(entry.certificate.id, said) is CertificateState.STANDING
    kept = ledger.entry(entry.certificate.id)
    assert kept is not None
    assert kept.state is CertificateState.REVOKED
    assert kept.mail.state is MailState.CANCELLED
    assert kept.mail.reply == "its certificate was revoked"
    assert kept.mail.settled_at == AT
    assert ledger.events(entry.certificate.id)[-1] == said
    assert list(ledger.held_lines("mbt-2020-10", [signs(entry)])) == []
    assert outbox.claim("sender", AT) is None
    other = entry_for(sample_record(name="Ana Ruiz", participant_id="17"), slot=2)
    assert list(ledger.enter([other], AT)) == [EntryResult.ENTERED]


def test_revoking_is_final(ledger: Ledger) -> None:
    entry = person(1)
    ledger.enter([entry], AT)
    ledger.revoke(entry.certificate.id, event("revoked", entry))
    said = event("revoked", entry, "again")
    assert ledger.revoke(entry.certificate.id, said) is CertificateState.REVOKED
    assert said not in ledger.events(entry.certificate.id)
    assert list(ledger.enter([entry], AT)) == [EntryResult.HELD]


def test_revoking_what_is_not_there_says_so(ledger: Ledger) -> None:
    entry = person(1)
    with pytest.raises(LedgerError, match=f"no certificate {entry.certificate.id}"):
        ledger.revoke(entry.certificate.id, event("revoked", entry))


def test_revoking_keeps_the_final_dot_of_a_mail_under_way(ledger: Ledger, outbox: Outbox) -> None:
    entry = person(1)
    ledger.enter([entry], AT)
    row = outbox.claim("sender", AT)
    assert row is not None
    ledger.revoke(entry.certificate.id, event("revoked", entry))
    assert not outbox.mark_committing(row.key, "sender")
    receipt = Receipt(MailState.QUEUED, "the final dot was not sent", counts=False)
    assert not outbox.settle(row, "sender", receipt, event("queued", entry))
    assert outbox.counts() == {MailState.CANCELLED: 1}


def test_revoking_leaves_alone_what_the_service_may_have(ledger: Ledger, outbox: Outbox) -> None:
    entry = person(1)
    ledger.enter([entry], AT)
    row = outbox.claim("sender", AT)
    assert row is not None
    assert outbox.mark_committing(row.key, "sender")
    ledger.revoke(entry.certificate.id, event("revoked", entry))
    assert outbox.counts() == {MailState.COMMITTING: 1}


def test_a_correction_takes_the_place_of_the_old_one(ledger: Ledger, outbox: Outbox) -> None:
    old = entry_for(sample_record(name="Ana Ruis"), slot=1)
    new = correction_of(old, "Ana Ruiz")
    ledger.enter([old], AT)
    said = event("superseded", old, "a letter was wrong")
    assert ledger.supersede(old.certificate.id, new, said) is EntryResult.ENTERED
    before = ledger.entry(old.certificate.id)
    assert before is not None
    assert (before.state, before.mail.state) == (CertificateState.SUPERSEDED, MailState.CANCELLED)
    assert ledger.entry(new.certificate.id) == new
    assert ledger.events(old.certificate.id)[-1] == said
    assert [each.kind for each in ledger.events(new.certificate.id)] == ["issued", "queued"]
    held = ledger.held_lines("mbt-2020-10", [signs(old)])
    assert [each.name for each in held] == ["Ana Ruiz"]
    assert ledger.statuses(1) == {1: CertificateState.SUPERSEDED, 2: CertificateState.STANDING}
    row = outbox.claim("sender", AT)
    assert row is not None
    assert row.certificate_id == new.certificate.id


def test_a_correction_that_cannot_be_entered_changes_nothing(ledger: Ledger) -> None:
    old, other = entry_for(sample_record(name="Ana Ruis"), slot=1), person(2)
    ledger.enter([old, other], AT)
    taken = correction_of(old, "Ana Ruiz", slot=other.certificate.slot.index)
    said = event("superseded", old)
    assert ledger.supersede(old.certificate.id, taken, said) is EntryResult.SLOT_TAKEN
    assert list(ledger.entries()) == [old, other]
    assert said not in ledger.events(old.certificate.id)


def test_only_a_standing_certificate_is_corrected(ledger: Ledger) -> None:
    old = entry_for(sample_record(name="Ana Ruis"), slot=1)
    first, second = correction_of(old, "Ana Ruiz"), correction_of(old, "Ana Ruíz", slot=3)
    ledger.enter([old], AT)
    said = event("superseded", old)
    assert ledger.supersede(old.certificate.id, first, said) is EntryResult.ENTERED
    assert ledger.supersede(old.certificate.id, second, said) is EntryResult.HELD
    assert ledger.count() == 2


def test_correcting_what_is_not_there_says_so(ledger: Ledger) -> None:
    old = person(1)
    with pytest.raises(LedgerError, match="no certificate"):
        ledger.supersede(old.certificate.id, correction_of(old, "X Y"), event("superseded", old))


@pytest.mark.parametrize("wrong", ["another certificate", "another event"])
def test_a_correction_names_what_it_corrects(ledger: Ledger, wrong: str) -> None:
    old, other = people(2)
    ledger.enter([old, other], AT)
    new = correction_of(old, "X Y")
    about = other if wrong == "another event" else old
    corrects = other.certificate.id if wrong == "another certificate" else old.certificate.id
    with pytest.raises(ValueError, match="superseding"):
        ledger.supersede(corrects, new, event("superseded", about))
    assert ledger.count() == 2


def test_an_export_is_an_event_of_the_ledger(ledger: Ledger) -> None:
    said = Event("exported", AT, None, "Maria", "roster of mbt-2020-10")
    ledger.add_event(said)
    assert list(ledger.events(None)) == [said]
    assert list(ledger.events(person(1).certificate.id)) == []


def test_events_of_several_certificates_are_those_of_each(ledger: Ledger) -> None:
    entries = people(3)
    ledger.enter(entries[:2], AT)
    ledger.add_event(event("noted", entries[0]))
    found = ledger.events_of(ids(entries))
    assert found == {each: list(ledger.events(each)) for each in ids(entries[:2])}
    first, second = ids(entries[:2])
    assert len(found[first]) == len(found[second]) + 1
    assert ledger.events_of([]) == {}


def test_events_of_some_kinds_are_read_alone(ledger: Ledger) -> None:
    made = Event("key-made", AT, None, "Mary", key="token-1")
    for each in (made, Event("exported", AT, None, "Mary", "roster of mbt, 3 certificates")):
        ledger.add_event(each)
    assert list(ledger.events(None, {"key-made", "key-retired"})) == [made]
    assert len(ledger.events(None)) == 2


def test_the_newest_instant_is_that_of_the_last_events_and_not_of_the_very_last(
    ledger: Ledger,
) -> None:
    assert ledger.newest_instant() is None
    entry = person(1)
    ledger.enter([entry], AT)
    for later in (1, 3, 2):
        ledger.add_event(event("resent", entry, at=AT + timedelta(hours=later)))
    ledger.add_event(Event("trust-signed", AT + timedelta(hours=9), None, "office", key="root-1"))
    assert ledger.newest_instant() == AT + timedelta(hours=3)


def test_the_last_event_of_a_kind_is_the_one_that_was_added_last(ledger: Ledger) -> None:
    assert ledger.last_event("log-published") is None
    for number, kind in enumerate(["log-published", "log-published", "trust-signed"]):
        ledger.add_event(Event(kind, AT - timedelta(hours=number), None, "office", str(number)))
    newest = ledger.last_event("log-published")
    assert newest is not None
    assert newest.reason == "1"


def test_the_newest_issue_of_a_key_is_told_whatever_became_of_the_certificate(
    ledger: Ledger,
) -> None:
    kid = kid_of_link(person(1).certificate.token_url)
    assert ledger.newest_issue(kid) is None
    entries = people(3)
    ledger.enter(entries, AT)
    newest = max(each.certificate.issued_at for each in entries)
    assert ledger.newest_issue(kid) == newest
    for each in entries:
        ledger.revoke(each.certificate.id, event("revoked", each))
    assert ledger.newest_issue(kid) == newest
    assert ledger.newest_issue("00" * 8) is None


def test_statuses_are_of_one_list(ledger: Ledger) -> None:
    first, second = person(1), person(2)
    slot = StatusSlot(2, 9)
    second = replace(second, certificate=replace(second.certificate, slot=slot))
    ledger.enter([first, second], AT)
    ledger.revoke(second.certificate.id, event("revoked", second))
    assert ledger.statuses(1) == {first.certificate.slot.index: CertificateState.STANDING}
    assert ledger.statuses(2) == {9: CertificateState.REVOKED}
    assert ledger.statuses(3) == {}


def test_evidence_is_kept_with_the_certificate(ledger: Ledger) -> None:
    entry = replace(person(1), evidence='{"attended": "all", "name": "Ana \\u0000"}')
    ledger.enter([entry], AT)
    kept = ledger.entry(entry.certificate.id)
    assert kept is not None
    assert kept.evidence == entry.evidence


def test_the_names_of_a_few_certificates_are_read_at_once(ledger: Ledger) -> None:
    entries = people(3)
    ledger.enter(entries, AT)
    first, _, third = (each.certificate for each in entries)
    asked = {first.id, third.id, person(9).certificate.id}
    assert ledger.names(asked) == {each.id: each.recipient.name for each in (first, third)}
