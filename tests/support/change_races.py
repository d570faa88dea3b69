"""Four writers of a ledger at once, and who reads its changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event as Flag

from ledger_entries import AT

from cecert.adapters.database import Database, open_database
from cecert.adapters.database.engine import writing
from cecert.adapters.database.events import add_events
from cecert.ports import Change, Event
from cecert.workflows.changes import changes

__all__ = ["WHOSE", "everything_told", "raced"]

WHOSE = "example-ssw"
WRITERS = 4


def raced(url: str, count: int, most: int) -> tuple[list[list[str]], list[Change]]:
    """Have four writers add *count* events each, at once, and read the changes meanwhile.

    Args:
        url: Of a ledger.
        count: Events of each writer.
        most: So many at most in one transaction; one in ten of those is given up.

    Returns:
        What each writer added, in its order, and what was read, in the order it was read.
    """
    over = Flag()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(_read, url, over)
        writers = [pool.submit(_write, url, writer, count, most) for writer in range(WRITERS)]
        try:
            written = [each.result() for each in writers]
        finally:
            over.set()
        return written, reader.result()


def _write(url: str, writer: int, count: int, most: int) -> list[str]:
    chance, written = Random(writer), list[str]()
    with open_database(url, WHOSE) as database:
        while len(written) < count:
            first, size = len(written), chance.randint(1, most)
            names = [f"{writer}/{number}" for number in range(first, min(first + size, count))]
            if chance.random() < 0.1:
                _given_up(database, names)
                continue
            if len(names) == 1:
                database.ledger.add_event(_event(names[0]))
            else:
                with writing(database._engine) as connection:
                    half = len(names) // 2
                    for some in (names[:half], names[half:]):
                        add_events(connection, WHOSE, list(map(_event, some)))
            written += names
    return written


def _given_up(database: Database, names: list[str]) -> None:
    with writing(database._engine) as connection:
        add_events(connection, WHOSE, [_event(f"given up {each}") for each in names])
        connection.rollback()


def _event(name: str) -> Event:
    return Event("exported", AT, None, "Maria", name)


def _read(url: str, over: Flag) -> list[Change]:
    found: list[Change] = []
    cursor = ""
    with open_database(url, WHOSE) as database:
        while True:
            last = over.is_set()  # before it is read: what was written until then is read yet
            page = changes(database.pages, WHOSE, cursor, 50)
            cursor = page.cursor
            found += page.changes
            if last and not page.changes:
                return found


def everything_told(written: list[list[str]], read: list[Change]) -> Iterator[str]:
    """Yield what is wrong with what was read: something is missing, twice, or out of order."""
    told = [each.reason for each in read]
    expected = {name for each in written for name in each}
    if missing := expected - set(told):
        yield f"missing: {sorted(missing)[:5]}"
    if strange := set(told) - expected:
        yield f"never written: {sorted(strange)[:5]}"
    if len(told) != len(set(told)):
        yield "something was told twice"
    numbers = [each.number for each in read]
    if numbers != sorted(numbers):
        yield "out of the order of numbers"
    for writer, names in enumerate(written):
        if [each for each in told if each.startswith(f"{writer}/")] != names:
            yield f"writer {writer}'s are out of order"
