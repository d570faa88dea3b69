"""Exporting, over the fakes: rows, and the event that comes first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cecert.domain.certificate.correction import Correction
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.message import MailState
from cecert.domain.people.person import License
from cecert.errors import LedgerError
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import correct
from cecert.workflows.export import ROSTER_COLUMNS, export_ledger, export_roster
from cecert.workflows.issue.issue import issue


@pytest.fixture
def office() -> MemoryOffice:
    office = MemoryOffice()
    records = [
        sample_record(
            credentials=("ny-social-work", "apa-psychology"),
            licenses=(License("NY", "LMSW", "012345"), License("MA", "LICSW", "1234")),
        ),
        sample_record(name="Rosa Núñez", email="rosa@example.org"),
    ]
    decisions = [each for record in records for each in decide(record, sample_course())]
    issue([each for each in decisions if isinstance(each, Award)], office.desk())
    return office


def test_a_roster_has_a_row_for_each_certificate(office: MemoryOffice) -> None:
    ledger = office.ledger
    first, second = ledger.entries()
    new = correct(
        second.certificate.id, Correction("typo", name="Rosa Nuñez"), office.desk()
    ).entry.certificate
    assert ROSTER_COLUMNS == (
        "name", "licenses", "credentials", "hours", "credit_date", "id", "status",
    )  # fmt: skip
    assert tuple(export_roster("mbt-2020-10", ledger, office.clock, "Mary")) == (
        ("Ana Ruiz", "NY LMSW 012345; MA LICSW 1234", "ny-social-work; apa-psychology", "6; 6",
         "2020-10-29", str(first.certificate.id), "standing"),
        ("Rosa Núñez", "", "ny-social-work", "6", "2020-10-29", str(second.certificate.id),
         "superseded"),
        ("Rosa Nuñez", "", "ny-social-work", "6", "2020-10-29", str(new.id), "standing"),
    )  # fmt: skip
    (event,) = ledger.events(None)
    assert (event.kind, event.actor, event.at) == ("exported", "Mary", office.clock.now())
    assert event.reason == "roster of mbt-2020-10, 3 certificates"


def test_a_roster_is_read_row_by_row_once_it_is_noted_that_it_goes_out(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Entry] = []
    walk = office.ledger.walk

    def walked(course_id: str = "") -> Iterator[Entry]:
        for each in walk(course_id):
            read.append(each)
            yield each

    monkeypatch.setattr(office.ledger, "walk", walked)
    rows = export_roster("mbt-2020-10", office.ledger, office.clock, "Mary")
    assert [each.kind for each in office.ledger.events(None)] == ["exported"]
    assert read == []
    assert next(rows)[0] == "Ana Ruiz"
    assert len(read) == 1


def test_a_course_nobody_has_a_certificate_of_is_no_export(office: MemoryOffice) -> None:
    with pytest.raises(LedgerError, match="no certificate of course 'mbt-2021'"):
        export_roster("mbt-2021", office.ledger, office.clock, "Mary")
    assert office.ledger.events(None) == []


def test_the_whole_ledger_has_events_and_mails_of_each_certificate(office: MemoryOffice) -> None:
    ledger = office.ledger
    lines = list(export_ledger(ledger, ledger, office.clock, "Mary"))
    assert [each.entry for each in lines] == list(ledger.entries())
    for line in lines:
        assert [each.kind for each in line.events] == ["issued", "queued"]
        assert [each.state for each in line.mails] == [MailState.QUEUED]
    (event,) = ledger.events(None)
    assert event.reason == "the whole ledger, 2 certificates"


def test_the_event_comes_before_anything_is_handed_out(office: MemoryOffice) -> None:
    lines = export_ledger(office.ledger, office.ledger, office.clock, "Mary")
    next(lines)
    assert len(office.ledger.events(None)) == 1
