"""Excel workbooks: values as Excel keeps them, and workbooks made to hang or fool the reader."""

from __future__ import annotations

import re
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lists import HEADER, cells, read, told

from cecert.adapters.tables import bytes as sources
from cecert.adapters.tables import grids
from cecert.adapters.tables import workbook as workbooks
from cecert.errors import InputError
from cecert.ports import CompletionList

SHEET = "xl/worksheets/sheet1.xml"


def workbook(folder: Path, *rows: Sequence[object], header: Sequence[str] = HEADER) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    path = folder / "completions.xlsx"
    book.save(path)
    return path


def row(**changes: object) -> list[object]:
    values: dict[str, object] = dict(cells())
    return [(values | changes)[name] or None for name in HEADER]


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


def only(listed: CompletionList) -> object:
    assert told(listed) == []
    (record,) = listed.records
    return record


def test_a_workbook_says_what_the_same_csv_says(tmp_path: Path) -> None:
    path = workbook(tmp_path, row(name="Rosa Núñez", licenses="NY LMSW 012345"))
    (record,) = read(path).records
    assert record.name == "Rosa Núñez"
    assert [str(each) for each in record.licenses] == ["NY LMSW 012345"]
    assert record.attestation == datetime(2020, 10, 30, 13, tzinfo=UTC)


def test_excels_own_dates_numbers_and_truth_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        row(
            participant_id=17,
            visible=True,
            fee_paid=1,
            evaluation=date(2020, 10, 30),
            attestation=datetime(2020, 10, 30, 9, 5),  # noqa: DTZ001  # Excel has no zones
            post_test=85.5,
        ),
        row(email="b@example.org", name="Bo Li", fee_paid=False, post_test=90),
    )
    listed = read(path)
    assert told(listed) == []
    ana, bo = listed.records
    assert (ana.participant_id, ana.visible, ana.fee_paid) == ("17", True, True)
    assert ana.evaluation == date(2020, 10, 30)
    new_york = ZoneInfo("America/New_York")
    assert ana.attestation == datetime(2020, 10, 30, 9, 5, tzinfo=new_york)
    assert (ana.post_test, bo.post_test) == (Decimal("85.5"), Decimal(90))
    assert listed.notes == ("column attestation: times without an offset read as America/New_York",)


def test_a_score_shown_in_per_cent_is_what_is_shown(tmp_path: Path) -> None:
    path = workbook(tmp_path, row(post_test=0.85))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(2, HEADER.index("post_test") + 1).number_format = "0%"
    book.save(path)
    (record,) = read(path).records
    assert record.post_test == Decimal(85)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("=A2", "'=A2' holds a formula"),
        ("#N/A", "'#N/A' holds an error of Excel's"),
        (time(9, 30), "'09:30:00' is a time of day without a date"),
    ],
)
@pytest.mark.parametrize("column", ["name", "evaluation"])
def test_what_is_no_value_is_a_bad_cell(
    tmp_path: Path, column: str, value: object, problem: str
) -> None:
    listed = read(workbook(tmp_path, row(**{column: value})))
    assert told(listed) == [
        f"completions.xlsx: row 2, column {column}: {problem} (put the value itself there)"
    ]
    assert listed.records == ()


def test_a_date_beyond_excels_calendar_is_a_bad_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path, row(evaluation=date(2020, 10, 30)))
    rewritten(path, SHEET, lambda xml: xml.replace(b"<v>44134</v>", b"<v>99999999999</v>"))
    listed = read(path)
    assert "column evaluation" in told(listed)[0]


def test_a_date_as_iso_text_of_other_programs_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, row(evaluation=date(2020, 10, 30)))
    rewritten(
        path,
        SHEET,
        lambda xml: re.sub(rb't="n"><v>44134</v>', b't="d"><v>2020-10-30</v>', xml),
    )
    (record,) = read(path).records
    assert record.evaluation == date(2020, 10, 30)


def test_a_row_of_spaces_is_no_row(tmp_path: Path) -> None:
    assert only(read(workbook(tmp_path, row(), [" ", "  "])))


def test_padding_to_the_right_and_below_is_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path, [*row(), None, None], [None] * 15, header=(*HEADER, "", ""))
    assert only(read(path))


def test_cells_beyond_the_header_are_a_bad_row(tmp_path: Path) -> None:
    listed = read(workbook(tmp_path, [*row(), None, "left over"]))
    assert told(listed) == [
        "completions.xlsx: row 2: 'left over' has cells to the right of the header"
    ]


def test_a_fee_that_is_merged_over_three_people_is_nobodys(tmp_path: Path) -> None:
    people = [row(email=f"p{n}@example.org", fee_paid=None if n else "yes") for n in range(3)]
    path = workbook(tmp_path, *people)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("K2:K4")
    book.save(path)
    assert "completions.xlsx: cells K2:K4: has merged cells" in refused(path)


def test_formulas_beside_the_table_harm_nobody(tmp_path: Path) -> None:
    assert only(read(workbook(tmp_path, [*row(), "=A2"])))


