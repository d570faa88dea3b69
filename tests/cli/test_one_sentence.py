"""What is found of a person is said in one sentence, wherever it is said."""

from __future__ import annotations

import csv
import html
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_seminar import PEOPLE, REGISTRATIONS, report

from cecert.office import create_office

Cecert = Callable[..., tuple[int, str, str]]
ANA, BEN, IDA = PEOPLE


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cecert: Cecert) -> Path:
    """Return a course: Ana came late, Ben may be a guest without an address, Ida is nowhere."""
    office = tmp_path / "office"
    create_office(office)
    monkeypatch.chdir(office)
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "correct horse battery")
    assert cecert("keys", "init")[0] == 0
    assert cecert("new", "two", "--like", "course.toml")[0] == 0
    folder = office / "courses" / "two"
    late = report("10/29/2020", ANA).replace("12:57:10", "1:22:00")
    guests = f"{report('10/29/2020', BEN)}{report('10/29/2020', BEN).splitlines()[1]}\n"
    guests = guests.replace(PEOPLE[BEN], "").replace("Ben Cho", "O'Neil's iPad", 2)
    guests = guests.replace("O'Neil's iPad", "Ben Cho", 1).partition("\n")[2]
    (folder / "files" / "a.csv").write_text(REGISTRATIONS, "utf-8")
    (folder / "files" / "b.csv").write_text(report("10/22/2020"), "utf-8")
    (folder / "files" / "c.csv").write_text(late + guests, "utf-8")
    survey = ["Timestamp,Email Address,How was it?,Attestation"]
    survey += [f'10/29/2020 14:10:00,{each},good,"Yes"' for each in PEOPLE.values()]
    (folder / "files" / "d.csv").write_text("\n".join(survey) + "\n", "utf-8")
    return folder


