"""What it costs to read what was issued: `verify`, `audit`, a token, a record of the ledger.

    python benchmarks/verifying.py [ROUNDS]

All rows are measured in turn, round after round, and told as the median of their processor
time and as its ratio to one check of a P-256 signature, which is what nobody can save.
Commands are processes of their own, with those that they start; each is run over fewer and
over more documents, so that what one more takes is told without the start. The library's
rows are measured in this process. A last table tells `--workers 2` against `--workers 1`
by the clock on the wall, which a busy machine makes worse than it is.

Commands are measured as they are installed, with their modules compiled.
"""

from __future__ import annotations

import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from figures import Figure
from sample_office import PASSPHRASE, Sample, latin_names, sample

import cecert
from cecert import issue, verify_many
from cecert.adapters.database.snapshots import SnapshotWriter, certificate_of
from cecert.domain.certificate.certificate import Certificate
from cecert.office import open_verifier
from cecert.workflows.verify.verify import verify

FEW, MANY = 200, 10_000
"""Certificates that the smaller and the larger office hold."""

FOLDER = 200
"""PDFs that are verified at once, beside one."""

CHECKS = 200
"""Of the library's rows, how many calls are one measurement."""

WATCH = """
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, each, os.devnull, os.O_WRONLY, 0) for each in (1, 2)]
start = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, "-m", "cecert", *sys.argv[1:]],
                       os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
json.dump([os.waitstatus_to_exitcode(status), time.perf_counter() - start,
           usage.ru_utime + usage.ru_stime], sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took, in seconds."""

    wall: float
    processor: float


