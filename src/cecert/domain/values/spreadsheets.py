"""Cells as a spreadsheet takes them: what it must not run, and what it has changed."""

from __future__ import annotations

import re

__all__ = ["changed_by_spreadsheet", "guarded", "without_zeros"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ERROR = re.compile(
    r"#{2,}|#(?:NAME\?|N/A|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)", re.IGNORECASE
)
_SCIENTIFIC = re.compile(
    r"(?<!\w)\d+(?:[.,]\d+)? ?E ?[+-] ?\d+(?!\w)|(?<!\w)\d+[.,]\d+E\d+(?!\w)", re.IGNORECASE
)
_DECIMAL = re.compile(r"[+-]?\d+[.,]0+")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE = re.compile(
    rf"\d{{1,2}}-{_MONTH}(?:-\d{{2,4}})?|{_MONTH}-\d{{1,4}}"
    r"|\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?|\d{1,2}([/.])\d{1,2}\1(?:\d{2}|\d{4})",
    re.IGNORECASE,
)


def guarded(cell: str) -> str:
    """Return *cell* so that no spreadsheet runs it.

    >>> guarded("=1+1"), guarded("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def changed_by_spreadsheet(text: str) -> str:
    """Say what a spreadsheet has made of an id, a name or a number, "" if nothing shows.

    What stood there is lost: `1.14E+05` may have been any of a thousand licences.

    >>> changed_by_spreadsheet("1.14E+05"), changed_by_spreadsheet("00417")
    ('is in scientific notation: a spreadsheet has changed it', '')
    >>> changed_by_spreadsheet("417.0"), changed_by_spreadsheet("12-Oct")
    ('has decimals: a spreadsheet has changed it', 'is a date: a spreadsheet has changed it')
    """
    cell = text.strip()
    if _ERROR.search(cell):
        return "holds an error that a spreadsheet wrote there"
    if _SCIENTIFIC.search(cell):
        return f"is in scientific notation: {_CHANGED}"
    if _DECIMAL.fullmatch(cell):
        return f"has decimals: {_CHANGED}"
    return f"is a date: {_CHANGED}" if _DATE.fullmatch(cell) else ""


_CHANGED = "a spreadsheet has changed it"


def without_zeros(key: str) -> str:
    """Return an id as a spreadsheet leaves it; "" for one that it would not change.

    >>> without_zeros("00417"), without_zeros("417.0"), without_zeros("ana@example.org")
    ('417', '417', '')
    """
    bare = key.strip().removesuffix(".0").lstrip("0").casefold()
    return bare if bare and "@" not in bare else ""
