"""`forms.toml`: what exports mean is said once and remembered; `forms suggest` proposes it."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from small_seminar import PEOPLE, REGISTRATIONS, write_reports

from cecert.office import create_office

Cecert = Callable[..., tuple[int, str, str]]
ANA, BEN, IDA = PEOPLE
ASKED = "I confirm my presence on both afternoons"
ONE_FORM = f"""\
Timestamp,Email Address,Which address did you register with?,How was it?,{ASKED}
10/29/2020 17:00:00,ana.home@example.com,ana.ruiz@example.org,good,Absolutely
10/29/2020 17:05:00,ben@example.net,,fine,Absolutely
10/29/2020 17:10:00,ida.sorby@example.org,,fine,Mostly
"""
ENTRY = f"""\
[[form]]
kinds = ["evaluation", "attestation"]
recognise = ["Timestamp", "{ASKED}"]
[form.columns]
email = ["Email Address", "Which address did you register with?"]
attestation = "{ASKED}"
[form.values.attestation]
"absolutely" = "yes"
"""
BASE = (
    "collect", "course.toml", "--registrations", "reg.csv", "--attendance", "oct22.csv",
    "--attendance", "oct29.csv", "-o", "completions.csv",
)  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    create_office(folder)
    (folder / "completions.csv").unlink()
    write_reports(folder)
    (folder / "reg.csv").write_text(REGISTRATIONS, "utf-8")
    monkeypatch.chdir(folder)
    return folder


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        return {each["name"]: each for each in csv.DictReader(file)}


def told(cecert: Cecert, *arguments: str) -> str:
    status, _, err = cecert(*BASE, *arguments)
    assert status == 2
    return err


def test_one_form_for_evaluation_and_attestation_is_given_once(
    office: Path, cecert: Cecert
) -> None:
    (office / "eval.csv").write_text(ONE_FORM, "utf-8")
    (office / "forms.toml").write_text(ENTRY, "utf-8")
    assert cecert(*BASE, "--evaluation", "eval.csv")[0] == 0
    found = rows(office)
    assert found[ANA]["evaluation"] == found[ANA]["attestation"] == "2020-10-29T17:00:00-04:00"
    assert found[BEN]["attestation"] == "2020-10-29T17:05:00-04:00"
    assert found[IDA]["evaluation"] == "2020-10-29T17:10:00-04:00"
    assert (found[IDA]["attestation"], found[IDA]["review"][:11]) == ("", "attestation")
    again = (office / "completions.csv").read_bytes()
    assert cecert(*BASE, "--attestation", "eval.csv")[0] == 0
    assert (office / "completions.csv").read_bytes() == again


def test_without_its_entry_the_same_form_is_refused_as_attestation(
    office: Path, cecert: Cecert
) -> None:
    (office / "eval.csv").write_text(ONE_FORM, "utf-8")
    assert "eval.csv: 'google_forms' has no column that is an attestation" in told(
        cecert, "--attestation", "eval.csv"
    )


@pytest.mark.parametrize(
    "entry", [ENTRY, ENTRY.replace("[[form]]\n", "").replace("[form.", "[")], ids=["form", "bare"]
)
def test_an_entry_may_be_named_by_hand(office: Path, cecert: Cecert, entry: str) -> None:
    (office / "eval.csv").write_text(ONE_FORM, "utf-8")
    (office / "mine.toml").write_text(entry, "utf-8")
    assert cecert(*BASE, "--evaluation", "eval.csv", "--mapping", "eval.csv=mine.toml")[0] == 0
    assert rows(office)[BEN]["attestation"] == "2020-10-29T17:05:00-04:00"


def test_the_courses_own_entry_wins_over_the_offices(office: Path, cecert: Cecert) -> None:
    course = office / "courses" / "mine"
    course.mkdir(parents=True)
    (office / "course.toml").rename(course / "course.toml")
    (office / "eval.csv").write_text(ONE_FORM, "utf-8")
    (office / "forms.toml").write_text(ENTRY.replace('"absolutely" = "yes"', '"absolutely" = "no"'))
    here = [each.replace("course.toml", "courses/mine/course.toml") for each in BASE]
    assert cecert(*here, "--evaluation", "eval.csv")[0] == 0
    assert rows(office)[BEN]["attestation"] == ""
    (course / "forms.toml").write_text(ENTRY, "utf-8")
    assert cecert(*here, "--evaluation", "eval.csv")[0] == 0
    assert rows(office)[BEN]["attestation"] == "2020-10-29T17:05:00-04:00"


def test_an_export_that_two_entries_know_is_a_question(office: Path, cecert: Cecert) -> None:
    (office / "eval.csv").write_text(ONE_FORM, "utf-8")
    (office / "forms.toml").write_text(ENTRY + ENTRY.replace("Timestamp", "How was it?"))
    said = told(cecert, "--evaluation", "eval.csv")
    assert "eval.csv: is recognised by forms.toml: form 1 and forms.toml: form 2" in said


def test_a_form_that_is_given_as_what_it_is_not_is_refused(office: Path, cecert: Cecert) -> None:
    (office / "notes.csv").write_text("email,on\nben@example.net,yes\n")
    (office / "forms.toml").write_text(
        '[[form]]\nkinds = ["payment"]\nrecognise = ["email", "on"]\n'
        '[form.columns]\nemail = "email"\nfee_paid = "on"\n'
    )
    said = told(cecert, "--visibility", "notes.csv")
    assert "notes.csv: is given as visible, and forms.toml: form 1 says that it is payment" in said


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("[[from]]", "forms.toml: from: is not known"),
        ('[[form]]\nkinds = ["survey"]', "form 1: kinds: \"['survey']\" is no list of"),
        ("[[form]]\nkinds = []", "form 1: kinds: is no list of registration, attendance"),
        ('[[form]]\nkinds = ["evaluation"]', "form 1: recognise: is missing"),
        ('[[form]]\nkinds = ["list"]\nrecognise = ["a"]', "columns.email: is missing: list needs"),
        (ENTRY.replace("kinds", "kindz"), "form 1: kindz: is not known (did you mean kinds?)"),
        (ENTRY.replace("attestation = ", "atestation = "), "columns.atestation: is not known (did"),
        (ENTRY.replace('= "yes"', '= ""'), "absolutely: is not filled in ([] for nothing)"),
        (ENTRY.replace('= "yes"', "= 1"), "values.attestation.absolutely: '1' is no text"),
        (ENTRY.replace("values.attestation", "values.score"), "values.score: is of no column"),
        (
            ENTRY.replace(f'attestation = "{ASKED}"', f'attestation = ["{ASKED}", "b"]'),
            "columns.attestation: has several headers: only name and email may",
        ),
    ],
)
def test_an_entry_that_says_nothing_usable_is_refused(
    office: Path, cecert: Cecert, entry: str, said: str
) -> None:
    (office / "forms.toml").write_text(entry, "utf-8")
    assert said in told(cecert)
    assert not (office / "completions.csv").exists()


REGISTERED = """\
[[form]]
kinds = ["registration"]
recognise = ["First", "Family name", "Credit wanted"]
[form.columns]
name = ["First", "Family name"]
email = ["Mail at work", "Mail at home"]
credentials = "Credit wanted"
licenses = { state = "Licensed in", title = "Licence", number = "No." }
status = "State"
[form.values.credentials]
"New York and psychologists" = ["ny-social-work", "apa-psychology"]
"none, thanks" = []
[form.values.title]
"Licensed Master Social Worker" = "LMSW"
[form.values.status]
"on hold" = "cancelled"

