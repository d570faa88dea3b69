"""From what an office has after a seminar to certificates that hold what they rest on."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from seminar import PEOPLE, write_seminar

Cecert = Callable[..., tuple[int, str, str]]

COLLECT = (
    "collect", "course.toml", "--registrations", "registrations.csv", "--attendance", "oct22.csv",
    "--evaluation", "evaluation.csv", "--attestation", "attestation.csv",
    "--visibility", "visibility.csv", "--overrides", "overrides.toml", "-o", "collected.csv",
)  # fmt: skip
REPORTS = ("oct22.csv", "oct29.csv")
OCT29 = ("--attendance", "oct29.csv")


@pytest.fixture
def seminar(issued_office: Path) -> Path:
    write_seminar(issued_office)
    return issued_office


def test_the_certificate_keeps_what_collect_found_and_show_shows_it(
    seminar: Path, cecert: Cecert
) -> None:
    assert cecert(*COLLECT, *OCT29)[0] == 0
    status, out, err = cecert("issue", "course.toml", "collected.csv", "--json")
    assert status == 0
    answer = json.loads(out)
    issued = {each["name"]: each["id"] for each in answer["issued"]}
    # Whoever is in REVIEW, and whoever did not meet a session or owes something, got none.
    assert set(issued) == {each.name for each in PEOPLE if each.state == "MET" and not each.lacks}
    assert "cecert: report: collected.issue.html" in err
    # Who is in REVIEW is held for that reason alone, not told of attendance nobody denies.
    held = [line for line in err.splitlines() if line.startswith("cecert: in review: ")]
    assert len(held) == sum(each.state == "REVIEW" for each in PEOPLE)
    assert not any("full attendance" in line for line in held)
    assert "Magdalena Dworzak, ny-social-work: day-1: There is no other connection" in held[1]
    # Held is not refused: those in review are not among the denied, save in the JSON's counts.
    assert " 10 denied, " in err.splitlines()[-1]
    assert err.splitlines()[-1].endswith(f"; {len(held)} in review, held and not refused")
    assert (answer["counts"]["denied"], answer["counts"]["review"]) == (16, len(held))

    _, out, _ = cecert("show", issued["Sepideh Farahani"], "--json")
    shown = json.loads(out)
    assert shown["evidence"] == "collected"
    document = json.loads((seminar / "collected.evidence.json").read_bytes())
    rows = {each["participant"]: each for each in document["rows"]}
    kept = shown["evidence_record"]
    assert kept == rows["sepideh.farahani@example.org"]
    # The decision that made her late join MET is kept too: who, and why.
    assert [each["status"] for each in kept["sessions"]] == ["MET_BY_OVERRIDE", "MET"]
    why = "override by M. Example: phone line to the office from 13:00 to 13:12"
    assert why in kept["sessions"][0]["notes"]
    decided = kept["sessions"][0]["decisions"]
    assert [(each["kind"], each["by"], each["reference"]) for each in decided] == [
        ("decision", "M. Example", "ticket 17")
    ]
    assert decided[0]["at"] == "2020-11-02T15:15:00+00:00"
    _, out, _ = cecert("show", issued["Sepideh Farahani"])
    assert (
        "override:      day-1: decision by M. Example, 2020-11-02 15:15 UTC: phone line to the "
        "office from 13:00 to 13:12 (ticket 17)\n"
    ) in out
    _, out, _ = cecert("show", issued["Ana Ruiz-Calloway"])
    assert "override" not in out
    read = {it["sha256"] for each in kept["sessions"] for it in each["evidence"]}
    raw = {hashlib.sha256((seminar / name).read_bytes()).hexdigest() for name in REPORTS}
    assert read == raw


def test_the_batch_report_names_everybody_with_the_reason(seminar: Path, cecert: Cecert) -> None:
    assert cecert(*COLLECT, *OCT29)[0] == 0
    assert cecert("issue", "course.toml", "collected.csv")[0] == 0
    page = (seminar / "collected.issue.html").read_text("utf-8")
    names = [each.name.replace("'", "&#39;") for each in PEOPLE]
    assert [each for each in names if each not in page] == []
    # Who waits for a decision is not told of shortfalls that may yet vanish.
    said = page.partition("Viktor Halloran")[2].partition("Chidinma Eze")[0]
    assert "Your record is still being looked at" in said
    assert "We have no full attendance" not in said
    assert (seminar / "collected.issue.html").stat().st_mode & 0o777 == 0o600


def meet(seminar: Path) -> tuple[str, str]:
    rows = [("Name", "Email", "Duration", "Time joined", "Time exited")]
    rows += [
        (each.name, each.address, "200", "2020-10-29T16:57:00Z", "2020-10-29T20:17:00Z")
        for each in PEOPLE
    ]
    with (seminar / "meet.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return "--attendance", "meet.csv"


def part_of(page: str, section: str) -> str:
    """Return a section of a report, "" where it has none."""
    return page.partition(f'<section id="{section}"')[2].partition("</section>")[0]


def test_google_meet_proves_nothing_and_says_the_fix(seminar: Path, cecert: Cecert) -> None:
    # docs/spec/attendance.md 10.3: Meet without segments is not sufficient: NO_EVIDENCE with the
    # fix to make.
    status, out, err = cecert(*COLLECT, *meet(seminar), "--json")
    assert status == 0
    people = {each["name"]: each for each in json.loads(out)["participants"]}
    states = {each["sessions"]["day-2"] for each in people.values()}
    assert states == {"NO_EVIDENCE"}
    assert "note: meet.csv: Google Meet tells a person's first and last time" in err
    assert "cecert override segment" in err
    page = (seminar / "collected.report.html").read_text("utf-8")
    assert "that does not show whether you were there in between" in page

    # The report of issue says of them what that of collect says.
    assert cecert("issue", "course.toml", "collected.csv")[0] == 0
    issued = (seminar / "collected.issue.html").read_text("utf-8")
    unproven, unfound = (part_of(issued, each) for each in ("unproven", "unfound"))
    assert "that does not show whether you were there in between" in unproven
    assert "We find no connection of yours" not in unproven
    assert "that does not show whether you were there in between" not in unfound
    assert [part_of(page, each).count("<h3>") for each in ("unproven", "unfound")] == [
        each.count("<h3>") for each in (unproven, unfound)
    ]

    # The fix, for one person: the sign-in sheet.
    status, _, err = cecert(
        "override", "segment", "solveig.degrd@example.org", "day-2",
        "2020-10-29T12:58", "2020-10-29T16:15", "--by", "Mary", "--why", "signed in and out",
        "--overrides", "overrides.toml", "--evidence", "collected.evidence.json",
    )  # fmt: skip
    assert status == 0, err
    _, out, _ = cecert(*COLLECT, *meet(seminar), "--json")
    people = {each["name"]: each for each in json.loads(out)["participants"]}
    assert people["Solveig Ødegård"]["sessions"]["day-2"].startswith("MET")


def test_inspect_says_that_google_meet_is_no_evidence(seminar: Path, cecert: Cecert) -> None:
    _, name = meet(seminar)
    status, out, err = cecert("inspect", name, "--json")
    assert (status, json.loads(out)["usable_as_attendance"]) == (0, False)
    assert "through a mapping file of kind attendance" in err
