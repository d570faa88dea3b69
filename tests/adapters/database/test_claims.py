"""Claims: several runs over one list share the work, and what one leaves another takes over."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from ledger_entries import AT, people
from sqlalchemy import event, select, update

from cecert.adapters.clock import SystemRandomness
from cecert.adapters.database import Database, open_database
from cecert.adapters.database import claims as claiming
from cecert.adapters.database.tables import claims
from cecert.domain.decision.decide import Award, decide
from cecert.ports import Drawing, Entry, EntryResult, Ledger, Share, Work
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.issue import run as issuing
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import IssueReport, issue

OURS = "example-ssw"
COURSE = sample_course()
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def awards(many: int) -> list[Award]:
    records = [
        sample_record(name=f"Person {one}{two}", email=f"{one}{two}@x.org".casefold())
        for one in LETTERS
        for two in LETTERS
    ][:many]
    return [e for each in records for e in decide(each, COURSE) if isinstance(e, Award)]


def work_of(entry: Entry) -> Work:
    own = entry.certificate
    return Work(own.recipient.participant, tuple(each.credential for each in own.credit_lines))


def claimed(database: Database) -> int:
    with database._engine.connect() as connection:
        return len(connection.execute(select(claims)).all())


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "GROUP", 4)
    monkeypatch.setattr(claiming, "AT_ONCE", 4)
    monkeypatch.setattr(claiming, "INTERVAL", 0.005)


class Slow:
    """A sealer that takes its time until every run has sealed, and says for whom it seals."""

    def __init__(self, desk: IssuingDesk, sealed: list[int], number: int, runs: int) -> None:
        self._sealer, self._sealed, self._number = desk.sealer, sealed, number
        self._runs = runs

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        self._sealed.append(self._number)
        for _ in range(100):  # a busy machine may let one run alone be done meanwhile
            sleep(0.005)
            if len(set(self._sealed)) == self._runs:
                break
        return self._sealer.seal(drawing, at)

    def has_sealed(self, document: bytes, drawing: Drawing, at: datetime) -> bool:
        return self._sealer.has_sealed(document, drawing, at)


class Meeting:
    """A ledger whose runs begin to draw together."""

    def __init__(self, ledger: Ledger, ready: Barrier) -> None:
        self._ledger, self._ready = ledger, ready

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a ledger has
        return getattr(self._ledger, name)

    def sharing(self, course_id: str) -> AbstractContextManager[Share]:
        self._ready.wait(20)
        return self._ledger.sharing(course_id)


def desk_of(database: Database) -> IssuingDesk:
    return replace(MemoryOffice().desk(), ledger=database.ledger, randomness=SystemRandomness())


def test_runs_at_once_share_a_list_and_draw_each_certificate_once(
    url: str, small_groups: None
) -> None:
    del small_groups
    runs, many = 3, 40
    together, drawn = Barrier(runs), list[int]()

    def run(number: int) -> IssueReport:
        desk = desk_of(database)
        slow = Slow(desk, drawn, number, runs)
        return issue(
            awards(many), replace(desk, sealer=slow, ledger=Meeting(desk.ledger, together))
        )

    with open_database(url, OURS) as database, ThreadPoolExecutor(runs) as pool:
        reports = list(pool.map(run, range(runs)))
        assert claimed(database) == 0
        assert len(database.ledger.entries()) == many
    assert len(drawn) == many, "nothing is drawn twice"
    assert set(drawn) == set(range(runs)), "and everybody drew something"
    assert sum(len(each.issued) for each in reports) == many
    assert [len(each.issued) + each.lost for each in reports] == [many] * runs


def test_a_run_that_is_alone_writes_no_claim(url: str) -> None:
    statements: list[str] = []
    with open_database(url, OURS) as database:
        event.listen(
            database._engine,
            "before_cursor_execute",
            lambda _connection, _cursor, said, *_: statements.append(said),
        )
        assert len(issue(awards(3), desk_of(database)).issued) == 3
    assert len(statements) > 10
    assert not [each for each in statements if " claim " in each]


def test_what_a_killed_run_had_claimed_is_taken_over_once_its_lease_is_over(
    url: str, monkeypatch: pytest.MonkeyPatch, small_groups: None
) -> None:
    del small_groups
    monkeypatch.setattr(claiming, "LEASE", 0.1)
    group = people(6)
    work = [work_of(each) for each in group]
    with open_database(url, OURS) as database, ExitStack() as held:
        sharing = database.ledger.sharing
        alone = held.enter_context(sharing(COURSE.id))
        assert alone.owner == ""
        assert alone.take(work, 100).own == tuple(range(6))
        killed = held.enter_context(sharing(COURSE.id))  # it waits for a lease, and no longer
        assert alone.take([], 100).own == ()
        assert alone.owner != "", "it claims once it has seen that somebody came"
        monkeypatch.setattr(claiming, "LEASE", 60)
        assert killed.take(work, 100).own == (0, 1, 2, 3)
        assert list(database.ledger.irregularities()) == []
        assert database.ledger.entries() == []
        heir = held.enter_context(sharing(COURSE.id))
        assert heir.take(work, 100).own == (4, 5), "what is claimed is left alone"
        with database._engine.begin() as connection:
            connection.execute(update(claims).where(claims.c.owner == killed.owner).values(lease=1))
        assert heir.take(work[:4], 100).own == (0, 1, 2, 3), "until the lease is over"
        results = database.ledger.enter(group[:4], AT, owner=killed.owner)
        assert set(results) == {EntryResult.CLAIMED}, "who comes too late enters nothing"
        assert database.ledger.entries() == []
        results = database.ledger.enter(group, AT, owner=heir.owner)
        assert set(results) == {EntryResult.ENTERED}
        assert claimed(database) == 0
        assert killed.take(work, 100).done == tuple(range(6))


def test_a_claim_of_one_provider_is_none_of_another(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "LEASE", 0.1)
    work: Sequence[Work] = [Work("ana@x.org", ("ny-social-work",))]
    with ExitStack() as held:
        for provider in (OURS, "other"):
            database = held.enter_context(open_database(url, provider))
            held.enter_context(database.ledger.sharing(COURSE.id))
            second = held.enter_context(database.ledger.sharing(COURSE.id))
            assert second.take(work, 1).own == (0,)
