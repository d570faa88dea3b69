"""How far a call walks: what one more row takes is counted, so that it does not grow unseen.

In a process of its own: what other tests have loaded or drawn already shortens some walks and
lengthens others.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

MOST = {
    "a completion row to a sealed file": 305,  # 238 before claims, an hour and wrong types
    "a QR link to its outcome": 260,  # 199 before the log was asked
    "a Zoom row to a cell": 170,  # 129 before connections stood in columns
}
"""Changes of file that a row may take."""


def test_a_row_takes_no_more_changes_of_file() -> None:
    script = Path(__file__).parents[2] / "benchmarks" / "journeys.py"
    run = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
    for journey, most in MOST.items():
        (changes,) = re.findall(rf"{journey}: \d+ files, (\d+) changes of file a row", run.stdout)
        assert 0 < int(changes) < most, journey
