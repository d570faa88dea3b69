"""Clock changes by the IANA data: New York left summer time on 1 November 2020 at 2:00."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.evidence.export import AttendanceFile, FileFacts, ReportedConnection, RowKind
from cecert.domain.evidence.local_times import instants, located, zone_of
from cecert.errors import InputError

NEW_YORK = ZoneInfo("America/New_York")


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=UTC)


def file_of(*rows: ReportedConnection, zone: str | None = None) -> AttendanceFile:
    facts = FileFacts("oct29.csv", "00", 1, "zoom_participants", "utf-8", zone=zone)
    return AttendanceFile(facts, rows)


def row(
    join: datetime | None, leave: datetime | None, seconds: int | None = None
) -> ReportedConnection:
    return ReportedConnection("Ana", join=join, leave=leave, reported_seconds=seconds, line=7)


def test_the_two_sessions_of_the_seminar_are_at_one_hour_of_utc() -> None:
    # docs/spec/inputs.md 0: both 13:00 in New York, but 18:00 and 17:00 in London
    london = ZoneInfo("Europe/London")
    for day, hour in ((22, 18), (29, 17)):
        assert instants(local(10, day, 13), NEW_YORK) == (utc(10, day, 17),)
        assert instants(local(10, day, hour), london) == (utc(10, day, 17),)


def test_a_repeated_hour_is_two_instants_and_a_skipped_one_none() -> None:
    assert instants(local(11, 1, 1, 30), NEW_YORK) == (utc(11, 1, 5, 30), utc(11, 1, 6, 30))
    assert instants(local(3, 8, 2, 30), NEW_YORK) == ()


def test_the_platforms_duration_chooses_between_two_instants() -> None:
    stay = located(file_of(row(local(11, 1, 1, 50), local(11, 1, 1, 10), 1200)), NEW_YORK)[0]
    assert stay.joined == (utc(11, 1, 5, 50),) * 2
    assert stay.left == (utc(11, 1, 6, 10),) * 2


def test_without_a_duration_both_bounds_are_kept() -> None:
    stay = located(file_of(row(local(11, 1, 0, 50), local(11, 1, 1, 10))), NEW_YORK)[0]
    assert stay.left == (utc(11, 1, 5, 10), utc(11, 1, 6, 10))
    open_ = located(file_of(row(local(11, 1, 1, 10), None)), NEW_YORK)[0]
    assert (open_.joined, open_.left) == ((utc(11, 1, 5, 10), utc(11, 1, 6, 10)), None)


def test_every_impossible_time_is_told_at_once() -> None:
    rows = [row(local(3, 8, 2, 30), None), row(local(10, 22, 14), local(10, 22, 13))]
    with pytest.raises(InputError) as caught:
        located(file_of(*rows), NEW_YORK)
    assert [each.problem for each in caught.value.faults] == [
        "2020-03-08 02:30:00 does not exist in America/New_York: the clocks were put forward",
        "left 2020-10-22 13:00:00 before joining 2020-10-22 14:00:00",
    ]
    assert caught.value.faults[0].place == "oct29.csv: line 7"


def test_rows_that_are_no_presence_have_no_instants() -> None:
    rows = [row(None, None), ReportedConnection("Bo", join=local(10, 22, 13), kind=RowKind.TOTAL)]
    assert located(file_of(*rows), NEW_YORK) == ()


def test_a_zone_that_the_file_states_wins() -> None:
    denver = ZoneInfo("America/Denver")
    assert zone_of(file_of(zone="America/Denver").facts, NEW_YORK) == denver
    assert zone_of(file_of(zone="UTC").facts, NEW_YORK) == ZoneInfo("UTC")
    assert zone_of(file_of(zone="offset in each stamp").facts, NEW_YORK) == NEW_YORK


def test_times_without_a_date_are_in_no_zone() -> None:
    stamp = datetime(1, 1, 1, 18, tzinfo=UTC).replace(tzinfo=None)
    undated = ReportedConnection("Ana", join=stamp, leave=stamp, dated=False)
    stay = located(file_of(undated), ZoneInfo("Asia/Jerusalem"))[0]
    assert stay.joined[0] == stamp.replace(tzinfo=UTC)


ZONES = st.sampled_from(["America/New_York", "Europe/London", "Asia/Jerusalem", "UTC"])
INSTANTS = st.datetimes(local(1, 1, 0), local(12, 31, 0)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(INSTANTS, ZONES)
def test_an_instant_is_among_those_its_local_time_means(instant: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    found = instants(instant.astimezone(zone).replace(tzinfo=None), zone)
    assert instant in found
    assert found == tuple(sorted(found))
    assert found[-1] - found[0] in {timedelta(), timedelta(hours=1)}


@given(INSTANTS, ZONES)
def test_an_aware_stamp_means_itself(instant: datetime, name: str) -> None:
    assert instants(instant.astimezone(ZoneInfo(name)), NEW_YORK) == (instant,)
