"""Rosters and yearly reports as tables: every profile that is shipped, and what it tells."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ledger_entries import AT, entry_for
from openpyxl import load_workbook

from cecert.adapters.office_files import read_roster_profiles
from cecert.domain.certificate.roster import (
    Fact,
    RosterColumn,
    RosterProfile,
    RowKind,
    draw_roster,
)
from cecert.domain.course.course import Course
from cecert.domain.course.regime import RuleSource
from cecert.domain.people.person import License
from cecert.errors import InputError, LedgerError
from cecert.office.papers.rosters import annual_table, profile_notes, roster_table
from cecert.office.papers.table_file import table_writer
from cecert.ports import Event, Report
from cecert.testing import MemoryLedger, MemoryOffice, sample_course, sample_record
from cecert.workflows.annual import annual_report
from cecert.workflows.export import note_roster, profile_roster, refuse_unlicensed

FOLDER = Path(__file__).parents[3] / "templates/rosters"
SHIPPED = read_roster_profiles(FOLDER)
COURSE = "mbt-2020-10"
BOARDS = ("apa-psychology", "aswb-ace", "nbcc", "nasba-cpe")
CLOCK = MemoryOffice().clock


def course() -> Course:
    """Return the seminar with a credit of each board that has a profile."""
    own = sample_course()
    new_york, massachusetts, psychology, attendance = own.credit_lines
    others = [
        replace(psychology, credential=name, code=5 + place, number=f"100{place}", unit="CEs")
        for place, name in enumerate(BOARDS[1:])
    ]
    return replace(own, credit_lines=(new_york, massachusetts, psychology, *others, attendance))


def ledger_of(people: Mapping[str, tuple[Sequence[str], Sequence[License]]]) -> MemoryLedger:
    """Return a ledger in which people have credits and licences."""
    ledger = MemoryLedger()
    for number, (name, (credentials, licenses)) in enumerate(people.items()):
        record = sample_record(
            name=name,
            email=f"{name.split()[0].casefold()}@example.org",
            credentials=tuple(credentials),
            licenses=tuple(licenses),
        )
        ledger.enter([entry_for(record, slot=number, course=course())], AT)
    return ledger


CALIFORNIA = License("CA", "LCSW", "99123")
LEDGER = ledger_of(
    {
        "Rosa Núñez de la Cruz": (
            ["ny-social-work", "ma-social-work"],
            [License("NY", "LCSW", "067891"), License("MA", "LICSW", "1234")],
        ),
        "Bo Li": (BOARDS, [CALIFORNIA]),
        "Cy Lo": (["apa-psychology"], []),
        "Di Wu": ([], [License("CA", "LMFT", "55")]),
    }
)


def cells(profile: RosterProfile, ledger: MemoryLedger = LEDGER) -> list[dict[str, str]]:
    columns, rows = roster_table(profile, profile_roster(COURSE, profile, ledger))
    return [dict(zip(columns, each, strict=True)) for each in rows]


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_every_profile_that_is_shipped_is_written_as_csv_and_as_a_workbook(path: Path) -> None:
    profile = SHIPPED[path.stem]
    assert profile.source
    found = cells(profile)
    assert "Bo Li" in {each["Name on certificate"] for each in found}
    licences = [each for each in found if each["Name on certificate"] == "Bo Li"]
    assert {each["License number"] for each in licences} == {"99123"}
    if profile.row is RowKind.LICENSE:
        assert len(licences) == 1
    columns = list(found[0])
    rows = [list(each.values()) for each in found]
    text = table_writer(Path("r.csv"), "a roster")(columns, rows).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [columns, *rows]
    book = load_workbook(io.BytesIO(table_writer(Path("r.XLSX"), "a roster")(columns, rows)))
    read = [["" if each is None else each for each in row] for row in book.worksheets[0].values]
    assert read == [columns, *rows]


def test_a_row_is_a_licence_with_the_hours_of_the_course_and_the_boards_own_number() -> None:
    assert cells(SHIPPED["ca-bbs"])[0] == {
        "Last name": "Li",
        "First name": "Bo",
        "Name on certificate": "Bo Li",
        "License type": "LCSW",
        "License number": "99123",
        "Course title": "Mentalization Based Treatment",
        "Completion date": "2020-10-29",
        "Dates": "2020-10-22; 2020-10-29",
        "Hours": "6",
        "Unit": "hours",
    }
    assert [each["ACE provider"] for each in cells(SHIPPED["ace"])] == ["1000"]
    assert [each["Format"] for each in cells(SHIPPED["nbcc"])] == [
        "Live interactive webinar on Zoom"
    ]
    apa = cells(SHIPPED["apa"])
    assert [(each["Last name"], each["License number"]) for each in apa] == [
        ("Li", "99123"),
        ("Lo", ""),
    ]
    assert apa[0]["Sponsor"] == apa[0]["Co-sponsors"] == "Example Prepare"


def test_plain_has_each_credit_with_the_licences_of_its_state() -> None:
    found = [
        (each["Credential"], each["License state"])
        for each in cells(SHIPPED["plain"])
        if each["Last name"] == "de la Cruz"
    ]
    assert found == [("ny-social-work", "NY"), ("ma-social-work", "MA")]
    elsewhere = ledger_of(
        {"Ana Ruiz": (["ny-social-work"], [License("CT", "LCSW", "1"), CALIFORNIA])}
    )
    assert [each["License state"] for each in cells(SHIPPED["plain"], elsewhere)] == ["CT", "CA"]
    both = ledger_of(
        {"Ana Ruiz": (["ny-social-work"], [License("CT", "LCSW", "1"), License("NY", "LCSW", "2")])}
    )
    assert [each["License state"] for each in cells(SHIPPED["plain"], both)] == ["NY", "CT"]


def test_who_has_no_licence_where_one_is_wanted_is_named_and_others_states_are_left_out() -> None:
    profile = SHIPPED["ca-bbs"]
    roster = profile_roster(COURSE, profile, LEDGER)
    with pytest.raises(InputError) as caught:
        refuse_unlicensed(profile, roster)
    (fault,) = caught.value.faults
    assert str(fault).startswith("Cy Lo (")
    assert str(fault).endswith(
        "has no licence, and California Board of Behavioral Sciences wants one"
    )
    assert [e.certificate.recipient.name for e in roster.elsewhere] == ["Rosa Núñez de la Cruz"]
    notes = list(profile_notes(profile, roster))
    assert notes[0].startswith("profile ca-bbs (primary): 16 CCR 1887")
    assert notes[1].startswith("nobody has read that these columns are asked for: Course title")
    assert notes[2].startswith("warning: left out, without a licence: Cy Lo")
    assert notes[3] == "1 person left out: no licence of theirs is one that the profile takes"


def test_what_was_reported_stands_in_its_row_by_the_providers_calendar() -> None:
    ledger = ledger_of({"Bo Li": (BOARDS, [CALIFORNIA])})
    number = ledger.entries()[0].certificate.id
    at = datetime(2020, 11, 6, 3, tzinfo=UTC)
    with ledger.reporting() as note:
        note([Report("cebroker", str(CALIFORNIA), number, "nbcc", at, "Mary", "f")], [])
    assert {each["Reported at"] for each in cells(SHIPPED["plain"], ledger)} == {"2020-11-05"}
    assert {each["Reported at"] for each in cells(SHIPPED["plain"])} == {""}


def test_one_person_with_two_certificates_has_a_licence_once() -> None:
    ledger = ledger_of({"Bo Li": (["apa-psychology"], [CALIFORNIA])})
    record = sample_record(
        name="Bo Li", email="bo@example.org", credentials=("nbcc",), licenses=(CALIFORNIA,)
    )
    second = entry_for(record, slot=50, course=course())
    ledger.enter([second], AT)
    (row,) = cells(SHIPPED["ca-bbs"], ledger)
    assert row["Hours"] == "6"
    ended = Event("revoked", AT, second.certificate.id, "Mary", "x")
    ledger.revoke(second.certificate.id, ended)
    empty = profile_roster(COURSE, SHIPPED["nbcc"], ledger)
    with pytest.raises(InputError, match="nothing of mbt-2020-10 is for NBCC"):
        note_roster(COURSE, SHIPPED["nbcc"], empty, ledger, (CLOCK, "Mary"))
    states = [each["Status"] for each in cells(SHIPPED["plain"], ledger)]
    assert states == ["standing", "revoked"]


def test_every_fact_can_be_told_of_a_licence_and_of_none() -> None:
    columns = tuple(RosterColumn(each.value, each, RuleSource.PRIMARY) for each in Fact)
    everything = RosterProfile("all", "All", RowKind.CREDIT, columns, RuleSource.PRIMARY, "ours")
    found = cells(everything)
    assert all(set(each) == {fact.value for fact in Fact} for each in found)
    assert found[0]["email"] == "rosa@example.org"
    assert {each["issued_on"] for each in found} == {"2020-11-05"}
    assert draw_roster(everything, []).rows == ()
    with pytest.raises(LedgerError, match="no certificate of course 'nothing'"):
        profile_roster("nothing", everything, LEDGER)


def test_no_cell_of_a_table_is_a_formula_and_other_endings_are_refused() -> None:
    for name in ("r.csv", "r.xlsx"):
        content = table_writer(Path(name), "a roster")(["a"], [["=1+1"]])
        if name == "r.csv":
            assert content.decode("utf-8-sig") == "a\r\n'=1+1\r\n"
        else:
            assert load_workbook(io.BytesIO(content)).worksheets[0]["A2"].value == "'=1+1"
    for name, told in (("r.xls", "as a XLS file: r.xls"), ("r", "as a file without an ending: r")):
        with pytest.raises(InputError, match=f"a roster is not written {told}"):
            table_writer(Path(name), "a roster")


def test_a_years_table_has_each_session_below_its_activity() -> None:
    days = (AT.date().replace(month=1), AT.date())
    columns, rows = annual_table(annual_report("apa-psychology", days, LEDGER, CLOCK, "Mary"))
    activity, *sessions = [dict(zip(columns, each, strict=True)) for each in rows]
    assert [each["Row"] for each in sessions] == ["session", "session"]
    assert (activity["Participants"], activity["With apa-psychology"]) == ("4", "2")
    assert activity["Participants: Psychology"] == "2"
    assert activity["Participants: Social work"] == "1"
    assert activity["Participants: attendance alone"] == "1"
    assert (activity["Hours"], activity["Unit"]) == ("6", "CE credits")
    assert sessions[0]["When"].startswith("Thursday, October 22, 2020, 1:00 to 4:15 p.m.")
    assert (sessions[0]["Participants"], sessions[0]["Hours"]) == ("4", "")
