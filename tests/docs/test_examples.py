"""The README's sessions, the examples and the pages of the documentation are true."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cecert.cli import main

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_the_sessions_of_the_readme_run() -> None:
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried > 10
    assert failed == 0


def test_the_sessions_of_the_readme_are_typed(tmp_path: Path) -> None:
    # As one program, in the order a reader types them.
    sessions = doctest.DocTestParser().get_examples((ROOT / "README.md").read_text("utf-8"))
    program = tmp_path / "readme.py"
    program.write_text("".join(each.source for each in sessions), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(program)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "Success: no issues found in 1 source file\n")


def test_every_example_is_run_here() -> None:
    tests = Path(__file__).read_text("utf-8")
    examples = sorted(path.name for path in (ROOT / "examples").glob("*.py"))
    assert len(examples) > 1
    ran = [each for each in examples if f'run("examples/{each}"' in tests]
    # It serves until it is stopped, so tests/office/test_service.py asks it.
    assert {*examples} - {*ran} == {"service.py"}


def test_the_example_in_memory_runs() -> None:
    assert run("examples/decide_and_issue.py").splitlines() == [
        "Dana Whitfield: The CE fee is still open. Once it is paid, your certificate will follow.",
        "Ana Ruiz: VALID_STATUS_UNKNOWN",
        "Zoë Þórsdóttir: VALID_STATUS_UNKNOWN",
    ]


def test_the_example_with_an_office_runs(tmp_path: Path) -> None:
    assert run("examples/embed_an_office.py", str(tmp_path / "office")).splitlines() == [
        "issued to Nguyễn Thị Ánh Tuyết",
        "1 sent",
        "tuyet@participants.test holds VALID_STATUS_UNKNOWN",
    ]


TENANTS = [
    "Ana Ruiz: Massachusetts, social work, 3 CE hours", "smith: issued",
    "1 sent, VALID_STATUS_UNKNOWN",
    "Ana Ruiz: Massachusetts, social work, 3 CE hours", "jones: issued",
    "1 sent, VALID_STATUS_UNKNOWN",
    "Ana Ruiz: Massachusetts, social work, 3 CE hours", "smith: already",
    "1 certificate, 1 file", "1 certificate, 1 file",
]  # fmt: skip
"""What `examples/tenant.py` says, wherever ledger and keys are (tests/interop/test_tenants.py)."""


def test_the_example_of_two_tenants_without_files_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    assert run("examples/tenant.py", url).splitlines() == TENANTS
    # Beside it lie the locks by which several runs over one list know of each other.
    assert {each.name for each in tmp_path.glob("[!.]*")} == {"ledger.db"}


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    commands = re.findall(r"^## cecert (.+)$", text, flags=re.MULTILINE)
    assert len(commands) > 10
    for command in commands:
        assert main([*command.split(), "--help"]) == 0
        shown = capsys.readouterr().out
        assert re.search(r"^  [A-Z].+", shown.partition("\n\n")[2]), command


def test_no_page_names_a_host_of_a_registry_or_a_path_of_a_machine() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("requirements/*")]
    named = [p.name for p in pages if re.search(r"pypi\.org|/root/|/work/|/home/", p.read_text())]
    assert named == []
