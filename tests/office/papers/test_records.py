"""The report of a batch: what was just entered is not read back, unless it fell meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ledger_entries import AT, event, people, person

from cecert.office.papers import records
from cecert.ports import Entry, Ledger
from cecert.testing import MemoryLedger
from cecert.workflows.issue.issue import IssueReport

COURSE = "mbt-2020-10"


class AskedLedger(MemoryLedger):
    """A ledger that writes down whose entries are read."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def entries_of(self, course_id: str, participants: Collection[str]) -> Sequence[Entry]:
        self.asked += sorted(participants)
        return super().entries_of(course_id, participants)


def entries(ledger: Ledger, whose: Collection[str], report: IssueReport) -> list[Entry]:
    return list(records._entries_of(ledger, COURSE, whose, report))


def identities(of: Sequence[Entry]) -> list[str]:
    return [each.certificate.recipient.participant for each in of]


def test_only_those_who_held_something_before_are_read_back() -> None:
    ledger = AskedLedger()
    new, further, earlier = people(3)
    ledger.enter([new, further, earlier], AT)
    whose = identities([new, further, earlier])
    report = IssueReport(issued=(new, further), further=frozenset({further.certificate.id.text}))
    assert set(entries(ledger, whose, report)) == {new, further, earlier}
    assert ledger.asked == sorted(identities([further, earlier]))


def test_what_fell_meanwhile_is_not_shown() -> None:
    ledger = AskedLedger()
    stands, fell = people(2)
    ledger.enter([stands, fell], AT)
    ledger.revoke(fell.certificate.id, event("revoked", fell))
    report = IssueReport(issued=(stands, fell))
    assert entries(ledger, identities([stands, fell]), report) == [stands]


def test_who_stands_on_another_list_is_not_shown() -> None:
    ledger = AskedLedger()
    new, other = person(1), person(2)
    ledger.enter([new, other], AT)
    assert entries(ledger, identities([new]), IssueReport(issued=(new,))) == [new]
