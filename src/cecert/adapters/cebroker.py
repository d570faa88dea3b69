"""CE Broker's Excel roster: the old workbook (`.xls`, BIFF8) that its upload takes.

Rows of columns A to J on the first sheet, without a header; dates are Excel's own, all else
but hours is text. Source: docs/spec/exports.md 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO

from cecert.domain.certificate.cebroker import CeBrokerRow
from cecert.errors import InputError

__all__ = ["MOST_ROWS", "roster_workbook"]

MOST_ROWS = 65_536
"""Rows of a sheet of this format."""

_SHEET = "Roster"
_SHOWN_AS = "M/D/YYYY"


def roster_workbook(rows: Sequence[CeBrokerRow]) -> bytes:
    """Return the workbook of *rows*; the same rows give the same bytes.

    Raises:
        InputError: If they are more than a sheet of this format holds.
    """
    import xlwt

    if len(rows) > MOST_ROWS:
        raise InputError(
            f"{len(rows)} rows do not fit an .xls file, which has {MOST_ROWS}",
            hint="report course by course, with --course",
        )
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(_SHEET)
    dated, text = xlwt.XFStyle(), xlwt.XFStyle()
    dated.num_format_str, text.num_format_str = _SHOWN_AS, "@"
    for number, row in enumerate(rows):
        for place, cell in _texts(row):
            if cell:
                sheet.write(number, place, cell, text)
        sheet.write(number, 5, datetime.combine(row.completed_on, time()), dated)
        if row.hours is not None:
            sheet.write(number, 9, float(row.hours))
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _texts(row: CeBrokerRow) -> tuple[tuple[int, str], ...]:
    """Return the cells that are text, each with its column: A is 0. D stays empty."""
    return (
        (0, row.provider),
        (1, row.course),
        (2, row.own_course),
        (4, row.license_number),
        (6, f"State={row.state}"),
        (7, f"Profession={row.profession}"),
        (8, row.subject_area),
    )
