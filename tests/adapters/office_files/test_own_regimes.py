"""An office's own file in the place of a shipped regime, and what a regime file may say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from office_folder import TEMPLATES, OfficeFolder

from cecert.adapters.office_files import (
    read_office,
    read_regimes,
    replaced_regimes,
    write_statement,
)
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.regime import RuleSource
from cecert.errors import ConfigurationError

SHIPPED = TEMPLATES / "regimes"
SIGNED = 'last_verified = 2026-10-01\nverified_by = "Mary Curtin"\n\n[number]'


def own_file(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """Copy a shipped regime into a folder, changed; each part must stand there."""
    folder.mkdir(exist_ok=True)
    text = (SHIPPED / f"{name}.toml").read_text("utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_regimes(SHIPPED, folder)
    return [str(each) for each in caught.value.faults]


def test_an_own_file_replaces_a_shipped_regime_whole(tmp_path: Path) -> None:
    folder = own_file(
        tmp_path / "own", "ny-social-work",
        ("[number]", SIGNED), ('evidence = "secondary"', 'evidence = "primary"'),
    )  # fmt: skip
    regimes = read_regimes(SHIPPED, folder)
    assert regimes.keys() == read_regimes(SHIPPED).keys()
    own = regimes["ny-social-work"]
    assert (own.code, own.evidence, own.verified_by) == (1, RuleSource.PRIMARY, "Mary Curtin")
    assert replaced_regimes(SHIPPED, folder) == (own,)
    assert replaced_regimes(SHIPPED, None) == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((), ["says last_verified and verified_by"]),
        ((("[number]", SIGNED), ("code = 6", "code = 64")), ["keeps its code, 6"]),
        (
            (("code = 6", "code = 1"),),
            ["keeps its code, 6", "says last_verified and verified_by"],
        ),
    ],
)
def test_a_replacement_keeps_its_code_and_is_signed_for(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], told: list[str]
) -> None:
    found = faults(own_file(tmp_path / "own", "nbcc", *changes))
    assert len(found) == len(told)
    assert all(part in each for part, each in zip(told, found, strict=True))


def test_a_replacement_quiets_the_warnings_that_it_answers(new_office: OfficeFolder) -> None:
    def told(regimes_folder: Path | None) -> str:
        new_office.regimes = read_regimes(SHIPPED, regimes_folder)
        return "\n".join(each.message for each in new_office.course().findings)

    folder = own_file(new_office.folder / "own", "apa-psychology", ("[number]", SIGNED))
    before, after = told(None), told(folder)
    assert before.count("no person has compared this regime") == 3
    assert after.count("no person has compared this regime") == 2


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("value = [1, 0.5, 0.2]", "value = 11", "a step of credit is more than 0"),
        ("value = [1, 0.5, 0.2]", "value = []", "a step of credit is more than 0"),
        ("value = [1, 0.5, 0.2]", 'value = "half"', "increment.value[1]: 'half' is not a number"),
        ("field_of_study = true", 'field_of_study = "yes"', "is not true or false"),
        ("[elements]", ('[licenses]\nstates = ["Utopia"]\nevidence = "primary"\nsource = "s"\n\n'
         "[elements]"), "Utopia is not the two letters of a state"),
        ("[elements]", ('[licenses]\ndenies = true\nevidence = "secondary"\nsource = "s"\n\n'
         "[elements]"), "only what was read denies"),
        ("[elements]", ('[licenses]\nstates = ["CT"]\nstates_of_credit = true\n'
         'evidence = "primary"\nsource = "s"\n\n[elements]'), "lets each credit name its own"),
    ],
)  # fmt: skip
def test_each_fault_of_the_further_keys_says_its_place(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    folder = own_file(tmp_path / "own", "nasba-cpe", ("[number]", SIGNED), (before, after))
    assert told in "\n".join(faults(folder))


APPROVALS = """
[[approval]]
credential = "nasba-cpe"
holder = "Smith College School for Social Work"
number = "103456"
valid_from = 2020-01-01
valid_to = 2022-12-31
checked_on = 2020-02-01

[[approval]]
credential = "nasw"
holder = "Smith College School for Social Work"
number = "886512-1"
valid_from = 2020-01-01
valid_to = 2020-12-31
checked_on = 2020-02-01

[verify]"""
CREDITS = """
[[credit]]
credential = "nasba-cpe"
hours = 5.75
categories = [{ code = "Behavioral Ethics", hours = 5 }, { code = "Taxes", hours = 0.6 }]

[[credit]]
credential = "nasw"
hours = 5.75

