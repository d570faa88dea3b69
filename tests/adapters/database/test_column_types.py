"""Times: instants to the microsecond, civil times with the clock that people read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.database.column_types import civil_text, civil_time, instant, microseconds

ZONES = st.sampled_from(["America/New_York", "UTC", "Asia/Kathmandu", "Europe/Dublin"]).map(
    ZoneInfo
)
TIMES = st.datetimes(
    min_value=datetime(1980, 1, 1),  # noqa: DTZ001  # Hypothesis takes naive bounds
    max_value=datetime(2120, 1, 1),  # noqa: DTZ001
    timezones=ZONES | st.just(UTC) | st.just(timezone(timedelta(hours=-4))),
)


@given(TIMES)
def test_an_instant_comes_back_to_the_microsecond(time: datetime) -> None:
    assert instant(microseconds(time)) == time.astimezone(UTC)


@given(TIMES, TIMES)
def test_instants_are_in_order(one: datetime, other: datetime) -> None:
    before = one.astimezone(UTC) < other.astimezone(UTC)
    assert (microseconds(one) < microseconds(other)) == before


@given(TIMES)
def test_a_civil_time_comes_back_with_its_clock_and_zone(time: datetime) -> None:
    exists = time.astimezone(UTC).astimezone(time.tzinfo).replace(tzinfo=None)
    read = civil_time(civil_text(time))
    assert read.isoformat() == time.isoformat()
    if exists == time.replace(tzinfo=None):  # not in the hour that a clock change skips
        assert str(read.tzinfo) == str(time.tzinfo)


def test_the_second_of_two_equal_hours_stays_the_second() -> None:
    zone = ZoneInfo("America/New_York")
    later = datetime(2020, 11, 1, 1, 30, tzinfo=zone, fold=1)
    assert civil_text(later) == "2020-11-01T01:30:00-05:00[America/New_York]"
    assert civil_time(civil_text(later)).utcoffset() == timedelta(hours=-5)


@pytest.mark.parametrize(
    "text",
    [
        "2020-10-22T13:00:00-05:00[America/New_York]",  # as if the rules had changed since
        "2020-10-22T13:00:00-04:00[America/Nowhere]",
        "2020-10-22T13:00:00-04:00[../../etc/passwd]",
    ],
)
def test_a_zone_that_says_otherwise_today_moves_no_clock(text: str) -> None:
    read = civil_time(text)
    assert read.isoformat() == text.partition("[")[0]


@pytest.mark.parametrize(
    "text", ["", "noon", "2020-10-22T13:00:00", "2020-10-22T13:00:00-04:00[America/New_York"]
)
def test_a_text_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no time|isoformat"):
        civil_time(text)
