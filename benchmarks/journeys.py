"""How far a reader walks: files entered and changes of file on the three journeys.

`python benchmarks/journeys.py` follows each command with a profile hook, once with two
people and once with three, after a run that nobody counts, which loads what is loaded
late: the difference is what one more row takes, without start-up and what is made once a
run. The figures are counts; no machine changes them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

from figures import Figure

import cecert
from cecert import Office
from cecert.cli import main as command
from cecert.office import create_office

OURS = str(Path(cecert.__file__).parent) + os.sep
PASSPHRASE = "correct horse battery"
NAMES = ("Adeyemi", "Bowen", "Castle")

ZOOM = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"

COUNTED = {
    "courses read": ("read_course",),
    "signatures checked": ("check_signature",),
    "certificates composed": ("Composer.compose", "compose"),
    "pages laid out": ("compose_classic", "compose_modern"),
    "addresses folded": ("folded_email",),
}
"""Functions whose calls are worth a line, by what they do."""


@dataclass
class Walk:
    """What was entered on a journey.

    Attributes:
        files: Calls into each of our files.
        changes: Times the next function entered was in another of our files.
        folders: The same of folders.
        called: Calls of each function.
    """

    files: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    folders: int = 0
    called: Counter[str] = field(default_factory=Counter)
    _last: str = ""

    def enter(self, frame: FrameType) -> None:
        """Count a function that is entered."""
        path = frame.f_code.co_filename
        if not path.startswith(OURS):
            return
        self.files[path] += 1
        self.called[frame.f_code.co_qualname] += 1
        if path != self._last:
            self.changes += 1
            self.folders += Path(path).parent != Path(self._last).parent
        self._last = path

    def calls(self, names: tuple[str, ...]) -> int:
        """Return how often functions of these names were called."""
        return sum(self.called[each] for each in names)


@contextmanager
def followed() -> Iterator[Walk]:
    """Follow what this thread does."""
    walk = Walk()

    def hook(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            walk.enter(frame)

    sys.setprofile(hook)
    try:
        yield walk
    finally:
        sys.setprofile(None)


def walked(people: int, journey: Callable[[Path, int], list[str]]) -> Walk:
    """Return the walk of a command in a fresh office, for so many *people*."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "office"
        create_office(folder)
        with Office.open(folder / "cecert.toml", environ=os.environ) as office:
            office.make_keys(PASSPHRASE)
        words = journey(folder, people)
        with redirect_stdout(StringIO()), followed() as walk:
            command([*words, "-c", str(folder / "cecert.toml")])
        return walk


def issue(folder: Path, people: int) -> list[str]:
    """Write a list of *people* and return the command that issues it."""
    listed = folder / "completions.csv"
    header, first, *_ = listed.read_text("utf-8-sig").splitlines()
    rows = [first.replace("Adeyemi", each).replace("adeyemi", each.lower()) for each in NAMES]
    numbered = [each.replace("012345", f"01234{n}") for n, each in enumerate(rows[:people])]
    listed.write_text("\n".join([header, *numbered, ""]), "utf-8")
    return ["issue", str(folder / "course.toml"), str(listed)]


def verify(folder: Path, people: int) -> list[str]:
    """Issue to *people* and return the command that verifies their links."""
    with redirect_stdout(StringIO()):
        command([*issue(folder, people), "-c", str(folder / "cecert.toml")])
    with Office.open(folder / "cecert.toml", environ=os.environ) as office:
        links = [each.certificate.token_url for each in office.ledger.entries()]
    return ["verify", *links, "--offline"]


def collect(folder: Path, people: int) -> list[str]:
    """Write what a meeting leaves of *people* and return the command that collects it."""
    registered = ["name,email,credentials,fee_paid"]
    reports = {day: [ZOOM] for day in (22, 29)}
    for name in NAMES[:people]:
        address = f"{name.lower()}@example.org"
        registered.append(f"Ana {name},{address},ny-social-work,yes")
        for day, rows in reports.items():
            times = f"10/{day}/2020 12:55:00 PM,10/{day}/2020 04:16:00 PM,201,Yes"
            rows.append(f"Ana {name},{address},{times}")
    files = {"registered.csv": registered, **{f"{day}.csv": rows for day, rows in reports.items()}}
    for file, lines in files.items():
        (folder / file).write_text("\n".join([*lines, ""]), "utf-8")
    options = ["--registrations", str(folder / "registered.csv")]
    for day in reports:
        options += ["--attendance", str(folder / f"{day}.csv")]
    return ["collect", str(folder / "course.toml"), *options, "-o", str(folder / "new.csv")]


JOURNEYS = {
    "a completion row to a sealed file": issue,
    "a QR link to its outcome": verify,
    "a Zoom row to a cell": collect,
}

ROWS = {"a Zoom row to a cell": 2}
"""Rows that a person has, where it is not one: a report for each of two days."""


def figures() -> tuple[Figure, ...]:
    """Walk each journey; print and return what one more row takes, and what a run takes once."""
    found: list[Figure] = []
    os.environ["CECERT_KEY_PASSPHRASE"] = PASSPHRASE
    for name, journey in JOURNEYS.items():
        _, two, three = [walked(people, journey) for people in (2, 2, 3)]
        files = sum(three.files[each] > two.files[each] for each in three.files)
        changes, folders = three.changes - two.changes, three.folders - two.folders
        rows = ROWS.get(name, 1)
        told = f"{changes / rows:.0f} changes of file a row"
        whole = f" ({changes} a person, who has {rows})" if rows > 1 else ""
        found.append(Figure(name, changes / rows, "changes of file a row"))
        print(f"{name}: {files} files, {told}{whole}, {folders / rows:.0f} of folder")
        for what, names in COUNTED.items():
            if calls := three.calls(names):
                print(
                    f"    {what}: {three.calls(names) - two.calls(names)} a person, {calls} in all"
                )
    return tuple(found)


if __name__ == "__main__":
    figures()
