"""Many at once: each certificate exactly once, each mail to one sender, whatever is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from ledger_entries import AT, entry_for, event, ids, people, person, signs
from ledgers import url

from cecert.adapters.clock import SystemRandomness
from cecert.adapters.database import Database, open_database
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.message import MailState, Receipt
from cecert.domain.people.person import License
from cecert.ports import EntryResult, Ledger, Share
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.issue.issue import IssueReport, issue

__all__ = ["url"]

pytestmark = pytest.mark.slow
SUPPORT = Path(__file__).parents[1] / "support"
ENTER = """
import sys
from cecert.adapters.database import open_database
from ledger_entries import AT, people
entries = people(int(sys.argv[2]))
rotate = int(sys.argv[3])
entries = entries[rotate:] + entries[:rotate]
with open_database(sys.argv[1], "example-ssw") as database:
    print("ready", flush=True)
    sys.stdin.readline()
    for start in range(0, len(entries), 10):
        results = database.ledger.enter(entries[start : start + 10], AT)
        print(*(each.value for each in results), flush=True)
"""


def talking(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program that says "ready", waits for a line, and goes on."""
    path = f"{SUPPORT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def entering(url: str, count: int, rotate: int) -> subprocess.Popen[str]:
    """Start a process that enters *count* people in tens, beginning with number *rotate*."""
    return talking(ENTER, url, str(count), str(rotate))


def start(processes: list[subprocess.Popen[str]]) -> None:
    """Let all begin at once, when all are ready."""
    for each in processes:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()


def whole(database: Database) -> int:
    """Check that every certificate has its lines, marks, mail and events; return how many."""
    entries = database.ledger.entries()
    lines = database.ledger.held_lines("mbt-2020-10", list(map(signs, entries)))
    held = Counter(each.certificate_id for each in lines)
    assert held == Counter(ids(entries))
    assert [each.mail.key for each in entries] == [row.key for row in database.outbox.rows()]
    for entry in entries:
        assert [each.kind for each in database.ledger.events(entry.certificate.id)] == [
            "issued",
            "queued",
        ]
    return len(entries)


def test_eight_processes_that_issue_one_list_make_each_certificate_once(url: str) -> None:
    processes = [entering(url, 40, rotate) for rotate in range(0, 40, 5)]
    start(processes)
    words = Counter(word for each in processes for word in each.communicate()[0].split())
    assert [each.returncode for each in processes] == [0] * 8
    assert words == {"entered": 40, "held": 7 * 40}
    with open_database(url, "example-ssw") as database:
        assert whole(database) == 40


def test_a_run_that_is_killed_leaves_whole_groups_and_is_finished_by_the_next(url: str) -> None:
    for told, pause in ((2, 0), (7, 0.002), (14, 0.005)):  # groups reported, seconds more
        process = entering(url, 300, 0)
        start([process])
        assert process.stdout is not None
        for _ in range(told):
            process.stdout.readline()
        time.sleep(pause)
        process.kill()
        process.communicate()
        with open_database(url, "example-ssw") as database:
            entered = whole(database)
        assert entered % 10 == 0
        assert told * 10 <= entered < 300
    process = entering(url, 300, 0)
    start([process])
    words = Counter(process.communicate()[0].split())
    assert words == Counter({"held": entered, "entered": 300 - entered})
    with open_database(url, "example-ssw") as database:
        assert whole(database) == 300


def at_once(url: str, groups: list[list[object]]) -> list[object]:
    """Enter each group through a connection of its own, all at the same time."""
    ready = Barrier(len(groups))

    def enter(group: list[object]) -> object:
        with open_database(url, "example-ssw") as database:
            ready.wait()
            return list(database.ledger.enter(group, AT))  # type: ignore[arg-type]  # entries

    with ThreadPoolExecutor(len(groups)) as pool:
        return [result for results in pool.map(enter, groups) for result in results]  # type: ignore[attr-defined]


def test_of_those_that_race_for_one_slot_one_gets_it(url: str) -> None:
    rivals = [
        entry_for(sample_record(name=f"Person {letter}", email=f"{letter}@example.org"), slot=7)
        for letter in "ABCDEF"
    ]
    results = at_once(url, [[each] for each in rivals])
    assert Counter(results) == {EntryResult.ENTERED: 1, EntryResult.SLOT_TAKEN: 5}


def test_of_two_identities_of_one_person_that_race_one_is_entered(url: str) -> None:
    licence = (License("NY", "LMSW", "012345"),)
    rivals = [
        entry_for(sample_record(email=f"ana{number}@example.org", licenses=licence), slot=number)
        for number in range(4)
    ]
    results = at_once(url, [[each] for each in rivals])
    assert Counter(results) == {EntryResult.ENTERED: 1, EntryResult.OTHER_IDENTITY: 3}


