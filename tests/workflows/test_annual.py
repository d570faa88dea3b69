"""A year's activities, over the fakes: people counted once a row, sessions by who was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.errors import InputError
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.annual import annual_report
from cecert.workflows.issue.issue import issue
from cecert.workflows.revoke import revoke

YEAR = date(2020, 2, 1), date(2021, 1, 31)


def person(name: str, *credentials: str) -> CompletionRecord:
    return sample_record(
        name=name, email=f"{name.partition(' ')[0]}@example.org", credentials=credentials
    )


PEOPLE = (
    person("Ana Ruiz", "ny-social-work", "apa-psychology"),
    person("Bo Li", "apa-psychology"),
    person("Cy Lo", "ny-social-work", "ma-social-work"),
    person("Di Wu"),
    person("Eve Ng", "apa-psychology"),
)


def issued(office: MemoryOffice, course: Course, people: Sequence[CompletionRecord]) -> list[Entry]:
    decided = [each for record in people for each in decide(record, course)]
    return list(issue([e for e in decided if isinstance(e, Award)], office.desk()).issued)


@pytest.fixture
def office() -> MemoryOffice:
    office = MemoryOffice()
    entries = issued(office, sample_course(), PEOPLE)
    (eve,) = (e for e in entries if e.certificate.recipient.name == "Eve Ng")
    revoke(
        eve.certificate.id, office.ledger, office.clock, actor="Mary",
        reason_class="issued-in-error", reason="a mistake",
    )  # fmt: skip
    return office


def test_an_activity_counts_who_stands_in_all_with_the_credit_and_by_profession(
    office: MemoryOffice,
) -> None:
    report = annual_report("apa-psychology", YEAR, office.ledger, office.clock, "Mary")
    (activity,) = report.activities
    people = activity.people
    assert (people.participants, people.credited) == (4, 2)
    assert people.professions == {"Social work": 2, "Psychology": 2, "": 1}
    assert report.professions == ("Psychology", "Social work", "")
    assert activity.days == (date(2020, 10, 22), date(2020, 10, 29))
    assert activity.credit_dates == (date(2020, 10, 29), date(2020, 10, 29))
    assert activity.line.awarded_by == "Example Prepare"
    assert [(each.when, each.people) for each in activity.sessions] == [
        ("Thursday, October 22, 2020, 1:00 to 4:15 p.m. Eastern Time (EDT)", people),
        ("Thursday, October 29, 2020, 1:00 to 4:15 p.m. Eastern Time (EDT)", people),
    ]
    (event,) = office.ledger.events(None)
    assert event.reason == (
        "annual report apa-psychology from February 1, 2020 to January 31, 2021, 1 activities"
    )


def test_a_session_of_a_conference_counts_those_who_were_in_it(office: MemoryOffice) -> None:
    # As `issue` freezes it: a certificate of a conference names the sessions attended.
    ledger = office.ledger
    for entry in ledger.entries():
        own = entry.certificate
        first, second = own.course.sessions
        titled = replace(first, title="Keynote"), replace(second, title="Ethics")
        there = titled if own.recipient.name == "Ana Ruiz" else titled[:1]
        course = replace(own.course, sessions=there)
        ledger._entries[own.id] = replace(entry, certificate=replace(own, course=course))
    report = annual_report("apa-psychology", YEAR, ledger, office.clock, "Mary")
    sessions = report.activities[0].sessions
    assert [(e.title, e.people.participants, e.people.credited) for e in sessions] == [
        ("Keynote", 4, 2),
        ("Ethics", 1, 1),
    ]
    assert sessions[1].people.professions == {"Social work": 1, "Psychology": 1}
    assert sessions[1].when.startswith("Thursday, October 29, 2020, 1:00 to 4:15 p.m.")


def test_activities_without_the_credit_or_outside_the_period_are_none(office: MemoryOffice) -> None:
    ledger, clock = office.ledger, office.clock
    with pytest.raises(InputError, match="no credit of nbcc has its date in the period"):
        annual_report("nbcc", YEAR, ledger, clock, "Mary")
    before = date(2020, 2, 1), date(2020, 10, 28)
    with pytest.raises(InputError, match="from February 1, 2020 to October 28, 2020"):
        annual_report("apa-psychology", before, ledger, clock, "Mary")
    with pytest.raises(InputError, match="ends on 2020-02-01 before it begins on 2021-01-31"):
        annual_report("apa-psychology", (YEAR[1], YEAR[0]), ledger, clock, "Mary")
    assert ledger.events(None) == []
