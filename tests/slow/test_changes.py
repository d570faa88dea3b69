"""Twenty thousand events by four writers, read meanwhile: none is missed, or told twice."""

from __future__ import annotations

import pytest
from change_races import everything_told, raced
from ledgers import url

__all__ = ["url"]

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_of_twenty_thousand_events_each_is_told_once_and_in_order(url: str) -> None:
    written, read = raced(url, 5_000, 30)
    assert list(everything_told(written, read)) == []
    assert len(read) == 20_000
