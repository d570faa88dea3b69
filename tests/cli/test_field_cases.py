"""Cases from the field: rows that name two people, tables that spreadsheets made.

The cases stand in `../shared/field/evidence`, with what is right in words.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cecert.office import create_office

CASES = Path(__file__).parents[2] / "../shared/field/evidence"
pytestmark = pytest.mark.shared

Cecert = Callable[..., tuple[int, str, str]]
ORDER = (
    "--registrations", "reg.csv", "--attendance", "oct22.csv", "--attendance", "oct29.csv",
    "--evaluation", "eval.csv", "--attestation", "eval.csv", "--visibility", "visible.csv",
    "--timezone", "America/New_York", "--date-order", "MDY", "-o", "completions.csv",
)  # fmt: skip
EVERY = {"Maren Okafor": "MET", "Tobias Lindqvist": "MET", "Wanda Achterberg": "MET"}


@pytest.mark.parametrize(
    ("case", "right", "asked"),
    [
        (
            "02-teams-webinar-registration-email",
            EVERY,
            [],
        ),
        (
            "07b-zoom-report-host-email-first",
            EVERY | {"Tobias Lindqvist": "NOT_MET"},
            [],
        ),
        (
            "16-sep-line",
            EVERY,
            [],
        ),
        (
            "30-titles-pronouns-no-email",
            dict.fromkeys(EVERY, "REVIEW"),
            list(EVERY),
        ),
        (
            "31-joined-on-somebody-elses-account",
            EVERY | {"Maren Okafor": "REVIEW", "Tobias Lindqvist": "REVIEW"},
            ["Maren Okafor and Tobias Lindqvist"],
        ),
    ],
)
def test_a_row_is_read_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cecert: Cecert,
    case: str,
    right: dict[str, str],
    asked: list[str],
) -> None:
    create_office(tmp_path / "office")
    shutil.copytree(CASES / case, tmp_path / "office", dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / "office")
    Path("completions.csv").unlink()
    status, out, _ = cecert("collect", "course.toml", *ORDER, "--json")
    found = json.loads(out)
    assert (status, {each["name"]: each["status"] for each in found["participants"]}) == (0, right)
    assert len(found["questions"]) == len(asked)
    assert all(name in text for name, text in zip(asked, found["questions"], strict=True))
