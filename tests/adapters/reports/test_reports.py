"""Reports as text; tests/interop looks at them in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ledger_entries import entry_for
from report_samples import (
    TEMPLATES,
    WHOLE,
    address,
    collected,
    course,
    visits,
)

from cecert.adapters.reports import Commands, IssueOutcome, batch_report, collection_report
from cecert.domain.course.session import Session
from cecert.domain.decision.completion_record import SessionFinding, Unattended
from cecert.domain.decision.decide import Denial, decide
from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.collection import Registrant, Report, SourceRecord
from cecert.domain.evidence.matching import Connection
from cecert.testing import sample_record
from cecert.workflows.collect.collect import Gathered, collect


def test_the_same_collection_gives_the_same_bytes() -> None:
    assert collected() == collected()


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2020, 12, 1, 12, tzinfo=UTC), "They were due 3 days ago."),
        (datetime(2020, 11, 27, 12, tzinfo=UTC), "1 day is left."),
    ],
)
def test_a_batch_in_which_everybody_has_theirs_says_so(at: datetime, told: str) -> None:
    outcome = IssueOutcome(course(), [entry_for(sample_record())], [], at)
    text = batch_report(outcome, TEMPLATES).decode()
    assert "All 1 people have their certificate. Nothing is left to issue." in text
    assert told in text
    assert "Nothing is left to do." in text


def found_nothing(hidden: Sequence[bool]) -> str:
    """Return the batch's report of somebody without evidence of these sessions."""
    findings = tuple(
        SessionFinding(f"day-{day}", Unattended.NO_EVIDENCE, (f"Said of day {day}.",), hides)
        for day, hides in enumerate(hidden, 1)
    )
    record = replace(sample_record(attended=frozenset()), findings=findings)
    denials = [each for each in decide(record, course()) if isinstance(each, Denial)]
    outcome = IssueOutcome(course(), [], denials, datetime(2020, 11, 6, 21, tzinfo=UTC))
    return batch_report(outcome, TEMPLATES).decode()


def test_whom_a_report_without_gaps_cannot_prove_needs_other_proof_and_is_asked_no_name() -> None:
    text = found_nothing([True, True])
    assert '<section id="unproven"' in text
    assert '<section id="unfound"' not in text
    assert "Find other proof for 1 person" in text
    assert "such as a sign-in sheet" in text
    assert "cannot show whether they were there in between" in text
    assert "0 of 1 people have their certificate. 1 needs proof from another source." in text


@pytest.mark.parametrize("hidden", [(False, False), (True, False)])
def test_whom_no_report_has_is_asked_under_which_name_and_owes_no_other_proof(
    hidden: tuple[bool, ...],
) -> None:
    text = found_nothing(hidden)
    assert '<section id="unfound"' in text
    assert '<section id="unproven"' not in text
    assert "Ask 1 person" in text
    assert "under which name or address they were there" in text
    assert "Find other proof" not in text
    assert "0 of 1 people have their certificate. 1 was not found in the reports." in text


def test_sessions_of_other_hours_share_one_scale() -> None:
    zone = ZoneInfo("America/New_York")
    morning = Session(
        "m", datetime(2020, 10, 22, 9, tzinfo=zone), datetime(2020, 10, 22, 12, tzinfo=zone)
    )
    plan = replace(course(), sessions=(morning, course().sessions[1]))
    start = morning.start.astimezone(UTC)
    stay = Stay((start,) * 2, (start + timedelta(hours=3),) * 2, file="day1.csv", line=3)
    rows = (
        Connection("Met Plain", address("Met Plain"), "", stay),
        *visits("Met Plain", (0, 0), WHOLE)[1:],
    )
    people = (Registrant("Met Plain", address("Met Plain")),)
    gathered = Gathered(people, (Report(SourceRecord("f", "s", "attendance", "zoom", 1), rows),))
    text = b"".join(collection_report(collect(plan, gathered), TEMPLATES, Commands())).decode()
    assert "9 a.m." in text
    assert "12 p.m." in text
