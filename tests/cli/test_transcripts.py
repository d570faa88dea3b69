"""Runs the transcripts beside this file: what a person types, and what cecert answers.

A transcript has blocks of

    $ a command (cecert ..., or one of the small helpers below)
    what it prints on stdout
    2> what it says on stderr
    [exit status, where it is not 0]

`...` stands for any text within a line, a line of `...` for any number of lines. Lines
that begin with `#` are for the reader.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cecert.cli import main

TRANSCRIPTS = sorted(Path(__file__).parent.glob("transcripts/*.txt"))
EXPORTED = (
    "CECERT_KEY_PASSPHRASE",
    "CECERT_ROOT_PASSPHRASE",
    "CECERT_SMTP_HOST",
    "CECERT_SMTP_PORT",
)


@dataclass(frozen=True)
class Block:
    """One command and what is expected of it."""

    command: str
    stdout: tuple[str, ...]
    stderr: tuple[str, ...]
    status: int


def blocks_of(text: str) -> Iterator[Block]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *lines = part.rstrip("\n").split("\n")
        lines = [each for each in lines if not each.startswith("#")]
        while lines and not lines[-1]:
            lines.pop()
        status = 0
        if lines and (found := re.fullmatch(r"\[exit (\d+)\]", lines[-1])):
            status = int(found[1])
            lines.pop()
        errors = tuple(each[3:] for each in lines if each.startswith("2> "))
        yield Block(command, tuple(e for e in lines if not e.startswith("2> ")), errors, status)


def pattern_of(lines: tuple[str, ...]) -> str:
    parts = [
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in lines
    ]
    return "".join(parts)


def write(path: str, *words: str) -> int:
    Path(path).write_text(" ".join(words).encode().decode("unicode_escape"), "utf-8")
    return 0


def append(path: str, *words: str) -> int:
    with Path(path).open("a", encoding="utf-8") as stream:
        stream.write(" ".join(words) + "\n")
    return 0


def replace(path: str, old: str, new: str) -> int:
    text = Path(path).read_text("utf-8")
    assert old in text, f"{old!r} is not in {path}"
    Path(path).write_text(text.replace(old, new), "utf-8")
    return 0


def listing(folder: str) -> int:
    for each in sorted(Path(folder).rglob("*")):
        print(each)
    return 0


def chdir(folder: str) -> int:
    os.chdir(folder)
    return 0


def setenv(name: str, value: str) -> int:
    assert name in EXPORTED
    os.environ[name] = value
    return 0


def copy(source: str, target: str) -> int:
    shutil.copy(source, target)
    return 0


def modes(*paths: str) -> int:
    for path in paths:
        print(f"{Path(path).stat().st_mode & 0o777:o} {path}")
    return 0


def flip(path: str, position: str) -> int:
    content = bytearray(Path(path).read_bytes())
    content[int(position)] ^= 1
    Path(path).write_bytes(bytes(content))
    return 0


HELPERS: dict[str, Callable[..., int]] = {
    "write": write, "append": append, "replace": replace, "list": listing, "cd": chdir,
    "export": setenv, "cp": copy, "modes": modes, "flip": flip,
}  # fmt: skip


def expanded(words: list[str]) -> Iterator[str]:
    for word in words:
        found = sorted(map(str, Path().glob(word))) if "*" in word else []
        yield from found or [word]


def perform(command: str) -> int:
    name, *words = shlex.split(command)
    if name == "cecert":
        return main(list(expanded(words)))
    return HELPERS[name](*expanded(words))


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_transcript_is_what_happens(
    transcript: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith("CECERT_")]:
        monkeypatch.delenv(name)
    for name in EXPORTED:  # so that what a transcript exports is taken back
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("CECERT_ACTOR", "Mary")
    for block in blocks_of(transcript.read_text("utf-8")):
        status = perform(block.command)
        captured = capsys.readouterr()
        shown = f"$ {block.command}\n{captured.out}--- stderr\n{captured.err}--- exit {status}"
        if status != block.status:
            pytest.fail(f"exit {block.status} is written\n{shown}")
        if not re.fullmatch(pattern_of(block.stdout), captured.out):
            pytest.fail(f"stdout is not as written\n{shown}")
        if not re.fullmatch(pattern_of(block.stderr), captured.err):
            pytest.fail(f"stderr is not as written\n{shown}")


def test_there_are_transcripts() -> None:
    assert TRANSCRIPTS
