"""Other systems read the ledger in pages: every change once and in order, and what they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from change_races import everything_told, raced
from ledger_entries import AT, correction_of, entry_for, event, people
from ledgers import Kept
from sqlalchemy import event as on

from cecert.adapters import database as database_package
from cecert.adapters.database import Database, open_database
from cecert.domain.mail.message import MailState, Receipt
from cecert.errors import InputError
from cecert.ports import Change, Entry, Event, LedgerPages, Wanted
from cecert.testing import MemoryLedger, MemoryPages, sample_course, sample_record
from cecert.workflows.certificates import CertificatePage, certificates
from cecert.workflows.changes import ChangePage, changes, newest_cursor

WHOSE = "example-ssw"
ENTERED = ("issued", "queued")
OTHER = replace(sample_course(), id="other-2020")


@pytest.fixture
def pages(kept: Kept, request: pytest.FixtureRequest) -> LedgerPages:
    """The pages of the ledger `kept`."""
    if isinstance(kept.ledger, MemoryLedger):
        return MemoryPages(kept.ledger)
    opened: Database = request.getfixturevalue("database")
    return opened.pages


def read(pages: LedgerPages, limit: int, after: str = "") -> list[Change]:
    """Return every change after a cursor, read page by page."""
    found: list[Change] = []
    while (page := changes(pages, WHOSE, after, limit)).changes:
        found += page.changes
        after = page.cursor
    assert page.cursor == after
    return found


def test_each_change_is_told_once_and_in_order_with_whose_it_is(
    kept: Kept, pages: LedgerPages
) -> None:
    assert changes(pages, WHOSE, "", 500) == ChangePage((), "")
    assert newest_cursor(pages) == ""
    gone, wrong, fine = people(3)
    right = correction_of(wrong, "Ana María Ruiz", slot=9)
    kept.ledger.enter([gone, wrong, fine], AT)
    row = kept.outbox.claim("us", AT)
    assert row is not None
    sent = event("sent", gone, "250 taken")
    assert kept.outbox.settle(row, "us", Receipt(MailState.SENT, "250 taken"), sent)
    kept.ledger.supersede(wrong.certificate.id, right, event("superseded", wrong, "misspelt"))
    kept.ledger.revoke(gone.certificate.id, event("revoked", gone, "in error"))
    kept.ledger.add_event(Event("exported", AT, None, "Maria", "roster"))
    found = read(pages, 500)
    own = [(each.kind, each.certificate_id) for each in found]
    assert own == [
        *[(kind, each.certificate.id) for each in (gone, wrong, fine) for kind in ENTERED],
        ("sent", gone.certificate.id),
        ("superseded", wrong.certificate.id),
        *[(kind, right.certificate.id) for kind in ENTERED],
        ("revoked", gone.certificate.id),
        ("exported", None),
    ]  # fmt: skip
    assert read(pages, 1) == read(pages, 5) == found
    assert [each.number for each in found] == sorted({each.number for each in found})
    assert len({each.id for each in found}) == len(found)
    assert all(read(pages, 3, each.id) == found[at:] for at, each in enumerate(found, 1))
    assert newest_cursor(pages) == found[-1].id
    sent_one = found[6]
    assert (sent_one.course_id, sent_one.participant) == ("mbt-2020-10", "person1@example.org")
    assert (sent_one.actor, sent_one.reason, sent_one.at) == ("Maria", "250 taken", AT)
    assert (found[-1].course_id, found[-1].participant) == ("", "")


def test_a_cursor_that_cannot_be_gone_on_from_is_refused(kept: Kept, pages: LedgerPages) -> None:
    kept.ledger.enter(people(2), AT)
    (*_, last) = read(pages, 500)
    of_certificates = certificates(pages, WHOSE, Wanted(), "", 1).cursor
    for cursor, why in [
        ("hello", "is no cursor"),
        (last.id[:-1], "is no cursor"),
        ("ä" * 24, "is no cursor"),
        (of_certificates, "of another office, or of other pages"),
        (Change.of("another", last.number, _told(last), "", "").id, "of another office"),
        (Change.of(WHOSE, last.number + 1, _told(last), "", "").id, "has not seen"),
        (Change.of(WHOSE, last.number, _told(last, "other"), "", "").id, "of another change"),
    ]:
        with pytest.raises(InputError, match=why):
            changes(pages, WHOSE, cursor, 5)
    for cursor, why in [(last.id, "of other pages"), ("x", "is no cursor")]:
        with pytest.raises(InputError, match=why):
            certificates(pages, WHOSE, Wanted(), cursor, 5)
    for limit in (0, -1, 1001):
        with pytest.raises(InputError, match="from 1 to 1000"):
            changes(pages, WHOSE, "", limit)
        with pytest.raises(InputError, match="from 1 to 1000"):
            certificates(pages, WHOSE, Wanted(), "", limit)


def _told(change: Change, reason: str = "") -> Event:
    return Event(
        change.kind, change.at, change.certificate_id, change.actor, reason or change.reason
    )


def listed(pages: LedgerPages, limit: int, wanted: Wanted) -> list[CertificatePage]:
    """Return every page of the wanted certificates, without the empty one at the end."""
    found: list[CertificatePage] = []
    after = ""
    while (page := certificates(pages, WHOSE, wanted, after, limit)).entries:
        found.append(page)
        after = page.cursor
    assert page.cursor == after
    return found


def fits(entry: Entry, wanted: Wanted) -> bool:
    own = entry.certificate
    return (
        wanted.participant in {"", own.recipient.participant}
        and wanted.course_id in {"", own.course.id}
        and wanted.email.casefold() in {"", entry.email.casefold()}
    )


def test_certificates_come_in_pages_as_they_stand_and_by_what_is_asked_for(
    kept: Kept, pages: LedgerPages
) -> None:
    few = people(5)
    ana = sample_record(name="Ana Ruiz", email="Ana@Example.org", participant_id="17")
    elsewhere = replace(ana, email="ana.ruiz@example.org")
    both = [entry_for(ana, slot=2000), entry_for(elsewhere, slot=2001, course=OTHER)]
    kept.ledger.enter([*few[:2], *both, *few[2:]], AT)
    kept.ledger.revoke(few[0].certificate.id, event("revoked", few[0]))
    right = correction_of(few[1], "Pat Person", slot=9)
    kept.ledger.supersede(few[1].certificate.id, right, event("superseded", few[1]))
    course = both[0].certificate.course.id
    for limit, wanted, count in [
        (3, Wanted(), 8), (2, Wanted(course_id=course), 7), (1, Wanted("17"), 2),
        (9, Wanted("17", "other-2020"), 1), (9, Wanted(email="ana@EXAMPLE.org"), 1),
        (9, Wanted("17", course, "ana@example.org"), 1),
        (9, Wanted("18", email="ana@example.org"), 0),
        (9, Wanted(course_id="other-2020", email="ana@example.org"), 0),
        (1, Wanted(email="person2@example.org"), 2), (9, Wanted("nobody"), 0),
    ]:  # fmt: skip
        found = listed(pages, limit, wanted)
        entries = [each for page in found for each in page.entries]
        assert entries == [each for each in kept.ledger.entries() if fits(each, wanted)]
        assert [len(page.entries) for page in found[:-1]] == [limit] * (len(found) - 1)
        assert len(entries) == count
    # A cursor says after which certificate, whatever is asked for then.
    third = certificates(pages, WHOSE, Wanted(), "", 3).cursor
    (rest,) = certificates(pages, WHOSE, Wanted("17"), third, 9).entries
    assert rest.certificate.course.id == "other-2020"


def test_a_page_reads_what_is_on_it_and_nothing_of_what_else_is_held(url: str) -> None:
    reads: dict[int, dict[str, int]] = {}
    with open_database(url, WHOSE) as mine, open_database(url, "another") as others:
        for held in (10, 60):
            some = [named(each, "another") for each in people(held, first=100 + held)]
            others.ledger.enter(some, AT)
            mine.ledger.enter(people(held, first=1000 + held), AT)
            with read_rows(mine) as cost:
                reads[held] = {name: cost(ask) for name, ask in asked(mine).items()}
    assert reads[10] == reads[60]
    # Five rows of a page; the others say how far is read, and where in the log it begins.
    assert max(reads[10].values()) <= 5 * 2 + 4


def asked(mine: Database) -> dict[str, Callable[[], int]]:
    first = certificates(mine.pages, WHOSE, Wanted(), "", 5).cursor
    after = changes(mine.pages, WHOSE, "", 5).cursor
    who = Wanted("person1011@example.org")

    def count(wanted: Wanted, cursor: str = "") -> int:
        return len(certificates(mine.pages, WHOSE, wanted, cursor, 5).entries)

    return {
        "changes": lambda: len(changes(mine.pages, WHOSE, "", 5).changes),
        "further changes": lambda: len(changes(mine.pages, WHOSE, after, 5).changes),
        "certificates": lambda: count(Wanted()),
        "further certificates": lambda: count(Wanted(), first),
        "of a course": lambda: count(Wanted(course_id="mbt-2020-10")),
        "of a person": lambda: count(who),
        "of an address": lambda: count(Wanted(email=who.participant)),
    }


def named(entry: Entry, provider: str) -> Entry:
    """Return an entry as another provider's."""
    own = replace(entry.certificate, provider=replace(entry.certificate.provider, id=provider))
    return replace(entry, certificate=own)


