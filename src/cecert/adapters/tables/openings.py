"""Every way to see a file as a table, likeliest first.

The one way from bytes to rows: a completion list, an office's own list and a platform's
export all begin here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cecert.adapters.tables.bytes import Source, texts_of
from cecert.adapters.tables.grids import Grid, Progress, delimited
from cecert.adapters.tables.json import looks_like_json, read_json, read_json_lines
from cecert.adapters.tables.workbook import read_workbook

__all__ = ["Opened", "openings"]


@dataclass(frozen=True, slots=True)
class Opened:
    """One way to see a file as a table.

    Attributes:
        grid: Its rows.
        encoding: As docs/spec/inputs.md 1 names it, or `xlsx`.
        newline: `CRLF`, `LF` or `CR`; "" for a workbook.
        notes: What a person should check.
        row_word: What a row is called: `row`, or `line` for JSON Lines.
    """

    grid: Grid
    encoding: str
    newline: str = ""
    notes: tuple[str, ...] = ()
    row_word: str = "row"


def openings(source: Source, progress: Progress | None = None) -> Iterator[Opened]:
    """Yield every way to see a file as a table.

    What a file is shows its content. One name is believed, because it promises what the
    content cannot show: one line of a `.jsonl` is a list, of any other file an answer.

    Args:
        source: The file.
        progress: Told while a grid is gone through.

    Raises:
        InputError: If it is no text and no workbook, or a damaged one.
    """
    if source.is_workbook:
        sheet, notes = read_workbook(source)
        yield Opened(sheet, "xlsx", notes=notes)
        return
    for text in texts_of(source):
        about = text.encoding, text.newline, text.notes
        if source.name.casefold().endswith(".jsonl"):
            yield Opened(read_json_lines(source.name, text), *about, row_word="line")
        elif looks_like_json(text):
            yield Opened(read_json(source.name, text), *about)
            return
        else:
            yield from (Opened(each, *about) for each in delimited(source.name, text, progress))
