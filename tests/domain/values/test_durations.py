"""Years of the calendar: what must be kept so long is never let go a day early."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.values.durations import years_after

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
YEARS = st.integers(0, 30)


@pytest.mark.parametrize(
    ("years", "day"), [(1, date(2021, 3, 1)), (4, date(2024, 2, 29)), (7, date(2027, 3, 1))]
)
def test_a_leap_day_comes_again_or_the_day_after_does(years: int, day: date) -> None:
    assert years_after(date(2020, 2, 29), years) == day


@given(DAYS, YEARS)
def test_the_years_before_it_are_whole(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later - day >= timedelta(days=365 * years)
    assert (later.year, later.month) in {(day.year + years, day.month), (day.year + years, 3)}


@given(DAYS, DAYS, YEARS)
def test_what_began_later_is_never_over_sooner(one: date, other: date, years: int) -> None:
    first, second = sorted([one, other])
    assert years_after(first, years) <= years_after(second, years)


def test_there_is_no_year_ten_thousand() -> None:
    with pytest.raises(ValueError, match="year"):
        years_after(date(9999, 1, 1), 1)
