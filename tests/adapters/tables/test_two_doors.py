"""The same bytes through both doors: as a list that an office keeps, and as an export.

The list's door is `list_table`; the export's is `read_evidence`, which takes a table with
names and addresses for registrations.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cecert.adapters.assets import asset_folder
from cecert.adapters.collect_files.registrations import read_registrations
from cecert.adapters.completion_list import cell_readers
from cecert.adapters.exports import read_evidence
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.date_columns import Stamps, read_dates
from cecert.adapters.tables.headers import Synonyms, read_synonyms
from cecert.adapters.tables.lists import ListTable, list_table
from cecert.domain.evidence.export import DateOrder, RegistrationFile
from cecert.errors import InputError
from cecert.testing import sample_course

HEADER = ("Name", "Email", "fee_paid", "evaluation")
PEOPLE = (
    ("Rosa Núñez", "rosa@example.org", "yes", "2020-10-30"),
    ("Jörg O\u2019Hara", "joerg@example.org", "no", "a, b; c\td"),
    ("André, Zoë", "zoe@example.org", "", 'says "so"\nand so'),
)
NEW_YORK = ZoneInfo("America/New_York")
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def synonyms() -> Synonyms:
    return read_synonyms(asset_folder("templates") / "evidence" / "synonyms.toml")


def listed(table: ListTable) -> Rows:
    cells = [[each.strip() for each in row.cells] for row in table.rows]
    return [dict(zip(table.headers, each, strict=True)) for each in cells]


@pytest.fixture
def both(tmp_path: Path, synonyms: Synonyms) -> Callable[[bytes], tuple[Rows, Rows]]:
    """Read bytes through both doors; both must give a note of the same words."""

    def reading(content: bytes) -> tuple[Rows, Rows]:
        path = tmp_path / "people"
        path.write_bytes(content)
        export = read_evidence(path, synonyms)
        assert isinstance(export, RegistrationFile)
        table = list_table(Source.of("people", content))
        assert table.notes == tuple(f"people: {each}" for each in export.facts.notes)
        return listed(table), [dict(each.fields) for each in export.registrants]

    return reading


@pytest.fixture
def refusals(tmp_path: Path, synonyms: Synonyms) -> Callable[[bytes], list[list[str]]]:
    """Return what both doors say of bytes that neither takes."""

    def reading(content: bytes) -> list[list[str]]:
        path = tmp_path / "people"
        path.write_bytes(content)
        doors = (
            lambda: read_evidence(path, synonyms),
            lambda: list_table(Source.of(path.name, content)),
        )
        told = []
        for door in doors:
            with pytest.raises(InputError) as refused:
                door()
            told.append([str(each) for each in refused.value.faults])
        return told

    return reading


Both = Callable[[bytes], tuple[Rows, Rows]]
Refusals = Callable[[bytes], list[list[str]]]


def csv_text(rows: Sequence[Sequence[str]], delimiter: str, end: str = "\r\n") -> str:
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 little": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 big": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 little without a mark": lambda text: text.encode("utf-16-le"),
    "utf-16 big without a mark": lambda text: text.encode("utf-16-be"),
    "windows-1252": lambda text: text.encode("cp1252"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n", '"sep={}"\r\n', "SEP={}\n"])
@pytest.mark.parametrize("nul", ["", "\0"])
def test_a_text_says_the_same_through_both_doors(
    both: Both, encoding: str, delimiter: str, first: str, nul: str
) -> None:
    text = first.format(delimiter) + csv_text((HEADER, *PEOPLE), delimiter).replace(
        "Rosa", f"Ro{nul}sa"
    )
    rows, exported = both(ENCODINGS[encoding](text))
    assert rows == exported == [dict(zip(HEADER, each, strict=True)) for each in PEOPLE]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("first", ["sep=|{}", "sep=^{}", '"sep=,",,,{}', "sep=;;;;{}", "sep={}"])
def test_a_stated_delimiter_counts_where_the_header_has_it(
    both: Both, first: str, end: str
) -> None:
    used = {"|": "|", "^": "^"}.get(first[4], ",")
    rows, exported = both((first.format(end) + csv_text((HEADER, *PEOPLE), used, end)).encode())
    assert rows == exported
    assert [each["Name"] for each in rows] == [each[0] for each in PEOPLE]


def test_lines_are_the_files_and_rows_are_excels() -> None:
    text = "sep=;\r\n" + csv_text((HEADER, PEOPLE[2], PEOPLE[0]), ";")
    first, second = list_table(Source.of("people", text.encode())).rows
    # Excel shows neither the line that names the delimiter nor a line break within a cell.
    assert (first.number, second.number) == (2, 3)
    assert (first.line, second.line) == (3, 5)


def test_registrations_for_european_excel_are_read() -> None:
    text = "\ufeffsep=;\r\nname;email;credentials;fee_paid\r\nAna Ruiz;ana@example.org;nbcc;ja\r\n"
    readers = cell_readers(sample_course(), frozenset({"nbcc"}))
    (ana,), notes = read_registrations(
        list_table(Source.of("reg.csv", text.encode())), "reg.csv", readers
    )
    assert (ana.name, ana.fee_paid, ana.place) == ("Ana Ruiz", True, "reg.csv: row 2")
    assert notes == ()


@pytest.mark.parametrize(
    "name",
    ["山田太郎", "鈴木 花子", "山口翔", "田中ゆうこ", "ヤマダ タロウ", "長谷川 直樹", "佐々木"],
)
def test_shift_jis_is_known_by_what_windows_1252_would_make_of_it(both: Both, name: str) -> None:
    rows, exported = both(csv_text((HEADER, (name, "t@example.org", "", "")), ",").encode("cp932"))
    assert rows == exported
    assert rows[0]["Name"] == name


@pytest.mark.parametrize(
    "name",
    ["Núñez", "Žižek", "Šárka Žák", "François Lefèvre", "Jean\u2013Luc O\u2019Neill", "ÖZGÜR",
     "„Ana\u201c Ruiz", "él", "Étienne \u201cTi\u201d Œuvrard", "Ana \u2013 Ruiz", "Þór Ærø"],
)  # fmt: skip
def test_western_names_stay_western(both: Both, name: str) -> None:
    rows, exported = both(csv_text((HEADER, (name, "t@example.org", "", "")), ",").encode("cp1252"))
    assert rows == exported
    assert rows[0]["Name"] == name


def book_of(
    *rows: Sequence[object], change: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    book, out = openpyxl.Workbook(), BytesIO()
    for row in (HEADER, *rows):
        book.worksheets[0].append(list(row))
    if change is not None:
        change(book)
    book.save(out)
    return out.getvalue()


def shown_as(place: str, number_format: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book.worksheets[0][place].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
        (17, "General", "17"),
        (85.5, "0.0", "85.5"),
        (0.85, "0%", "85%"),
        (1e21, "General", "1000000000000000000000"),
        (date(2020, 10, 30), "yyyy-mm-dd", "2020-10-30"),
        (datetime(2020, 10, 30), 'dd"h"/mm/yyyy', "2020-10-30"),  # noqa: DTZ001 - as Excel
        (datetime(2020, 10, 30), "d/m/yy h:mm", "2020-10-30 00:00:00"),  # noqa: DTZ001 - as Excel
        (datetime(2020, 10, 30, 9, 4, 59, 999_999), "h:mm", "2020-10-30 09:05:00"),  # noqa: DTZ001 - as Excel
        ("  padded ", "General", "padded"),
        (None, "General", ""),
    ],
)  # fmt: skip
def test_a_workbook_says_the_same_through_both_doors(
    both: Both, value: object, number_format: str, text: str
) -> None:
    content = book_of(("Ana", "ana@example.org", value, "x"), change=shown_as("C2", number_format))
    rows, exported = both(content)
    assert rows == exported
    assert rows[0]["fee_paid"] == text


def merge(book: openpyxl.Workbook) -> None:
    book.worksheets[0].merge_cells("C2:C4")
    book.worksheets[0].merge_cells("A5:B5")


def test_merged_cells_are_named_by_both_doors(refusals: Refusals) -> None:
    export, office = refusals(book_of(*[("Ana", "a@example.org", "yes", "")] * 5, change=merge))
    assert export == office
    assert [each.split(":", 1)[1].split(" has")[0] for each in export] == [
        " cells C2:C4:", " cells A5:B5:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "spelt",
    [b'<x:mergeCells><x:mergeCell ref="C2:C4"/></x:mergeCells>', b"<mergeCell\nref='C2:C4' />"],
)
def test_merged_cells_are_seen_however_the_xml_is_spelt(refusals: Refusals, spelt: bytes) -> None:
    content = rewritten(
        book_of(("Ana", "a@example.org", "yes", "")),
        lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + spelt)
        .replace(b"<worksheet ", b'<worksheet xmlns:x="urn:x" '),
    )  # fmt: skip
    assert [each[:26] for (each,) in refusals(content)] == ["people: cells C2:C4: has m"] * 2


def rewritten(content: bytes, change: Callable[[bytes], bytes], **more: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name.endswith("sheet1.xml") else part)
        for name, part in more.items():
            new.writestr(name, part)
    return out.getvalue()


def test_merged_cells_of_a_sheet_that_is_not_read_harm_nobody(both: Both) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet("Notes").merge_cells("A1:B2")

    rows, exported = both(book_of(("Ana", "ana@example.org", "yes", ""), change=change))
    assert rows == exported


def test_macros_are_refused_by_both_doors(refusals: Refusals) -> None:
    macro = {"xl/vbaProject.bin": b"x"}
    export, office = refusals(rewritten(book_of(PEOPLE[0]), lambda xml: xml, **macro))
    assert export == office == ["people: has a macro (save it as .xlsx without macros, or as CSV)"]


def test_a_formula_is_a_bad_cell_of_a_list_and_refuses_an_export(
    tmp_path: Path, synonyms: Synonyms
) -> None:
    content = book_of(("Ana", "ana@example.org", "=A1", time(9, 30)))
    (row,) = list_table(Source.of("people", content)).rows
    assert [(each.place, each.problem) for each in row.problems] == [
        (2, "holds a formula"), (3, "is a time of day without a date"),
    ]  # fmt: skip
    path = tmp_path / "people"
    path.write_bytes(content)
    # Google Meet's report has times of day alone, so they are text in an export.
    with pytest.raises(InputError, match=r"1 cells\n.*row 2, column 3: holds a formula"):
        read_evidence(path, synonyms)


def test_cells_beyond_the_widest_table_are_not_lost_without_a_word(refusals: Refusals) -> None:
    wide = book_of(("Ana", "ana@example.org", *["x"] * 999))
    assert refusals(wide) == [["people: row 2 has more than 1000 cells"]] * 2


WORDINGS = [
    "2020-10-30",
    "2020/10/30",
    "2020-10-30 13:00Z",
    "2020-10-30T09:00:00-04:00",
    "2020-10-30T09:00:00 -04:00",
    "2020-10-30 09:00:00 GMT-4",
    "2020-10-30T09:00:00+0530",
    "Oct 30, 2020 9:00 AM",
    "Friday, October 30th, 2020 9:00 p.m.",
    "30. Oktober 2020, 15:00 Uhr",
    "30 de octubre de 2020 15:00",
    "2020年10月30日 15:00",
    "10/30/2020 12:05 AM",
    "10/30/20 13:05 PM",
    "30.10.2020, 18:01:00",
    "30/10/2020 à 09:01:31",
    "10-30-2020 9:05",
]


@pytest.mark.parametrize("text", WORDINGS)
def test_a_date_is_the_same_moment_through_both_doors(text: str) -> None:
    for order in (DateOrder.MDY, DateOrder.DMY):
        stamps = Stamps("people", order)
        if (moment := stamps.read(text, 2)) is not None:
            break
    (found,) = read_dates([text], NEW_YORK).moments
    assert moment is not None
    if isinstance(found, datetime):
        assert found == (moment if moment.tzinfo else moment.replace(tzinfo=NEW_YORK))
    else:
        assert (found, time()) == (moment.date(), moment.time())


@given(
    days=st.lists(st.dates(date(1990, 1, 1), date(2090, 12, 31)), min_size=1, max_size=6),
    written=st.sampled_from(["%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%y", "%B %d, %Y"]),
)
def test_a_column_is_never_read_in_another_order_than_a_file(
    days: list[date], written: str
) -> None:
    texts = [f"{day:{written}}" for day in days]
    column, stamps = read_dates(texts, NEW_YORK), Stamps("people")
    for line, text in enumerate(texts, 2):
        stamps.read(text, line)
    if any(column.problems):
        with pytest.raises(InputError):
            stamps.settled(None)
        return
    order, _ = stamps.settled(None)
    again = Stamps("people", order or DateOrder.MDY)
    read = [again.read(text, 2) for text in texts]
    assert list(column.moments) == [None if each is None else each.date() for each in read]


CELLS = st.text(
    st.characters(categories=["L", "M", "N", "P", "S", "Zs"], include_characters='",;\t\n'),
    max_size=12,
)  # fmt: skip


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from([each for each in ENCODINGS if "without" not in each][:4]),
    stated=st.booleans(),
)
def test_what_is_written_is_read_back(
    rows: list[tuple[str, ...]], delimiter: str, encoding: str, stated: bool
) -> None:
    header = ("name", "email", "review")
    text = (f"sep={delimiter}\n" if stated else "") + csv_text((header, *rows), delimiter)
    table = list_table(Source.of("people", ENCODINGS[encoding](text)))
    assert table.headers == header
    assert [row.cells for row in table.rows] == [
        each for each in rows if any(cell.strip() for cell in each)
    ]
    assert not any(row.problems for row in table.rows)
