"""Courses: values that cannot be wrong. The figures are those of docs/spec/inputs.md 0."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.course import AttendanceRule, CoSponsor, Instructor
from cecert.domain.course.credit_line import Category
from cecert.domain.course.session import Break, Session
from cecert.testing import sample_course

NEW_YORK = ZoneInfo("America/New_York")


def at(hour: int, minute: int = 0, *, day: int = 22, month: int = 10) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=NEW_YORK)


def test_a_session_without_its_breaks_is_creditable() -> None:
    pauses = (Break(at(14), at(14, 10)), Break(at(14, 30), at(14, 35)))
    assert Session("a", at(13), at(16, 15), pauses).creditable == timedelta(minutes=180)


def test_a_clock_change_inside_a_session_counts_as_elapsed_time() -> None:
    # Clocks go back at 2:00 on 1 November 2020: from 0:00 to 3:00 four hours pass.
    night = Session("a", at(0, day=1, month=11), at(3, day=1, month=11))
    assert night.creditable == timedelta(hours=4)


@pytest.mark.parametrize(
    ("start", "end", "breaks", "problem"),
    [
        (at(16), at(13), (), "not after its start"),
        (at(13), at(13), (), "not after its start"),
        (at(13), at(16), (Break(at(12), at(14)),), "overlaps another or leaves the session"),
        (at(13), at(16), (Break(at(15), at(17)),), "overlaps another or leaves the session"),
        (
            at(13),
            at(16),
            (Break(at(14), at(15)), Break(at(14, 30), at(15, 30))),
            "overlaps another",
        ),
        (at(13).replace(tzinfo=None), at(16), (), "times without a zone"),
    ],
)
def test_a_session_that_cannot_be_is_refused(
    start: datetime, end: datetime, breaks: tuple[Break, ...], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Session("a", start, end, breaks)


def test_a_break_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="break ends 14:00, not after its start 15:00"):
        Break(at(15), at(14))


def test_dates_of_a_course_are_those_of_its_sessions() -> None:
    course = sample_course()
    assert course.days == (date(2020, 10, 22), date(2020, 10, 29))
    assert course.credit_date == date(2020, 10, 29)
    assert course.ends_at == at(16, 15, day=29)
    assert course.due_on == date(2020, 11, 28)
    assert course.creditable == timedelta(hours=6)


def test_a_course_needs_sessions_and_credit_each_once_and_in_order() -> None:
    course = sample_course()
    first, second = course.sessions
    for broken, problem in (
        ({"sessions": ()}, "at least one session"),
        ({"credit_lines": ()}, "at least one credit"),
        ({"sessions": (first, first)}, "session day-1 stands there twice"),
        ({"sessions": (second, first)}, "session day-1 starts before session day-2 has ended"),
        ({"credit_lines": (course.credit_lines[0],) * 2}, "credit ny-social-work stands there"),
    ):
        with pytest.raises(ValueError, match=problem):
            replace(course, **broken)


def test_sixty_one_session_dates_do_not_fit_the_token() -> None:
    days = [timedelta(days=each) for each in range(61)]
    sessions = tuple(Session(f"s{day.days}", at(9) + day, at(10) + day) for day in days)
    with pytest.raises(ValueError, match="61 session dates, 60 fit the token"):
        replace(sample_course(), sessions=sessions)


@pytest.mark.parametrize("hours", ["0", "-6", "NaN", "Infinity", "6.333"])
def test_hours_are_a_positive_number_of_hundredths(hours: str) -> None:
    with pytest.raises(ValueError, match="not a positive number of hundredths"):
        replace(sample_course().credit_lines[0], hours=Decimal(hours))


def test_categories_are_at_most_the_hours() -> None:
    line = sample_course().credit_lines[0]
    split = (Category("ethics", Decimal(2)), Category("clinical", Decimal(4)))
    assert replace(line, categories=split).hundredths == 600
    with pytest.raises(ValueError, match="categories sum to 8 hours, the credit has 6"):
        replace(line, categories=(*split, Category("cultural", Decimal(2))))


def test_a_tolerance_is_not_negative() -> None:
    with pytest.raises(ValueError, match="gap_each = -1 is negative"):
        AttendanceRule(600, 300, -1, 900, 60, 300)


def test_people_and_co_sponsors_are_printed_as_they_are() -> None:
    assert Instructor("Joan Lesser", "Ph.D., LICSW").printed == "Joan Lesser, Ph.D., LICSW"
    assert Instructor("Joan Lesser").printed == "Joan Lesser"
    assert CoSponsor("Amego Prepare", "").name == "Amego Prepare"


def test_a_credit_that_is_not_offered_is_none() -> None:
    assert sample_course().credit_for("nbcc") is None


@given(st.integers(1, 100_000))
def test_hundredths_are_exact(hundredths: int) -> None:
    line = replace(sample_course().credit_lines[0], hours=Decimal(hundredths) / 100)
    assert line.hundredths == hundredths