[[form]]
kinds = ["payment"]
recognise = ["Payer", "Outcome"]
[form.columns]
email = "Payer"
fee_paid = "Outcome"
[form.values.fee_paid]
"Succeeded" = "yes"
"Refunded" = "no"
"""
TYPED = """\
First,Family name,Mail at work,Mail at home,Credit wanted,Licensed in,Licence,No.,State
Ana,Ruiz,,ana.ruiz@example.org,New York and psychologists,New York,\
Licensed Master Social Worker,012345,
Ben,Cho,ben@example.net,b@example.com,"Massachusetts, social work",ma,LICSW,1234,Confirmed
Ida,Sørby,ida.sorby@example.org,,"none, thanks",,N/A,,
Ole,Berg,ole@example.org,,,,,,Cancelled
Una,Voss,not an address,,nonsense,,,,on hold
"""


def test_registrations_of_any_make_are_read_through_their_entry(
    office: Path, cecert: Cecert
) -> None:
    (office / "forms.toml").write_text(REGISTERED, "utf-8")
    (office / "reg.csv").write_text(TYPED, "utf-8")
    (office / "paid.csv").write_text(
        "Payer,Outcome\nben@example.net,Succeeded\nana.ruiz@example.org,Refunded\n"
    )
    status, _, err = cecert(*BASE, "--payment", "paid.csv")
    assert status == 0
    found = rows(office)
    assert list(found) == [ANA, BEN, IDA]
    assert [each["credentials"] for each in found.values()] == [
        "ny-social-work;apa-psychology", "ma-social-work", "",
    ]  # fmt: skip
    assert [each["licenses"] for each in found.values()] == ["NY LMSW 012345", "MA LICSW 1234", ""]
    assert [each["email"] for each in found.values()] == list(PEOPLE.values())
    assert [each["fee_paid"] for each in found.values()] == ["no", "yes", ""]
    assert "reg.csv: left out as cancelled or not admitted: Ole Berg (row 5), Una Voss" in err


def test_every_address_of_a_registration_identifies_whoever_asked_for_it(
    office: Path, cecert: Cecert
) -> None:
    (office / "forms.toml").write_text(REGISTERED, "utf-8")
    (office / "reg.csv").write_text(TYPED, "utf-8")
    (office / "paid.csv").write_text("Payer,Outcome\nb@example.com,Succeeded\n")
    assert cecert(*BASE, "--payment", "paid.csv")[0] == 0
    assert rows(office)[BEN]["fee_paid"] == "yes"
    asked = "CE credit wanted,Email at home,Supervisor's email"
    zoom = ZOOM.format(
        asked=asked, ana="NY social work,,boss@example.org",
        ben="NY social work,b@example.com,boss@example.org",
    )  # fmt: skip
    (office / "reg.csv").write_text(zoom.replace("approved,\n", "approved,,,\n"), "utf-8")
    (office / "eval.csv").write_text(
        "email,evaluation\nb@example.com,2020-10-30\nboss@example.org,2020-10-30\n"
    )
    assert cecert(*BASE, "--evaluation", "eval.csv")[0] == 0
    assert [bool(rows(office)[name]["evaluation"]) for name in (ANA, BEN)] == [False, True]
    assert rows(office)[BEN]["email"] == PEOPLE[BEN]


def test_a_payment_that_contradicts_the_registration_is_a_question(
    office: Path, cecert: Cecert
) -> None:
    (office / "paid.csv").write_text("email,fee_paid\nana.ruiz@example.org,no\n")
    assert cecert(*BASE, "--payment", "paid.csv")[0] == 0
    found = rows(office)
    assert (found[ANA]["fee_paid"], found[BEN]["fee_paid"]) == ("", "yes")
    assert (
        found[ANA]["review"] == "fee_paid: reg.csv: row 2 says yes, and here no (paid.csv: row 2)"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("Confirmed", "Waiting"), "row 3, column registration_status: 'Waiting' is no state of a"),
        (("Massachusetts, social work", "Ohio"), "row 3, column credentials: 'Ohio' is a credenti"),
        ((",LICSW,1234", ",LICSW,"), "row 3, column licenses: 'MA LICSW' is not STATE TITLE NUMB"),
        ((",ma,", ",,"), "row 3, column licenses: 'LICSW 1234' is not STATE TITLE NUMBER"),
    ],
)
def test_what_an_entry_does_not_explain_is_a_bad_cell(
    office: Path, cecert: Cecert, change: tuple[str, str], said: str
) -> None:
    (office / "forms.toml").write_text(REGISTERED.replace('"on hold"', '"On Hold"'), "utf-8")
    text = TYPED.replace(*change).replace("on hold", "cancelled")
    (office / "reg.csv").write_text(text, "utf-8")
    assert said in told(cecert)


TITLED = """\
Seminar of October,,,,,
{names},Email,Credentials,Licenses,Fee paid,Role
{ana},ana.ruiz@example.org,ny-social-work,NY LMSW 012345,yes,
{ben},ben@example.net,ma-social-work,,no,
{ida},ida.sorby@example.org,apa-psychology,,yes,instructor
"""


@pytest.mark.parametrize("first", ["Name", "First name,Last name"])
def test_a_role_and_a_fee_typed_below_a_title_or_beside_two_names_count(
    office: Path, cecert: Cecert, first: str
) -> None:
    names = dict(zip(("ana", "ben", "ida"), PEOPLE, strict=True))
    if first != "Name":
        names = {key: each.replace(" ", ",") for key, each in names.items()}
    (office / "reg.csv").write_text(TITLED.format(names=first, **names), "utf-8")
    status, _, err = cecert(*BASE)
    assert (status, "columns not used" in err) == (0, False)
    found = [rows(office)[each] for each in PEOPLE]
    assert [(each["licenses"], each["fee_paid"], each["role"]) for each in found] == [
        ("NY LMSW 012345", "yes", ""), ("", "no", ""), ("", "yes", "instructor"),
    ]  # fmt: skip


def test_a_word_of_a_payment_that_is_not_known_leads_to_its_entry(
    office: Path, cecert: Cecert
) -> None:
    (office / "pay.csv").write_text("Email,Fee paid\nana.ruiz@example.org,Refunded\n")
    said = told(cecert, "--payment", "pay.csv")
    assert "pay.csv: row 2, column fee_paid: 'Refunded' is neither yes nor no" in said
    assert "hint: cecert forms suggest pay.csv proposes an entry of forms.toml" in said


ZOOM = """\
Registration Report
Topic,Meeting ID,# Registered,# Cancelled
Seminar,811 2233 4455,4,1
Attendee Details
First Name,Last Name,Email,Registration Time,Approval Status,{asked}
Ana,Ruiz,ana.ruiz@example.org,"Oct 1, 2020 9:00 AM",approved,{ana}
Ben,Cho,ben@example.net,"Oct 1, 2020 9:10 AM",approved,{ben}
Ida,Sørby,ida.sorby@example.org,"Oct 2, 2020 9:10 AM",approved,
Ole,Berg,ole@example.org,"Oct 2, 2020 9:10 AM",cancelled,{ben}
"""


def test_zooms_registration_report_is_read_without_an_entry(office: Path, cecert: Cecert) -> None:
    text = ZOOM.format(
        asked="CE credit wanted", ana='"NY social work, Psychologist (APA)"',
        ben='"Massachusetts, social work"',
    )  # fmt: skip
    (office / "reg.csv").write_text(text, "utf-8")
    status, _, err = cecert(*BASE)
    assert status == 0
    found = rows(office)
    assert [each["credentials"] for each in found.values()] == [
        "ny-social-work;apa-psychology", "ma-social-work", "",
    ]  # fmt: skip
    assert "left out as cancelled or not admitted: Ole Berg (row 9)" in err
    assert "read 'NY social work' as ny-social-work, 'Psychologist (APA)' as apa-psyc" in err


@pytest.mark.parametrize("answer", ["Social work", "Psychologist (Ohio)", "not APA", "New York"])
def test_an_answer_that_is_not_plainly_one_credential_is_not_guessed(
    office: Path, cecert: Cecert, answer: str
) -> None:
    text = ZOOM.format(asked="CE credit wanted", ana="NY social work", ben=answer)
    (office / "reg.csv").write_text(text, "utf-8")
    said = told(cecert)
    assert f"reg.csv: 'CE credit wanted': '{answer}' is no credential type that is plainly" in said
    assert "hint: cecert forms suggest reg.csv proposes an entry of forms.toml" in said


EVENTBRITE = """\
Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Attendee Status
1,2020-10-01,Ana,Ruiz,ana.ruiz@example.org,1,General,11,Attending
2,2020-10-01,Ben,Cho,ben@example.net,1,General,12,Checked In
3,2020-10-02,Ida,Sørby,ida.sorby@example.org,1,General,13,Attending
4,2020-10-02,Ole,Berg,ole@example.org,1,General,14,Not Attending
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Quiz (812),Final Score
    Points Possible,,,,,10.00,(read only)
