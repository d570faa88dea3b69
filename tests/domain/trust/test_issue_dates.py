"""What was issued later than it is now."""

from __future__ import annotations

import pytest

from cecert.domain.trust.issue_dates import is_ahead, issue_date


@pytest.mark.parametrize(("issued_at", "ahead"), [(1300, False), (1301, True), (0, False)])
def test_300_seconds_are_the_difference_of_two_clocks(issued_at: int, *, ahead: bool) -> None:
    assert is_ahead(issued_at, 1000) is ahead


@pytest.mark.parametrize("second", [1 << 62, -(1 << 62), 10**40])
def test_a_second_that_no_calendar_has_is_said_as_it_is(second: int) -> None:
    assert issue_date(second) == f"second {second}"
