"""Reading an attendance export against `csv.reader` over the same file.

    python benchmarks/reading.py

Figures are ratios, because machines differ. Two exports are made and read: a webinar's
of 2,000 connections, and one of 100,000. Memory is the peak that Python allocated while
reading, over the size of the file.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cecert.adapters.assets import asset_folder
from cecert.adapters.evidence import read_evidence, read_synonyms
from cecert.domain.evidence import AttendanceFile
from cecert.domain.evidence_people import people_seen

HEADER = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),In Waiting Room"
START = datetime(2020, 10, 22, 12, 50, tzinfo=ZoneInfo("America/New_York"))
REPEATS = 3


def export(rows: int) -> str:
    lines = [HEADER]
    for number in range(rows):
        person = number % (rows // 4)
        join = START + timedelta(seconds=7 * (number % 900) + number // (rows // 4) * 2400)
        leave = join + timedelta(seconds=2000 + number % 300)
        minutes = -(-int((leave - join).total_seconds()) // 60)
        stamps = f"{join:%m/%d/%Y %I:%M:%S %p},{leave:%m/%d/%Y %I:%M:%S %p}"
        lines.append(f"Person {person},person{person}@example.org,{stamps},{minutes},No")
    return "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def measured(path: Path) -> dict[str, float]:
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
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in (2_000, 100_000):
            path = Path(folder) / f"export-{rows}.csv"
            path.write_text(export(rows), "utf-8")
            json.dump(measured(path), sys.stdout, indent=2)
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
