"""Formats: what a board accepts has one phrase; what it does not says why."""

from __future__ import annotations

import pytest

from cecert.domain.course.formats import REFUSED_FORMATS, CourseFormat, delivery_phrase


@pytest.mark.parametrize(
    ("name", "phrase", "delivery"),
    [
        ("live-interactive-webinar", "Live interactive webinar", 2),
        ("live-in-person", "Live in-person course", 1),
        ("live-teleconference", "Live interactive teleconference", 2),
        ("conference", "Live in-person conference", 1),
        ("self-study", "Self-study", 3),
        ("hybrid", "Hybrid, live and self-study", 4),
    ],
)
def test_a_format_has_one_phrase_and_one_number_in_the_token(
    name: str, phrase: str, delivery: int
) -> None:
    # The numbers are docs/spec/token.md W2, body 7: 1 in person, 2 live and remote, 3 and 4.
    course_format = CourseFormat(name)
    assert (course_format.phrase, course_format.delivery) == (phrase, delivery)


@pytest.mark.parametrize("held", list(CourseFormat))
def test_what_a_token_tells_of_a_format_contradicts_no_paper(held: CourseFormat) -> None:
    # Whoever checks a paper compares it line by line with what its code says.
    told = delivery_phrase(held.delivery).split()
    assert [each for each in held.phrase.split() if each not in told] == []


def test_what_is_refused_is_no_format() -> None:
    assert not set(REFUSED_FORMATS) & {each.value for each in CourseFormat}
