"""Every public sample against its expected answer, all of them, through the command.

The expected answers were written by another program (docs/spec/inputs.md 9).
The order of dates is given to the command where the expected answer names one, because
a single file need not prove it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from json_documents import faults_of
from shared_cases import cases

from cecert.cli import main

SAMPLES = Path(__file__).parents[2] / "../shared/samples"
EXPECTED = sorted(SAMPLES.glob("*/*.expected.json"))
PERSON = (
    "names",
    "emails",
    "roles",
    "total_present_seconds",
    "sum_of_segments_seconds",
    "overlap_seconds",
    "segments",
    "merged_intervals",
    "intervals",
    "first_join",
    "last_leave",
    "waiting_room_rows",
    "waiting_room_seconds",
    "open_since",
    "reported_minutes",
    "reported_total_minutes",
    "span_seconds",
    "main_session_minutes_sum",
    "breakout_minutes_sum",
)
UNORDERED = ("flags", "seen_in_snapshots")
RESPONSE = ("id", "email", "submitted", "finished", "score")
WHOLE = (
    "format",
    "encoding",
    "newline",
    "date_order",
    "time_zone_stated_in_file",
    "rows",
    "header_rows",
)
LISTS = ("same_name_suggestions", "shared_emails", "registrants")

pytestmark = pytest.mark.shared


def inspected(sample: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main(["inspect", str(sample), "--json", *options]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert faults_of("inspect", answer) == []
    return answer


def order_options(expected: dict[str, Any]) -> list[str]:
    order = expected["date_order"]
    return ["--date-order", order] if order in {"MDY", "DMY", "YMD"} else []


def person_figures(person: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    figures = {key: person.get(key) for key in PERSON if key in asked}
    return figures | {key: sorted(person[key]) for key in UNORDERED if key in asked}


def assert_same_people(people: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert sorted(each["key"] for each in people) == sorted(each["key"] for each in expected)
    found = {each["key"]: each for each in people}
    for asked in expected:
        assert person_figures(found[asked["key"]], asked) == person_figures(asked, asked)


def test_the_samples_are_there() -> None:
    assert len(EXPECTED) == 48  # docs/spec/inputs.md 9


@pytest.mark.parametrize(
    "path", cases(EXPECTED), ids=lambda path: path and path.name.removesuffix(".expected.json")
)
def test_a_sample_is_understood_as_expected(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = json.loads(path.read_text("utf-8"))
    sample = path.with_name(path.name.removesuffix(".expected.json"))
    found = inspected(sample, capsys, *order_options(expected))
    assert {key: found[key] for key in WHOLE if key in expected} == {
        key: expected[key] for key in WHOLE if key in expected
    }
    assert {key: found[key] for key in LISTS if key in expected} == {
        key: expected[key] for key in LISTS if key in expected
    }
    if "people" in expected:
        assert_same_people(found["people"], expected["people"])
    if "sessions" in expected:
        assert [each["date"] for each in found["sessions"]] == [
            each["date"] for each in expected["sessions"]
        ]
        for mine, asked in zip(found["sessions"], expected["sessions"], strict=True):
            assert_same_people(mine["people"], asked["people"])
    if "no_shows" in expected:
        assert found.get("no_shows", []) == expected["no_shows"]
    for mine, asked in zip(
        found["occurrences"] if "occurrences" in expected else (),
        expected.get("occurrences", ()),
        strict=True,
    ):
        assert {key: mine[key] for key in asked} == asked
    if "responses" in expected:
        assert [{key: each[key] for key in RESPONSE} for each in found["responses"]] == [
            {key: each[key] for key in RESPONSE} for each in expected["responses"]
        ]


def utc_samples() -> list[Path]:
    return [
        each
        for each in EXPECTED
        if json.loads(each.read_text("utf-8"))["time_zone_assumed_for_utc_fields"]
    ]


@pytest.mark.parametrize("path", cases(utc_samples()), ids=lambda path: path and path.name[:30])
def test_a_zone_makes_local_times_instants(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Two of them lie on either side of the change of 27 October 2024 in Israel.
    expected = json.loads(path.read_text("utf-8"))
    sample = path.with_name(path.name.removesuffix(".expected.json"))
    zone = expected["time_zone_assumed_for_utc_fields"]
    found = inspected(sample, capsys, "--timezone", zone, *order_options(expected))
    people = {each["key"]: each["first_join_utc"] for each in found["people"]}
    assert people == {each["key"]: each["first_join_utc"] for each in expected["people"]}
    assert_same_people(found["people"], expected["people"])


@pytest.mark.parametrize("path", cases(EXPECTED), ids=lambda path: path and path.name[:30])
def test_no_answer_to_a_question_is_in_the_output(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = json.loads(path.read_text("utf-8"))
    sample = path.with_name(path.name.removesuffix(".expected.json"))
    options = order_options(expected)
    shown = json.dumps(inspected(sample, capsys, *options), ensure_ascii=False)
    assert main(["inspect", str(sample), *options]) == 0
    shown += capsys.readouterr().out
    told = {str(each[key]) for each in expected.get("responses", ()) for key in RESPONSE}
    headers = " ".join(expected.get("columns", ()))
    for response in expected.get("responses", ()):
        for answer in response["values"]:
            if len(answer) > 5 and answer not in told and answer not in headers:
                assert answer not in shown.replace(sample.name, "")
