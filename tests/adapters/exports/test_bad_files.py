"""What is no export, or a damaged one: each gets a sentence, none a guess."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cecert.adapters.exports import ColumnMapping, read_evidence
from cecert.adapters.tables import bytes as sources
from cecert.adapters.tables import grids
from cecert.adapters.tables import workbook as workbooks
from cecert.adapters.tables.headers import Synonyms
from cecert.domain.evidence.export import AttendanceFile
from cecert.errors import CecertError, InputError

Read = Callable[..., Any]
Change = Callable[[openpyxl.Workbook], None]

HEADER = ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)"]
ROW = ["Ana", "", "10/22/2020 01:00:00 PM", "10/22/2020 02:00:00 PM", "60"]


def csv_of(*rows: Sequence[str]) -> str:
    return "\n".join(",".join(row) for row in (HEADER, *rows))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\0" * 5000, "is empty"),
        (b"%PDF-1.7\n...", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 10, "is an old or locked Excel file"),
        (b"\x89PNG\r\n\x1a\n" * 10, "is a picture"),
        (b"\x1f\x8b" + b"x" * 100, "is a compressed file"),
        (b"\x7fELF" + b"\0" * 100, "is a program"),
        (b"\xff\xfea\0b\0c", "is marked as utf-16-le and is not"),
        (b"\xef\xbb\xbfName\xff", "is marked as utf-8 and is not"),
        (bytes(range(1, 32)) * 50, "is no text"),
        (b"\x81\x82\x83\xff\xfd" * 50, "is text in no encoding we know"),
        (b"Dear all,\nthis is a letter\n", "is no export we know$"),
        (b"email,How useful\nana@example.org,Very\n", "know; its columns are email, How useful$"),
        (b"Ana Ruiz,ana@example.org\nBo Li,bo@example.org\n", "is no export we know$"),
        (b"PK\x03\x04broken", "is no Excel workbook"),
        (csv_of(['"Ana', *ROW[1:]], ROW), "quote in line 2 that is never closed"),
        (csv_of(['"Ana', *ROW[1:]], *[ROW] * 4000), "quote in line 2 that is never closed"),
        (csv_of(ROW) + "," * 1500, "has 1505 cells in line 2"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_what_is_no_export_is_refused_in_words(read: Read, content: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(content)


def test_a_file_that_is_not_there_is_said_so(synonyms: Synonyms, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_evidence(tmp_path / "nothing.csv", synonyms)
    with pytest.raises(InputError, match="cannot be read: embedded null"):
        read_evidence(tmp_path / "no\0thing.csv", synonyms)


def test_a_gigabyte_is_not_read_into_memory(synonyms: Synonyms, tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    with pytest.raises(InputError, match="more than 64 million bytes"):
        read_evidence(path, synonyms)


def test_too_many_rows_are_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grids, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="more than 3 rows"):
        read(csv_of(ROW, ROW, ROW))


def test_a_long_file_tells_how_far_it_is(
    synonyms: Synonyms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grids, "STEP", 2)
    path = tmp_path / "long.csv"
    path.write_text(csv_of(*[ROW] * 5), "utf-8")
    told: list[tuple[int, int]] = []
    read_evidence(path, synonyms, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (6, 6)]


def book_of(*rows: Sequence[object], change: Change | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(book)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def moment(hour: int) -> datetime:
    return datetime(2020, 10, 22, hour, tzinfo=UTC).replace(tzinfo=None)


def test_a_workbook_is_read_as_its_values(read: Read) -> None:
    more = [date(2020, 10, 22), time(9, 30), True, 1.5, 1e300]
    found = read(
        book_of([*HEADER, *"abcde"], ["Ana", None, moment(13), moment(14), 60, *more], [None] * 3)
    )
    assert isinstance(found, AttendanceFile)
    (ana,) = found.connections
    assert (ana.join, ana.leave, ana.reported_seconds) == (moment(13), moment(14), 3600)
    assert found.facts.encoding == "xlsx"


def test_only_the_first_visible_sheet_is_read_and_it_is_said(read: Read) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book.create_sheet("later").append(["nothing"])
        book.worksheets[0].sheet_state = "hidden"
        book.create_sheet("people").append(HEADER)
        book["people"].append(ROW)
        book["later"].sheet_state = "hidden"
        book.create_sheet("notes").append(["x"])

    found = read(book_of(["x"], change=hide))
    assert "only sheet 'people' was read" in found.facts.notes


def add_formula(book: openpyxl.Workbook) -> None:
    book.worksheets[0]["A2"] = "=HYPERLINK(1)"
    book.worksheets[0]["E2"] = "#REF!"


def merge(book: openpyxl.Workbook) -> None:
    book.worksheets[0].merge_cells("A2:B2")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (add_formula, "row 2, column 1: holds a formula"),
        (add_formula, "row 2, column 5: holds an error of Excel's"),
        (merge, "has merged cells"),
    ],
)
def test_a_workbook_that_could_mislead_is_refused(read: Read, change: Change, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(book_of(HEADER, ROW, change=change))


def rezipped(content: bytes, **parts: bytes | None) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            if parts.get(name, b"") is not None:
                new.writestr(name, parts.get(name) or old.read(name))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name] or b"")
    return packed.getvalue()


def test_a_workbook_with_nothing_to_see_is_refused(read: Read) -> None:
    content = book_of(HEADER, ROW)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        hidden = archive.read("xl/workbook.xml").replace(b'"visible"', b'"hidden"')
    with pytest.raises(InputError, match="has no visible sheet"):
        read(rezipped(content, **{"xl/workbook.xml": hidden}))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl/vbaProject.bin": b"x"}, "has a macro"),
        ({"xl/worksheets/sheet1.xml": b"<worksheet>"}, "is a damaged workbook"),
        ({"xl/workbook.xml": None}, "is a zip file, not an Excel workbook"),
    ],
)
def test_a_workbook_with_odd_parts_is_refused(
    read: Read, parts: dict[str, bytes | None], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read(rezipped(book_of(HEADER, ROW), **parts))


def test_a_bomb_is_not_unpacked(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_BYTES", 1000)
    with pytest.raises(InputError, match="which is too much"):
        read(book_of(HEADER, ROW))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet2.xml", "xl/theme/theme9.xml"])
def test_a_bomb_that_lies_about_its_size_is_not_unpacked_either(read: Read, part: str) -> None:
    packed = BytesIO(book_of(["a"]))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, b"0" * 40_000_000)
    content = bytearray(packed.getvalue())
    # The size in the directory, 24 bytes into the last entry: 1,000 of forty million.
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (1_000).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(InputError) as refused:
        read(bytes(content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "is a damaged workbook" in str(refused.value.faults[0])
    assert peak < 4_000_000


def test_a_workbook_of_endless_rows_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    with pytest.raises(InputError, match="more than 2 rows"):
        read(book_of(HEADER, ROW, ROW))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(read: Read, content: bytes) -> None:
    with contextlib.suppress(CecertError):
        assert read(content).facts.size == len(content)


CELLS = st.lists(st.text(max_size=12), min_size=len(HEADER), max_size=len(HEADER))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_any_cells_below_a_header_are_read_or_refused(read: Read, rows: list[list[str]]) -> None:
    lines = [",".join(HEADER), *(",".join(row) for row in rows)]
    with contextlib.suppress(CecertError):
        assert read("\n".join(lines).encode("utf-8", "replace")).connections


def test_the_largest_file_is_far_above_an_export_of_a_hundred_thousand_rows() -> None:
    assert len(",".join(ROW)) * 4 * 100_000 < sources.MOST_BYTES


LONG = "x1" * 30_000 + "!"
LONG_NAME = f"'{LONG[:59]}\u2026' has 60001 characters, at most 2000"


def workbook_of(*rows: Sequence[str]) -> bytes:
    book, out = openpyxl.Workbook(), BytesIO()
    sheet = book.worksheets[0]
    for row in (HEADER, *rows):
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def told(read: Read, content: str | bytes, **how: Any) -> tuple[str, list[str]]:  # noqa: ANN401  # of read
    with pytest.raises(InputError) as refused:
        read(content, **how)
    return str(refused.value), [str(each) for each in refused.value.faults]


def test_cells_without_an_end_are_named_at_once_by_row_and_column(read: Read) -> None:
    late = [ROW[0], LONG, *ROW[2:]]
    message, faults = told(read, csv_of(ROW, [LONG, *ROW[1:]], late))
    assert "2 cells cannot be read" in message
    assert faults == [
        f"export: line 3, column 1: {LONG_NAME}",
        f"export: line 4, column 2: {LONG_NAME}",
    ]


def test_cells_without_an_end_are_told_of_workbooks_and_answers_in_json_too(read: Read) -> None:
    _, faults = told(read, workbook_of(ROW, ["x" * 30_000, *ROW[1:]]))
    assert [each[:34] for each in faults] == ["export: line 3, column 1: 'xxxxxxx"]
    person = {"name": LONG, "join_time": "2020-10-22T13:00:00Z", "leave_time": ""}
    _, faults = told(read, json.dumps({"participants": [person]}))
    assert faults == [f"export: line 1, column 1: {LONG_NAME}"]


def test_the_longest_cell_is_read(read: Read) -> None:
    (row,) = read(csv_of(["x" * 2_000, *ROW[1:]])).connections
    assert len(row.name) == 2_000
    _, faults = told(read, csv_of(["x" * 2_001, *ROW[1:]]))
    assert len(faults) == 1


def test_a_mapped_table_has_no_cells_without_an_end(read: Read) -> None:
    mapping = ColumnMapping("attendance", {"name": "Wer", "join": "Von", "leave": "Bis"})
    row = f"{LONG},2020-10-22 13:00,2020-10-22 14:00"
    _, faults = told(read, f"Wer,Von,Bis\n{row}\n", mapping=mapping)
    assert faults == ["export: line 2, column 1: has 60001 characters, at most 2000"]
