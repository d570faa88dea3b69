"""How many certificates `issue` makes in a second on one core, and where the time goes.

    python benchmarks/issuing.py [PEOPLE]

A real office in a temporary folder: token, drawing, seal, archive with fsync, ledger and
mail queue on SQLite. The stages are timed by wrapping the ports; their shares are
ratios within one run, which is what two noisy cores allow. The least that issuing can
take is done in the same run, by turns of a hundred: deflate and hash a file, sign twice
with P-256, write it with fsync, and one transaction a hundred. What a run over as many and
over ten times as many people holds at most is measured in processes of their own.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from hashlib import sha256
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from sample_office import empty_desk, latin_names, sample, tell_shares, timed_desk

from cecert import issue

GROUP = 100


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


def against_floor(people: int) -> None:
    """Issue and do the least by turns, a hundred at a time, and print the ratio."""
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


def measure(people: int) -> None:
    """Issue *people* certificates, print rate and shares; then issue the same list again."""
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
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main(people: int) -> None:
    """Measure *people* and ten times as many, each in a process of its own."""
    against_floor(people)
    for count in (people, 10 * people):
        sys.stdout.flush()
        subprocess.run([sys.executable, __file__, str(count), "alone"], check=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    measure(count) if sys.argv[2:] else main(count)
