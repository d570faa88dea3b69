"""Nobody twice, nobody never, nobody somebody else's: senders are killed at any moment.

Permanent tests 2 and 3 of MAIL; `make chaos` runs the long ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SUPPORT = Path(__file__).parents[1] / "support"


def campaign(folder: Path, url: str, *words: str) -> dict[str, float]:
    # A process of its own: it forks, which a process with threads must not.
    command = [sys.executable, str(SUPPORT / "campaign.py"), str(folder), url, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    outcome: dict[str, float] = json.loads(done.stdout)
    return outcome


def assert_kept(outcome: dict[str, float]) -> None:
    broken = ("duplicates", "missing", "wrong", "unfinished", "failed_taken")
    assert [outcome[each] for each in broken] == [0] * len(broken), outcome


def test_a_sender_that_is_killed_ten_times_hands_over_every_mail_once(
    tmp_path: Path, empty_url: str
) -> None:
    outcome = campaign(tmp_path, empty_url, "mails=300", "kills=10")
    assert_kept(outcome)
    # What was caught at the final dot is uncertain, and nearly all of it was taken.
    assert outcome["mails"] == 300
    assert outcome["accepted"] >= 300 - outcome["uncertain"] + outcome["uncertain_taken"]
    assert outcome["uncertain"] <= 10 * 4


def test_a_reaper_that_takes_the_living_for_dead_makes_no_duplicate(
    tmp_path: Path, empty_url: str
) -> None:
    outcome = campaign(tmp_path, empty_url, "mails=40", "kills=0", "senders=2", "reaper=4")
    assert_kept(outcome)
    # Nobody died, so the late answers settled what was presumed lost.
    assert outcome["accepted"] == 40
    assert outcome["uncertain"] == 0
