from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.tables.date_columns import Stamps
from cecert.adapters.tables.dates import parse_stamp
from cecert.domain.evidence.export import DateOrder, OrderKnownBy
from cecert.errors import AmbiguousDateError, InputError


def local(year: int, month: int, day: int, *clock: int) -> datetime:
    hour, minute, second = (*clock, 0, 0, 0)[:3]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).replace(tzinfo=None)


MDY, DMY, YMD = DateOrder.MDY, DateOrder.DMY, DateOrder.YMD


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        # Zoom, in its own words and saved again by Excel (docs/spec/inputs.md 2.1)
        ("11/19/2024 08:39:39 PM", MDY, local(2024, 11, 19, 20, 39, 39)),
        ("9/24/20 13:30", MDY, local(2020, 9, 24, 13, 30)),
        ("2020/12/8 8:35", MDY, local(2020, 12, 8, 8, 35)),
        ("11/19/2021 12:01:59 AM", MDY, local(2021, 11, 19, 0, 1, 59)),
        ("09/24/2024 01:30:00 p. m.", MDY, local(2024, 9, 24, 13, 30)),
        # Zoom webinars
        ("Mar 28, 2020 08:07:27", DMY, local(2020, 3, 28, 8, 7, 27)),
        ("Mar 28, 2020 2:20 PM", MDY, local(2020, 3, 28, 14, 20)),
        # Teams, by browser
        ("13/04/2021 à 09:01:31", DMY, local(2021, 4, 13, 9, 1, 31)),
        ("06.10.26, 18:01:00", DMY, local(2026, 10, 6, 18, 1)),
        ("3/10/25, 8:00:48\u202fAM", MDY, local(2025, 3, 10, 8, 0, 48)),
        ("4/13/2022, 7:56:32 AM", MDY, local(2022, 4, 13, 7, 56, 32)),
        # Google Forms and sheets in other languages
        ("2026/09/27 3:00:00 下午", MDY, local(2026, 9, 27, 15, 0)),
        ("2026年9月27日 15:00", MDY, local(2026, 9, 27, 15, 0)),
        ("2026-06-01 09:42:11.123", MDY, local(2026, 6, 1, 9, 42, 11)),
        ("27 de septiembre de 2026 15:00", MDY, local(2026, 9, 27, 15, 0)),
        ("27. September 2026, 15:00 Uhr", MDY, local(2026, 9, 27, 15, 0)),
        ("2026-06-01", MDY, local(2026, 6, 1)),
    ],
)
def test_a_stamp_is_read_as_the_platform_means_it(
    text: str, order: DateOrder, moment: datetime
) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    assert stamp.at(order) == moment


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026/09/27 3:00:00 PM GMT+3", 3),
        ("2026/09/27 3:00:00 PM GMT+5:30", 5.5),
        ("2026/09/27 3:00:00 PM GMT-04:00", -4),
        ("2026-06-10T09:00:00Z", 0),
        ("2026-06-10T09:00:00+0530", 5.5),
        ("2026-06-10 09:00:00 UTC", 0),
    ],
)
def test_an_offset_that_is_stated_counts(text: str, hours: float) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    moment = stamp.at(MDY)
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "13:75",
        "25:00 PM",
        "0:30 PM",
        "123/4/2020",
        "1/2/20203 10:00",
        "Foo 28, 2020 08:07:27",
        "2026-06-10T09:00:00+19:00",
        "10/11/2020 evening",
    ],
)
def test_what_is_no_stamp_is_a_fault_with_its_place(text: str) -> None:
    stamps = Stamps("oct22.csv")
    assert stamps.read(text, 7, "join time") is None
    assert str(stamps.faults[0]).startswith(f"oct22.csv: line 7, column join time: {text!r}")


@pytest.mark.parametrize("text", ["2/30/2020 10:00", "13/32/2020 10:00", "1/1/1801 10:00"])
def test_a_day_that_does_not_exist_is_a_fault(text: str) -> None:
    stamps = Stamps("oct22.csv")
    assert stamps.read(text, 7, "") is None
    assert "does not exist" in str(stamps.faults[0])


def test_dashes_are_no_time_and_no_fault() -> None:
    stamps = Stamps("webinar.csv")
    assert stamps.read("--", 1, "join time") is None
    assert not stamps.faults


def test_a_connection_needs_a_join_time() -> None:
    stamps = Stamps("webinar.csv")
    assert stamps.ends("", "10/22/2020 10:00", 3)[0] is None
    assert str(stamps.faults[0]) == "webinar.csv: line 3, column join time: is empty"


def test_times_without_a_date_pass_midnight() -> None:
    start, end = Stamps("meet.csv").ends("23:30", "00:30", 2)
    assert start is not None
    assert end is not None
    assert end - start == timedelta(hours=1)


def settled(*texts: str, stated: DateOrder | None = None) -> tuple[DateOrder | None, OrderKnownBy]:
    stamps = Stamps("oct22.csv", stated or MDY)
    for line, text in enumerate(texts, 2):
        stamps.read(text, line, "")
    return stamps.settled(stated)


def test_one_value_over_12_proves_the_order_for_the_whole_file() -> None:
    assert settled("05/09/2022 10:00", "27/09/2022 10:00") == (DMY, OrderKnownBy.A_VALUE_OVER_12)
    assert settled("09/05/2022 10:00", "09/27/2022 10:00") == (MDY, OrderKnownBy.A_VALUE_OVER_12)


def test_the_operator_says_what_the_file_does_not() -> None:
    assert settled("05/09/2022 10:00", stated=DMY) == (DMY, OrderKnownBy.STATED)
    assert settled("20/12/08 10:00", stated=YMD) == (YMD, OrderKnownBy.STATED)


