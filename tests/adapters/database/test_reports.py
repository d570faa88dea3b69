"""What a register was told: noted once, on a database and in memory alike."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from ledger_entries import AT, people

from cecert.adapters.database import open_database
from cecert.errors import LedgerError
from cecert.ports import Entry, Event, Ledger, Report

EVENT = Event("exported", AT, None, "Mary", "a roster")


def report(entry: Entry, licence: str = "NY LMSW 012345", register: str = "cebroker") -> Report:
    return Report(
        register, licence, entry.certificate.id, "ny-social-work", AT, "Mary", "cebroker-1.xls"
    )


def test_what_was_noted_is_told_by_register_and_course(ledger: Ledger) -> None:
    entries = people(2)
    ledger.enter(entries, AT)
    told = [report(entries[0]), report(entries[0], "FL SW 1"), report(entries[1])]
    with ledger.reporting() as note:
        note(told, [EVENT])
        note([report(entries[1], "", "cebroker-settled")], [])
    assert list(ledger.reports("cebroker")) == told
    course = entries[0].certificate.course.id
    assert list(ledger.reports("cebroker", course)) == told
    assert list(ledger.reports("cebroker", "another")) == []
    assert [each.license for each in ledger.reports("cebroker-settled")] == [""]
    assert list(ledger.reports("ce")) == []
    ids = [each.certificate.id for each in entries]
    assert list(ledger.reports_of("cebroker", ids)) == told
    assert list(ledger.reports_of("cebroker", ids[:1])) == told[:2]
    assert list(ledger.reports_of("cebroker", [])) == []
    assert list(ledger.events(None)) == [EVENT]


def test_nothing_is_noted_twice_and_an_error_keeps_nothing(ledger: Ledger) -> None:
    (entry,) = people(1)
    ledger.enter([entry], AT)
    with ledger.reporting() as note:
        note([report(entry)], [])
    with pytest.raises(LedgerError), ledger.reporting() as note:
        note([report(entry, "FL SW 1"), report(entry)], [EVENT])
    with contextlib.suppress(ZeroDivisionError), ledger.reporting() as note:
        note([report(entry, "FL SW 2")], [EVENT])
        raise ZeroDivisionError
    assert list(ledger.reports("cebroker")) == [report(entry)]
    assert list(ledger.events(None)) == []


def test_a_span_of_days_has_the_certificates_of_both_its_ends(ledger: Ledger) -> None:
    days = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 12, 31), date(2021, 1, 1)]
    entries = [
        replace(each, certificate=replace(each.certificate, credit_date=day))
        for each, day in zip(people(4), days, strict=True)
    ]
    ledger.enter(entries, AT)
    found = ledger.walk_days(date(2020, 2, 1), date(2020, 12, 31))
    assert [each.certificate.credit_date for each in found] == days[1:3]
    assert list(ledger.walk_days(date(2019, 1, 1), date(2019, 12, 31))) == []


def test_a_ledger_of_before_was_told_nothing_and_takes_notes(format_1_url: str) -> None:
    with open_database(format_1_url, "example-ssw") as database:
        entry = database.ledger.entries()[0]
        assert list(database.ledger.reports("cebroker")) == []
        with database.ledger.reporting() as note:
            note([report(entry)], [EVENT])
        assert list(database.ledger.reports("cebroker")) == [report(entry)]
        day = entry.certificate.credit_date
        assert entry in list(database.ledger.walk_days(day, day))
