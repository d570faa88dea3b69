"""How many certificates `issue` makes in a second on one core, and where the time goes.

    python benchmarks/issuing.py [PEOPLE]

A real office in a temporary folder: token, drawing, seal, archive with fsync, ledger and
mail queue on SQLite. The stages are timed by wrapping the ports; their shares are
ratios within one run, which is what two noisy cores allow. The least that issuing can
take (`Floor`) is done in the same run, by turns of a hundred, with the very files and rows that
were issued a moment before. What a run over as many and
over ten times as many people holds at most is measured in processes of their own. Last the
command `issue` runs over the list of as many people, from its start to its end.
"""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from figures import Figure, alone, peak_megabytes
from sample_office import PASSPHRASE, empty_desk, latin_names, sample, tell_shares, timed_desk
from verifying import command

from cecert import issue
from cecert.adapters.database import create_ledger

GROUP = 100
WARM, PEAK, COMMAND = "issue, warm, library", "memory of issue", "issue, the command"
ROW = "{},{},ny-social-work,all,yes,2020-10-30T09:00:00-04:00,2020-10-30T09:05:00-04:00,yes"
TABLES = (
    "certificate", "credit_line", "folded_form", "identity", "event", "outbox", "log_leaf",
)  # fmt: skip
"""Where a certificate has rows, in the order that foreign keys ask for."""

_STREAM = re.compile(rb"/FlateDecode/Length (\d+)>>\nstream\n")

Rows: TypeAlias = Sequence[tuple[Any, ...]]
Own: TypeAlias = tuple[bytes, Sequence[bytes]]
"""A document, and what those of its streams say that no other has."""

HEADER = "name,email,credentials,attended,visible,evaluation,attestation,fee_paid"


