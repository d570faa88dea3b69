"""What issuing reads does not depend on what is held: rows and listed files are counted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from ledger_entries import AT, event, person
from sqlalchemy import event as on

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.storage.archive import FolderArchive
from cecert.domain.certificate.correction import Correction
from cecert.domain.decision.decide import Award, decide
from cecert.domain.people.person import License
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import EntryResult
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import correct, successor_of
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import IssueReport, issue

HELD = (0, 100, 300)
FIVE = [
    sample_record(name=f"Person {each}", email=f"{each}@x.org", licenses=licenses)
    for each, licenses in zip(
        "VWXYZ",
        [(License("NY", "LMSW", f"09000{n}"),) if n % 2 else () for n in range(5)],
        strict=True,
    )
]


@dataclass
class Cost:
    """What was read: rows that the database gave, and names that folders gave.

    Attributes:
        rows: That the database gave.
        steps: Instructions of SQLite's machine, by hundreds: what it looked at counts, too.
        listed: Names that folders gave.
    """

    rows: int = 0
    steps: int = 0
    listed: list[str] = field(default_factory=list)


class _Listings:
    """Counts what every listing of a folder gives, by the interpreter's own audit events."""

    def __init__(self) -> None:
        self.below: Path | None = None
        self.cost = Cost()
        sys.addaudithook(self.hear)

    def hear(self, name: str, values: tuple[Any, ...]) -> None:
        below = self.below
        if below is None or name not in {"os.listdir", "os.scandir"}:
            return
        if str(values[0]).startswith(str(below)) and Path(str(values[0])).is_dir():
            self.below = None  # what is listed here is no listing of the program's
            self.cost.listed += [each.name for each in Path(values[0]).iterdir()]
            self.below = below


LISTINGS = _Listings()


@contextmanager
def counted(database: Database, archive: Path) -> Iterator[Cost]:
    """Count what is read of a ledger and an archive."""
    cost = LISTINGS.cost = Cost()

    def count_rows(connection: Any, *_: object) -> None:  # noqa: ANN401  # of either driver
        def row_of(_cursor: object, row: tuple[Any, ...]) -> tuple[Any, ...]:
            cost.rows += 1
            return row

        def maker(_cursor: object) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
            return lambda values: row_of(None, tuple(values))

        of_sqlite = database._engine.dialect.name == "sqlite"
        connection.row_factory = row_of if of_sqlite else maker
        if of_sqlite:
            connection.set_progress_handler(step, 100)

    def step() -> None:
        cost.steps += 1

    on.listen(database._engine, "checkout", count_rows)
    LISTINGS.below = archive
    try:
        yield cost
    finally:
        LISTINGS.below = None
        on.remove(database._engine, "checkout", count_rows)


@dataclass
class Past:
    """A ledger and an archive that hold so many people of the course."""

    database: Database
    archive: Path
    many: int

    def desk(self) -> IssuingDesk:
        kept = FolderArchive(self.archive)
        return replace(MemoryOffice().desk(), ledger=self.database.ledger, archive=kept)

    def begin(self) -> None:
        """Store the archive's first file, which has it list itself once."""
        FolderArchive(self.archive).put([(CertificateId(bytes(10)), b"the first")])

    def fill(self) -> None:
        """Enter them with a document each; every tenth is revoked."""
        for start in range(0, self.many, 100):
            entries = [
                person(number, licenses=(License("NY", "LMSW", f"{number:06}"),))
                for number in range(start, start + 100)
            ]
            documents = [(each.certificate.id, each.document.encode()) for each in entries]
            names = FolderArchive(self.archive).put(documents)
            named = [replace(e, document=name) for e, name in zip(entries, names, strict=True)]
            results = self.database.ledger.enter(named, AT)
            assert set(results) == {EntryResult.ENTERED}
            for each in entries[::10]:
                self.database.ledger.revoke(each.certificate.id, event("revoked", each))


@contextmanager
def past(url: str, archive: Path, many: int) -> Iterator[Past]:
    create_ledger(url)
    with open_database(url, "example-ssw") as database:
        found = Past(database, archive, many)
        found.fill()
        yield found


@pytest.fixture
def urls(tmp_path: Path) -> Sequence[str]:
    """Where three ledgers can be made."""
    return [f"sqlite:///{tmp_path / f'{many}.db'}" for many in HELD]


def issue_five(desk: IssuingDesk) -> IssueReport:
    decisions = [each for record in FIVE for each in decide(record, sample_course())]
    return issue([each for each in decisions if isinstance(each, Award)], desk)


Act = Callable[[Past], object]


def cost_of(act: Act, before: Act, urls: Sequence[str], folder: Path) -> list[Cost]:
    """Return what *act* reads where none, some and many are held, *before* being done first."""
    costs = []
    for many, url in zip(HELD, urls, strict=True):
        with past(url, folder / str(many), many) as held:
            before(held)
            with counted(held.database, held.archive) as cost:
                act(held)
        costs.append(cost)
    return costs


def test_issuing_reads_as_much_whatever_is_held(urls: Sequence[str], tmp_path: Path) -> None:
    def first(held: Past) -> None:
        assert len(issue_five(held.desk()).issued) == len(FIVE)

    costs = cost_of(first, Past.begin, urls, tmp_path)
    assert len({each.rows for each in costs}) == 1
    assert costs[0].rows > 0  # so that they are counted at all
    steps = [each.steps for each in costs]
    assert (steps[0] > 10) is urls[0].startswith("sqlite")
    assert steps[2] <= 1.1 * steps[1], steps  # into an empty ledger they are fewer
    assert [each.listed for each in costs] == [[], [], []]


def test_issuing_again_and_reporting_read_as_much_whatever_is_held(
    urls: Sequence[str], tmp_path: Path
) -> None:
    def again(held: Past) -> None:
        assert len(issue_five(held.desk()).already) == len(FIVE)
        people = [each.identity for each in FIVE]
        entries = held.database.ledger.entries_of(sample_course().id, people)
        mails = held.database.outbox.mails_of([each.certificate.id for each in entries])
        assert len(entries) == len(mails) == len(FIVE)

    costs = cost_of(again, lambda held: issue_five(held.desk()), urls, tmp_path)
    assert len({each.rows for each in costs}) == 1
    assert [each.listed for each in costs] == [[], [], []]


def test_correcting_and_showing_read_as_much_whatever_is_held(
    urls: Sequence[str], tmp_path: Path
) -> None:
    def mend(held: Past) -> None:
        ledger = held.database.ledger
        (old,) = ledger.entries_of(sample_course().id, [FIVE[0].identity])
        made = correct(old.certificate.id, Correction("a typo", name="Persona V"), held.desk())
        superseded = ledger.entry(old.certificate.id)
        assert superseded is not None
        assert successor_of(superseded, ledger) == made.entry.certificate.id

    costs = cost_of(mend, lambda held: issue_five(held.desk()), urls, tmp_path)
    assert len({each.rows for each in costs}) == 1
    assert [each.listed for each in costs] == [[], [], []]


def test_the_archive_is_listed_where_one_of_the_batch_was_made_before(tmp_path: Path) -> None:
    with past(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "archive", 100) as held:
        issue_five(held.desk())
        forgetful = replace(held.desk(), ledger=MemoryOffice().ledger)
        with counted(held.database, held.archive) as cost:
            assert len(issue_five(forgetful).taken_over) == len(FIVE)
        assert len(cost.listed) >= 105
