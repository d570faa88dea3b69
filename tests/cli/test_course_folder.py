"""A course in a folder of its own: `new`, courses by file, folder or id, `collect COURSE`."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_seminar import PEOPLE, REGISTRATIONS, report

from cecert.office import create_office

Cecert = Callable[..., tuple[int, str, str]]
ANA, BEN, IDA = PEOPLE
IDA_MAIL = PEOPLE[IDA]
SURVEY = """\
Timestamp,Email Address,How was it?,Attestation
10/29/2020 17:00:00,ana.ruiz@example.org,good,"Yes, I attest"
10/29/2020 17:05:00,ben@example.net,fine,"Yes, I attest"
10/29/2020 17:10:00,ida.sorby@example.org,fine,"Yes, I attest"
"""
CAMERA = "email,visible\n" + "".join(f"{each},yes\n" for each in PEOPLE.values())
FILES = {
    "a-list.csv": REGISTRATIONS,
    "b.csv": report("10/22/2020"),
    "c.csv": report("10/29/2020"),
    "d.csv": SURVEY,
    "e.csv": CAMERA,
}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    create_office(folder)
    (folder / "completions.csv").unlink()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def course(office: Path, cecert: Cecert) -> Path:
    """Return the folder of a course with everything that was exported."""
    assert cecert("new", "mbt-two", "--like", "course.toml")[0] == 0
    folder = office / "courses" / "mbt-two"
    for name, text in FILES.items():
        (folder / "files" / name).write_text(text, "utf-8")
    return folder


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        return {each["name"]: each for each in csv.DictReader(file)}


def test_a_new_course_is_a_copy_with_an_id_of_its_own(office: Path, cecert: Cecert) -> None:
    text = (office / "course.toml").read_text("utf-8")
    (office / "course.toml").write_text(text.replace("Based Treatment", "in Practice"), "utf-8")
    status, out, _ = cecert("new", "mbt-two", "--like", "mbt-2020-10")
    made = office / "courses" / "mbt-two"
    assert (status, out.split()) == (0, [str(made / "course.toml"), str(made / "files")])
    before = (office / "course.toml").read_text("utf-8")
    after = (made / "course.toml").read_text("utf-8")
    assert after == before.replace('id = "mbt-2020-10"', 'id = "mbt-two"')
    assert list((made / "files").iterdir()) == []
    assert cecert("new", "another")[0] == 0
    assert 'id = "another"' in (office / "courses/another/course.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("../evil",), "'../evil' is no id of a course"),
        (("a/b",), "'a/b' is no id of a course"),
        (("mbt-2020-10",), "there is a course mbt-2020-10 already"),
        (("x", "--like", "nothing"), "there is no course nothing"),
        (("x", "--like", "cecert.toml"), "cecert.toml is no course file"),
    ],
)
def test_what_is_no_new_course_makes_nothing(
    office: Path, cecert: Cecert, arguments: tuple[str, ...], said: str
) -> None:
    before = sorted(office.rglob("*"))
    status, _, err = cecert("new", *arguments)
    assert (status, said in err) == (2, True), err
    assert sorted(office.rglob("*")) == before


def test_everything_in_the_folder_is_taken_and_told(course: Path, cecert: Cecert) -> None:
    status, _, err = cecert("collect", "mbt-two")
    told = [each for each in err.splitlines() if "taken: " in each]
    assert status == 0
    own = "(registration list, 3 rows: columns name, email and credentials)"
    zoom = "as attendance (zoom_participants, 3 rows: the header of this format)"
    survey = "(google_forms, 3 rows: a survey's header, and its question 'Attestation')"
    assert [each.removeprefix("cecert: taken: ") for each in told] == [
        f"a-list.csv as registration {own}",
        f"b.csv {zoom}",
        f"c.csv {zoom}",
        f"d.csv as evaluation and attestation {survey}",
        "e.csv as visibility (office list, 3 rows: columns visible)",
    ]
    assert err.index("taken: e.csv") < err.index("wrote ")
    found = rows(course)
    assert {each["attended"] for each in found.values()} == {"day-1;day-2"}
    assert {each["visible"] for each in found.values()} == {"yes"}
    assert found[BEN]["attestation"] == "2020-10-29T17:05:00-04:00"
    for each in ("completions.evidence.json", "completions.report.html", "completions.sources"):
        assert (course / each).exists()


@pytest.mark.parametrize("name", ["mbt-two", "courses/mbt-two", "courses/mbt-two/course.toml"])
def test_a_course_is_named_by_id_folder_or_file(course: Path, cecert: Cecert, name: str) -> None:
    assert cecert("collect", name)[0] == 0
    status, out, _ = cecert("decide", name, "--json")
    document = json.loads(out)
    assert (status, document["course"], document["counts"]["awards"]) == (0, "mbt-two", 3)
    assert cecert("lint", name)[0] == 0
    assert cecert("preview", name, "-o", "specimen.pdf")[0] == 0
    assert cecert("deliver", "--course", name, "--dry-run", "mails")[0] == 0
    assert cecert("status", "--course", name)[0] == 0
    assert cecert("mail", "plan", "--course", name)[0] == 0
    # Nothing was issued: the ledger is asked for the id, however the course was named.
    assert "no certificate of course 'mbt-two'" in cecert("export", "roster", name)[2]
    assert sorted(course.parents[1].glob("*.csv")) == []


def test_a_course_nobody_knows_is_named_with_those_there_are(course: Path, cecert: Cecert) -> None:
    status, _, err = cecert("collect", "mbt-tow")
    assert (status, "known to this office: mbt-2020-10, mbt-two" in err) == (2, True)
    shutil.copytree(course, course.with_name("copy"))
    status, _, err = cecert("collect", "mbt-two")
    assert (status, "mbt-two is the id of several courses" in err) == (2, True)


OTHER = """\
Timestamp,Email Address,How was it?,Which CE credit?
10/29/2020 17:00:00,ana.ruiz@example.org,good,Attendance
"""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("notes.csv", "who,what\nAna,something\n", "notes.csv: is known by nothing"),
        ("done.csv", "name,email,credentials,attended\nA,a@example.org,,all\n", "known by nothing"),
        ("picture.png", "\x89PNG\r\n", "picture.png: "),
        ("more.csv", OTHER, "may be evaluation (a survey's header) and registration (it asks for"),
        ("second.csv", REGISTRATIONS, "a-list.csv and second.csv: are both lists of registrations"),
    ],
)
def test_a_file_that_is_nothing_or_two_things_stops_before_anything_is_written(
    course: Path, cecert: Cecert, name: str, text: str, said: str
) -> None:
    (course / "files" / name).write_text(text, "latin-1" if name.endswith("png") else "utf-8")
    status, _, err = cecert("collect", "mbt-two")
    assert (status, said in err) == (2, True), err
    assert not (course / "completions.csv").exists()
    if "may be" in said or "nothing" in said:
        assert "hint: say what it is in forms.toml, beside cecert.toml or in the course" in err


def test_forms_toml_says_what_a_file_is_that_may_be_two_things(
    course: Path, cecert: Cecert
) -> None:
    (course / "files" / "more.csv").write_text(OTHER, "utf-8")
    (course / "forms.toml").write_text(
        '[[form]]\nkinds = ["evaluation"]\nrecognise = ["How was it?", "Which CE credit?"]\n'
    )
    status, _, err = cecert("collect", "mbt-two")
    assert status == 0
    assert "taken: more.csv as evaluation (form, 1 row: known by forms.toml: form 1)" in err


def test_options_given_by_hand_win(office: Path, course: Path, cecert: Cecert) -> None:
    (office / "mine.csv").write_text("email,evaluation\nana.ruiz@example.org,2020-11-02\n")
    status, _, err = cecert("collect", "mbt-two", "--evaluation", "mine.csv", "-o", "here.csv")
    assert status == 0
    assert "taken: d.csv as attestation (google_forms" in err
    assert not (course / "completions.csv").exists()
    with (office / "here.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {each["name"]: each["evaluation"] for each in csv.DictReader(file)}
    assert found == {ANA: "2020-11-02T00:00:00-05:00", BEN: "", IDA: ""}


@pytest.mark.usefixtures("office")
def test_without_files_and_without_options_nothing_is_guessed(cecert: Cecert) -> None:
    status, _, err = cecert("collect", "course.toml")
    assert (status, "there is no folder files, and no files are given" in err) == (2, True)


def test_what_a_desktop_leaves_behind_is_no_file_of_the_course(
    course: Path, cecert: Cecert
) -> None:
    for each in (".DS_Store", "~$a-list.xlsx", "Thumbs.db", "desktop.ini"):
        (course / "files" / each).write_bytes(b"\0\0\0\1")
    assert cecert("collect", "mbt-two")[0] == 0


def test_a_session_without_a_report_leaves_the_report_so_far_and_no_list(
    course: Path, cecert: Cecert
) -> None:
    assert cecert("collect", "mbt-two")[0] == 0
    listed = (course / "completions.csv").read_bytes()
    evidence = (course / "completions.evidence.json").read_bytes()
    (course / "files" / "c.csv").unlink()
    (course / "files" / "b.csv").write_text(report("10/22/2020", ANA, BEN), "utf-8")
    status, out, err = cecert("collect", "mbt-two", "--json")
    assert status == 1
    assert json.loads(out)["uncovered"] == ["day-2"]
    assert "wrote courses/mbt-two/completions.before.csv" not in err
    assert "moved the list of before aside: courses/mbt-two/completions.before.csv" in err
    assert "can have their certificate" not in err
    assert "session day-2: no report has a connection on October 29, 2020" in err
    assert not (course / "completions.csv").exists()
    assert (course / "completions.before.csv").read_bytes() == listed
    assert (course / "completions.before.evidence.json").read_bytes() == evidence
    _, out, _ = cecert("collect", "mbt-two")
    assert "We find no connection of yours on October 29" not in out
    assert out.count("no report yet") == len(PEOPLE)
    page = (course / "completions.report.html").read_text("utf-8")
    assert "This is the report so far: there is no report of day-2 (October 29, 2020) yet." in page
    assert "NO REPORT YET" in page
    assert "cecert issue" not in page
    assert "can have their certificate now" not in page
    # Who missed the day that has a report is told so, and nobody for lack of the other.
    assert page.count('<p class="said">') == 1
    assert cecert("collect", "mbt-two")[0] == 1
    (course / "files" / "c.csv").write_text(report("10/29/2020"), "utf-8")
    (course / "files" / "b.csv").write_text(report("10/22/2020"), "utf-8")
    assert cecert("collect", "mbt-two")[0] == 0
    assert (course / "completions.csv").read_bytes() == listed


def test_a_list_that_somebody_edited_is_not_moved_aside(course: Path, cecert: Cecert) -> None:
    assert cecert("collect", "mbt-two")[0] == 0
    with (course / "completions.csv").open("a") as file:
        file.write("x\r\n")
    (course / "files" / "c.csv").unlink()
    status, _, err = cecert("collect", "mbt-two")
    assert (status, "was edited since collect wrote it" in err) == (2, True)
    assert not (course / "completions.before.csv").exists()


def test_decisions_of_one_course_are_not_anothers(
    office: Path, course: Path, cecert: Cecert
) -> None:
    other = office / "courses" / "third"
    assert cecert("new", "third", "--like", "mbt-two")[0] == 0
    for name, text in FILES.items():
        (other / "files" / name).write_text(text, "utf-8")
    half = report("10/29/2020", ANA, IDA)
    (other / "files" / "c.csv").write_text(half.replace("12:57:10", "2:30:10"), "utf-8")
    assert [cecert("collect", each)[0] for each in ("mbt-two", "third")] == [0, 0]
    decide = ("override", "decision", PEOPLE[ANA], "day-2", "MET", "--by", "Mary", "--why", "phone")
    status, _, err = cecert(*decide)
    assert status == 2
    assert "this office has several courses: mbt-2020-10, mbt-two, third" in err
    status, out, err = cecert(*decide, "--course", "third")
    assert (status, out.strip()) == (0, "courses/third/overrides.toml")
    assert "next: run cecert collect third again" in err
    assert not (course / "overrides.toml").exists()
    assert not (office / "overrides.toml").exists()
    before = (course / "completions.csv").read_bytes()
    assert [cecert("collect", each)[0] for each in ("mbt-two", "third")] == [0, 0]
    assert (course / "completions.csv").read_bytes() == before
    assert rows(other)[ANA]["attended"] == "day-1;day-2"
    assert rows(other)[IDA]["attended"] == "day-1"


@pytest.mark.usefixtures("course")
def test_the_evidence_of_another_course_is_not_decided_about(cecert: Cecert) -> None:
    assert cecert("collect", "mbt-two")[0] == 0
    status, _, err = cecert(
        "override", "alias", PEOPLE[ANA], "Annie", "--why", "her phone", "--course", "mbt-2020-10",
        "--evidence", "courses/mbt-two/completions.evidence.json",
    )  # fmt: skip
    assert (status, "is of course mbt-two, not of mbt-2020-10" in err) == (2, True)


def test_the_report_tells_commands_that_name_the_course(course: Path, cecert: Cecert) -> None:
    short = report("10/29/2020").replace(f"{ANA},{PEOPLE[ANA]}", "Ana R. (phone),")
    (course / "files" / "c.csv").write_text(short, "utf-8")
    assert cecert("collect", "mbt-two")[0] == 0
    page = (course / "completions.report.html").read_text("utf-8")
    assert "--by NAME --why REASON --course mbt-two" in page
    assert "cecert issue mbt-two\n" in page


def test_before_any_report_there_is_a_report_so_far(course: Path, cecert: Cecert) -> None:
    for each in ("b.csv", "c.csv", "d.csv", "e.csv"):
        (course / "files" / each).unlink()
    status, out, err = cecert("collect", "mbt-two", "--json")
    assert (status, json.loads(out)["uncovered"]) == (1, ["day-1", "day-2"])
    assert "hint: put the missing reports into the course's files/" in err
    page = (course / "completions.report.html").read_text("utf-8")
    assert page.count("NO REPORT YET") >= len(PEOPLE)
    assert '<p class="said">' not in page


def test_a_survey_whose_question_may_be_the_attestation_stops_everything(
    course: Path, cecert: Cecert
) -> None:
    asked = "Do you attest that you attended both sessions?"
    (course / "files" / "d 1.csv").write_text(SURVEY.replace("Attestation", asked), "utf-8")
    (course / "files" / "d.csv").unlink()
    status, _, err = cecert("collect", "mbt-two")
    assert (status, (course / "completions.csv").exists()) == (2, False)
    assert f"d 1.csv: may be evaluation alone, or have the attestation in '{asked}'" in err
    assert "cecert forms suggest 'courses/mbt-two/files/d 1.csv' proposes the entry" in err
    assert cecert("forms", "suggest", str(course / "files/d 1.csv"), "-o", "forms.toml")[0] == 0
    assert cecert("collect", "mbt-two")[0] == 0
    assert all(each["attestation"] for each in rows(course).values())


def test_collect_lists_whom_to_remind_for_a_mail_merge(course: Path, cecert: Cecert) -> None:
    survey = course / "files" / "d.csv"
    survey.write_text("".join(SURVEY.splitlines(keepends=True)[:-1]), "utf-8")
    status, out, err = cecert("collect", "mbt-two", "--json")
    merged = course / "completions.mail-merge.csv"
    assert status == 0
    assert Path(json.loads(out)["written"][-1]).name == merged.name
    assert "mail-merge.csv" in err
    with merged.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["email"], row["missing"]) == (IDA_MAIL, "evaluation, attestation")
    assert IDA_MAIL in (course / "completions.report.html").read_text("utf-8")
    survey.write_text(SURVEY, "utf-8")
    assert cecert("collect", "mbt-two")[0] == 0
    assert not merged.exists()
