"""Reading an attendance export against `csv.reader` over the same file.

    python benchmarks/reading.py [PEOPLE ...]

Figures are ratios of processor time, because machines differ and are busy. Two exports
are made and read: a webinar's of 2,000 connections of 500 people, and one of 100,000.
Memory of the reading is the peak that Python allocated, over the size of the file. Then
come whole commands, each a process of its own, with its start and all it writes: `inspect
--json`, and `collect` for the 500 people who registered (of the longer export the others
are strangers); their memory is the most that the process held. `collect --help` is what
starting alone takes.

Commands are measured as they are installed, with their modules compiled.

Last comes a table: the whole of `collect` for a meeting of two days (registrations, two
reports, an evaluation form) of PEOPLE (1,000, 5,000 and 25,000) against `plainly`, a program
of one page that reads the same files with `csv` and unites the intervals. All of them take
turns in one run, and the ratio is of the best of each, with the start of the command and
without it. Memory is the peak of a process of its own, also without that of a collection of
one person, and at last that of the most people over that of the fewer.
"""

from __future__ import annotations

import compileall
import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from figures import Figure
from sample_meeting import DAYS, LENGTH, Meeting, write_meeting

import cecert
from cecert.adapters.assets import asset_folder
from cecert.adapters.exports import read_evidence
from cecert.adapters.tables.headers import read_synonyms
from cecert.domain.evidence.export import AttendanceFile
from cecert.domain.evidence.export_people import people_seen

HEADER = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),In Waiting Room"
START = datetime(2020, 10, 22, 12, 50, tzinfo=ZoneInfo("America/New_York"))
REPEATS = 3
PEOPLE = 500
EXPORTS = (2_000, 100_000)
SIZES = (1_000, 5_000, 25_000)


def export(rows: int) -> str:
    """Two days, and everybody is thrown out once a day: some for too long, some come late."""
    people = rows // 4
    lines = [HEADER]
    for number in range(rows):
        stay, person = divmod(number, people)
        join = START + timedelta(days=7 * (stay // 2), seconds=person % 1_300)
        leave = join + timedelta(seconds=5_700)
        if stay % 2:
            join, leave = leave + timedelta(seconds=20 + person % 350), leave + timedelta(hours=2)
        minutes = -(-int((leave - join).total_seconds()) // 60)
        stamps = f"{join:%m/%d/%Y %I:%M:%S %p},{leave:%m/%d/%Y %I:%M:%S %p}"
        lines.append(f"Person {person},person{person}@example.org,{stamps},{minutes},No")
    return "\n".join(lines)


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


WATCH = """
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, each, os.devnull, os.O_WRONLY, 0) for each in (1, 2)]
start = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, "-m", "cecert", *sys.argv[1:]],
                       os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
json.dump([status, time.perf_counter() - start, usage.ru_utime + usage.ru_stime,
           usage.ru_maxrss], sys.stdout)
"""
"""Runs a command and says what it took. A process is charged its parent's memory, too, so
its parent is one that has next to none."""


def command(*words: str, clean: Path | None = None, repeats: int = REPEATS) -> dict[str, float]:
    """Return the least of the times, and the most of the memory, of some runs."""
    runs = []
    for _ in range(repeats):
        if clean is not None:
            shutil.rmtree(clean, ignore_errors=True)
            clean.mkdir()
        told = subprocess.run(
            [sys.executable, "-S", "-c", WATCH, *words], check=True, capture_output=True
        ).stdout
        status, *figures = json.loads(told)
        assert status == 0, words
        runs.append(figures)
    wall, processor, kilobytes = zip(*runs, strict=True)
    return {
        "seconds": min(wall),
        "processor_seconds": min(processor),
        "peak_megabytes": max(kilobytes) * 1024 / 1e6,  # Linux counts in KiB
    }


def figures_of(what: str, taken: dict[str, float], base: float) -> dict[str, float]:
    figures = {f"{what}_{key}": round(value, 2) for key, value in taken.items()}
    return figures | {f"{what}_ratio": round(taken["processor_seconds"] / base, 1)}


def whole_commands(path: Path, office: Path, base: float) -> dict[str, float]:
    registered = "\n".join(f"Person {each},person{each}@example.org," for each in range(PEOPLE))
    registrations = path.with_name("registrations.csv")
    registrations.write_text(f"name,email,credentials\n{registered}\n", "utf-8")
    out = path.with_name("collected")
    collect = (
        "collect", str(office / "course.toml"), "--config", str(office / "cecert.toml"),
        "--registrations", str(registrations), "--attendance", str(path),
        "--output", str(out / "completions.csv"),
    )  # fmt: skip
    return {
        **figures_of("start", command("collect", "--help"), base),
        **figures_of("inspect", command("inspect", "--json", str(path)), base),
        **figures_of("collect", command(*collect, clean=out), base),
    }


def measured(path: Path, office: Path) -> dict[str, float]:
    names = read_synonyms(asset_folder("templates") / "evidence" / "synonyms.toml")

    def plain() -> int:
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file))

    def reading() -> AttendanceFile:
        found = read_evidence(path, names)
        assert isinstance(found, AttendanceFile)
        return found

    def inspecting() -> int:
        return len(people_seen(reading(), ZoneInfo("America/New_York")))

    base = seconds(plain)
    read, inspected = seconds(reading), seconds(inspecting)
    tracemalloc.start()
    reading()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "rows": plain() - 1,
        "csv_reader_seconds": round(base, 4),
        "read_seconds": round(read, 3),
        "read_ratio": round(read / base, 1),
        "read_and_united_seconds": round(inspected, 3),
        "read_and_united_ratio": round(inspected / base, 1),
        "peak_bytes_per_file_byte": round(peak / path.stat().st_size, 1),
        **whole_commands(path, office, base),
    }


