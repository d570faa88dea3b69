"""Two commands at once, fixed samples; `tests/slow` has every pair at every storage call."""

from __future__ import annotations

import pytest
from matrix import run_between, run_cell
from matrix_made import Fresh, fresh, made_office
from sampled import further

__all__ = ["fresh", "made_office"]

SAMPLE = (
    ("publish", "revoke", "rename site/status/1.st", 0),
    ("issue", "compromise", "begin to write the ledger", 0),
    ("issue", "issue", "begin to write the ledger", 0),
    ("deliver", "revoke", "begin to write the ledger", 3),  # the mark before the final dot
    ("audit", "compromise", "read keys/keys.toml", 0),
    ("collect", "override", "rename completions.evidence.json", 0),
    ("succeed", "compromise", "begin to write the ledger", 0),
)
FURTHER = (
    ("publish", "publish", "rename site/index.html", 0),
    ("sign", "publish", "rename keys/trust.cose", 0),
    ("compromise", "issue", "rename keys/trust.cose", 0),
    ("issue", "retire", "begin to write the ledger", 0),
    ("correct", "rotate", "begin to write the ledger", 0),
    ("deliver", "revoke", "write sent.jsonl", 0),
    ("resend", "revoke", "begin to write the ledger", 0),
    ("compromise", "audit", "rename keys/trust.cose", 0),
    ("collect", "decide", "rename completions.csv", 0),
    ("override", "override", "rename overrides.toml", 0),
    ("publish", "succeed", "read keys/trust.cose", 1),
    ("issue", "succeed", "read keys/trust.cose", 0),
    ("quarantine", "deliver", "begin to write the ledger", 0),
    ("deliver", "quarantine", "begin to write the ledger", 3),
    ("resolve", "retry", "begin to write the ledger", 0),
    ("bounces", "revoke", "begin to write the ledger", 0),
    ("export", "issue", "begin to write the ledger", 0),
)
"""What `make check` and CI ask too: one cell takes most of a second."""


@pytest.mark.parametrize(
    ("first", "second", "at", "number"),
    [*SAMPLE, *further(FURTHER)],
)
def test_neither_of_two_commands_at_once_undoes_the_other(
    fresh: Fresh, first: str, second: str, at: str, number: int
) -> None:
    with fresh() as office:
        cell = run_cell(office, first, second, number, at)
    assert cell.call.startswith(at), "it never came to that call"
    assert cell.findings == [], (cell.first, cell.second)


@pytest.mark.parametrize(
    ("entering", "changing"),
    [
        ("issue", "compromise"),
        ("correct", "rotate"),
        *further(
            [
                ("issue", "retire"),
                ("issue", "rotate"),
                ("correct", "compromise"),
                ("correct", "retire"),
            ]
        ),
    ],
)
def test_nothing_is_entered_while_half_of_the_keys_is_changed(
    fresh: Fresh, entering: str, changing: str
) -> None:
    with fresh() as office:
        assert run_between(office, entering, changing) == []
