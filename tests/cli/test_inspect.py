"""What a person types and reads: `cecert inspect`, on texts written for these tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from json_documents import faults_of

from cecert.cli import inspect as inspecting
from cecert.cli import main

HEADER = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)"
ROW = "Ana Ruiz,ana@example.org,10/22/2020 01:00:00 PM,10/22/2020 02:00:00 PM,60"
UNIQUE = "Name (Original Name),User Email,Total Duration (Minutes)\nAna Ruiz,,60\n"
SECRET = "A VERY PRIVATE ANSWER"
EVALUATION = f"Timestamp,Email Address,How was it?\n2020-10-30 09:00:00,ana@example.org,{SECRET}\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "oct22.csv"
    path.write_text(f"{HEADER}\n{ROW}\n", "utf-8")
    return path


def inspect(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["inspect", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    status, out, _ = inspect(capsys, *arguments, "--json")
    assert status == 0
    document: dict[str, Any] = json.loads(out)
    assert faults_of("inspect", document) == []
    return document


def test_a_report_is_told_in_words(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = inspect(capsys, export)
    assert status == 0
    assert "format:             zoom_participants\n" in out
    assert "order of dates:     MDY\nknown by:           a value over 12\n" in out
    assert "mailto:ana@example.org\tAna Ruiz\tana@example.org\t3600\t1\t" in out
    assert "cecert: note: no column tells waiting rooms apart" in err


def test_a_zone_adds_instants_and_leaves_the_files_own_times(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = as_json(capsys, export)
    with_zone = as_json(capsys, export, "--timezone", "America/New_York")
    assert without["time_zone_used"] is None
    assert with_zone["time_zone_used"] == "America/New_York"
    (before,), (after,) = without["people"], with_zone["people"]
    assert before["first_join"] == after["first_join"] == "2020-10-22T13:00:00"
    assert before["first_join_utc"] is None
    assert after["first_join_utc"] == "2020-10-22T17:00:00+00:00"


def test_an_ambiguous_order_is_asked_for(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export.write_text(f"{HEADER}\n{ROW.replace('22/', '11/')}\n", "utf-8")
    status, out, err = inspect(capsys, export)
    assert (status, out) == (2, "")
    assert "cecert: error: AMBIGUOUS_DATE" in err
    assert "it is 2020-10-11 (MDY) or 2020-11-10 (DMY)" in err
    assert "cecert: hint: say it with --date-order MDY or --date-order DMY" in err
    stated = as_json(capsys, export, "--date-order", "DMY")
    assert stated["people"][0]["first_join"] == "2020-11-10T13:00:00"
    assert stated["date_order_known_by"] == "stated by the operator"


@pytest.mark.parametrize("zone", ["Amerika/Neuyork", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_is_none_is_refused(
    export: Path, capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    status, _, err = inspect(capsys, export, "--timezone", zone)
    assert status == 2
    assert "is no time zone" in err


def test_unique_users_are_shown_with_the_advice(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.write_text(UNIQUE, "utf-8")
    document = as_json(capsys, export)
    assert document["usable_as_attendance"] is False
    assert "without 'Show unique users'" in document["advice"]
    status, _, err = inspect(capsys, export)
    assert status == 0
    assert "cecert: warning: no attendance can be decided on this file" in err
    assert "cecert: hint: export the report again without 'Show unique users'" in err


def test_an_evaluation_shows_who_and_never_what(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.write_text(EVALUATION, "utf-8")
    document = as_json(capsys, export)
    assert document["responses"][0]["email"] == "ana@example.org"
    _, out, err = inspect(capsys, export)
    assert SECRET not in json.dumps(document) + out + err
    assert "ana@example.org\t2020-10-30T09:00:00" in out


def test_a_mapping_reads_any_other_table(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.write_text("Wer,Kamera\nAna Ruiz,ja\n", "utf-8")
    mapping = tmp_path / "map.toml"
    mapping.write_text('kind = "list"\n[columns]\nname = "Wer"\nvisible = "Kamera"\n', "utf-8")
    status, _, err = inspect(capsys, export)
    assert status == 2
    assert "--mapping" in err
    document = as_json(capsys, export, "--mapping", mapping)
    fields = {"name": "Ana Ruiz", "visible": "ja"}
    assert document["mapped_rows"] == [{"line": 2, "fields": fields}]


def test_synonyms_of_ones_own_make_a_language_known(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "Nimi (alkuperäinen nimi),Liittymisaika,Poistumisaika"
    export.write_text(f"{header}\nAna,22.10.2020 13:00,22.10.2020 14:00\n", "utf-8")
    own = tmp_path / "own.toml"
    names = zip(("name", "join", "leave"), header.split(","), strict=True)
    lines = [f'{field} = ["{name}"]' for field, name in names]
    own.write_text("\n".join(["[zoom_participants]", *lines]), "utf-8")
    assert inspect(capsys, export)[0] == 2
    assert as_json(capsys, export, "--synonyms", own)["format"] == "zoom_participants"


def test_a_registration_list_shows_its_people(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "First Name,Last Name,Email,Registration Time,Approval Status"
    export.write_text(f"{header}\nAna,Ruiz,ana@example.org,2020-10-01 10:00,approved\n", "utf-8")
    (ana,) = as_json(capsys, export)["registrants"]
    assert (ana["First Name"], ana["name"], ana["status"]) == ("Ana", "Ana Ruiz", "approved")


def test_times_without_a_date_are_shown_as_times(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "Name,Email,Duration,Time joined,Time exited"
    export.write_text(f"{header}\nAna,,59 min,18:00,19:00:30\nBo,,,18:00,\n", "utf-8")
    ana, bo = as_json(capsys, export, "--timezone", "Asia/Jerusalem")["people"]
    assert (ana["first_join"], ana["last_leave"]) == ("18:00", "19:00:30")
    assert ana["first_join_utc"] is None
    assert (bo["last_leave"], bo["reported_minutes"]) == (None, None)


def test_nothing_in_a_name_moves_the_cursor(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ROW.replace("Ana", "A\x1b[2Jna")
    export.write_text(f"{HEADER}\n{row}\n", "utf-8")
    _, out, err = inspect(capsys, export)
    assert "A\N{REPLACEMENT CHARACTER}[2Jna Ruiz" in out
    assert "\x1b" not in out + err + inspect(capsys, export, "--json")[1]


def test_columns_that_mean_nothing_here_are_shown_as_unused(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.write_text(f"{HEADER},Guest,Shoe size\n{ROW},Yes,39\n", "utf-8")
    document = as_json(capsys, export)
    assert document["columns_unused"] == ["Guest", "Shoe size"]
    assert document["columns_used"] == HEADER.split(",")


def test_a_long_file_shows_its_progress(
    export: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "LONG", 1000)
    export.write_text("\n".join([HEADER, *[ROW] * 25_000]), "utf-8")
    status, _, err = inspect(capsys, export, "--json")
    assert status == 0
    assert "cecert: reading oct22.csv: 10000 of 25000" in err


def test_a_file_that_is_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = inspect(capsys, tmp_path / "nothing.csv")
    assert (status, out) == (2, "")
    assert "nothing.csv: cannot be read: No such file" in err
