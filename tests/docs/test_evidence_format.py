"""The how-to adds a format: what it shows is done here, from its own text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cecert.adapters.assets import asset_folder
from cecert.adapters.exports import read as reading
from cecert.adapters.exports import registry
from cecert.adapters.exports.format import Format
from cecert.cli import main

PAGE = Path(__file__).parents[2] / "docs/how-to/add-an-evidence-format.md"


def example(name: str) -> str:
    pattern = rf"<!-- example: {name} -->\n```\w*\n(.*?)```"
    found = re.search(pattern, PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def added_format() -> Format:
    module: dict[str, object] = {"__name__": "doors"}
    exec(compile(example("doors.py"), "doors.py", "exec"), module)
    found = module["DOORS"]
    assert isinstance(found, Format)
    return found


def test_the_format_of_the_page_is_read_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "FORMATS", (*registry.FORMATS, added_format()))
    (tmp_path / "doors.csv").write_text(example("doors.csv"), "utf-8")
    (tmp_path / "own.toml").write_text(example("synonyms.toml"), "utf-8")
    arguments = [str(tmp_path / "doors.csv"), "--synonyms", str(tmp_path / "own.toml")]
    assert main(["inspect", *arguments]) == 0
    said = capsys.readouterr().out
    assert "format:             doors\n" in said
    assert example("answer") in said


def test_without_its_entry_the_format_is_not_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "doors.csv").write_text(example("doors.csv"), "utf-8")
    assert main(["inspect", str(tmp_path / "doors.csv")]) == 2
    assert "is no export we know" in capsys.readouterr().err


def test_every_format_has_its_columns_in_the_shipped_list() -> None:
    shipped = (asset_folder("templates") / "evidence" / "synonyms.toml").read_text("utf-8")
    assert example("synonyms.toml") not in shipped
    named = set(re.findall(r"^\[(\w+)\]$", shipped, re.MULTILINE))
    shared = {"zoom_unique_users", "teams_report_2021"}  # columns of another format's table
    assert {each.name for each in registry.FORMATS} - shared <= named
