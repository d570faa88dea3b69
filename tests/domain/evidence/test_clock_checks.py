"""Wrong zones, doubtful dates and hosts' doings, told from the plan.

Source: docs/spec/attendance.md 1, 10.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.clock_checks import (
    Proposal,
    _Presence,
    fitting_orders,
    host_proposals,
    likely_zones,
    zone_shift,
)
from cecert.domain.evidence.matching import Connection, Rows
from cecert.domain.evidence.rulings import sessions_of
from cecert.domain.values.intervals import Span
from cecert.testing import sample_course

COURSE = sample_course()
SESSIONS = COURSE.sessions
START, END = (each.astimezone(UTC) for each in (SESSIONS[0].start, SESSIONS[0].end))
HOUR = timedelta(hours=1)


def row(name: str, first: datetime, last: datetime, *, waiting: bool = False) -> Connection:
    return Connection(name, "", "", Stay((first, first), (last, last), waiting=waiting))


def everybody(by: timedelta = timedelta()) -> list[Connection]:
    return [row(name, START + by, END + by) for name in ("a", "b", "c")]


def test_a_report_at_the_planned_time_is_not_suspected() -> None:
    assert zone_shift(everybody(), SESSIONS) is None


@pytest.mark.parametrize("quarters", [-20, 20, 4, -16, 22, 23])
def test_a_report_in_another_zone_is_told_by_how_much(quarters: int) -> None:
    by = quarters * timedelta(minutes=15)
    longer = [*everybody(by), row("d", START + by - HOUR, END + by + HOUR)]
    shift = zone_shift(longer, SESSIONS)
    # Somebody of four hours still overlaps half of the session when an hour is wrong.
    assert shift in ({None, -by} if abs(by) <= 2 * HOUR else {-by})


def test_one_person_at_the_planned_time_clears_the_whole_file() -> None:
    assert zone_shift([*everybody(5 * HOUR), row("host", START, END)], SESSIONS) is None


def test_short_visits_and_ties_never_raise_the_question() -> None:
    visits = [row("a", START + 5 * HOUR, START + 5 * HOUR + timedelta(minutes=10))]
    assert zone_shift(visits, SESSIONS) is None
    assert zone_shift([], SESSIONS) is None


def test_the_waiting_room_is_no_presence_for_the_clock_either() -> None:
    rows = [*everybody(5 * HOUR), row("x", START, END, waiting=True)]
    assert zone_shift(rows, SESSIONS) == -5 * HOUR


@settings(max_examples=20)
@given(st.integers(-52, 52).filter(lambda quarters: abs(quarters) > 8))
def test_moving_a_report_back_by_the_shift_found_makes_it_fit(quarters: int) -> None:
    by = quarters * timedelta(minutes=15)
    shift = zone_shift(everybody(by), SESSIONS)
    assert shift == -by
    assert zone_shift(everybody(by + shift), SESSIONS) is None


def test_zones_in_which_the_report_would_fit_are_named() -> None:
    # Europe left daylight saving on 25 Oct 2020, New York on 1 Nov.
    new_york = ZoneInfo("America/New_York")
    assert likely_zones(-5 * HOUR, new_york, SESSIONS[0].start) == ("Europe/London",)
    assert likely_zones(-4 * HOUR, new_york, SESSIONS[1].start) == ("UTC", "Europe/London")
    assert likely_zones(timedelta(minutes=15), new_york, SESSIONS[0].start) == ()


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("America/New_York"))  # type: ignore[misc,arg-type]


def test_the_order_that_puts_all_stamps_on_planned_dates_is_chosen() -> None:
    joins = {"MDY": [local(2020, 10, 22, 13)], "DMY": [local(2020, 12, 10, 13)]}
    assert fitting_orders(joins, SESSIONS) == ("MDY",)


def test_orders_that_mean_the_same_stand_for_one() -> None:
    same = [local(2020, 10, 10, 13)]
    assert len(fitting_orders({"MDY": same, "DMY": same}, SESSIONS)) == 1


def test_orders_of_which_none_fits_are_all_shown() -> None:
    joins = {"MDY": [local(2021, 3, 4)], "DMY": [local(2021, 4, 3)]}
    assert fitting_orders(joins, SESSIONS) == ("DMY", "MDY")


def test_an_order_that_fits_in_part_is_better_than_one_that_does_not() -> None:
    joins = {
        "MDY": [local(2020, 10, 22), local(2021, 3, 4)],
        "DMY": [local(2020, 3, 4), local(2021, 4, 3)],
    }
    assert fitting_orders(joins, SESSIONS) == ("MDY",)


def proposed(rows: Sequence[Connection]) -> tuple[Proposal, ...]:
    placed = Rows.by_time((rows,), lambda stay: sessions_of(stay, COURSE.sessions))
    return host_proposals(COURSE, placed)


def test_a_host_who_ended_early_is_proposed_and_never_applied() -> None:
    early = END - timedelta(minutes=13)
    rows = [row(name, START, early) for name in ("a", "b", "c", "d")]
    (told,) = proposed(rows)
    assert told.sentence.startswith(
        "4 of 4 connections to day-1 end within a minute before 16:02:00"
    )


def test_what_happened_in_another_room_proposes_nothing() -> None:
    early = END - timedelta(minutes=13)
    rows = [row(name, START, early) for name in ("a", "b", "c", "d")]
    elsewhere = [replace(each, stay=replace(each.stay, within=("day-2",))) for each in rows]
    assert proposed(elsewhere) == ()


def test_a_host_who_opened_late_is_proposed() -> None:
    rows = [row(name, START + timedelta(minutes=7), END) for name in ("a", "b", "c")]
    (told,) = proposed(rows)
    assert told.sentence.startswith("Nobody was in day-1 before 13:07:00")


def test_a_session_that_ran_as_planned_or_had_too_few_people_proposes_nothing() -> None:
    assert proposed(everybody()) == ()
    assert proposed([row("a", START + HOUR, END - HOUR)]) == ()
    leaving = [row(str(each), START, END - each * HOUR) for each in (1, 2, 3)]
    assert proposed(leaving) == ()


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 400)), max_size=8), st.integers(0, 9))
def test_presence_in_a_span_is_what_counting_person_by_person_gives(
    stays: list[tuple[int, int]], by: int
) -> None:
    minute = timedelta(minutes=1)
    people = [
        Span.between(START + first * minute, START + (first + length) * minute)
        for first, length in stays
    ]
    asked = Span.between(START, END).shifted(by * HOUR)
    expected = sum((each & asked).seconds for each in people)
    assert _Presence(people).seconds_in(asked) == expected
