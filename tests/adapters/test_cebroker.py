"""CE Broker's roster, as another program reads it back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
import xlrd

from cecert.adapters.cebroker import MOST_ROWS, roster_workbook
from cecert.domain.certificate.cebroker import CeBrokerRow
from cecert.errors import InputError

FULL = CeBrokerRow("0123", "567890", "", "SW012345", date(2020, 10, 29), "FL", "12")
PART = CeBrokerRow("0123", "", "MBT-É", "=SW1", date(2024, 2, 29), "GA", "7", "E", Decimal("1.5"))


def test_the_first_sheet_has_the_rows_from_the_first_line_on_as_text_dates_and_hours() -> None:
    content = roster_workbook([FULL, PART])
    assert content == roster_workbook([FULL, PART])
    book = xlrd.open_workbook(file_contents=content, formatting_info=True)
    assert (book.biff_version, book.nsheets, book.datemode) == (80, 1, 0)
    sheet = book.sheet_by_index(0)
    text, number, dated, empty = 1, 2, 3, 0
    kinds = [[cell.ctype for cell in sheet.row(row)] for row in range(sheet.nrows)]
    assert kinds == [
        [text, text, empty, empty, text, dated, text, text, empty, empty],
        [text, empty, text, empty, text, dated, text, text, text, number],
    ]
    assert [cell.value for cell in sheet.row(0)] == [
        "0123", "567890", "", "", "SW012345", 44133.0, "State=FL", "Profession=12", "", "",
    ]  # fmt: skip
    assert sheet.row_values(1)[2:] == [
        "MBT-É", "", "=SW1", 45351.0, "State=GA", "Profession=7", "E", 1.5,
    ]  # fmt: skip
    assert xlrd.xldate_as_datetime(44133.0, 0) == datetime(2020, 10, 29)  # noqa: DTZ001
    style = book.xf_list[sheet.cell_xf_index(0, 5)]
    assert book.format_map[style.format_key].format_str == "M/D/YYYY"


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    with pytest.raises(InputError, match=f"{MOST_ROWS + 1} rows do not fit an .xls file"):
        roster_workbook([FULL] * (MOST_ROWS + 1))
