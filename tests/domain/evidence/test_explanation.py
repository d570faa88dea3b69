"""The explanation, and the sentences to read out (docs/spec/attendance.md 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from stays import stamped

from cecert.domain.course.course import AttendanceRule
from cecert.domain.course.session import Break, Session
from cecert.domain.evidence.attendance import AttendanceStatus, Stay, judge
from cecert.domain.evidence.explanation import evidence_lines, explain, say_why
from cecert.domain.evidence.overrides import Override, OverrideKind, Ruling

ZONE = ZoneInfo("America/New_York")
RULE = AttendanceRule(600, 300, 300, 900, 60, 300)


def local(clock: str) -> datetime:
    hour, minute, second = (int(part) for part in clock.split(":"))
    return datetime(2020, 10, 22, hour, minute, second, tzinfo=ZONE)


SESSION = Session(
    "day-1",
    local("13:00:00"),
    local("16:15:00"),
    (Break(local("14:30:00"), local("14:45:00")),),
)


def stay(join: str, leave: str | None, line: int = 7, *, sure: bool = True, name: str = "") -> Stay:
    left = None if leave is None else local(leave).astimezone(UTC)
    made = stamped(local(join).astimezone(UTC), left, sure=sure)
    return replace(made, file="oct22.csv", line=line, shown_name=name)


def ruling(*stays: Stay) -> Ruling:
    return Ruling(judge(stays, SESSION, RULE))


def test_a_gap_through_the_break_is_explained_to_the_second_with_its_lines() -> None:
    away = ruling(stay("12:58:00", "14:37:00"), stay("15:00:00", "16:15:30", 31))
    # the example of docs/spec/attendance.md 9
    assert explain(away) == (
        "Oct 22: present 2 h 45 min 0 s of 3 h 0 min 0 s required. Joined 12:58:00. "
        "Left 14:37:00, back 15:00:00: absent 15 min 0 s of required time (8 min 0 s fell into "
        "the break 14:30-14:45). Limit 5 min 0 s per gap: NOT MET. Evidence: oct22.csv lines 7, 31."
    )


@pytest.mark.parametrize(
    ("stays", "told"),
    [
        ([stay("12:58:00", "16:16:00")], "Joined 12:58:00. Left 16:16:00: MET."),
        (
            [stay("13:09:59", "16:16:00")],
            "Joined 13:09:59, 9 min 59 s late. Limit 10 min 0 s: MET.",
        ),
        (
            [stay("12:58:00", "16:06:10")],
            "Left 16:06:10: absent 8 min 50 s. Limit 5 min 0 s at the end: NOT MET.",
        ),
        (
            [
                stay("12:58:00", "13:41:00"), stay("13:41:38", "15:10:00"),
                stay("15:10:30", "16:16:00"),
            ],
            "2 reconnects of up to 38 s count as jitter, 1 min 8 s in all; limit 5 min 0 s: MET.",
        ),
        (
            [stay("12:58:00", "13:41:00"), stay("13:41:01", "16:16:00")],
            "1 reconnect of 1 s counts as jitter, 1 s in all; limit 5 min 0 s: MET.",
        ),
        ([stay("14:31:00", "14:40:00")], "never present in required time: NOT MET."),
        ([], "never present in required time: NO EVIDENCE."),
        (
            [stay("12:58:00", "16:16:00", sure=False, name="iPhone")],
            "no time is sure, 3 h 0 min 0 s if “iPhone” counts, of 3 h 0 min 0 s required. REVIEW.",
        ),
        (
            [stay("12:58:00", None)],
            "3 h 0 min 0 s at most, of 3 h 0 min 0 s required. Note: no leave time. REVIEW.",
        ),
        (
            [stay("13:12:00", "14:40:00"), stay("14:50:00", "16:02:00")],
            "Absent 30 min 0 s in all. Limit 15 min 0 s in all: NOT MET.",
        ),
    ],
)  # fmt: skip
def test_each_finding_has_its_sentence(stays: list[Stay], told: str) -> None:
    assert told in explain(ruling(*stays))


def test_a_decision_and_a_stale_one_are_told_with_who_and_why() -> None:
    decided = Override(
        OverrideKind.DECISION, by="registrar", at=datetime(2020, 11, 2, tzinfo=UTC),
        why="ticket 17", participant="x", session="day-1",
        status=AttendanceStatus.MET,
    )  # fmt: skip
    late = judge([stay("13:12:00", "16:16:00")], SESSION, RULE)
    told = explain(Ruling(late, decided))
    assert "Note: override by registrar: ticket 17. MET (override by registrar)." in told
    stale = Ruling(late, stale=(decided,))
    assert "stale, its evidence changed: override by registrar: ticket 17. REVIEW." in explain(
        stale
    )


@pytest.mark.parametrize(
    ("stays", "said"),
    [
        (
            [stay("12:58:00", "14:07:00"), stay("15:00:00", "16:16:00")],
            (
                "On October 22 you were away from 2:07 p.m. to 3:00 p.m. Leaving out the break, "
                "that is 38 minutes; the course allows 5 minutes at a time, and it gives no "
                "partial credit."
            ),
        ),
        (
            [stay("12:58:00", "15:00:00"), stay("15:06:00", "16:16:00")],
            (
                "On October 22 you were away from 3:00 p.m. to 3:06 p.m. That is 6 minutes; the "
                "course allows 5 minutes at a time, and it gives no partial credit."
            ),
        ),
        (
            [stay("12:58:00", "16:06:10")],
            (
                "On October 22 you left at 4:06 p.m., 8 minutes 50 seconds before the end. The "
                "course allows 5 minutes, and it gives no partial credit."
            ),
        ),
        (
            [stay("13:10:01", "16:16:00")],
            (
                "On October 22 you came at 1:10 p.m., 10 minutes 1 second after the start. The "
                "course allows 10 minutes, and it gives no partial credit."
            ),
        ),
        (
            [stay("14:50:00", "16:16:00")],
            (
                "On October 22 you came at 2:50 p.m. Leaving out the break, you missed 1 hour 35 "
                "minutes; the course allows 10 minutes, and it gives no partial credit."
            ),
        ),
        (
            [stay("12:58:00", "14:20:00")],
            (
                "On October 22 you left at 2:20 p.m. Leaving out the break, you missed 1 hour 40 "
                "minutes; the course allows 5 minutes, and it gives no partial credit."
            ),
        ),
        (
            [],
            (
                "We find no connection of yours on October 22. If you were there under another "
                "name or address, tell us which."
            ),
        ),
        (
            [stay("14:31:00", "14:40:00")],
            (
                "On October 22 we find you only outside the time that counts. The course asks "
                "for all of it, and it gives no partial credit."
            ),
        ),
        (
            [stay("13:09:00", "15:00:00"), stay("15:04:30", "16:12:00")],
            (
                "Your absences on October 22 add up to 16 minutes 30 seconds; the course allows 15 "
                "minutes in all, and it gives no partial credit."
            ),
        ),
    ],
)
def test_what_is_read_out_says_the_whole_reason_without_a_code(
    stays: list[Stay], said: str
) -> None:
    assert say_why(ruling(*stays)) == (said,)


def test_nothing_is_read_out_to_who_met_or_is_asked_about() -> None:
    assert say_why(ruling(stay("12:58:00", "16:16:00"))) == ()
    assert say_why(ruling(stay("12:58:00", None))) == ()


def test_a_denial_by_decision_is_read_out_as_one() -> None:
    decided = Override(
        OverrideKind.DECISION, by="registrar", at=datetime(2020, 11, 2, tzinfo=UTC),
        why="somebody else sat there", participant="x", session="day-1",
        status=AttendanceStatus.NOT_MET,
    )  # fmt: skip
    there = judge([stay("12:58:00", "16:16:00")], SESSION, RULE)
    assert say_why(Ruling(there, decided)) == (
        "The school has decided that October 22 does not count: somebody else sat there.",
    )


def test_evidence_is_named_once_by_file_and_line() -> None:
    other = replace(stay("13:00:00", "13:01:00"), file="phone.csv", line=2)
    stays = [stay("13:00:00", "13:01:00", 31), stay("13:00:00", "13:01:00"), other, other]
    assert evidence_lines(stays) == "oct22.csv lines 7, 31; phone.csv line 2"


def test_an_act_upon_the_evidence_is_told_with_who_and_why() -> None:
    window = Override(
        OverrideKind.ALIAS, by="registrar", at=datetime(2020, 11, 2, tzinfo=UTC),
        why="her practice's name.", participant="x", alias="Studio",
    )  # fmt: skip
    there = judge([stay("12:58:00", "16:16:00")], SESSION, RULE)
    assert "MET. Override by registrar: her practice's name. Evidence:" in explain(
        Ruling(there, acts=(window,))
    )


def test_a_report_that_shows_no_gaps_is_not_told_as_absence() -> None:
    # docs/spec/attendance.md 10.3: nobody may hear that they were not there because Meet cannot say
    seen = ruling(replace(stay("12:58:00", "16:16:00"), gaps_shown=False))
    assert explain(seen) == (
        "Oct 22: not provably present in required time: NO EVIDENCE. Note: first and last time "
        "alone prove no presence: their report shows no gaps. Evidence: oct22.csv line 7."
    )
    (told,) = say_why(seen)
    assert told == (
        "Of October 22 we have only when you first came and last left, and that does not show "
        "whether you were there in between. The school has to prove your attendance in another "
        "way."
    )