def words(page: Path) -> str:
    """Return what a page says, without its marks and on one line."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page.read_text("utf-8"))).split())


def places(folder: Path, cecert: Cecert) -> Iterator[tuple[str, str]]:
    """Say everything everywhere, and return where and what."""
    status, out, err = cecert("collect", "two")
    assert status == 0
    yield "collect, the table", out
    yield "collect, the questions", err
    yield "the completion list", (folder / "completions.csv").read_text("utf-8-sig")
    yield "the report", words(folder / "completions.report.html")
    yield "decide", cecert("decide", "two")[1]
    document = json.loads(cecert("decide", "two", "--json")[1])
    told = [it["sentence"] for each in document["decisions"] for it in each["shortfalls"]]
    yield "decide --json", " ".join(told)
    status, _, err = cecert("issue", "two")
    assert status == 0, err
    yield "issue", err
    yield "the report of issue", words(folder / "completions.issue.html")


LATE = (
    "On October 29 you came at 1:22 p.m., 22 minutes after the start. The course allows "
    "10 minutes, and it gives no partial credit."
)
NOWHERE = "We find no connection of yours on October 29. If you were there under another name"
OPEN = (
    "There is no other connection on October 29.",
    "It fits by full name alone, which does not decide.",
)


def test_every_place_says_the_same_sentence(course: Path, cecert: Cecert) -> None:
    said = dict(places(course, cecert))
    for sentence in (LATE, NOWHERE, *OPEN):
        assert [each for each in said if sentence not in said[each]] == [], sentence


def test_nobody_in_review_is_told_of_a_shortfall_that_is_open(course: Path, cecert: Cecert) -> None:
    for place, said in places(course, cecert):
        assert "of 2 sessions in full" not in said, place
        # Their forms came before the end: they are looked at, and not missing.
        assert "We have not received" not in said, place


def test_only_whom_nothing_can_help_cannot_get_one(course: Path, cecert: Cecert) -> None:
    (course / "files" / "d.csv").write_text(
        (course / "files" / "d.csv").read_text("utf-8").replace("14:10", "17:10"), "utf-8"
    )
    counted = "1 needs your decision, 1 was not found in the reports, and 1 cannot get one"
    _, _, err = cecert("collect", "two")
    assert counted in err
    assert counted in words(course / "completions.report.html")
    _, out, err = cecert("decide", "two", "--json")
    assert json.loads(out)["counts"] == {"awards": 0, "denials": 3, "review": 1}
    assert "0 awards, 2 denials, 1 in review" in cecert("decide", "two")[2]
    assert cecert("issue", "two")[0] == 0
    page = words(course / "completions.issue.html")
    assert counted in page


def test_the_list_with_its_reasons_is_read_back_without_a_note(
    course: Path, cecert: Cecert
) -> None:
    assert cecert("collect", "two")[0] == 0
    with (course / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {each["name"]: each["why"] for each in csv.DictReader(file)}
    assert LATE in rows[ANA]
    assert "note:" not in cecert("decide", "two")[2]


def commands(folder: Path) -> list[list[str]]:
    """Return the commands that the report offers to copy."""
    page = (folder / "completions.report.html").read_text("utf-8")
    blocks = re.findall(r"<pre[^>]*>(.*?)</pre>", page, flags=re.DOTALL)
    return [shlex.split(line) for each in blocks for line in html.unescape(each).splitlines()]


def test_every_answer_of_the_report_and_the_terminal_is_a_command_that_runs(
    course: Path, cecert: Cecert
) -> None:
    _, _, err = cecert("collect", "two")
    told = [shlex.split(each.partition(": cecert ")[2]) for each in err.splitlines()]
    asked = [each for each in told if each[:1] == ["override"]]
    kinds = {"link", "unlink", "decision"}
    answers = [
        each[1:] for each in commands(course) if each[2] in kinds and "PARTICIPANT" not in each
    ]
    assert len(asked) >= 4
    assert asked == answers
    for each in asked:
        given = ["Mary" if it == "NAME" else "she called" if it == "REASON" else it for it in each]
        status, out, err = cecert(*given)
        assert (status, out.strip()) == (0, "courses/two/overrides.toml"), err


def test_a_connection_of_nobodys_is_given_to_somebody_with_a_command(
    course: Path, cecert: Cecert
) -> None:
    assert cecert("collect", "two")[0] == 0
    page = html.unescape((course / "completions.report.html").read_text("utf-8"))
    assert f'<option value="{PEOPLE[IDA]}">{IDA} ({PEOPLE[IDA]})</option>' in page
    command = next(each for each in commands(course) if each[-2:-1] == ["PARTICIPANT"])
    said = {"PARTICIPANT": PEOPLE[IDA], "NAME": "Mary", "REASON": "her tablet"}
    assert cecert(*(said.get(each, each) for each in command[1:]))[0] == 0
    assert cecert("collect", "two")[0] == 0
    with (course / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {each["name"]: each["attended"] for each in csv.DictReader(file)}[IDA] == (
            "day-1;day-2"
        )


def test_a_note_is_said_once_however_many_options_name_the_file(
    course: Path, cecert: Cecert
) -> None:
    survey = str(course / "files" / "d.csv")
    with Path(survey).open("a", encoding="utf-8") as file:
        file.write('10/29/2020 17:20:00,stranger@example.org,good,"Yes"\n')
    _, _, err = cecert(
        "collect", "two", "--evaluation", survey, "--attestation", survey, "--evaluation", survey,
    )  # fmt: skip
    notes = [each for each in err.splitlines() if "note:" in each]
    assert len(notes) == len(set(notes))
    (told,) = [each.partition("note: ")[2] for each in notes if "stranger" in each]
    assert told.startswith("evaluation and attestation: d.csv: line 5: stranger@example.org is")


def test_a_proposed_window_has_a_command_that_declares_it(course: Path, cecert: Cecert) -> None:
    early = report("10/29/2020").replace("4:16:20 PM", "4:02:00 PM")
    (course / "files" / "c.csv").write_text(early, "utf-8")
    _, _, err = cecert("collect", "two")
    (told,) = [each for each in err.splitlines() if "override actual-window" in each]
    given = shlex.split(told.partition("cecert override")[2])
    (offered,) = [each for each in commands(course) if each[2] == "actual-window"]
    assert offered[2:] == given
    said = {"NAME": "Mary", "REASON": "the host ended early"}
    assert cecert("override", *(said.get(each, each) for each in given))[0] == 0
    _, out, _ = cecert("override", "list", "--course", "two")
    assert "2020-10-29T13:00:00 to 2020-10-29T16:02:00" in out
    assert cecert("collect", "two")[0] == 0
    with (course / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {each["attended"] for each in csv.DictReader(file)} == {"day-1;day-2"}
