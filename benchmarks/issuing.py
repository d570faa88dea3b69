"""How many certificates `issue` makes in a second on one core, and where the time goes.

    python benchmarks/issuing.py [PEOPLE]

A real office in a temporary folder: token, drawing, seal, archive with fsync, ledger and
mail queue on SQLite. The stages are timed by wrapping the ports; their shares are
ratios within one run, which is what two noisy cores allow. What a run over as many and
over ten times as many people holds at most is measured in processes of their own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import islice
from pathlib import Path

from sample_office import empty_desk, latin_names, sample, tell_shares, timed_desk

from cecert import issue


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
    for count in (people, 10 * people):
        sys.stdout.flush()
        subprocess.run([sys.executable, __file__, str(count), "alone"], check=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    measure(count) if sys.argv[2:] else main(count)
