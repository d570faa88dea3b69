"""What commands cost where the ledger holds much: one more certificate, and each that looks.

    python benchmarks/large_ledger.py [HELD ...]

The past is put into the tables row by row (`sample_past`), all of it in one course, which is
the worst there is. First a certificate is issued by library call, warm, at each size in
turn, several rounds: the medians are told against that of the smallest. Then the commands
run in processes of their own over the largest: seconds of the processor, seconds until the
first page of what they print, and what they hold at most.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from statistics import median

from figures import Figure
from sample_office import PASSPHRASE, Sample, empty_desk, latin_names, sample
from sample_past import fill

from cecert import issue
from cecert.workflows.issue.desk import IssuingDesk

SIZES = (0, 1_000, 5_000, 100_000)
ROUNDS = 9
ONE_MORE = "one certificate more"


def curve(taken: Sample, sizes: Sequence[int]) -> Iterator[Figure]:
    """Issue one certificate after the other into ledgers of *sizes*, by turns."""
    with ExitStack() as held:
        desks: dict[int, IssuingDesk] = {}
        for size in sizes:
            name = f"held-{size}"
            desks[size] = desk = held.enter_context(empty_desk(taken, name))
            issue(taken.awards(["Ana Ruiz"]), desk)
            fill(taken.folder / f"{name}.db", latin_names(), size)
            for warm in range(2):
                issue(taken.award(f"Warm Person {'AB'[warm]}", 200_000 + warm), desk)
        used: dict[int, list[float]] = {size: [] for size in sizes}
        for turn in range(ROUNDS):
            for size, desk in desks.items():
                awards = taken.award(f"Another Person {'ABCDEFGHIJ'[turn]}", 300_000 + turn)
                start = time.process_time()
                assert len(issue(awards, desk).issued) == 1
                used[size].append(time.process_time() - start)
    first = median(used[sizes[0]])
    for size, each in used.items():
        ratio = median(each) / first
        print(f"one certificate into {size:7}: {1000 * median(each):6.2f} ms CPU, {ratio:.2f} x")
        against = f"with {sizes[0]:,} held"
        yield Figure(ONE_MORE, 1000 * median(each), "ms", ROUNDS, against, ratio, size)


def commands(taken: Sample, size: int) -> Iterator[Figure]:
    """Run what looks at a ledger of *size* certificates, and tell what each took."""
    office = taken.folder / "office"
    issue(taken.awards(["Ana Ruiz"]), taken.desk)
    fill(office / "ledger.db", latin_names(), size)
    name = next(islice(latin_names(), size // 2, None))
    roster, ledger, site = (str(taken.folder / each) for each in ("r.csv", "l.csv", "site"))
    asked: Mapping[str, tuple[str, ...]] = {
        "status": ("status",),
        "find": ("find", name),
        "find, by last name": ("find", name.split()[-1]),
        "show": ("show", f"held{size // 2}@example.net"),
        "export roster": ("export", "roster", taken.course.id, "-o", roster),
        "export ledger": ("export", "ledger", "-o", ledger),
        "publish": ("publish", site),
        "publish again": ("publish", site),
    }
    for label, words in asked.items():
        yield from told(label, words, office, size)


_LAUNCHER = """
import os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
got = child.stdout.read(4096)
first = time.perf_counter() - start if got else 0
while child.stdout.read(1 << 16):
    pass
_, ended, usage = os.wait4(child.pid, 0)
print(usage.ru_utime + usage.ru_stime, first, usage.ru_maxrss, os.waitstatus_to_exitcode(ended))
"""
"""A small program that runs another: a child holds at least what its parent does."""


def told(label: str, words: Sequence[str], office: Path, size: int) -> Iterator[Figure]:
    """Run a command; print and yield what it took, and nothing of what it says."""
    answer = subprocess.run(
        [sys.executable, "-SE", "-c", _LAUNCHER, sys.executable, "-m", "cecert", *words],
        cwd=office,
        env={**os.environ, "CECERT_KEY_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        check=True,
    )
    used, first, most, ended = answer.stdout.split()
    page = f"{float(first):6.2f} s to the first page" if float(first) else " " * 26
    print(
        f"{' '.join(words)[:40]:40} {float(used):6.2f} s CPU {page}"
        f" {int(most) / 1024:5.0f} MB, exit {ended}"
    )
    for unit, value in (("s", used), ("s to its first words", first), ("MB", int(most) / 1024)):
        if float(value) and ended == "0":
            yield Figure(label, float(value), unit, size=size)


def figures(*sizes: int) -> tuple[Figure, ...]:
    """Measure at *sizes*, and the commands at the last of them; print and return it."""
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
        one_more = tuple(curve(taken, sizes or SIZES))
        sys.stdout.flush()
        return (*one_more, *commands(taken, (sizes or SIZES)[-1]))


if __name__ == "__main__":
    figures(*map(int, sys.argv[1:]))
