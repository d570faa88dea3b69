"""Quotes and dashes of a title as they are printed, proposed and never put in by themselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.typography import (
    typographic,
    typographic_findings,
    upright_findings,
)
from cecert.domain.values.emphasis import emphasised
from cecert.testing import sample_course


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('Reading "Beloved"', "Reading \u201cBeloved\u201d"),
        ("The Client's Story", "The Client\u2019s Story"),
        ("'Good enough' parents", "\u2018Good enough\u2019 parents"),
        ("Trauma - and after", "Trauma \u2013 and after"),
        ("Trauma -- and after", "Trauma\u2014and after"),
        ("1990-2020", "1990\u20132020"),
        ('The \'90s ("again")', "The \u201990s (\u201cagain\u201d)"),
        ("Rock 'n' Roll", "Rock \u2019n\u2019 Roll"),
        ("Evidence-Based Care", "Evidence-Based Care"),
    ],
)
def test_what_a_typewriter_has_becomes_what_is_printed(typed: str, printed: str) -> None:
    assert typographic(typed) == printed


@given(st.text(st.sampled_from("ab 19'\"-(\u2019\u201c"), max_size=30))
def test_what_is_proposed_needs_no_further_proposal(text: str) -> None:
    once = typographic(text)
    assert typographic(once) == once


def test_a_finding_proposes_the_whole_title_and_changes_nothing() -> None:
    course = replace(sample_course(), title='"Mentalizing" - a course')
    (found,) = typographic_findings(course, "course.toml")
    assert found.place == "course.toml: course.title"
    assert "\u201cMentalizing\u201d \u2013 a course" in found.message
    assert not list(typographic_findings(sample_course(), "course.toml"))


def test_titles_of_sessions_are_looked_at_too() -> None:
    title = emphasised("What *Grief* Does -- and Doesn't")
    first, second = sample_course().sessions
    sessions = (
        replace(first, title=title.plain, title_italics=title.italics, hours=Decimal(3)),
        replace(second, title="Closing Panel", hours=Decimal(3)),
    )
    course = replace(sample_course(), format=CourseFormat.CONFERENCE, sessions=sessions)
    (found,) = typographic_findings(course, "course.toml")
    assert found.place == "course.toml: session[1].title"
    assert "What *Grief* Does\u2014and Doesn\u2019t" in found.message


def test_a_proposed_title_keeps_its_italics() -> None:
    title = emphasised("*'Beloved'* - \"*Jazz*\"")
    course = replace(sample_course(), title=title.plain, title_italics=title.italics)
    (found,) = typographic_findings(course, "course.toml")
    assert "*\u2018Beloved\u2019* \u2013 \u201c*Jazz*\u201d" in found.message


def test_words_whose_italics_are_not_there_are_told_once_each() -> None:
    title = emphasised("*Beloved סודות* and *סודות*")
    course = replace(sample_course(), title=title.plain, title_italics=title.italics)

    def upright(word: str) -> str:
        return next((each for each in word if ord(each) > 0x590), "")

    (found,) = upright_findings(course, "course.toml", upright)
    assert found.place == "course.toml: course.title"
    assert found.message == (
        "'סודות' is printed upright: the italics have no U+05E1 HEBREW LETTER SAMEKH"
    )
