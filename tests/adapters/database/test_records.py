"""The ledger: what was entered is what is read, on both databases and in memory."""

from __future__ import annotations

from ledger_entries import AT, people

from cecert.ports import EntryResult, Ledger


def test_what_was_entered_is_read_back_exactly(ledger: Ledger) -> None:
    entered = people(3)
    assert list(ledger.enter(entered, AT)) == [EntryResult.ENTERED] * 3
    assert list(ledger.entries()) == entered
    assert ledger.entry(entered[1].certificate.id) == entered[1]
