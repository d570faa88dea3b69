"""CSV files: encodings, delimiters, line ends, and files that are cut, quoted wrongly or huge."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lists import HEADER, cells, csv_text, read, read_rows, told

from cecert.adapters.tables import bytes as sources
from cecert.adapters.tables import grids
from cecert.errors import InputError

ROSA = cells(name="Rosa Núñez")


def written(folder: Path, content: bytes, name: str = "completions.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_encodings_are_read_without_a_word(tmp_path: Path, encoding: str) -> None:
    listed = read(written(tmp_path, csv_text(ROSA).encode(encoding)))
    assert [each.name for each in listed.records] == ["Rosa Núñez"]
    assert listed.notes == ()


def test_utf_16_big_endian_is_read_by_its_mark(tmp_path: Path) -> None:
    listed = read(written(tmp_path, b"\xfe\xff" + csv_text(ROSA).encode("utf-16-be")))
    assert [each.name for each in listed.records] == ["Rosa Núñez"]


def test_windows_1252_is_read_with_a_warning(tmp_path: Path) -> None:
    listed = read(written(tmp_path, csv_text(ROSA).encode("cp1252")))
    assert [each.name for each in listed.records] == ["Rosa Núñez"]
    assert listed.notes == (
        "completions.csv: it is not UTF-8 (line 2); read as Windows-1252: check the names",
    )


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    content = csv_text(cells()).encode() + b"\x81\x8d\xff"
    assert "is text in no encoding we know (line 3)" in refused(written(tmp_path, content))


def test_nul_characters_are_skipped_with_a_note(tmp_path: Path) -> None:
    listed = read(written(tmp_path, csv_text(ROSA).replace("Rosa", "Ro\0sa").encode()))
    assert [each.name for each in listed.records] == ["Rosa Núñez"]
    assert listed.notes == ("completions.csv: 1 NUL characters were skipped",)


def test_a_mark_that_lies_is_told(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + csv_text(ROSA).encode("cp1252")
    assert "is marked as utf-8 and is not (line 2)" in refused(written(tmp_path, content))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_delimiters_and_line_ends_of_every_excel(tmp_path: Path, delimiter: str, end: str) -> None:
    text = csv_text(
        cells(credentials="ny-social-work;ma-social-work"), delimiter=delimiter, end=end
    )
    (record,) = read(written(tmp_path, text.encode())).records
    assert record.credentials == ("ny-social-work", "ma-social-work")


def test_columns_are_found_by_name_in_any_order_case_and_spacing(tmp_path: Path) -> None:
    header = "Fee Paid,E-MAIL,email,NAME, credentials ,Attended"
    path = written(tmp_path, f"{header}\nyes,x,a@example.org,Ana Ruiz,nbcc,day-1\n".encode())
    listed = read(path)
    (record,) = listed.records
    assert (record.fee_paid, record.email, record.name) == (True, "a@example.org", "Ana Ruiz")
    assert listed.notes == (
        "columns not known and ignored: E-MAIL",
        "there is no column visible, which the course asks for: everybody lacks it",
        "there is no column evaluation, which the course asks for: everybody lacks it",
        "there is no column attestation, which the course asks for: everybody lacks it",
    )


def test_empty_lines_and_padding_of_excel_are_no_rows(tmp_path: Path) -> None:
    text = csv_text(cells()).replace("\r\n", ",,,\r\n") + "\r\n,,,,,,,,,,,,,,,\r\n"
    listed = read(written(tmp_path, text.encode()))
    assert len(listed.records) == 1
    assert listed.notes == ()


def test_a_quoted_line_break_is_one_row_as_excel_counts(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells(review="first\nsecond"), cells(name="", email="b@x.test"))
    assert listed.records[0].review == "first second"
    assert told(listed)[0].startswith("completions.csv: row 3, column name")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\r\n \r\n", "is empty"),
        (b"\xef\xbb\xbf,,,\r\n", "is empty"),
        (",".join(HEADER).encode() + b"\r\n", "has a header and no rows"),
        (b"name,email,credentials\r\nAna,a@example.org,\r\n", "the column attended is missing"),
        (b"name,e-mail,credentials,attended\r\n", "the column email is missing (is it the column"),
        (b"name,name,email,credentials,attended\r\n", "the column name stands there 2 times"),
        (b"\x89PNG\r\n\x1a\n\x00", "is a picture, not a table"),
        (b'name,email,credentials,attended\r\n"Ana,a@b.org,,all\r\n', "row 2 cannot be read"),
        (b'name,email,credentials,attended\r\n"Ana "A" R",a,b,c\r\n', "row 2 cannot be read"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    assert problem in refused(written(tmp_path, content))


def test_all_missing_columns_are_told_at_once(tmp_path: Path) -> None:
    told_ = refused(written(tmp_path, b"Name of person,Mail\r\nAna,a@example.org\r\n"))
    for column in ("name", "email", "credentials", "attended"):
        assert f"the column {column} is missing" in told_


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(tmp_path / "none.csv")
    assert "is no completion list: .csv" in refused(tmp_path / "list.pdf")
    (tmp_path / "folder.csv").mkdir()
    assert "cannot be read: Is a directory" in refused(tmp_path / "folder.csv")


def test_a_row_of_another_width_is_a_bad_row(tmp_path: Path) -> None:
    text = csv_text(cells()) + "P1,Bo Li,b@example.org,,,all\r\n" + ",".join("x" * 14) + "\r\n"
    listed = read(written(tmp_path, text.encode()))
    remedy = "the header has 13 (a cell with a delimiter in it stands in quotes)"
    assert told(listed) == [
        f"completions.csv: row 3: has 6 cells, {remedy}",
        f"completions.csv: row 4: has 14 cells, {remedy}",
    ]
    assert len(listed.records) == 1


def test_a_row_may_lack_last_columns_that_no_row_fills(tmp_path: Path) -> None:
    header = "name,email,credentials,attended,role,review\r\n"
    rows = "Ana Ruiz,a@example.org,nbcc,all\r\n", "Bo Li,b@example.org,nbcc,all,,\r\n"
    listed = read(written(tmp_path, (header + "".join(rows)).encode()))
    assert [each.name for each in listed.records] == ["Ana Ruiz", "Bo Li"]
    filled = rows[1].replace(",all,,", ",all,,look")
    listed = read(written(tmp_path, (header + rows[0] + filled).encode()))
    assert told(listed)[0].startswith("completions.csv: row 2: has 4 cells, the header has 6")


def test_a_cell_of_a_megabyte_is_a_bad_cell_and_the_others_are_told_too(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    listed = read_rows(tmp_path, cells(review="x" * 1_048_576), cells(name="undefined"))
    assert "has 1048576 characters, at most 2000" in told(listed)[0]
    assert "is a placeholder" in told(listed)[1]
    assert csv.field_size_limit() == before


def test_a_file_beyond_the_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 1_000_000)
    path = written(tmp_path, csv_text(cells()).encode() + b"\n" * 1_000_000)
    assert "has more than 1 million bytes" in refused(path)


def test_more_rows_or_columns_than_any_course_has_are_refused(tmp_path: Path) -> None:
    wide = ",".join(["name", "email", "credentials", "attended", *map(str, range(300))])
    assert "row 1 has more than 200 cells" in refused(written(tmp_path, wide.encode()))
    long = b"name,email,credentials,attended\n" + b"a,b,c,d\n" * grids.MOST_ROWS
    assert f"has more than {grids.MOST_ROWS} rows" in refused(written(tmp_path, long))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    header = ",".join(HEADER).encode()
    for start in (b"", header + b"\r\n"):
        try:
            read(written(tmp_path, start + content))
        except InputError as error:
            assert str(error)  # noqa: PT017  # either outcome is right


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(
        st.characters(categories=["L", "M", "N", "P", "Zs"], exclude_characters="?@\ufffd"),
        max_size=40,
    )
)
def test_a_name_that_is_taken_is_the_name_that_was_written(tmp_path: Path, name: str) -> None:
    listed = read_rows(tmp_path, cells(name=name))
    if listed.records:
        (record,) = listed.records
        assert "".join(record.name.split()) != ""
        again = read_rows(tmp_path, cells(name=record.name))
        assert [each.name for each in again.records] == [record.name]


@pytest.mark.parametrize("column", ["name", "email", "evaluation"])
def test_a_cell_without_an_end_is_told_once_whatever_its_column_holds(
    column: str, tmp_path: Path
) -> None:
    listed = read_rows(tmp_path, cells(**{column: "9" * 60_000}))
    (fault,) = told(listed)
    assert fault.startswith(f"completions.csv: row 2, column {column}: '9999")
    assert fault.endswith("has 60000 characters, at most 2000")


@settings(max_examples=100, deadline=None)
@given(st.text("ab\n\r\x0b\u2028", max_size=30))
def test_lines_of_a_text_in_pieces_are_those_of_all_of_it(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grids, "_PIECE", 4)
        assert [*grids._lines_of(text)] == [*StringIO(text, newline="")]
