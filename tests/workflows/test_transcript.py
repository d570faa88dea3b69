"""Transcripts, over the fakes: whose, of when, and totals that are never added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.certificate.correction import Correction
from cecert.domain.certificate.transcript import Period, Transcript
from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Category
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.domain.people.person import License
from cecert.errors import InputError, LedgerError
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import correct
from cecert.workflows.issue.issue import issue
from cecert.workflows.person import found_person
from cecert.workflows.revoke import revoke
from cecert.workflows.transcript import note_transcript, transcript

EVER = Period()
NY = License("NY", "LMSW", "012345")


def course(identifier: str, month: int, hours: str = "6", **categories: str) -> Course:
    """Return a seminar of two afternoons in a month of 2020, each credit with such hours."""
    seminar = sample_course()
    split = tuple(Category(code, Decimal(each)) for code, each in categories.items())
    lines = [replace(each, hours=Decimal(hours), categories=split) for each in seminar.credit_lines]
    sessions = [
        replace(
            each,
            start=each.start.replace(month=month),
            end=each.end.replace(month=month),
            breaks=(),
        )
        for each in seminar.sessions
    ]
    return replace(seminar, id=identifier, sessions=tuple(sessions), credit_lines=tuple(lines))


def office_with(*batches: tuple[Course, Sequence[CompletionRecord]]) -> MemoryOffice:
    office = MemoryOffice([each for each, _ in batches])
    for each, records in batches:
        decisions = [it for record in records for it in decide(record, each)]
        awards = [it for it in decisions if isinstance(it, Award)]
        assert len(awards) == len(decisions)
        assert issue(awards, office.desk()).issued
    return office


def drawn(office: MemoryOffice, text: str, period: Period = EVER) -> Transcript:
    return transcript(text, period, office.ledger, office.clock)


BOTH = ("ny-social-work", "apa-psychology")


def two_courses() -> MemoryOffice:
    ana = sample_record(credentials=BOTH, licenses=(NY,))
    rosa = sample_record(name="Rosa Núñez", email="rosa@example.org")
    return office_with(
        (course("march", 3, "3.5", ethics="1.5", clinical="1"), [ana, rosa]),
        (course("june", 6, "2.25", ethics="2"), [replace(ana, credentials=BOTH[:1])]),
    )


def test_each_credential_has_its_total_and_its_categories() -> None:
    found = drawn(two_courses(), "ana ruiz")
    assert (found.name, found.licenses, found.standing) == ("Ana Ruiz", (NY,), 2)
    assert [each.certificate.course.id for each in found.rows] == ["march", "june"]
    new_york, psychology = found.totals
    assert (new_york.line.credential, new_york.hours, new_york.certificates) == (
        "ny-social-work", Decimal("5.75"), 2,
    )  # fmt: skip
    assert new_york.categories == (
        Category("clinical", Decimal(1)), Category("ethics", Decimal("3.5")),
    )  # fmt: skip
    assert new_york.without_category == Decimal("1.25")
    assert (psychology.line.credential, psychology.hours, psychology.certificates) == (
        "apa-psychology", Decimal("3.5"), 1,
    )  # fmt: skip


def test_a_period_goes_by_the_credit_date_with_both_its_days() -> None:
    office = two_courses()
    june = date(2020, 6, 29)
    found = drawn(office, "ana ruiz", Period(june, june))
    assert [each.certificate.course.id for each in found.rows] == ["june"]
    assert [each.hours for each in found.totals] == [Decimal("2.25")]
    assert found.period.phrase == "from June 29, 2020 to June 29, 2020"
    assert len(drawn(office, "ana ruiz", Period(last=june)).rows) == 2
    before = len(office.ledger.events(None))
    with pytest.raises(InputError, match=r"no certificate of Ana Ruiz .* from July 1, 2020"):
        drawn(office, "ana ruiz", Period(date(2020, 7, 1)))
    with pytest.raises(InputError, match="ends on 2020-06-28 before it begins"):
        Period(june, date(2020, 6, 28))
    assert len(office.ledger.events(None)) == before


def test_what_was_replaced_or_revoked_is_listed_and_counts_for_nothing() -> None:
    office = two_courses()
    march, june = (each.certificate.id for each in drawn(office, "ana ruiz").rows)
    new = correct(march, Correction("typo", name="Ana Ruíz"), office.desk()).entry.certificate
    revoke(
        june, office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason="a test",
    )  # fmt: skip
    found = drawn(office, "ana.ruiz@example.org")
    told = {str(each.certificate.id): each for each in found.rows}
    assert told[str(march)].replaced_by == new.id
    assert told[str(june)].revoked_at == office.clock.now()
    assert [each.counts for each in told.values()].count(True) == found.standing == 1
    assert [each.hours for each in found.totals] == [Decimal("3.5"), Decimal("3.5")]
    assert found.name == "Ana Ruíz"
    revoke(
        new.id, office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason="a test",
    )  # fmt: skip
    assert drawn(office, "ana.ruiz@example.org").totals == ()


def test_hours_of_two_units_are_two_totals() -> None:
    first = course("march", 3, "3")
    later = course("june", 6, "2")
    renamed = [replace(each, unit="clock hours") for each in later.credit_lines]
    later = replace(later, credit_lines=tuple(renamed))
    office = office_with((first, [sample_record()]), (later, [sample_record()]))
    totals = drawn(office, "ana ruiz").totals
    assert {each.line.unit: each.hours for each in totals} == {
        "contact hours": Decimal(3), "clock hours": Decimal(2),
    }  # fmt: skip


def test_a_total_says_only_what_all_that_it_counts_say() -> None:
    first, later = course("march", 3, "3"), course("june", 6, "2")
    moved = [
        replace(each, number="0200", awarded_by="Another School") for each in later.credit_lines
    ]
    later = replace(later, credit_lines=tuple(moved))
    office = office_with((first, [sample_record()]), (later, [sample_record()]))
    (total,) = drawn(office, "ana ruiz").totals
    assert (total.line.number, total.line.awarded_by) == ("", "")
    assert total.line.approver == first.credit_lines[0].approver


def test_nothing_of_another_person_is_on_it() -> None:
    office = two_courses()
    found = drawn(office, "rosa")
    names = {each.certificate.recipient.name for each in found.rows}
    assert (names, found.others) == ({"Rosa Núñez"}, ())


def two_identities() -> MemoryOffice:
    ana = sample_record(licenses=(NY,))
    again = sample_record(email="ana@work.example", participant_id="r-17", licenses=(NY,))
    return office_with((course("march", 3, "3"), [ana]), (course("june", 6, "2"), [again]))


def test_a_person_under_two_identities_is_told_both_and_never_merged() -> None:
    office = two_identities()
    before = len(office.ledger.events(None))
    with pytest.raises(InputError, match="'ana ruiz' finds 2 people") as told:
        drawn(office, "ana ruiz")
    ids = {str(each.certificate.id) for each in office.ledger.entries()}
    assert {each.place for each in told.value.faults} == ids
    assert any("identity r-17" in str(each) for each in told.value.faults)
    assert len(office.ledger.events(None)) == before
    for text, mine, other in (
        ("r-17", "r-17", "ana.ruiz@example.org"),
        (str(office.ledger.entries()[0].certificate.id), "ana.ruiz@example.org", "r-17"),
    ):
        found = drawn(office, text)
        assert (found.participant, len(found.rows)) == (mine, 1)
        assert [each.participant for each in found.others] == [other]


def test_a_text_that_finds_nobody_and_an_id_of_no_certificate_are_refused() -> None:
    office = two_courses()
    with pytest.raises(InputError, match="no certificate is found by 'zz'"):
        found_person("zz", office.ledger)
    with pytest.raises(LedgerError, match="has no certificate"):
        found_person("7Q2M-X4KD-9VTR-H3NP", MemoryOffice().ledger)


def test_that_it_was_drawn_up_is_an_event() -> None:
    office = two_courses()
    note_transcript(drawn(office, "rosa"), office.ledger, "Mary")
    event = office.ledger.events(None)[-1]
    assert (event.kind, event.actor) == ("exported", "Mary")
    assert event.reason == "transcript of rosa@example.org, 1 certificates"


HOURS = st.integers(1, 800).map(lambda each: Decimal(each) / 100)


@given(
    st.lists(st.tuples(HOURS, st.sets(st.sampled_from(BOTH), min_size=1)), min_size=1, max_size=6)
)
def test_a_total_is_the_sum_of_its_own_credential_alone(
    earned: list[tuple[Decimal, set[str]]],
) -> None:
    batches = [
        (course(f"c{month}", month, str(hours)), [sample_record(credentials=tuple(kinds))])
        for month, (hours, kinds) in enumerate(earned, 1)
    ]
    expected: Counter[str] = Counter()
    for hours, kinds in earned:
        expected.update({kind: int(hours * 100) for kind in kinds})
    totals = drawn(office_with(*batches), "ana ruiz").totals
    assert {each.line.credential: int(each.hours * 100) for each in totals} == dict(expected)
