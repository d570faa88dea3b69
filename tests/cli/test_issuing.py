"""`issue` when something breaks in the middle of a run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "name,email,credentials,attended,visible,evaluation,attestation,fee_paid\n"
ROW = "Person {0},p{0}@example.org,ny-social-work,all,yes,2020-10-30,2020-10-30,yes\n"
FULL = """\
CREATE TRIGGER full BEFORE INSERT ON certificate
WHEN (SELECT count(*) FROM certificate) >= 6
BEGIN SELECT RAISE(FAIL, 'the disk is full'); END
"""


def test_a_run_that_breaks_says_what_stands_and_the_next_one_finishes(
    issued_office: Path,
    cecert: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cecert.workflows.issue.GROUP", 1)
    people = issued_office / "more.csv"
    people.write_text(HEADER + "".join(ROW.format(each) for each in "ABC"), "utf-8")
    with sqlite3.connect(issued_office / "ledger.db") as ledger:
        ledger.execute(FULL)
    status, out, err = cecert("issue", "course.toml", "more.csv")
    assert (status, out) == (1, "")
    assert "cecert: error: " in err
    assert "stopped after 1 certificates, which stand; run the command again to finish" in err
    with sqlite3.connect(issued_office / "ledger.db") as ledger:
        ledger.execute("DROP TRIGGER full")
    status, _, err = cecert("issue", "course.toml", "more.csv")
    assert (status, err.splitlines()[-1]) == (0, "cecert: 2 issued, 0 denied, 1 already issued")
