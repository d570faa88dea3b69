"""Approvals: in force from the first day to the last, both included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from claims import APPROVAL


def test_the_first_and_the_last_day_are_in_force() -> None:
    first, last = date(2019, 1, 1), date(2021, 12, 31)
    assert APPROVAL.days_out_of_force([first, last]) == []
    assert APPROVAL.days_out_of_force([date(2018, 12, 31), date(2022, 1, 1)]) == [
        date(2018, 12, 31),
        date(2022, 1, 1),
    ]


def test_without_an_end_it_is_in_force_for_ever() -> None:
    assert replace(APPROVAL, valid_to=None).days_out_of_force([date(9999, 12, 31)]) == []


def test_dates_reversed_are_refused() -> None:
    with pytest.raises(ValueError, match="ends 2018-01-01, before it begins 2019-01-01"):
        replace(APPROVAL, valid_to=date(2018, 1, 1))


@pytest.mark.parametrize(("listed", "number"), [("#0169", "0169"), ("# 0169 ", "0169"), ("", "")])
def test_the_token_carries_the_number_without_its_sign(listed: str, number: str) -> None:
    assert replace(APPROVAL, number=listed).listed_number == number