"Ruiz, Ana",101,u1,ana.ruiz@example.org,MBT,9.00,90.0
"Cho, Ben",102,u2,ben@example.net,MBT,8.00,80.0
"Sørby, Ida",103,u3,ida.sorby@example.org,MBT,10.00,100.0
"Student, Test",104,,0f3a,MBT,,
"""
MOODLE = """\
First name,Last name,ID number,Institution,Department,Email address,Course total (Real),\
Last downloaded from this course
Ana,Ruiz,,,,ana.ruiz@example.org,90.00,1604000000
Ben,Cho,,,,ben@example.net,80.00,1604000000
Ida,Sørby,,,,ida.sorby@example.org,100.00,1604000000
"""
CVENT = """\
First Name,Last Name,Email Address,Registration Date,Invitee Status,CE credit
Ana,Ruiz,ana.ruiz@example.org,10/01/2020,Accepted,Attendance
Ben,Cho,ben@example.net,10/01/2020,Accepted,Attendance
Ida,Sørby,ida.sorby@example.org,10/02/2020,Accepted,Attendance
Ole,Berg,ole@example.org,10/02/2020,Cancelled,Attendance
"""


@pytest.mark.parametrize("text", [EVENTBRITE, CANVAS, MOODLE, CVENT])
def test_the_people_of_a_platform_are_read_without_an_entry(
    office: Path, cecert: Cecert, text: str
) -> None:
    (office / "reg.csv").write_text(text, "utf-8")
    status, _, err = cecert(*BASE)
    assert status == 0
    found = rows(office)
    assert {name: each["email"] for name, each in found.items()} == PEOPLE
    if text != CVENT:
        assert "reg.csv: no column says which credit people ask for" in err


def test_a_list_of_ones_own_without_a_credit_is_still_refused(office: Path, cecert: Cecert) -> None:
    (office / "reg.csv").write_text("Name,Email\nAna Ruiz,ana.ruiz@example.org\n")
    said = told(cecert)
    assert "reg.csv: header: the column credentials is missing" in said
    assert "hint: cecert forms suggest reg.csv proposes an entry of forms.toml" in said


GOOGLE = """\
Timestamp,Email Address,First name,Last name,Which CE credit do you want?,\
State of licensure,Licence type,Licence number
10/01/2020 9:00:00,ana.ruiz@example.org,Ana,Ruiz,ASWB and NBCC,New York,LMSW,012345
10/01/2020 9:10:00,ben@example.net,Ben,Cho,Social work (ASWB ACE),Massachusetts,LICSW,1234
"""
MICROSOFT = """\
ID,Start time,Completion time,Email,Name,First name,Last name,CE credit
1,10/1/20 9:00:00,10/1/20 9:01:00,ana.ruiz@example.org,anonymous,Ana,Ruiz,NY Social work;NBCC;
"""
JOTFORM = """\
Submission Date,First Name,Last Name,Email,Type of credit
"Oct 1, 2020",Ana,Ruiz,ana.ruiz@example.org,"NBCC
NY Social work"
"""


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (GOOGLE, {"ASWB and NBCC": "", "Social work (ASWB ACE)": "aswb-ace"}),
        (MICROSOFT, {"NY Social work": "ny-social-work", "NBCC": "nbcc"}),
        (JOTFORM, {"NBCC": "nbcc", "NY Social work": "ny-social-work"}),
    ],
)
def test_an_entry_is_proposed_from_headers_and_a_few_values(
    office: Path, cecert: Cecert, text: str, values: dict[str, str]
) -> None:
    (office / "people.csv").write_text(text, "utf-8")
    before = sorted(office.rglob("*"))
    status, out, _ = cecert("forms", "suggest", "people.csv")
    (entry,) = tomllib.loads(out)["form"]
    assert (status, entry["kinds"]) == (0, ["registration"])
    assert entry["values"]["credentials"] == values
    assert [each.casefold() for each in entry["columns"]["name"]] == ["first name", "last name"]
    assert sorted(office.rglob("*")) == before


def test_a_proposal_once_filled_in_reads_the_file(office: Path, cecert: Cecert) -> None:
    (office / "reg.csv").write_text(GOOGLE, "utf-8")
    assert cecert("forms", "suggest", "reg.csv", "-o", "forms.toml")[0] == 0
    assert "credentials.ASWB and NBCC: is not filled in" in told(cecert)
    text = (office / "forms.toml").read_text("utf-8")
    filled = text.replace('"ASWB and NBCC" = ""', '"ASWB and NBCC" = ["aswb-ace", "nbcc"]')
    (office / "forms.toml").write_text(filled, "utf-8")
    assert cecert(*BASE)[0] == 0
    assert [(each["credentials"], each["licenses"]) for each in rows(office).values()] == [
        ("aswb-ace;nbcc", "NY LMSW 012345"), ("aswb-ace", "MA LICSW 1234"),
    ]  # fmt: skip


def test_a_status_of_payment_is_proposed_as_the_fee_alone(office: Path, cecert: Cecert) -> None:
    (office / "reg.csv").write_text(
        "First name,Last name,Email,CE credit,Payment status\n"
        "Ana,Ruiz,ana.ruiz@example.org,NBCC,Paid\nBen,Cho,ben@example.net,NBCC,Refunded\n"
    )
    assert cecert("forms", "suggest", "reg.csv", "-o", "forms.toml")[0] == 0
    assert cecert(*BASE)[0] == 0
    assert [each["fee_paid"] for each in rows(office).values()] == ["yes", "no"]


def test_a_proposal_is_added_below_what_stands_there_and_once(office: Path, cecert: Cecert) -> None:
    (office / "forms.toml").write_text(f"# mine\n{ENTRY}")
    (office / "pay.csv").write_text("Email,Paid\nana.ruiz@example.org,yes\n")
    assert cecert("forms", "suggest", "pay.csv", "-o", "forms.toml")[0] == 0
    text = (office / "forms.toml").read_text()
    assert text.startswith(f"# mine\n{ENTRY}")
    assert [each["kinds"] for each in tomllib.loads(text)["form"]][1:] == [["payment"]]
    status, _, err = cecert("forms", "suggest", "pay.csv", "-o", "forms.toml")
    assert (status, (office / "forms.toml").read_text()) == (2, text)
    assert "forms.toml: form 2 knows pay.csv already" in err


def test_a_proposal_is_not_added_to_a_file_that_cannot_be_used(
    office: Path, cecert: Cecert
) -> None:
    (office / "forms.toml").write_text("form = 1\n")
    status, _, _ = cecert("forms", "suggest", "reg.csv", "-o", "forms.toml")
    assert (status, (office / "forms.toml").read_text()) == (2, "form = 1\n")


LICENSED = """\
First name,Last name,Email Address,Which CE credit do you need?,"License (state, type and number)"
Ana,Ruiz,ana.ruiz@example.org,New York Social Work,NY LMSW 081234
Ben,Ode,ben@example.net,New York Social Work,NY LCSW 081235
"""


@pytest.mark.parametrize("header", ["License (state, type and number)", "Your licence", "License"])
def test_a_licence_in_one_column_is_proposed_and_read_once(
    office: Path, cecert: Cecert, header: str
) -> None:
    text = LICENSED.replace("License (state, type and number)", header)
    (office / "reg.csv").write_text(text, "utf-8")
    assert cecert("forms", "suggest", "reg.csv", "-o", "forms.toml")[0] == 0
    (entry,) = tomllib.loads((office / "forms.toml").read_text())["form"]
    assert entry["columns"]["licenses"] == header
    assert len(entry["recognise"]) == len(set(entry["recognise"]))
    assert cecert(*BASE)[0] == 0
    assert [each["licenses"] for each in rows(office).values()] == [
        "NY LMSW 081234", "NY LCSW 081235",
    ]  # fmt: skip


def test_one_column_is_no_two_parts_of_a_licence(office: Path, cecert: Cecert) -> None:
    entry = """\
