"""Runs the benchmarks one after the other and writes `docs/performance.md` from what they found.

    python benchmarks/report.py [small | full] [BENCHMARK ...]

Each runs in a process of its own and prints what it prints when it is run alone. What it found
is kept in `build/measured/`, with the day, the command and the load of the machine, so that
one benchmark can be run again and the page has the others as they were.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from figures import Figure, alone
from targets import TARGETS

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "measured"
PAGE, PICTURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "pictures" / "cost.svg"

SIZES: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "full": {"log": (1_000_000,), "large_ledger": (0, 1_000, 5_000, 20_000, 100_000)},
    "small": {
        "drawing": (3,),
        "issuing": (300,),
        "verifying": (1,),
        "reading": (200, 1_000),
        "mailing": (1, 200, 1_000),
        "log": (20_000,),
        "publishing": (20_000,),
        "reads": (200, 2_000),
        "large_ledger": (0, 1_000, 5_000, 20_000),
    },
}
"""What benchmarks are told; one that is not named has the sizes that it has by itself."""

BENCHMARKS: Mapping[str, str] = {
    "drawing": "a certificate drawn and sealed, here and by the engines of `other_engines.py`",
    "issuing": "`issue` against the least that it can take, its memory, and the command",
    "verifying": "`verify`, `audit`, links and records, against one signature checked",
    "reading": "`collect` against a plain program of one page",
    "mailing": "`deliver` against a socket and `smtplib`",
    "large_ledger": "commands where the ledger holds much",
    "log": "the log: adding, publishing, auditing",
    "publishing": "`publish` of a million, from nothing and again",
    "reads": "rows that commands read, with little and with much held: counts, no times",
    "service": "the example of a service, asked by 8 clients at once",
    "journeys": "changes of file on three journeys: counts, no times",
}
"""The benchmarks in their order, and what each measures."""

PEERS: Mapping[str, str] = {
    "draw and seal, Latin names": "cecert: drawn, tagged, with the token attached, sealed",
    "plain reportlab and pyHanko": "plain reportlab and pyHanko, sealed",
    "fpdf2 and pyHanko": "fpdf2 and pyHanko, sealed",
    "WeasyPrint, unsigned": "WeasyPrint, not sealed",
    "typst, unsigned": "typst, not sealed",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One benchmark that was run.

    Attributes:
        benchmark: Its file's name.
        sizes: What it was told.
        day: When it ended.
        seconds: How long it took by the clock.
        load: Of the machine, over a minute, before and after.
        machine: Cores and Python.
        figures: What it found.
        missing: What it lacked, and so found nothing.
    """

    benchmark: str
    sizes: Sequence[int]
    day: str
    seconds: float
    load: Sequence[float]
    machine: str
    figures: Sequence[Figure]
    missing: str = ""

    @property
    def command(self) -> str:
        """Return the command that runs it alone."""
        return " ".join(map(str, ("python", f"benchmarks/{self.benchmark}.py", *self.sizes)))


def measured(benchmark: str, sizes: Sequence[int]) -> tuple[Figure, ...]:
    """Run one here, and return what it found."""
    found: tuple[Figure, ...] = import_module(benchmark).figures(*sizes)
    return found


def run(benchmark: str, sizes: Sequence[int]) -> Run:
    """Run one in a process of its own; one that lacks a program has found nothing."""
    print(f"\n{benchmark}", flush=True)
    before, start = os.getloadavg()[0], time.perf_counter()
    figures: tuple[Figure, ...] = ()
    missing = ""
    try:
        figures = alone(measured, benchmark, sizes)
    except SystemExit as ended:
        missing = str(ended)
    return Run(
        benchmark,
        sizes,
        f"{datetime.now(UTC):%Y-%m-%d}",
        time.perf_counter() - start,
        (before, os.getloadavg()[0]),
        f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        figures,
        missing,
    )


