"""Cases from the field: rows that name two people, tables that spreadsheets made.

The cases stand in `../shared/field/evidence`, with what is right in words.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cecert.office import create_office

CASES = Path(__file__).parents[2] / "../shared/field/evidence"
pytestmark = pytest.mark.shared

Cecert = Callable[..., tuple[int, str, str]]
ORDER = (
    "--registrations", "reg.csv", "--attendance", "oct22.csv", "--attendance", "oct29.csv",
    "--evaluation", "eval.csv", "--attestation", "eval.csv", "--visibility", "visible.csv",
    "--timezone", "America/New_York", "--date-order", "MDY", "-o", "completions.csv",
)  # fmt: skip
EVERY = {"Maren Okafor": "MET", "Tobias Lindqvist": "MET", "Wanda Achterberg": "MET"}


@pytest.mark.parametrize(
    ("case", "right", "asked"),
    [
        (
            "02-teams-webinar-registration-email",
            EVERY,
            [],
        ),
        (
            "07b-zoom-report-host-email-first",
            EVERY | {"Tobias Lindqvist": "NOT_MET"},
            [],
        ),
        (
            "16-sep-line",
            EVERY,
            [],
        ),
        (
            "30-titles-pronouns-no-email",
            dict.fromkeys(EVERY, "REVIEW"),
            list(EVERY),
        ),
        (
            "31-joined-on-somebody-elses-account",
            EVERY | {"Maren Okafor": "REVIEW", "Tobias Lindqvist": "REVIEW"},
            ["Maren Okafor and Tobias Lindqvist"],
        ),
    ],
)
def test_a_row_is_read_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cecert: Cecert,
    case: str,
    right: dict[str, str],
    asked: list[str],
) -> None:
    create_office(tmp_path / "office")
    shutil.copytree(CASES / case, tmp_path / "office", dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / "office")
    Path("completions.csv").unlink()
    status, out, _ = cecert("collect", "course.toml", *ORDER, "--json")
    found = json.loads(out)
    assert (status, {each["name"]: each["status"] for each in found["participants"]}) == (0, right)
    assert len(found["questions"]) == len(asked)
    assert all(name in text for name, text in zip(asked, found["questions"], strict=True))


ATTENDED = (
    "--registrations", "reg.csv", "--attendance", "oct22.csv", "--attendance", "oct29.csv",
    "--evaluation", "eval.csv", "--visibility", "visible.csv", "-o", "completions.csv",
)  # fmt: skip


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Stand in a fresh office with the files of a case."""

    def stand(name: str) -> None:
        create_office(tmp_path / "office")
        monkeypatch.chdir(tmp_path / "office")
        Path("completions.csv").unlink()
        shutil.copytree(CASES / name, tmp_path / "office", dirs_exist_ok=True)

    return stand


def attendance(out: str) -> dict[str, str]:
    return {each["name"]: each["status"] for each in json.loads(out)["participants"]}


def test_two_digit_years_first_are_read_by_the_plan(
    case: Callable[[str], None], cecert: Cecert
) -> None:
    case("01-teams-japanese-year-first")
    status, out, err = cecert("collect", "course.toml", *ATTENDED, "--json")
    assert (status, attendance(out)) == (0, EVERY)
    assert "dates read as year/month/day (YMD)" in err
    status, _, err = cecert("collect", "course.toml", *ATTENDED, "--date-order", "MDY")
    assert (status, "order of dates: --date-order DMY or --date-order YMD" in err) == (2, True)


def test_times_without_dates_are_asked_about_and_read_with_their_days(
    case: Callable[[str], None], cecert: Cecert
) -> None:
    case("06-zoom-es-time-only-two-days")
    status, _, err = cecert("collect", "course.toml", *ATTENDED)
    assert (status, "--date oct22.csv=2020-10-22" in err) == (2, True)
    days = ("--date", "oct22.csv=2020-10-22", "--date", "oct29.csv=2020-10-29")
    status, out, _ = cecert("collect", "course.toml", *ATTENDED, *days, "--json")
    assert (status, attendance(out)) == (0, EVERY | {"Tobias Lindqvist": "NOT_MET"})


def test_zooms_own_registration_report_is_the_registrations(
    case: Callable[[str], None], cecert: Cecert
) -> None:
    case("10b-zoom-registration-report")
    status, out, err = cecert("collect", "course.toml", *ATTENDED, "--json")
    assert (status, attendance(out)) == (0, EVERY)
    assert "left out as cancelled or not admitted: Ingrid Salo" in err
    cecert("forms", "suggest", "reg.csv", "-o", "forms.toml")
    again = cecert("collect", "course.toml", *ATTENDED, "--json")
    assert (again[0], attendance(again[1])) == (0, EVERY)
    decided = json.loads(cecert("decide", "course.toml", "--json")[1])["decisions"]
    assert [each["credential"] for each in decided] == [
        "ny-social-work", "ma-social-work", "apa-psychology",
    ]  # fmt: skip


def test_a_survey_that_states_utc_is_dated_by_it(
    case: Callable[[str], None], cecert: Cecert
) -> None:
    case("15-qualtrics-utc-late-evening")
    order = (*ATTENDED, "--attestation", "att.csv", "--json")
    status, out, _ = cecert("collect", "course.toml", *order)
    assert (status, attendance(out)) == (0, EVERY)
    evidence = json.loads(Path("completions.evidence.json").read_bytes())
    assert [each["evaluation"] for each in evidence["rows"]] == [
        "2020-10-29T22:31:00-04:00", "", "2020-10-30T22:31:00-04:00",
    ]  # fmt: skip


def test_ids_that_lost_their_zeros_stop_the_run(
    case: Callable[[str], None], cecert: Cecert
) -> None:
    case("17-excel-lost-zeros")
    status, _, err = cecert("collect", "course.toml", *ATTENDED)
    assert (status, "417 is 00417" in err) == (2, True)


def test_a_licence_in_scientific_notation_is_a_bad_cell(
    case: Callable[[str], None], cecert: Cecert
) -> None:
    case("17c-licence-scientific")
    status, _, err = cecert("decide", "course.toml", "completions.csv")
    assert (status, "'MA LICSW 1.14E+05' is in scientific notation" in err) == (2, True)
