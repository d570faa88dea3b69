"""Regime files: the six that ship, one that a school adds, and what is wrong with a file."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from office_folder import TEMPLATES, OfficeFolder

from cecert.adapters.office_files import read_course, read_office, read_regimes
from cecert.domain.course.regime import NumberPolicy, RuleSource, TokenProvider
from cecert.errors import ConfigurationError

SHIPPED = TEMPLATES / "regimes"

COUNSELORS = """
id = "ny-mental-health"
code = 64
profession = "Mental health counseling"
jurisdiction = "New York"
label = "New York, mental health counseling"
approver = "New York State Education Department's State Board for Mental Health Practitioners"
citation = "8 NYCRR 79-9.8"
unit = "contact hours"
evidence = "secondary"
last_verified = 2026-10-01

[number]
policy = "required"
in_token = "number"

[hour_minutes]
value = 55
evidence = "primary"
source = "an invented rule of 55 minutes"

[elements]
required = ["location", "instructor"]
expected = ["categories", "approval_period"]

[[statement]]
name = "ny-mental-health"
text = "{{ holder }} is recognized as an approved provider {{ number }} until {{ valid_to }}."
effective_to = 2020-10-25
evidence = "primary"
source = "invented"

[[statement]]
name = "ny-mental-health"
text = "{{ holder }} is an approved provider of continuing education {{ number }}."
effective_from = 2020-10-26
evidence = "primary"
source = "invented"
"""
APPROVAL = """
[[approval]]
credential = "ny-mental-health"
holder = "Smith College School for Social Work"
number = "#MHC-0229"
valid_from = 2020-01-01
valid_to = 2022-12-31
checked_on = 2020-02-01

