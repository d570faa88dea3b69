"""The worked cases of the attendance rule (docs/spec/attendance.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from shared_cases import cases
from stays import stamped

from cecert.domain.course.course import AttendanceRule
from cecert.domain.course.session import Break, Session
from cecert.domain.evidence.attendance import AbsenceKind, Attendance, AttendanceStatus, Stay, judge
from cecert.domain.values.intervals import Interval

OWN = json.loads((Path(__file__).parents[2] / "vectors/attendance.json").read_text("utf-8"))
"""Made by tests/vectors/make_attendance_vectors.py, which counts seconds."""

VECTORS = Path(__file__).parents[3] / "../shared/samples/attendance_vectors.json"
HERE = VECTORS.is_file()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("vector", OWN["vectors"], ids=lambda each: each["title"])
def test_each_case_comes_out_as_its_seconds_count(vector: dict[str, Any]) -> None:
    plan, zone, expected = vector["session"], ZoneInfo(OWN["time_zone"]), vector["expected"]
    start, end = (instant(plan[each]).replace(tzinfo=zone) for each in ("start", "end"))
    pause = [instant(each).replace(tzinfo=zone) for each in plan["break"] or ()]
    planned = Session("day-1", start, end, (Break(*pause),) if pause else ())
    stays = [own_stay(each) for each in vector["connections"]]
    window = Interval(*map(instant, vector["window"])) if vector["window"] else None
    found = judge(stays, planned, AttendanceRule(**OWN["rule"]), window)
    missed = [
        [each.kind.value, shown(each.missed.start), shown(each.missed.end), each.seconds]
        for each in found.least.absences
    ]
    assert {
        "status": found.status.value,
        "required": found.required.seconds,
        "least": found.least.counted.seconds,
        "most": found.most.counted.seconds,
        "absences": missed,
    } == expected


def own_stay(connection: dict[str, Any]) -> Stay:
    leave = connection["leave"]
    made = stamped(
        instant(connection["join"]).astimezone(UTC),
        instant(leave).astimezone(UTC) if leave else None,
        resolution=connection["resolution"],
        sure=connection["sure"],
    )
    return Stay(made.joined, made.left, made.sure, waiting=connection["waiting"])


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_the_cases_are_about_every_section_that_judges_time() -> None:
    assert {each["section"] for each in OWN["vectors"]} == {"1", "2", "4", "5", "6", "7"}
    assert {each["expected"]["status"] for each in OWN["vectors"]} == {
        each.value for each in AttendanceStatus
    }


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


@pytest.mark.shared
@pytest.mark.parametrize("number", cases(range(len(document()["vectors"])) if HERE else ()))
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


@pytest.mark.shared
def test_the_worked_cases_are_there() -> None:
    assert len(document()["vectors"]) == 18
