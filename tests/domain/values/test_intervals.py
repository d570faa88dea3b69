"""Spans of time against the plainest possible model: the set of their seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.values.intervals import Interval, Span

ZERO = datetime(2020, 10, 22, tzinfo=UTC)


def second(number: int) -> datetime:
    return ZERO + timedelta(seconds=number)


def piece(start: int, length: int) -> Interval:
    return Interval(second(start), second(start + length))


intervals = st.lists(st.builds(piece, st.integers(0, 60), st.integers(1, 20)), max_size=8)
spans = intervals.map(Span.union)


def seconds_of(span: Span) -> set[int]:
    return {
        each
        for interval in span.intervals
        for each in range(
            int((interval.start - ZERO).total_seconds()), int((interval.end - ZERO).total_seconds())
        )
    }


@given(intervals)
def test_a_union_holds_exactly_the_seconds_of_its_intervals(given_: list[Interval]) -> None:
    expected = set().union(*(seconds_of(Span((each,))) for each in given_)) if given_ else set()
    span = Span.union(given_)
    assert seconds_of(span) == expected
    assert span.seconds == len(expected)


@given(spans, spans)
def test_the_algebra_is_that_of_sets_of_seconds(one: Span, other: Span) -> None:
    assert seconds_of(one & other) == seconds_of(one) & seconds_of(other)
    assert seconds_of(one | other) == seconds_of(one) | seconds_of(other)
    assert seconds_of(one - other) == seconds_of(one) - seconds_of(other)


@given(spans, st.integers(0, 70), st.integers(1, 30))
def test_a_complement_is_what_is_missing_within(span: Span, start: int, length: int) -> None:
    within = piece(start, length)
    assert seconds_of(span.complement(within)) == seconds_of(Span((within,))) - seconds_of(span)


def test_an_empty_span_is_false_and_has_no_seconds() -> None:
    assert not Span()
    assert Span.between(second(5), second(5)) == Span()
    assert Span().seconds == 0


@pytest.mark.parametrize(
    ("start", "end", "complaint"),
    [
        (second(5), second(5), "not after its start"),
        (second(5), second(6).astimezone(ZoneInfo("Europe/London")), "not in UTC"),
        (second(5), second(6).replace(microsecond=5), "whole seconds"),
    ],
)
def test_an_interval_cannot_be_wrong(start: datetime, end: datetime, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Interval(start, end)


def test_a_span_of_touching_intervals_is_refused() -> None:
    with pytest.raises(ValueError, match="touch"):
        Span((piece(0, 5), piece(5, 5)))
