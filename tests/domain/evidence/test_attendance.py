"""The attendance rule: limits inclusive, and what holds whatever the connections (section 7)."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stays import stamped

from cecert.domain.course.course import AttendanceRule
from cecert.domain.course.session import Break, Session
from cecert.domain.evidence import attendance
from cecert.domain.evidence.attendance import (
    GAPS_NOTE,
    AbsenceKind,
    Attendance,
    AttendanceStatus,
    Stay,
    judge,
    required_time,
)
from cecert.domain.values.intervals import Interval, Span

ZONE = ZoneInfo("America/New_York")
# Session and limits are those of docs/spec/inputs.md 0.
RULE = AttendanceRule(600, 300, 300, 900, 60, 300)


def at(clock: str) -> datetime:
    hour, minute, second = (int(part) for part in clock.split(":"))
    return datetime(2020, 10, 22, hour, minute, second, tzinfo=ZONE).astimezone(UTC)


def planned() -> Session:
    def local(clock: str) -> datetime:
        return at(clock).astimezone(ZONE)

    pause = Break(local("14:30:00"), local("14:45:00"))
    return Session("day-1", local("13:00:00"), local("16:15:00"), (pause,))


def stays(*clocks: tuple[str, str]) -> list[Stay]:
    return [stamped(at(join), at(leave)) for join, leave in clocks]


def judged(*clocks: tuple[str, str]) -> Attendance:
    return judge(stays(*clocks), planned(), RULE)


BEFORE, AFTER = "12:55:00", "16:20:00"


@pytest.mark.parametrize(
    ("clocks", "status", "reasons"),
    [
        # late_join is 600: the limit itself is allowed, a second more is not
        ([("13:10:00", AFTER)], AttendanceStatus.MET, ()),
        (
            [("13:10:01", AFTER)],
            AttendanceStatus.NOT_MET,
            ("late 10 min 1 s over limit 10 min 0 s",),
        ),
        # early_leave is 300
        ([(BEFORE, "16:10:00")], AttendanceStatus.MET, ()),
        (
            [(BEFORE, "16:09:59")],
            AttendanceStatus.NOT_MET,
            ("early 5 min 1 s over limit 5 min 0 s",),
        ),
        # gap_each is 300
        ([(BEFORE, "15:00:00"), ("15:05:00", AFTER)], AttendanceStatus.MET, ()),
        (
            [(BEFORE, "15:00:00"), ("15:05:01", AFTER)],
            AttendanceStatus.NOT_MET,
            ("gap 5 min 1 s over limit 5 min 0 s",),
        ),
        # absent_total is 900: late 600 and early 300 make 900; a gap of 61 s more makes 961
        ([("13:10:00", "16:10:00")], AttendanceStatus.MET, ()),
        (
            [("13:10:00", "15:00:00"), ("15:01:01", "16:10:00")],
            AttendanceStatus.NOT_MET,
            ("absent 16 min 1 s in all over limit 15 min 0 s",),
        ),
        # jitter is 60: a gap of 60 s is a reconnect and stays out of the total
        ([("13:10:00", "15:00:00"), ("15:01:00", "16:10:00")], AttendanceStatus.MET, ()),
    ],
)
def test_limits_are_inclusive(
    clocks: list[tuple[str, str]], status: AttendanceStatus, reasons: tuple[str, ...]
) -> None:
    attendance = judged(*clocks)
    assert (attendance.status, attendance.reasons) == (status, reasons)


def reconnecting(times: int, seconds: int, joined: str = BEFORE) -> list[Stay]:
    """Leave on every second minute after 15:00 for some seconds, *times* over."""
    edges = [at(joined)]
    for each in range(times):
        left = at("15:00:00") + timedelta(minutes=2 * each)
        edges += [left, left + timedelta(seconds=seconds)]
    edges.append(at(AFTER))
    return [stamped(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]


def test_jitter_enters_the_total_only_when_its_sum_is_over_its_own_limit() -> None:
    # five of 60 s are 300 s, which jitter_total allows; late 600 s and they stay under 900 s
    assert judge(reconnecting(5, 60, "13:10:00"), planned(), RULE).status is AttendanceStatus.MET
    # six are 360 s: with late 600 s the total is 960 s
    over = judge(reconnecting(6, 60, "13:10:00"), planned(), RULE)
    assert over.reasons == ("absent 16 min 0 s in all over limit 15 min 0 s",)
    # six alone enter the total and are under it
    assert judge(reconnecting(6, 60), planned(), RULE).status is AttendanceStatus.MET


def test_an_absence_through_the_whole_break_is_one_and_the_break_does_not_count() -> None:
    attendance = judged((BEFORE, "14:07:00"), ("15:00:00", AFTER))
    (absence,) = attendance.least.absences
    assert (absence.kind, absence.seconds) == (AbsenceKind.GAP, 38 * 60)
    assert (absence.away.start, absence.away.end) == (at("14:07:00"), at("15:00:00"))
    assert attendance.reasons == (
        "gap 38 min 0 s over limit 5 min 0 s",
        "absent 38 min 0 s in all over limit 15 min 0 s",
    )


def test_who_looked_in_during_the_break_was_away_twice() -> None:
    attendance = judged((BEFORE, "14:26:00"), ("14:35:00", "14:36:00"), ("14:49:00", AFTER))
    assert [each.seconds for each in attendance.least.absences] == [240, 240]
    assert attendance.status is AttendanceStatus.MET


def test_late_through_the_break_is_late_once() -> None:
    (absence,) = judged(("14:50:00", AFTER)).least.absences
    assert (absence.kind, absence.seconds) == (AbsenceKind.LATE, 95 * 60)


def test_who_comes_in_the_break_and_goes_in_the_break_was_never_there() -> None:
    attendance = judged(("14:31:00", "14:44:00"))
    (absence,) = attendance.least.absences
    assert absence.kind is AbsenceKind.WHOLE
    assert attendance.status is AttendanceStatus.NOT_MET


def test_the_waiting_room_is_no_evidence_of_presence() -> None:
    waited = Stay((at(BEFORE),) * 2, (at(AFTER),) * 2, waiting=True)
    attendance = judge([waited], planned(), RULE)
    assert attendance.status is AttendanceStatus.NO_EVIDENCE
    assert attendance.notes == ("waiting room time not counted",)


@pytest.mark.parametrize(
    ("join", "status"),
    [
        ("13:09:00", AttendanceStatus.MET),
        ("13:10:00", AttendanceStatus.REVIEW),
        ("13:11:00", AttendanceStatus.NOT_MET),
    ],
    ids=["in any case in time", "the limit lies within the minute", "in any case late"],
)
def test_a_stamp_to_the_minute_is_reviewed_only_where_the_limit_lies_within_it(
    join: str, status: AttendanceStatus
) -> None:
    stay = stamped(at(join), at(AFTER), resolution=60)
    assert judge([stay], planned(), RULE).status is status


def test_a_connection_shorter_than_its_stamps_resolve_is_certain_for_no_second() -> None:
    stay = stamped(at("13:00:00"), at("13:00:00"), resolution=60)
    attendance = judge([stay], planned(), RULE)
    assert (attendance.least.counted.seconds, attendance.most.counted.seconds) == (0, 59)


def test_an_hour_that_the_clock_repeats_is_judged_both_ways() -> None:
    hour = timedelta(hours=1)
    stay = Stay((at("13:00:00"), at("13:00:00") + hour), (at(AFTER),) * 2)
    assert judge([stay], planned(), RULE).status is AttendanceStatus.REVIEW


def test_a_possible_connection_that_would_not_help_leaves_not_met() -> None:
    certain = stays((BEFORE, "15:00:00"))
    possible = stamped(at("15:00:00"), at("15:30:00"), sure=False)
    assert judge([*certain, possible], planned(), RULE).status is AttendanceStatus.NOT_MET


def test_no_leave_never_counts_beyond_the_session() -> None:
    stay = stamped(at("13:05:00"), None)
    attendance = judge([stay], planned(), RULE)
    assert attendance.most.presence.end == at("16:15:00")


def test_a_declared_window_shortens_what_is_required() -> None:
    window = Interval(at("13:05:00"), at("14:40:00"))
    assert required_time(planned(), window) == Span.between(at("13:05:00"), at("14:30:00"))


def test_a_window_outside_the_session_is_refused() -> None:
    with pytest.raises(ValueError, match="no required time"):
        judge([], planned(), RULE, Interval(at("17:00:00"), at("18:00:00")))


def test_a_stay_that_ends_before_it_starts_or_has_no_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="before it joined"):
        stamped(at("14:00:00"), at("13:00:00"))
    with pytest.raises(ValueError, match="not in UTC"):
        stamped(datetime(2020, 10, 22, 13, tzinfo=ZONE), None)


def test_a_session_across_a_clock_change_is_measured_in_time_passed() -> None:
    # New York left daylight saving on 1 Nov 2020 at 02:00: this session lasts 3 hours.
    start, end = (datetime(2020, 11, 1, hour, 30, tzinfo=ZONE) for hour in (0, 2))
    session = Session("night", start, end)
    whole = stamped(start.astimezone(UTC), end.astimezone(UTC))
    attendance = judge([whole], session, RULE)
    assert (attendance.required.seconds, attendance.status) == (3 * 3600, AttendanceStatus.MET)


# What holds whatever the connections.

OPENING = at("12:30:00")
moments = st.integers(0, 4 * 3600).map(lambda seconds: OPENING + timedelta(seconds=seconds))


@st.composite
def stays_(draw: st.DrawFn) -> Stay:
    join = draw(moments)
    leave = draw(st.none() | st.integers(0, 7200).map(lambda length: join + timedelta(0, length)))
    resolution = draw(st.sampled_from([1, 1, 60]))
    return stamped(join, leave, resolution=resolution, sure=draw(st.booleans()))


many = st.lists(stays_(), max_size=8)


@given(many, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_is_irrelevant(given_: list[Stay], chance: object) -> None:
    shuffled = list(given_)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(shuffled, planned(), RULE) == judge(given_, planned(), RULE)


@given(many)
def test_bounds_lie_between_nothing_and_all_that_is_required(given_: list[Stay]) -> None:
    attendance = judge(given_, planned(), RULE)
    least, most = attendance.least.counted, attendance.most.counted
    assert 0 <= least.seconds <= most.seconds <= attendance.required.seconds
    assert least & most == least


@given(many)
def test_absences_and_presence_make_up_all_that_is_required(given_: list[Stay]) -> None:
    attendance = judge(given_, planned(), RULE)
    for bound in (attendance.least, attendance.most):
        missed = sum(each.seconds for each in bound.absences)
        assert missed + bound.counted.seconds == attendance.required.seconds


@given(many, stays_())
def test_adding_a_sure_connection_never_lowers_presence(given_: list[Stay], more: Stay) -> None:
    added = Stay(more.joined, more.left, sure=True)
    before = judge(given_, planned(), RULE)
    after = judge([*given_, added], planned(), RULE)
    assert before.least.counted & after.least.counted == before.least.counted
    assert before.most.counted & after.most.counted == before.most.counted


@given(many, st.integers(1, 7199))
def test_splitting_a_connection_at_a_point_changes_no_figure(given_: list[Stay], cut: int) -> None:
    split: list[Stay] = []
    for each in given_:
        at_ = each.joined[0] + timedelta(seconds=cut)
        exact = each.left and each.joined[0] == each.joined[1] and at_ < each.left[0]
        split += (
            [Stay(each.joined, (at_, at_), each.sure), Stay((at_, at_), each.left, each.sure)]
            if exact
            else [each]
        )
    before, after = judge(given_, planned(), RULE), judge(split, planned(), RULE)
    assert (before.least, before.most, before.status) == (after.least, after.most, after.status)


@given(many, st.integers(-400, 400))
def test_shifting_everything_changes_no_figure(given_: list[Stay], days: int) -> None:
    # by whole days of UTC, so that the plan's own clock changes stay out of it
    by = timedelta(days=days)

    def moved(instant: datetime) -> datetime:
        return instant.astimezone(UTC) + by

    plan = planned()
    shifted_plan = Session(
        plan.id,
        moved(plan.start),
        moved(plan.end),
        tuple(Break(moved(each.start), moved(each.end)) for each in plan.breaks),
    )
    shifted = [
        Stay(
            (each.joined[0] + by, each.joined[1] + by),
            each.left and (each.left[0] + by, each.left[1] + by),
            each.sure,
        )
        for each in given_
    ]
    before, after = judge(given_, plan, RULE), judge(shifted, shifted_plan, RULE)
    assert before.status is after.status
    assert before.reasons == after.reasons
    assert before.least.counted.shifted(by) == after.least.counted


@given(many)
def test_met_needs_no_doubtful_connection_and_not_met_survives_them_all(
    given_: list[Stay],
) -> None:
    attendance = judge(given_, planned(), RULE)
    if attendance.status is AttendanceStatus.MET:
        sure = [each for each in given_ if each.sure]
        assert judge(sure, planned(), RULE).status is AttendanceStatus.MET
    if attendance.status is AttendanceStatus.NOT_MET:
        believed = [Stay(each.joined, each.left, sure=True) for each in given_]
        assert judge(believed, planned(), RULE).status in {
            AttendanceStatus.NOT_MET,
            AttendanceStatus.REVIEW,
        }


def test_first_and_last_time_without_gaps_between_prove_nothing() -> None:
    # docs/spec/attendance.md 10.3: Google Meet without segments is not sufficient, NO_EVIDENCE
    (envelope,) = stays((BEFORE, AFTER))
    envelope = replace(envelope, gaps_shown=False)
    alone = judge([envelope], planned(), RULE)
    assert (alone.status, alone.most.counted) == (AttendanceStatus.NO_EVIDENCE, Span())
    assert alone.notes == (GAPS_NOTE,)
    # Beside connections it changes nothing: it neither fills a gap nor makes one.
    beside = judge([envelope, *stays((BEFORE, "15:00:00"))], planned(), RULE)
    assert beside.least == beside.most == judged((BEFORE, "15:00:00")).least


def test_what_is_possible_and_certain_is_kept_of_so_many_and_the_same_when_it_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attendance, "KEPT", 3)
    monkeypatch.setattr(attendance, "_LATELY", deque())
    everybody = [judged(("13:00:00", f"16:0{minute}:00")) for minute in range(8)]
    everybody.append(judge([Stay((at(AFTER),) * 2, None)], planned(), RULE))
    of_before = judged(("13:00:00", "16:00:00"))
    for each in (*everybody, everybody[0]):
        assert judge(each.stays, each.session, each.rule) == each
        assert (each.least.meets, each.most.meets) == (
            each.status is AttendanceStatus.MET,
            each.status in {AttendanceStatus.MET, AttendanceStatus.REVIEW},
        )
        assert sum(it._made is not None for it in everybody) <= 3
    assert (everybody[0].least, everybody[0].most) == (of_before.least, of_before.most)
