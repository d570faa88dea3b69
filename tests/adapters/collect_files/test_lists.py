"""Registrations and an office's own lists: every bad cell at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cecert.adapters.collect_files.lists import is_office_list, read_list
from cecert.adapters.collect_files.registrations import read_registrations
from cecert.adapters.completion_list import cell_readers
from cecert.adapters.tables.cells import unguarded
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.lists import ListTable
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.done import Done
from cecert.errors import InputError
from cecert.testing import sample_course

READERS = cell_readers(sample_course(), frozenset({"ny-social-work", "attendance"}))
ZONE = ZoneInfo("America/New_York")


def table(*rows: tuple[str, ...]) -> ListTable:
    header, *rest = rows
    return ListTable(header, tuple(Row(at, cells, at) for at, cells in enumerate(rest, 2)))


def told(read: object) -> list[str]:
    with pytest.raises(InputError) as refused:
        read()  # type: ignore[operator] # called, whatever it is
    return [str(each) for each in refused.value.faults] or [str(refused.value)]


def test_registrations_are_read_by_name_whatever_case_and_order() -> None:
    rows = table(
        ("credentials", " EMAIL", "Name", "Fee-Paid", "licenses", "colour"),
        ("ny-social-work", "ana@example.org", "Ana  Ruiz", "yes", "NY LMSW 0123", "blue"),
    )
    (ana,), notes = read_registrations(rows, "reg.csv", READERS)
    assert (ana.name, ana.email, ana.fee_paid) == ("Ana Ruiz", "ana@example.org", True)
    assert (ana.credentials, str(ana.licenses[0])) == (("ny-social-work",), "NY LMSW 0123")
    assert (ana.identity, ana.place) == ("ana@example.org", "reg.csv: row 2")
    assert notes == ("reg.csv: columns not known and ignored: colour",)


def test_a_registrars_own_id_is_the_identity_and_known_columns_give_no_note() -> None:
    rows = table(
        ("name", "email", "credentials", "participant_id"), ("Ana", "a@example.org", "", "7")
    )
    (ana,), notes = read_registrations(rows, "reg.csv", READERS)
    assert (ana.identity, notes) == ("7", ())


def test_a_state_by_which_somebody_was_left_out_is_not_called_ignored() -> None:
    rows = table(
        ("name", "email", "credentials", "Status"),
        ("Ana", "a@example.org", "", "registered"),
        ("Ben", "b@example.org", "", "Cancelled"),
    )
    _, notes = read_registrations(rows, "reg.csv", READERS)
    assert notes == ("reg.csv: left out as cancelled or not admitted: Ben (row 3)",)


def test_further_addresses_are_read_and_several_in_one_cell_are_told_where_they_belong() -> None:
    rows = table(
        ("name", "email", "credentials", "further_emails"),
        ("Ana", "a@example.org", "", "ana@home.example; A@uni.example"),
        ("Ben", "b@example.org", "", ""),
    )
    (ana, ben), notes = read_registrations(rows, "reg.csv", READERS)
    assert (ana.email, ana.identity) == ("a@example.org", "a@example.org")
    assert (ana.further_emails, ben.further_emails) == (("ana@home.example", "A@uni.example"), ())
    assert notes == ()
    bad = table(
        ("name", "email", "credentials", "further_emails"),
        ("Ana", "a@example.org; ana@home.example", "", ""),
        ("Ben", "b@example.org", "", "b@"),
    )
    several, cut = told(lambda: read_registrations(bad, "reg.csv", READERS))
    assert several.startswith("reg.csv: row 2, column email: 'a@example.org; ana@home.example' has")
    assert several.endswith(" several addresses: the others belong into a column further_emails")
    assert cut == "reg.csv: row 3, column further_emails: 'b@' has no mail host after the @"


def test_every_bad_cell_of_the_registrations_is_told_at_once() -> None:
    rows = table(
        ("name", "email", "credentials"),
        ("Ana", "ana@", "ny-social-work"),
        ("", "b@example.org", "ny-socialwork"),
        ("Short row",),
    )
    found = told(lambda: read_registrations(rows, "reg.csv", READERS))
    assert [each.split(":")[1].strip() for each in found] == [
        "row 2, column email", "row 3, column name", "row 3, column credentials",
        "row 4, column email",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (
            ("name", "e-mail", "credentials"),
            "the column email is missing (is it the column e_mail?)",
        ),
        (("name", "email", "kind"), "the column credentials is missing"),
        (("name", "email", "credentials", "Name"), "the column name stands there 2 times"),
    ],
)
def test_a_header_that_lacks_or_repeats_a_column_is_refused(
    header: tuple[str, ...], problem: str
) -> None:
    rows = table(header, ("x",) * len(header))
    assert told(lambda: read_registrations(rows, "reg.csv", READERS)) == [
        f"reg.csv: header: {problem}"
    ]


def test_a_header_without_rows_registers_nobody_and_is_refused() -> None:
    empty = table(("name", "email", "credentials"))
    assert told(lambda: read_registrations(empty, "r.csv", READERS)) == [
        "r.csv has a header and no rows"
    ]


def test_a_guard_against_formulas_is_taken_off_and_an_apostrophe_is_not() -> None:
    assert [unguarded(each) for each in ("'=x", "'+1", "'-1", "'@a", "'t Hooft", "'")] == [
        "=x", "+1", "-1", "@a", "'t Hooft", "'",
    ]  # fmt: skip


def office_list(column: str, *rows: tuple[str, ...], key: str = "email") -> tuple[Done, ...]:
    return read_list(table((key, column), *rows), "list.csv", column, READERS, ZONE)[0]


def test_each_list_says_what_its_column_says() -> None:
    assert office_list("attestation", ("a@example.org", "10/30/2020"))[0].moment == date(
        2020, 10, 30
    )
    assert office_list("post_test", ("a@example.org", "85 %"))[0].score == Decimal(85)
    noted = office_list("visible", ("a@example.org", "no"), ("b@example.org", ""))
    assert [(each.key, each.noted) for each in noted] == [
        ("a@example.org", False), ("b@example.org", None),
    ]  # fmt: skip
    assert office_list("visible", ("7", "yes"), key="participant_id")[0].key == "7"


def test_a_no_and_a_blank_in_an_attestation_list_are_no_dates_and_no_bad_cells() -> None:
    rows = [("a@example.org", "10/30/2020"), ("b@example.org", "No"), ("c@example.org", "")]
    assert [(each.moment, each.said) for each in office_list("attestation", *rows)] == [
        (date(2020, 10, 30), Said.YES), (None, Said.NO), (None, Said.BLANK),
    ]  # fmt: skip


def test_a_yes_takes_its_date_from_the_evaluation_beside_it_and_is_bad_without_one() -> None:
    rows = table(
        ("email", "evaluation", "attestation"),
        ("a@example.org", "2020-10-30", "yes"), ("b@example.org", "2020-10-30", "I did not"),
    )  # fmt: skip
    (ana, ben), _ = read_list(rows, "list.csv", "attestation", READERS, ZONE)
    assert (ana.moment, ana.said, ben.said) == (date(2020, 10, 30), Said.YES, Said.NO)
    (undated,) = told(lambda: office_list("attestation", ("a@example.org", "yes")))
    assert undated.startswith("list.csv: row 2, column attestation: 'yes' does not say when (")


def test_all_that_a_row_says_of_its_person_is_kept_beside_the_key() -> None:
    header = ("participant_id", "email", "name", "licenses", "visible")
    rows = table(header, ("7", "a@example.org", "Ana Ruiz", "NY LCSW 1; MA LICSW 2", "yes"))
    (found,), _ = read_list(rows, "v.csv", "visible", READERS, ZONE)
    assert (found.key, found.further_keys, found.names) == ("7", ("a@example.org",), ("Ana Ruiz",))
    assert found.licenses == ("NY LCSW 1", "MA LICSW 2")
    assert found.keys.ids[0] == ("7", "participant id")


def test_every_bad_cell_of_a_list_is_told_at_once() -> None:
    rows = [("a@", "2020-10-30"), ("", "2020-10-30"), ("b@example.org", "soon")]
    found = told(lambda: office_list("attestation", *rows))
    assert [each.split(": ", 2)[1] for each in found] == [
        "row 2, column email", "row 4, column attestation", "row 3",
    ]  # fmt: skip
    assert found[2].endswith("has neither an address nor a participant_id")


def test_a_list_without_a_key_is_refused() -> None:
    rows = table(("name", "visible"), ("Ana", "yes"))
    assert told(lambda: read_list(rows, "v.csv", "visible", READERS, ZONE)) == [
        "v.csv: header: there is no column participant_id or email"
    ]


def test_an_office_list_is_known_by_its_columns() -> None:
    assert is_office_list(table(("E Mail", "email", "Attestation")), "attestation")
    assert not is_office_list(table(("Timestamp", "Email Address", "Q1")), "evaluation")


def test_a_cell_without_an_end_is_a_bad_cell_of_every_list() -> None:
    long = "9" * 60_000
    place = f"'{long[:59]}\u2026' has 60000 characters, at most 2000"
    rows = table(("name", "email", "credentials"), (long, "ana@example.org", ""))
    assert told(lambda: read_registrations(rows, "reg.csv", READERS)) == [
        f"reg.csv: row 2, column name: {place}"
    ]
    for column in ("attestation", "post_test"):
        listed = table(("email", column), ("ana@example.org", long))
        assert told(lambda: read_list(listed, "done.csv", column, READERS, ZONE)) == [  # noqa: B023  # called at once
            f"done.csv: row 2, column {column}: {place}"
        ]
