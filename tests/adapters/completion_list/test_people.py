"""Who is in a list twice, and who shares an address."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lists import cells, read_rows, told

from cecert.adapters.completion_list.people import Person, repetitions


def test_a_row_twice_is_an_error_that_shows_both_rows(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(), cells(email="b@example.org", name="Bo Li"), cells())
    assert told(listed) == [
        (
            "completions.csv: row 4, column email: 'Ana Ruiz <ana.ruiz@example.org>' is the same "
            "person again: row 2 is Ana Ruiz <ana.ruiz@example.org> (keep one of the two rows)"
        )
    ]
    assert [each.name for each in listed.records] == ["Bo Li"]


def test_case_of_an_address_makes_no_second_person(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(), cells(email="ANA.RUIZ@example.org", name="Ana R. Ruiz"))
    assert len(listed.faults) == 1
    assert listed.records == ()


def test_two_people_with_one_address_are_an_error(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(participant_id="P1"), cells(name="Luis Ruiz"))
    assert told(listed) == [
        (
            "completions.csv: row 3, column email: 'Luis Ruiz <ana.ruiz@example.org>' has the "
            "address of another row: row 2 is Ana Ruiz <ana.ruiz@example.org>, participant_id P1 "
            "(give both rows a participant_id if they are two people)"
        )
    ]
    assert listed.records == ()


def test_two_names_with_one_address_are_asked_for_ids(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(), cells(name="Luis Ruiz"))
    assert "has the address of another row: row 2 is Ana Ruiz" in told(listed)[0]
    assert "(give both rows a participant_id if they are two people)" in told(listed)[0]


def test_participant_ids_tell_two_people_with_one_address_apart(tmp_path: Path) -> None:
    listed = read_rows(
        tmp_path, cells(participant_id="P1"), cells(participant_id="P2", name="Luis Ruiz")
    )
    assert told(listed) == []
    assert [each.identity for each in listed.records] == ["P1", "P2"]


def test_one_id_for_two_rows_is_one_person(tmp_path: Path) -> None:
    listed = read_rows(
        tmp_path,
        cells(participant_id="P1"),
        cells(participant_id="P1", name="Luis Ruiz", email="luis@example.org"),
    )
    assert "row 3, column participant_id" in told(listed)[0]
    assert listed.records == ()


def test_an_id_that_is_anothers_address_is_one_person(tmp_path: Path) -> None:
    listed = read_rows(
        tmp_path, cells(), cells(participant_id="ana.ruiz@example.org", email="b@example.org")
    )
    assert len(listed.faults) == 1


def test_name_and_address_alike_are_one_person_whatever_their_ids(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(participant_id="P1"), cells(participant_id="P2"))
    assert (
        "has the name and address of another row, under another participant_id" in told(listed)[0]
    )


def test_name_and_licence_alike_are_one_person(tmp_path: Path) -> None:
    listed = read_rows(
        tmp_path,
        cells(licenses="NY LMSW 12"),
        cells(licenses="MA LICSW 3; NY LMSW 12", email="other@example.org"),
    )
    assert "has the name and licence of another row, under another identity" in told(listed)[0]


def test_equal_names_alone_are_two_people(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(), cells(email="other@example.org"))
    assert len(listed.records) == 2


def test_a_third_row_of_a_person_is_told_as_well(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(), cells(), cells())
    assert [each.place for each in listed.faults] == [
        "completions.csv: row 3, column email",
        "completions.csv: row 4, column email",
    ]


def test_a_repetition_is_told_beside_a_bad_cell_of_the_same_row(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(), cells(name="undefined"))
    assert len(listed.faults) == 2
    assert listed.records == ()


PEOPLE = st.builds(
    Person,
    row=st.just(0),
    name=st.sampled_from(["Ana", "Bo"]),
    email=st.sampled_from(["a@x.test", "A@x.test", "b@x.test", ""]),
    participant_id=st.sampled_from(["", "P1", "P2"]),
)


@given(st.lists(PEOPLE, max_size=6))
def test_without_a_repetition_all_identities_differ(people: list[Person]) -> None:
    known = [each for each in people if each.identity]
    if not repetitions(people):
        assert len({each.identity for each in known}) == len(known)
