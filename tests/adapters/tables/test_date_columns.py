"""Date columns: ISO, or the one order that all dates of the column admit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import cells, read_rows, told

from cecert.adapters.tables.date_columns import read_dates
from cecert.domain.evidence.export import DateOrder

NEW_YORK = ZoneInfo("America/New_York")
AMBIGUOUS = "is ambiguous: it is 2020-10-11 or 2020-11-10, and no date of the column tells which"


def test_iso_needs_no_note() -> None:
    column = read_dates(
        [
            "2020-10-30",
            "",
            "2020-10-30T09:00:00-04:00",
            "2020-10-30 13:00Z",
            "2020-10-30T13:00:00.5Z",
        ],
        NEW_YORK,
    )
    assert column.problems == ("",) * 5
    assert column.moments == (
        date(2020, 10, 30),
        None,
        datetime(2020, 10, 30, 13, tzinfo=UTC),
        datetime(2020, 10, 30, 13, tzinfo=UTC),
        datetime(2020, 10, 30, 13, 0, 0, 500_000, tzinfo=UTC),
    )
    assert (column.order, column.local) == (None, False)


@pytest.mark.parametrize(
    ("written", "order"),
    [
        (["10/11/2020", "10/30/2020"], DateOrder.MDY),
        (["11/10/2020", "30/10/2020"], DateOrder.DMY),
        (["11.10.20", "30.10.20", "31.10.19"], DateOrder.DMY),
        (["2020/10/11", "2020/10/30"], DateOrder.YMD),
        (["2020-10-11", "2020-10-30"], None),
        (["2020-1-5"], DateOrder.YMD),
        (["10/10/2020"], DateOrder.MDY),  # one day in either order
    ],
)
def test_a_column_that_admits_one_order_is_read_in_it(
    written: list[str], order: DateOrder | None
) -> None:
    column = read_dates(written, NEW_YORK)
    assert column.problems == ("",) * len(written)
    assert column.order is order
    assert all(column.moments)


def test_a_column_that_admits_two_orders_is_ambiguous() -> None:
    column = read_dates(["10/11/2020", "2020-10-30", "10/10/2020"], NEW_YORK)
    assert column.problems[0] == AMBIGUOUS
    assert column.problems[1] == ""


def test_years_of_two_digits_come_last() -> None:
    column = read_dates(["20/10/11"], NEW_YORK)
    assert column.moments == (date(2011, 10, 20),)


def test_dates_in_two_orders_are_told_as_that() -> None:
    column = read_dates(["30/10/2020", "10/30/2020"], NEW_YORK)
    assert set(column.problems) == {
        "is in another order of day and month than other dates of the column"
    }


def test_one_bad_date_leaves_the_others_alone() -> None:
    column = read_dates(["10/30/2020", "soon", "99/99/2020"], NEW_YORK)
    assert column.moments[0] == date(2020, 10, 30)
    assert [each[:13] for each in column.problems] == ["", "is not a date", "is not a date"]


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("10/30/2020 9:05", 9),
        ("10/30/2020 9:05:00 PM", 21),
        ("10/30/2020 12:05 AM", 0),
        ("10/30/2020 12:05 p.m.", 12),
        ("10/30/2020 13:05 PM", 13),  # some programs write both clocks at once
        ("10/30/2020 0:05 AM", 0),
        ("Oct 30, 2020 9:05 AM", 9),
        ("30 October 2020 9:05", 9),
        ("\u0661\u0660/\u0663\u0660/\u0662\u0660\u0662\u0660 9:05", 9),
        ("2020-10-30T09:05:00", 9),
    ],
)
def test_a_time_without_an_offset_is_local_to_the_course(written: str, hour: int) -> None:
    column = read_dates([written], NEW_YORK)
    assert column.moments == (datetime(2020, 10, 30, hour, 5, tzinfo=NEW_YORK),)
    assert column.local


@pytest.mark.parametrize(
    "written", ["10/30/2020 25:00", "10/30/2020 0:00 PM", "10/30", "1/2/3", "Octember 30, 2020",
                "10-30/2020", "2020-10-30T25:00:00Z",
                "1900-01-01", "0001-01-01T00:00:00+14:00", "1/1/1900", "9" * 2000]
)  # fmt: skip
def test_what_is_no_date_is_none(written: str) -> None:
    (problem,) = read_dates([written], NEW_YORK).problems
    assert problem.startswith("is not a date such as 2020-10-30")


def test_a_list_says_in_a_note_how_its_dates_were_read(tmp_path: Path) -> None:
    listed = read_rows(
        tmp_path,
        cells(evaluation="10/30/2020 9:00", attestation="10/29/2020"),
        cells(email="b@example.org", evaluation="11/01/2020"),
    )
    assert told(listed) == []
    assert listed.notes == (
        "column evaluation: dates read as month/day/year (MDY)",
        "column evaluation: times without an offset read as America/New_York",
        "column attestation: dates read as month/day/year (MDY)",
    )


@pytest.mark.parametrize(
    ("column", "cell", "bad"),
    [
        ("attestation", "2020-10-29T14:05:00-04:00", True),
        ("attestation", "2020-10-29T16:14:59-04:00", True),
        ("attestation", "2020-10-29T20:14:59Z", True),
        ("attestation", "2020-10-29T16:15:00-04:00", False),
        ("attestation", "2020-10-29", False),
        ("attestation", "2020-10-29T00:00:00-04:00", False),
        ("attestation", "2020-10-28", True),
        ("attestation", "10/28/2020", True),
        ("evaluation", "2020-10-29T15:59:59-04:00", True),
        ("evaluation", "2020-10-29T16:00:00-04:00", False),
        ("evaluation", "2020-10-01", True),
    ],
)
def test_what_is_dated_before_the_end_is_a_bad_cell_of_a_list_made_by_hand(
    tmp_path: Path, column: str, cell: str, bad: bool
) -> None:
    listed = read_rows(tmp_path, cells(**{column: cell}))
    assert len(listed.records) == (0 if bad else 1)
    if bad:
        (fault,) = told(listed)
        assert fault.startswith(f"completions.csv: row 2, column {column}: {cell!r} is dated 2020-")
        assert "the last session ended on 2020-10-29 at 16:15" in fault


def test_every_early_cell_of_a_list_is_told_at_once(tmp_path: Path) -> None:
    early = [cells(email=f"p{n}@example.org", attestation="2020-10-22") for n in range(3)]
    assert len(told(read_rows(tmp_path, *early, cells()))) == 3


def test_a_list_names_the_cells_of_an_ambiguous_column(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(evaluation="10/11/2020"))
    assert told(listed) == [f"completions.csv: row 2, column evaluation: '10/11/2020' {AMBIGUOUS}"]


@given(
    days=st.lists(st.dates(date(2019, 1, 1), date(2030, 12, 31)), min_size=1, max_size=8),
    order=st.sampled_from(["%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d"]),
)
def test_no_date_is_ever_read_as_another_day(days: list[date], order: str) -> None:
    column = read_dates([f"{day:{order}}" for day in days], NEW_YORK)
    for day, moment, problem in zip(days, column.moments, column.problems, strict=True):
        assert (moment == day) is not bool(problem)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14 * 4, 14 * 4))
def test_an_iso_time_with_an_offset_keeps_its_instant(local: datetime, quarters: int) -> None:
    offset = timezone(timedelta(minutes=15 * quarters))
    instant = local.replace(year=2020 + local.year % 9, month=10, day=30).astimezone(offset)
    (moment,) = read_dates([instant.isoformat()], NEW_YORK).moments
    assert moment == instant


def test_dots_mean_the_day_first_where_no_date_tells() -> None:
    column = read_dates(["05.11.2020", "06.11.2020"], NEW_YORK)
    assert (column.order, column.problems) == (DateOrder.DMY, ("", ""))
    assert column.moments == (date(2020, 11, 5), date(2020, 11, 6))


def test_dots_beside_slashes_tell_nothing_and_a_value_over_12_tells_more() -> None:
    assert all(read_dates(["05.11.2020", "06/11/2020"], NEW_YORK).problems)
    assert read_dates(["10.22.2020", "10.11.2020"], NEW_YORK).order is DateOrder.MDY