[[co_sponsor]]"""


def test_credit_of_nasba_and_nasw_is_rounded_down_and_says_what_was_read(
    new_office: OfficeFolder,
) -> None:
    # docs/spec/regulations.md 3.6 and 3.9.
    new_office.rewrite("cecert.toml", ("[verify]", APPROVALS))
    reading = new_office.course(("[[co_sponsor]]", CREDITS))
    assert reading.errors == ()
    assert reading.course
    nasba, nasw = reading.course.credit_lines[-2:]
    assert (nasba.hours, nasw.hours) == (Decimal("5.6"), Decimal("5.5"))
    assert "sponsor number 103456. Delivery method: Group Internet Based." in nasba.statement
    assert nasba.statement.endswith("standards of the National Registry of CPE Sponsors.")
    assert nasw.statement == (
        "This program is Approved by the National Association of Social Workers (Approval # "
        "886512-1) for 5.5 continuing education contact hours."
    )
    told = "\n".join(each.message for each in reading.findings)
    assert "5.75 hours are rounded down to 5.6: credit is given in steps of 1, 0.5 or 0.2" in told
    assert "5.75 hours are rounded down to 5.5: credit is given in steps of 0.5" in told
    assert "the time statement's wording rests on unverified evidence" in told


@pytest.mark.parametrize(
    ("held", "method"),
    [
        (CourseFormat.LIVE_IN_PERSON, "Group Live"),
        (CourseFormat.CONFERENCE, "Group Live"),
        (CourseFormat.LIVE_INTERACTIVE_WEBINAR, "Group Internet Based"),
        (CourseFormat.LIVE_TELECONFERENCE, "Group Internet Based"),
        (CourseFormat.SELF_STUDY, "QAS Self Study"),
        (CourseFormat.HYBRID, "Blended"),
    ],
)
def test_nasbas_delivery_method_is_that_of_the_format(held: CourseFormat, method: str) -> None:
    # docs/spec/regulations.md 3.9.
    (words,) = read_regimes(SHIPPED)["nasba-cpe"].statements
    fields = {"holder": "Example School", "number_plain": "103456", "format": held.value}
    assert write_statement(words.text, fields).endswith(f"Delivery method: {method}.")


def test_the_massachusetts_certificate_says_what_the_course_page_says(
    new_office: OfficeFolder,
) -> None:
    reading = new_office.course()
    assert reading.course
    line = reading.course.credit_for("ma-social-work")
    assert line
    assert line.basis == "258 CMR 31.04(2)(a)"
    assert line.statement == (
        "Smith College School for Social Work is accredited by the Council on Social Work "
        "Education. Courses offered through the School's Program of Professional Education are "
        "awarded continuing education credits in accordance with Continuing Education Regulation "
        "258 CMR 31.00 in the Commonwealth of Massachusetts."
    )


def test_an_office_without_a_program_claims_what_it_presents(new_office: OfficeFolder) -> None:
    new_office.rewrite("cecert.toml", ('program = "Program of Professional Education"', ""))
    reading = new_office.course()
    assert reading.course
    line = reading.course.credit_for("ma-social-work")
    assert line
    assert "Courses that it presents are awarded" in line.statement


CSWE = """
[[approval]]
credential = "cswe-social-work"
holder = "Smith College School for Social Work"
valid_from = 2020-01-01
checked_on = 2020-02-01

[verify]"""


@pytest.mark.parametrize(
    ("named", "states"),
    [
        ('state = "CT"', ("CT",)),
        ('state = "Connecticut"', ("CT",)),
        ('states = ["CT", "VT"]', ("CT", "VT")),
    ],
)
def test_credit_of_an_accredited_school_names_its_states(
    new_office: OfficeFolder, named: str, states: tuple[str, ...]
) -> None:
    new_office.rewrite("cecert.toml", ("[verify]", CSWE))
    credit = f'[[credit]]\ncredential = "cswe-social-work"\nhours = 6\n{named}\n\n[[co_sponsor]]'
    reading = new_office.course(("[[co_sponsor]]", credit))
    assert reading.course
    rule = reading.course.licenses_for("cswe-social-work")
    assert rule
    assert rule.states == states
    line = reading.course.credit_for("cswe-social-work")
    assert line
    assert (line.approver, line.approver_label, line.code) == (
        "Council on Social Work Education", "School accredited by", 7,
    )  # fmt: skip
    assert "approved" not in line.statement
    assert "contact your licensing board for accreditation information" in line.statement
    assert "Association of Social Work Boards database of social work licensure" in line.statement


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ('state = "CT"\nstates = ["VT"]', "has state and states: write one of them"),
        ('states = ["CT", "Ontario"]', "Ontario is no state, such as CT"),
        ('states = ["CT", "ct"]', "names a state twice"),
        ("", "are missing: name the states"),
    ],
)
def test_states_that_cannot_be_are_refused(new_office: OfficeFolder, named: str, told: str) -> None:
    new_office.rewrite("cecert.toml", ("[verify]", CSWE))
    credit = f'[[credit]]\ncredential = "cswe-social-work"\nhours = 6\n{named}\n\n[[co_sponsor]]'
    reading = new_office.course(("[[co_sponsor]]", credit))
    assert told in "\n".join(each.message for each in reading.errors)


def test_a_signatory_may_sign_for_another_organisation(new_office: OfficeFolder) -> None:
    signatory = """[[signatory]]
name = "Alex Whitfield"
title = "Director"
organisation = "Amego Prepare"
for = ["apa-psychology"]

[[approval]]
credential = "ny-social-work\""""
    path = new_office.rewrite(
        "cecert.toml", ('[[approval]]\ncredential = "ny-social-work"', signatory)
    )
    ours, theirs = read_office(path).signatories
    assert (ours.organisation, ours.credentials) == ("", ())
    assert (theirs.organisation, theirs.credentials) == ("Amego Prepare", ("apa-psychology",))


def test_attendance_asks_for_attendance_alone_in_a_new_office(new_office: OfficeFolder) -> None:
    course = new_office.course().course
    assert course
    line = course.credit_for("attendance")
    assert line
    asked = line.requirements
    assert not (asked.visible)
    assert not (asked.evaluation)
    assert not (asked.attestation)
    assert not (asked.fee)
    assert course.requirements.evaluation


def test_a_contact_of_no_organisation_is_refused(new_office: OfficeFolder) -> None:
    new_office.rewrite("cecert.toml", ("[[signatory]]", '[[signatory]]\ncontact = "413.555.0111"'))
    with pytest.raises(ConfigurationError) as refused:
        read_office(new_office.folder / "cecert.toml")
    assert [str(each) for each in refused.value.faults] == [
        "cecert.toml: signatory[1].contact: '413.555.0111' is of no organisation"
    ]
