"""Cells as a spreadsheet takes them: none that begins with `=` is run, none is endless."""

from __future__ import annotations

__all__ = ["LONGEST_ANSWER", "LONGEST_CELL", "guarded", "overlong"]

LONGEST_CELL = 2_000
"""Characters of a cell that means something here: a name, an address, a licence, a date."""

LONGEST_ANSWER = 32_767
"""Characters of what somebody typed freely and nobody takes apart: the most Excel holds."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: str) -> str:
    """Return *cell* so that no spreadsheet runs it.

    >>> guarded("=1+1"), guarded("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def overlong(cell: str, most: int = LONGEST_CELL) -> str:
    """Say what is wrong with a cell that has more than *most* characters, "" if it has not.

    Asked before any pattern sees the cell: anybody may join a meeting under a name of
    100,000 characters.

    >>> overlong("x" * 60_000), overlong("Ana Ruiz")
    ('has 60000 characters, at most 2000', '')
    """
    return f"has {len(cell)} characters, at most {most}" if len(cell) > most else ""
