"""One command, cut off at one of its storage calls, or refused by a full disk, and run again.

    python tests/support/kills.py FOLDER COMMAND CALL

runs a command on the office in FOLDER and ends by SIGKILL at its first storage call that
begins with CALL.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import storage_calls
from fault_server import FaultServer
from matrix_judged import judged, renew_keys
from matrix_made import Fresh
from matrix_office import ASKED, MatrixOffice, Said

from cecert.office.keys.events import key_events
from cecert.office.papers.records import audit_desk
from cecert.workflows.audit.audit import AuditKind
from cecert.workflows.audit.audit import audit as run_audit
from cecert.workflows.changes import changes
from cecert.workflows.deliver import run as delivering

COMMANDS = (
    "issue", "correct", "revoke", "resend", "publish", "rotate", "collect", "override",
    "bounces", "deliver", "retire", "compromise", "sign", "init", "quarantine", "resolve",
    "retry", "export", "begin", "hooks", "adopt", "badge",
)  # fmt: skip

BEFORE = {
    "publish": ("revoke",), "collect": ("override",), "retire": ("rotate",), "init": ("moved",),
    "resolve": ("quarantine",), "retry": ("refused",), "begin": ("listen",),
    "hooks": ("listen", "begin"), "adopt": ("forget",),
}  # fmt: skip
"""What is run first, so that the command has something to do."""


class KilledError(BaseException):
    """Nothing of this process is done any more."""


class Kill:
    """Ends a command at a storage call: none after it reaches disk or ledger."""

    def __init__(self, number: int, at: str = "") -> None:
        """Take the call's number, of those that begin with *at*."""
        self._left = number
        self._at = at
        self.call = ""

    def __call__(self, call: str) -> None:
        if not self.call and not self._comes_to(call):
            return
        self.call = self.call or call
        raise KilledError(call)

    def _comes_to(self, call: str) -> bool:
        if not call.startswith(self._at):
            return False
        self._left -= 1
        return self._left < 0


class FullDisk:
    """Refuses what needs room, from a call of that kind on."""

    def __init__(self, number: int) -> None:
        """Take the call's number, of those that need room."""
        self._left = number
        self.call = ""

    def __call__(self, call: str) -> None:
        if not call.startswith(("write ", "rename ", "link ", "mkdir ", "sync", *_IN_LEDGER)):
            return
        if not self.call and self._left:
            self._left -= 1
            return
        self.call = self.call or call
        if call.startswith(_IN_LEDGER):
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), call.partition(" ")[2])


_IN_LEDGER = ("ledger locked", "commit")


def cut_off(office: MatrixOffice, name: str, told: Callable[[str], None]) -> Said | None:
    """Run a command with *told* at its calls; None where it was killed."""
    with storage_calls.watched(told):
        try:
            return office.run(name)
        except KilledError:
            return None


