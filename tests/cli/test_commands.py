"""The table of commands: what is called is there, and only what is needed is loaded."""

from __future__ import annotations

import gc
import subprocess
import sys
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import typer

import cecert
from cecert.cli import main
from cecert.cli._commands import _COMMANDS, _GROUPS, app_for, command_for, whole_app
from cecert.office import Office


def names(app: typer.Typer) -> list[str]:
    return list(typer.main.get_command(app).commands)  # type: ignore[attr-defined] # a group's


def test_the_app_of_a_command_has_that_command_alone() -> None:
    assert names(app_for(["collect", "course.toml"])) == ["collect"]
    assert names(app_for(["keys", "init"])) == ["keys"]


@pytest.mark.parametrize("words", [[], ["--help"], ["colect"], ["Keys"]])
def test_without_a_command_every_command_is_there(words: list[str]) -> None:
    assert names(app_for(words)) == names(whole_app())
    assert len(names(whole_app())) == 34


def test_a_mistyped_command_is_told_its_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["colect"]) == 2
    assert "Did you mean 'collect'" in capsys.readouterr().err


def test_what_is_listed_of_a_command_is_the_first_line_of_its_help() -> None:
    whole, listed = (typer.main.get_command(app) for app in (whole_app(), app_for([])))
    assert _lines(listed) == {name: line for name, line in _lines(whole).items() if " " not in name}
    for group in ("keys", "fetch", "forms", "hooks", "override", "mail", "export"):
        of_group = _lines(typer.main.get_command(app_for([group])))
        assert of_group == {
            name: line for name, line in _lines(whole).items() if name.split()[0] == group
        }


def _lines(command: Any, above: str = "") -> dict[str, str]:  # noqa: ANN401  # typer's own click
    found = {}
    for name, each in command.commands.items():
        found[f"{above}{name}"] = each.get_short_help_str(limit=1000)
        if hasattr(each, "commands"):
            found |= _lines(each, f"{above}{name} ")
    return found


@pytest.mark.parametrize("group", [["keys"], ["--", "keys"]])
def test_a_group_has_the_command_that_is_called_alone(group: list[str]) -> None:
    called = typer.main.get_command(app_for([*group, "list", "--json"]))
    assert [*_lines(called)] == ["keys", "keys list"]
    after_all_options = typer.main.get_command(app_for([*group, "--", "list"]))
    assert _lines(after_all_options) == _lines(called)


def test_a_command_is_made_once_however_often_it_is_run() -> None:
    for words in (["due"], ["keys", "list"], ["keys"], ["colect"]):
        made = command_for(words)
        assert command_for(["--", *words]) is command_for([*words, "--json"]) is made
        assert list(made.commands) == names(app_for(words))
    assert command_for(["colect"]) is command_for(["Keys"]) is command_for([])
    assert command_for(["keys", "list"]) is not command_for(["keys", "sign"])


def test_what_is_only_listed_does_not_look_done_when_it_is_run() -> None:
    with pytest.raises(NotImplementedError):
        typer.main.get_command(app_for(["--help"])).commands["decide"].callback()  # type: ignore[attr-defined] # a group's


def test_a_command_seldom_seeks_garbage_and_leaves_its_seeking_as_it_was(tmp_path: Path) -> None:
    before, sought = gc.get_threshold(), []

    def note(phase: str, _: object) -> None:
        sought.append(phase)

    gc.set_threshold(700, 10, 10)
    gc.callbacks.append(note)
    try:
        assert main(["init", str(tmp_path / "office")]) == 0
        assert gc.get_threshold() == (700, 10, 10)
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)
    assert sought.count("start") <= 6


