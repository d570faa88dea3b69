"""What a person sees at a terminal: rules, bars and questions, through a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

import pytest

from cecert.cli import main
from cecert.cli._options import open_office
from cecert.cli._output import progress_bar, table
from cecert.office import Office


@dataclass
class Terminal:
    """A pseudo-terminal that stands for this process's standard streams."""

    person: int

    def typed(self, text: str) -> None:
        os.write(self.person, text.encode())

    def shown(self) -> str:
        """Return what is on the screen, without colours and movements of the cursor."""
        sys.stdout.flush()
        sys.stderr.flush()
        screen = b""
        while select.select([self.person], [], [], 0.2)[0]:
            screen += os.read(self.person, 65_536)
        return plain(screen)


def plain(screen: bytes) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", screen.decode())


def stream(descriptor: int, mode: str) -> TextIOWrapper:
    return TextIOWrapper(os.fdopen(os.dup(descriptor), mode), encoding="utf-8", line_buffering=True)


@contextmanager
def at_terminal() -> Iterator[Terminal]:
    """Let this process talk to a terminal. Not a fixture: pytest sets the streams after those."""
    person, program = pty.openpty()
    streams = {"stdin": "rb", "stdout": "wb", "stderr": "wb"}
    opened = {name: stream(program, mode) for name, mode in streams.items()}
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TERM", "xterm")
        patched.setenv("COLUMNS", "100")
        for name, each in opened.items():
            patched.setattr(sys, name, each)
        yield Terminal(person)
    for each in opened.values():
        each.close()
    os.close(program)
    os.close(person)


def test_a_table_is_ruled_and_square_brackets_in_a_name_stay() -> None:
    with at_terminal() as terminal:
        table(("name", "outcome"), [("Ana [red]Ruiz[/red]", "award"), ("=1+1", "\x1b[2Jgone")])
        screen = terminal.shown()
        header, rule, row, formula = screen.splitlines()
    assert header.split() == ["name", "┃", "outcome"]
    assert set(rule) == {"━", "╇"}
    assert row.split() == ["Ana", "[red]Ruiz[/red]", "│", "award"]
    assert formula.split() == ["'=1+1", "│", "\N{REPLACEMENT CHARACTER}[2Jgone"]


def test_a_long_table_has_its_headers_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecert.cli._output.PAGE", 2)
    with at_terminal() as terminal:
        table(("number",), ([str(number)] for number in range(5)))
        words = [line.strip() for line in terminal.shown().splitlines()]
    ruled = "━━━━━━━━"
    pages = [["number", ruled, "0", "1"], ["number", ruled, "2", "3"], ["number", ruled, "4"]]
    assert words == [each for page in pages for each in page]


def test_a_bar_says_how_far_the_work_is() -> None:
    with at_terminal() as terminal:
        with progress_bar("issuing") as progress:
            progress.advance(3, 12)
        assert progress.done == 3
        assert re.search(r"issuing ━.* 3/12", terminal.shown())


def test_deliver_asks_before_it_sends_and_no_sends_nothing(issued_office: Path) -> None:
    with at_terminal() as terminal:
        terminal.typed("n\n")
        assert main(["deliver"]) == 130
        shown = terminal.shown()
        assert "send 5 mails now? [y/N]: " in shown
        assert shown.endswith("cecert: stopped; nothing was done\n")
    with Office.open(issued_office / "cecert.toml") as office:
        assert {row.state_word for row in office.outbox.rows()} == {"queued"}


def test_a_passphrase_is_asked_for_and_not_shown(issued_office: Path) -> None:
    # In a process of its own: a passphrase is read from the controlling terminal.
    person, program = pty.openpty()
    environ = {name: value for name, value in os.environ.items() if name[:7] != "CECERT_"}
    command = [sys.executable, "-m", "cecert", "issue", "course.toml", "completions.csv"]
    run = subprocess.Popen(
        command, cwd=issued_office, env=environ, start_new_session=True,
        stdin=program, stdout=subprocess.DEVNULL, stderr=program,
    )  # fmt: skip
    os.close(program)
    screen = b""
    while b"passphrase of the keys: " not in screen:
        screen += os.read(person, 1024)
    os.write(person, b"correct horse battery\n")
    while b"already issued" not in screen:
        screen += os.read(person, 1024)
    assert run.wait(30) == 0
    os.close(person)
    assert "correct horse" not in plain(screen)
    assert "cecert: 0 issued, 2 denied, 5 already issued" in plain(screen)


def test_nobody_is_asked_where_there_is_no_terminal(
    issued_office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
    config = str(issued_office / "cecert.toml")
    assert main(["issue", "course.toml", "completions.csv", "-c", config]) == 2
    assert "error: the keys need their passphrase" in capsys.readouterr().err


def test_by_comes_before_the_environment_and_the_environment_before_the_user(
    issued_office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = issued_office / "cecert.toml"
    assert open_office(config, "Bo").actor == "Bo"
    assert open_office(config).actor == "Mary"
    monkeypatch.delenv("CECERT_ACTOR")
    monkeypatch.setenv("LOGNAME", "ada")
    assert open_office(config).actor == "ada"


def test_a_user_without_a_name_acts_as_a_number(
    issued_office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CECERT_ACTOR", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54_321)  # as in a container that has no such user
    assert open_office(issued_office / "cecert.toml").actor == "uid 54321"
