"""What each command reads, with little and with much in the ledger: statements, rows, files.

    python benchmarks/reads.py [FEW MANY]

1,000 and 10,000 certificates of one course, unless told otherwise; the past is put in row by row
(`sample_past`). The commands run in processes of their own, in which SQLite's cursors
count what they give, and Python tells of files that are opened below the office, its site included.
What does not grow from one size to the other does not read the past.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from figures import Figure
from sample_office import PASSPHRASE, Sample, latin_names, sample
from sample_past import fill

from cecert import issue


class Reads(NamedTuple):
    """What a command read.

    Attributes:
        statements: That the ledger was asked.
        rows: That it gave.
        files: Opened below the office.
    """

    statements: int
    rows: int
    files: int


_COUNTING = """
import json, os, sqlite3, sys
found = {"statements": 0, "rows": 0, "files": 0}
class Cursor(sqlite3.Cursor):
    def execute(self, *words):
        found["statements"] += 1
        return super().execute(*words)
    def fetchone(self):
        row = super().fetchone()
        found["rows"] += row is not None
        return row
    def fetchall(self):
        rows = super().fetchall()
        found["rows"] += len(rows)
        return rows
    def fetchmany(self, *size):
        rows = super().fetchmany(*size)
        found["rows"] += len(rows)
        return rows
class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(factory)
real = sqlite3.connect
sqlite3.connect = lambda *words, **named: real(*words, **{**named, "factory": Connection})
below = os.getcwd() + os.sep
def heard(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        found["files"] += os.path.abspath(arguments[0]).startswith(below)
sys.addaudithook(heard)
from cecert.cli import main
told = os.environ["CECERT_READS"]
try:
    main()
except SystemExit:
    pass
with open(told, "w") as out:
    json.dump(found, out)
"""


def commands(taken: Sample, size: int) -> Mapping[str, Reads]:
    """Return what each command read of a ledger of *size* certificates."""
    office = taken.folder / "office"
    issue(taken.awards(["Ana Ruiz"]), taken.desk)
    fill(office / "ledger.db", latin_names(), size)
    one, course = f"held{size // 2}@example.net", taken.course.id
    asked = {
        "find NAME": ("find", "Ana Ruiz"),
        "show ADDRESS": ("show", one),
        "transcript ADDRESS": ("transcript", one, "-o", "transcript.json"),
        "lint": ("lint",),
        "due": ("due",),
        "changes (the first page)": ("changes", "--limit", "100"),
        "mail plan": ("mail", "plan"),
        "status": ("status",),
        "export roster": ("export", "roster", course),
        "publish, from nothing": ("publish", "site"),
        "publish again": ("publish", "site"),
    }
    return {label: read(words, office) for label, words in asked.items()}


def read(words: tuple[str, ...], office: Path) -> Reads:
    """Run a command; return what it read, zeros where it was refused."""
    told = office.parent / "reads.json"
    told.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-P", "-c", _COUNTING, *words],
        cwd=office,
        env={**os.environ, "CECERT_KEY_PASSPHRASE": PASSPHRASE, "CECERT_READS": str(told)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not told.exists():
        sys.exit(done.stderr)
    if "usage" in done.stderr.casefold():
        print(words, done.stderr[-300:], file=sys.stderr)
    return Reads(**json.loads(told.read_text()))


def figures(few: int = 1_000, many: int = 10_000) -> tuple[Figure, ...]:
    """Print the table; return the rows that each command reads of a ledger that holds *many*."""
    found = []
    for size in (few, many):
        with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
            found.append(commands(taken, size))
    print(f"| command | statements, {few:,} held | {many:,} | rows | | files | |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for label, one in found[0].items():
        cells = (f"{each:,}" for pair in zip(one, found[1][label], strict=True) for each in pair)
        print(f"| {label} | {' | '.join(cells)} |")
    return tuple(
        Figure(
            label,
            found[1][label].rows,
            "rows read",
            against=f"with {few:,} held",
            ratio=found[1][label].rows / max(one.rows, 1),
            size=many,
        )
        for label, one in found[0].items()
    )


if __name__ == "__main__":
    figures(*map(int, sys.argv[1:]))
