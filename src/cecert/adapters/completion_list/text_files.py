"""Text files: which encoding, which delimiter, which rows.

Excel writes CSV in as many ways as it has languages. What is recognised is said in a
note where it was a guess; what is half-written or quoted wrongly is refused with its row.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from cecert.adapters.completion_list.tables import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    CellError,
    ListRow,
    ListTable,
    unusable,
)

__all__ = ["decode", "read_delimited"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t"


def decode(content: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file and notes on how it was read.

    UTF-8 with or without BOM, UTF-16; what is neither is read as Windows-1252, with a
    note, because that is what Excel's plain "CSV" is.

    Raises:
        InputError: If it is none of them.
    """
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "")
    if not encoding and _looks_like_utf16(content):
        encoding = "utf-16-le"
    try:
        return content.decode(encoding or "utf-8"), ()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if encoding:
            problem = f"says it is {encoding} and is not (line {line})"
            raise unusable(path, problem, "save it as CSV UTF-8") from error
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        problem = f"is neither UTF-8 nor Windows-1252 text (line {line})"
        raise unusable(path, problem, "save it as CSV UTF-8") from error
    return text, (f"{path.name} is not UTF-8 (line {line}); read as Windows-1252, check the names",)


def _looks_like_utf16(content: bytes) -> bool:
    odd = content[1:2000:2]
    # docs/spec/inputs.md 1: more than 30 % of the odd bytes
    return odd.count(0) * 10 > len(odd) * 3


def read_delimited(content: bytes, path: Path) -> ListTable:
    """Read a CSV file: delimiter comma, semicolon or tab, as its header shows.

    Raises:
        InputError: If it cannot be decoded, a quote is left open, or it is too long.
    """
    text, notes = decode(content, path)
    rows = [row for row in _rows(text, _delimiter(text), path) if any(map(str.strip, row.cells))]
    if not rows:
        raise unusable(path, "is empty")
    headers = rows[0].cells
    return ListTable(headers, tuple(_checked(row, headers) for row in rows[1:]), notes)


def _delimiter(text: str) -> str:
    header = text.lstrip("\r\n").splitlines()[:1]
    return max(_DELIMITERS, key="".join(header).count)


def _rows(text: str, delimiter: str, path: Path) -> Iterator[ListRow]:
    number = 0
    with _cells_of_any_size():
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                if number > MOST_ROWS:
                    raise unusable(path, f"has more than {MOST_ROWS} rows")
                if len(cells) > MOST_COLUMNS and any(map(str.strip, cells[MOST_COLUMNS:])):
                    raise unusable(path, f"row {number} has more than {MOST_COLUMNS} cells")
                yield ListRow(number, tuple(cells[:MOST_COLUMNS]))
        except csv.Error as error:
            problem = f"row {number + 1} cannot be read: {error}"
            raise unusable(path, problem, "a quote is open, or stands inside a cell") from error


@contextmanager
def _cells_of_any_size() -> Iterator[None]:
    # The module's own limit stops at the first large cell; ours is told with all other faults.
    before = csv.field_size_limit(MOST_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _checked(row: ListRow, headers: tuple[str, ...]) -> ListRow:
    cells, width = row.cells, len(headers)
    extra = [each for each in cells[width:] if each.strip()]
    if extra or len(cells) < width:
        trouble = CellError(
            None,
            "",
            f"has {len(cells)} cells, the header has {width}",
            "a cell with a delimiter in it stands in quotes",
        )
        return ListRow(row.number, (*cells, *[""] * width)[:width], (trouble,))
    return ListRow(row.number, cells[:width])
