"""A retired key's window: no longer than what was issued needs, and no shorter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.trust.key_ends import UNDERWAY, last_second

SECONDS = st.integers(1_600_000_000, 1_800_000_000)


@given(SECONDS, st.integers(1, 400 * 86_400), SECONDS, st.none() | SECONDS)
def test_the_window_ends_soon_after_retirement_and_newest_issue_and_never_grows(
    first: int, length: int, retired: int, newest: int | None
) -> None:
    end = last_second(first, first + length, retired, newest)
    assert first < end <= first + length
    latest = retired if newest is None else max(retired, newest)
    if first < latest + UNDERWAY <= first + length:
        assert end == latest + UNDERWAY
    if newest is not None and first <= newest <= first + length:
        assert newest <= end
