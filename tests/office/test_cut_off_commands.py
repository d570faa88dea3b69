"""Every command of the command line is in the campaign of kills, or it is said why not.

`tests/slow/kills_everywhere.py` cuts each of `kills.COMMANDS` off at every storage call, and has
the disk full at each. A command that is new is in no list below, and fails here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import kills
import matrix_office
import typer

from cecert.cli._commands import whole_app

CUT_OFF: Mapping[str, str] = {
    "collect": "collect", "correct": "correct", "deliver": "deliver", "export ledger": "export",
    "hooks begin": "begin", "hooks run": "hooks", "issue": "issue",
    "keys compromise": "compromise", "keys badge": "badge", "keys init": "init",
    "keys retire": "retire", "keys rotate": "rotate",
    "keys sign": "sign", "log adopt": "adopt", "mail bounces": "bounces",
    "mail quarantine": "quarantine", "mail resolve": "resolve", "mail retry": "retry",
    "override decision": "override", "publish": "publish", "resend": "resend", "revoke": "revoke",
}  # fmt: skip
"""By the name that the campaign has for it."""

AS_ANOTHER: Mapping[str, str] = {
    **dict.fromkeys(
        ("override actual-window", "override alias", "override link", "override segment",
         "override undo", "override unlink"),
        "override decision",
    ),
    **dict.fromkeys(("mail remind", "mail tell-denied"), "resend"),
    **dict.fromkeys(
        ("export annual", "export cebroker", "export roster", "export settled", "mail plan",
         "transcript"),
        "export ledger",
    ),
}  # fmt: skip
"""What changes the office as another one does: a line of decisions, a mail queued, an event."""

OWN_FILES = frozenset({
    "backup", "demo", "dossier", "export badge", "fetch zoom", "fonts add", "forms suggest", "init",
    "keys certificate", "new", "preview", "restore",
})  # fmt: skip
"""Writes files of its own, each under another name first or into a new folder."""

READS = frozenset({
    "audit", "changes", "decide", "due", "find", "inspect", "keys events", "keys list", "lint",
    "mail test", "override list", "show", "status", "verify",
})  # fmt: skip
"""Leaves ledger, archive, keys, site and lists as they are."""


def commands(group: Any, *above: str) -> Iterator[str]:  # noqa: ANN401  # typer's own
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, *above, name)
        else:
            yield " ".join((*above, name))


def test_every_command_is_cut_off_or_it_is_said_why_not() -> None:
    told = [*CUT_OFF, *AS_ANOTHER, *OWN_FILES, *READS]
    assert sorted(told) == sorted(commands(typer.main.get_command(whole_app())))
    assert set(CUT_OFF.values()) == set(kills.COMMANDS)
    assert set(AS_ANOTHER.values()) <= set(CUT_OFF)


def test_every_command_of_the_pairs_is_cut_off_or_reads_alone() -> None:
    # `succeed` is `init`, with the old keys moved away by the command itself.
    assert set(matrix_office.COMMANDS) - set(kills.COMMANDS) == {"audit", "succeed"}
