"""Completion lists: what a registrar's file says, read into completion records.

CSV as Excel writes it anywhere, Excel's own workbooks, JSON Lines. Every bad cell of a
file is told at once; a row with one becomes no record.
"""

from cecert.adapters.completion_list.cells import read_name
from cecert.adapters.completion_list.read import LIST_KINDS, cell_readers, read_completions

__all__ = ["LIST_KINDS", "cell_readers", "read_completions", "read_name"]
