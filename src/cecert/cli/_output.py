"""How the command line talks.

stdout is data, stderr is talk. What a person did wrong is one `cecert: error:` line,
its faults below, and one `cecert: hint:` line: no capital, no full stop, no traceback.
Progress is a bar on a terminal and plain lines elsewhere.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING

from cecert.domain.values.json_text import json_pieces
from cecert.domain.values.spreadsheets import guarded
from cecert.errors import CecertError

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.table import Table

__all__ = [
    "ProgressBar",
    "answer",
    "answer_json",
    "answer_row",
    "complain",
    "plain",
    "progress_bar",
    "progress_bars",
    "say",
    "table",
]


def say(message: str) -> None:
    """Say something to the person at the terminal."""
    print(f"cecert: {message}", file=sys.stderr)  # noqa: T201


def complain(error: CecertError) -> None:
    """Say what is wrong, and what can be done."""
    say(f"error: {error}")
    if error.hint:
        say(f"hint: {error.hint}")


def answer(text: str) -> None:
    """Print a line of data on standard output.

    Raises:
        CecertError: If it cannot be written: the disk behind it is full.
    """
    _write((text, "\n"))


def answer_json(document: Mapping[str, object]) -> None:
    """Print one JSON document as the whole answer.

    What an iterator yields is written entry by entry, a line each, so that a document of
    any length is never held as a whole.
    """
    _write(json_pieces(document, "  ", _indented))


def _indented(value: object) -> str:
    # JSON has no line break inside a string.
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")


def _write(parts: Iterable[str]) -> None:
    try:
        for each in parts:
            sys.stdout.write(each)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CecertError(f"the answer cannot be written: {error.strerror}") from error


def answer_row(row: Sequence[str]) -> None:
    """Print one row as a program reads it, as harmless as a row of a table."""
    _write((_tabbed(row),))


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: tab-separated where a program reads it, ruled on a terminal.

    What others wrote runs nowhere: a cell that a spreadsheet would take for a formula is
    guarded as in exports, and no control character reaches the terminal. A long one is
    ruled page by page, each with the headers, and never held as a whole.
    """
    if not sys.stdout.isatty():
        _write(map(_tabbed, chain((headers,), rows)))
        return
    from rich.console import Console

    console = Console()
    rows = iter(rows)
    console.print(_ruled(headers, islice(rows, PAGE)))
    while page := list(islice(rows, PAGE)):
        console.print(_ruled(headers, page))


PAGE = 500
"""Rows that are ruled at once."""


def _ruled(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    from rich.table import Table

    ruled = Table(*headers, header_style="bold", show_edge=False)
    for row in rows:
        # Square brackets in a name are no markup.
        ruled.add_row(*(cell.replace("[", r"\[") for cell in _harmless(row)))
    return ruled


def _tabbed(row: Sequence[str]) -> str:
    return "\t".join(_harmless(row)) + "\n"


def _harmless(row: Sequence[str]) -> list[str]:
    """Return each cell as one line that neither a spreadsheet nor a terminal obeys."""
    lines = list(map(plain, row))
    return [
        line if line == NOTHING else safe
        for line, safe in zip(lines, map(guarded, lines), strict=True)
    ]


def plain(text: str) -> str:
    """Return *text* as one line without any control character: what others wrote is in it."""
    line = text.replace("\t", " ").replace("\n", " ")
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else REPLACED for each in line)


NOTHING = "-"
"""What stands where there is nothing; alone it is no formula."""

REPLACED = "\N{REPLACEMENT CHARACTER}"


class ProgressBar:
    """Shows how far a long piece of work is.

    Attributes:
        done: How much of it is finished.
    """

    def __init__(self, bar: Progress | None, what: str) -> None:
        self.done = 0
        self._bar = bar
        self._what = what
        self._task = None if bar is None else bar.add_task(what, total=None)

    def advance(self, done: int, total: int) -> None:
        """Show that *done* of *total* are finished."""
        self.done = done
        if self._bar is None or self._task is None:
            say(f"{self._what}: {done} of {total}")
        else:
            self._bar.update(self._task, completed=done, total=total)


@contextmanager
def progress_bar(what: str) -> Iterator[ProgressBar]:
    """Show a bar on a terminal, and plain lines elsewhere, until the work is done."""
    if not sys.stderr.isatty():
        yield ProgressBar(None, what)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield ProgressBar(bar, what)


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each step of a long work, one after the other.

    What is yielded is told a step's name, how much of it is done, and of how much.
    """
    with ExitStack() as shown:
        bars: dict[str, ProgressBar] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in bars:
                shown.close()
                bars[what] = shown.enter_context(progress_bar(what))
            bars[what].advance(done, total)

        yield advance