def test_dates_that_mean_the_same_either_way_are_not_ambiguous() -> None:
    assert settled("10/10/2020 10:00") == (None, OrderKnownBy.THE_SAME)


def test_dates_that_need_no_order_have_none_to_prove() -> None:
    assert settled("2020-10-11 10:00") == (YMD, OrderKnownBy.YEAR_FIRST)
    assert settled("Oct 11, 2020 10:00") == (None, OrderKnownBy.NAMED_MONTH)
    assert settled("10:00") == (None, OrderKnownBy.NOTHING)
    assert settled("2020-10-11T10:00:00Z") == (None, OrderKnownBy.NOTHING)


def test_an_ambiguous_date_shows_both_readings() -> None:
    with pytest.raises(AmbiguousDateError) as caught:
        settled("10/11/2020 10:00")
    assert caught.value.orders == ("MDY", "DMY")
    assert "line 2: '10/11/2020 10:00' is ambiguous: it is 2020-10-11 (MDY) or 2020-11-10" in str(
        caught.value
    )
    assert "--date-order" in caught.value.hint


def test_an_order_that_the_file_contradicts_is_refused() -> None:
    with pytest.raises(InputError, match="is no date in the order MDY"):
        settled("27/09/2022 10:00", stated=MDY)


@pytest.mark.parametrize("text", ["12/31/9999 11:59:59 PM", "31/31/2020 10:00"])
def test_what_is_a_date_in_no_order_proves_none(text: str) -> None:
    assert settled("09/27/2022 10:00", text) == (MDY, OrderKnownBy.A_VALUE_OVER_12)
    assert settled("27/09/2022 10:00", text) == (DMY, OrderKnownBy.A_VALUE_OVER_12)


def test_two_orders_in_one_file_are_refused_with_both_lines() -> None:
    with pytest.raises(InputError) as caught:
        settled("27/09/2022 10:00", "09/27/2022 10:00")
    assert len(caught.value.faults) == 2


MOMENTS = st.datetimes(local(2000, 1, 1), local(2099, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
WRITTEN = {
    MDY: ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%y, %H:%M:%S", "%m-%d-%Y %H:%M:%S"),
    DMY: ("%d/%m/%Y %I:%M:%S %p", "%d.%m.%Y, %H:%M:%S", "%d-%m-%y %H:%M:%S"),
    YMD: ("%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y.%m.%d. %H:%M:%S"),
}


@given(MOMENTS, st.sampled_from(list(DateOrder)), st.integers(0, 2))
def test_what_a_platform_writes_is_read_back(moment: datetime, order: DateOrder, way: int) -> None:
    stamps = Stamps("oct22.csv", order)
    assert stamps.read(moment.strftime(WRITTEN[order][way]), 1, "") == moment


@given(st.text(max_size=40))
def test_any_text_is_a_stamp_a_blank_or_a_fault(text: str) -> None:
    stamps = Stamps("any.csv")
    found = stamps.read(text, 1, "")
    assert found is None or found.replace(tzinfo=UTC).year >= 1


@given(st.lists(MOMENTS, min_size=1, max_size=20), st.sampled_from([MDY, DMY]))
def test_a_file_is_never_read_in_a_wrong_order(moments: list[datetime], order: DateOrder) -> None:
    texts = [each.strftime(WRITTEN[order][0]) for each in moments]
    try:
        found, known_by = settled(*texts)
    except AmbiguousDateError:
        assert all(each.day <= 12 for each in moments)
    else:
        assert found is order or known_by is OrderKnownBy.THE_SAME


@given(
    day=st.dates(min_value=datetime(2000, 1, 1, tzinfo=UTC).date(),
                 max_value=datetime(2099, 12, 31, tzinfo=UTC).date()),
    form=st.sampled_from(
        ["%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%B %d %Y", "%d/%b/%Y", "%d. %B %Y", "%d-%b-%Y"]
    ),
)  # fmt: skip
def test_a_named_month_needs_no_order(day: date, form: str) -> None:
    stamp = parse_stamp(f"{day.strftime(form)} 13:02:10")
    assert stamp is not None
    assert {stamp.at(each) for each in DateOrder} == {
        local(day.year, day.month, day.day, 13, 2, 10)
    }


@pytest.mark.parametrize("text", ["Oct 22, 16:00", "22 Oct 16:00", "22-Oct", "22-Okt-2", "9 May 1"])
def test_a_time_behind_a_month_is_no_year(text: str) -> None:
    assert parse_stamp(text) is None


@pytest.mark.parametrize(
    ("texts", "order", "known_by"),
    [
        (["05.11.2020 13:00", "06.11.2020 13:00"], DMY, OrderKnownBy.DOTS),
        (["05.11.2020 13:00", "05.13.2020 13:00"], MDY, OrderKnownBy.A_VALUE_OVER_12),
    ],
)
def test_dots_tell_the_order_where_no_value_does(
    texts: list[str], order: DateOrder, known_by: OrderKnownBy
) -> None:
    stamps = Stamps("export")
    for line, each in enumerate(texts, 2):
        stamps.read(each, line)
    assert stamps.settled(None) == (order, known_by)


def test_what_is_ambiguous_may_have_its_year_first_where_all_of_it_can() -> None:
    stamps = Stamps("export")
    stamps.read("11/10/12 13:00", 2)
    with pytest.raises(AmbiguousDateError) as caught:
        stamps.settled(None)
    assert caught.value.orders == ("MDY", "DMY", "YMD")
    stamps.read("11/10/2012 13:00", 3)
    with pytest.raises(AmbiguousDateError) as caught:
        stamps.settled(None)
    assert caught.value.orders == ("MDY", "DMY")
