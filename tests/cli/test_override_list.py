"""`override list` and `override undo`: nothing that was decided is ever deleted."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small_seminar import PEOPLE, REGISTRATIONS, report

from cecert.office import create_office

Cecert = Callable[..., tuple[int, str, str]]
ANA, BEN, IDA = PEOPLE


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cecert: Cecert) -> Path:
    """Return the folder of a course in which Ana came late on the second day."""
    office = tmp_path / "office"
    create_office(office)
    monkeypatch.chdir(office)
    assert cecert("new", "two", "--like", "course.toml")[0] == 0
    folder = office / "courses" / "two"
    late = report("10/29/2020", ANA).replace("12:57:10", "2:30:10")
    others = report("10/29/2020", BEN, IDA).partition("\n")[2]
    for name, text in (("a.csv", REGISTRATIONS), ("b.csv", report("10/22/2020"))):
        (folder / "files" / name).write_text(text, "utf-8")
    (folder / "files" / "c.csv").write_text(late + others, "utf-8")
    assert cecert("collect", "two")[0] == 0
    return folder


def attended(folder: Path) -> str:
    with (folder / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(each["attended"] for each in csv.DictReader(file) if each["name"] == ANA)


def decide(cecert: Cecert, *, why: str = "phone line", by: str = "Mary") -> None:
    words = ("decision", PEOPLE[ANA], "day-2", "MET", "--why", why, "--by", by, "--course", "two")
    assert cecert("override", *words)[0] == 0


def undo(cecert: Cecert, number: int, by: str = "Otto") -> tuple[int, str, str]:
    return cecert(
        "override", "undo", str(number), "--why", "was Anna's", "--by", by, "--course", "two"
    )


def test_an_undone_decision_does_not_count_and_stays_visible(course: Path, cecert: Cecert) -> None:
    decide(cecert)
    assert cecert("collect", "two")[0] == 0
    assert attended(course) == "day-1;day-2"
    before = (course / "overrides.toml").read_text("utf-8")
    status, out, err = undo(cecert, 1)
    assert (status, out.strip()) == (0, "courses/two/overrides.toml")
    assert "next: run cecert collect two again" in err
    assert (course / "overrides.toml").read_text("utf-8").startswith(before)
    assert cecert("collect", "two")[0] == 0
    assert attended(course) == "day-1"
    page = (course / "completions.report.html").read_text("utf-8")
    for told in ("phone line", "Mary", "was Anna&#39;s", "Otto", "undone by 2"):
        assert told in page, told
    kept = json.loads((course / "completions.evidence.json").read_text("utf-8"))["overrides"]
    assert [(each["by"], each.get("undone_by")) for each in kept] == [("Mary", 2), ("Otto", None)]
    assert undo(cecert, 2)[0] == 0
    assert cecert("collect", "two")[0] == 0
    assert attended(course) == "day-1;day-2"


@pytest.mark.usefixtures("course")
def test_the_list_says_who_when_why_and_what_still_holds(cecert: Cecert) -> None:
    assert cecert("override", "list", "--course", "two")[:2] == (
        0, "number\twhat\tabout\tby\tat\twhy\tstate\n",
    )  # fmt: skip
    decide(cecert)
    decide(cecert, by="Olaf", why="she called")
    assert undo(cecert, 1)[0] == 0
    status, out, err = cecert("override", "list", "--course", "two")
    rows = [each.split("\t") for each in out.splitlines()[1:]]
    assert status == 0
    assert [(*each[:4], *each[5:]) for each in rows] == [
        ("1", "decision MET", f"{ANA}, day-2", "Mary", "phone line", "undone by 3"),
        ("2", "decision MET", f"{ANA}, day-2", "Olaf", "she called", "in force"),
        ("3", "undo", f"{ANA}, day-2, override 1", "Otto", "was Anna's", "in force"),
    ]
    assert "3 entries in courses/two/overrides.toml, 1 of them undone" in err
    status, out, _ = cecert("override", "list", "--course", "two", "--json")
    document = json.loads(out)
    assert document["counts"] == {"in_force": 2, "undone": 1}
    assert [each["undone_by"] for each in document["overrides"]] == [3, None, None]
    assert document["overrides"][2]["undoes"] == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2, "courses/two/overrides.toml has no entry 2"),
        (0, "courses/two/overrides.toml has no entry 0"),
        (1, "this undoes override 1, which override 2 has undone already"),
    ],
)
def test_what_cannot_be_undone_is_refused_and_nothing_is_written(
    course: Path, cecert: Cecert, number: int, said: str
) -> None:
    decide(cecert)
    if number == 1:
        assert undo(cecert, 1)[0] == 0
    before = (course / "overrides.toml").read_bytes()
    status, _, err = undo(cecert, number)
    assert (status, said in err, "override list shows" in err) == (2, True, True)
    assert (course / "overrides.toml").read_bytes() == before


def test_an_undone_mistake_no_longer_keeps_collect_from_running(
    course: Path, cecert: Cecert
) -> None:
    (course / "overrides.toml").write_text(
        '[[override]]\nkind = "alias"\nparticipant = "nobody@example.org"\nalias = "x"\n'
        'by = "M"\nat = 2020-11-02T10:00:00\nwhy = "w"\n',
        "utf-8",
    )
    assert cecert("collect", "two")[0] == 2
    assert undo(cecert, 1)[0] == 0
    assert cecert("collect", "two")[0] == 0


@pytest.mark.parametrize(
    ("option", "given"), [("--why", ("REASON", "M")), ("--by", ("phone", "NAME"))]
)
def test_the_words_of_a_copied_command_are_nobodys_reason_and_nobodys_name(
    course: Path, cecert: Cecert, option: str, given: tuple[str, str]
) -> None:
    why, by = given
    status, _, err = cecert(
        "override", "decision", PEOPLE[ANA], "day-2", "MET", "--why", why, "--by", by,
        "--course", "two",
    )  # fmt: skip
    assert (status, f"{option} is still" in err) == (2, True)
    assert not (course / "overrides.toml").exists()