[verify]"""
CREDIT = '[[credit]]\ncredential = "ny-mental-health"\nhours = 6\n\n[[co_sponsor]]'


def faults(folder: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_regimes(SHIPPED, folder)
    return [str(each) for each in caught.value.faults]


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    folder = tmp_path / "boards"
    folder.mkdir()
    (folder / "counselors.toml").write_text(COUNSELORS, "utf-8")
    return folder


def test_nine_regimes_ship_with_the_codes_of_the_registry() -> None:
    # docs/spec/token.md W2, body 5.
    assert {each.code: each.id for each in read_regimes(SHIPPED).values()} == {
        1: "ny-social-work",
        2: "ma-social-work",
        3: "apa-psychology",
        4: "attendance",
        5: "aswb-ace",
        6: "nbcc",
        7: "cswe-social-work",
        8: "nasba-cpe",
        9: "nasw",
    }


def test_nothing_is_called_required_that_nobody_has_read() -> None:
    # docs/spec/regulations.md 1: only what was read as required.
    required = {each.id: each.required_elements for each in read_regimes(SHIPPED).values()}
    assert {name for name, elements in required.items() if elements} == {
        "apa-psychology",  # the statement
        "aswb-ace",  # the format
        "nasba-cpe",  # nasbaregistry.org lists all of them
        "nasw",  # the statement, the number, the presenter
    }


def test_attendance_claims_nothing() -> None:
    attendance = read_regimes(SHIPPED)["attendance"]
    assert not attendance.approval_needed
    assert attendance.approver == ""
    assert attendance.statements == ()


def test_psychology_is_told_by_its_holder_where_others_have_a_number() -> None:
    regimes = read_regimes(SHIPPED)
    assert regimes["apa-psychology"].token_provider is TokenProvider.HOLDER
    assert regimes["apa-psychology"].number_policy is NumberPolicy.NONE_ISSUED
    assert regimes["ny-social-work"].token_provider is TokenProvider.NUMBER
    assert regimes["ma-social-work"].token_provider is TokenProvider.NOTHING


def test_records_are_kept_seven_years_where_the_term_is_unverified() -> None:
    assert {each.retained_years for each in read_regimes(SHIPPED).values()} == {7}


def test_a_school_adds_a_board_by_a_file(new_office: OfficeFolder, boards: Path) -> None:
    regimes = read_regimes(SHIPPED, boards)
    assert regimes["ny-mental-health"].statements[0].evidence is RuleSource.PRIMARY
    office = read_office(new_office.rewrite("cecert.toml", ("[verify]", APPROVAL)))
    reading = read_course(
        new_office.rewrite("course.toml", ("[[co_sponsor]]", CREDIT)), office, regimes
    )
    assert reading.course is not None
    line = reading.course.credit_for("ny-mental-health")
    assert line is not None
    assert (line.code, line.number, line.token_provider) == (64, "MHC-0229", "MHC-0229")
    # The words of the credit date; on the first session date others were effective.
    assert line.statement == (
        "Smith College School for Social Work is an approved provider of continuing education "
        "#MHC-0229."
    )
    told = [each.message for each in reading.findings if "ny-mental-health" in each.place]
    assert told == [
        "the wording of the credit date is printed; on 2020-10-22 another was effective",
        "certificates for it usually show categories; there is none",
    ]


def test_a_stricter_hour_binds_where_its_text_was_read(
    new_office: OfficeFolder, boards: Path
) -> None:
    office = read_office(new_office.rewrite("cecert.toml", ("[verify]", APPROVAL)))
    path = new_office.rewrite("course.toml", ("[[co_sponsor]]", CREDIT.replace("= 6", "= 6.6")))
    reading = read_course(path, office, read_regimes(SHIPPED, boards))
    # 360 minutes at 55 an hour are 6.54, rounded down.
    assert [each.message for each in reading.errors] == [
        (
            "6.6 hours are above an hour of 55 minutes (primary: an invented rule of 55 minutes): "
            "360 scheduled minutes less breaks make 6.54 at 55 minutes an hour"
        )
    ]


def test_an_element_that_the_primary_text_asks_for_must_be_there(
    new_office: OfficeFolder, boards: Path
) -> None:
    office = read_office(new_office.rewrite("cecert.toml", ("[verify]", APPROVAL)))
    path = new_office.rewrite(
        "course.toml", ("[[co_sponsor]]", CREDIT), ('location = "Zoom"', 'location = ""')
    )
    reading = read_course(path, office, read_regimes(SHIPPED, boards))
    assert [each.message for each in reading.errors] == [
        "the certificate must show location, and there is none to show"
    ]


def test_no_wording_effective_on_the_credit_date_is_an_error(
    new_office: OfficeFolder, boards: Path
) -> None:
    late = COUNSELORS.replace("effective_from = 2020-10-26", "effective_from = 2020-11-26")
    (boards / "counselors.toml").write_text(late, "utf-8")
    office = read_office(new_office.rewrite("cecert.toml", ("[verify]", APPROVAL)))
    path = new_office.rewrite("course.toml", ("[[co_sponsor]]", CREDIT))
    reading = read_course(path, office, read_regimes(SHIPPED, boards))
    assert [each.message for each in reading.errors] == [
        "ny-mental-health has no wording effective on 2020-10-29"
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("code = 64", "code = 10", "regime ny-mental-health: code 10 is not 1 to 9"),
        ("code = 64", "code = 1", "is that of another regime, ny-social-work (1)"),
        ('id = "ny-mental-health"', 'id = "nbcc"', "keeps its code, 6"),
        ('unit = "contact hours"', "", "unit: is missing"),
        ("value = 55", "value = 61", "an hour of 61 minutes"),
        ("value = 55", "value = 0", "hour_minutes.value: '0' is not a whole number from 1 to 100"),
        ('evidence = "secondary"', 'evidence = "hearsay"', "evidence: 'hearsay' is not one of"),
        ('"location", ', '"lunch", ', "no certificate shows lunch"),
        ("2020-10-25", "1900-10-25", ""),
        ("effective_from = 2020-10-26", "effective_from = 2020-10-26\neffective_to = 2020-01-01",
         "statement ny-mental-health: effective to 2020-01-01, before its from"),
        ("[[statement]]", "[[statment]]", "statment: is no known key; did you mean statement?"),
        ("[number]", "[number", "is not TOML"),
    ],
)  # fmt: skip
def test_each_fault_of_a_regime_file_says_its_place(
    boards: Path, before: str, after: str, told: str
) -> None:
    assert before in COUNSELORS
    (boards / "counselors.toml").write_text(COUNSELORS.replace(before, after), "utf-8")
    if told:
        assert told in "\n".join(faults(boards))
    else:
        assert "ny-mental-health" in read_regimes(SHIPPED, boards)


def test_what_a_renewal_needs_is_told_with_what_that_rests_on(boards: Path) -> None:
    shipped = {name: each.renewal for name, each in read_regimes(SHIPPED).items() if each.renewal}
    # Of no other board was a text read, or restated, that says so (docs/spec/regulations.md).
    assert shipped.keys() == {"ny-social-work", "ma-social-work"}
    new_york, massachusetts = shipped["ny-social-work"], shipped["ma-social-work"]
    assert (new_york.months, new_york.evidence) == (36, RuleSource.SECONDARY)
    assert new_york.told.endswith("(as others restate the rule, which itself was not read)")
    assert (massachusetts.months, massachusetts.evidence) == (None, RuleSource.PRIMARY)
    assert massachusetts.told == massachusetts.words
    renewal = '[renewal]\nwords = "36 hours"\nmonths = 0\nevidence = "secondary"\nsource = "x"\n'
    (boards / "counselors.toml").write_text(f"{COUNSELORS}\n{renewal}", "utf-8")
    assert "renewal.months: '0' is not a whole number from 1 to 120" in faults(boards)[0]


def test_a_board_without_words_to_print_is_refused(boards: Path) -> None:
    cut = COUNSELORS[: COUNSELORS.index("[[statement]]")]
    (boards / "counselors.toml").write_text(cut, "utf-8")
    assert "has no [[statement]] to print for it" in faults(boards)[0]


def test_a_missing_folder_of_regimes_says_so(tmp_path: Path) -> None:
    assert "is no folder of regime files" in faults(tmp_path / "none")[0]


SHIPPED_APPROVALS = """
[[approval]]
credential = "aswb-ace"
holder = "Smith College School for Social Work"
number = "#1234"
valid_from = 2019-05-08
valid_to = 2022-05-08
checked_on = 2020-02-01

