"""Reports as text; tests/interop looks at them in a browser."""

from __future__ import annotations

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
from cecert.domain.course.course import Session
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
