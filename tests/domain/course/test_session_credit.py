"""Sums of a conference's sessions, against every choice of sessions there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.session import Session, at_once
from cecert.domain.course.session_credit import fullest, sums_of

NINE = datetime(2020, 10, 22, 9, tzinfo=UTC)


@st.composite
def programmes(draw: st.DrawFn) -> list[Session]:
    """Return a few sessions, some of them at once, in the order of their starts."""
    starts = sorted(draw(st.lists(st.integers(0, 8), min_size=1, max_size=7)))
    return [
        Session(
            f"s{number}",
            NINE + timedelta(hours=start),
            NINE + timedelta(hours=start + draw(st.integers(1, 3))),
            hours=Decimal(draw(st.integers(1, 12))) / 4,
        )
        for number, start in enumerate(starts)
    ]


def choices(sessions: list[Session]) -> list[tuple[Session, ...]]:
    every = (c for n in range(1, len(sessions) + 1) for c in combinations(sessions, n))
    return [each for each in every if not at_once(each)]


def hours(sessions: tuple[Session, ...]) -> Decimal:
    return sum((each.hours for each in sessions if each.hours), Decimal())


@given(programmes())
def test_the_sums_are_those_of_all_choices_that_somebody_can_attend(
    sessions: list[Session],
) -> None:
    assert sums_of(sessions) == sorted({hours(each) for each in choices(sessions)})


@given(programmes())
def test_nobody_can_attend_more_than_the_fullest_choice(sessions: list[Session]) -> None:
    best = fullest(sessions)
    assert at_once(best) is None
    assert hours(best) == max(map(hours, choices(sessions)))


@given(programmes())
def test_two_sessions_overlap_if_some_pair_does(sessions: list[Session]) -> None:
    pairs = combinations(sessions, 2)
    assert (at_once(sessions) is not None) == any(b.start < a.end for a, b in pairs)
