"""Phrases of approval: what stands above who approved, and what below."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cecert.domain.certificate.certificate import CourseSnapshot, SessionTimes
from cecert.domain.certificate.phrases import (
    approval_heading,
    approval_number,
    approval_words,
    category_split,
    session_phrases,
)
from cecert.domain.course.credit_line import Category, CreditLine
from cecert.testing import sample_course

USUAL, _, PSYCHOLOGY, ATTENDANCE = sample_course().credit_lines
DEEMED = replace(USUAL, basis="258 CMR 31.04(2)(a)")
SPONSOR = replace(PSYCHOLOGY, approver_label="Sponsor approved by")


@pytest.mark.parametrize(
    ("lines", "heading"),
    [
        ((USUAL,), "Approved by"),
        ((USUAL, PSYCHOLOGY, ATTENDANCE), "Approved by"),
        ((ATTENDANCE,), "Approved by"),
        ((SPONSOR,), "Sponsor approved by"),
        ((SPONSOR, ATTENDANCE), "Sponsor approved by"),
        ((DEEMED,), "Deemed approved under"),
        ((USUAL, DEEMED, SPONSOR), "Approval"),
    ],
)
def test_a_heading_is_what_all_lines_have_in_common(
    lines: tuple[CreditLine, ...], heading: str
) -> None:
    assert approval_heading(lines) == heading


def test_below_a_heading_of_all_each_line_says_its_own() -> None:
    heading = approval_heading((USUAL, DEEMED, SPONSOR))
    assert [approval_words(each, heading) for each in (USUAL, DEEMED, SPONSOR, ATTENDANCE)] == [
        USUAL.approver,
        "Deemed approved under 258 CMR 31.04(2)(a)",
        "Sponsor approved by American Psychological Association",
        "",
    ]
    assert approval_words(DEEMED, "Deemed approved under") == "258 CMR 31.04(2)(a)"
    assert approval_words(SPONSOR, "Sponsor approved by") == "American Psychological Association"


def test_fields_of_study_are_called_so() -> None:
    fields = (Category("Accounting", Decimal(4)), Category("Taxes", Decimal(2)))
    line = replace(USUAL, categories=fields, category_label="Fields of study")
    assert category_split(line) == "Fields of study: 4 Accounting, 2 Taxes"
    assert category_split(replace(USUAL, category_label="Field of study")) == ""


NEW_YORK = ZoneInfo("America/New_York")


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=NEW_YORK)


def course_of(*times: tuple[str, str]) -> CourseSnapshot:
    sessions = [SessionTimes(at(start), at(end)) for start, end in times]
    return replace(CourseSnapshot.of(sample_course()), sessions=tuple(sessions))


def test_a_session_over_midnight_prints_both_dates_and_both_zones() -> None:
    course = course_of(
        ("2026-10-30 22:00", "2026-10-31 01:00"),
        ("2026-10-31 22:00", "2026-11-01 03:00"),
        ("2026-11-02 22:00", "2026-11-03 03:00"),
    )
    assert session_phrases(course) == [
        (
            "Friday, October 30, 2026, 10:00 p.m. Eastern Time (EDT) to "
            "Saturday, October 31, 2026, 1:00 a.m. Eastern Time (EDT)"
        ),
        (
            "Saturday, October 31, 2026, 10:00 p.m. Eastern Time (EDT) to "
            "Sunday, November 1, 2026, 3:00 a.m. Eastern Time (EST)"
        ),
        (
            "Monday, November 2, 2026, 10:00 p.m. Eastern Time (EST) to "
            "Tuesday, November 3, 2026, 3:00 a.m. Eastern Time (EST)"
        ),
    ]
    # The dates that the code holds are those on which the sessions started.
    assert course.days == (date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 2))


def test_a_session_over_a_change_of_the_clock_prints_both_zones() -> None:
    course = course_of(("2026-03-08 00:30", "2026-03-08 04:00"))
    assert session_phrases(course) == [
        (
            "Sunday, March 8, 2026, 12:30 a.m. Eastern Time (EST) to "
            "Sunday, March 8, 2026, 4:00 a.m. Eastern Time (EDT)"
        ),
    ]


def test_a_session_that_ends_at_midnight_is_of_one_day_and_says_midnight() -> None:
    course = course_of(
        ("2026-11-06 22:00", "2026-11-07 00:00"), ("2026-11-13 22:00", "2026-11-14 00:00")
    )
    assert session_phrases(course) == [
        "Fridays, November 6 and 13, 2026, 10:00 p.m. to midnight Eastern Time (EST)"
    ]


def test_noon_and_midnight_have_their_names_beside_both_dates_too() -> None:
    course = course_of(
        ("2026-03-07 22:00", "2026-03-08 12:00"), ("2026-11-01 00:00", "2026-11-01 04:00")
    )
    assert session_phrases(course) == [
        (
            "Saturday, March 7, 2026, 10:00 p.m. Eastern Time (EST) to "
            "Sunday, March 8, 2026, noon Eastern Time (EDT)"
        ),
        (
            "Sunday, November 1, 2026, midnight Eastern Time (EDT) to "
            "Sunday, November 1, 2026, 4:00 a.m. Eastern Time (EST)"
        ),
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2018, 1, 1), date(2027, 12, 31), "No. 0199, 2018\N{EN DASH}2027"),
        (date(2020, 1, 1), date(2020, 12, 31), "No. 0199, 2020"),
    ],
)
def test_an_approval_of_one_year_names_it_once(first: date, last: date, words: str) -> None:
    assert approval_number(replace(USUAL, valid_from=first, valid_to=last)) == words


def test_sessions_within_a_day_share_a_line_as_before() -> None:
    (line,) = session_phrases(CourseSnapshot.of(sample_course()))
    assert line == "Thursdays, October 22 and 29, 2020, 1:00 to 4:15 p.m. Eastern Time (EDT)"
