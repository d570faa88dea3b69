"""Cells: what each column takes, and every way a cell can be bad."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lists import cells, read_rows, told

from cecert.domain.decision.completion_record import CompletionRecord


def only(folder: Path, **changes: str) -> CompletionRecord:
    listed = read_rows(folder, cells(**changes))
    assert told(listed) == []
    (record,) = listed.records
    return record


def test_a_full_row_becomes_a_record(tmp_path: Path) -> None:
    record = only(
        tmp_path,
        participant_id="P-17",
        name="Rosa Núñez de la Cruz",
        credentials="ny-social-work; ma-social-work",
        licenses="NY LMSW 012345; MA LICSW 1234",
        post_test="85",
        role="participant",
    )
    assert record.identity == "P-17"
    assert record.name == "Rosa Núñez de la Cruz"
    assert record.credentials == ("ny-social-work", "ma-social-work")
    assert [str(each) for each in record.licenses] == ["NY LMSW 012345", "MA LICSW 1234"]
    assert record.attended == {"day-1", "day-2"}
    assert record.evaluation == date(2020, 10, 30)
    assert record.attestation == datetime(2020, 10, 30, 13, tzinfo=UTC)
    assert record.post_test == Decimal(85)
    assert (record.visible, record.fee_paid) == (True, True)
    assert record.place == "row 2"


def test_identity_is_the_address_casefolded_where_there_is_no_id(tmp_path: Path) -> None:
    record = only(tmp_path, email="Ana.Ruiz@Example.ORG")
    assert record.email == "Ana.Ruiz@Example.ORG"
    assert record.identity == "ana.ruiz@example.org"


@pytest.mark.parametrize(
    "name",
    [
        "van der Berg, McDonald & sons",
        "de la CRUZ",
        "bell hooks",
        "Nguyễn Thị Ánh Tuyết",
        "Þórdís Żółkiewska-Ştefănescu, Ph.D.",
        "Ольга Щербакова",
        "Αλεξάνδρα Παπαδοπούλου",
        "محمد العلي",
        "王小明",
        "O\N{RIGHT SINGLE QUOTATION MARK}Brien-Smith Jr., LCSW-R",
    ],
)
def test_a_name_is_never_re_cased(tmp_path: Path, name: str) -> None:
    assert only(tmp_path, name=name).name == name


def test_a_name_is_composed_and_its_spaces_are_single(tmp_path: Path) -> None:
    assert only(tmp_path, name="  Rosa\u00a0 Nu\u0301n\u0303ez ").name == "Rosa Núñez"


def test_the_guard_against_formulas_is_taken_off(tmp_path: Path) -> None:
    assert only(tmp_path, participant_id="'-17", review="'=two people?").identity == "-17"
    assert only(tmp_path, name="'t Hooft").name == "'t Hooft"


def test_empty_cells_say_nothing_rather_than_no(tmp_path: Path) -> None:
    record = only(
        tmp_path,
        credentials="",
        attended="",
        visible="",
        evaluation="",
        attestation="",
        fee_paid="",
    )
    assert record.credentials == ()
    assert record.attended == frozenset()
    assert (record.visible, record.evaluation, record.attestation) == (None, None, None)
    assert (record.fee_paid, record.post_test) == (None, None)


@pytest.mark.parametrize(
    ("word", "value"),
    [("yes", True), ("Y", True), ("TRUE", True), ("1", True), ("no", False), ("N", False),
     ("False", False), ("0", False), ("", None)],
)  # fmt: skip
def test_yes_and_no_in_the_words_spreadsheets_use(
    tmp_path: Path,
    word: str,
    value: bool | None,
) -> None:
    assert only(tmp_path, fee_paid=word).fee_paid is value


@pytest.mark.parametrize(
    ("cell", "score"),
    [("85", "85"), ("85.5", "85.5"), ("85,5", "85.5"), ("85 %", "85"), ("0", "0")],
)
def test_a_score_is_a_number_of_per_cent(tmp_path: Path, cell: str, score: str) -> None:
    assert only(tmp_path, post_test=cell).post_test == Decimal(score)


def test_a_credential_type_not_offered_is_no_bad_cell_but_a_denial_later(tmp_path: Path) -> None:
    assert only(tmp_path, credentials="nbcc").credentials == ("nbcc",)


def test_an_evaluation_on_the_last_day_is_read(tmp_path: Path) -> None:
    assert only(tmp_path, evaluation="2020-10-29").evaluation == date(2020, 10, 29)


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("name", "   ", "is blank"),
        ("name", "A\x07na", "holds U+0007"),
        ("name", "Ana\nRuiz", "holds U+000A"),
        ("name", "Ana\u202eziuR", "holds U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("name", "A\x01na", "holds U+0001"),
        ("name", "ana@example.org", "is an e-mail address, not a name"),
        ("name", "undefined", "is a placeholder, not a name"),
        ("name", "TRUE", "is a placeholder, not a name"),
        ("name", "12345", "has no letter"),
        ("name", "Rosa N\ufffdñez", "holds a character that was lost on the way"),
        ("name", "Rosa N?ñez", "holds a character that was lost on the way"),
        ("name", "Ana ?lvarez", "holds a character that was lost on the way"),
        ("name", "Ren&eacute;e Roy", "holds markup; is it 'Renée Roy'?"),
        ("name", "Rosa NÃºÃ±ez", "looks like 'Rosa Núñez' in a wrong encoding"),
        ("name", "x" * 81, "has 81 characters, 80 fit the certificate's code"),
        ("name", "é" * 61, "has 122 bytes in UTF-8, 120 fit the certificate's code"),
        ("name", "x" * 1_000_000, "has 1000000 characters, at most 2000"),
        ("email", "", "is missing"),
        ("email", "ana", "is not an e-mail address"),
        ("email", "ana@", "has no mail host after the @"),
        ("email", "ana@host", "has no mail host after the @"),
        ("email", "ana@example.org\r\nBcc: eve@example.org", "a space or a control character"),
        ("email", "ana ruiz@example.org", "a space or a control character"),
        ("email", "a@example.org; b@example.org", "a space or a control character"),
        ("participant_id", "P\x01", "holds U+0001"),
        ("participant_id", "P" * 101, "has 101 characters, at most 100"),
        ("credentials", "ny-socialwork", "no regime file knows (did you mean ny-social-work?)"),
        ("credentials", "zzz", "is a credential type no regime file knows"),
        ("credentials", "nbcc;zzz", "names 'zzz', a credential type no regime file knows"),
        ("credentials", "ny-social-work;ny-social-work", "asks for one credential type twice"),
        ("licenses", "012345", "is not STATE TITLE NUMBER"),
        ("licenses", "NY LMSW 1; NY LMSW 1", "names the same licence twice"),
        ("attended", "day-3", "is no session of the course (did you mean day-"),
        ("attended", "day-1;day-3", "names 'day-3', no session of the course"),
        ("attended", "day-1, day-2", "its sessions are day-1, day-2, or all"),
        ("attended", "all; day-1", "names 'all', no session of the course"),
        ("visible", "maybe", "is neither yes nor no"),
        ("fee_paid", "10 $", "is neither yes nor no"),
        ("evaluation", "done", "is not a date such as 2020-10-30"),
        ("evaluation", "2020-13-01", "is not a date such as"),
        ("evaluation", "2020-02-30", "is not a date such as"),
        ("evaluation", "44134", "is not a date such as"),
        ("evaluation", "2020-11-06", "lies in the future"),
        ("attestation", "2020-11-05T10:01:00-05:00", "lies in the future"),
        ("post_test", "NaN", "is not a number of per cent from 0 to 100"),
        ("post_test", "inf", "is not a number of per cent from 0 to 100"),
        ("post_test", "-1", "is not a number of per cent from 0 to 100"),
        ("post_test", "101", "is not a number of per cent from 0 to 100"),
        ("post_test", "٨٥", "is not a number of per cent from 0 to 100"),
        ("post_test", "passed", "is not a number of per cent"),
        ("role", "cook", "is no role; it is empty or one of host, instructor, participant, staff"),
        ("review", "who\x08?", "holds U+0008"),
    ],
)
def test_each_bad_cell_says_row_column_value_and_what_would_be_right(
    tmp_path: Path, column: str, cell: str, problem: str
) -> None:
    listed = read_rows(tmp_path, cells(**{column: cell}))
    assert listed.records == ()
    (fault,) = listed.faults
    assert fault.place == f"completions.csv: row 2, column {column}"
    assert fault.value == cell
    assert problem in fault.problem
    assert len(str(fault)) < 300


def test_a_date_that_is_today_at_the_course_is_not_in_the_future(tmp_path: Path) -> None:
    assert only(tmp_path, evaluation="2020-11-05").evaluation == date(2020, 11, 5)


def test_every_bad_cell_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    listed = read_rows(
        tmp_path,
        cells(name="undefined", email="ana@"),
        cells(email="b@example.org"),
        cells(email="c@example.org", visible="?", evaluation="soon", role="cook"),
    )
    assert [each.place.removeprefix("completions.csv: ") for each in listed.faults] == [
        "row 2, column name",
        "row 2, column email",
        "row 4, column visible",
        "row 4, column evaluation",
        "row 4, column role",
    ]
    assert [each.email for each in listed.records] == ["b@example.org"]