@dataclass
class Row:
    """What is measured: the work of one round, and how many it is divided by."""

    work: Callable[[], float]
    pieces: int = 1
    taken: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Do one round."""
        self.taken.append(self.work() / self.pieces)

    @property
    def median(self) -> float:
        """Seconds of the processor."""
        return statistics.median(self.taken)


def command(*words: object) -> Run:
    """Run a command that finds nothing wrong."""
    told = subprocess.run(
        [sys.executable, "-S", "-c", WATCH, *map(str, words)], check=True, capture_output=True
    ).stdout
    status, *figures = json.loads(told)
    assert status == 0, (words, status)
    return Run(*figures)


def commanded(*words: object) -> Callable[[], float]:
    """Return the work of running a command."""
    return lambda: command(*words).processor


def called(work: Callable[[], object]) -> Callable[[], float]:
    """Return the work of calling something, timed."""

    def timed() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return timed


@dataclass(frozen=True, slots=True)
class Held:
    """An office that holds certificates."""

    config: Path
    pdfs: tuple[Path, ...]
    certificates: tuple[Certificate, ...]


@contextmanager
def offices(folder: Path) -> Iterator[tuple[Held, Held]]:
    """Make two offices, the second of which holds more."""
    with sample(folder / "few") as few, sample(folder / "many") as many:
        yield held(few, FEW), held(many, MANY)


def held(taken: Sample, people: int) -> Held:
    """Issue to as many people."""
    issue(taken.awards(list(islice(latin_names(), people))), taken.desk)
    entries = list(taken.desk.ledger.walk(""))
    config = taken.folder / "office" / "cecert.toml"
    pdfs = tuple(sorted((taken.folder / "office").rglob("certificates/**/*.pdf")))
    assert len(pdfs) == len(entries) == people
    return Held(config, pdfs, tuple(each.certificate for each in entries))


def library(few: Held) -> dict[str, Row]:
    """Return the rows of this process."""
    key, scheme = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(SHA256())
    signed, public = key.sign(b"message", scheme), key.public_key()
    links = [each.token_url for each in few.certificates[:CHECKS]]
    writer = SnapshotWriter()
    texts = [writer.text_of(each) for each in few.certificates[:CHECKS]]
    verifier = open_verifier(few.config.parent / "keys" / "trust.cose", offline=True)
    return {
        UNIT: Row(
            called(lambda: [public.verify(signed, b"message", scheme) for _ in range(CHECKS)]),
            CHECKS,
        ),
        "verify a link, library": Row(
            called(lambda: [verify(each, verifier) for each in links]), CHECKS
        ),
        "verify_many, each link": Row(
            called(lambda: list(verify_many(links, verifier=verifier))), CHECKS
        ),
        "read a record's snapshot": Row(
            called(lambda: [certificate_of(each) for each in texts]), CHECKS
        ),
    }


UNIT = "one P-256 signature checked"


def rows(few: Held, many: Held) -> dict[str, Row]:
    """Return all that is measured."""
    verifying = ("verify", "--offline", "--workers", 1, "--config", few.config)
    return {
        **library(few),
        "cecert --help": Row(commanded("--help")),
        "verify 1 PDFs": Row(commanded(*verifying, few.pdfs[0])),
        f"verify {1 + FOLDER} PDFs": Row(commanded(*verifying, *few.pdfs[: 1 + FOLDER])),
        f"audit, {FEW} held": Row(commanded("audit", "--workers", 1, "--config", few.config)),
        f"audit, {MANY} held": Row(commanded("audit", "--workers", 1, "--config", many.config)),
    }


def tell(measured: dict[str, Row]) -> Iterator[Figure]:
    """Print the table, and yield its rows."""
    unit = measured[UNIT].median
    more = {
        "verify, each further PDF": _each(measured, "verify {} PDFs", 1, 1 + FOLDER),
        "audit, each certificate": _each(measured, "audit, {} held", FEW, MANY),
    }
    told = {name: row.median for name, row in measured.items()} | more
    print(f"{'':32}{'ms':>10}{'x signature':>14}{'a second':>12}")
    rounds = len(measured[UNIT].taken)
    for name, seconds in told.items():
        print(f"{name:32}{1e3 * seconds:10.3f}{seconds / unit:14.1f}{1 / seconds:12.1f}")
        yield Figure(name, 1e3 * seconds, "ms", rounds, UNIT, seconds / unit)


def _each(measured: dict[str, Row], name: str, few: int, many: int) -> float:
    first = next(row for key, row in measured.items() if key.startswith(name.format(few)))
    more = measured[name.format(many)].median - first.median
    return more / (many - few)


def tell_workers(few: Held, many: Held, rounds: int) -> Iterator[Figure]:
    """Print and yield what two workers save by the clock, at the best of some rounds."""
    commands = {
        f"verify {1 + FOLDER} PDFs": (
            "verify", "--offline", "--config", few.config, *few.pdfs[: 1 + FOLDER],
        ),
        f"audit, {MANY} held": ("audit", "--config", many.config),
    }  # fmt: skip
    taken: dict[str, dict[int, list[float]]] = {each: {1: [], 2: []} for each in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            for count in (1, 2):
                taken[name][count].append(command(*words, "--workers", count).wall)
    print(f"\n{'on the wall, s':32}{'1 worker':>10}{'2 workers':>14}{'faster':>12}")
    for name, walls in taken.items():
        one, two = min(walls[1]), min(walls[2])
        print(f"{name:32}{one:10.2f}{two:14.2f}{one / two:12.2f}")
        label = f"{name}, two workers"
        yield Figure(label, two, "s by the clock", rounds, "one worker", two / one)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def figures(rounds: int = 3) -> tuple[Figure, ...]:
    """Measure, print, and return it."""
    compileall.compile_dir(Path(cecert.__file__).parent, quiet=2)
    os.environ["CECERT_KEY_PASSPHRASE"] = PASSPHRASE
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_CACHE_HOME"] = folder
        with offices(Path(folder)) as (few, many):
            measured = rows(few, many)
            for _ in range(rounds):
                for row in measured.values():
                    row.run()
            return (*tell(measured), *tell_workers(few, many, rounds))


if __name__ == "__main__":
    figures(*map(int, sys.argv[1:]))
