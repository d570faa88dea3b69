"""`collect` with reports of other platforms and languages than the seminar's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cecert.office import create_office

Cecert = Callable[..., tuple[int, str, str]]

REGISTERED = (
    "name,email,credentials\n"
    "Ana Ruiz,ana@corp.test,attendance\n"
    "Ben Okafor,ben@example.org,attendance\n"
)
# The sections and columns of docs/spec/inputs.md 3; no cell of E-mail is filled.
TEAMS = """\
1. Summary
Meeting title\tMBT
Start time\t10/{day}/20, 12:50:00 PM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
A. R.\t10/{day}/20, 12:58:00 PM\t10/{day}/20, 4:16:00 PM\t3h 18m\t\tAna@corp.test\tAttendee
Sam\t10/{day}/20, 12:58:00 PM\t10/{day}/20, 4:16:00 PM\t3h 18m\t\tben@corp.test\tAttendee
Sam\t10/{day}/20, 12:58:00 PM\t10/{day}/20, 4:15:00 PM\t3h 17m\t\tsam@corp.test\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
A. R.\t10/{day}/20, 12:58:00 PM\t10/{day}/20, 4:16:00 PM\t3h 18m\t\tAttendee
Sam\t10/{day}/20, 12:58:00 PM\t10/{day}/20, 4:16:00 PM\t3h 18m\t\tAttendee
Sam\t10/{day}/20, 12:58:00 PM\t10/{day}/20, 4:15:00 PM\t3h 17m\t\tAttendee
"""
FINNISH = "Nimi,Sähköposti,Liittymisaika,Poistumisaika\n"
SYNONYMS = """\
[zoom_participants]
name = ["Nimi"]
email = ["Sähköposti"]
join = ["Liittymisaika"]
leave = ["Poistumisaika"]
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    create_office(tmp_path / "office")
    monkeypatch.chdir(tmp_path / "office")
    Path("reg.csv").write_text(REGISTERED, "utf-8")
    return tmp_path / "office"


def collect(cecert: Cecert, *options: str) -> tuple[int, dict[str, str], str]:
    reports = ("--registrations", "reg.csv", "--attendance", "22.csv", "--attendance", "29.csv")
    status, out, err = cecert(
        "collect", "course.toml", *reports, "-o", "list.csv", "--json", *options
    )
    people = json.loads(out)["participants"] if out else []
    return status, {each["name"]: each["status"] for each in people}, err


def test_teams_account_is_a_key_where_one_person_alone_can_have_it(
    office: Path, cecert: Cecert
) -> None:
    for day in ("22", "29"):
        (office / f"{day}.csv").write_bytes(TEAMS.format(day=day).encode("utf-16"))
    # Two people are called Sam: which account is whose cannot be told, so none decides.
    alias = '[[override]]\nkind = "alias"\nparticipant = "ben@example.org"\n'
    alias += 'alias = "ben@corp.test"\nby = "M. Example"\nat = 2020-11-02T10:20:00\nwhy = "badge"\n'
    (office / "o.toml").write_text(alias, "utf-8")
    status, people, err = collect(cecert, "--overrides", "o.toml")
    assert (status, err.count("error")) == (0, 0)
    assert people == {"Ana Ruiz": "MET", "Ben Okafor": "REVIEW"}


def test_synonyms_of_ones_own_make_a_language_known_to_collect(
    office: Path, cecert: Cecert
) -> None:
    for day in ("22", "29"):
        rows = "".join(
            f"{name},{email},{day}.10.2020 12:58:00,{day}.10.2020 16:16:00\n"
            for name, email in (("Ana", "ana@corp.test"), ("Ben Okafor", ""))
        )
        (office / f"{day}.csv").write_text(FINNISH + rows, "utf-8")
    (office / "own.toml").write_text(SYNONYMS, "utf-8")
    assert collect(cecert)[0] == 2
    status, people, _ = collect(cecert, "--synonyms", "own.toml")
    assert (status, people) == (0, {"Ana Ruiz": "MET", "Ben Okafor": "REVIEW"})
    report = (office / "list.report.html").read_text("utf-8")
    assert "--synonyms own.toml" in report
