"""`collect --mapping`: files of the office's own making, on the invented seminar."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from seminar import PEOPLE, write_seminar

from cecert.cli import main
from cecert.office import create_office

COLLECT = (
    "collect", "course.toml", "--registrations", "registrations.csv",
    "--attendance", "oct22.csv", "--attendance", "oct29.csv", "--evaluation", "evaluation.csv",
    "--attestation", "attestation.csv", "--visibility", "visibility.csv",
    "--overrides", "overrides.toml", "-o", "completions.csv",
)  # fmt: skip
REGISTRATIONS = """\
kind = "registrations"
[columns]
name = "Teilnehmer"
email = "Adresse"
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    create_office(folder)
    write_seminar(folder)
    monkeypatch.chdir(folder)
    return folder


def renamed(path: Path, **names: str) -> None:
    header, rest = path.read_text("utf-8-sig").split("\n", 1)
    cells = [names.get(each.strip(), each) for each in header.split(",")]
    path.write_text(f"A list of ours\n\n{','.join(cells)}\n{rest}", "utf-8")


def test_registrations_of_the_offices_own_are_read_through_a_mapping(office: Path) -> None:
    renamed(office / "registrations.csv", name="Teilnehmer", email="Adresse")
    assert main(list(COLLECT)) == 2
    (office / "map.toml").write_text(REGISTRATIONS, "utf-8")
    assert main([*COLLECT, "--mapping", "registrations.csv=map.toml"]) == 0
    document = json.loads((office / "completions.evidence.json").read_bytes())
    states = {each["name"]: each["status"] for each in document["rows"]}
    assert states == {each.name: each.state for each in PEOPLE}


def test_a_required_question_decides_who_completed_the_evaluation(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (office / "registrations.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second, *_ = [each["email"] for each in csv.DictReader(file) if each["email"]]
    (office / "evaluation.csv").write_text(
        "Timestamp,Email Address,What did you learn?,Anything else?\n"
        f"2020-10-30 09:00:00,{first},much,\n"
        f"2020-10-30 09:00:00,{second},,no\n",
        "utf-8",
    )
    (office / "map.toml").write_text(
        'kind = "evaluation"\nrequired = ["What did you learn?"]\n', "utf-8"
    )
    assert main([*COLLECT, "--mapping", "evaluation.csv=map.toml"]) == 0
    said = capsys.readouterr().err
    assert f"the response of {second} does not count: 1 required question is" in said
    assert f"the response of {first} does not count" not in said


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("map.toml", "names no export"),
        ("=map.toml", "names no export"),
        ("nov5.csv=map.toml", "is for a file that is not collected"),
        ("registrations.csv=map.toml", "'Teilnehmer' is no column here"),
        ("oct22.csv=nothing.toml", "No such file"),
    ],
)
def test_a_mapping_that_fits_nothing_stops_before_anything_is_written(
    office: Path, capsys: pytest.CaptureFixture[str], mapping: str, said: str
) -> None:
    (office / "map.toml").write_text(REGISTRATIONS, "utf-8")
    (office / "completions.csv").unlink(missing_ok=True)
    assert main([*COLLECT, "--mapping", mapping]) == 2
    assert said in capsys.readouterr().err
    assert not (office / "completions.csv").exists()


SIGNED_IN = """\
kind = "attendance"
[columns]
id = "Nr"
name = "Person"
join = "In"
leave = "Out"
"""


def test_a_sign_in_list_whose_numbers_lost_their_zeros_stops_the_run_with_the_numbers(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "people.csv").write_text(
        "participant_id,name,email,credentials\n"
        "00417,Ana Ruiz,ana@example.org,attendance\n00418,Ben Okafor,ben@example.org,attendance\n"
    )
    (office / "map.toml").write_text(SIGNED_IN)
    words = ["collect", "course.toml", "--registrations", "people.csv", "-o", "people.out.csv"]
    for day in (22, 29):
        stamps = f"2020-10-{day} 12:55:00,2020-10-{day} 16:20:00"
        for file, numbers in ((f"in{day}.csv", ("417", "418")), (f"whole{day}.csv", ("00417", ""))):
            people = zip(numbers, ("Ana", "Ben Okafor"), strict=True)
            rows = [f"{each},{name},{stamps}" for each, name in people]
            (office / file).write_text("\n".join(["Nr,Person,In,Out", *rows]))
    changed = [w for day in (22, 29) for w in ("--attendance", f"in{day}.csv",
               "--mapping", f"in{day}.csv=map.toml")]  # fmt: skip
    assert main([*words, *changed]) == 2
    said = capsys.readouterr().err
    assert "in29.csv: no row of this attendance report surely belongs to anybody" in said
    assert "did a spreadsheet take the zeros? 417 is 00417, 418 is 00418" in said
    assert not (office / "people.out.csv").exists()
    whole = [w for day in (22, 29) for w in ("--attendance", f"whole{day}.csv",
             "--mapping", f"whole{day}.csv=map.toml")]  # fmt: skip
    assert main([*words, *whole]) == 0
    assert "zeros" not in capsys.readouterr().err
