"""TOML made to fill the memory, and TOML that only looks so."""

from __future__ import annotations

import re
import tomllib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cecert
from cecert.adapters.exports.form_file import read_form_or_mapping
from cecert.adapters.keys.facts import read_key_facts
from cecert.adapters.office_files.shapes import read_toml as read_office_toml
from cecert.adapters.tables.headers import read_synonyms
from cecert.adapters.tables.toml import MOST_BYTES, MOST_PARTS, TomlError, parse_toml, read_toml
from cecert.errors import ConfigurationError, KeyStoreError

DEEP = ".".join("a" * 20_000)


@pytest.mark.parametrize(
    "text",
    [
        f"{DEEP} = 1", f"[{DEEP}]", f"[[{DEEP}]]", f"a = {{ {DEEP} = 1 }}",
        DEEP.replace(".", " . ") + "=1", DEEP.replace("a.", '"a".') + "=1",
        DEEP.replace("a.", "'a'.") + "=1", f'b = """\n"""\n{DEEP} = 1',
    ],
)  # fmt: skip
def test_a_key_of_20000_parts_is_refused_before_it_takes_memory(text: str) -> None:
    tracemalloc.start()
    line = 3 if text.startswith("b") else 1
    with pytest.raises(TomlError, match=f"more than {MOST_PARTS} parts at line {line}$"):
        parse_toml(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


def test_as_many_parts_as_are_read_are_read() -> None:
    assert parse_toml(".".join("a" * MOST_PARTS) + " = 1")
    with pytest.raises(TomlError):
        parse_toml(".".join("a" * (MOST_PARTS + 1)) + " = 1")


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "." * 100 + '"', "a = '" + "." * 100 + "'", 'a = """' + ".\n" * 100 + '"""',
        "a = '''" + ".'" * 100 + "'''", "# " + "." * 100, 'a = "\\\\" # "' + "." * 99,
        'a = "\\"' + "." * 99 + '"', 'a = """\\"""' + "." * 99 + '"""',
        "a = [" + "1.5, " * 100 + "]", "a = [\n" + "1.5,\n" * 100 + "]", 'a = """x""""#' + "." * 99,
    ],
)  # fmt: skip
def test_dots_that_part_no_key_are_not_counted(text: str) -> None:
    assert parse_toml(text) == tomllib.loads(text)


@given(st.text("ab.=\"'\\#[]{}\n ,1", max_size=40))
def test_whatever_is_read_is_what_python_reads(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(TomlError):
            parse_toml(text)
        return
    if text.count(".") < MOST_PARTS:
        assert parse_toml(text) == expected


@pytest.mark.parametrize("text", ["a = " + "9" * 5000, "a = " + "[" * 100_000])
def test_numbers_and_nestings_beyond_all_use_are_refused(text: str) -> None:
    with pytest.raises(TomlError, match="beyond all use"):
        parse_toml(text)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"#" * (MOST_BYTES + 1), "has more than 1000000 bytes"),
        (b"a = 1\nb = '\xff'", r"is not UTF-8 \(line 2\)"),
        (b"a = [", "is not TOML: "),
        (f"{DEEP} = 1".encode(), "parts at line 1"),
    ],
)
def test_every_reader_of_toml_says_what_is_wrong_with_a_file(
    content: bytes, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "keys.toml"
    path.write_bytes(content)
    with pytest.raises(TomlError, match=problem):
        read_toml(path)
    for read in (read_form_or_mapping, read_synonyms, read_office_toml):
        with pytest.raises(ConfigurationError) as caught:
            read(path)
        assert re.search(problem, " ".join(map(str, (caught.value, *caught.value.faults))))
    with pytest.raises(KeyStoreError, match=problem):
        read_key_facts(tmp_path)


def test_no_other_module_parses_toml() -> None:
    sources = Path(cecert.__file__).parent
    found = [each for each in sources.rglob("*.py") if "tomllib" in each.read_text("utf-8")]
    assert [each.relative_to(sources).as_posix() for each in found] == ["adapters/tables/toml.py"]
