"""Workbooks that are handed out: read back, they hold text alone."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from cecert.adapters.tables.workbook_writer import workbook_of


def test_every_cell_is_text_as_it_stands_and_none_a_formula() -> None:
    rows = [["=1+1", "007", "2020-10-29"], ["Żółć", "", "6.5"]]
    content = workbook_of(["Name", "Number", "Date"], rows)
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    cells = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert {cell.data_type for row in cells for cell in row} == {"s"}
    assert {cell.number_format for row in cells for cell in row} == {"@"}
    assert sheet.freeze_panes == "A2"
    read = [["" if each is None else each for each in row] for row in sheet.values]
    assert read == [["Name", "Number", "Date"], *rows]