def keep(done: Run) -> None:
    """Write what was found, for the pages of later runs."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{done.benchmark}.json").write_text(json.dumps(asdict(done), indent=1), "utf-8")


def kept() -> Iterator[Run]:
    """Yield what was found, in the order of the benchmarks."""
    for path in (KEPT / f"{each}.json" for each in BENCHMARKS):
        if path.exists():
            told = json.loads(path.read_text("utf-8"))
            yield Run(**told | {"figures": [Figure(**each) for each in told["figures"]]})


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(each)} |\n" for each in lines)


def targets(runs: Sequence[Run]) -> str:
    """Return the table of what was asked."""
    found = {each.benchmark: each.figures for each in runs}
    rows = [
        (
            each.what,
            each.before,
            each.wanted,
            "; ".join(bound.told(found) for bound in each.bounds) or "-",
            each.verdict(found),
        )
        for each in TARGETS
    ]
    return table(("what", "before", "wanted", "now", "reached"), rows)


def peers(runs: Sequence[Run]) -> str:
    """Return the table of other engines."""
    found = {each.name: each for done in runs for each in done.figures}
    rows = [
        (what, f"{found[name].value:.2f}", f"{found[name].ratio:.1f}", str(found[name].repeats))
        for name, what in PEERS.items()
        if name in found
    ]
    return table(("one certificate", "ms of CPU, median", "times cecert", "rounds"), rows)


def all_figures(runs: Sequence[Run]) -> str:
    """Return the table of every figure."""
    rows = [
        (
            f"`{done.benchmark}.py`",
            each.name + (f" ({each.size:,})" if each.size is not None else ""),
            f"{each.value:,.4g} {each.unit}",
            f"{each.ratio:.2f} x {each.against}" if each.ratio is not None else "",
            str(each.repeats),
        )
        for done in runs
        for each in done.figures
    ]
    return table(("benchmark", "what (how many)", "value", "ratio", "repeats"), rows)


def where(runs: Sequence[Run]) -> str:
    """Return the table of what was run, when and on what."""
    done = {each.benchmark: each for each in runs}
    rows = []
    for name, what in BENCHMARKS.items():
        each = done.get(name)
        if each is None:
            rows.append((f"`{name}.py`", what, "not run", "", ""))
            continue
        load = f"{each.load[0]:.1f}, {each.load[1]:.1f}"
        how = f"nothing found: {each.missing}" if each.missing else f"`{each.command}`"
        rows.append((f"`{name}.py`", what, how, f"{each.day}, {each.seconds:.0f} s", load))
    return table(("benchmark", "measures", "command", "when", "load before, after"), rows)


def curve(runs: Sequence[Run]) -> None:
    """Draw what one certificate more costs against what the ledger holds."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    points = [
        (each.size or 0, each.value)
        for done in runs
        for each in done.figures
        if each.name == "one certificate more"
    ]
    mpl.rcParams.update({"svg.hashsalt": "cost", "svg.fonttype": "none", "font.size": 9})
    figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
    sizes, costs = zip(*points, strict=True)
    axes.plot(sizes, costs, marker="o", color="#1f3a5f")
    axes.set_xscale("symlog", linthresh=1_000)
    axes.set_xticks(sizes, [f"{each:,}" for each in sizes])
    axes.set_ylim(0, 1.3 * max(costs))
    axes.set_xlabel("certificates that the ledger holds")
    axes.set_ylabel("ms of CPU for one more")
    figure.savefig(PICTURE, metadata={"Date": None})
    lines = PICTURE.read_text("utf-8").splitlines()
    PICTURE.write_text("\n".join(each.rstrip() for each in [*lines, ""]), "utf-8")


def page(runs: Sequence[Run]) -> str:
    """Return the page."""
    machine = "; ".join(dict.fromkeys(each.machine for each in runs))
    return f"""# Performance

Written by `make bench` (`benchmarks/report.py`) from what the benchmarks measured; not by hand.
The machine: {machine}.
A load above 1 before a benchmark says that other programs ran beside it. Seconds are those of the
processor where nothing else is said, and ratios are within one run. No test asserts a time: tests
count.

`make bench` measures at full size, `make bench SIZE=small` at smaller ones, in less time. The
commands below say which sizes this page has.

## What was asked

*Before* is what another machine measured before the work began, so it says the scale and no ratio.

{targets(runs)}
## Against other engines

The same words, pictures and code at the same places (`benchmarks/other_engines.py`). The others
draw no tags of ours and attach no token. Where pyHanko seals, fonts are parsed and the key is read
for each certificate, as anybody would write it first.

{peers(runs)}
## What one certificate more costs

By library call, warm, into a ledger that holds so many of the same course
(`benchmarks/large_ledger.py`).

![The cost of one more certificate, against how many the ledger holds](pictures/cost.svg)

## What was run

{where(runs)}
## Every figure

{all_figures(runs)}"""


def main(sizes: str = "full", *benchmarks: str) -> None:
    """Run *benchmarks*, or all of them, and write the page from all that is kept."""
    for each in benchmarks or BENCHMARKS:
        keep(run(each, SIZES[sizes].get(each, ())))
    write()


def write() -> None:
    """Write page and picture from what is kept."""
    runs = list(kept())
    curve(runs)
    PAGE.write_text(page(runs), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
