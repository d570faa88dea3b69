"""The list of whom to remind that `issue` writes, and the addresses in its report."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
PETER = "peter.lindqvist@mail.test"
DANA = "dana.whitfield@example.org"


@pytest.fixture
def office(issued_office: Path) -> Path:
    """The office, whose course reminds until a day that every test knows."""
    course = issued_office / "course.toml"
    text = course.read_text("utf-8")
    text = text.replace("[course]\n", "[course]\nremind_until = 2099-12-31\n", 1)
    course.write_text(text, "utf-8")
    return issued_office


def test_issue_writes_whom_to_remind_for_a_mail_merge(cecert: Run, office: Path) -> None:
    path = office / "completions.csv"
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace("Peter Lindqvist", "'=HYPERLINK(1) Lindqvist"), "utf-8")
    _, _, err = cecert("issue", "course.toml")
    assert "whom to remind: completions.mail-merge.csv" in err
    merged = office / "completions.mail-merge.csv"
    assert merged.read_bytes().startswith(b"\xef\xbb\xbf")
    assert merged.stat().st_mode & 0o777 == 0o600
    (row,) = csv.DictReader(merged.read_text("utf-8-sig").splitlines())
    assert row == {
        "name": "'=HYPERLINK(1) Lindqvist",
        "email": PETER,
        "course": "Mentalization Based Treatment",
        "dates": "October 22 and 29, 2020",
        "missing": "evaluation, attestation, fee",
        "sentence": "We have not received your course evaluation. We have not received your signed"
        " statement that you attended. The CE fee is still open.",
        "by": "December 31, 2099",
    }


def test_the_list_for_a_mail_merge_goes_when_nobody_owes_anything(
    cecert: Run, office: Path
) -> None:
    merged = office / "completions.mail-merge.csv"
    cecert("issue", "course.toml")
    assert merged.is_file()
    path = office / "completions.csv"
    rows = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join(each for each in rows if PETER not in each), "utf-8")
    cecert("issue", "course.toml")
    assert not merged.exists()


def test_the_report_of_issue_has_addresses_and_commands(cecert: Run, office: Path) -> None:
    cecert("issue", "course.toml")
    page = (office / "completions.issue.html").read_text("utf-8")
    assert PETER in page
    assert DANA in page
    assert "cecert mail remind mbt-2020-10" in page
    assert "cecert mail tell-denied mbt-2020-10" in page