[[form]]
kinds = ["registration"]
recognise = ["First name"]
[form.columns]
name = ["First name", "Last name"]
email = "Email Address"
credentials = "Which CE credit do you need?"
licenses = { state = "L", title = "L", number = "N" }
"""
    (office / "forms.toml").write_text(entry)
    assert "forms.toml: form 1: columns.licenses: 'L, L, N' names one column twice" in told(cecert)


def test_a_question_that_may_be_the_attestation_is_told(office: Path, cecert: Cecert) -> None:
    (office / "eval.csv").write_text(ONE_FORM, "utf-8")
    _, _, err = cecert(*BASE, "--evaluation", "eval.csv")
    assert f"eval.csv: {ASKED!r} is not taken for the attestation" in err
    (office / "forms.toml").write_text(ENTRY, "utf-8")
    assert "not taken" not in cecert(*BASE, "--evaluation", "eval.csv")[2]


def test_a_form_with_an_attestation_is_proposed_as_both(office: Path, cecert: Cecert) -> None:
    (office / "eval.csv").write_text(ONE_FORM, "utf-8")
    (entry,) = tomllib.loads(cecert("forms", "suggest", "eval.csv")[1])["form"]
    assert entry["kinds"] == ["evaluation", "attestation"]
    assert entry["columns"]["attestation"] == ASKED


def test_labels_of_the_products_own_are_taken_in_every_list(office: Path, cecert: Cecert) -> None:
    text = REGISTRATIONS.replace(",ny-social-work,", ',"New York, social work",')
    (office / "reg.csv").write_text(text, "utf-8")
    assert cecert(*BASE)[0] == 0
    assert rows(office)[ANA]["credentials"] == "ny-social-work"
    listed = (office / "completions.csv").read_text("utf-8-sig")
    (office / "hand.csv").write_text(
        listed.replace(",ny-social-work,", ',"New York, social work",'), "utf-8"
    )
    status, out, _ = cecert("decide", "course.toml", "hand.csv", "--json")
    assert status == 0
    assert json.loads(out)["decisions"][0]["credential"] == "ny-social-work"


def test_what_no_header_tells_is_left_to_be_filled_in(office: Path, cecert: Cecert) -> None:
    (office / "doors.csv").write_text("Holder,Reach,In\nAna,ana.ruiz@example.org,13:00\n")
    (entry,) = tomllib.loads(cecert("forms", "suggest", "doors.csv")[1])["form"]
    assert entry["recognise"] == ["Holder", "Reach", "In"]
    assert entry["columns"] == {"name": "", "email": "Reach"}
    assert cecert("forms", "suggest", "doors.csv", "-o", "forms.toml")[0] == 0
    assert "columns.name: is no header and no list of headers" in told(cecert)


def test_a_list_of_ones_own_serves_every_column_that_its_entry_names(
    office: Path, cecert: Cecert
) -> None:
    (office / "forms.toml").write_text(
        '[[form]]\nkinds = ["list"]\nrecognise = ["Wer", "Kamera"]\n[form.columns]\n'
        'email = "Wer"\nevaluation = "Bogen"\nvisible = "Kamera"\npost_test = "Test"\n'
    )
    (office / "done.csv").write_text(
        "Wer,Bogen,Kamera,Test,Rest\nben@example.net,30.10.2020,ja,85 %,x\n", "utf-8"
    )
    status, _, err = cecert(*BASE, "--visibility", "done.csv")
    ben = rows(office)[BEN]
    assert status == 0
    assert (ben["evaluation"][:10], ben["visible"], ben["post_test"]) == ("2020-10-30", "yes", "85")
    assert err.count("done.csv: columns not used, as forms.toml: form 1 tells: Rest") == 1


def test_attendance_and_scores_of_any_make_are_read_through_their_entry(
    office: Path, cecert: Cecert
) -> None:
    doors = "Given,Family,Mail,In,Out\n" + "".join(
        f"{name.replace(' ', ',')},{address},10/22/2020 12:57:10,10/22/2020 16:16:20\n"
        for name, address in PEOPLE.items()
    )
    (office / "oct22.csv").write_text(doors, "utf-8")
    (office / "quiz.csv").write_text(
        "Timestamp,Mine,Points\n10/29/2020 17:00:00,ben@example.net,17\n", "utf-8"
    )
    (office / "forms.toml").write_text(
        '[[form]]\nkinds = ["attendance"]\nrecognise = ["Given", "In", "Out"]\n[form.columns]\n'
        'name = ["Given", "Family"]\nemail = "Mail"\njoin = "In"\nleave = "Out"\n'
        '[[form]]\nkinds = ["evaluation", "post-test"]\nrecognise = ["Mine", "Points"]\n'
        'out_of = 20\n[form.columns]\nemail = "Mine"\nscore = "Points"\n'
    )
    assert cecert(*BASE, "--post-test", "quiz.csv")[0] == 0
    found = rows(office)
    assert {each["attended"] for each in found.values()} == {"day-1;day-2"}
    assert (found[BEN]["post_test"], found[BEN]["evaluation"][:10]) == ("85", "2020-10-29")


def test_every_address_of_a_row_counts_if_it_is_a_registrants(office: Path, cecert: Cecert) -> None:
    (office / "forms.toml").write_text(
        '[[form]]\nkinds = ["payment"]\nrecognise = ["Payer", "Paid"]\n[form.columns]\n'
        'email = ["Payer", "For"]\nfee_paid = "Paid"\n'
    )
    (office / "reg.csv").write_text(REGISTRATIONS.replace(",yes", ","), "utf-8")
    (office / "paid.csv").write_text(
        "Payer,For,Paid\nhospital@example.com,ben@example.net,yes\n"
        "ana.ruiz@example.org,ida.sorby@example.org,yes\n",
        "utf-8",
    )
    assert cecert(*BASE, "--payment", "paid.csv")[0] == 0
    found = rows(office)
    assert [each["fee_paid"] for each in found.values()] == ["", "yes", ""]
    for each in (ANA, IDA):
        assert "fee_paid: one row that names several registrants" in found[each]["review"]


@pytest.mark.usefixtures("office")
def test_a_proposal_goes_into_no_folder(cecert: Cecert) -> None:
    for place in (".", "files", ""):
        Path("files").mkdir(exist_ok=True)
        status, _, err = cecert("forms", "suggest", "reg.csv", "-o", place)
        assert (status, "it is a folder" in err) == (2, True)
