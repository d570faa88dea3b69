from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.evidence.export import (
    AttendanceFile,
    FileFacts,
    Occurrence,
    ReportedConnection,
    RowKind,
)
from cecert.domain.evidence.export_people import (
    PersonSeen,
    is_generic_display,
    people_seen,
    same_names,
    shared_emails,
)

UTC_ZONE = ZoneInfo("UTC")
START = datetime(2020, 10, 22, 13, tzinfo=UTC).replace(tzinfo=None)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def row(name: str, join: float | None, leave: float | None, **more: object) -> ReportedConnection:
    return ReportedConnection(
        name,
        join=None if join is None else at(join),
        leave=None if leave is None else at(leave),
        **more,  # type: ignore[arg-type]  # each test names fields with values of their types
    )


def seen(*rows: ReportedConnection, meeting: int | None = None) -> tuple[PersonSeen, ...]:
    facts = FileFacts("x.csv", "00", 1, "zoom_participants", "utf-8")
    meetings = () if meeting is None else (Occurrence(reported_minutes=meeting),)
    return people_seen(AttendanceFile(facts, rows, meetings), UTC_ZONE)


def test_presence_is_the_union_and_never_the_sum() -> None:
    (ana,) = seen(row("Ana", 0, 60), row("Ana", 30, 90), row("Ana", 90, 100))
    assert (ana.total_seconds, ana.sum_seconds, ana.segments) == (6000, 7800, 3)
    assert len(ana.intervals) == 1
    assert ana.flags == (
        "overlapping_segments",
        "overlap_without_identifier_may_be_two_people",
        "no_email",
    )


def test_an_address_tells_one_person_with_two_devices() -> None:
    (ana,) = seen(
        row("Ana", 0, 60, email="Ana@example.org"), row("A.", 0, 60, email="ana@example.org")
    )
    assert ana.key == "mailto:ana@example.org"
    assert ana.flags == ("overlapping_segments", "several_display_names")
    assert ana.emails == ("Ana@example.org", "ana@example.org")


def test_waiting_is_no_presence() -> None:
    waiting = row("Ana", 0, 5, kind=RowKind.WAITING_ROOM)
    (ana,) = seen(waiting, row("Ana", 5, 60))
    assert (ana.total_seconds, ana.segments, ana.waiting_rows) == (3300, 1, 1)
    assert ana.waiting_seconds == 300
    (never,) = seen(waiting)
    assert "waiting_room_only" in never.flags
    assert never.first_join is None


def test_an_open_connection_counts_for_nothing_here() -> None:
    (ana,) = seen(row("Ana", 0, 30), row("Ana", 40, None))
    assert (ana.total_seconds, ana.last_leave, ana.open_since) == (1800, None, (at(40),))
    assert "open_segment" in ana.flags


def test_a_connection_of_no_length_is_a_connection() -> None:
    (ana,) = seen(row("Ana", 0, 0), row("Ana", 10, 20))
    assert (ana.total_seconds, len(ana.intervals)) == (600, 2)


def test_a_file_without_times_tells_no_presence() -> None:
    (ana,) = seen(row("Ana", None, None, kind=RowKind.TOTAL, reported_seconds=3600), meeting=59)
    assert (ana.total_seconds, ana.segments) == (None, None)
    assert ana.flags == ("no_times", "reported_total_exceeds_meeting", "no_email")
    names = seen(*[row("Ana", None, None, kind=RowKind.TOTAL, line=each) for each in (1, 2)])
    assert [each.key for each in names] == ["name:ana", "name:ana"]


def test_first_and_last_time_bound_presence_from_above() -> None:
    bound = row("Ana", 0, 60, kind=RowKind.ENVELOPE, reported_seconds=3000, resolution=60)
    (ana,) = seen(bound)
    assert (ana.total_seconds, ana.present_seconds, ana.segments) == (3000, 3600, None)
    assert ana.flags == ("minute_resolution", "single_row_per_person_gaps_invisible", "no_email")
    (untold,) = seen(row("Ana", 0, 60, kind=RowKind.ENVELOPE, dated=False))
    assert untold.total_seconds is None
    assert "no_date_in_file" in untold.flags
    (summary,) = seen(row("Ana", 0, 60, kind=RowKind.ENVELOPE, summary=True))
    assert summary.flags == ("only_in_summary_section_upper_bound", "no_email")


def test_no_shows_are_nobody_seen() -> None:
    assert seen(row("Ana", None, None, kind=RowKind.NO_SHOW)) == ()


@pytest.mark.parametrize(
    "name",
    ["iPhone", "iPhone (2)", "Galaxy S21", "Zoom User", "user", "Guest User 3", "+1 413***55"],
)
def test_a_device_is_nobodys_name(name: str) -> None:
    assert is_generic_display(name)
    assert "generic_display_name_is_no_identity" in seen(row(name, 0, 10))[0].flags


@pytest.mark.parametrize("name", ["Ana's iPhone", "Ana", "15_Loki", "太郎1", "Max Note Müller"])
def test_a_name_beside_a_device_word_is_not_generic(name: str) -> None:
    assert not is_generic_display(name)


def test_equal_names_are_suggested_and_never_merged() -> None:
    people = seen(
        row("Ana Ruiz", 0, 10, email="a@example.org"),
        row("Ana Ruiz (iPad)", 0, 10, email="b@example.org"),
        row("iPhone", 0, 10, platform_id="x", email="c@example.org"),
        row("iPhone", 0, 10, platform_id="y", email="c@example.org"),
    )
    assert len(people) == 4
    assert same_names(people) == (("mailto:a@example.org", "mailto:b@example.org"),)
    assert shared_emails(people) == {"c@example.org": ("id:x", "id:y")}


SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), min_size=1, max_size=12)


@given(SPANS, st.randoms())
def test_the_union_is_what_counting_single_minutes_gives(
    spans: list[tuple[int, int]], random: object
) -> None:
    rows = [row("Ana Ruiz", join, join + length) for join, length in spans]
    random.shuffle(rows)  # type: ignore[attr-defined]  # a random.Random
    (ana,) = seen(*rows)
    minutes = {minute for join, length in spans for minute in range(join, join + length)}
    assert ana.total_seconds == 60 * len(minutes)
    assert ana.sum_seconds == 60 * sum(length for _, length in spans)
