"""Overrides: replayed, tied to their evidence, and stale when it changes.

Source: docs/spec/attendance.md 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruled import rule
from stays import stamped

from cecert.domain.course.course import AttendanceRule, Course
from cecert.domain.evidence.attendance import AttendanceStatus, Stay
from cecert.domain.evidence.matching import Attributions, Connection, Directory, attribute
from cecert.domain.evidence.overrides import (
    Override,
    OverrideKind,
    Ruling,
    in_force,
    undo_problem,
)
from cecert.domain.evidence.rulings import Gathering, sessions_of
from cecert.domain.values.intervals import Interval
from cecert.testing import sample_course

ANA, BEN = "ana@example.org", "ben@example.org"
DECIDED_AT = datetime(2020, 11, 2, 15, tzinfo=UTC)


def course() -> Course:
    return replace(sample_course(), attendance_rule=AttendanceRule(600, 300, 300, 900, 60, 300))


def at(clock: str, day: int = 22) -> datetime:
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(2020, 10, day, hour + 4, minute, tzinfo=UTC)  # EDT on both days


def row(
    join: str, leave: str, email: str = ANA, *, day: int = 22, name: str = "Ana", line: int = 2
) -> Connection:
    first, last = at(join, day), at(leave, day)
    stay = Stay((first, first), (last, last), file="zoom.csv", line=line, shown_name=name)
    return Connection(name, email, "", stay)


def attributed(*rows: Connection) -> Attributions:
    return attribute(rows, Directory(((ANA, "Ana Ruiz", ANA), (BEN, "Ben Okafor", BEN))))


def act(kind: OverrideKind, **about: object) -> Override:
    made: dict[str, Any] = {"by": "registrar", "at": DECIDED_AT, "why": "ticket 17"} | about
    return Override(kind, **made)


def decision(status: AttendanceStatus = AttendanceStatus.MET, **about: object) -> Override:
    return act(OverrideKind.DECISION, participant=ANA, session="day-1", status=status, **about)


def ruled(rows: Sequence[Connection], *overrides: Override, session: str = "day-1") -> Ruling:
    return rule(course(), attributed(*rows), overrides, [ANA, BEN])[ANA, session]


LATE = [row("13:12", "16:20")]


def inputs(rows: Sequence[Connection]) -> str:
    return Gathering(course(), attributed(*rows)).inputs(ANA, course().sessions[0])


def test_a_decision_stands_instead_of_the_rule_and_says_by_whom() -> None:
    # attendance_vectors.json 27: 12 min late, decided by the registrar
    ruling = ruled(LATE, decision(inputs=inputs(LATE)))
    assert (ruling.code, ruling.status) == ("MET_BY_OVERRIDE", AttendanceStatus.MET)
    assert ruling.label == "MET (override by registrar)"
    assert ruling.notes == ("override by registrar: ticket 17",)
    assert ruling.attendance.reasons == ("late 12 min 0 s over limit 10 min 0 s",)


def test_a_decision_on_one_session_leaves_the_other_alone() -> None:
    assert ruled(LATE, decision(), session="day-2").code == "NO_EVIDENCE"


def test_the_later_of_two_decisions_wins() -> None:
    assert ruled(LATE, decision(), decision(AttendanceStatus.NOT_MET)).code == "NOT_MET_BY_OVERRIDE"


@pytest.mark.parametrize(
    "changed",
    [[row("13:13", "16:20")], [*LATE, row("12:58", "13:05", line=3)], []],
    ids=["other times", "a further row", "the row is gone"],
)
def test_a_decision_whose_evidence_changed_reopens_review(changed: list[Connection]) -> None:
    ruling = ruled(changed, decision(inputs=inputs(LATE)))
    assert ruling.code == "REVIEW"
    assert ruling.notes[-1] == "stale, its evidence changed: override by registrar: ticket 17"


def test_a_stale_decision_is_settled_by_a_later_one_on_the_new_evidence() -> None:
    changed = [row("13:13", "16:20")]
    again = decision(inputs=inputs(changed), why="looked at again")
    ruling = ruled(changed, decision(inputs=inputs(LATE)), again)
    assert (ruling.code, ruling.decision) == ("MET_BY_OVERRIDE", again)


def test_an_earlier_act_does_not_settle_what_went_stale_after_it() -> None:
    changed = [row("13:13", "16:20")]
    first = decision(inputs=inputs(changed))
    assert ruled(changed, first, decision(inputs=inputs(LATE))).code == "REVIEW"


def test_the_rule_itself_is_part_of_what_a_decision_was_made_on() -> None:
    stricter = replace(course(), attendance_rule=AttendanceRule(60, 60, 60, 60, 60, 60))
    rulings = rule(stricter, attributed(*LATE), [decision(inputs=inputs(LATE))], [ANA])
    assert rulings[ANA, "day-1"].code == "REVIEW"


def test_a_decision_tied_to_nothing_never_goes_stale() -> None:
    assert ruled([], decision()).code == "MET_BY_OVERRIDE"


def test_a_link_makes_a_strangers_row_count() -> None:
    phone = row("13:00", "16:15", "", name="iPhone")
    made = act(OverrideKind.LINK, participant=ANA, connection="zoom.csv:2", inputs=phone.mark)
    ruling = ruled([phone], made)
    assert (ruling.code, ruling.label) == ("MET", "MET (override by registrar)")


def test_a_link_whose_row_changed_reopens_review_for_its_participant_alone() -> None:
    phone = row("13:00", "16:15", "", name="iPhone")
    made = act(OverrideKind.LINK, participant=ANA, connection="zoom.csv:2", inputs=phone.mark)
    changed = [row("13:01", "16:15", "", name="iPhone"), row("13:00", "16:15", BEN, line=3)]
    rulings = rule(course(), attributed(*changed), [made], [ANA, BEN])
    assert [rulings[each, "day-1"].code for each in (ANA, BEN)] == ["REVIEW", "MET"]


def test_an_unlink_takes_a_row_away() -> None:
    made = act(OverrideKind.UNLINK, participant=ANA, connection="zoom.csv:2")
    assert ruled([row("13:00", "16:15")], made).code == "NO_EVIDENCE"


def test_a_link_is_shown_in_the_session_of_its_row_only() -> None:
    rows = [row("13:00", "16:15"), row("13:00", "16:15", "", day=29, name="iPhone", line=9)]
    made = act(OverrideKind.LINK, participant=ANA, connection="zoom.csv:9")
    assert ruled(rows, made).label == "MET"
    assert ruled(rows, made, session="day-2").label == "MET (override by registrar)"


def test_a_segment_is_presence_by_other_proof() -> None:
    period = Interval(at("13:00"), at("13:12"))
    made = act(OverrideKind.SEGMENT, participant=ANA, session="day-1", period=period)
    assert ruled(LATE, made).label == "MET (override by registrar)"


def test_an_actual_window_shortens_the_session_for_everybody() -> None:
    # attendance_vectors.json 25: the host ended at 16:02 for everyone
    rows = [row("12:58", "16:02"), row("12:58", "16:02", BEN, line=3)]
    window = act(
        OverrideKind.ACTUAL_WINDOW, session="day-1", period=Interval(at("13:00"), at("16:02"))
    )
    rulings = rule(course(), attributed(*rows), [window], [ANA, BEN])
    assert [rulings[each, "day-1"].code for each in (ANA, BEN)] == ["MET", "MET"]
    assert rulings[ANA, "day-1"].attendance.required.seconds == 10020


def test_a_stale_window_reopens_review_for_everybody_in_the_session() -> None:
    rows = [row("12:58", "16:02")]
    made_on = Gathering(course(), attributed(*rows)).session_inputs(course().sessions[0])
    window = act(
        OverrideKind.ACTUAL_WINDOW, session="day-1", inputs=made_on,
        period=Interval(at("13:00"), at("16:02")),
    )  # fmt: skip
    more = [*rows, row("12:58", "16:15", BEN, line=3)]
    rulings = rule(course(), attributed(*more), [window], [ANA, BEN])
    assert {rulings[each, "day-1"].code for each in (ANA, BEN)} == {"REVIEW"}
    assert rulings[ANA, "day-2"].code == "NO_EVIDENCE"


def test_an_alias_is_shown_where_it_decided() -> None:
    alias = act(OverrideKind.ALIAS, participant=ANA, alias="Studio 5")
    directory = Directory(((ANA, "Ana Ruiz", ANA),), [alias])
    rows = [row("13:00", "16:15", "", name="Studio 5")]
    rulings = rule(course(), attribute(rows, directory), [alias], [ANA])
    assert rulings[ANA, "day-1"].label == "MET (override by registrar)"
    assert rulings[ANA, "day-2"].label == "NO EVIDENCE"


@pytest.mark.parametrize(
    ("kind", "about", "complaint"),
    [
        (OverrideKind.DECISION, {"why": " "}, "needs why"),
        (OverrideKind.DECISION, {"by": ""}, "needs by"),
        (OverrideKind.DECISION, {"participant": ""}, "needs participant"),
        (OverrideKind.DECISION, {"status": None}, "needs status"),
        (OverrideKind.DECISION, {"status": AttendanceStatus.NO_EVIDENCE}, "MET, NOT_MET or REVIEW"),
        (OverrideKind.LINK, {}, "needs connection"),
        (OverrideKind.ALIAS, {}, "needs alias"),
        (OverrideKind.SEGMENT, {}, "needs period"),
        (OverrideKind.DECISION, {"at": DECIDED_AT.replace(tzinfo=None)}, "offset"),
    ],
)
def test_an_override_that_says_too_little_is_refused(
    kind: OverrideKind, about: dict[str, Any], complaint: str
) -> None:
    whole = {"participant": ANA, "session": "day-1", "status": AttendanceStatus.MET}
    with pytest.raises(ValueError, match=complaint):
        act(kind, **(whole | about))


def test_a_course_without_a_rule_rules_on_nobody() -> None:
    with pytest.raises(ValueError, match="no attendance rule"):
        rule(sample_course(), (), (), [ANA])


@pytest.mark.parametrize(
    ("join", "leave", "day", "found"),
    [
        ("13:00", "16:15", 22, ["day-1"]),
        ("12:35", "12:55", 22, ["day-1"]),  # within 30 minutes before
        ("18:10", "18:20", 22, ["day-1"]),  # within 120 minutes after
        ("12:00", "12:29", 22, []),
        ("18:16", "18:20", 22, []),
        ("13:00", "16:15", 23, []),
    ],
)
def test_a_connection_belongs_to_the_session_it_overlaps_else_to_the_nearest(
    join: str, leave: str, day: int, found: list[str]
) -> None:
    sessions = course().sessions
    stay = row(join, leave, day=day).stay
    assert [each.id for each in sessions_of(stay, sessions)] == found


def test_one_connection_through_two_sessions_belongs_to_both() -> None:
    first = replace(course().sessions[0], breaks=())
    hour = timedelta(hours=1)
    second = replace(first, id="late", start=first.end + hour, end=first.end + 2 * hour)
    stay = row("13:00", "18:00").stay
    assert [each.id for each in sessions_of(stay, (first, second))] == ["day-1", "late"]


def test_a_connection_without_a_leave_belongs_to_the_session_it_was_joined_for() -> None:
    stay = stamped(at("12:58"), None)
    assert [each.id for each in sessions_of(stay, course().sessions)] == ["day-1"]
    assert sessions_of(stamped(at("12:00"), None), course().sessions) == ()


def undo(number: int) -> Override:
    return act(OverrideKind.UNDO, undoes=number)


def test_what_was_undone_is_not_replayed_and_an_undone_undo_undoes_nothing() -> None:
    one, two = decision(), decision(AttendanceStatus.NOT_MET)
    assert in_force((one, two, undo(2))) == (one,)
    assert in_force((one, two, undo(2), undo(3))) == (one, two)
    assert in_force((one, two, undo(2), undo(3), undo(4))) == (one,)


@given(st.lists(st.integers(0, 9), max_size=12))
def test_undoing_the_last_entry_gives_what_held_before_it(targets: list[int]) -> None:
    # Every list that the commands can make: an undo of what stands before it and holds.
    made: list[Override] = []
    for each in targets:
        further = undo(each) if each else decision(why=f"reason {len(made)}")
        if each and undo_problem(further, made):
            continue
        before = in_force(made)
        made.append(further)
        assert in_force([*made, undo(len(made))]) == before
        assert abs(len(in_force(made)) - len(before)) <= 1


def test_what_two_undos_took_back_holds_again_when_both_are_undone() -> None:
    one, two = decision(), decision(AttendanceStatus.NOT_MET)
    twice = (one, two, undo(1), undo(3), undo(1), undo(4))  # both of 3 and 5 stand now
    assert in_force(twice) == (two,)
    assert in_force((*twice, undo(5))) == (two,)
    assert in_force((*twice, undo(5), undo(3))) == (one, two)


def test_an_undo_is_of_one_entry_before_it_that_says_what_it_said() -> None:
    made = (decision(), decision(AttendanceStatus.NOT_MET))
    assert undo_problem(undo(3), made) == "undoes override 3, and 2 stand before it"
    right = act(OverrideKind.UNDO, undoes=2, inputs=made[1].mark)
    assert undo_problem(right, made) == ""
    assert "says something else now" in undo_problem(right, (made[0], decision()))
    assert "which override 3 has undone" in undo_problem(undo(2), (*made, undo(2)))
    for each in ({"undoes": 0}, {}):
        with pytest.raises(ValueError, match="needs undoes"):
            act(OverrideKind.UNDO, **each)
    with pytest.raises(ValueError, match="needs undoes"):
        decision(undoes=1)
