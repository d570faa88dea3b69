"""A page's words against its token: every fact, and nothing but."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.certificate.phrases import replaces_words
from cecert.domain.certificate.printed_text import differences
from cecert.domain.token.claims import Claims, Credit
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import dates_phrase

CLAIMS = Claims(
    issued_at=1_604_588_400,
    certificate_id=CertificateId(bytes(range(10))),
    recipient="Ana Ruiz",
    title="Mentalization Based Treatment",
    session_dates=(date(2020, 10, 22), date(2020, 10, 29)),
    hours=600,
    credits=(Credit(1, "0169", 600), Credit(2, None, 550)),
    status=(1, 7),
    delivery=2,
)
LINES = [
    "This certifies that",
    "Ana Ruiz",
    "attended every session in full and met all requirements of",
    "Mentalization Based Treatment",
    "Thursdays, October 22 and 29, 2020, 1:00 to 4:15 p.m. Eastern Time (EDT)",
    "6",
    "contact hours",
    "5.5",
    "CE hours",
    f"Certificate {CLAIMS.certificate_id}",
]


def facts(lines: list[str], claims: Claims = CLAIMS) -> list[str]:
    return [each.fact for each in differences(lines, claims)]


def changed(old: str, new: str) -> list[str]:
    assert old in " ".join(LINES)
    return [line.replace(old, new) for line in LINES]


def test_a_page_that_says_what_its_token_says_has_no_difference() -> None:
    assert facts(LINES) == []


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("Ana Ruiz", "Ann Ruiz", "name"),
        ("Ana Ruiz", "Ana Ruiz, Ph.D.", "name"),
        ("Mentalization", "Mentalisation", "title"),
        ("October 22", "October 21", "dates"),
        ("29, 2020", "29, 2021", "dates"),
        ("5.5", "6.5", "hours"),
        (str(CLAIMS.certificate_id), "ZZZZ-ZZZZ-ZZZZ-ZZZZ", "id"),
    ],
)
def test_each_fact_that_differs_is_named(old: str, new: str, fact: str) -> None:
    assert facts(changed(old, new)) == [fact]


def test_an_hour_too_many_or_too_few_is_a_difference() -> None:
    assert facts([*LINES, "3"]) == ["hours"]
    assert facts([line for line in LINES if line != "6"]) == ["hours"]


def test_a_second_page_may_say_the_hours_again_but_no_others() -> None:
    assert facts([*LINES, "6", "5.5"]) == []
    assert facts([*LINES, "6", "6"]) == ["hours"]


def test_a_title_that_is_a_figure_is_no_hour() -> None:
    lines = changed("Mentalization Based Treatment", "101")
    assert facts(lines, replace(CLAIMS, title="101")) == []


def test_names_and_titles_may_stand_on_up_to_three_lines() -> None:
    lines = [
        *LINES[:1],
        "Ana",
        "Ruiz",
        *LINES[2:3],
        "Mentalization",
        "Based",
        "Treatment",
        *LINES[4:],
    ]
    assert facts(lines) == []
    assert facts([each if each != "Based" else "Ba\nsed" for each in lines]) == []


def test_what_readers_of_pdf_differ_in_does_not_count() -> None:
    assert facts(changed("Ana Ruiz", " Ana  Ruiz ")) == []
    hebrew = replace(CLAIMS, recipient="דניאל (Dan) כהן")
    assert facts(changed("Ana Ruiz", "כהן (Dan)דניאל"), hebrew) == []
    thai = replace(CLAIMS, recipient="สำราญ ใจดี")
    assert facts(changed("Ana Ruiz", "สำ\N{ZERO WIDTH SPACE}ราญ ใจดี"), thai) == []


def test_a_name_of_other_letters_in_the_same_script_is_a_difference() -> None:
    hebrew = replace(CLAIMS, recipient="דניאל כהן")
    assert facts(changed("Ana Ruiz", "דניאל לוי"), hebrew) == ["name"]


@given(
    st.lists(st.dates(date(2019, 1, 1), date(2022, 12, 31)), min_size=1, max_size=12, unique=True)
)
def test_dates_are_found_however_they_are_joined(days: list[date]) -> None:
    held = tuple(sorted(days))
    lines = changed("October 22 and 29, 2020", dates_phrase(held))
    assert facts(lines, replace(CLAIMS, session_dates=held)) == []


def test_dates_on_lines_of_their_own_are_found_and_impossible_ones_are_none() -> None:
    lines = changed("October 22 and 29, 2020", "October 22, 2020")
    assert facts([*lines, "October 29, 2020"]) == []
    assert facts([*lines, "February 30, 2020"]) == ["dates"]


def test_a_difference_says_both_sides() -> None:
    (found,) = differences(changed("Ana Ruiz", "Ann Ruiz"), CLAIMS)
    assert str(found) == "name: certified 'Ana Ruiz', printed 'Ann Ruiz'"
    (found,) = differences(["Mentalization Based Treatment", *LINES[4:]], CLAIMS)
    assert found.printed == "nothing that could be told"


def test_a_page_may_name_the_certificate_it_replaces_and_no_other() -> None:
    old, other = CertificateId(bytes(10)), CertificateId(b"x" * 10)
    corrected = replace(CLAIMS, replaces=old)
    assert facts(LINES, corrected) == []  # papers of before do not say it
    assert facts([*LINES, replaces_words(old)], corrected) == []
    assert facts([*LINES, replaces_words(other)], corrected) == ["replaces"]
    assert facts([*LINES, replaces_words(old)]) == ["replaces"]
