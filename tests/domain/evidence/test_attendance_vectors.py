"""The worked cases of the attendance rule (docs/spec/attendance.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from stays import stamped

from cecert.domain.course.course import AttendanceRule, Break, Session
from cecert.domain.evidence.attendance import AbsenceKind, Attendance, Stay, judge
from cecert.domain.values.intervals import Interval

VECTORS = Path(__file__).parents[3] / "../shared/samples/attendance_vectors.json"

pytestmark = pytest.mark.shared


@cache
def document() -> dict[str, Any]:
    return json.loads(VECTORS.read_text())  # type: ignore[no-any-return]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(document()["time_zone"]))


def utc(text: str) -> datetime:
    return local(text).astimezone(UTC)


def session() -> Session:
    plan = document()["session"]
    breaks = tuple(Break(local(start), local(end)) for start, end in plan["breaks"])
    return Session("day-1", local(plan["start"]), local(plan["end"]), breaks)


def stay(connection: dict[str, Any]) -> Stay:
    leave = connection.get("leave")
    made = stamped(
        utc(connection["join"]),
        utc(leave) if leave else None,
        resolution=connection.get("resolution", 1),
        sure=connection.get("link") != "possible",
    )
    return Stay(made.joined, made.left, made.sure, waiting=connection.get("waiting", False))


def judged(vector: dict[str, Any]) -> Attendance:
    declared = [each for each in vector["overrides"] if each["kind"] == "actual_window"]
    window = Interval(utc(declared[0]["start"]), utc(declared[0]["end"])) if declared else None
    rule = AttendanceRule(**document()["policy_seconds"])
    return judge(map(stay, vector["connections"]), session(), rule, window)


def absences(attendance: Attendance) -> list[list[object]]:
    zone = ZoneInfo(document()["time_zone"])
    return [
        [
            each.kind.value,
            f"{each.missed.start.astimezone(zone):%H:%M:%S}",
            f"{each.missed.end.astimezone(zone):%H:%M:%S}",
            each.seconds,
        ]
        for each in attendance.least.absences
        # The vectors list no absence where there was no presence at all.
        if each.kind is not AbsenceKind.WHOLE
    ]


@pytest.mark.parametrize("number", range(len(document()["vectors"]) if VECTORS.is_file() else 0))
def test_each_worked_case_comes_out_as_written(number: int) -> None:
    vector = document()["vectors"][number]
    expected, attendance = vector["expected"], judged(vector)
    assert attendance.least.counted.seconds == expected["present_seconds_min"]
    assert attendance.most.counted.seconds == expected["present_seconds_max"]
    assert attendance.required.seconds == expected["required_seconds"]
    assert absences(attendance) == expected["absences"]
    assert list(attendance.reasons) == expected["reasons"]
    if "BY_OVERRIDE" in expected["status"]:
        return  # the decision is tests/domain/evidence/test_overrides.py's
    assert attendance.status.value == expected["status"]
    assert list(attendance.notes) == expected["notes"]


def test_the_worked_cases_are_there() -> None:
    assert len(document()["vectors"]) == 18
