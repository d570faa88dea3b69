from __future__ import annotations

from decimal import Decimal

import pytest

from cecert.adapters.tables.cells import (
    duration_of,
    email_of,
    full_name,
    is_yes,
    number_of,
    score_of,
    whole_number,
)
from cecert.adapters.tables.headers import normalised


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        # Teams, by language (docs/spec/inputs.md 3)
        ("1h 42m", 6120),
        ("36s", 36),
        ("12m ", 720),
        ("2\u00a0h 44\u00a0m", 9840),
        ("59 Min. 0 Sek.", 3540),
        ("2 godz. 19 min 19 s", 8359),
        # Meet and Webex (docs/spec/inputs.md 4)
        ("58 min", 3480),
        ("1 hr 2 min", 3720),
        ("1:00:00", 3600),
        ("1 day 2 hours", 93_600),
        # what may mean two lengths, or none
        ("0:35", None),
        ("", None),
        ("5 apples", None),
        ("5", None),
        ("9" * 5000 + " min", None),
    ],
)
def test_a_length_is_read_in_the_words_of_its_platform(cell: str, seconds: int | None) -> None:
    assert duration_of(cell) == seconds


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (" ana@example.org ", "ana@example.org"),
        ("\u200fana@example.org", "ana@example.org"),
        ("mailto:ana@example.org", "ana@example.org"),
        ("'+ana@example.org", "+ana@example.org"),
        ("EMAIL", ""),
        ("ana at example.org", ""),
        ("ana@example.org bo@example.org", ""),
        ("anonymous", ""),
    ],
)
def test_a_cell_without_an_address_is_none(cell: str, address: str) -> None:
    assert email_of(cell) == address


@pytest.mark.parametrize("cell", ["Yes", "sí", "OUI", "はい", "Tak", "1"])
def test_yes_is_said_in_many_languages(cell: str) -> None:
    assert is_yes(cell)


def test_what_is_not_yes_is_no() -> None:
    assert not any(map(is_yes, ["", "No", "NA", "maybe"]))


def test_a_number_that_would_take_a_year_to_write_is_none() -> None:
    assert number_of("1e999999999") is None
    assert number_of("9" * 100) is None
    assert number_of("NaN") is None
    assert whole_number("1.5") is None
    assert whole_number(" 548") == 548


def test_a_score_has_a_highest_where_the_platform_writes_it() -> None:
    assert score_of("4 / 5") == (Decimal(4), Decimal(5))
    assert score_of("17,5") == (Decimal("17.5"), None)


def test_a_surname_may_be_na() -> None:
    # It is dropped only where two cells make a name: exports by R write NA for nothing.
    assert full_name("Ana", "NA") == "Ana"


def test_a_header_is_compared_without_what_cannot_be_seen() -> None:
    assert normalised("\ufeffJoin\u00a0 Time\u200f") == "join time"
    assert len(normalised("x" * 100_000)) == 1_000