def test_row_numbers_are_excels_with_gaps_and_all(tmp_path: Path) -> None:
    listed = read(workbook(tmp_path, row(), [None], row(name="undefined", email="b@x.test")))
    assert told(listed)[0].startswith("completions.xlsx: row 4, column name")


def test_the_first_visible_sheet_is_read_and_that_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path, row())
    book = openpyxl.load_workbook(path)
    book.create_sheet("Notes", 0).sheet_state = "hidden"
    book.create_sheet("Chart")
    book.save(path)
    listed = read(path)
    assert only(listed)
    assert listed.notes == ("completions.xlsx: only sheet 'Sheet' was read",)


def test_a_workbook_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "completions.xlsx"
    openpyxl.Workbook().save(path)
    assert "is empty" in refused(path)
    assert "has a header and no rows" in refused(workbook(tmp_path))


def test_a_workbook_of_hidden_sheets_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, row())
    rewritten(path, "xl/workbook.xml", lambda xml: xml.replace(b'"visible"', b'"hidden"'))
    assert "has no visible sheet" in refused(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"name,email\n", "the column credentials is missing"),  # known by its content
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is an old or locked Excel file"),
        (
            b"PK\x03\x04" + b"\0" * 18,
            "is no Excel workbook (.xlsx) (it may have a password, or be an old .xls",
        ),
        (b"PK\x05\x06" + b"\0" * 18, "is a zip file, not an Excel workbook"),
    ],
    ids=["csv", "encrypted or .xls", "cut off", "empty zip"],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "completions.xlsx"
    path.write_bytes(content)
    assert problem in refused(path)


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "[Content_Types].xml"])
@pytest.mark.parametrize(
    "spoil", [lambda xml: xml[: len(xml) // 2], lambda _: b"", lambda _: b"<a/>"]
)
def test_a_half_written_workbook_is_refused(
    tmp_path: Path, part: str, spoil: Callable[[bytes], bytes]
) -> None:
    path = rewritten(workbook(tmp_path, row()), part, spoil)
    assert "completions.xlsx" in refused(path)


def test_a_cut_download_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, row())
    path.write_bytes(path.read_bytes()[:-200])
    assert "is no Excel workbook" in refused(path)


def test_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, row())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(SHEET).header_offset + 80
    content = bytearray(path.read_bytes())
    content[start] ^= 0xFF
    path.write_bytes(bytes(content))
    assert "is a damaged workbook" in refused(path)


LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&d;</t></is></c></row></sheetData></worksheet>"""


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    path = rewritten(workbook(tmp_path, row()), SHEET, lambda _: LAUGHS)
    assert "is a damaged workbook" in refused(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), change=st.integers(1, 255))
def test_a_flipped_byte_anywhere_is_told_or_harmless(
    tmp_path: Path, place: int, change: int
) -> None:
    content = bytearray(workbook(tmp_path, row()).read_bytes())
    content[place % len(content)] ^= change
    path = tmp_path / "flipped.xlsx"
    path.write_bytes(bytes(content))
    try:
        listed = read(path)
    except InputError as error:
        assert str(error)  # noqa: PT017  # either outcome is right
    else:
        assert listed.faults or listed.records


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = rewritten(workbook(tmp_path, row()), SHEET, lambda _: b" " * (sources.MOST_BYTES + 1))
    assert path.stat().st_size < 200_000
    assert "which is too much" in refused(path)


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked_either(tmp_path: Path) -> None:
    path = rewritten(workbook(tmp_path, row()), SHEET, lambda _: b" " * 100_000_000)
    content = bytearray(path.read_bytes())
    # The size in the directory, 24 bytes into the sheet's entry (46 bytes and its name).
    entry = content.rindex(SHEET.encode()) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    content[entry + 24 : entry + 28] = (1_000).to_bytes(4, "little")
    path.write_bytes(content)
    tracemalloc.start()
    told = refused(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "is a damaged workbook" in told
    assert peak < sources.MOST_BYTES + 4_000_000  # a buffer for the largest list


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_part_that_is_packed_in_another_way_is_refused(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "completions.xlsx"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>" * 1000)
    data = path.read_bytes()
    assert "packed in a way" in refused(path)
    begin = data.index(b"<a/>") if b"<a/>" in data else 60
    path.write_bytes(data[:begin] + bytes(9) + data[begin + 9 :])
    assert "packed in a way" in refused(path)


def test_a_zip_of_a_thousand_parts_is_refused(tmp_path: Path) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(workbooks.MOST_PARTS + 1):
            archive.writestr(f"{number}", b"")
    path = tmp_path / "completions.xlsx"
    path.write_bytes(content.getvalue())
    assert "unpacks to 1001 parts" in refused(path)


def test_a_lone_cell_at_the_end_of_the_sheet_costs_nothing(tmp_path: Path) -> None:
    last = (
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    path = workbook(tmp_path, row())
    rewritten(path, SHEET, lambda xml: xml.replace(b"</sheetData>", last))
    assert f"has more than {grids.MOST_ROWS} rows" in refused(path)