def run_cut_off(office: MatrixOffice, name: str, told: Kill | FullDisk) -> Said | None:
    """Run a command that is cut off, and then once more; return how the first run ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivering, "RECORD_TRIES", (0,))  # a ledger that stays full
        said = cut_off(office, name, told)
    if told.call:
        office.run(name)
    return said


def prepared(office: MatrixOffice, name: str) -> MatrixOffice:
    """Run what comes before a command."""
    for each in BEFORE.get(name, ()):
        assert office.run(each).status in {0, 1}
    return office


def state(office: MatrixOffice) -> Mapping[str, Any]:
    """Return what must be the same, however often the command was cut off."""
    with office.opened() as opened:
        entries = list(opened.ledger.entries())
        rows = list(opened.outbox.rows())
        events = {
            e.email: Counter(it.kind for it in opened.ledger.events(e.certificate.id))
            for e in entries
        }
        keys = opened.key_facts()
        told = {(each.kind, each.key) for each in key_events(opened)}
        happened = changes(opened.pages, opened.file.provider.id, "", 500).changes
    decided = office.folder / "overrides.toml"
    listed = office.folder / "completions.csv"
    return {
        "certificates": sorted(
            (str(e.certificate.id), e.email, e.certificate.recipient.name, e.state.value)
            for e in entries
        ),
        "mails": sorted((each.key, each.recipient, each.state.value) for each in rows),
        "taken": Counter(each.recipient for each in office.server.taken),
        "ends": {
            key: (it["issued"], it["revoked"], it["superseded"]) for key, it in events.items()
        },
        "archive": sorted(each.name[:19] for each in _files(office, "certificates")),
        "keys": sorted(each.purpose.value for each in keys if each.state.value == "active"),
        "keys without an event": [e.name for e in keys if ("key-made", e.name) not in told],
        "ends without an event": [
            e.name
            for e in keys
            if e.state.value == "retired" and ("key-retired", e.name) not in told
        ],
        "decided": decided.exists() and f'participant = "{ASKED}"' in decided.read_text("utf-8"),
        "list": listed.read_text("utf-8-sig"),
        "evidence": _AT.sub("", (office.folder / "completions.evidence.json").read_text("utf-8")),
        "posted": not office.receiver.port
        or [e.id for e in happened] == _once(office.receiver.ids),
        "files": sorted({each.name for each in _files(office, ".")}),
    }


def _once(ids: Sequence[str]) -> list[str]:
    """Leave out what was posted again after a kill, under its own id."""
    return list(dict.fromkeys(ids))


_AT = re.compile(r'"at": "[^"]*"')
"""When somebody decided, which no two runs have in common."""


def _files(office: MatrixOffice, place: str) -> list[Path]:
    return [
        each
        for each in (office.folder / place).glob("*" if place == "." else "*/*")
        if each.is_file() and not each.name.startswith((".new-", "ledger.db-"))
    ]


def wrong_afterwards(office: MatrixOffice, name: str) -> list[str]:
    """Run what is left to do, and say what is wrong then."""
    _resolve(office)
    renew_keys(office)
    pair = {name, *BEFORE.get(name, ())}
    decided = ("collect",) if "override" in pair else ()
    for each in (*decided, "issue", "deliver", "publish"):
        said = office.run(each)
        if said.status:
            return [f"{each} exits with {said.status}: {said.words}"]
    with office.opened() as opened:
        audited = run_audit(audit_desk(opened)).findings
    # What a kill leaves behind in the archive an audit names, and nobody needs.
    left = [e for e in audited if e.kind is AuditKind.ORPHAN and ".new-" in e.place]
    for each in left:
        (office.folder / "certificates" / each.place).unlink()
    told = [f"audit: {e.kind.value}: {e.place}: {e.sentence}" for e in audited if e not in left]
    return [*judged(office, pair), *told]


def _resolve(office: MatrixOffice) -> None:
    """Decide what is uncertain as a person does who asks the recipient."""
    office.run("deliver")
    office.run("resolve")


def undisturbed(fresh: Fresh, name: str) -> Mapping[str, Any]:
    """Return the state that a command leaves which nobody cuts off."""
    with fresh() as office:
        said = prepared(office, name).run(name)
        assert said.status == 0, said.words
        return state(office)


def wrong_with(
    office: MatrixOffice, name: str, told: Kill | FullDisk, expected: Mapping[str, Any]
) -> list[str]:
    """Cut a command off, run it again, and say what is wrong then.

    Args:
        office: A fresh copy.
        name: The command.
        told: Cuts it off.
        expected: What `undisturbed` found.
    """
    said = run_cut_off(prepared(office, name), name, told)
    if not told.call:
        return []
    # What was caught at the final dot waits for a person, who has not decided yet.
    found = {} if name == "deliver" else state(office)
    wrong = [
        f"{key}: {it}, not {expected[key]}" for key, it in found.items() if it != expected[key]
    ]
    if said is not None and said.status and not _is_clear(said):
        wrong.append(f"it says no clear error: {said.words}")
    return [*wrong, *wrong_afterwards(office, name)]


def _is_clear(said: Said) -> bool:
    told = ("cannot be written", "cannot be opened", "disk is full", "No space left")
    return any(each in said.words for each in told)


def main(folder: Path, name: str, at: str) -> None:
    """Run a command, and end by SIGKILL at one of its calls."""

    class Strike(Kill):
        def __call__(self, call: str) -> None:
            try:
                super().__call__(call)
            except KilledError:
                os.kill(os.getpid(), signal.SIGKILL)

    own = MatrixOffice(folder, FaultServer())
    own.before = {each.email: str(each.certificate.id) for each in own.entries()}
    storage_calls.patched(pytest.MonkeyPatch(), folder)
    cut_off(own, name, Strike(0, at))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
