"""A run that posts changes is killed: every change arrives, and again only under its own id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hook_server import SECRET, receiver, unsigned
from ledger_entries import AT, people
from ledgers import url

from cecert.adapters.database import open_database
from cecert.workflows.changes import changes

__all__ = ["url"]

pytestmark = pytest.mark.slow
POST = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from cecert.adapters.clock import SystemClock, SystemRandomness
from cecert.adapters.database import open_database
from cecert.adapters.hooks import HookJournalFile, HttpReceiver
from cecert.workflows.hooks import HookDesk, begin, post_changes, secret_of
url, address, journal, secret = sys.argv[1:]
with open_database(url, "example-ssw") as database:
    desk = HookDesk(
        "example-ssw", frozenset(), secret_of(secret), database.pages, HttpReceiver(address),
        HookJournalFile(Path(journal)), SystemClock(), SystemRandomness(), time.sleep,
    )
    if desk.journal.place() is None:
        begin(desk, everything=True)
    print(post_changes(desk).posted)
"""


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_run_that_is_killed_is_finished_by_the_next(url: str, tmp_path: Path) -> None:
    with open_database(url, "example-ssw") as database:
        database.ledger.enter(people(6), AT)
        happened = [each.id for each in changes(database.pages, "example-ssw", "", 500).changes]
    with receiver() as server:

        def run(*, killed_after: int) -> int:
            command = [sys.executable, "-c", POST, url, server.url, str(tmp_path / "j"), SECRET]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                last = len(server.asked) + killed_after

                def kill() -> None:
                    if len(server.asked) == last:
                        with suppress(ProcessLookupError):
                            os.kill(process.pid, signal.SIGKILL)
                        process.wait()

                server.before = kill
                process.communicate()
                return process.returncode

        assert run(killed_after=5) == -signal.SIGKILL
        assert run(killed_after=1000) == 0
    told = [headers["webhook-id"] for headers, _ in server.asked]
    assert list(dict.fromkeys(told)) == happened
    assert told[4] == told[5]
    assert len(told) == len(happened) + 1
    assert {unsigned(*each) for each in server.asked} == {""}
