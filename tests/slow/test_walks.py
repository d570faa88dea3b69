"""How far a call walks: what one more row takes is counted, so that it does not grow unseen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from journeys import JOURNEYS, PASSPHRASE, ROWS, walked

pytestmark = pytest.mark.slow

MOST = {"a completion row to a sealed file": 250, "a Zoom row to a cell": 150}
"""Changes of file that a row may take."""


@pytest.mark.parametrize("journey", MOST)
def test_a_row_takes_no_more_changes_of_file(journey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "CECERT_KEY_PASSPHRASE", PASSPHRASE)
    # The first run loads what is loaded late.
    _, two, three = [walked(people, JOURNEYS[journey]) for people in (2, 2, 3)]
    assert 0 < (three.changes - two.changes) / ROWS.get(journey, 1) < MOST[journey]
