"""Dossiers, over the fakes: whose, of which course, and the event that tells of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from letters import REMINDER, letter_event, reminder_row

from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.errors import InputError, LedgerError
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.dossier import DossierDesk, draw_up
from cecert.workflows.issue.issue import issue


def office_of(**courses: list[CompletionRecord]) -> MemoryOffice:
    made = {each: replace(sample_course(), id=each) for each in courses}
    office = MemoryOffice(list(made.values()))
    for name, records in courses.items():
        decisions = [each for record in records for each in decide(record, made[name])]
        issue([each for each in decisions if isinstance(each, Award)], office.desk())
    return office


def desk_of(office: MemoryOffice) -> DossierDesk:
    return DossierDesk(office.ledger, office.ledger, office.archive, office.clock, "Mary")


ANA = sample_record()
ROSA = sample_record(name="Rosa Núñez", email="rosa@example.org")


def test_it_has_what_the_ledger_has_of_that_person_and_course() -> None:
    office = office_of(spring=[ANA, ROSA])
    found = draw_up("ana ruiz", "", desk_of(office))
    (entry,) = found.entries
    own = entry.certificate
    assert (found.participant, found.course_id, found.main) == (ANA.email, "spring", entry)
    assert found.documents == {own.id: office.archive.get(entry.document)}
    assert [each.kind for each in found.events[own.id]] == ["issued", "queued", "exported"]
    assert [each.recipient for each in found.mails[own.id]] == [ANA.email]
    last = office.ledger.events(own.id)[-1]
    assert (last.actor, last.reason, last.at) == ("Mary", "dossier drawn up", office.clock.now())


def test_of_several_courses_one_must_be_named_or_the_certificate_says_it() -> None:
    office = office_of(spring=[ANA], autumn=[ANA])
    with pytest.raises(InputError, match="has certificates of 2 courses") as told:
        draw_up("ana ruiz", "", desk_of(office))
    assert {each.place for each in told.value.faults} == {"spring", "autumn"}
    assert draw_up("ana ruiz", "autumn", desk_of(office)).course_id == "autumn"
    for each in office.ledger.entries():
        own = each.certificate
        assert draw_up(str(own.id), "", desk_of(office)).course_id == own.course.id
        assert len(draw_up(str(own.id), "", desk_of(office)).entries) == 1


def test_what_cannot_be_drawn_up_is_no_event() -> None:
    office = office_of(spring=[ANA, ROSA])
    before = len(office.ledger.events(office.ledger.entries()[0].certificate.id))
    with pytest.raises(InputError, match="no certificate of course 'winter'"):
        draw_up("ana ruiz", "winter", desk_of(office))
    office.archive.discard(office.ledger.entries()[0].document)
    with pytest.raises(LedgerError, match="is missing from the archive"):
        draw_up("ana ruiz", "", desk_of(office))
    assert len(office.ledger.events(office.ledger.entries()[0].certificate.id)) == before


def test_another_identity_that_may_be_the_same_person_is_told_and_left_out() -> None:
    again = sample_record(email="ana@work.example", participant_id="r-17")
    office = office_of(spring=[ANA], autumn=[again])
    found = draw_up(ANA.email, "", desk_of(office))
    assert [each.certificate.course.id for each in found.entries] == ["spring"]
    assert [each.participant for each in found.others] == ["r-17"]


def test_it_has_the_letters_to_that_person_of_that_course_and_no_others() -> None:
    office = office_of(spring=[ANA, ROSA], autumn=[ANA])
    theirs = replace(REMINDER, participant=ANA.email, course_id="spring")
    others = (
        replace(theirs, participant=ROSA.email),
        replace(theirs, course_id="autumn"),
    )
    rows = [reminder_row(1, each) for each in (theirs, *others)]
    for row in rows:
        office.ledger.queue(row, letter_event("queued", row))
    assert draw_up("ana ruiz", "spring", desk_of(office)).letters == (rows[0],)
