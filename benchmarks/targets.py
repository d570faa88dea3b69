"""What was asked of speed and scale, and which figures say whether it is so.

It runs nothing by itself: `report.py` writes its table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from figures import Figure

__all__ = ["TARGETS", "Bound", "Target"]

Found = Mapping[str, Sequence[Figure]]
"""What each benchmark found, by the name of its file."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure, and what it may be.

    Attributes:
        benchmark: Which measures it, by its file's name.
        name: Of the figure.
        unit: Of the figure, or `x` for its ratio.
        most: It may not be more.
        least: It may not be less.
        size: How many at least must be held or sent for it to say anything.
    """

    benchmark: str
    name: str
    unit: str
    most: float = float("inf")
    least: float = 0
    size: int = 0

    def figure(self, found: Found) -> Figure | None:
        """Return the figure with the most held or sent, if it was measured."""
        fitting = [
            each
            for each in found.get(self.benchmark, ())
            if each.name == self.name and self.unit in {each.unit, "x"}
        ]
        return max(fitting, key=lambda each: each.size or 0, default=None)

    def value(self, figure: Figure) -> float:
        """Return what is bounded: the figure's value or its ratio."""
        return figure.value if self.unit == figure.unit else figure.ratio or 0

    def told(self, found: Found) -> str:
        """Return what was measured."""
        figure = self.figure(found)
        if figure is None:
            return "not measured"
        held = f" with {figure.size:,}" if figure.size else ""
        return f"{figure.name}: {self.value(figure):,.3g} {self.unit}{held}"

    def is_reached(self, found: Found) -> bool | None:
        """Return whether it is as wanted; nothing, where too little was measured to say so."""
        figure = self.figure(found)
        if figure is None or (figure.size or 0) < self.size:
            return None
        return self.least <= self.value(figure) <= self.most


@dataclass(frozen=True, slots=True)
class Target:
    """A row of the table.

    Attributes:
        what: Is measured.
        before: What it was when the table was drawn up, on another machine.
        wanted: In words.
        bounds: Figures that say whether it is reached; none, where a count of a test says it.
        why: It is not reached, or where it is shown.
    """

    what: str
    before: str
    wanted: str
    bounds: tuple[Bound, ...] = ()
    why: str = ""

    def verdict(self, found: Found) -> str:
        """Return whether it is reached, and else why not."""
        reached = [each.is_reached(found) for each in self.bounds]
        if not reached:
            return self.why
        if False in reached:
            return f"not reached: {self.why}" if self.why else "not reached in this run"
        return "reached" if None not in reached else "not said at these sizes"


def _looks(*names: str) -> tuple[Bound, ...]:
    unit = "s to its first words"
    return tuple(Bound("large_ledger", each, unit, most=2, size=100_000) for each in names)


TARGETS = (
    Target(
        "one certificate by library call into a ledger that holds many",
        "5,000 held: 3,049 ms; none: 32 ms",
        "within 10 %, from 0 to 100,000",
        (Bound("large_ledger", "one certificate more", "x", most=1.1, size=100_000),),
    ),
    Target(
        "`issue`, warm, library, against the full floor",
        "4.3 x",
        "at most 2.5 x on one core",
        (Bound("issuing", "issue, warm, library", "x", most=2.5),),
        "drawing, the archive and the ledger take like shares, as `issuing.py` prints",
    ),
    Target(
        "`issue`, the command, 1,000 people",
        "12.9 s",
        "under 6 s; wall / cores",
        (Bound("issuing", "issue, the command", "s", most=6, size=1_000),),
    ),
    Target(
        "`cecert --help`",
        "3.4 s, 1,112 modules",
        "under 0.5 s",
        (Bound("verifying", "cecert --help", "ms", most=500),),
    ),
    Target(
        "`verify` of one PDF",
        "2.8 s",
        "under 1.2 s",
        (Bound("verifying", "verify 1 PDFs", "ms", most=1_200),),
    ),
    Target(
        "`verify`, each further PDF",
        "182 ms",
        "under 60 ms, and / cores",
        (Bound("verifying", "verify, each further PDF", "ms", most=60),),
        "its page is drawn at 150 dots an inch for its code, which is what people compare (ADR 39)",
    ),
    Target(
        "`audit`, each certificate",
        "22.6 ms",
        "under 3 ms, and / cores",
        (Bound("verifying", "audit, each certificate", "ms", most=3),),
    ),
    Target(
        "token verify, library",
        "0.83 ms, 638 a second",
        "at least 4,000 a second of CPU",
        (
            Bound("verifying", "verify_many, each link", "ms", most=0.25),
            Bound("verifying", "verify a link, library", "ms"),
        ),
    ),
    Target(
        "snapshot decode",
        "0.54 to 1.2 ms",
        "0.17 ms",
        (Bound("verifying", "read a record's snapshot", "ms", most=0.17),),
    ),
    Target(
        "`publish` at 100,000",
        "81 s, 793 MB",
        "under 10 s, under 120 MB",
        (
            Bound("large_ledger", "publish", "s", most=10, size=100_000),
            Bound("large_ledger", "publish", "MB", most=120, size=100_000),
        ),
        "it reads all leaves and all files of the log ([known issues](known-issues.md))",
    ),
    Target(
        "`status`, `export roster`, `show`, `find` at 100,000",
        "20 s; not run",
        "under 2 s to the first page, flat memory",
        (*_looks("status", "show", "find"), Bound("large_ledger", "export roster", "MB")),
        "of the clock of a busy machine; `find` and `show` take under a second of the processor",
    ),
    Target(
        "`deliver`, 1,000 mails to a sink",
        "44 mails a CPU second, 2.65 x smtplib; event loop held 2.9 s",
        "at least 150 a CPU second; event loop held 50 ms at most",
        (
            Bound("mailing", "deliver", "mails a second", least=150),
            Bound("mailing", "deliver holds the event loop", "ms", most=50),
        ),
        "the loop's hold is what its own process takes, without waiting for other programs",
    ),
    Target(
        "two or four processes on one list",
        "n times the work for one result",
        "work is claimed before it is drawn",
        why="a count and no time: "
        "[ADR 40](adr/0040-who-draws-what-and-where-it-lies.md) says how, its tests count drawings",
    ),
)
