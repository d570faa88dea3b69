"""Excel workbooks that are handed out: one sheet of text, no cell of which is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

__all__ = ["workbook_of"]

_TEXT = "@"
_WIDEST, _ROOM = 60, 2


def workbook_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return an `.xlsx` file with a header and *rows*; every cell is text, as it stands."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    table = [list(columns), *(list(each) for each in rows)]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("cecert")
    sheet.freeze_panes = "A2"
    for place in range(len(columns)):
        widest = max(len(row[place]) for row in table)
        letter = _letters(place)
        sheet.column_dimensions[letter].width = min(widest, _WIDEST) + _ROOM
    for number, row in enumerate(table):
        cells = []
        for each in row:
            cell = WriteOnlyCell(sheet, value=each)
            # openpyxl takes what begins with = for a formula.
            cell.data_type, cell.number_format = "s", _TEXT
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _letters(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))
