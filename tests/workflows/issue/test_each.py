"""One answer an award: issued, already, revoked, another person's, lost, or why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cecert import (
    Award,
    Became,
    Denial,
    decide,
    issue,
    issue_each,
    issue_one,
    revoke,
)
from cecert.ports import Entry, EntryResult
from cecert.testing import MemoryOffice, sample_course, sample_record

COURSE = sample_course()


def award(name: str, email: str, **more: object) -> Award:
    (found,) = decide(sample_record(name=name, email=email, **more), COURSE)
    assert isinstance(found, Award)
    return found


ANA = award("Ana Ruiz", "ana@example.org")


def test_an_award_is_issued_once_and_revoked_for_good() -> None:
    office = MemoryOffice()
    first = issue_one(ANA, office.desk())
    assert first.entry is not None
    assert (first.became, first.certificate_id) == (Became.ISSUED, first.entry.certificate.id)
    again = issue_one(ANA, office.desk())
    assert (again.became, again.certificate_id, again.entry) == (
        Became.ALREADY, first.certificate_id, None,
    )  # fmt: skip
    revoke(
        first.entry.certificate.id, office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason="the wrong list",
    )  # fmt: skip
    gone = issue_one(ANA, office.desk())
    assert (gone.became, gone.certificate_id) == (Became.REVOKED, first.certificate_id)


def test_whoever_is_refused_keeps_nobody_from_their_certificate() -> None:
    office = MemoryOffice()
    (denial,) = decide(sample_record(fee_paid=False), COURSE)
    assert isinstance(denial, Denial)
    marked = award("Zoë Þórsdóttir", "zoe@example.org")
    twin = award("ANA RUIZ", "ana@other.example")
    later = [
        replace(
            each, start=each.start.replace(year=2030), end=each.end.replace(year=2030), breaks=()
        )
        for each in COURSE.sessions
    ]
    early = replace(ANA, course=replace(COURSE, id="later", sessions=tuple(later)))
    assert issue_one(ANA, office.desk()).became is Became.ISSUED
    results = issue_each([denial, twin, marked, early], office.desk())
    assert [each.became for each in results] == [
        Became.REFUSED, Became.OTHER_PERSON, Became.ISSUED, Became.REFUSED,
    ]  # fmt: skip
    assert results[0].shortfalls == denial.shortfalls
    assert "ana@example.org" in str(results[1].faults[0])
    assert "is not over" in str(results[3].faults[0])


def test_a_changed_name_is_a_fault_and_nobody_else() -> None:
    office = MemoryOffice()
    issue_one(ANA, office.desk())
    changed = issue_one(award("Ana María Ruiz", "ana@example.org"), office.desk())
    assert changed.became is Became.REFUSED
    assert "under the name 'Ana Ruiz'" in str(changed.faults[0])


@pytest.mark.parametrize(
    ("answer", "became"),
    [(EntryResult.HELD, Became.LOST), (EntryResult.OTHER_IDENTITY, Became.OTHER_PERSON)],
)
def test_what_another_run_entered_meanwhile_is_told(
    answer: EntryResult, became: Became, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = MemoryOffice()
    enter = office.ledger.enter

    def late(entries: list[Entry], *rest: object) -> list[EntryResult]:
        if answer is EntryResult.HELD:  # the other run is one line ahead
            enter(entries, *rest)  # type: ignore[arg-type]
        return [answer for _ in entries]

    monkeypatch.setattr(office.ledger, "enter", late)
    result = issue_one(ANA, office.desk())
    assert result.became is became
    assert (result.certificate_id is None) is (became is Became.OTHER_PERSON)
    assert bool(result.faults) is (became is Became.OTHER_PERSON)


def test_the_report_of_a_batch_has_a_result_for_each_award_in_its_order() -> None:
    office = MemoryOffice()
    zoe = award("Zoë Þórsdóttir", "zoe@example.org")
    issue([zoe], office.desk())
    report = issue([ANA, zoe], office.desk())
    assert [each.decision for each in report.results] == [ANA, zoe]
    assert [each.became for each in report.results] == [Became.ISSUED, Became.ALREADY]