def test_groups_that_want_the_same_in_other_orders_do_not_block_one_another(url: str) -> None:
    entries: list[object] = [*people(60)]
    results = at_once(url, [entries, entries[::-1], entries[30:] + entries[:30]])
    assert Counter(results) == {EntryResult.ENTERED: 60, EntryResult.HELD: 120}


def test_senders_that_race_share_the_mails(url: str) -> None:
    with open_database(url, "example-ssw") as database:
        database.ledger.enter(people(60), AT)

    def drain(owner: str) -> list[str]:
        sent = []
        with open_database(url, "example-ssw") as database:
            while (row := database.outbox.claim(owner, AT)) is not None:
                assert database.outbox.mark_committing(row.key, owner)
                receipt = Receipt(MailState.SENT, "250 taken")
                said = event("sent", person(1))
                assert database.outbox.settle(row, owner, receipt, said)
                sent.append(row.key)
        return sent

    with ThreadPoolExecutor(6) as pool:
        sent = [key for keys in pool.map(drain, "abcdef") for key in keys]
    assert sorted(sent) == sorted(each.mail.key for each in people(60))
    with open_database(url, "example-ssw") as database:
        assert database.outbox.counts() == {MailState.SENT: 60}


ISSUE = """
import sys
from dataclasses import replace
from cecert.adapters.clock import SystemRandomness
from cecert.adapters.database import open_database
from cecert.domain.decision.decide import decide
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.issue.issue import issue
records = [sample_record(name=f"Person {c}", email=f"{c}@example.org") for c in "ABCDEFGHIJKLMNOP"]
awards = [award for each in records for award in decide(each, sample_course())]
office = MemoryOffice()
with open_database(sys.argv[1], "example-ssw") as database:
    desk = replace(office.desk(), ledger=database.ledger, randomness=SystemRandomness())
    print("ready", flush=True)
    sys.stdin.readline()
    report = issue(awards, desk)
print(*(str(each.certificate.id) for each in report.issued))
print(*(str(each.certificate_id) for each in report.already))
print(report.lost, len(office.archive.documents) - len(report.issued))
"""


def test_eight_runs_of_issue_promise_each_certificate_once(url: str) -> None:
    processes = [talking(ISSUE, url) for _ in range(8)]
    start(processes)
    issued, already = [], []
    for each in processes:
        promised, held, counts = each.communicate()[0].splitlines()
        issued += promised.split()
        already += held.split()
        lost_by_it, left_over = map(int, counts.split())
        assert lost_by_it <= len(held.split())
        # Whoever won, each run names the certificate of each.
        assert len({*promised.split(), *held.split()}) == 16
        assert left_over == 0  # the loser of a race deletes its own
        assert each.returncode == 0
    with open_database(url, "example-ssw") as database:
        assert whole(database) == 16
        assert sorted(issued) == sorted(map(str, ids(database.ledger.entries())))
    assert len(already) == 7 * 16


def test_equal_requests_of_several_threads_all_name_the_certificate(url: str) -> None:
    awards = [each for each in decide(sample_record(), sample_course()) if isinstance(each, Award)]
    ready = Barrier(8)

    def ask(_: int) -> IssueReport:
        with open_database(url, "example-ssw") as database:
            desk = MemoryOffice().desk()
            waiting = WaitingLedger(database.ledger, ready)
            return issue(awards, replace(desk, ledger=waiting, randomness=SystemRandomness()))

    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(ask, range(8)))
    assert sum(len(each.issued) for each in reports) == 1
    assert sum(each.lost for each in reports) == 7
    named = [
        {*ids(each.issued), *(line.certificate_id for line in each.already)} for each in reports
    ]
    with open_database(url, "example-ssw") as database:
        assert named == [set(ids(database.ledger.entries()))] * 8


class WaitingLedger:
    """A ledger of which nobody takes a share of the work before all have looked into it."""

    def __init__(self, ledger: Ledger, ready: Barrier) -> None:
        self._ledger = ledger
        self._ready = ready

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a ledger has
        return getattr(self._ledger, name)

    def sharing(self, course_id: str) -> AbstractContextManager[Share]:
        self._ready.wait()
        return self._ledger.sharing(course_id)


def test_of_spellings_of_one_name_with_one_licence_that_race_one_is_entered(url: str) -> None:
    licence = (License("NY", "LMSW", "033333"),)
    names = ("Ana O'Brien", "ANA O\u2019BRIEN", "Ana O'Bri\u00e9n", "Dr. Ana Obrien")
    rivals = [
        entry_for(
            sample_record(name=name, email=f"ana{number}@example.org", licenses=licence),
            slot=number,
        )
        for number, name in enumerate(names)
    ]
    results = at_once(url, [[each] for each in rivals])
    assert Counter(results) == {EntryResult.ENTERED: 1, EntryResult.OTHER_IDENTITY: 3}