STAMP, SUBMITTED = "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S"
LIMIT = timedelta(minutes=15)


def plainly(meeting: Meeting, output: Path) -> None:
    """Write who was there on both days, and who gave an evaluation: no question is asked."""
    with meeting.registrations.open(encoding="utf-8", newline="") as file:
        people = {row["email"].casefold(): row["name"] for row in csv.DictReader(file)}
    with meeting.evaluation.open(encoding="utf-8", newline="") as file:
        answered = {
            row["Email Address"].casefold(): _moment(row["Timestamp"], SUBMITTED)
            for row in csv.DictReader(file)
        }
    there = [_there(path, day) for path, day in zip(meeting.reports, DAYS, strict=True)]
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for email, name in people.items():
            absences = [LENGTH - present.get(email, timedelta(0)) for present in there]
            attended = all(each <= LIMIT for each in absences)
            writer.writerow((name, email, attended, answered.get(email, ""), *absences))


def _moment(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007 - the meeting's own clock


def _there(path: Path, day: datetime) -> dict[str, timedelta]:
    """Return how long everybody was there within a day's session, by address."""
    first = day.replace(tzinfo=None)
    last = first + LENGTH
    stays: dict[str, list[tuple[datetime, datetime]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            join = max(_moment(row["Join Time"], STAMP), first)
            leave = min(_moment(row["Leave Time"], STAMP), last)
            stays.setdefault(row["User Email"].casefold(), []).append((join, leave))
    return {email: _united(each) for email, each in stays.items()}


def _united(stays: list[tuple[datetime, datetime]]) -> timedelta:
    present, edge = timedelta(0), min(stays)[0]
    for join, leave in sorted(stays):
        if leave > max(join, edge):
            present += leave - max(join, edge)
            edge = leave
    return present


@dataclass(frozen=True, slots=True)
class Turns:
    """A meeting that is collected and read plainly in turns.

    Attributes:
        people: How many registered.
        meeting: Its files.
        plain: Seconds of processor time of each plain reading.
        whole: What each collection took.
    """

    people: int
    meeting: Meeting
    plain: list[float] = field(default_factory=list)
    whole: list[dict[str, float]] = field(default_factory=list)

    @property
    def batch(self) -> Path:
        return self.meeting.folder / "collected"

    def turn(self) -> None:
        output = self.meeting.folder / "plain.csv"
        self.plain.append(seconds(lambda: plainly(self.meeting, output), repeats=1))
        words = self.meeting.collect(self.batch / "completions.csv")
        self.whole.append(command(*words, clean=self.batch, repeats=1))

    def figures(self, start: Mapping[str, float]) -> dict[str, float]:
        """Return what it took at best.

        Args:
            start: What a collection of one person takes, which is the start of the command.
        """
        plain, processor = min(self.plain), min(each["processor_seconds"] for each in self.whole)
        peak = max(each["peak_megabytes"] for each in self.whole)
        return {
            "people": self.people,
            "plain_ms_each": 1e3 * plain / self.people,
            "collect_ms_each": 1e3 * processor / self.people,
            "ratio": processor / plain,
            "after_start": (processor - start["processor_seconds"]) / plain,
            "peak_MB": peak,
            "over_one_MB": peak - start["peak_megabytes"],
            "written_MB": sum(each.stat().st_size for each in self.batch.rglob("*.*")) / 1e6,
        }


def print_table(rows: list[dict[str, float]]) -> None:
    width = max(map(len, rows[0])) + 2
    sys.stdout.write("".join(f"{name:>{width}}" for name in rows[0]) + "\n")
    for row in rows:
        cells = (f"{value:,}" if name == "people" else f"{value:,.2f}"
                 for name, value in row.items())  # fmt: skip
        sys.stdout.write("".join(f"{cell:>{width}}" for cell in cells) + "\n")


def meetings(sizes: Sequence[int]) -> tuple[Figure, ...]:
    """Print the table of meetings; return their ratios and memory."""
    with tempfile.TemporaryDirectory() as folder:
        one = write_meeting(Path(folder) / "one", 1)
        start = command(*one.collect(one.folder / "batch" / "c.csv"), clean=one.folder / "batch")
        sys.stdout.write(
            f"collect of 1 person: {start['processor_seconds']:.2f} s of processor time, "
            f"peak {start['peak_megabytes']:.0f} MB\n"
        )
        turns = [Turns(size, write_meeting(Path(folder) / str(size), size)) for size in sizes]
        for _ in range(REPEATS):
            for each in turns:
                each.turn()
        rows = [each.figures(start) for each in turns]
        print_table(rows)
        told = ", ".join(f"{each['ratio']:.1f} times at {each['people']:,} people" for each in rows)
        few, many = rows[-2], rows[-1]
        sys.stdout.write(
            f"collect over the plain program: {told}\n"
            f"memory at {many['people']:,} people over that at {few['people']:,}: "
            f"{many['peak_MB'] / few['peak_MB']:.2f} times\n"
        )
    return tuple(figure for each in rows for figure in meeting_figures(each))


def meeting_figures(row: Mapping[str, float]) -> tuple[Figure, ...]:
    """Return what a row of the table says, as values."""
    size, each = int(row["people"]), row["collect_ms_each"]
    against = "a plain program of one page"
    return (
        Figure("collect, a person", each, "ms", REPEATS, against, row["ratio"], size),
        Figure("memory of collect", row["peak_MB"], "MB", REPEATS, size=size),
    )


def figures(*sizes: int, exports: Sequence[int] = EXPORTS) -> tuple[Figure, ...]:
    """Measure meetings of *sizes* people and exports of so many rows; print and return it."""
    found = []
    compileall.compile_dir(Path(cecert.__file__).parent, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        office = Path(folder) / "office"
        subprocess.run([sys.executable, "-m", "cecert", "init", office], check=True,
                       capture_output=True)  # fmt: skip
        for rows in exports:
            path = Path(folder) / f"export-{rows}.csv"
            path.write_text(export(rows), "utf-8")
            taken = measured(path, office)
            json.dump(taken, sys.stdout, indent=2)
            sys.stdout.write("\n")
            used, ratio = taken["read_seconds"], taken["read_ratio"]
            found.append(Figure("an export is read", used, "s", REPEATS, "csv.reader", ratio, rows))
    return (*found, *meetings(sizes or SIZES))


if __name__ == "__main__":
    figures(*map(int, sys.argv[1:]))