@contextmanager
def read_rows(database: Database) -> Iterator[Callable[[Callable[[], int]], int]]:
    """Count the rows that a reader is given, and hold SQLite's plans against scans."""
    rows = 0
    statements: list[tuple[str, Any]] = []
    engine = database._engine

    def listen(connection: Any, *_: object) -> None:  # noqa: ANN401  # of either driver
        def row_of(_cursor: object, row: tuple[Any, ...]) -> tuple[Any, ...]:
            nonlocal rows
            rows += 1
            return row

        def maker(_cursor: object) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
            return lambda values: row_of(None, tuple(values))

        connection.row_factory = row_of if engine.dialect.name == "sqlite" else maker

    def note(_one: object, _two: object, statement: str, values: object, *_: object) -> None:
        statements.append((statement, values))

    def cost(ask: Callable[[], int]) -> int:
        nonlocal rows
        rows = 0
        statements.clear()
        assert ask() > 0
        told, found = list(statements), rows
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                for statement, values in told:
                    explained = f"EXPLAIN QUERY PLAN {statement}"
                    plan = [row[-1] for row in connection.exec_driver_sql(explained, values)]
                    assert not [each for each in plan if SCANS.match(each)], (statement, plan)
        return found

    on.listen(engine, "checkout", listen)
    on.listen(engine, "before_cursor_execute", note)
    try:
        yield cost
    finally:
        on.remove(engine, "checkout", listen)
        on.remove(engine, "before_cursor_execute", note)


SCANS = re.compile(r"SCAN (?!event$)|USE TEMP B-TREE")
"""Of the newest event the table's end is read, and no more."""


def test_no_change_is_missed_or_told_twice_while_four_write(url: str) -> None:
    assert list(everything_told(*raced(url, 80, 9))) == []


def test_every_event_is_added_where_readers_are_told_of_it() -> None:
    folder = Path(database_package.__file__).parent
    adding = [each.name for each in folder.glob("*.py") if "events.insert()" in each.read_text()]
    assert adding == ["events.py"]
