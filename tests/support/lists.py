"""Completion lists for tests: a header, rows, and the course of the sample seminar."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cecert.adapters.completion_list import read_completions
from cecert.ports import CompletionList
from cecert.testing import sample_course

KNOWN = frozenset({"ny-social-work", "ma-social-work", "apa-psychology", "attendance", "nbcc"})
NOW = datetime(2020, 11, 5, 15, 0, tzinfo=UTC)

HEADER = (
    "participant_id", "name", "email", "credentials", "licenses", "attended", "visible",
    "evaluation", "attestation", "post_test", "fee_paid", "role", "review",
)  # fmt: skip


def cells(**changes: str) -> dict[str, str]:
    """Return the row of somebody who has done everything, with *changes*."""
    row = dict.fromkeys(HEADER, "") | {
        "name": "Ana Ruiz",
        "email": "ana.ruiz@example.org",
        "credentials": "ny-social-work",
        "attended": "all",
        "visible": "yes",
        "evaluation": "2020-10-30",
        "attestation": "2020-10-30T09:00:00-04:00",
        "fee_paid": "yes",
    }
    assert set(changes) <= set(HEADER)
    return row | changes


def quoted(cell: str) -> str:
    """Return *cell* as CSV writes it."""
    return '"' + cell.replace('"', '""') + '"'


def csv_text(*rows: dict[str, str], delimiter: str = ",", end: str = "\r\n") -> str:
    """Return a list as CSV text."""
    lines = [HEADER, *([row[name] for name in HEADER] for row in rows)]
    return "".join(delimiter.join(map(quoted, line)) + end for line in lines)


def read(path: Path) -> CompletionList:
    """Read a list of the sample seminar at `NOW`."""
    return read_completions(path, sample_course(), KNOWN, NOW)


def read_rows(folder: Path, *rows: dict[str, str]) -> CompletionList:
    """Write *rows* as a CSV file and read it."""
    path = folder / "completions.csv"
    path.write_text(csv_text(*rows), "utf-8", newline="")
    return read(path)


def told(listed: CompletionList) -> list[str]:
    """Return the faults as a person sees them."""
    return [str(each) for each in listed.faults]
