"""How many certificates `issue` makes in a second on one core, and where the time goes.

    python benchmarks/issuing.py [PEOPLE]

A real office in a temporary folder: token, drawing, seal, archive with fsync, ledger and
mail queue on SQLite. The stages are timed by wrapping the ports; their shares are
ratios within one run, which is what two noisy cores allow. The least that issuing can
take is done in the same run, by turns of a hundred: deflate and hash a file, sign twice
with P-256, write it with fsync, and one transaction a hundred. What a run over as many and
over ten times as many people holds at most is measured in processes of their own. Last the
command `issue` runs over the list of as many people, from its start to its end.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from figures import Figure, alone, peak_megabytes
from sample_office import PASSPHRASE, empty_desk, latin_names, sample, tell_shares, timed_desk
from verifying import command

from cecert import issue

GROUP = 100
WARM, PEAK, COMMAND = "issue, warm, library", "memory of issue", "issue, the command"
ROW = "{},{},ny-social-work,all,yes,2020-10-30T09:00:00-04:00,2020-10-30T09:05:00-04:00,yes"
HEADER = "name,email,credentials,attended,visible,evaluation,attestation,fee_paid"


class Floor:
    """The least that issuing can take, with files as long as a certificate's."""

    def __init__(self, folder: Path, document: bytes) -> None:
        self._folder, self._document = folder, document
        self._key = generate_private_key(SECP256R1())
        self._ledger = sqlite3.connect(folder / "floor.db", isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self._ledger.execute(f"PRAGMA {pragma}")
        self._ledger.execute("CREATE TABLE kept (id TEXT PRIMARY KEY, record TEXT, mail TEXT)")

    def make(self, people: int, start: int) -> None:
        """Make files of so many people, and enter them."""
        rows = []
        for number in range(start, start + people):
            content = self._document + number.to_bytes(8)
            zlib.compress(content[:4000])
            for _ in range(2):
                self._key.sign(content[:300], ECDSA(SHA256()))
            name = sha256(content).hexdigest()
            with (self._folder / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            rows.append((name, "x" * 4000, "x" * 300))
        self._ledger.execute("BEGIN IMMEDIATE")
        self._ledger.executemany("INSERT INTO kept VALUES (?, ?, ?)", rows)
        self._ledger.execute("COMMIT")


def against_floor(people: int) -> Figure:
    """Issue and do the least by turns, a hundred at a time; print and return the ratio."""
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
        names = list(islice(latin_names(), people + 1))
        with empty_desk(taken, "compared") as desk:
            (entry,) = issue(taken.award(names[-1], people), desk).issued
            floor = Floor(Path(folder), desk.archive.get(entry.document))
            ours = least = 0.0
            for start in range(0, people, GROUP):
                some = range(start, min(people, start + GROUP))
                awards = [each for number in some for each in taken.award(names[number], number)]
                begin = time.process_time()
                issue(awards, desk)
                between = time.process_time()
                floor.make(len(some), start)
                ours, least = ours + between - begin, least + time.process_time() - between
    print(
        f"issue {1000 * ours / people:.2f} ms CPU, the least {1000 * least / people:.2f}:"
        f" {ours / least:.1f} x"
    )
    turns = -(-people // GROUP)
    return Figure(WARM, 1000 * ours / people, "ms", turns, "the least", ours / least)


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
            start = time.perf_counter()
            again = issue(awards, desk)
            repeated = time.perf_counter() - start
    print(
        f"{issued} certificates in {total:.2f} s: {issued / total:.0f} a second,"
        f" {1000 * total / issued:.2f} ms each, {1000 * used / issued:.2f} ms of the processor's"
    )
    tell_shares(issued, total, spent)
    print(f"the same list again: {len(again.issued)} issued in {repeated:.2f} s")
    print(f"peak memory: {peak_megabytes():.0f} MB")
    return Figure(PEAK, peak_megabytes(), "MB", size=people)


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
