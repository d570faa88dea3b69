"""`issue` when something breaks in the middle of a run."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cecert import IssuingDesk, Office
from cecert.adapters.office_files import CourseReading, read_course

HEADER = "name,email,credentials,attended,visible,evaluation,attestation,fee_paid\n"
ROW = "Person {0},p{0}@example.org,ny-social-work,all,yes,2020-10-30,2020-10-30,yes\n"
FULL = """\
CREATE TRIGGER full BEFORE INSERT ON certificate
WHEN (SELECT count(*) FROM certificate) >= 6
BEGIN SELECT RAISE(FAIL, 'the disk is full'); END
"""


def test_a_run_that_breaks_says_what_stands_and_the_next_one_finishes(
    issued_office: Path,
    cecert: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cecert.workflows.issue.run.GROUP", 1)
    people = issued_office / "more.csv"
    people.write_text(HEADER + "".join(ROW.format(each) for each in "ABC"), "utf-8")
    with sqlite3.connect(issued_office / "ledger.db") as ledger:
        ledger.execute(FULL)
    status, out, err = cecert("issue", "course.toml", "more.csv")
    assert (status, out) == (1, "")
    assert "cecert: error: " in err
    assert "stopped after 1 certificates, which stand; run the command again to finish" in err
    with sqlite3.connect(issued_office / "ledger.db") as ledger:
        ledger.execute("DROP TRIGGER full")
    status, _, err = cecert("issue", "course.toml", "more.csv")
    assert (status, err.splitlines()[-1]) == (0, "cecert: 2 issued, 0 denied, 1 already issued")


def test_the_report_of_a_batch_stands_beside_its_list_for_its_owner_only(
    issued_office: Path, cecert: Callable[..., tuple[int, str, str]]
) -> None:
    status, out, err = cecert("issue", "course.toml", "completions.csv", "--json")
    page = issued_office / "completions.issue.html"
    assert (status, json.loads(out)["counts"]["already"]) == (0, 5)
    assert "cecert: report: completions.issue.html" in err.splitlines()
    assert page.stat().st_mode & 0o777 == 0o600
    text = page.read_text("utf-8")
    # Whoever holds a certificate, and whoever does not with the reason (new_office's list).
    assert "5 of 7 people have their certificate" in text
    assert text.count("Margaret Adeyemi") == 1
    assert "you attended 1 of 2 sessions in full" in text
    assert "We have not received your course evaluation." in text


def test_the_report_shows_the_people_of_its_list_and_what_they_got_before(
    issued_office: Path, cecert: Callable[..., tuple[int, str, str]]
) -> None:
    more = issued_office / "more.csv"
    more.write_text(HEADER + ROW.format("A"), "utf-8")
    cecert("issue", "course.toml", "more.csv")
    more.write_text(HEADER + ROW.format("A") + ROW.format("B"), "utf-8")
    status, _, _ = cecert("issue", "course.toml", "more.csv")
    text = (issued_office / "more.issue.html").read_text("utf-8")
    assert status == 0
    assert "All 2 people have their certificate" in text
    assert "Margaret Adeyemi" not in text  # who stands on another list


def test_a_report_that_cannot_be_written_is_a_warning_and_issue_has_done_its_work(
    issued_office: Path, cecert: Callable[..., tuple[int, str, str]]
) -> None:
    (issued_office / "more.csv").write_text(HEADER + ROW.format("A"), "utf-8")
    (issued_office / "more.issue.html").mkdir()  # as a read-only folder would, for root too
    status, _, err = cecert("issue", "course.toml", "more.csv")
    assert status == 0
    assert "warning: there is no report of this batch: more.issue.html cannot be written" in err
    assert err.splitlines()[-1] == "cecert: 1 issued, 0 denied, 0 already issued"
    assert not list(issued_office.glob(".new-*"))


def test_control_c_says_how_to_finish(issued_office: Path) -> None:
    people = issued_office / "more.csv"
    names = [f"{a}{b}" for a in "ABCDEFGH" for b in "abcdefghijklmnopqrstuvwxyz"]
    people.write_text(HEADER + "".join(ROW.format(each) for each in names), "utf-8")
    command = [sys.executable, "-m", "cecert", "issue", "course.toml", "more.csv"]
    run = subprocess.Popen(command, cwd=issued_office, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    while "more findings" not in run.stderr.readline():
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    told = run.communicate()[1]
    assert (run.returncode, told) == (130, "cecert: interrupted; run the command again to finish\n")


@pytest.mark.parametrize(
    "words",
    [
        ["issue", "course.toml", "completions.csv"],
        ["issue", "course.toml", "completions.csv", "--skip-bad-rows"],
        ["decide", "course.toml", "completions.csv"],
        ["lint", "course.toml"],
        ["preview", "course.toml", "--completions", "completions.csv"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("issued_office")
def test_a_course_is_read_once_and_handed_on(
    cecert: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    read: list[str] = []

    def counting(path: Path, *others: Any) -> CourseReading:  # noqa: ANN401  # as they came
        read.append(path.name)
        return read_course(path, *others)

    monkeypatch.setattr("cecert.adapters.office_files.course_file.read_course", counting)
    status, _, err = cecert(*words)
    assert status in {0, 1}, err
    assert read == ["course.toml"]


def test_bad_rows_are_skipped_and_the_good_ones_issued_with_one_desk(
    issued_office: Path,
    cecert: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = ROW.format("A").replace("Person A", "Person \N{SNOWMAN}")
    row = row.replace("pA@", "snow@")
    (issued_office / "more.csv").write_text(HEADER + row + ROW.format("B"), "utf-8")
    desks: list[Office] = []
    desk = Office.desk

    def counting(office: Office) -> IssuingDesk:
        desks.append(office)
        return desk(office)

    monkeypatch.setattr(Office, "desk", counting)
    status, out, err = cecert("issue", "course.toml", "more.csv", "--skip-bad-rows")
    assert status == 0
    assert "cecert: skipped: row 2, Person \N{SNOWMAN}: recipient name: " in err
    assert "1 issued, 0 denied, 0 already issued" in err
    assert "Person B" in out
    assert len(desks) == 1


@pytest.mark.slow
def test_two_workers_issue_what_one_does(
    issued_office: Path, cecert: Callable[..., tuple[int, str, str]]
) -> None:
    people = issued_office / "more.csv"
    people.write_text(HEADER + "".join(ROW.format(each) for each in "ABC"), "utf-8")
    status, out, err = cecert("issue", "course.toml", "more.csv", "--workers", "2", "--json")
    assert (status, json.loads(out)["counts"]["issued"]) == (0, 3), err
    assert cecert("audit")[0] == 0