def test_a_process_that_ends_seeks_no_garbage_among_what_it_loaded() -> None:
    program = (
        "import atexit, gc; from cecert.cli import main; "
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000)); main(['--version'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "True"


# What is loaded

LIBRARIES = {
    "PIL", "aiohttp", "aiosmtpd", "aiosmtplib", "asn1crypto", "cryptography", "defusedxml",
    "fontTools", "jinja2", "openpyxl", "pydantic", "pyhanko", "pypdf", "pypdfium2", "qrcode",
    "rapidfuzz", "rich", "sqlalchemy", "tomlkit", "uharfbuzz", "xlwt", "zxingcpp",
    "asyncio", "http",
}  # fmt: skip
"""What takes long to load: of the project's dependencies, and of Python's own library."""

DRAWING = {"PIL", "fontTools", "qrcode", "uharfbuzz"}
KEPT = {"asyncio", "sqlalchemy"}


def loaded(*words: str) -> set[str]:
    """Run a command by itself, and return what it loaded."""
    program = (
        "import sys; from cecert.cli import main; status = main(sys.argv[1:]); "
        "print(*sys.modules, file=sys.stderr); assert status in {0, 3}, status"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return {*done.stderr.splitlines()[-1].split()}


def own(modules: Collection[str]) -> set[str]:
    return {each for each in modules if each.partition(".")[0] == "cecert"}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["keys"], ["keys", "--help"]])
def test_listing_commands_loads_none_of_them(words: list[str]) -> None:
    program = (
        "import sys; from cecert.cli import main; main(sys.argv[1:]); "
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], check=True, capture_output=True, text=True
    )
    modules = {*done.stderr.splitlines()[-1].split()}
    assert {each for each in own(modules) if "office" in each or "workflows" in each} == set()
    assert modules & LIBRARIES <= {"pydantic"}  # which typer reads the options of a group with
    assert len(own(modules)) <= 22
    assert len(modules) <= 350  # of which Python has 50 and typer 100 before anything is done


def _one_of_each_module() -> list[str]:
    groups = [("", _COMMANDS), *((f"{name} ", commands) for name, (_, commands) in _GROUPS.items())]
    places = {
        place.partition(".")[0]: f"{above}{name}"
        for above, commands in groups
        for name, place in commands.items()
    }
    del places["keys"]  # its options are few, and its own words come from the office's
    return sorted(places.values())


HELPED = """
import os, sys
from cecert.cli import main

for command in sys.argv[1:]:
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0, command
        continue
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    assert main([*command.split(), "--help"]) == 0
    print(command, *sys.modules, sep="\t", file=sys.stderr, flush=True)
    os._exit(0)
"""
"""Asks each command for its help in a process that has only just come to `main`."""


def test_the_help_of_a_command_loads_nothing_that_it_works_with() -> None:
    commands = _one_of_each_module()
    done = subprocess.run(
        [sys.executable, "-c", HELPED, *commands], check=True, capture_output=True, text=True
    )
    asked = [each.split("\t") for each in done.stderr.splitlines()]
    assert [command for command, *_ in asked] == commands
    for command, *modules in asked:
        assert {*modules} & LIBRARIES - {"asyncio"} == {"pydantic"}, command  # typer's
        assert not [each for each in modules if each.startswith("cecert.office")], command
        assert len(own(modules)) <= 65, command


AFAR = "--offline --trust keys/trust.cose"


@pytest.mark.parametrize(
    ("words", "libraries", "most"),
    [
        ("decide course.toml", {"jinja2", "pydantic"}, 134),
        ("inspect report.csv", {"pydantic"}, 135),
        ("lint", {"asn1crypto", "cryptography", "pydantic", *DRAWING}, 208),
        ("lint course.toml", {"asn1crypto", "cryptography", "jinja2", "pydantic", *DRAWING}, 218),
        ("status", {"cryptography", "pydantic", *KEPT}, 139),
        ("show {id}", {"pydantic", *KEPT}, 157),
        ("keys list", {"asn1crypto", "cryptography", "pydantic"}, 151),
        ("export ledger", {"pydantic", *KEPT}, 152),
        # In its own office the ledger is asked; elsewhere a trust file is all there is.
        ("verify {link} --offline", {"cryptography", "http", "pydantic", *KEPT}, 203),
        (f"verify {{link}} {AFAR}", {"cryptography", "http", "pydantic"}, 115),
        (f"verify {{file}} {AFAR}", {"cryptography", "http", "pydantic"}, 115),
        (
            "issue course.toml",
            {"asn1crypto", "cryptography", "jinja2", "pydantic", *DRAWING, *KEPT},
            344,
        ),
    ],
)
def test_a_command_loads_what_it_works_with(
    issued_office: Path, words: str, libraries: set[str], most: int
) -> None:
    (issued_office / "report.csv").write_text(
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
        "Ana Ruiz,ana@x.test,10/22/2020 09:00:00 AM,10/22/2020 12:00:00 PM,180,Yes\n"
    )
    with Office.open(issued_office / "cecert.toml") as office:
        entry = next(iter(office.ledger.entries()))
    about = {
        "id": entry.certificate.id,
        "link": entry.certificate.token_url,
        "file": f"certificates/{entry.document}",
    }
    modules = loaded(*words.format(**about).split())
    assert modules & LIBRARIES == libraries
    assert len(own(modules)) <= most


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"cecert {project['project']['version']}\n"
    assert cecert.__version__ == project["project"]["version"]
