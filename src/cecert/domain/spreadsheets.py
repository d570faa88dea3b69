"""Cells as a spreadsheet takes them: a name that begins with `=` must not be run."""

from __future__ import annotations

__all__ = ["guarded"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: str) -> str:
    """Return *cell* so that no spreadsheet runs it.

    >>> guarded("=1+1"), guarded("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
