"""The table of commands: what is called is there, and only what is needed is loaded."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer

import cecert
from cecert.cli import main
from cecert.cli._commands import app_for, whole_app


def names(app: typer.Typer) -> list[str]:
    return list(typer.main.get_command(app).commands)  # type: ignore[attr-defined] # a group's


def test_the_app_of_a_command_has_that_command_alone() -> None:
    assert names(app_for(["collect", "course.toml"])) == ["collect"]
    assert names(app_for(["keys", "init"])) == ["keys"]


@pytest.mark.parametrize("words", [[], ["--help"], ["colect"], ["Keys"]])
def test_without_a_command_every_command_is_there(words: list[str]) -> None:
    assert names(app_for(words)) == names(whole_app())
    assert len(names(whole_app())) == 27


def test_a_mistyped_command_is_told_its_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["colect"]) == 2
    assert "Did you mean 'collect'" in capsys.readouterr().err


HEAVY = ("sqlalchemy", "reportlab", "pypdf", "pyhanko", "uharfbuzz", "openpyxl", "aiosmtplib")


@pytest.mark.parametrize("command", ["inspect", "collect", "override", "decide", "lint"])
def test_a_command_that_reads_loads_nothing_that_draws_mails_or_keeps(command: str) -> None:
    program = (
        "import sys; from cecert.cli import main; main(sys.argv[1:]); "
        f"print(sorted(set(sys.modules) & set({HEAVY})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, command, "--help"], check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.stderr == "[]\n"


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"cecert {project['project']['version']}\n"
    assert cecert.__version__ == project["project"]["version"]


def test_saying_the_version_loads_no_command() -> None:
    program = (
        "import sys; from cecert.cli import main; main(['--version']); "
        "print(sorted(each for each in sys.modules if each.startswith('cecert.office')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[1] == "[]"
