"""`collect` and `override` from the outside, on the invented seminar of forty people."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from seminar import FILES, PEOPLE, write_seminar

from cecert.adapters.completion_list import read_completions
from cecert.adapters.tables import grids
from cecert.cli import main
from cecert.office import Office, create_office
from cecert.office.collect import collect as collecting
from cecert.ports import CompletionList

COLLECT = (
    "collect", "course.toml", "--registrations", "registrations.csv",
    "--attendance", "oct22.csv", "--attendance", "oct29.csv", "--evaluation", "evaluation.csv",
    "--attestation", "attestation.csv", "--visibility", "visibility.csv",
)  # fmt: skip
DECIDED = ("--overrides", "overrides.toml", "-o", "completions.csv")


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seminar") / "office"
    create_office(folder)
    write_seminar(folder)
    return folder


@pytest.fixture
def office(_made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    shutil.copytree(_made, folder)
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> int:
    return main([*COLLECT, *(arguments or DECIDED)])


def rows(office: Path) -> dict[str, dict[str, str]]:
    text = (office / "completions.csv").read_text("utf-8-sig")
    return {each["name"]: each for each in csv.DictReader(io.StringIO(text))}


def evidence(office: Path) -> dict[str, dict[str, object]]:
    document = json.loads((office / "completions.evidence.json").read_bytes())
    return {each["name"]: each for each in document["rows"]}


def listed(office: Path) -> CompletionList:
    with Office.open(office / "cecert.toml") as opened:
        course = opened.course(office / "course.toml")
        now = opened.clock.now()
        return read_completions(office / "completions.csv", course, frozenset(opened.regimes), now)


def test_everybody_comes_out_in_the_state_they_were_invented_for(office: Path) -> None:
    assert run() == 0
    found = {name: each["status"] for name, each in evidence(office).items()}
    assert found == {each.name: each.state for each in PEOPLE}
    assert set(found.values()) == {"MET", "NOT_MET", "REVIEW", "NO_EVIDENCE"}


def test_the_list_is_what_decide_reads_and_review_rows_are_denied(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    read = listed(office)
    assert (read.faults, read.evidence) == ((), "collected")
    assert [each.name for each in read.records] == [each.name for each in PEOPLE]
    capsys.readouterr()
    assert main(["decide", "course.toml", "completions.csv", "--json"]) == 0
    decisions = json.loads(capsys.readouterr().out)["decisions"]
    awarded = {each["name"] for each in decisions if each["outcome"] == "award"}
    assert awarded == {each.name for each in PEOPLE if each.state == "MET" and not each.lacks}
    kinds = Counter(kind["kind"] for each in decisions for kind in each.get("shortfalls", ()))
    assert kinds["review-pending"] == sum(each.state == "REVIEW" for each in PEOPLE)


def test_cells_are_as_excel_leaves_them_alone(office: Path) -> None:
    run()
    content = (office / "completions.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    ana = rows(office)["Ana Ruiz-Calloway"]
    assert ana["attended"] == "day-1;day-2"
    assert ana["evaluation"] == "2020-10-30T09:09:00-04:00"
    # Only the day is known; a bare date Excel would rewrite.
    assert ana["attestation"] == "2020-10-30T00:00:00-04:00"
    assert (ana["visible"], ana["fee_paid"]) == ("yes", "yes")
    assert rows(office)["Hannah Brightwater"]["evaluation"] == ""
    assert rows(office)["Gwendolyn Pryce"]["visible"] == ""


def test_the_same_files_give_the_same_bytes(office: Path) -> None:
    run()
    names = ("completions.csv", "completions.evidence.json", "completions.report.html")
    first = {name: (office / name).read_bytes() for name in names}
    assert run() == 0
    assert {name: (office / name).read_bytes() for name in names} == first


def test_raw_files_are_kept_and_of_the_evaluation_only_the_digest(office: Path) -> None:
    run()
    kept = {each.name for each in (office / "completions.sources").iterdir()}
    digests = {name: hashlib.sha256((office / name).read_bytes()).hexdigest() for name in FILES}
    assert kept == {
        f"{digests[name]}.csv" for name in ("registrations.csv", "oct22.csv", "oct29.csv")
    }
    document = json.loads((office / "completions.evidence.json").read_bytes())
    assert digests["evaluation.csv"] in {each["sha256"] for each in document["files"]}


def test_no_answer_of_the_evaluation_is_in_any_output(office: Path) -> None:
    run()
    for path in office.glob("completions.*"):
        if path.is_file():
            assert b"Listen more" not in path.read_bytes(), path.name


def test_evidence_names_file_and_line_of_every_connection(office: Path) -> None:
    run()
    lines = (office / "oct22.csv").read_text().splitlines()
    document = json.loads((office / "completions.evidence.json").read_bytes())
    for person in document["rows"]:
        for session in person["sessions"]:
            for each in session["evidence"]:
                if each["file"] == "oct22.csv":
                    assert each["shown_name"] in lines[each["line"] - 1]


def test_what_was_edited_in_the_list_is_never_overwritten(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    path = office / "completions.csv"
    path.write_bytes(path.read_bytes().replace(b"Ana Ruiz-Calloway", b"Ana Ruiz"))
    capsys.readouterr()
    assert run() == 2
    told = capsys.readouterr().err
    assert "cecert: error: completions.csv was edited since collect wrote it" in told
    assert "cecert override" in told


def test_a_finding_edited_in_a_spreadsheet_is_a_bad_row(office: Path) -> None:
    run()
    path = office / "completions.csv"
    text = path.read_text("utf-8-sig")
    whose = "rafael.quintanilla@example.org,ny-social-work,,"
    text = text.replace(f"{whose}day-1", f"{whose}all")
    path.write_text(text, "utf-8-sig", newline="")
    (fault,) = listed(office).faults
    assert "differs from what collect found" in fault.problem
    assert "cecert override" in fault.remedy


@pytest.mark.usefixtures("office")
def test_json_answers_with_one_document_and_talk_goes_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(*DECIDED, "--json") == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["counts"] == Counter(each.state for each in PEOPLE)
    assert len(document["participants"]) == len(PEOPLE)
    # Five about connections, and what stands under the Abelards' address of each of the two.
    assert len(document["questions"]) == 5 + 2 * 3
    assert "40 people can have their certificate now. 6 need your decision, 1 was not found" in err


def test_a_unique_full_name_decides_where_the_courses_file_says_so(office: Path) -> None:
    path = office / "course.toml"
    text = path.read_text()
    path.write_text(text.replace("jitter_total = 300", 'jitter_total = 300\nunique_name = "sure"'))
    assert run() == 0
    assert state(office, "Chidinma Eze") == "MET"


# Mistakes, and the words for them


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert (out, "Traceback" in err) == ("", False)
    return err


def test_an_export_in_another_zone_is_stopped_with_the_option_to_give(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # an account in London: 18:00 on 22 October (BST), 17:00 on 29 October (GMT)
    for name, hours in (("oct22.csv", 5), ("oct29.csv", 4)):
        (office / name).write_text(_later((office / name).read_text(), hours), newline="")
    told = refused(capsys)
    assert "oct22.csv: ZONE_SUSPECT" in told
    assert "(say --timezone Europe/London)" in told
    assert run("--timezone", "Europe/London", *DECIDED) == 0
    found = {name: each["status"] for name, each in evidence(office).items()}
    assert found == {each.name: each.state for each in PEOPLE}


def _later(report: str, hours: int) -> str:
    lines = list(csv.reader(io.StringIO(report)))
    for row in lines[1:]:
        for place in (2, 3):
            if row[place]:
                at = datetime.strptime(row[place], "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007
                row[place] = f"{at + timedelta(hours=hours):%m/%d/%Y %I:%M:%S %p}"
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue()


def test_a_unique_users_export_is_refused_with_what_to_export(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "oct22.csv").write_text(
        "Name (original name),Email,Total duration (minutes),Guest\n"
        "Ana Ruiz-Calloway,ana.ruiz-calloway@example.org,198,Yes\n"
    )
    told = refused(capsys)
    assert "oct22.csv" in told
    assert "Show unique users" in told


@pytest.mark.usefixtures("office")
def test_a_long_report_shows_its_progress(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grids, "STEP", 10)
    monkeypatch.setattr(collecting, "MANY", 10)
    assert run() == 0
    told = capsys.readouterr().err
    assert re.search(r"^cecert: reading oct22\.csv: 10 of \d+$", told, re.MULTILINE)
    assert "cecert: judging attendance: 0 of 40\ncecert: judging attendance: 40 of 40\n" in told


def test_a_session_without_a_report_makes_nobody_absent(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "oct29.csv").write_bytes((office / "oct22.csv").read_bytes())
    assert "session day-2: no report has a connection on October 29, 2020" in refused(capsys)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--timezone", "Mars/Olympus"), "'Mars/Olympus' is no time zone"),
        (("--timezone", "../../etc/passwd"), "is no time zone"),
        (("--date-order", "DMX"), "DMX"),
    ],
)
def test_an_option_that_is_none_is_refused(
    office: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert told in refused(capsys, *arguments, *DECIDED)
    assert not (office / "completions.evidence.json").exists()


def test_faults_of_all_files_are_told_at_once_and_nothing_is_written(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (office / "completions.csv").read_bytes()
    (office / "oct22.csv").write_bytes(b"\x00\x01\x02 no export")
    (office / "attestation.csv").write_text("email,attestation\nana@,soon\n")
    (office / "overrides.toml").write_text("[[override]]\nkind = 'x'\n")
    (office / "visibility.csv").unlink()
    told = refused(capsys)
    for file in (
        "oct22.csv",
        "attestation.csv: row 2",
        "overrides.toml: override 1",
        "visibility.csv",
    ):
        assert file in told
    assert (office / "completions.csv").read_bytes() == before
    assert not (office / "completions.evidence.json").exists()


def test_a_file_that_is_far_too_large_is_not_read(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (office / "oct22.csv").open("wb") as file:
        file.truncate(200_000_001)
    assert "oct22.csv: has 200000001 bytes, at most 200000000 are read" in refused(capsys)


def test_a_device_that_never_ends_is_not_read_to_its_end(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_BYTES", 1_000_000)
    for name in ("oct22.csv", "overrides.toml"):
        (office / name).unlink()
        (office / name).symlink_to("/dev/zero")
    told = refused(capsys)
    assert "oct22.csv: has 1000001 bytes, at most 1000000 are read" in told
    assert "overrides.toml: is no TOML file that can be used: it has more than 4000000" in told


def test_lists_that_the_office_keeps_itself_are_read_by_their_columns(office: Path) -> None:
    who = "ana.ruiz-calloway@example.org"
    (office / "evaluation.csv").write_text(f"email,evaluation\n{who},2020-11-01\n")
    (office / "test.csv").write_text(f"email,post_test\n{who},92.5\n")
    assert run("--post-test", "test.csv", *DECIDED) == 0
    ana = rows(office)["Ana Ruiz-Calloway"]
    assert (ana["evaluation"], ana["post_test"]) == ("2020-11-01T00:00:00-04:00", "92.5")


def test_a_camera_note_that_is_no_table_is_refused(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "visibility.csv").write_bytes(b"%PDF-1.7")
    assert "visibility.csv: is a PDF" in refused(capsys)
    (office / "visibility.csv").write_text("name;seen\nAna;yes\n")
    assert "visibility.csv: header: the column visible is missing" in refused(capsys)


def test_the_report_repeats_the_command_as_it_was_run(office: Path) -> None:
    options = ("--timezone", "America/New_York", "--date-order", "MDY")
    assert run(*options, *DECIDED) == 0
    report = (office / "completions.report.html").read_text()
    again = f"{' '.join(COLLECT)} --overrides overrides.toml {' '.join(options)} -o completions.csv"
    assert f"cecert {again}" in report


def test_nothing_but_a_table_registers_anybody(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "registrations.csv").write_text("\n\n")
    assert "registrations.csv" in refused(capsys)
    (office / "registrations.csv").unlink()
    assert "registrations.csv: cannot be read: No such file" in refused(capsys)


def test_two_reports_of_one_name_in_two_folders_are_told_apart(office: Path) -> None:
    for folder, name in (("a", "oct22.csv"), ("b", "oct29.csv")):
        (office / folder).mkdir()
        (office / name).rename(office / folder / "participants.csv")
    given = [each.replace("oct22.csv", "a/participants.csv") for each in COLLECT]
    given = [each.replace("oct29.csv", "b/participants.csv") for each in given]
    assert main([*given, *DECIDED]) == 0
    assert state(office, "Lucía Fernández-Bóveda") == "REVIEW"
    files = {f"{each['file']}" for each in _nobody(office)}
    assert files == {"a/participants.csv", "b/participants.csv"}


def test_a_wrong_kind_of_file_is_named_as_what_it_is(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(office / "evaluation.csv", office / "oct22.csv")
    assert "is not an attendance report" in refused(capsys)
    shutil.copy(office / "oct29.csv", office / "evaluation.csv")
    assert "is not a survey's responses" in refused(capsys)


# Overrides


def override(*arguments: str, by: str = "M. Example", why: str = "she wrote so") -> int:
    return main(["override", *arguments, "--by", by, "--why", why])


def undecided(office: Path) -> None:
    main([*COLLECT, "-o", "completions.csv"])
    (office / "overrides.toml").unlink()


def state(office: Path, name: str) -> object:
    return evidence(office)[name]["status"]


def test_a_link_that_takes_a_connection_from_somebody_who_has_met_says_so_before(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    undecided(office)
    sessions: Any = evidence(office)["Ana Ruiz-Calloway"]["sessions"]
    places = [f"{it['file']}:{it['line']}" for each in sessions for it in each["evidence"]]
    capsys.readouterr()
    assert override("link", "Viktor Halloran", places[0]) == 0
    first, *_ = capsys.readouterr().err.splitlines()
    assert first == (
        f"cecert: warning: {places[0]} is Ana Ruiz-Calloway's, who has met day-1 with it: it is "
        "taken from them; if both were there, decide for Ana Ruiz-Calloway too"
    )
    pool = {each["shown_name"]: f"{each['file']}:{each['line']}" for each in _nobody(office)}
    for arguments in (
        ("link", "Ana Ruiz-Calloway", places[0]),
        ("unlink", "Viktor Halloran", places[0]),
        ("link", "Viktor Halloran", pool["iPhone"]),
    ):
        assert override(*arguments) == 0
        assert "warning" not in capsys.readouterr().err


def test_answers_given_by_commands_settle_their_questions(office: Path) -> None:
    undecided(office)
    rows_ = {each["shown_name"]: f"{each['file']}:{each['line']}" for each in _nobody(office)}
    assert override("link", "lucía fernández-bóveda", "x:1") == 2
    assert override("link", "Lucía Fernández-Bóveda", rows_["iPhone"]) == 0
    assert override("link", "magdalena.dworzak@example.org", rows_["Magda D."]) == 0
    assert override("decision", "Viktor Halloran", "day-1", "met") == 0
    assert override("alias", "Henrik Vestergaard", "hv studio") == 0
    period = ("2020-10-22T13:00:00", "2020-10-22T13:12:00")
    assert override("segment", "sepideh.farahani@example.org", "day-1", *period) == 0
    assert override("decision", "Beatrix Oyelaran", "day-2", "NOT_MET") == 0
    assert override("actual-window", "day-1", "2020-10-22T13:00:00", "2020-10-22T16:15:00") == 0
    assert run() == 0
    names = ("Lucía Fernández-Bóveda", "Magdalena Dworzak", "Viktor Halloran",
             "Henrik Vestergaard", "Sepideh Farahani")  # fmt: skip
    assert {state(office, each) for each in names} == {"MET"}
    assert codes(office, "Viktor Halloran") == ["MET_BY_OVERRIDE", "MET"]


def codes(office: Path, name: str) -> list[str]:
    document = json.loads((office / "completions.evidence.json").read_bytes())
    (row,) = [each for each in document["rows"] if each["name"] == name]
    return [each["status"] for each in row["sessions"]]


def _nobody(office: Path) -> list[dict[str, object]]:
    document = json.loads((office / "completions.evidence.json").read_bytes())
    return document["nobody"]  # type: ignore[no-any-return]


def test_an_unlink_takes_a_connection_away(office: Path) -> None:
    undecided(office)
    assert override("unlink", "chidinma.eze@example.org", "oct22.csv:8") == 0
    run()
    assert codes(office, "Chidinma Eze") == ["NO_EVIDENCE", "REVIEW"]


def test_a_decision_on_evidence_that_changed_since_is_open_again(office: Path) -> None:
    undecided(office)
    assert override("decision", "Viktor Halloran", "day-1", "MET") == 0
    assert run() == 0
    assert state(office, "Viktor Halloran") == "MET"
    report = (office / "oct22.csv").read_text()
    open_, left = "12:58:00 PM,,", "12:58:00 PM,10/22/2020 02:00:00 PM,62"
    assert report.count(open_) == 1
    (office / "oct22.csv").write_text(report.replace(open_, left), newline="")
    assert run() == 0
    assert state(office, "Viktor Halloran") == "REVIEW"
    assert "The evidence has changed since." in rows(office)["Viktor Halloran"]["review"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("decision", "nobody@example.org", "day-1", "MET"), "is nobody who registered"),
        (
            ("decision", "Viktor Haloran", "day-1", "MET"),
            "did you mean Viktor Halloran?",
        ),
        (("decision", "Viktor Halloran", "day-3", "MET"), "'day-3' is no session"),
        (("decision", "Viktor Halloran", "day-1", "MAYBE"), "'MAYBE' is no decision"),
        (("link", "Viktor Halloran", "oct22.csv:999"), "is no row of any report"),
        (("segment", "Viktor Halloran", "day-1", "soon", "later"), "'soon' is no time"),
        (
            ("segment", "Viktor Halloran", "day-1", "2020-10-22T14:00:00", "2020-10-22T13:00:00"),
            "is not later than",
        ),
    ],
)
def test_an_override_that_means_nothing_is_refused_and_nothing_is_written(
    office: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    undecided(office)
    assert override(*arguments) == 2
    assert told in capsys.readouterr().err
    assert not (office / "overrides.toml").exists()


def test_an_override_without_a_reason_or_evidence_is_refused(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert override("decision", "Viktor Halloran", "day-1", "MET") == 2
    assert "run cecert collect again" in capsys.readouterr().err
    undecided(office)
    assert override("decision", "Viktor Halloran", "day-1", "MET", why="  ") == 2
    assert main(["override", "decision", "Viktor Halloran", "day-1", "MET"]) == 2
    assert "--why" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"format": 2}', b"[" * 100_000])
def test_an_evidence_file_that_is_none_is_refused(office: Path, content: bytes) -> None:
    (office / "completions.evidence.json").write_bytes(content)
    assert override("decision", "Viktor Halloran", "day-1", "MET") == 2


def test_an_evidence_file_of_a_later_program_is_refused(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    undecided(office)
    path = office / "completions.evidence.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"format": 2}))
    assert override("decision", "Viktor Halloran", "day-1", "MET") == 2
    assert "is of format 2, this cecert reads 1" in capsys.readouterr().err


def test_a_name_that_two_people_have_names_nobody(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = office / "registrations.csv"
    path.write_text(path.read_text() + "Viktor Halloran,v2@example.org,,,yes,\r\n", newline="")
    undecided(office)
    assert override("decision", "Viktor Halloran", "day-1", "MET") == 2
    assert (
        "are several people: viktor.halloran@example.org, v2@example.org" in capsys.readouterr().err
    )


def test_who_was_told_apart_in_the_registrations_is_in_the_list(office: Path) -> None:
    path = office / "registrations.csv"
    header, *lines = path.read_text().splitlines()
    apart = ["v2@example.org; 17" if "Viktor" in each else "" for each in lines]
    changed = [f"{line},{cell}" for line, cell in zip(lines, apart, strict=True)]
    path.write_text("\r\n".join([f"{header},different_from", *changed, ""]), newline="")
    assert run() == 0
    assert rows(office)["Viktor Halloran"]["different_from"] == "v2@example.org;17"
    records = {each.name: each for each in listed(office).records}
    assert records["Viktor Halloran"].different_from == ("v2@example.org", "17")
    assert {each.different_from for each in records.values()} == {(), ("v2@example.org", "17")}


def test_a_place_that_cannot_be_written_is_told(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    undecided(office)
    where = ("--overrides", "none/overrides.toml")
    assert (
        main(["override", "decision", "Viktor Halloran", "day-1", "MET", "--why", "w", *where]) == 2
    )
    assert "none/overrides.toml cannot be written" in capsys.readouterr().err