[[approval]]
credential = "nbcc"
holder = "Smith College School for Social Work"
number = "6323"
valid_from = 2019-01-01
checked_on = 2020-02-01

[verify]"""
SHIPPED_CREDITS = """
[[credit]]
credential = "aswb-ace"
hours = 6

[[credit]]
credential = "nbcc"
hours = 6

[[co_sponsor]]"""


def test_the_words_of_ace_and_nbcc_are_those_seen_on_certificates(
    new_office: OfficeFolder,
) -> None:
    # docs/spec/regulations.md 3.4 and 3.5.
    office = read_office(new_office.rewrite("cecert.toml", ("[verify]", SHIPPED_APPROVALS)))
    reading = read_course(
        new_office.rewrite("course.toml", ("[[co_sponsor]]", SHIPPED_CREDITS)),
        office,
        new_office.regimes,
    )
    assert reading.course is not None
    school = "Smith College School for Social Work"
    assert [each.statement for each in reading.course.credit_lines[4:]] == [
        (
            f"{school}, provider #1234, is approved as an ACE provider to offer social work "
            "continuing education by the Association of Social Work Boards (ASWB) Approved "
            "Continuing Education (ACE) program. Regulatory boards are the final authority on "
            "courses accepted for continuing education credit. ACE provider approval period: "
            "5/8/2019-5/8/2022. Social workers completing this course receive 6 continuing "
            "education credits."
        ),
        (
            f"{school} has been approved by NBCC as an Approved Continuing Education Provider, "
            "ACEP No. 6323. Programs that do not qualify for NBCC credit are clearly identified. "
            f"{school} is solely responsible for all aspects of the programs."
        ),
    ]


def test_the_board_of_the_how_to_can_be_read(tmp_path: Path) -> None:
    how_to = (TEMPLATES.parent / "docs" / "how-to" / "add-a-board.md").read_text("utf-8")
    (example,) = (each for each in how_to.split("```toml")[1:] if "in_token" in each)
    text = textwrap.dedent(example.partition("```")[0])
    (tmp_path / "nj-social-work.toml").write_text(text, "utf-8")
    regimes = read_regimes(SHIPPED, tmp_path)
    assert regimes["nj-social-work"].number_policy is NumberPolicy.OPTIONAL
