"""Every command cut off at every storage call, and a full disk at each, evenly.

    python tests/slow/kills_everywhere.py FOLDER [COMMAND[:CALL] ...]

FOLDER is where offices are made, best in memory; `publish:94` goes on where a run was stopped. A
line is printed for each fault, one now and then with what was run, and at the end one for each
command. Exits 1 if there was a fault.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import count, zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from kills import COMMANDS, FullDisk, Kill, undisturbed, wrong_with  # after the path
from matrix_made import Copies

TOLD_EVERY = 50


def cells(
    copies: Copies, name: str, first: int, told: type[Kill | FullDisk]
) -> Iterator[list[str]]:
    """Yield what is wrong, call by call, until a command has no more.

    Args:
        copies: The office.
        name: The command.
        first: The number of the call to begin at, from 0.
        told: Cuts it off.
    """
    expected = undisturbed(copies.fresh, name)
    for number in count(first):
        cut = told(number)
        try:
            with copies.fresh() as office:
                wrong = wrong_with(office, name, cut, expected)
        except Exception:  # noqa: BLE001  # a fault like any other
            wrong = [traceback.format_exc()]
        if not cut.call:
            return
        yield [f"{name} {told.__name__} {number} {cut.call!r}: {each}" for each in wrong]


def main(folder: Path, names: list[str]) -> int:
    """Cut off, evenly over commands; return the exit status."""
    copies = Copies.made(folder)
    done: Counter[str] = Counter()
    faults = 0
    asked = [each.partition(":")[::2] for each in names]
    kinds = [(name, int(first or 0), told) for name, first in asked for told in (Kill, FullDisk)]
    for turn in zip_longest(*(cells(copies, *each) for each in kinds)):
        for (name, _, told), wrong in zip(kinds, turn, strict=True):
            if wrong is None:
                continue
            done[f"{name} {told.__name__}"] += 1
            faults += bool(wrong)
            for each in wrong:
                _say(f"FAULT {each}")
            if done.total() % TOLD_EVERY == 0:
                _say(f"{done.total()} cells, {faults} faults")
    for kind, cut in done.items():
        _say(f"{kind}\t{cut}")
    _say(f"{done.total()} cells, {faults} faults")
    return 1 if faults else 0


def _say(line: str) -> None:
    print(line, file=sys.__stdout__, flush=True)  # its answer


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as own:
        sys.exit(main(Path(own), sys.argv[2:] or list(COMMANDS)))
