"""Every pair of commands at every storage call, evenly: wherever it is ended, each had its share.

    python tests/slow/pairs.py FOLDER [PART[:WORD][=CELL] ...]

FOLDER is where offices are made, best in memory. The PARTS are `held` (calls where another
command can make a difference) and `uneventful` (the others), by default both; `held=400` leaves
out the first 400 cells, which a campaign before this one has run; `held:site/log` has only
the calls that name it, for what is new. A line is
printed for each fault, and one now and then with what was run; the last lines count the cells of
each pair. Exits 1 if there was a fault.
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import storage_calls  # after the path
from matrix import BEFORE, Cell, Counts, is_held, is_uneventful, run_cell
from matrix_made import Copies
from matrix_office import COMMANDS

PARTS: Mapping[str, Counts] = {"held": is_held, "uneventful": is_uneventful}
TOLD_EVERY = 100


def naming(counts: Counts, word: str) -> Counts:
    """Return what counts the calls of *counts* that hold a word."""
    return lambda call: word in call and counts(call)


@dataclass
class Campaign:
    """Runs cells on copies of one office, and counts them."""

    copies: Copies
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: int = 0

    def calls_of(self, name: str, counts: Counts) -> int:
        """Return how many calls a command does that nobody disturbs."""
        calls: list[str] = []
        with self.copies.fresh() as office:
            if name in BEFORE:
                office.run(BEFORE[name])
            with storage_calls.watched(calls.append):
                office.run(name)
        return sum(map(counts, calls))

    def cell(self, first: str, second: str, number: int, counts: Counts) -> bool:
        """Run a cell; say whether it came to a call of that number."""
        try:
            with self.copies.fresh() as office:
                cell = run_cell(office, first, second, number, counts=counts)
        except Exception:  # noqa: BLE001  # a fault like any other, and the campaign goes on
            cell = Cell(call="?", findings=[traceback.format_exc()])
        if cell.call:
            self.cells[first, second] += 1
        if cell.findings:
            self.faults += 1
            _say(f"FAULT {first} {second} {number} {cell.call!r}: {cell.findings}")
            _say(f"      first: {cell.first}")
            _say(f"      second: {cell.second}")
        return bool(cell.call)

    def run(self, part: str, begin: int) -> None:
        """Run every cell of a part from the one of that number on, and tell now and then."""
        name, _, word = part.partition(":")
        counts = naming(PARTS[name], word)
        length = {name: self.calls_of(name, counts) for name in COMMANDS}
        _say(f"{part}: calls {length}, {sum(length.values()) * len(COMMANDS)} cells")
        began, done = time.process_time(), 0
        for first, second, number in islice(_evenly(length), begin, None):
            self.cell(first, second, number, counts)
            done += 1
            if done % TOLD_EVERY == 0:
                self._tell(f"{part}={begin + done}", (time.process_time() - began) / done)
        for first, second in product(COMMANDS, COMMANDS):  # meanwhile one may do more
            for number in count(length[first]):
                if not self.cell(first, second, number, counts):
                    break
        self._tell(part, (time.process_time() - began) / max(done, 1))

    def _tell(self, part: str, each: float) -> None:
        pairs, cells = len(self.cells), sum(self.cells.values())
        _say(f"{part}: {pairs} pairs, {cells} cells, {self.faults} faults, {each:.3f} s CPU a cell")


def _evenly(length: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Yield each call of each pair, in rounds that are spread over all calls of a command."""
    spread = {
        name: sorted(range(calls), key=lambda number: number * 0.6180339887498949 % 1)
        for name, calls in length.items()
    }
    for turn in range(max(length.values())):
        for first, second in product(COMMANDS, COMMANDS):
            if turn < length[first]:
                # Not the same call with every second: a campaign that is cut off saw others too.
                shift = COMMANDS.index(second) * length[first] // len(COMMANDS)
                yield first, second, spread[first][(turn + shift) % length[first]]


def _say(line: str) -> None:
    print(line, file=sys.__stdout__, flush=True)  # its answer


def main(folder: Path, parts: list[str]) -> int:
    """Make the office, run the parts, count the cells; return the exit status."""
    campaign = Campaign(Copies.made(folder))
    for each in parts:
        part, _, begin = each.partition("=")
        campaign.run(part, int(begin or 0))
    for (first, second), cells in sorted(campaign.cells.items()):
        _say(f"{first}\t{second}\t{cells}")
    return 1 if campaign.faults else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as own:
        sys.exit(main(Path(own), sys.argv[2:] or list(PARTS)))