class Floor:
    """The least that issuing can take: the same bytes and rows, by a program that knows them.

    It is handed what was issued a moment ago, and makes it again: each document's own streams
    are deflated as quickly as zlib can, the file is hashed once, two signatures are made, it is
    written under its name and synced with its folder, and the rows of a hundred go into the
    ledger's own tables and indexes in one transaction. Whatever a program must find out first
    is not in it: nobody decides, lays out, encodes, compares or reads, and no trigger guards.
    """

    def __init__(self, folder: Path) -> None:
        self._key = generate_private_key(SECP256R1())
        self._folder = folder / "floor"
        create_ledger(f"sqlite:///{folder / 'floor.db'}")
        self._ledger = sqlite3.connect(folder / "floor.db", isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self._ledger.execute(f"PRAGMA {pragma}")
        for (name,) in _all(self._ledger, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            self._ledger.execute(f"DROP TRIGGER {name}")

    def prepare(self, names: Iterable[str]) -> None:
        """Make the folders that documents of these names lie in."""
        for name in names:
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)

    def make(self, documents: Mapping[str, Own], rows: Mapping[str, Rows]) -> None:
        """Make *documents*, by their names, and enter *rows*, by their tables."""
        folders = {(self._folder / name).parent for name in documents}
        for name, (content, streams) in documents.items():
            for each in streams:
                zlib.compress(each, 1)
            for _ in range(2):
                self._key.sign(content[:300], ECDSA(SHA256()))
            sha256(content).hexdigest()
            handle = os.open(self._folder / name, os.O_CREAT | os.O_WRONLY, 0o600)
            os.write(handle, content)
            os.fsync(handle)
            os.close(handle)
        for folder in folders:
            handle = os.open(folder, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        self._ledger.execute("BEGIN IMMEDIATE")
        for table, some in rows.items():
            places = ", ".join("?" * len(some[0]))
            self._ledger.executemany(f"INSERT INTO {table} VALUES ({places})", some)
        self._ledger.execute("COMMIT")


def _all(ledger: sqlite3.Connection, query: str) -> Rows:
    return ledger.execute(query).fetchall()


def _as_far_as_alike(one: bytes, other: bytes) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next(at for at, (ours, theirs) in pairs if ours != theirs)


def _own_streams(document: bytes, shared: int) -> list[bytes]:
    """Return what the streams of a document say that it does not share with others."""
    found = _STREAM.finditer(document, shared)
    packed = [document[each.end() : each.end() + int(each[1])] for each in found]
    # The last is the table of objects, most of which documents share.
    return [zlib.decompress(each) for each in packed[:-1]]


class Ledger:
    """The rows of a ledger, read behind the back of who writes it."""

    def __init__(self, file: Path) -> None:
        self._ledger = sqlite3.connect(file)
        self._seen = dict.fromkeys(TABLES, 0)

    def new_rows(self) -> Mapping[str, Rows]:
        """Return the rows that came since it was last asked, by their tables."""
        found = {}
        for table, seen in self._seen.items():
            found[table] = _all(self._ledger, f"SELECT * FROM {table} WHERE rowid > {seen}")
            ((self._seen[table],),) = _all(self._ledger, f"SELECT max(rowid) FROM {table}")
        return found


def against_floor(people: int) -> Figure:
    """Issue and do the least by turns, a hundred at a time; print and return their ratio."""
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
        names = list(islice(latin_names(), people + 2))
        with empty_desk(taken, "compared") as desk:
            floor = Floor(Path(folder))
            ledger = Ledger(Path(folder) / "compared.db")
            first = issue(taken.awards(names[people:]), desk).issued
            drawn = [desk.archive.get(each.document) for each in first]
            shared = _as_far_as_alike(*drawn)
            ledger.new_rows()
            turns: list[tuple[float, float]] = []
            for start in range(0, people, GROUP):
                some = range(start, min(people, start + GROUP))
                awards = [e for number in some for e in taken.award(names[number], number + 2)]
                begin = time.process_time()
                issued = issue(awards, desk).issued
                ours = time.process_time() - begin
                files = {each.document: desk.archive.get(each.document) for each in issued}
                made = {name: (each, _own_streams(each, shared)) for name, each in files.items()}
                floor.prepare(made)
                rows = ledger.new_rows()
                begin = time.process_time()
                floor.make(made, rows)
                least = time.process_time() - begin
                turns.append((1000 * ours / len(some), 1000 * least / len(some)))
    ours, least = (median(each) for each in zip(*turns, strict=True))
    print(f"issue {ours:.2f} ms CPU, the least {least:.2f}: {ours / least:.1f} x")
    return Figure(WARM, ours, "ms", len(turns), "the least", ours / least)


def measure(people: int) -> Figure:
    """Issue *people* certificates, print rate and shares; then issue the same list again.

    Returns:
        The most memory that it took.
    """
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
        with empty_desk(taken, "first") as desk:  # draws the course's plate
            issue(taken.awards(["Ana Ruiz"]), desk)
        awards = taken.awards(list(islice(latin_names(), people)))
        spent: dict[str, float] = defaultdict(float)
        with empty_desk(taken, "measured") as desk:
            start, used = time.perf_counter(), time.process_time()
            issued = len(issue(awards, timed_desk(desk, spent)).issued)
            total, used = time.perf_counter() - start, time.process_time() - used
            most, start = peak_megabytes(), time.perf_counter()
            again = issue(awards, desk)
            repeated = time.perf_counter() - start
    print(
        f"{issued} certificates in {total:.2f} s: {issued / total:.0f} a second,"
        f" {1000 * total / issued:.2f} ms each, {1000 * used / issued:.2f} ms of the processor's"
    )
    tell_shares(issued, total, spent)
    print(f"the same list again: {len(again.issued)} issued in {repeated:.2f} s")
    print(f"peak memory: {most:.0f} MB, and {peak_megabytes():.0f} when it was issued again")
    return Figure(PEAK, most, "MB", size=people)


def commanded(people: int) -> Figure:
    """Run the command over a list of *people*; print and return what it took."""
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
        office = taken.folder / "office"
        names = enumerate(islice(latin_names(), people))
        rows = [ROW.format(name, f"p{number}@example.org") for number, name in names]
        (office / "completions.csv").write_text("\n".join([HEADER, *rows, ""]), "utf-8")
        os.environ |= {"CECERT_KEY_PASSPHRASE": PASSPHRASE, "XDG_CONFIG_HOME": folder}
        words = ("issue", office / "course.toml", office / "completions.csv")
        took = command(*words, "--config", office / "cecert.toml")
    print(f"the command, {people} people: {took.processor:.2f} s CPU, {took.wall:.2f} s in all")
    return Figure(COMMAND, took.processor, "s", size=people)


def figures(people: int = 500) -> tuple[Figure, ...]:
    """Measure *people* and ten times as many, each in a process of its own; print and return it."""
    warm = against_floor(people)
    sys.stdout.flush()
    few, many = (alone(measure, count) for count in (people, 10 * people))
    against, ratio = f"for {people:,} people", many.value / few.value
    return (warm, few, replace(many, against=against, ratio=ratio), alone(commanded, 1_000))


if __name__ == "__main__":
    figures(*map(int, sys.argv[1:]))
