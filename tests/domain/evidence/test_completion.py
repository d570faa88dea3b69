"""The day of completion: by what it is that day, and when there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.completion import completion_of, marks_asked, passed_on
from cecert.domain.evidence.done import Done
from cecert.testing import sample_course

NY, MA = "ny-social-work", "ma-social-work"
ASKED = Requirements(evaluation=True, attestation=True, post_test=Decimal(80))


def reader(asked: Requirements = ASKED, other: Requirements | None = None) -> Course:
    """Return self-study of two credits; *other* is what the second asks for."""
    first, second = sample_course().credit_lines[:2]
    lines = (replace(first, requirements=asked), replace(second, requirements=other or asked))
    return replace(
        sample_course(), format=CourseFormat.SELF_STUDY, sessions=(), study_minutes=360,
        credit_lines=lines, requirements=asked,
    )  # fmt: skip


def done(day: int, place: str, score: int | None = None) -> Done:
    scored = None if score is None else Decimal(score)
    return Done("a@example.org", date(2020, 3, day), scored, place=place)


ALL = {
    "post_test": done(5, "quiz.csv: line 2", 85),
    "evaluation": done(7, "eval.csv: line 3"),
    "attestation": done(6, "signed.csv: row 4"),
}


def day_of(course: Course, rows: Mapping[str, Done], *asked: str) -> date | None:
    return completion_of(course, asked or (NY,), rows, with_material=False).day


def test_the_last_thing_done_makes_the_day() -> None:
    found = completion_of(reader(), (NY,), ALL, with_material=False)
    assert found.day == date(2020, 3, 7)
    assert [each.what for each in found.last] == ["evaluation"]
    assert found.why == (
        "Completed on March 7, 2020, by the evaluation, the last of what is required: post-test "
        "passed with 85 per cent on March 5, 2020 (quiz.csv: line 2); attestation on March 6, 2020 "
        "(signed.csv: row 4); evaluation on March 7, 2020 (eval.csv: line 3)."
    )


@pytest.mark.parametrize("missing", ALL)
def test_who_lacks_one_thing_has_no_day(missing: str) -> None:
    rows = {what: row for what, row in ALL.items() if what != missing}
    found = completion_of(reader(), (NY,), rows, with_material=False)
    assert (found.day, found.missing, found.last) == (None, (missing,), ())
    assert found.why.startswith("Not completed: no ")


def test_what_nobody_asks_for_makes_no_day() -> None:
    alone = Requirements(post_test=Decimal(80))
    assert day_of(reader(alone), ALL) == date(2020, 3, 5)
    found = completion_of(reader(alone), (NY,), ALL, with_material=False)
    assert "by the post-test, all that is required: " in found.why


def test_a_test_that_does_not_pass_or_says_no_day_is_none() -> None:
    assert day_of(reader(), ALL | {"post_test": done(5, "q", 79)}) is None
    assert day_of(reader(), ALL | {"post_test": done(5, "q", 80)}) == date(2020, 3, 7)
    assert day_of(reader(), ALL | {"post_test": replace(ALL["post_test"], moment=None)}) is None


def test_the_material_is_asked_for_where_somebody_says_who_completed_it() -> None:
    course = reader()
    assert completion_of(course, (NY,), ALL, with_material=True).missing == ("completed_on",)
    rows = ALL | {"completed_on": done(9, "moodle.csv: line 2")}
    found = completion_of(course, (NY,), rows, with_material=True)
    assert found.day == date(2020, 3, 9)
    assert "by the completion of the material, the last" in found.why


def test_one_day_serves_all_credits_whose_requirements_are_met() -> None:
    course = reader(other=Requirements(post_test=Decimal(75)))
    low = {"post_test": done(5, "q", 78)}
    assert day_of(course, low, NY) is None
    assert day_of(course, low, MA) == date(2020, 3, 5)
    assert day_of(course, low, NY, MA) == date(2020, 3, 5)
    assert day_of(course, ALL, NY, MA) == date(2020, 3, 7)
    assert marks_asked(course, (NY, MA)) == (Decimal(80), Decimal(75))
    assert marks_asked(course, (MA,)) == (Decimal(75),)


def test_who_asks_for_nothing_that_is_offered_is_judged_by_what_is() -> None:
    own = replace(reader(), requirements=Requirements())
    assert day_of(own, ALL, "apa-psychology") == date(2020, 3, 7)
    found = completion_of(own, (), {}, with_material=False)
    assert found.missing == ("post_test", "evaluation", "attestation")


def test_a_hybrid_is_not_completed_before_its_last_session() -> None:
    course = replace(reader(), format=CourseFormat.HYBRID, sessions=sample_course().sessions)
    rows = ALL | {"sessions": Done("", date(2020, 10, 29))}
    found = completion_of(course, (NY,), rows, with_material=False)
    assert found.day == date(2020, 10, 29)
    assert found.why.startswith("Completed on October 29, 2020, by the last session, the last of")
    missed = completion_of(course, (NY,), ALL, with_material=False)
    assert missed.why.startswith("Not completed: not every session attended in full. Done: post-")


def test_a_moment_is_of_the_day_at_the_course() -> None:
    late = replace(ALL["evaluation"], moment=datetime(2020, 3, 8, 4, 30, tzinfo=UTC))
    assert day_of(reader(), ALL | {"evaluation": late}) == date(2020, 3, 7)


def test_the_day_of_the_test_is_that_on_which_it_passes_the_lowest_mark_asked_for() -> None:
    course = reader(other=Requirements(post_test=Decimal(75)))
    assert passed_on(course, (NY,), None) is None
    assert passed_on(course, (NY,), done(5, "q", 79)) is None
    assert passed_on(course, (NY, MA), done(5, "q", 79)) == date(2020, 3, 5)
    assert passed_on(course, (NY,), ALL["post_test"]) == date(2020, 3, 5)


@given(st.fixed_dictionaries({what: st.integers(1, 28) for what in ALL}), st.permutations([*ALL]))
def test_the_day_is_the_latest_whatever_the_order(days: dict[str, int], order: list[str]) -> None:
    rows = {what: replace(ALL[what], moment=date(2020, 3, days[what])) for what in order}
    assert day_of(reader(), rows) == date(2020, 3, max(days.values()))
