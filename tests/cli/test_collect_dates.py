"""Dates that spreadsheets and platforms leave in doubt: the plan tells, or a person is asked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from small_seminar import PEOPLE, REGISTRATIONS, report, write_reports

from cecert.office import create_office

Cecert = Callable[..., tuple[int, str, str]]
ANA, BEN, IDA = PEOPLE
BASE = (
    "collect", "course.toml", "--registrations", "reg.csv", "--attendance", "oct22.csv",
    "--attendance", "oct29.csv", "-o", "completions.csv",
)  # fmt: skip
HEADER = "Name (original name),Email,Join time,Leave time"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    create_office(folder)
    (folder / "completions.csv").unlink()
    write_reports(folder)
    (folder / "reg.csv").write_text(REGISTRATIONS, "utf-8")
    monkeypatch.chdir(folder)
    return folder


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        return {each["name"]: each for each in csv.DictReader(file)}


def written(*days: str) -> str:
    """Return a report of everybody, with the day written as each of *days* in turn."""
    each_day = [days[number % len(days)] for number, _ in enumerate(PEOPLE)]
    lines = [
        f'{name},{PEOPLE[name]},"{day} 12:57:10","{day} 16:16:20"'
        for name, day in zip(PEOPLE, each_day, strict=True)
    ]
    return "\n".join((HEADER, *lines, ""))


def move(office: Path, first: str, second: str) -> None:
    """Plan the two sessions on other days."""
    text = (office / "course.toml").read_text("utf-8")
    moved = text.replace("2020-10-22", first).replace("2020-10-29", second)
    (office / "course.toml").write_text(moved, "utf-8")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("20/10/22", "20/10/29"),
        ("22.10.20", "29.10.20"),
        ("22-Oct-20", "29-Oct-20"),
        ("Oct 22, 2020", "October 29, 2020"),
        ("22 October 2020", "29 Oct 2020"),
        ("22nd of October 2020", "29/Oct/2020"),
        ("22 de octubre de 2020", "29. Oktober 2020"),
    ],
)
def test_a_day_is_read_however_it_is_written(
    office: Path, cecert: Cecert, first: str, second: str
) -> None:
    (office / "oct22.csv").write_text(written(first), "utf-8")
    (office / "oct29.csv").write_text(written(second), "utf-8")
    status, _, err = cecert(*BASE)
    assert status == 0, err
    assert {each["attended"] for each in rows(office).values()} == {"day-1;day-2"}
    noted = "oct22.csv: dates read as year/month/day (YMD): only so they fall on planned days"
    assert (noted in err) == (first == "20/10/22")


def test_dots_mean_the_day_first_where_no_value_tells(office: Path, cecert: Cecert) -> None:
    move(office, "2020-11-05", "2020-11-12")
    (office / "oct22.csv").write_text(written("05.11.2020"), "utf-8")
    (office / "oct29.csv").write_text(written("12.11.2020"), "utf-8")
    assert cecert(*BASE)[0] == 0
    assert {each["attended"] for each in rows(office).values()} == {"day-1;day-2"}


@pytest.mark.parametrize(("first", "asked"), [("22/10/21", "YMD"), ("05.11.2020", "MDY")])
def test_a_proof_that_leads_away_from_every_planned_day_is_a_question(
    office: Path, cecert: Cecert, first: str, asked: str
) -> None:
    (office / "oct22.csv").write_text(written(first), "utf-8")
    status, _, err = cecert(*BASE)
    assert status == 2
    assert "oct22.csv: the order of dates is DMY by " in err
    assert "and so read they are of " in err
    assert f"(say --date-order {asked})" in err


def test_an_order_that_is_stated_and_cannot_be_is_told_with_those_that_can(
    office: Path, cecert: Cecert
) -> None:
    (office / "oct22.csv").write_text(written("20/10/22"), "utf-8")
    status, _, err = cecert(*BASE, "--date-order", "MDY")
    assert status == 2
    assert (
        "is no date in the order MDY (it may be another order of dates: --date-order DMY or " in err
    )
    (office / "oct29.csv").write_text(written("20/10/29"), "utf-8")
    assert cecert(*BASE, "--date-order", "YMD")[0] == 0


@pytest.mark.usefixtures("office")
def test_an_order_that_leaves_cells_unread_is_refused(cecert: Cecert) -> None:
    # Read with the year first no cell of it is a date: everybody would be absent.
    status, _, err = cecert(*BASE, "--date-order", "YMD")
    assert status == 2
    assert "oct22.csv: line 2: '10/22/2020 12:57:10 PM' is no date in the order YMD" in err


def test_days_and_months_that_a_spreadsheet_swapped_are_found_by_the_plan(
    office: Path, cecert: Cecert
) -> None:
    move(office, "2020-11-05", "2020-11-19")
    both = written("05/11/2020", "05/11/2020", "11/05/2020") + written("19/11/2020")[len(HEADER) :]
    (office / "oct22.csv").write_text(both.replace("\n\n", "\n"), "utf-8")
    (office / "oct29.csv").write_text(written("19/11/2020"), "utf-8")
    status, _, err = cecert(*BASE)
    assert status == 2
    assert (
        "oct22.csv: line 4: dated May 11, 2020, when nothing is planned; with day and month "
        "swapped it is November 5, 2020, a day of the course (did a spreadsheet swap them?"
    ) in err
    assert not (office / "completions.csv").exists()


def test_an_early_date_is_held_with_what_it_would_be_swapped(office: Path, cecert: Cecert) -> None:
    (office / "eval.csv").write_text(
        "email,evaluation\nana.ruiz@example.org,2020-02-11\nben@example.net,2020-10-30\n"
    )
    assert cecert(*BASE, "--evaluation", "eval.csv")[0] == 0
    asked = rows(office)[ANA]["review"]
    assert asked.startswith("evaluation: dated 2020-02-11")
    assert "the last session ended on 2020-10-29 at 16:15" in asked
    assert "; with day and month swapped it would be 2020-11-02" in asked


def test_a_list_of_two_digit_years_first_is_read_by_the_plan(office: Path, cecert: Cecert) -> None:
    (office / "eval.csv").write_text(
        "email,evaluation\nana.ruiz@example.org,20/10/30\nben@example.net,20/11/02\n"
    )
    status, _, err = cecert(*BASE, "--evaluation", "eval.csv")
    assert status == 0
    found = [each["evaluation"][:10] for each in rows(office).values()]
    assert found == ["2020-10-30", "2020-11-02", ""]
    assert "eval.csv: column evaluation: dates read as year/month/day (YMD)" in err


TIMES = "Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida\n" + "".join(
    f"{name},{address},12:57:10,16:16:20\n" for name, address in PEOPLE.items()
)


def test_times_without_dates_are_not_guessed_and_get_their_day(
    office: Path, cecert: Cecert
) -> None:
    (office / "oct22.csv").write_text(TIMES, "utf-8")
    status, _, err = cecert(*BASE)
    assert status == 2
    assert "say of which day the file is: --date oct22.csv=2020-10-22 or --date oct22.csv=" in err
    assert cecert(*BASE, "--date", "oct22.csv=2020-10-22")[0] == 0
    assert {each["attended"] for each in rows(office).values()} == {"day-1;day-2"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("oct22.csv", "--date oct22.csv is no file and day"),
        ("oct22.csv=22/10/2020", "--date oct22.csv=22/10/2020 is no file and day"),
        ("=2020-10-22", "--date =2020-10-22 is no file and day"),
        ("nov5.csv=2020-10-22", "--date nov5.csv=... is for a file that is not collected"),
        ("oct29.csv=2020-10-29", "oct29.csv: '2020-10-29' has dates of its own, and --date gives"),
    ],
)
def test_a_day_that_is_for_no_file_of_times_is_refused(
    office: Path, cecert: Cecert, given: str, said: str
) -> None:
    status, _, err = cecert(*BASE, "--date", given)
    assert (status, said in err) == (2, True), err
    assert not (office / "completions.csv").exists()


def test_reports_in_the_order_of_the_months_are_read_as_before(
    office: Path, cecert: Cecert
) -> None:
    (office / "oct22.csv").write_text(report("10/22/2020", ANA, BEN), "utf-8")
    assert cecert(*BASE)[0] == 0
    assert [each["attended"] for each in rows(office).values()] == [
        "day-1;day-2", "day-1;day-2", "day-2",
    ]  # fmt: skip
